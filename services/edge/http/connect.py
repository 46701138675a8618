"""Every method of the hosted services over the Connect protocol: binary, JSON, and gRPC-Web."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, TypeVar

from connectrpc.code import Code
from connectrpc.codec import Codec
from connectrpc.errors import ConnectError
from connectrpc.interceptor import MetadataInterceptor
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from domain.errors import ArmoireError, InvalidInput
from services.edge.calls import REQUEST_ID_KEY, ActiveCall, Calls
from services.edge.hosted_service import HostedMethod, HostedService
from services.edge.http.call_requests import is_safe
from services.edge.http.connect_errors import code_number, connect_error, error_headers, explained
from services.edge.http.json_request import parse_body
from services.edge.http.options import HttpBackend, HttpOptions
from services.edge.status import status_to_proto

M = TypeVar("M", bound=Message)
Context = RequestContext[Any, Any]


class ConnectApp(ConnectASGIApplication[Sequence[HostedService]]):
    """An ASGI app with a path for each method, such as /armoire.v1.CatalogService/Search."""

    path = "/"

    def __init__(self, backend: HttpBackend, options: HttpOptions) -> None:
        super().__init__(
            service=backend.services,
            endpoints=lambda services: endpoints(services, backend.calls),
            interceptors=[BeginCall(backend.calls, options.deadline_s, backend.max_message_bytes)],
            read_max_bytes=backend.max_message_bytes,
            codecs=[BinaryCodec(), JsonCodec()],
        )


def endpoints(services: Sequence[HostedService], calls: Calls) -> Mapping[str, Any]:
    """The endpoint of each method by its path."""
    methods = [method for service in services for method in service.methods()]
    return {method.path: _endpoint(method, calls) for method in methods}


def _endpoint(method: HostedMethod, calls: Calls) -> Any:
    descriptor = method.descriptor
    client, server = descriptor.client_streaming, descriptor.server_streaming
    admission = calls.admission_of(client or server)
    read = calls.until_drained if client else _read

    async def respond(request: Any, _: Context) -> Message:
        with admission.acquire():
            response: Message = await method.function(read(request), None)
            return response

    async def stream(request: Any, _: Context) -> AsyncIterator[Message]:
        with admission.acquire():
            async with aclosing(method.function(read(request), None)) as responses:
                async for response in responses:
                    yield response

    make = {
        (False, False): Endpoint.unary,
        (False, True): Endpoint.server_stream,
        (True, False): Endpoint.client_stream,
        (True, True): Endpoint.bidi_stream,
    }[client, server]
    return make(_method_info(method), stream if server else respond)  # type: ignore[operator]


def _read(request: Any) -> Any:
    """The request of a call that has one."""
    return request


def _method_info(method: HostedMethod) -> MethodInfo[Any, Any]:
    descriptor = method.descriptor
    client, server = descriptor.client_streaming, descriptor.server_streaming
    safe = IdempotencyLevel.NO_SIDE_EFFECTS
    return MethodInfo(
        name=descriptor.name,
        service_name=descriptor.containing_service.full_name,
        input=method.request_class,
        output=method.response_class,
        idempotency_level=safe if is_safe(descriptor) else IdempotencyLevel.UNKNOWN,
        stream_type={
            (False, False): StreamType.UNARY,
            (False, True): StreamType.SERVER_STREAM,
            (True, False): StreamType.CLIENT_STREAM,
            (True, True): StreamType.BIDI_STREAM,
        }[client, server],
    )


class BeginCall(MetadataInterceptor[ActiveCall]):
    """Begins each call before its body is read, and ends it."""

    def __init__(self, calls: Calls, deadline_s: float, max_message_bytes: int) -> None:
        self._calls = calls
        self._deadline_s = deadline_s
        self._max_message_bytes = max_message_bytes

    async def on_start(self, ctx: Context) -> ActiveCall:
        method = ctx.method
        timeout_ms, streams = ctx.timeout_ms, method.stream_type is not StreamType.UNARY
        default_s = None if streams else self._deadline_s
        remaining_s = default_s if timeout_ms is None else timeout_ms / 1e3
        given = ctx.request_headers.get(REQUEST_ID_KEY)
        call = self._calls.begin(f"/{method.service_name}/{method.name}", given, remaining_s)
        ctx.response_headers[REQUEST_ID_KEY] = call.request_id
        return call

    async def on_end(self, token: ActiveCall, ctx: Context, error: Exception | None, /) -> None:
        """Raises ConnectError for any other error."""
        if error is None:
            token.succeed()
            return
        if isinstance(error, ConnectError):
            if error.details or error.code is Code.CANCELED:
                token.end(code_number(error))
                return
            error = explained(error, self._max_message_bytes)
        status = token.fail(error)
        for name, value in error_headers(error, status).items():
            ctx.response_headers[name] = value
        raise connect_error(status) from error


class BinaryCodec(Codec[Message, Any]):
    """Protocol Buffers' binary format, by google.protobuf."""

    def name(self) -> str:
        return "proto"

    def encode(self, message: Message) -> bytes:
        return message.SerializeToString()

    def decode(self, data: bytes | bytearray, message_class: type[M]) -> M:
        try:
            return message_class.FromString(bytes(data))
        except DecodeError as error:
            problem = InvalidInput("request", f"is not a valid message of this call: {error}")
            raise connect_error(status_to_proto(problem)) from error


class JsonCodec(Codec[Message, Any]):
    """Proto3 JSON. A request is checked more closely than by protobuf: see `json_request`."""

    def name(self) -> str:
        return "json"

    def encode(self, message: Message) -> bytes:
        return json_format.MessageToJson(message, indent=None).encode()

    def decode(self, data: bytes | bytearray, message_class: type[M]) -> M:
        try:
            return parse_body(message_class, bytes(data))
        except ArmoireError as error:
            raise connect_error(status_to_proto(error)) from error
