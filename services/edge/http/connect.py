"""Every method of the hosted services over the Connect protocol: binary, JSON, and gRPC-Web."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from connectrpc.code import Code
from connectrpc.codec import Codec
from connectrpc.compression.gzip import GzipCompression
from connectrpc.errors import ConnectError
from connectrpc.interceptor import MetadataInterceptor
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf import json_format
from google.protobuf.message import Message

from domain.errors import ArmoireError, InvalidInput
from services.edge.calls import REQUEST_ID_KEY, ActiveCall, Calls
from services.edge.decoding import LARGE_BYTES, decode_message
from services.edge.hosted_service import HostedMethod, HostedService
from services.edge.http.call_requests import is_safe
from services.edge.http.connect_errors import code_number, connect_error, error_headers, explained
from services.edge.http.json_request import parse_body
from services.edge.http.options import HttpBackend, HttpOptions
from services.edge.status import status_to_proto

Context = RequestContext[Any, Any]
Encode: TypeAlias = Callable[[Message], bytes]

SMALL_JSON_BYTES = 2**14
"""Larger messages are converted from and to JSON on a thread, so that other calls go on."""
MAX_COMPRESSED_BYTES = 2**20
GZIP_WINDOW = 31
"""Source: zlib's manual, inflateInit2."""


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
            compressions=[BoundedGzip()],
        )


def endpoints(services: Sequence[HostedService], calls: Calls) -> Mapping[str, Any]:
    """The endpoint of each method by its path."""
    methods = [method for service in services for method in service.methods()]
    return {method.path: _endpoint(method, calls) for method in methods}


def _endpoint(method: HostedMethod, calls: Calls) -> Any:
    descriptor = method.descriptor
    client, server = descriptor.client_streaming, descriptor.server_streaming
    admission = calls.admission_of(client or server)

    async def respond(request: Any, _: Context) -> EncodedResponse:
        format = _Format()
        with admission.acquire():
            read = _stream(request, calls, format) if client else await _message(request, format)
            return await format.encoded(await method.function(read, None))

    async def stream(request: Any, _: Context) -> AsyncIterator[EncodedResponse]:
        format = _Format()
        with admission.acquire():
            read = _stream(request, calls, format) if client else await _message(request, format)
            served = method.function(read, None)
            async with aclosing(served if client else calls.watched(served)) as responses:
                async for response in responses:
                    yield await format.encoded(response)

    make = {
        (False, False): Endpoint.unary,
        (False, True): Endpoint.server_stream,
        (True, False): Endpoint.client_stream,
        (True, True): Endpoint.bidi_stream,
    }[client, server]
    return make(_method_info(method), stream if server else respond)  # type: ignore[operator]


@dataclass(slots=True)
class _Format:
    """The format of a call's messages, which its first request tells."""

    encode: Encode = Message.SerializeToString
    threaded: bool = False

    async def encoded(self, response: Message) -> EncodedResponse:
        if self.threaded and response.ByteSize() > SMALL_JSON_BYTES:
            return EncodedResponse(await asyncio.to_thread(self.encode, response))
        return EncodedResponse(self.encode(response))


async def _message(request: EncodedRequest, format: _Format) -> Message:
    """Decode a request. Raises InvalidInput."""
    format.encode, format.threaded = request.encode, request.threaded
    if request.size > (SMALL_JSON_BYTES if request.threaded else LARGE_BYTES):
        return await asyncio.to_thread(request.decode)
    return request.decode()


async def _stream(requests: Any, calls: Calls, format: _Format) -> AsyncGenerator[Message, None]:
    async with aclosing(calls.requests(requests)) as read:
        async for request in read:
            yield await _message(request, format)


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
        path = f"/{method.service_name}/{method.name}"
        call = self._calls.begin(path, ctx.request_headers, remaining_s, "connectrpc")
        ctx.response_headers[REQUEST_ID_KEY] = call.request_id
        try:
            await call.authorize()
        except ArmoireError as error:
            raise self._failed(call, ctx, error) from error
        return call

    async def on_end(self, token: ActiveCall, ctx: Context, error: Exception | None, /) -> None:
        """Raises ConnectError for any other error."""
        if error is None:
            token.succeed()
            return
        if isinstance(error, ConnectError):
            if error.details or error.code is Code.CANCELED:
                # The codecs' errors come with details.
                reason = "CANCELLED" if error.code is Code.CANCELED else InvalidInput.reason
                token.end(code_number(error), reason)
                return
            error = explained(error, self._max_message_bytes)
        raise self._failed(token, ctx, error) from error

    def _failed(self, call: ActiveCall, ctx: Context, error: Exception) -> ConnectError:
        """End the call; returns the error for its caller."""
        status = call.fail(error)
        for name, value in error_headers(error, status).items():
            ctx.response_headers[name] = value
        return connect_error(status)


@dataclass(frozen=True, slots=True)
class EncodedRequest:
    """A request as it came. The library's codecs run on the event loop, so they leave the decoding to later.

    Attributes:
        threaded: whether messages of the format are converted on a thread from `SMALL_JSON_BYTES` on.
    """

    size: int
    decode: Callable[[], Message]
    encode: Encode
    threaded: bool


@dataclass(frozen=True, slots=True)
class EncodedResponse:
    """A response in the format of its request."""

    content: bytes


class BinaryCodec(Codec[EncodedResponse, Any]):
    """Protocol Buffers' binary format, by google.protobuf."""

    def name(self) -> str:
        return "proto"

    def encode(self, message: EncodedResponse) -> bytes:
        return message.content

    def decode(self, data: bytes | bytearray, message_class: type[Any]) -> EncodedRequest:
        decode = partial(decode_message, message_class, bytes(data))
        return EncodedRequest(len(data), decode, message_class.SerializeToString, threaded=False)


class JsonCodec(Codec[EncodedResponse, Any]):
    """Proto3 JSON. A request is checked more closely than by protobuf: see `json_request`."""

    def name(self) -> str:
        return "json"

    def encode(self, message: EncodedResponse) -> bytes:
        return message.content

    def decode(self, data: bytes | bytearray, message_class: type[Any]) -> EncodedRequest:
        decode = partial(parse_body, message_class, bytes(data))
        return EncodedRequest(len(data), decode, _json, threaded=True)


def _json(message: Message) -> bytes:
    return json_format.MessageToJson(message, indent=None).encode()


class BoundedGzip(GzipCompression):
    """Compresses and decompresses little, because the library does it on the event loop.

    Larger responses are stored in the format without compression; larger requests are refused.
    """

    def compress(self, data: bytes | bytearray | memoryview) -> bytes:
        return gzip.compress(data, compresslevel=1 if len(data) <= MAX_COMPRESSED_BYTES else 0, mtime=0)

    def decompress(self, data: bytes | bytearray | memoryview, read_max_bytes: int | None = None) -> bytes:
        """Raises ConnectError, or zlib.error, for which the library answers invalid_argument."""
        stream = zlib.decompressobj(wbits=GZIP_WINDOW)
        content = stream.decompress(data, MAX_COMPRESSED_BYTES)
        if stream.eof and not stream.unused_data:
            return content
        text = f"a compressed message must be one gzip stream of at most {MAX_COMPRESSED_BYTES} bytes"
        raise connect_error(status_to_proto(InvalidInput("body", text)))
