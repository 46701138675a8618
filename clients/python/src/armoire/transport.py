"""Calls over a gRPC channel, blocking and asyncio, with deadlines and retries.

Both transports send bytes and hand the reply's bytes to the call's own parser, so what a call means is
written once, in `calls`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import grpc
import grpc.aio

from armoire.retries import RetryPolicy
from armoire.status import CallFailure, error_from_failure

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

MAX_MESSAGE_BYTES = 64 * 2**20
"""As the server has it."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """One remote call: where it goes, what it sends, how its reply reads, whether it may be repeated."""

    path: str
    request: bytes
    parse: Callable[[bytes], T_co]
    repeatable: bool


class Attempts:
    """Counts the tries of one call against its deadline."""

    def __init__(self, address: str, path: str, policy: RetryPolicy, timeout_s: float) -> None:
        if timeout_s <= 0:
            raise ValueError(f"timeout_s must be above 0, not {timeout_s}")
        self._address = address
        self._path = path
        self._policy = policy
        self._deadline_s = time.monotonic() + timeout_s
        self._made = 0

    def remaining_s(self) -> float:
        return self._deadline_s - time.monotonic()

    def restart(self) -> None:
        """Counts from the first try again: the last one got somewhere."""
        self._made = 0

    def wait_s(self, failure: grpc.RpcError, *, repeatable: bool) -> float:
        """Seconds to wait before the next try.

        Raises:
            ArmoireError: there is no next try.
        """
        self._made += 1
        error = error_from_failure(cast(CallFailure, failure), self._address, self._path)
        wait_s = self._policy.backoff_s(self._made, error) if repeatable else None
        if wait_s is None or wait_s >= self.remaining_s():
            raise error from None
        return wait_s


class BlockingTransport:
    """A channel whose calls block."""

    def __init__(self, address: str, policy: RetryPolicy) -> None:
        self.address = address
        self._policy = policy
        self._channel = grpc.insecure_channel(address, options=channel_options(address))

    def run(self, call: Call[T], timeout_s: float) -> T:
        attempts = Attempts(self.address, call.path, self._policy, timeout_s)
        send = self._channel.unary_unary(call.path, None, None)
        while True:
            try:
                return call.parse(send(call.request, timeout=attempts.remaining_s()))
            except grpc.RpcError as failure:
                wait_s = attempts.wait_s(failure, repeatable=call.repeatable)
            time.sleep(wait_s)

    def stream(self, call: Call[T], timeout_s: float) -> Iterator[T]:
        """The replies as they come; a stream that breaks is opened again, and what it repeats is left out."""
        attempts = Attempts(self.address, call.path, self._policy, timeout_s)
        open_stream = self._channel.unary_stream(call.path, None, None)
        last = None
        while True:
            replies = open_stream(call.request, timeout=attempts.remaining_s())
            try:
                for reply in replies:
                    if reply != last:
                        last = reply
                        attempts.restart()
                        yield call.parse(reply)
                return
            except grpc.RpcError as failure:
                wait_s = attempts.wait_s(failure, repeatable=call.repeatable)
            finally:
                replies.cancel()  # type: ignore[no-untyped-call]
            time.sleep(wait_s)

    def close(self) -> None:
        self._channel.close()


class AsyncioTransport:
    """A channel whose calls are awaited."""

    def __init__(self, address: str, policy: RetryPolicy) -> None:
        self.address = address
        self._policy = policy
        self._channel = grpc.aio.insecure_channel(address, options=channel_options(address))

    async def run(self, call: Call[T], timeout_s: float) -> T:
        attempts = Attempts(self.address, call.path, self._policy, timeout_s)
        send = self._channel.unary_unary(call.path, None, None)
        while True:
            try:
                return call.parse(await send(call.request, timeout=attempts.remaining_s()))
            except grpc.RpcError as failure:
                wait_s = attempts.wait_s(failure, repeatable=call.repeatable)
            await asyncio.sleep(wait_s)

    async def stream(self, call: Call[T], timeout_s: float) -> AsyncIterator[T]:
        """The replies as they come; a stream that breaks is opened again, and what it repeats is left out."""
        attempts = Attempts(self.address, call.path, self._policy, timeout_s)
        open_stream = self._channel.unary_stream(call.path, None, None)
        last = None
        while True:
            replies = open_stream(call.request, timeout=attempts.remaining_s())
            try:
                async for reply in replies:
                    if reply != last:
                        last = reply
                        attempts.restart()
                        yield call.parse(reply)
                return
            except grpc.RpcError as failure:
                wait_s = attempts.wait_s(failure, repeatable=call.repeatable)
            finally:
                replies.cancel()
            await asyncio.sleep(wait_s)

    async def close(self) -> None:
        await self._channel.close(None)


def channel_options(address: str) -> list[tuple[str, int | str]]:
    """What every channel to `address` is opened with."""
    return [
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
        ("grpc.primary_user_agent", "armoire-client"),
        # A proxy set for the web has no business between two programs of one machine.
        ("grpc.enable_http_proxy", 0 if _is_loopback(address) else 1),
    ]


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    return host in ("localhost", "::1") or host.startswith("127.")
