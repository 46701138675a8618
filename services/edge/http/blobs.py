"""The route of links and uploads: a request with a valid signature is answered without a key.

A picture is sent whole or in part (Range), and not again to a browser that has it (If-None-Match). Browsers
may show it on any page, but never take it for anything else than a picture.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput
from domain.types import Principal
from services.edge.calls import REQUEST_ID_KEY, ActiveCall
from services.edge.hosted_service import UnknownMethod
from services.edge.http.call_requests import UnsupportedContentType, content_type
from services.edge.http.error_responses import error_response
from services.edge.http.options import HttpBackend
from services.edge.signed_blobs import LinkedPicture, OpenUpload

PATH = "/blobs/{path:path}"
METHODS = {"GET": "GET /blobs", "HEAD": "GET /blobs", "PUT": "PUT /blobs"}
"""What metrics and logs call the requests, by their verbs."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class RangeNotSatisfiable(InvalidInput):
    """The part that is asked for begins after the end of the picture."""

    reason = "RANGE_NOT_SATISFIABLE"
    http_status = 416

    def __init__(self, size_bytes: int) -> None:
        super().__init__("range", f"must begin before the end of the picture, which has {size_bytes} bytes")
        self.size_bytes = size_bytes


@dataclass(frozen=True, slots=True)
class BlobEndpoint:
    """An ASGI app that hands out the pictures of links, and takes those of uploads."""

    backend: Callable[[], HttpBackend]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        backend, request = self.backend(), Request(scope, receive)
        call = backend.calls.begin(METHODS[request.method], request.headers, None)
        begun = False

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            with backend.calls.admission_of(streaming=True).acquire():
                response = await self._response(backend, request)
                response.headers[REQUEST_ID_KEY] = call.request_id
                await response(scope, receive, send_noted)
        except (asyncio.CancelledError, ClientDisconnect) as error:
            call.cancel()
            if isinstance(error, asyncio.CancelledError):
                raise
        except Exception as error:
            failed = _failed(call, scope, error)
            if not begun:  # otherwise the connection ends before the length that was told
                await failed(scope, receive, send)
        else:
            call.succeed()

    async def _response(self, backend: HttpBackend, request: Request) -> Response:
        blobs, path, query = backend.signed_blobs, request.url.path, request.url.query
        if blobs is None:
            raise UnknownMethod(path)
        if request.method == "PUT":
            upload = await blobs.uploads.open(path, query)
            await _count(backend, upload.tenant_id)
            return await _uploaded(upload, request)
        picture = await blobs.links.open(path, query)
        await _count(backend, picture.tenant_id)
        return picture_response(picture, request.method, request.headers)


async def _count(backend: HttpBackend, tenant_id: str) -> None:
    """Count a request as a call of the tenant. Raises Overloaded."""
    CURRENT_CALL.set(replace(CURRENT_CALL.get(), principal=Principal(tenant_id)))
    await backend.calls.callers.rates.take(tenant_id)


async def _uploaded(upload: OpenUpload, request: Request) -> Response:
    """The response once all bytes are stored. Raises InvalidInput for what was not announced."""
    given = content_type(request.scope)
    if given != upload.media_type:
        raise UnsupportedContentType(given, [upload.media_type])
    length = request.headers.get("content-length", "")
    if length and length != str(upload.size_bytes):
        text = f"must be the {upload.size_bytes} bytes that were announced, got {length[:20]}"
        raise InvalidInput("content-length", text, reason="UPLOAD_MISMATCH")
    await upload.receive(request.stream())
    return Response(status_code=204)


def picture_response(picture: LinkedPicture, verb: str, headers: Mapping[str, str]) -> Response:
    """The response to a GET or HEAD. Source: RFC 9110, sections 13 and 14.

    Raises:
        RangeNotSatisfiable: the range begins after the end.
    """
    etag = f'"{picture.etag}"'
    own = {
        "etag": etag,
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-disposition": f'inline; filename="{picture.name}"',
        "cross-origin-resource-policy": "cross-origin",
    }
    if _names(headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=own)
    wanted = headers.get("range", "") if headers.get("if-range", etag) == etag else ""
    part = _range(wanted, picture.size_bytes)
    start, end = part or (0, picture.size_bytes)
    own |= {"content-type": picture.media_type, "content-length": str(end - start)}
    if part is not None:
        own["content-range"] = f"bytes {start}-{end - 1}/{picture.size_bytes}"
    status = 200 if part is None else 206
    if verb == "HEAD":
        return Response(status_code=status, headers=own)
    return _Pieces(picture.read(start, end), status, own)


class _Pieces(StreamingResponse):
    """Says of the last piece that it is the last one.

    StreamingResponse sends an empty message after it. A client that has all bytes may have hung up by then,
    and the request would end as a cancelled one, without a line in the access log.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        piece: str | bytes | memoryview = b""
        client = Request(scope, receive)
        async for following in self.body_iterator:
            if piece:
                if await client.is_disconnected():
                    raise ClientDisconnect
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = following
        await send({"type": "http.response.body", "body": piece, "more_body": False})


def _names(listed: str, etag: str) -> bool:
    """Whether a list of etags, which may be weak, has this one."""
    return listed.strip() == "*" or etag in {each.strip().removeprefix("W/") for each in listed.split(",")}


def _range(text: str, size_bytes: int) -> tuple[int, int] | None:
    """The start and the exclusive end of one range; None for the whole, also where there are several."""
    found = _RANGE.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    start = int(first) if first else max(size_bytes - int(last), 0)
    end = min(int(last) + 1, size_bytes) if first and last else size_bytes
    if start >= size_bytes:
        raise RangeNotSatisfiable(size_bytes)
    return (start, end) if start < end else None


def _failed(call: ActiveCall, scope: Scope, error: Exception) -> Response:
    headers = {"connection": "close"} if scope["method"] == "PUT" else {}  # the body may not have been read
    if isinstance(error, RangeNotSatisfiable):
        headers["content-range"] = f"bytes */{error.size_bytes}"
    response = error_response(scope["path"], error, call.fail(error), call.request_id, headers)
    response.headers[REQUEST_ID_KEY] = call.request_id
    return response
