"""Limits how many calls run at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from domain.errors import Overloaded
from services.inference.batching.retry_after import DrainRate, RetryAfter


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
                metadata={f"max_concurrent_{self._kind.replace(' ', '_')}": str(self._max_calls)},
            )
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._drain_rate.observe()
            if self._running < self._max_calls / 2:
                self._drain_rate.reset()
