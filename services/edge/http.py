"""HTTP gateway for Analyze and Search: the same messages as JSON, or a photo as a multipart form.

`POST /v1/analyze` and `POST /v1/search` take either the request message in proto3 JSON (bytes in base64), or
`multipart/form-data` with the photo in a part named `image` (several for analyze) and the message's other
fields as form fields of the same name, messages and lists as JSON.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import error_details_pb2  # noqa: F401  (its types must be known to render them as JSON)
from google.rpc.code_pb2 import Code
from google.rpc.status_pb2 import Status
from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from armoire.v1 import inference_pb2, search_pb2
from domain.calls import CURRENT_CALL, Call
from domain.errors import DeadlineExceeded, InvalidInput, Overloaded, Unavailable
from services.edge.failure_log import FailureLog
from services.edge.interceptors import REQUEST_ID_KEY, Admission, CallObserver, sane_request_id
from services.edge.json_request import field_takes_text, load_json, parse_body, parse_fields

M = TypeVar("M", bound=Message)

SetPhotos: TypeAlias = Callable[[M, Sequence[bytes]], None]
PHOTO_PART = "image"

HTTP_STATUS: Mapping[int, int] = {
    Code.INVALID_ARGUMENT: 400,
    Code.FAILED_PRECONDITION: 400,
    Code.UNAUTHENTICATED: 401,
    Code.PERMISSION_DENIED: 403,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.ABORTED: 409,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.CANCELLED: 499,
    Code.UNIMPLEMENTED: 501,
    Code.UNAVAILABLE: 503,
    Code.DEADLINE_EXCEEDED: 504,
}
"""HTTP status by gRPC code; other codes become 500. Source: google/rpc/code.proto."""


class HttpBackend(Protocol):
    """The server, as the routes use it."""

    @property
    def admission(self) -> Admission: ...

    @property
    def observe(self) -> CallObserver: ...

    @property
    def max_message_bytes(self) -> int: ...

    async def analyze(self, request: inference_pb2.AnalyzeRequest, /) -> Message: ...

    async def search(self, request: search_pb2.SearchRequest, /) -> Message: ...


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """Attributes:
    max_reading: how many request bodies may be read at a time.
    read_timeout_s: how long a body may take to arrive.
    deadline_s: how long a call may take after its body has arrived.
    """

    max_reading: int = 32
    read_timeout_s: float = 15.0
    deadline_s: float = 60.0


class BodyTooSlow(DeadlineExceeded):
    """The body did not arrive in time."""

    reason = "BODY_TOO_SLOW"


def build_http_app(backend: Callable[[], HttpBackend], options: HttpOptions = HttpOptions()) -> Starlette:
    """Build the app. Each request calls `backend`, because the app exists before the server has started."""
    gateway = HttpGateway(backend, options)
    return Starlette(
        routes=[
            Route("/", list_routes),
            Route("/v1/analyze", gateway.analyze, methods=["POST"]),
            Route("/v1/search", gateway.search, methods=["POST"]),
        ]
    )


async def list_routes(_: Request) -> JSONResponse:
    """List the routes. This replaces BentoML's page, which loads scripts from other hosts."""
    return JSONResponse(
        {
            "server": "armoire",
            "routes": ["POST /v1/analyze", "POST /v1/search", "GET /readyz", "GET /livez", "GET /metrics"],
        }
    )


class HttpGateway:
    """Reads a request, acquires a permit, calls the servicer and renders the reply as JSON.

    The permit is acquired after the body has arrived, so that slow uploads hold none.
    """

    def __init__(self, backend: Callable[[], HttpBackend], options: HttpOptions) -> None:
        self._backend = backend
        self._options = options
        self._reading = Admission(options.max_reading, "uploads")
        self._failures = FailureLog()

    async def analyze(self, request: Request) -> JSONResponse:
        async def serve(backend: HttpBackend) -> Message:
            message = await self._read(
                request, inference_pb2.AnalyzeRequest, _add_photos, backend.max_message_bytes
            )
            with backend.admission.acquire():
                return await backend.analyze(message)

        return await self._respond(request, serve)

    async def search(self, request: Request) -> JSONResponse:
        async def serve(backend: HttpBackend) -> Message:
            message = await self._read(
                request, search_pb2.SearchRequest, _set_photo, backend.max_message_bytes
            )
            with backend.admission.acquire():
                return await backend.search(message)

        return await self._respond(request, serve)

    async def _read(self, request: Request, kind: type[M], set_photos: SetPhotos[M], max_bytes: int) -> M:
        """Read the request's message. The call's deadline counts from its arrival."""
        with self._reading.acquire():
            try:
                async with asyncio.timeout(self._options.read_timeout_s):
                    message = await _read(_limited(request, max_bytes), kind, set_photos)
            except TimeoutError as error:
                raise BodyTooSlow(f"body: must arrive within {self._options.read_timeout_s:g} s") from error
        deadline = time.monotonic() + self._options.deadline_s
        CURRENT_CALL.set(replace(CURRENT_CALL.get(), deadline=deadline))
        return message

    async def _respond(
        self, request: Request, serve: Callable[[HttpBackend], Awaitable[Message]]
    ) -> JSONResponse:
        started = time.monotonic()
        backend = self._backend()
        request_id = sane_request_id(request.headers.get(REQUEST_ID_KEY))
        CURRENT_CALL.set(Call(request_id))
        headers = {REQUEST_ID_KEY: request_id}
        http_status = 200
        try:
            body, code = _rendered(await serve(backend)), Code.OK
        except asyncio.CancelledError:
            backend.observe(request.url.path, "CANCELLED", time.monotonic() - started)
            raise
        except ClientDisconnect:  # nobody receives the response
            body, code, http_status = {}, Code.CANCELLED, HTTP_STATUS[Code.CANCELLED]
        except Exception as error:
            status = self._failures.status_of(error)
            body, code = {"error": _error_body(status)}, status.code
            http_status = HTTP_STATUS.get(code, 500)
            if isinstance(error, Overloaded | Unavailable):
                headers["retry-after"] = str(math.ceil(error.retry_after_s))
            if isinstance(error, BodyTooSlow):
                http_status, headers["connection"] = 408, "close"
        backend.observe(request.url.path, Code.Name(code), time.monotonic() - started)
        return JSONResponse(body, http_status, headers=headers)


async def _read(request: Request, kind: type[M], set_photos: SetPhotos[M]) -> M:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/form-data":
        return await _read_form(request, kind, set_photos)
    if content_type == "application/json":
        return parse_body(kind, await request.body())
    raise InvalidInput(
        "content-type", f"must be multipart/form-data or application/json, got {content_type!r}"
    )


def _limited(request: Request, max_bytes: int) -> Request:
    """The request with a limit: reading more than `max_bytes` of its body raises InvalidInput."""
    seen = 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > max_bytes:
            raise InvalidInput("body", f"must be at most {max_bytes} bytes")
        return message

    return Request(request.scope, receive)


async def _read_form(request: Request, kind: type[M], set_photos: SetPhotos[M]) -> M:
    try:
        async with request.form(max_part_size=2**20) as form:
            photos = [await file.read() for file in _photo_files(form)]
            fields = _form_fields(form, kind)
    except HTTPException as error:
        raise InvalidInput("body", f"is not a valid multipart form: {error.detail}") from error
    message = parse_fields(kind, fields)
    set_photos(message, photos)
    return message


def _photo_files(form: FormData) -> list[UploadFile]:
    files = [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile)]
    for name, _ in files:
        if name != PHOTO_PART:
            raise InvalidInput(name, f"cannot be a file: photos go in parts named {PHOTO_PART}")
    return [file for _, file in files]


def _form_fields(form: FormData, kind: type[Message]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            continue
        if name in fields:
            raise InvalidInput(name, "is given twice")
        fields[name] = _field_value(kind, name, value)
    return fields


def _field_value(kind: type[Message], name: str, text: str) -> object:
    """Keep the text of a string field, parse messages and lists as JSON, pass on other values as text."""
    if field_takes_text(kind, name):
        return text
    if text.lstrip().startswith(("{", "[")):
        return load_json(name, text)
    return {"true": True, "false": False}.get(text, text)


def _add_photos(message: inference_pb2.AnalyzeRequest, photos: Sequence[bytes]) -> None:
    if photos and message.images:
        raise InvalidInput("images", f"cannot be combined with parts named {PHOTO_PART}")
    for photo in photos:
        message.images.add(content=photo)


def _set_photo(message: search_pb2.SearchRequest, photos: Sequence[bytes]) -> None:
    if not photos:
        return
    chosen = message.WhichOneof("query")
    if chosen is not None:
        raise InvalidInput(PHOTO_PART, f"cannot be combined with {chosen}: give one of the two")
    if len(photos) > 1:
        raise InvalidInput(PHOTO_PART, f"must be one photo, got {len(photos)}")
    message.image.content = photos[0]


def _rendered(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return body


def _error_body(status: Status) -> dict[str, Any]:
    return {**_rendered(status), "status": Code.Name(status.code)}
