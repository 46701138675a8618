"""The budget of decoded pixels."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from domain.types import Pixels
from services.inference.pipeline.fair_order import FairOrder

_INTERACTIVE_PER_BULK = 8
"""How many interactive photos are admitted before a waiting bulk photo; batches use the same number."""


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    """A photo that waits for pixels; `admitted` is done once the photo has them.

    `start` is its place in the order of fair queueing: see `FairOrder`.
    """

    pixels: int
    start: int
    admitted: asyncio.Future[None]


@dataclass(eq=False)
class PixelBudget:
    """Limits the pixels in use to `max_pixels`; further photos wait, in a queue for each priority.

    Interactive photos are admitted first; while bulk photos wait, one of them is admitted after every eight
    interactive photos. Photos of one priority are admitted in the order of `FairOrder`, by calls. A photo
    larger than the whole budget is admitted when no pixels are in use. Call `acquire` only on the event loop;
    the other methods may be called on any thread.
    """

    max_pixels: int
    in_use: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._interactive: deque[_Request] = deque()
        self._bulk: deque[_Request] = deque()
        self._interactive_since_bulk = 0
        self._order = {bulk: FairOrder() for bulk in (False, True)}
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """The number of photos that wait."""
        return len(self._interactive) + len(self._bulk)

    def try_acquire(self, pixels: int, *, bulk: bool = False, owner: str = "") -> bool:
        """Take `pixels` if they fit and no photo that waits goes first; returns whether they were taken."""
        with self._lock:
            goes_next = not self._interactive and not (self._bulk if bulk else self._bulk_is_due)
            admitted = goes_next and self._fits(pixels)
            if admitted:
                self._take(pixels, bulk, self._order[bulk].next_start(owner, pixels))
        return admitted

    async def acquire(self, pixels: int, *, bulk: bool = False, owner: str = "") -> None:
        """Wait until `pixels` fit and no photo that waits goes first, and take them."""
        admitted = asyncio.get_running_loop().create_future()
        with self._lock:
            request = _Request(pixels, self._order[bulk].next_start(owner, pixels), admitted)
            self._enqueue(request, self._bulk if bulk else self._interactive)
        self._admit()
        try:
            await request.admitted
        except asyncio.CancelledError:
            if request.admitted.done() and not request.admitted.cancelled():
                self.release(pixels)
            self._admit()
            raise

    def release(self, pixels: int) -> None:
        """Give `pixels` back."""
        with self._lock:
            self.in_use -= pixels
            queue = self._next_queue()
            request = queue[0] if queue else None
        if request is not None:
            request.admitted.get_loop().call_soon_threadsafe(self._admit)

    @staticmethod
    def _enqueue(request: _Request, queue: deque[_Request]) -> None:
        places = (place for place, other in enumerate(queue) if other.start > request.start)
        queue.insert(next(places, len(queue)), request)

    def _fits(self, pixels: int) -> bool:
        return self.in_use == 0 or self.in_use + pixels <= self.max_pixels

    def _take(self, pixels: int, bulk: bool, start: int) -> None:
        self.in_use += pixels
        self._order[bulk].admit(start)
        self._interactive_since_bulk = self._interactive_since_bulk + 1 if self._bulk and not bulk else 0

    @property
    def _bulk_is_due(self) -> bool:
        return bool(self._bulk) and self._interactive_since_bulk >= _INTERACTIVE_PER_BULK

    def _next_queue(self) -> deque[_Request]:
        """The queue whose first photo is admitted next; empty if no photo waits."""
        return self._interactive if self._interactive and not self._bulk_is_due else self._bulk

    def _admit(self) -> None:
        with self._lock:
            while queue := self._next_queue():
                request = queue[0]
                if not request.admitted.done() and not self._fits(request.pixels):
                    return
                queue.popleft()
                if not request.admitted.done():
                    self._take(request.pixels, queue is self._bulk, request.start)
                    request.admitted.set_result(None)


class PhotoReleased(RuntimeError):
    """A photo's pixels were used after its `async with` block had ended, or before they were decoded."""


class PixelPermit:
    """Holds one photo's pixels and its part of the budget.

    Both are released once the photo's `async with` block and all functions that were submitted for the photo
    have ended: a function that runs on a thread continues after its task is cancelled.
    """

    def __init__(self, budget: PixelBudget, bulk: bool = False, owner: str = "") -> None:
        self._budget = budget
        self._bulk = bulk
        self._owner = owner
        self._count = 0
        self._pixels: Pixels | None = None
        self._references = 1
        self.ended = False
        """Whether the `async with` block has ended, so that nothing waits for what still runs."""
        self._lock = threading.Lock()

    def try_acquire(self, count: int) -> bool:
        """Take `count` pixels from the budget if that needs no wait; returns whether they were taken."""
        acquired = self._budget.try_acquire(count, bulk=self._bulk, owner=self._owner)
        if acquired:
            self._count = count
        return acquired

    async def acquire(self, count: int) -> None:
        """Wait for `count` pixels of the budget, and take them."""
        await self._budget.acquire(count, bulk=self._bulk, owner=self._owner)
        self._count = count

    @property
    def pixels(self) -> Pixels:
        """The decoded pixels. Raises PhotoReleased before they are stored and after they are released."""
        if self._pixels is None:
            raise PhotoReleased
        return self._pixels

    def store(self, pixels: Pixels) -> None:
        """Store the decoded pixels; called on the thread that decoded them."""
        self._pixels = pixels

    def retain_until_done(self, future: Future[Any]) -> None:
        """Keep the pixels and the permit until `future` is done."""
        with self._lock:
            self._references += 1
        future.add_done_callback(lambda _: self.release())

    def end(self) -> None:
        """Give up the reference of the `async with` block."""
        self.ended = True
        self.release()

    def release(self) -> None:
        """Give up one reference: that of the `async with` block, or that of a future."""
        with self._lock:
            self._references -= 1
            unused = self._references == 0
        if unused:
            self._pixels = None
            self._budget.release(self._count)
