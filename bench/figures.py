"""What several rounds say together."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

DRAWS = 4000
"""Of the bootstrap. Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of the rounds, their least and most, and a 95 % interval of the median."""

    median: float
    least: float
    most: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Raises ValueError for no values."""
        found = sorted(values)
        if not found:
            raise ValueError("a spread needs at least one value")
        return cls(statistics.median(found), found[0], found[-1], *interval(found))

    def show(self, decimals: int = 2) -> str:
        """The median, and the least and most."""
        return f"{self.median:.{decimals}f} ({self.least:.{decimals}f}–{self.most:.{decimals}f})"

    def show_interval(self, decimals: int = 2) -> str:
        return f"{self.low:.{decimals}f}–{self.high:.{decimals}f}"


def interval(values: Iterable[float], share: float = 0.95) -> tuple[float, float]:
    """The percentile bootstrap's interval of the median; the same values give the same interval."""
    found = np.fromiter(values, np.float64)
    draws = np.random.default_rng(0).choice(found, (DRAWS, len(found)))
    tail = (1 - share) / 2 * 100
    low, high = np.percentile(np.median(draws, axis=1), [tail, 100 - tail])
    return float(low), float(high)
