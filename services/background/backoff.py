"""Back-off: the pause before the next attempt."""

from __future__ import annotations

import random
from dataclasses import dataclass

_MAX_EXPONENT = 30
"""Keeps the power of two finite after many failures."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off: pauses double from `initial_s` to `max_s` with each failure in a row.

    `jitter` is the random share of a pause, 0 to 1, so that attempts that failed together are not repeated
    together.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    initial_s: float
    max_s: float
    jitter: float = 0.0

    def pause_s(self, failures: int) -> float:
        """The pause after `failures` failures in a row, 1 or more."""
        doubled_s = self.initial_s * 2.0 ** min(failures - 1, _MAX_EXPONENT)
        return min(doubled_s, self.max_s) * random.uniform(1.0 - self.jitter, 1.0)
