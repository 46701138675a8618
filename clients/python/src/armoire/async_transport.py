"""Calls over a gRPC channel that are awaited, with deadlines and retries.

The transport sends bytes and hands the reply's bytes to the call's own parser, so what a call means is
written once, in `calls`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any, TypeAlias, TypeVar, cast

import grpc
import grpc.aio

from armoire.call import Call
from armoire.channel import MAX_MESSAGE_BYTES, channel_options, channel_target, is_balanced
from armoire.errors import ArmoireError, InvalidInput, Unavailable
from armoire.retries import Attempts, RetryPolicy
from armoire.sending import send_photo
from armoire.status import BROKEN, CallFailure, error_from_failure
from armoire.tracing import traced
from armoire.values.uploads import UploadTarget

T = TypeVar("T")
Metadata: TypeAlias = tuple[tuple[str, str], ...]

LOST_STATUS = "Internal error from Core"
"""What grpc.aio says of a stream that the server ended during a write; the server's own status is lost."""


class AsyncTransport:
    """A channel whose calls are awaited; encrypted where there are credentials."""

    def __init__(
        self,
        address: str,
        policy: RetryPolicy,
        credentials: grpc.ChannelCredentials | None = None,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
    ) -> None:
        self.address = address
        self.policy = policy
        self._max_message_bytes = max_message_bytes
        self._balanced = is_balanced(address)
        target, options = channel_target(address), channel_options(address, max_message_bytes)
        if credentials is None:
            self._channel = grpc.aio.insecure_channel(target, options=options)
        else:
            self._channel = grpc.aio.secure_channel(target, credentials, options=options)

    async def run(self, call: Call[T], timeout_s: float, metadata: Metadata = ()) -> T:
        attempts = Attempts(self.address, call.path, self.policy, timeout_s)
        send = self._channel.unary_unary(call.path, None, None)
        while True:
            try:
                reply = await send(
                    call.request,
                    timeout=attempts.remaining_s(),
                    metadata=traced(metadata),
                    # What may not be sent twice waits for one of several servers, and is then sent once.
                    wait_for_ready=self._balanced and not call.repeatable,
                )
                return call.parse(reply)
            except grpc.RpcError as failure:
                wait_s = attempts.wait_s(failure, repeatable=call.repeatable)
            await asyncio.sleep(wait_s)

    async def send_photo(
        self, target: UploadTarget, content: bytes, timeout_s: float, tls: ssl.SSLContext | None
    ) -> None:
        """Sends the bytes of an upload to its URL."""
        await asyncio.to_thread(send_photo, target, content, timeout_s, self.policy, tls)

    async def stream(self, call: Call[T], timeout_s: float, metadata: Metadata = ()) -> AsyncIterator[T]:
        """The replies as they come; a stream that breaks is opened again, and what it repeats is left out."""
        attempts = Attempts(self.address, call.path, self.policy, timeout_s)
        open_stream = self._channel.unary_stream(call.path, None, None)
        last = None
        while True:
            remaining_s = attempts.remaining_s()
            replies = open_stream(call.request, timeout=remaining_s, metadata=traced(metadata))
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

    def exchange(self, path: str, requests: AsyncIterator[bytes], metadata: Metadata = ()) -> Any:
        """A stream of requests and replies: gRPC's call, which can be iterated and cancelled."""
        return self._channel.stream_stream(path, None, None)(requests, metadata=traced(metadata))

    async def collect(
        self, path: str, requests: AsyncIterator[bytes], timeout_s: float, metadata: Metadata = ()
    ) -> bytes:
        """The one reply to a stream of requests. Raises grpc.RpcError."""
        send = self._channel.stream_unary(path, None, None)
        reply: bytes = await send(requests, timeout=timeout_s, metadata=traced(metadata))
        return reply

    def error_of(self, failure: grpc.RpcError, path: str) -> ArmoireError:
        """The error of a failed stream of requests."""
        error = error_from_failure(cast(CallFailure, failure), self.address, path)
        if error.message == LOST_STATUS:
            error = Unavailable(f"the stream to {self.address} broke", code="UNAVAILABLE", reason=BROKEN)
        return error

    def check_size(self, request: bytes) -> None:
        """Raises InvalidInput where a request of a stream is too large, which would break the stream."""
        if len(request) > self._max_message_bytes:
            raise InvalidInput(
                f"too much for one message: {len(request)} bytes, larger than max {self._max_message_bytes}",
                code="INVALID_ARGUMENT",
                reason="MESSAGE_TOO_LARGE",
            )

    async def close(self) -> None:
        await self._channel.close(None)
