"""Limits the bodies of requests: how many are read at a time, and how long one may take to arrive."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import DeadlineExceeded, MessageTooLarge
from services.edge.admission import Admission


class BodyTooSlow(DeadlineExceeded):
    """The body did not arrive in time."""

    reason = "BODY_TOO_SLOW"


class LimitedBodies:
    """Wraps an ASGI app. Reading has permits of its own, so slow uploads hold none of those of calls.

    All apps of a gateway share `reading`.
    """

    def __init__(self, app: ASGIApp, reading: Admission, timeout_s: float) -> None:
        self._app = app
        self._reading = reading
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with ExitStack() as permit:
            await self._app(scope, LimitedBody(receive, self._reading, self._timeout_s, permit), send)


class LimitedBody:
    """The `receive` of one request.

    The first call acquires a permit, which is released when the body is complete or `permit` is closed. Only
    the waits for the body count towards its time, so that the messages of a stream may be read slowly. Once
    it is complete, calls wait for the caller to leave, without a time limit.
    """

    def __init__(self, receive: Receive, reading: Admission, timeout_s: float, permit: ExitStack) -> None:
        self._receive = receive
        self._reading = reading
        self._timeout_s = timeout_s
        self._permit = permit
        self._waited_s: float | None = None
        self._complete = False

    async def __call__(self) -> Message:
        """Raises Overloaded where too many bodies are read, BodyTooSlow where this one takes too long."""
        if self._complete:
            return await self._receive()
        if self._waited_s is None:
            self._permit.enter_context(self._reading.acquire())
            self._waited_s = 0.0
        started_s = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_s - self._waited_s):
                message = await self._receive()
        except TimeoutError as error:
            raise BodyTooSlow(f"body: must arrive within {self._timeout_s:g} s") from error
        self._waited_s += time.monotonic() - started_s
        if not message.get("more_body", False):
            self._complete = True
            self._permit.close()
        return message


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
