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
    """An estimate, the ends of its 95 % confidence interval, and the number of cases."""

    value: float
    low: float
    high: float
    count: int


def share(right: Sequence[bool], clusters: Sequence[str] | None = None) -> Estimate:
    """The share of right answers; each end is the outer one of Wilson's interval and of that of `mean`.

    If all answers are right, or none, the bootstrap interval has no width; if clusters differ, Wilson's
    interval is too narrow.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    count = len(right)
    if count == 0:
        raise ValueError("a share needs at least one case")
    value = sum(right) / count
    spread = Z_95**2 / count
    middle = (value + spread / 2) / (1 + spread)
    reach = Z_95 / (1 + spread) * math.sqrt(value * (1 - value) / count + spread / (4 * count))
    drawn = mean([float(outcome) for outcome in right], clusters)
    low, high = min(middle - reach, drawn.low), max(middle + reach, drawn.high)
    return Estimate(value, max(0.0, low), min(1.0, high), count)


def mean(values: Sequence[float], clusters: Sequence[str] | None = None, seed: int = 0) -> Estimate:
    """The mean of values, with an interval by bootstrap over clusters.

    Cases of one cluster are resampled together, since photos of one contributor are alike. Without clusters,
    every case is its own cluster.

    Source: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8.
    """
    return macro_mean(values, [""] * len(values), clusters, seed)


def macro_mean(
    values: Sequence[float], groups: Sequence[str], clusters: Sequence[str] | None = None, seed: int = 0
) -> Estimate:
    """The mean over groups of the mean in each group, with an interval by bootstrap over clusters.

    A group without cases in a resample is left out of that resample.
    """
    owners = list(map(str, range(len(values)))) if clusters is None else clusters
    sums, counts = _sums(values, owners, groups)
    means = sums.sum(axis=0) / counts.sum(axis=0)
    chances = np.full(len(sums), 1 / len(sums))
    picks = np.random.default_rng(seed).multinomial(len(sums), chances, RESAMPLES)
    drawn = picks @ counts
    resampled = np.divide(picks @ sums, drawn, out=np.full(drawn.shape, np.nan), where=drawn > 0)
    low, high = np.percentile(np.nanmean(resampled, axis=1), [2.5, 97.5])
    return Estimate(float(means.mean()), float(low), float(high), len(values))


def _sums(
    values: Sequence[float], clusters: Sequence[str], groups: Sequence[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Sums and counts of the values, both (clusters, groups)."""
    names, rows = np.unique(np.asarray(clusters), return_inverse=True)
    kinds, columns = np.unique(np.asarray(groups), return_inverse=True)
    sums, counts = np.zeros((len(names), len(kinds))), np.zeros((len(names), len(kinds)))
    np.add.at(sums, (rows, columns), np.asarray(values, np.float64))
    np.add.at(counts, (rows, columns), 1)
    return sums, counts
