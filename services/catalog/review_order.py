"""In which order items are reviewed, so that few decisions teach a model much."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray


def most_useful(weights: npt.ArrayLike, vectors: FloatArray, known: FloatArray, count: int) -> list[int]:
    """The indices of at most `count` items, one after the other the one with the highest product of its
    weight and its distance to all that come before it.

    `weights` (N,) tell how unsure the model is of each, 0 to 1. `vectors` (N, D) are the items' embeddings,
    L2-normalised, `known` (M, D) those of items that were reviewed before. The distance is 1 less the cosine
    to the nearest. Of equal products the first item counts.

    Source: the greedy k-centre choice of Sener and Savarese, "Active Learning for Convolutional Neural
    Networks: A Core-Set Approach" (2018), with each distance weighted by the uncertainty.
    """
    unsure = np.asarray(weights, dtype=np.float64)
    distances = np.full(len(unsure), 2.0)
    if len(known) and len(unsure):
        distances = _distances(vectors, known)
    left = np.ones(len(unsure), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < count and left.any():
        best = int(np.where(left, unsure * distances, -1.0).argmax())
        chosen.append(best)
        left[best] = False
        distances = np.minimum(distances, _distances(vectors, vectors[best : best + 1]))
    return chosen


def _distances(vectors: FloatArray, others: FloatArray) -> npt.NDArray[np.float64]:
    """(N,): of each vector to the nearest of the others, 0 to 2."""
    nearest = (vectors @ others.T).max(axis=1)
    distances: npt.NDArray[np.float64] = (1.0 - nearest.astype(np.float64)).clip(0.0, 2.0)
    return distances
