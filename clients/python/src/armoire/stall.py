"""Reads a stream of replies that may stop coming: one class for asyncio, one that blocks."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from armoire.errors import DeadlineExceeded

_CHECKS = 4
"""How often the thread looks within the time that a reply may take."""


def stalled(timeout_s: float) -> DeadlineExceeded:
    return DeadlineExceeded(f"no answer within {timeout_s:g} s", code="DEADLINE_EXCEEDED")


class AsyncStallGuard:
    """Reads replies, and raises where one is owed and does not come within `timeout_s`."""

    def __init__(self, timeout_s: float, owed: Callable[[], bool]) -> None:
        self._timeout_s = timeout_s
        self._owed = owed

    async def read(self, replies: Any) -> bytes | None:
        """The next reply of the call; None at its end.

        Raises:
            DeadlineExceeded: it does not come.
        """
        reading: asyncio.Future[bytes | None] = asyncio.ensure_future(anext(aiter(replies), None))
        try:
            while not reading.done():
                await asyncio.wait({reading}, timeout=self._timeout_s)
                if not reading.done() and self._owed():
                    raise stalled(self._timeout_s)
            return reading.result()
        finally:
            reading.cancel()
            await asyncio.wait({reading})

    async def close(self) -> None:
        """Nothing is left to close."""


class StallGuard:
    """The same for calls that block: a thread cancels a call that does not answer."""

    def __init__(self, timeout_s: float, owed: Callable[[], bool]) -> None:
        self._timeout_s = timeout_s
        self._owed = owed
        self._reading: tuple[Any, float] | None = None
        self._cancelled: Any = None
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def read(self, replies: Any) -> bytes | None:
        """The next reply of the call; None at its end.

        Raises:
            DeadlineExceeded: it does not come.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()
        self._reading = (replies, time.monotonic())
        try:
            reply: bytes | None = next(replies, None)
        except Exception:
            if self._cancelled is replies:
                raise stalled(self._timeout_s) from None
            raise
        finally:
            self._reading = None
        return reply

    def close(self) -> None:
        """Ends the thread."""
        self._closed.set()

    def _watch(self) -> None:
        not_owed_s = time.monotonic()
        while not self._closed.wait(self._timeout_s / _CHECKS):
            reading, now_s = self._reading, time.monotonic()
            if not self._owed():
                not_owed_s = now_s
            elif reading and now_s - max(reading[1], not_owed_s) >= self._timeout_s:
                self._cancelled = reading[0]
                reading[0].cancel()
