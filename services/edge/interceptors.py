"""Begins and ends the calls over gRPC; health and reflection are not counted, admitted or refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import DecodeError
from google.rpc.status_pb2 import Status

from domain.errors import InvalidInput, MessageTooLarge
from services.edge.answer_room import answer_too_large
from services.edge.calls import REQUEST_ID_KEY, ActiveCall, Calls
from services.edge.hosted_service import UnknownMethod
from services.edge.status import error_status

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Encode: TypeAlias = Callable[[Any], bytes]

UNCOUNTED = (
    "/grpc.health.v1.Health/",
    "/grpc.reflection.",
    "/inference.GRPCInferenceService/ServerLive",
    "/inference.GRPCInferenceService/ServerReady",
    "/inference.GRPCInferenceService/ModelReady",
)
"""Probes, which must answer while all other calls are refused."""


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Stands for a request that was not decoded, and says why."""

    error: InvalidInput


class CallInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Wraps the methods of all services, whatever streams they have.

    One interceptor does all that happens around a call, because each wrapper costs every call a coroutine.
    """

    def __init__(self, calls: Calls, max_message_bytes: int) -> None:
        self._calls = calls
        self._max_message_bytes = max_message_bytes

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
        serve, wrap, new_handler = self._wrapping(handler)
        streaming = handler.request_streaming or handler.response_streaming
        decoded = self._decoded_stream if handler.request_streaming else _decoded
        encode = _encoder(handler.response_serializer, self._max_message_bytes)
        wrapped: Handler = new_handler(
            wrap(serve, decoded, encode, details, streaming),
            _decoder(handler.request_deserializer, self._max_message_bytes),
            None,
        )
        return wrapped

    def _probe(self, handler: Handler) -> Handler:
        """Only what cannot be decoded is refused."""
        if handler.request_streaming or handler.response_streaming:
            return handler
        serve: Any = handler.unary_unary

        async def answer(request: Any, context: Context) -> Any:
            if isinstance(request, Undecodable):
                await _abort_with(context, error_status(request.error))
            return await serve(request, context)

        decode = _decoder(handler.request_deserializer, self._max_message_bytes)
        return grpc.unary_unary_rpc_method_handler(answer, decode, handler.response_serializer)

    def _wrapping(self, handler: Handler) -> tuple[Any, Any, Any]:
        """The handler's function, what wraps it, and what makes a handler of the wrapped one."""
        if handler.unary_unary:
            return handler.unary_unary, self._single, grpc.unary_unary_rpc_method_handler
        if handler.unary_stream:
            return handler.unary_stream, self._stream, grpc.unary_stream_rpc_method_handler
        if handler.stream_unary:
            return handler.stream_unary, self._single, grpc.stream_unary_rpc_method_handler
        return handler.stream_stream, self._stream, grpc.stream_stream_rpc_method_handler

    def _single(
        self, serve: Any, decoded: Any, encode: Encode, details: grpc.HandlerCallDetails, streaming: bool
    ) -> Any:
        """Wrap a method with one response; the wrapped one returns it encoded."""
        admission = self._calls.admission_of(streaming)

        async def serve_single(request: Any, context: Context) -> Any:
            call = self._begin(details, context)
            try:
                await call.authorize()
                with admission.acquire():
                    response = encode(await serve(decoded(request), context))
            except asyncio.CancelledError:
                call.cancel()
                raise
            except Exception as error:
                await _abort(context, call, call.fail(error))
            call.succeed()
            return response

        return serve_single

    def _stream(
        self, serve: Any, decoded: Any, encode: Encode, details: grpc.HandlerCallDetails, streaming: bool
    ) -> Any:
        """Wrap a method with a stream of responses; the wrapped one yields them encoded."""
        admission = self._calls.admission_of(streaming)

        async def serve_stream(request: Any, context: Context) -> AsyncIterator[Any]:
            call = self._begin(details, context)
            try:
                await call.authorize()
                with admission.acquire():
                    async with aclosing(serve(decoded(request), context)) as responses:
                        async for response in responses:
                            yield encode(response)
            except (asyncio.CancelledError, GeneratorExit):
                call.cancel()
                raise
            except Exception as error:
                await _abort(context, call, call.fail(error))
            call.succeed()

        return serve_stream

    async def _decoded_stream(self, requests: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
        async with aclosing(self._calls.until_drained(requests)) as read:
            async for request in read:
                yield _decoded(request)

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


def _decoder(decode: Callable[[bytes], Any] | None, max_bytes: int) -> Callable[[bytes], Any] | None:
    """Wrap `decode_message` to return `Undecodable` on errors, which gRPC would report as UNKNOWN."""
    if decode is None:
        return None

    def decode_or_mark(data: bytes) -> Any:
        if len(data) > max_bytes:
            return Undecodable(MessageTooLarge(max_bytes))
        try:
            return decode(data)
        except InvalidInput as error:
            return Undecodable(error)
        except DecodeError as error:  # of services that are not the application's
            return Undecodable(InvalidInput("request", f"is not a valid message of this call: {error}"))

    return decode_or_mark


def _encoder(encode: Encode | None, max_bytes: int) -> Encode:
    """Wrap a serializer to raise InvalidInput on what gRPC would refuse for its size without a reason."""

    def encode_within(response: Any) -> bytes:
        data: bytes = response if encode is None else encode(response)
        if len(data) > max_bytes:
            raise answer_too_large("request", len(data), max_bytes)
        return data

    return encode_within


def _decoded(request: Any) -> Any:
    if isinstance(request, Undecodable):
        raise request.error
    return request


_CODE_BY_NUMBER: dict[int, grpc.StatusCode] = {code.value[0]: code for code in grpc.StatusCode}
