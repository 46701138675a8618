"""When a refused caller should come back."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

_SHARE = 0.25
"""Of what drains, the part that returning callers may ask for."""
_FIRST_S = 0.5
"""Seconds in which the whole resource is taken to drain before anything has been measured."""
_SOONEST_S = 0.05
_LATEST_S = 10.0
_JITTER = (0.8, 1.0)
_WEIGHT = 0.05
"""Of the latest unit in the moving average."""


class DrainRate:
    """How fast a full resource becomes free: seconds for each unit, such as a row of a queue or a permit.

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
        """Drop the measurement in progress: with ample room, what becomes free says nothing of the rate."""
        self._measured_since = None

    def measure_s(self) -> float:
        """Seconds for one unit, called at each refusal; at least the time for which none has become free."""
        now = self._clock()
        if self._measured_since is None:
            self._measured_since, self._freed = now, 0
        elif self._freed:
            weight = 1 - (1 - _WEIGHT) ** self._freed
            self._unit_s += weight * ((now - self._measured_since) / self._freed - self._unit_s)
            self._measured_since, self._freed = now, 0
        return max(self._unit_s, now - self._measured_since)


class RetryAfter:
    """Gives each refused caller a moment of its own, later than that of the caller refused before.

    A refusal costs the same cores that answer. If all refused callers were told the same time, the whole
    excess would return in it, again and again. Here the moments follow each other at a quarter of the drain
    rate. When the schedule is longer than 10 s, the retry time is drawn uniformly from 5 to 10 s.

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
        """Seconds until a refused caller, who needs so many units, should come back."""
        now = self._clock()
        self._arrival = max(self._arrival, now) + units * self._rate.measure_s() / _SHARE
        if self._arrival > now + _LATEST_S:
            self._arrival = now + _LATEST_S
            return self._uniform(_LATEST_S / 2, _LATEST_S)
        return max(_SOONEST_S, self._arrival - now) * self._uniform(*_JITTER)
