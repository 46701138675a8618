"""How far two windows differ in one respect, and how probable chance makes that.

Each test takes the exchanges of units and returns a `Difference`; the arrays have the reference first.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray
from services.drift.permutations import Exchanges
from services.drift.sample import Ints, Words

Floats: TypeAlias = npt.NDArray[np.float64]
MAX_ROWS = 4000
"""Of a test of distances, whose time grows with their square; more are drawn from."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`effect` is 0 where the windows are alike but for chance, and 1 where they have nothing in common."""

    p_value: float
    effect: float


def share_difference(values: Words, units: Ints, exchanges: Exchanges) -> Difference:
    """Of the shares of (N,) words in units.

    The statistic is the larger of two, in deviations of what chance makes of each: G of the 2 x L table,
    which finds small changes of many words, and the largest standardized residual, which finds one word. The
    effect is the total variation distance, the share of garments that would have to get another word; its
    square is less what chance makes of it on average.
    Source: R. Sokal and F. Rohlf, "Biometry", section 17.2; A. Agresti, "Categorical Data Analysis", section
    3.3; F. Pesarin and L. Salmaso, "Permutation Tests for Complex Data", chapter 4 (combined statistics).
    """
    words, columns = np.unique(values, return_inverse=True)
    counts = np.zeros((exchanges.current.shape[1], len(words)), np.float32)
    np.add.at(counts, (units, columns), 1.0)
    current = (exchanges.current @ counts).astype(np.float64)
    reference = counts.sum(0, dtype=np.float64) - current
    variation = np.abs(_shares(current) - _shares(reference)).sum(1) / 2.0
    squares = variation**2
    effect = sqrt(max(0.0, float(squares[0] - squares[1:].mean())))
    both = (_g_statistic(reference, current), _largest_residual(reference, current))
    return Difference(exchanges.p_value(np.maximum(*map(_in_deviations, both))), effect)


def _shares(counts: Floats) -> Floats:
    shares: Floats = counts / np.maximum(counts.sum(1, keepdims=True), 1.0)
    return shares


def _g_statistic(reference: Floats, current: Floats) -> Floats:
    """(R,) of two (R, L) rows of counts."""
    totals = reference + current
    both = totals.sum(1, keepdims=True)
    statistic = np.zeros(len(totals))
    for observed in (reference, current):
        expected = totals * (observed.sum(1, keepdims=True) / both)
        ratio = np.divide(observed, expected, out=np.ones_like(observed), where=observed > 0)
        statistic += 2.0 * (observed * np.log(ratio)).sum(1)
    return statistic


def _largest_residual(reference: Floats, current: Floats) -> Floats:
    """(R,) of two (R, L) rows of counts: the word whose share differs most for its size."""
    sizes, others = current.sum(1, keepdims=True), reference.sum(1, keepdims=True)
    shares = (reference + current) / (sizes + others)
    spread = np.sqrt(shares * (1.0 - shares) * (1.0 / np.maximum(sizes, 1.0) + 1.0 / np.maximum(others, 1.0)))
    differences = np.abs(_shares(current) - _shares(reference))
    residuals = np.divide(differences, spread, out=np.zeros_like(spread), where=spread > 0)
    largest: Floats = residuals.max(1)
    return largest


def _in_deviations(statistics: Floats) -> Floats:
    """(R,) from their mean, in standard deviations; what was observed counts as one of the exchanges."""
    found: Floats = (statistics - statistics.mean()) / max(float(statistics.std()), 1e-12)
    return found


def energy_difference(points: FloatArray, units: Ints, exchanges: Exchanges) -> Difference:
    """Of the distribution of (N, D) points in units.

    The statistic is the energy distance without bias. The effect is its share of the distance between a point
    of one window and one of the other.
    Source: G. Szekely and M. Rizzo, "Energy statistics: A class of statistics based on distances" (2013).
    """
    kept = _at_most(len(points), MAX_ROWS)
    members = exchanges.current[:, units[kept]]
    sums = _sorted_sums if points.shape[1] == 1 else _matrix_sums
    statistic, between = _energy(sums(points[kept], members), members)
    return Difference(exchanges.p_value(statistic), max(0.0, float(statistic[0] / max(between[0], 1e-12))))


def _at_most(rows: int, most: int) -> Ints:
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """(R,) sums of the distances of all ordered pairs: of two members, of two others, of one of each."""

    members: Floats
    others: Floats
    crossing: Floats


def _energy(sums: _Sums, members: FloatArray) -> tuple[Floats, Floats]:
    """(R,) energy distances, and (R,) twice the mean distances between the windows, of (R, N) memberships."""
    sizes = members.sum(1, dtype=np.float64)
    others = members.shape[1] - sizes
    between = 2.0 * sums.crossing / np.maximum(sizes * others, 1.0)
    return between - sums.members / _pairs(sizes) - sums.others / _pairs(others), between


def _pairs(sizes: Floats) -> Floats:
    """Ordered pairs of two members, at least 1."""
    return np.maximum(sizes * (sizes - 1.0), 1.0)


def _matrix_sums(points: FloatArray, members: FloatArray) -> _Sums:
    """Of (N, D) points, by all their distances."""
    distances = _distances(points)
    of_members = (members @ distances.sum(1, dtype=np.float64)).astype(np.float64)
    within: Floats = np.einsum("ij,ij->i", members @ distances, members, dtype=np.float64)
    crossing = of_members - within
    return _Sums(within, distances.sum(dtype=np.float64) - of_members - crossing, crossing)


def _distances(points: FloatArray) -> FloatArray:
    """(N, N) Euclidean distances."""
    squares = np.einsum("ij,ij->i", points, points)
    squared = np.maximum(squares[:, None] + squares[None] - 2.0 * (points @ points.T), 0.0)
    np.fill_diagonal(squared, 0.0)
    distances: FloatArray = np.sqrt(squared).astype(np.float32)
    return distances


def _sorted_sums(points: FloatArray, members: FloatArray) -> _Sums:
    """Of (N, 1) numbers: a gap between neighbours is a part of the distance of each pair around it."""
    order = np.argsort(points[:, 0], kind="stable")
    gaps = np.diff(points[order, 0].astype(np.float64))
    below = np.cumsum(members[:, order[:-1]], axis=1, dtype=np.float64)
    others_below = np.arange(1, len(order)) - below
    above = members.sum(1, dtype=np.float64)[:, None] - below
    others_above = len(order) - np.arange(1, len(order)) - above
    crossing = (below * others_above + others_below * above) @ gaps
    return _Sums(2.0 * (below * above) @ gaps, 2.0 * (others_below * others_above) @ gaps, crossing)
