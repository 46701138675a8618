"""What happens around every call: request id, principal, admission, deadline, error mapping, metrics, log.

One interceptor does all of it in this order, because each wrapper costs every call a coroutine.
Calls of health checks and reflection are not intercepted.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import grpc
from google.protobuf.message import DecodeError
from google.rpc.status_pb2 import Status

from domain.calls import CURRENT_CALL, Call
from domain.errors import InvalidInput, Overloaded
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.edge.failure_log import FailureLog
from services.inference.batching.retry_after import DrainRate, RetryAfter

REQUEST_ID_KEY = "x-request-id"

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class CallObserver(Protocol):
    """Receives the method, status name and seconds of every finished call."""

    def __call__(self, method: str, status: str, seconds: float, /) -> None: ...


def current_principal() -> Principal:
    """The caller of the call that this task serves."""
    return CURRENT_CALL.get().principal


def current_request_id() -> str:
    """The id of the call that this task serves."""
    return CURRENT_CALL.get().request_id


class Admission:
    """Gives out at most `max_calls` permits at a time; further calls are refused at once, not queued.

    `kind` names what is limited, for the error message.
    """

    def __init__(
        self, max_calls: int, kind: str = "calls", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_calls = max_calls
        self._kind = kind
        self._running = 0
        self._drain_rate = DrainRate(max_calls, clock)
        self._retry_after = RetryAfter(self._drain_rate, clock)

    @contextmanager
    def acquire(self) -> Iterator[None]:
        """Hold a permit for one call. Raises Overloaded where all are held."""
        if self._running >= self._max_calls:
            raise Overloaded(
                f"the limit of {self._max_calls} {self._kind} at a time is reached; try again shortly",
                retry_after_s=self._retry_after.reserve(),
                metadata={f"max_concurrent_{self._kind}": str(self._max_calls)},
            )
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._drain_rate.observe()
            if self._running < self._max_calls / 2:
                self._drain_rate.reset()


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A request whose bytes could not be decoded as its message."""

    problem: str


class CallInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Wraps the methods of our own services.

    Streams, such as watched jobs, mostly wait, so they have a separate admission.
    """

    def __init__(
        self,
        admission: Admission,
        observe: CallObserver,
        *,
        streams: Admission,
        failures: FailureLog,
        prefix: str = "/armoire.",
    ) -> None:
        self._admission = admission
        self._streams = streams
        self._observe = observe
        self._failures = failures
        self._prefix = prefix

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        details: grpc.HandlerCallDetails,
    ) -> Handler:
        handler = await continuation(details)
        if handler is None or not details.method.startswith(self._prefix):
            return handler
        if handler.unary_unary:
            return grpc.unary_unary_rpc_method_handler(
                self._unary(handler.unary_unary, details),
                _decoder(handler.request_deserializer),
                handler.response_serializer,
            )
        return grpc.unary_stream_rpc_method_handler(
            self._stream(handler.unary_stream, details),
            _decoder(handler.request_deserializer),
            handler.response_serializer,
        )

    def _unary(self, serve: Any, details: grpc.HandlerCallDetails) -> Any:
        async def serve_unary(request: Any, context: Context) -> Any:
            started = self._begin(details, context)
            try:
                with self._admission.acquire():
                    response = await serve(_decoded(request), context)
            except asyncio.CancelledError:
                self._observe(details.method, "CANCELLED", time.monotonic() - started)
                raise
            except Exception as error:
                await self._fail(error, details.method, started, context)
            self._observe(details.method, "OK", time.monotonic() - started)
            return response

        return serve_unary

    def _stream(self, serve: Any, details: grpc.HandlerCallDetails) -> Any:
        async def serve_stream(request: Any, context: Context) -> AsyncIterator[Any]:
            started = self._begin(details, context)
            try:
                with self._streams.acquire():
                    async for response in serve(_decoded(request), context):
                        yield response
            except (asyncio.CancelledError, GeneratorExit):
                self._observe(details.method, "CANCELLED", time.monotonic() - started)
                raise
            except Exception as error:
                await self._fail(error, details.method, started, context)
            self._observe(details.method, "OK", time.monotonic() - started)

        return serve_stream

    @staticmethod
    def _begin(details: grpc.HandlerCallDetails, context: Context) -> float:
        now = time.monotonic()
        request_id = _request_id(details)
        remaining = context.time_remaining()
        deadline = None if remaining is None else now + remaining
        CURRENT_CALL.set(Call(request_id, DEFAULT_PRINCIPAL, deadline))
        context.set_trailing_metadata(((REQUEST_ID_KEY, request_id),))
        return now

    async def _fail(self, error: Exception, method: str, started: float, context: Context) -> None:
        status = self._failures.status_of(error)
        self._observe(method, _code(status).name, time.monotonic() - started)
        trailing = (
            (REQUEST_ID_KEY, current_request_id()),
            ("grpc-status-details-bin", status.SerializeToString()),
        )
        await context.abort(_code(status), status.message, trailing)


def sane_request_id(given: object) -> str:
    """The caller's id if it is 1 to 64 ASCII word characters, dots, colons or hyphens; else a new one."""
    if isinstance(given, str) and re.fullmatch(r"[\w.:-]{1,64}", given, re.ASCII):
        return given
    return uuid.uuid4().hex


def _request_id(details: grpc.HandlerCallDetails) -> str:
    given = (value for key, value in details.invocation_metadata or () if key == REQUEST_ID_KEY)
    return sane_request_id(next(given, None))


def _decoder(decode: Callable[[bytes], Any] | None) -> Callable[[bytes], Any] | None:
    """Wrap a decoder to return `Undecodable` on errors, which gRPC would report as UNKNOWN."""
    if decode is None:
        return None

    def decode_or_mark(data: bytes) -> Any:
        try:
            return decode(data)
        except DecodeError as error:
            return Undecodable(str(error))

    return decode_or_mark


def _decoded(request: Any) -> Any:
    if isinstance(request, Undecodable):
        raise InvalidInput("request", f"is not a valid message of this call: {request.problem}")
    return request


def _code(status: Status) -> grpc.StatusCode:
    return _CODE_BY_NUMBER[status.code]


_CODE_BY_NUMBER: dict[int, grpc.StatusCode] = {code.value[0]: code for code in grpc.StatusCode}
