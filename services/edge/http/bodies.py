"""Limits the bodies of requests: how many are read at a time, and how long one may take to arrive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import DeadlineExceeded, MessageTooLarge, Overloaded

GRACE_S = 1.0
"""How long a body may take before a newer one may have its place."""
SLOWER = "body: arrives more slowly than those of others, who wait for its place"


class BodyTooSlow(DeadlineExceeded):
    """The body did not arrive in time."""

    reason = "BODY_TOO_SLOW"


class Uploads:
    """The bodies that are being read. A body that comes in one piece is none of them.

    When there are `max_uploads`, a new one takes the place of the slowest that has been waited for during
    `GRACE_S`, so that callers who send a byte now and then do not keep out the others.
    """

    def __init__(self, max_uploads: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._max = max_uploads
        self._bodies: set[LimitedBody] = set()

    def begin(self, body: LimitedBody) -> None:
        """Raises Overloaded where there is no place and none can be made."""
        if len(self._bodies) >= self._max:
            late = [each for each in self._bodies if each.waited_s >= GRACE_S]
            if not late:
                raise Overloaded(
                    f"the limit of {self._max} uploads at a time is reached; try again shortly",
                    retry_after_s=GRACE_S,
                    metadata={"max_concurrent_uploads": str(self._max)},
                )
            slowest = min(late, key=lambda each: each.rate)
            self.end(slowest)
            slowest.give_up()
        self._bodies.add(body)

    def end(self, body: LimitedBody) -> None:
        self._bodies.discard(body)


class LimitedBodies:
    """Wraps an ASGI app; all apps of a gateway share `uploads`."""

    def __init__(self, app: ASGIApp, uploads: Uploads, timeout_s: float) -> None:
        self._app = app
        self._uploads = uploads
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = LimitedBody(receive, self._uploads, self._timeout_s)
        try:
            await self._app(scope, body, send)
        finally:
            self._uploads.end(body)


class LimitedBody:
    """The `receive` of one request.

    Only the waits for the body count towards its time, so that the messages of a stream may be read slowly.
    Once it is complete, calls wait for the caller to leave, without a time limit.
    """

    def __init__(self, receive: Receive, uploads: Uploads, timeout_s: float) -> None:
        self._receive = receive
        self._uploads = uploads
        self._timeout_s = timeout_s
        self._past_s = 0.0
        self._since: float | None = None
        self._wait: asyncio.Timeout | None = None
        self._bytes = 0
        self._begun = self._complete = self._given_up = False

    @property
    def waited_s(self) -> float:
        """How long the body has been waited for."""
        return self._past_s + (0.0 if self._since is None else self._uploads.clock() - self._since)

    @property
    def rate(self) -> float:
        """Bytes a second of waiting."""
        return self._bytes / self.waited_s

    def give_up(self) -> None:
        """Let the current wait, or the next, raise BodyTooSlow."""
        self._given_up = True
        if self._wait is not None:
            self._wait.reschedule(asyncio.get_running_loop().time())

    async def __call__(self) -> Message:
        """Raises Overloaded where too many bodies are read, BodyTooSlow where this one takes too long."""
        if self._complete:
            return await self._receive()
        message = await self._next()
        self._bytes += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._complete:
            self._uploads.end(self)
        elif not self._begun:
            self._uploads.begin(self)
            self._begun = True
        return message

    async def _next(self) -> Message:
        if self._given_up:
            raise BodyTooSlow(SLOWER)
        self._since = self._uploads.clock()
        try:
            async with asyncio.timeout(self._timeout_s - self._past_s) as self._wait:
                return await self._receive()
        except TimeoutError as error:
            late = f"body: must arrive within {self._timeout_s:g} s"
            raise BodyTooSlow(SLOWER if self._given_up else late) from error
        finally:
            self._past_s, self._since, self._wait = self.waited_s, None, None


def limit_size(receive: Receive, max_bytes: int) -> Receive:
    """A `receive` that raises MessageTooLarge once the body exceeds `max_bytes`."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message: dict[str, Any] = dict(await receive())
        seen += len(message.get("body", b""))
        if seen > max_bytes:
            raise MessageTooLarge(max_bytes)
        return message

    return receive_limited
