"""The time after which a refused caller should retry."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

_RETRY_SHARE = 0.25
"""Share of the drain rate that the retries of one `RetryAfter` may use."""
_ASSUMED_DRAIN_S = 0.5
"""Seconds in which a full queue (or all permits) is assumed to become free, before the first measurement."""
_SOONEST_S = 0.05
_LATEST_S = 10.0
_JITTER = (0.8, 1.0)
_WEIGHT = 0.05
"""Weight of one freed unit (a row or a permit) in the moving average."""


class DrainRate:
    """How fast a full queue or an exhausted set of permits becomes free, in seconds per unit (row or permit).

    It is an exponential moving average. A measurement lasts from one refusal to a later one; `reset` drops
    it, so that idle time does not count.
    """

    def __init__(self, capacity: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._unit_s = _ASSUMED_DRAIN_S / capacity
        self._freed = 0
        self._measured_since: float | None = None

    def observe(self, units: int = 1) -> None:
        """Count units that have become free."""
        self._freed += units

    def reset(self) -> None:
        """Discard the measurement in progress, because there is free room again."""
        self._measured_since = None

    def measure(self) -> float:
        """End the measurement that the last refusal began, begin another, and return the seconds per unit.

        A measurement in which no unit became free does not end. It goes on, and what is returned is at least
        the time since it began.
        """
        now = self._clock()
        if self._measured_since is None:
            self._measured_since, self._freed = now, 0
        elif self._freed:
            weight = 1 - (1 - _WEIGHT) ** self._freed
            self._unit_s += weight * ((now - self._measured_since) / self._freed - self._unit_s)
            self._measured_since, self._freed = now, 0
        return max(self._unit_s, now - self._measured_since)


class RetryAfter:
    """Spaces the retry times of refused callers, so that they do not all return at once.

    Refusing costs CPU time, too: with one retry time for all, the whole excess would return together, again
    and again. Here, retry times come at a quarter of the drain rate, each wait cut by a random 0 to 20 %.
    Once the next retry time would be more than 10 s away, it is drawn uniformly from 5 to 10 s.

    Source: the generic cell rate algorithm (GCRA) as virtual scheduling, ITU-T I.371, annex A. `_arrival` is
    its theoretical arrival time: each refusal adds the time in which the caller's units become free at a
    quarter of the drain rate, and the caller is told to wait until then.
    """

    def __init__(
        self,
        rate: DrainRate,
        clock: Callable[[], float] = time.monotonic,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._uniform = uniform
        self._arrival = 0.0
        """The theoretical arrival time of the caller who was refused last."""

    def reserve(self, units: int = 1) -> float:
        """Reserve a retry time for a refused caller who needs `units`, and return the seconds until it."""
        now = self._clock()
        self._arrival = max(self._arrival, now) + units * self._rate.measure() / _RETRY_SHARE
        if self._arrival > now + _LATEST_S:
            self._arrival = now + _LATEST_S
            return self._uniform(_LATEST_S / 2, _LATEST_S)
        return max(_SOONEST_S, self._arrival - now) * self._uniform(*_JITTER)
