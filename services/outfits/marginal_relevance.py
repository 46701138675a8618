"""A choice of good entries that differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray


def choose(
    scores: Sequence[float] | npt.NDArray[np.float64],
    vectors: Sequence[FloatArray | None],
    count: int,
    diversity: float,
) -> list[int]:
    """The indices of at most `count` entries, each the one with the highest score less the greatest cosine to
    those that come before it, the latter with the weight `diversity`, 0 to 1.

    `vectors` are (D,) float32, L2-normalised; entries without one differ from all.

    Source: maximal marginal relevance (Carbonell and Goldstein 1998).
    """
    relevance = np.asarray(scores, np.float32)
    width = next((vector.size for vector in vectors if vector is not None), 1)
    empty = np.zeros(width, np.float32)
    table = np.stack([empty if vector is None else vector for vector in vectors]) if vectors else empty
    nearest = np.zeros(len(scores), np.float32)
    left = np.ones(len(scores), bool)
    chosen: list[int] = []
    while len(chosen) < min(count, len(scores)):
        gain = np.where(left, (1 - diversity) * relevance - diversity * nearest, -np.inf)
        best = int(gain.argmax())
        chosen.append(best)
        left[best] = False
        nearest = np.maximum(nearest, table @ table[best])
    return chosen
