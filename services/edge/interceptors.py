"""Begins and ends the calls over gRPC; health and reflection are not counted, admitted or refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import DecodeError
from google.rpc.status_pb2 import Status

from domain.errors import InvalidInput, MessageTooLarge
from services.edge.admission import Admission
from services.edge.answer_room import answer_too_large
from services.edge.calls import REQUEST_ID_KEY, ActiveCall, Calls
from services.edge.decoding import LARGE_BYTES
from services.edge.grpc_connections import GrpcConnections
from services.edge.hosted_service import UnknownMethod
from services.edge.http.bodies import BodyTooSlow
from services.edge.status import error_status

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Encode: TypeAlias = Callable[[Any], bytes]
Read: TypeAlias = Callable[[Any, Context], Awaitable[Any]]

UNCOUNTED = (
    "/grpc.health.v1.Health/",
    "/grpc.reflection.",
    "/inference.GRPCInferenceService/ServerLive",
    "/inference.GRPCInferenceService/ServerReady",
    "/inference.GRPCInferenceService/ModelReady",
)
"""Probes, which must answer while all other calls are refused."""


@dataclass(frozen=True, slots=True)
class CallOptions:
    """The limits of calls over gRPC.

    Attributes:
        max_message_bytes: of a request or response.
        message_s: how long the request of a call may take to arrive; those of streams may take any time.
        answer_s: how long a caller may take to read an answer, after which its connection is closed.
        stream_answer_s: the same for each answer of a stream.
    """

    max_message_bytes: int = 32 * 2**20
    message_s: float = 60.0
    answer_s: float = 60.0
    stream_answer_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Stands for a request that was not decoded, and says why."""

    error: InvalidInput


class CallInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Wraps the methods of all services, whatever streams they have.

    One interceptor does all that happens around a call, because each wrapper costs every call a coroutine.
    """

    def __init__(self, calls: Calls, options: CallOptions, connections: GrpcConnections) -> None:
        self._calls = calls
        self._options = options
        self._connections = connections

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        details: grpc.HandlerCallDetails,
    ) -> Handler:
        handler = await continuation(details)
        if handler is None:
            return _unknown_method(details.method)
        if details.method.startswith(UNCOUNTED):
            return self._probe(handler)
        serve: Any = (
            handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        )
        if handler.unary_stream:
            serve = self._watch(serve)
        read = self._messages if handler.request_streaming else self._message
        read = partial(read, _Decoder(handler.request_deserializer, self._options.max_message_bytes))
        encode = _encoder(handler.response_serializer, self._options.max_message_bytes)
        admission = self._calls.admission_of(handler.request_streaming or handler.response_streaming)
        # Handlers of streams are started before a message is there, so that it comes after authorization.
        if handler.response_streaming:
            streamed = self._stream(serve, read, encode, details, admission)
            return grpc.stream_stream_rpc_method_handler(streamed)
        return grpc.stream_unary_rpc_method_handler(self._single(serve, read, encode, details, admission))

    def _probe(self, handler: Handler) -> Handler:
        """Only what cannot be decoded is refused."""
        if handler.request_streaming or handler.response_streaming:
            return handler
        serve: Any = handler.unary_unary

        async def answer(request: Any, context: Context) -> Any:
            if isinstance(request, Undecodable):
                await _abort_with(context, error_status(request.error))
            return await serve(request, context)

        decode = _marking(_Decoder(handler.request_deserializer, self._options.max_message_bytes))
        return grpc.unary_unary_rpc_method_handler(answer, decode, handler.response_serializer)

    def _watch(self, serve: Any) -> Any:
        """A method that watches for as long as its caller wants: it ends at once when the server drains."""
        return lambda request, context: self._calls.watched(serve(request, context))

    def _single(
        self, serve: Any, read: Read, encode: Encode, details: grpc.HandlerCallDetails, admission: Admission
    ) -> Any:
        """Wrap a method with one response; the wrapped one returns it encoded."""

        async def serve_single(requests: Any, context: Context) -> Any:
            call, peer = self._begin(details, context), context.peer()
            try:
                with self._connections.calling(peer):
                    await call.authorize()
                    request = await read(requests, context)
                    with admission.acquire():
                        response = encode(await serve(request, context))
            except asyncio.CancelledError:
                call.cancel()
                raise
            except Exception as error:
                await _abort(context, call, call.fail(error))
            call.succeed()
            self._connections.close_unless_taken(peer, self._options.answer_s)
            return response

        return serve_single

    def _stream(
        self, serve: Any, read: Read, encode: Encode, details: grpc.HandlerCallDetails, admission: Admission
    ) -> Any:
        """Wrap a method with a stream of responses; the wrapped one yields them encoded."""

        async def serve_stream(requests: Any, context: Context) -> AsyncIterator[Any]:
            call, peer = self._begin(details, context), context.peer()
            try:
                with self._connections.calling(peer):
                    await call.authorize()
                    request = await read(requests, context)
                    with admission.acquire():
                        async with aclosing(serve(request, context)) as responses:
                            async for response in responses:
                                data = encode(response)
                                with self._connections.closing_late(peer, self._options.stream_answer_s):
                                    yield data
            except (asyncio.CancelledError, GeneratorExit):
                call.cancel()
                raise
            except Exception as error:
                await _abort(context, call, call.fail(error))
            call.succeed()

        return serve_stream

    async def _message(self, decoder: _Decoder, requests: Any, context: Context) -> Any:
        """The only request of a call. Raises InvalidInput, or BodyTooSlow."""
        try:
            async with asyncio.timeout(self._options.message_s):
                data = await context.read()
        except TimeoutError as error:
            raise BodyTooSlow(f"request: must arrive within {self._options.message_s:g} s") from error
        if data is grpc.aio.EOF:  # type: ignore[attr-defined]
            raise InvalidInput("request", "is missing")
        return await decoder.decode(data)

    async def _messages(self, decoder: _Decoder, requests: Any, context: Context) -> Any:
        return self._decoded_stream(decoder, requests)

    async def _decoded_stream(
        self, decoder: _Decoder, requests: AsyncIterator[bytes]
    ) -> AsyncGenerator[Any, None]:
        async with aclosing(self._calls.requests(requests)) as read:
            async for data in read:
                yield await decoder.decode(data)

    def _begin(self, details: grpc.HandlerCallDetails, context: Context) -> ActiveCall:
        sent: dict[str, Any] = dict(details.invocation_metadata or ())
        call = self._calls.begin(details.method, sent, context.time_remaining(), "grpc")
        context.set_trailing_metadata(((REQUEST_ID_KEY, call.request_id),))
        return call


async def _abort(context: Context, call: ActiveCall, status: Status) -> None:
    """Raises grpc.aio.AbortError."""
    await _abort_with(context, status, (REQUEST_ID_KEY, call.request_id))


async def _abort_with(context: Context, status: Status, *trailing: tuple[str, str]) -> None:
    details = ("grpc-status-details-bin", status.SerializeToString())
    await context.abort(_CODE_BY_NUMBER[status.code], status.message, (*trailing, details))


def _unknown_method(path: str) -> Handler:
    """Refuses a call that no service has. It is not counted: callers may make up any number of paths."""

    async def refuse(_requests: Any, context: Context) -> None:
        await _abort_with(context, error_status(UnknownMethod(path)))

    return grpc.stream_stream_rpc_method_handler(refuse)


@dataclass(frozen=True, slots=True)
class _Decoder:
    """Decodes the messages of a method, large ones on a thread."""

    deserialize: Callable[[bytes], Any] | None
    max_bytes: int

    def decode_here(self, data: bytes) -> Any:
        """Raises InvalidInput."""
        if len(data) > self.max_bytes:
            raise MessageTooLarge(self.max_bytes)
        try:
            return data if self.deserialize is None else self.deserialize(data)
        except DecodeError as error:  # of services that are not the application's
            raise InvalidInput("request", f"is not a valid message of this call: {error}") from error

    async def decode(self, data: bytes) -> Any:
        """Raises InvalidInput."""
        if len(data) > LARGE_BYTES:
            return await asyncio.to_thread(self.decode_here, data)
        return self.decode_here(data)


def _marking(decoder: _Decoder) -> Callable[[bytes], Any]:
    """Return `Undecodable` on errors, which gRPC would report as UNKNOWN."""

    def decode_or_mark(data: bytes) -> Any:
        try:
            return decoder.decode_here(data)
        except InvalidInput as error:
            return Undecodable(error)

    return decode_or_mark


def _encoder(encode: Encode | None, max_bytes: int) -> Encode:
    """Wrap a serializer to raise InvalidInput on what gRPC would refuse for its size without a reason."""

    def encode_within(response: Any) -> bytes:
        data: bytes = response if encode is None else encode(response)
        if len(data) > max_bytes:
            raise answer_too_large("request", len(data), max_bytes)
        return data

    return encode_within


_CODE_BY_NUMBER: dict[int, grpc.StatusCode] = {code.value[0]: code for code in grpc.StatusCode}
