"""How far two lists of answers agree: embeddings row by row, detections pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray
from models.tolerance import BOX_TOLERANCE_PX, SCORE_TOLERANCE

PAIRING_TOLERANCES = 10
"""Rows further apart than this many tolerances are not the same detection."""


def cosines(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Cosine (N,) of each row of `first` (N, D) with the same row of `second` (N, D)."""
    a, b = first.astype(np.float64), second.astype(np.float64)
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray((a * b).sum(axis=1) / norms)


@dataclass(frozen=True, slots=True)
class RowAgreement:
    """How far two lists of detections of one picture agree.

    Attributes:
        pairs: indices (expected, actual) of the rows that are the same detection.
        unmatched: rows on either side without a partner.
    """

    pairs: tuple[tuple[int, int], ...]
    unmatched: int
    box_difference_px: float
    score_difference: float

    @property
    def matched(self) -> int:
        return len(self.pairs)


def compare_rows(
    expected: FloatArray,
    actual: FloatArray,
    min_score: float,
    *,
    box_px: float = BOX_TOLERANCE_PX,
    score: float = SCORE_TOLERANCE,
) -> RowAgreement:
    """Pair each row [x1, y1, x2, y2, score, class] of at least `min_score` with its like on the other side.

    Both are (K, 6). A row may pair with one below `min_score`, so a score at the edge does not count as
    missing. A row whose nearest unused partner is more than ten tolerances (`box_px`, `score`) away is
    unmatched.
    """
    boxes = np.abs(expected[:, None, :4] - actual[None, :, :4]).max(axis=2)
    scores = np.abs(expected[:, None, 4] - actual[None, :, 4])
    cost = np.maximum(boxes / box_px, scores / score)
    cost[expected[:, None, 5] != actual[None, :, 5]] = np.inf
    pairs = _pair(cost)
    counted = tuple((i, j) for i, j in pairs if max(expected[i, 4], actual[j, 4]) >= min_score)
    unmatched = _count_unmatched(expected, {i for i, _ in pairs}, min_score)
    unmatched += _count_unmatched(actual, {j for _, j in pairs}, min_score)
    return RowAgreement(
        pairs=counted,
        unmatched=unmatched,
        box_difference_px=max((float(boxes[pair]) for pair in counted), default=0.0),
        score_difference=max((float(scores[pair]) for pair in counted), default=0.0),
    )


def _pair(cost: npt.NDArray[np.floating[Any]]) -> list[tuple[int, int]]:
    """Closest pairs first; each row is used once."""
    pairs = []
    cost = cost.copy()
    while cost.size and cost.min() <= PAIRING_TOLERANCES:
        i, j = divmod(int(cost.argmin()), cost.shape[1])
        pairs.append((i, j))
        cost[i, :] = cost[:, j] = np.inf
    return pairs


def _count_unmatched(rows: FloatArray, paired: set[int], min_score: float) -> int:
    return sum(1 for index, row in enumerate(rows) if index not in paired and row[4] >= min_score)
