"""A bound on the decoded pixels that are held at one time."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(eq=False)
class PixelBudget:
    """At most `max_pixels` are lent; who asks for more waits for its turn, in order of arrival.

    A picture larger than the whole budget is let through when nothing else is lent. `take_now` may be called
    from any thread, all else belongs on the event loop.
    """

    max_pixels: int
    lent: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._lock = threading.Lock()

    def take_now(self, pixels: int) -> bool:
        """Lend `pixels` if nobody waits and they fit; whether they were lent."""
        with self._lock:
            fits = not self._waiting and self._fits(pixels)
            self.lent += pixels if fits else 0
        return fits

    async def take(self, pixels: int) -> None:
        """Return once `pixels` are lent to the caller, who gives back the same number."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting.append((pixels, turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(pixels)
            self._admit()
            raise

    def give_back(self, pixels: int) -> None:
        with self._lock:
            self.lent -= pixels
        self._admit()

    def _fits(self, pixels: int) -> bool:
        return self.lent == 0 or self.lent + pixels <= self.max_pixels

    def _admit(self) -> None:
        with self._lock:
            while self._waiting:
                pixels, turn = self._waiting[0]
                if not turn.done() and not self._fits(pixels):
                    return
                self._waiting.popleft()
                if not turn.done():
                    self.lent += pixels
                    turn.set_result(None)
