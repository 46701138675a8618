"""The spread of one figure over several rounds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STUDENT_95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
"""Quantiles of Student's t, two-sided 95 %, for 1 to 10 degrees of freedom.

Above 10 the last one is used, which makes the interval a little too wide.
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, minimum and maximum over the rounds, and a 95 % confidence interval of the geometric mean."""

    median: float
    least: float
    most: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Raises ValueError if there are no values."""
        found = sorted(values)
        if not found:
            raise ValueError("a spread needs at least one value")
        return cls(statistics.median(found), found[0], found[-1], *interval(found))

    def show(self, decimals: int = 2) -> str:
        """Write "median (minimum–maximum)"."""
        return f"{self.median:.{decimals}f} ({self.least:.{decimals}f}–{self.most:.{decimals}f})"

    def show_interval(self, decimals: int = 2) -> str:
        """Write "low–high"; empty for a single value."""
        if math.isinf(self.high):
            return ""
        return f"{self.low:.{decimals}f}–{self.high:.{decimals}f}"


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % confidence interval of the geometric mean of values that are not negative.

    It is (0, inf), which says nothing, for a single value, and where one is 0, as that of a run without an
    answer is.

    Source: Student's t interval of the mean of the logarithms. There are few rounds, and a bootstrap of three
    values can only return their minimum and maximum.
    """
    if len(values) < 2 or 0.0 in values:
        return (0.0, math.inf)
    logs = [math.log(value) for value in values]
    freedom = min(len(logs) - 1, len(STUDENT_95))
    reach = STUDENT_95[freedom - 1] * statistics.stdev(logs) / math.sqrt(len(logs))
    middle = statistics.mean(logs)
    return math.exp(middle - reach), math.exp(middle + reach)
