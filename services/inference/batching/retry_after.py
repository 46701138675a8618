"""The time after which a refused caller should retry."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

_SHARE = 0.25
"""Share of the drain rate that retries may use."""
_FIRST_S = 0.5
"""Seconds in which the whole resource is assumed to drain, before the first measurement."""
_SOONEST_S = 0.05
_LATEST_S = 10.0
_JITTER = (0.8, 1.0)
_WEIGHT = 0.05
"""Weight of the latest unit in the moving average."""


class DrainRate:
    """The rate at which a full resource becomes free, in seconds per unit (a row of a queue, a permit).

    It is an exponential moving average. Each refusal ends one measurement and begins the next, so only times
    in which the resource is full are measured.
    """

    def __init__(self, capacity: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._unit_s = _FIRST_S / capacity
        self._freed = 0
        self._measured_since: float | None = None

    def observe(self, units: int = 1) -> None:
        """Count units that have become free."""
        self._freed += units

    def reset(self) -> None:
        """Discard the measurement in progress, because the resource is not full."""
        self._measured_since = None

    def measure_s(self) -> float:
        """Seconds per unit, measured at each refusal; at least the time since the last unit became free."""
        now = self._clock()
        if self._measured_since is None:
            self._measured_since, self._freed = now, 0
        elif self._freed:
            weight = 1 - (1 - _WEIGHT) ** self._freed
            self._unit_s += weight * ((now - self._measured_since) / self._freed - self._unit_s)
            self._measured_since, self._freed = now, 0
        return max(self._unit_s, now - self._measured_since)


class RetryAfter:
    """Gives each refused caller a separate retry time, later than that of the caller refused before.

    A refusal costs CPU time of the cores that answer. With the same retry time for all, the whole excess
    would return at once, again and again. Here, retry times follow each other at a quarter of the drain rate.
    When the schedule is longer than 10 s, the retry time is drawn uniformly from 5 to 10 s.

    Source: the generic cell rate algorithm (GCRA) as virtual scheduling, ITU-T I.371, annex A. The retry time
    leads to the theoretical arrival time, which each refusal moves on by its units times the spacing.
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

    def next_s(self, units: int = 1) -> float:
        """Seconds after which a refused caller that needs this many units should retry."""
        now = self._clock()
        self._arrival = max(self._arrival, now) + units * self._rate.measure_s() / _SHARE
        if self._arrival > now + _LATEST_S:
            self._arrival = now + _LATEST_S
            return self._uniform(_LATEST_S / 2, _LATEST_S)
        return max(_SOONEST_S, self._arrival - now) * self._uniform(*_JITTER)
