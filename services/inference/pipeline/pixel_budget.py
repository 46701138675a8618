"""The budget of decoded pixels."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from domain.types import Pixels


@dataclass(eq=False)
class PixelBudget:
    """Limits the pixels in use to `max_pixels`; further requests wait in order of arrival.

    A picture larger than the whole budget is admitted when nothing else is in use. `acquire` belongs on the
    event loop; the other methods may be called from any thread.
    """

    max_pixels: int
    in_use: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._lock = threading.Lock()

    def try_acquire(self, pixels: int) -> bool:
        """Take `pixels` if no request waits and they fit; returns whether they were taken."""
        with self._lock:
            fits = not self._waiting and self._fits(pixels)
            self.in_use += pixels if fits else 0
        return fits

    async def acquire(self, pixels: int) -> None:
        """Wait until `pixels` fit, and take them."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting.append((pixels, turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release(pixels)
            self._admit()
            raise

    def release(self, pixels: int) -> None:
        """Give `pixels` back."""
        with self._lock:
            self.in_use -= pixels
            first = self._waiting[0] if self._waiting else None
        if first is not None:
            _, turn = first
            turn.get_loop().call_soon_threadsafe(self._admit)

    def _fits(self, pixels: int) -> bool:
        return self.in_use == 0 or self.in_use + pixels <= self.max_pixels

    def _admit(self) -> None:
        with self._lock:
            while self._waiting:
                pixels, turn = self._waiting[0]
                if not turn.done() and not self._fits(pixels):
                    return
                self._waiting.popleft()
                if not turn.done():
                    self.in_use += pixels
                    turn.set_result(None)


class PixelPermit:
    """The share of a budget that one photo uses, and the only lasting reference to its pixels.

    Both are released once the photo is released and all jobs on its pixels have ended: a job on a thread goes
    on when the task that awaits it is cancelled.
    """

    def __init__(self, budget: PixelBudget) -> None:
        self._budget = budget
        self._count = 0
        self._pixels: Pixels | None = None
        self._users = 1
        self._lock = threading.Lock()

    def try_acquire(self, pixels: int) -> bool:
        """As `PixelBudget.try_acquire`."""
        acquired = self._budget.try_acquire(pixels)
        if acquired:
            self._count = pixels
        return acquired

    async def acquire(self, pixels: int) -> None:
        """As `PixelBudget.acquire`."""
        await self._budget.acquire(pixels)
        self._count = pixels

    @property
    def pixels(self) -> Pixels:
        """The pixels of the photo. Raises RuntimeError outside its scope."""
        if self._pixels is None:
            raise RuntimeError("the photo's pixels are only there within its scope")
        return self._pixels

    def keep(self, pixels: Pixels) -> None:
        """Store the decoded pixels; called by the job that decodes."""
        self._pixels = pixels

    def hold_during(self, job: Future[Any]) -> None:
        """Keep the pixels until `job` has ended."""
        with self._lock:
            self._users += 1
        job.add_done_callback(self._leave)

    def release(self) -> None:
        """End the scope of the photo."""
        self._leave()

    def _leave(self, _job: Future[Any] | None = None) -> None:
        with self._lock:
            self._users -= 1
            unused = self._users == 0
        if unused:
            self._pixels = None
            self._budget.release(self._count)
