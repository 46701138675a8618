"""Figures with their 95 % confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Z_95 = 1.959964
RESAMPLES = 4000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the ends of its interval, and how many cases it rests on."""

    value: float
    low: float
    high: float
    count: int


def share(right: Sequence[bool]) -> Estimate:
    """The share of right answers.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    count = len(right)
    if count == 0:
        raise ValueError("a share needs at least one case")
    value = sum(right) / count
    spread = Z_95**2 / count
    middle = (value + spread / 2) / (1 + spread)
    reach = Z_95 / (1 + spread) * math.sqrt(value * (1 - value) / count + spread / (4 * count))
    return Estimate(value, max(0.0, middle - reach), min(1.0, middle + reach), count)


def mean(values: Sequence[float], seed: int = 0) -> Estimate:
    """The mean of figures of any size, its interval by bootstrap."""
    numbers = np.asarray(values, np.float64)
    picks = np.random.default_rng(seed).integers(0, len(numbers), (RESAMPLES, len(numbers)))
    return _with_bounds(float(numbers.mean()), numbers[picks].mean(axis=1), len(numbers))


def macro_share(right: Sequence[bool], groups: Sequence[str], seed: int = 0) -> Estimate:
    """The mean over the groups of the share right in each, its interval by bootstrap within the groups."""
    outcome, names = np.asarray(right, bool), np.asarray(groups)
    members = [outcome[names == name] for name in sorted(set(groups))]
    rng = np.random.default_rng(seed)
    drawn = [rng.binomial(len(group), group.mean(), RESAMPLES) / len(group) for group in members]
    value = float(np.mean([group.mean() for group in members]))
    return _with_bounds(value, np.mean(drawn, axis=0), len(outcome))


def _with_bounds(value: float, resampled: npt.NDArray[np.float64], count: int) -> Estimate:
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Estimate(value, float(low), float(high), count)
