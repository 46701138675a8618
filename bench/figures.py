"""What several rounds say together."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STUDENT_95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
"""Student's t, two-sided, for 1 to 10 degrees of freedom; beyond, the last is a little too wide."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of the rounds, their least and most, and a 95 % interval of their geometric mean."""

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
        """Empty for a single value."""
        if math.isinf(self.high):
            return ""
        return f"{self.low:.{decimals}f}–{self.high:.{decimals}f}"


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Student's 95 % interval of the geometric mean of values above 0; all there is where one is alone.

    Rounds are few, and a bootstrap of three values can only give the least and the most of them.
    """
    logs = [math.log(value) for value in values]
    if len(logs) < 2:
        return (0.0, math.inf)
    freedom = min(len(logs) - 1, len(STUDENT_95))
    reach = STUDENT_95[freedom - 1] * statistics.stdev(logs) / math.sqrt(len(logs))
    middle = statistics.mean(logs)
    return math.exp(middle - reach), math.exp(middle + reach)
