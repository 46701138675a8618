"""The figures an artifact must reach before it may be used, and how they are measured."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray

Task: TypeAlias = Literal["detect", "embed"]


@dataclass(frozen=True, slots=True)
class Bound:
    """Both ends included; NaN holds nowhere."""

    at_least: float = -math.inf
    at_most: float = math.inf

    def holds(self, value: float) -> bool:
        return self.at_least <= value <= self.at_most

    def __str__(self) -> str:
        ends = ((">=", self.at_least), ("<=", self.at_most))
        return " and ".join(f"{sign} {value:g}" for sign, value in ends if math.isfinite(value))


BOX_TOLERANCE_PX = 0.5
SCORE_TOLERANCE = 1e-3

DETECT_BOUNDS: Mapping[str, Bound] = MappingProxyType(
    {
        # How many different non-square pictures the figures come from.
        "pictures": Bound(at_least=8),
        # Median over pairs of pictures of the largest score difference at one anchor: is it trained at all?
        "control_score_distance": Bound(at_least=0.01),
        # Graph against torch, every anchor of the head, before any selection.
        "head_box_difference_px": Bound(at_most=BOX_TOLERANCE_PX),
        "head_score_difference": Bound(at_most=SCORE_TOLERANCE),
        "head_score_difference_to_control": Bound(at_most=0.01),
        # Letterboxed picture against the library's.
        "preprocess_pixel_difference": Bound(at_most=0),
        # Photo to boxes in the photo, against the library's own prediction.
        "matched_boxes": Bound(at_least=1),
        "matched_box_difference_px": Bound(at_most=BOX_TOLERANCE_PX),
        "matched_score_difference": Bound(at_most=SCORE_TOLERANCE),
        "unmatched_share": Bound(at_most=0.01),
    }
)

EMBED_BOUNDS: Mapping[str, Bound] = MappingProxyType(
    {
        "pictures": Bound(at_least=8),
        "texts": Bound(at_least=8),
        # Median distance between embeddings of different inputs.
        "image_control_distance": Bound(at_least=1e-4),
        "text_control_distance": Bound(at_least=1e-4),
        # Graph against torch: the worst of all inputs.
        "image_cosine": Bound(at_least=0.999),
        "text_cosine": Bound(at_least=0.999),
        "image_distance_to_control": Bound(at_most=0.01),
        "text_distance_to_control": Bound(at_most=0.01),
        # Embedding of our preprocessing against that of the library's transform, both in torch.
        "preprocess_cosine": Bound(at_least=0.995),
        # Texts whose token ids differ from the library's.
        "token_mismatches": Bound(at_most=0),
    }
)


def bounds(task: Task) -> Mapping[str, Bound]:
    """What each figure of a task is held to."""
    return DETECT_BOUNDS if task == "detect" else EMBED_BOUNDS


def complaints(task: Task, figures: Mapping[str, float]) -> list[str]:
    """One line for each figure that is missing, unknown or out of bounds."""
    required = bounds(task)
    lines = [f"{name} is not a parity figure of task {task!r}" for name in figures if name not in required]
    for name, bound in required.items():
        if name not in figures:
            lines.append(f"{name} is missing")
        elif not bound.holds(figures[name]):
            lines.append(f"{name} is {figures[name]:.6g}, must be {bound}")
    return lines


def cosines(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Cosine (N,) of each row of `first` (N, D) with the same row of `second` (N, D)."""
    a, b = first.astype(np.float64), second.astype(np.float64)
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray((a * b).sum(axis=1) / norms)


def distances(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Euclidean distance (N,) of each row of `first` (N, D) to the same row of `second` (N, D)."""
    return np.asarray(np.linalg.norm(first.astype(np.float64) - second.astype(np.float64), axis=1))


def control_distance(rows: npt.NDArray[Any]) -> float:
    """Median Euclidean distance between different rows of (N, D)."""
    first, second = np.triu_indices(len(rows), k=1)
    return float(np.median(distances(rows[first], rows[second])))


@dataclass(frozen=True, slots=True)
class RowAgreement:
    """How far two lists of detections of one picture agree."""

    matched: int
    unmatched: int
    box_difference_px: float
    score_difference: float


def compare_rows(expected: FloatArray, actual: FloatArray, min_score: float) -> RowAgreement:
    """Pair each row [x1, y1, x2, y2, score, class] of at least `min_score` with its like on the other side.

    Both (K, 6). A row may pair with one below `min_score`, so a score at the edge does not count as missing.
    A row whose nearest unused partner is more than ten tolerances away is unmatched.
    """
    box_px = np.abs(expected[:, None, :4] - actual[None, :, :4]).max(axis=2)
    score = np.abs(expected[:, None, 4] - actual[None, :, 4])
    cost = np.maximum(box_px / BOX_TOLERANCE_PX, score / SCORE_TOLERANCE)
    cost[expected[:, None, 5] != actual[None, :, 5]] = np.inf
    pairs = _pair(cost)
    counted = [(i, j) for i, j in pairs if max(expected[i, 4], actual[j, 4]) >= min_score]
    loose = _count_loose(expected, {i for i, _ in pairs}, min_score)
    loose += _count_loose(actual, {j for _, j in pairs}, min_score)
    return RowAgreement(
        matched=len(counted),
        unmatched=loose,
        box_difference_px=max((float(box_px[pair]) for pair in counted), default=0.0),
        score_difference=max((float(score[pair]) for pair in counted), default=0.0),
    )


def _pair(cost: npt.NDArray[np.floating[Any]]) -> list[tuple[int, int]]:
    pairs = []
    cost = cost.copy()
    while cost.size and cost.min() <= 10:
        i, j = divmod(int(cost.argmin()), cost.shape[1])
        pairs.append((i, j))
        cost[i, :] = cost[:, j] = np.inf
    return pairs


def _count_loose(rows: FloatArray, paired: set[int], min_score: float) -> int:
    return sum(1 for index, row in enumerate(rows) if index not in paired and row[4] >= min_score)
