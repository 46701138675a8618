"""k-means for a few thousand weighted points."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray

Labels: TypeAlias = npt.NDArray[np.intp]
_STILL = 0.25


def cluster(
    points: FloatArray, weights: FloatArray, k: int, iterations: int, seed: int
) -> tuple[Labels, FloatArray]:
    """Labels (M,) and centres (at most k, 3) of points (M, 3), once no centre moves by a quarter unit.

    The result is deterministic: the seed is the only randomness.

    Source: S. Lloyd, "Least squares quantization in PCM", 1982, initialised as in D. Arthur, S.
    Vassilvitskii, "k-means++: the advantages of careful seeding", 2007.
    """
    centers = _spread_centers(points, weights, k, np.random.default_rng(seed))
    for _ in range(iterations):
        previous, centers = centers, _means(points, weights, _nearest(points, centers), centers)
        if np.abs(centers - previous).max() < _STILL:
            break
    return _nearest(points, centers), centers


def _spread_centers(
    points: FloatArray, weights: FloatArray, k: int, random: np.random.Generator
) -> FloatArray:
    """Initial centres by k-means++; fewer than k if there are fewer distinct points."""
    chance = weights.astype(np.float64)
    centers: list[FloatArray] = []
    nearest = np.full(len(points), np.inf)
    lengths = np.einsum("ij,ij->i", points, points)
    while len(centers) < k and chance.sum() > 0:
        cumulated = np.cumsum(chance)
        drawn = min(
            int(np.searchsorted(cumulated, random.random() * cumulated[-1], side="right")), len(points) - 1
        )
        centers.append(points[drawn])
        nearest = np.minimum(nearest, np.maximum(lengths - 2 * (points @ points[drawn]) + lengths[drawn], 0))
        chance = weights * nearest
    return np.array(centers, np.float32)


def _nearest(points: FloatArray, centers: FloatArray) -> Labels:
    squared: FloatArray = (centers**2).sum(axis=1)[:, None] - 2 * (centers @ points.T)
    nearest: Labels = squared.argmin(axis=0)
    return nearest


def _means(points: FloatArray, weights: FloatArray, labels: Labels, centers: FloatArray) -> FloatArray:
    """The mean of each cluster; an empty cluster keeps its centre."""
    k = len(centers)
    mass = np.bincount(labels, weights, minlength=k)
    sums = np.stack([np.bincount(labels, weights * axis, minlength=k) for axis in points.T], axis=1)
    means = sums / np.maximum(mass, 1e-12)[:, None]
    return np.where(mass[:, None] > 0, means, centers).astype(np.float32)
