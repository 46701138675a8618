"""HTTP twins of Analyze and Search: the same messages as JSON, or a photo as a multipart form.

`POST /v1/analyze` and `POST /v1/search` take either the request message in proto3 JSON (bytes in base64), or
`multipart/form-data` with the photo in a part named `image` (several for analyze) and the message's other
fields as form fields of the same name, messages and lists as JSON.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import error_details_pb2  # noqa: F401  (its types must be known to render them as JSON)
from google.rpc.code_pb2 import Code
from google.rpc.status_pb2 import Status
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from armoire.v1 import catalog_pb2, inference_pb2
from domain.errors import InvalidInput
from services.calls import CURRENT_CALL, Call
from services.edge.interceptors import REQUEST_ID_KEY, Admission, CallObserver, error_status

M = TypeVar("M", bound=Message)

HTTP_STATUS: Mapping[int, int] = {
    Code.INVALID_ARGUMENT: 400,
    Code.FAILED_PRECONDITION: 400,
    Code.UNAUTHENTICATED: 401,
    Code.PERMISSION_DENIED: 403,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.ABORTED: 409,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.UNIMPLEMENTED: 501,
    Code.UNAVAILABLE: 503,
    Code.DEADLINE_EXCEEDED: 504,
}
"""The rest are 500. Source: google/rpc/code.proto."""


class HttpBackend(Protocol):
    """What the routes call."""

    @property
    def admission(self) -> Admission: ...

    @property
    def observe(self) -> CallObserver: ...

    @property
    def max_message_bytes(self) -> int: ...

    async def analyze(self, request: inference_pb2.AnalyzeRequest, /) -> Message: ...

    async def search(self, request: catalog_pb2.SearchRequest, /) -> Message: ...


def build_http_app(backend: Callable[[], HttpBackend]) -> Starlette:
    """The routes; `backend` is asked at every request, because routes exist before the server has started."""
    twins = HttpTwins(backend)
    return Starlette(
        routes=[
            Route("/v1/analyze", twins.analyze, methods=["POST"]),
            Route("/v1/search", twins.search, methods=["POST"]),
        ]
    )


class HttpTwins:
    """Parse, call what gRPC calls, render."""

    def __init__(self, backend: Callable[[], HttpBackend]) -> None:
        self._backend = backend

    async def analyze(self, request: Request) -> JSONResponse:
        async def serve(backend: HttpBackend) -> Message:
            message = await _read(
                request, inference_pb2.AnalyzeRequest, _add_photo, backend.max_message_bytes
            )
            return await backend.analyze(message)

        return await self._respond(request, serve)

    async def search(self, request: Request) -> JSONResponse:
        async def serve(backend: HttpBackend) -> Message:
            message = await _read(request, catalog_pb2.SearchRequest, _set_photo, backend.max_message_bytes)
            return await backend.search(message)

        return await self._respond(request, serve)

    async def _respond(
        self, request: Request, serve: Callable[[HttpBackend], Awaitable[Message]]
    ) -> JSONResponse:
        started = time.monotonic()
        backend = self._backend()
        request_id = uuid.uuid4().hex
        CURRENT_CALL.set(Call(request_id))
        try:
            with backend.admission:
                body, code = _rendered(await serve(backend)), Code.OK
        except Exception as error:
            status = error_status(error)
            body, code = {"error": _error_body(status)}, status.code
        backend.observe(request.url.path, Code.Name(code), time.monotonic() - started)
        http_status = 200 if code == Code.OK else HTTP_STATUS.get(code, 500)
        return JSONResponse(body, http_status, headers={REQUEST_ID_KEY: request_id})


async def _read(
    request: Request, kind: type[M], place_photo: Callable[[M, bytes], None], max_bytes: int
) -> M:
    request = _limited(request, max_bytes)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/form-data":
        return await _read_form(request, kind, place_photo)
    if content_type == "application/json":
        return _parse(kind, await request.body())
    raise InvalidInput(
        "content-type", f"must be multipart/form-data or application/json, got {content_type!r}"
    )


def _limited(request: Request, max_bytes: int) -> Request:
    """The request, whose body ends in InvalidInput once it outgrows the limit, declared or not."""
    seen = 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > max_bytes:
            raise InvalidInput("body", f"must be at most {max_bytes} bytes")
        return message

    return Request(request.scope, receive)


async def _read_form(request: Request, kind: type[M], place_photo: Callable[[M, bytes], None]) -> M:
    photos: list[bytes] = []
    fields: dict[str, Any] = {}
    try:
        async with request.form(max_part_size=2**20) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    photos.append(await value.read())
                else:
                    fields[name] = _field_value(kind.DESCRIPTOR, name, value)
    except HTTPException as error:
        raise InvalidInput("body", f"is not a form: {error.detail}") from error
    message = _parse(kind, json.dumps(fields).encode())
    for photo in photos:
        place_photo(message, photo)
    return message


def _field_value(message: Any, name: str, text: str) -> Any:
    """A string field takes the text as it is; any other is JSON where it reads as JSON."""
    field = message.fields_by_name.get(name)
    if field is not None and field.cpp_type == field.CPPTYPE_STRING and not field.is_repeated:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _parse(kind: type[M], body: bytes) -> M:
    try:
        return json_format.Parse(body, kind())
    except (json_format.ParseError, UnicodeDecodeError) as error:
        raise InvalidInput("body", f"is not a {kind.DESCRIPTOR.full_name} in JSON: {error}") from error


def _add_photo(message: inference_pb2.AnalyzeRequest, photo: bytes) -> None:
    message.images.add(content=photo)


def _set_photo(message: catalog_pb2.SearchRequest, photo: bytes) -> None:
    message.image.content = photo


def _rendered(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return body


def _error_body(status: Status) -> dict[str, Any]:
    return {**_rendered(status), "status": Code.Name(status.code)}
