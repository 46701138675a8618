"""The figures an artifact must reach before it may be used, and how they are measured."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict

from domain.types import FloatArray

Task: TypeAlias = Literal["detect", "embed"]

Precision: TypeAlias = Literal["fp32", "fp16", "int8"]
"""What a graph computes in; inputs and outputs are the same whatever it is."""


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


# A graph of lower precision beside its twin in fp32, on the pictures and texts of the gate.
TWIN_BOUNDS: Mapping[tuple[Task, Precision], Mapping[str, Bound]] = MappingProxyType(
    {
        ("embed", "fp16"): {
            # Embeddings of the same input: the worst of all.
            "twin_image_cosine": Bound(at_least=0.999),
            "twin_text_cosine": Bound(at_least=0.999),
            # Of a picture's ten nearest, the share that are so by the twin too: mean of all pictures.
            "twin_overlap_at_10": Bound(at_least=0.97),
        },
        ("embed", "int8"): {
            "twin_image_cosine": Bound(at_least=0.99),
            "twin_text_cosine": Bound(at_least=0.99),
            "twin_overlap_at_10": Bound(at_least=0.9),
        },
        ("detect", "fp16"): {
            # How many boxes the twin finds, how well they are found again, and how well those found lie.
            "twin_boxes": Bound(at_least=5),
            "twin_map50": Bound(at_least=0.99),
            "twin_box_iou": Bound(at_least=0.98),
        },
        ("detect", "int8"): {
            "twin_boxes": Bound(at_least=5),
            "twin_map50": Bound(at_least=0.9),
            "twin_box_iou": Bound(at_least=0.9),
        },
    }
)

# Both on labelled photos, in points of a hundred. They are measured where there are such photos.
ACCURACY_BOUNDS: Mapping[Task, Mapping[str, Bound]] = MappingProxyType(
    {
        "embed": {
            "photos": Bound(at_least=100),
            # How much better the twin is than a guess: labels that it cannot tell apart prove nothing.
            "category_top1_over_chance_points": Bound(at_least=5),
            "category_top1_drop_points": Bound(at_most=0.5),
            "precision_at_10_drop_points": Bound(at_most=0.5),
        },
        "detect": {
            "photos": Bound(at_least=100),
            "photo_boxes": Bound(at_least=50),
            # The twin's own: labels that it does not know prove nothing.
            "photo_map50_points": Bound(at_least=10),
            "map50_drop_points": Bound(at_most=1),
        },
    }
)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a machine may be from the golden outputs of the one that made the model.

    `cosine` is the least; `box_px` and `score` the most, for boxes of at least `min_score`, of which the
    share `unmatched` may have no partner.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    cosine: float = 0.999
    box_px: float = BOX_TOLERANCE_PX
    score: float = SCORE_TOLERANCE
    min_score: float = 0.01
    unmatched: float = 0.01

    def within(self, other: Tolerance) -> bool:
        """Whether it is no wider than `other` in anything."""
        return (
            self.cosine >= other.cosine
            and self.box_px <= other.box_px
            and self.score <= other.score
            and self.min_score <= other.min_score
            and self.unmatched <= other.unmatched
        )


def tolerance(precision: Precision) -> Tolerance:
    """What fits a precision: another CPU adds up in another order, and where values are rounded to few steps
    some of them land on the next step."""
    if precision == "fp16":
        return Tolerance(cosine=0.999, box_px=2.0, score=0.02, min_score=0.05, unmatched=0.02)
    if precision == "int8":
        return Tolerance(cosine=0.995, box_px=8.0, score=0.1, min_score=0.15, unmatched=0.1)
    return Tolerance()


def bounds(task: Task, precision: Precision = "fp32") -> Mapping[str, Bound]:
    """What each figure that must be there is held to."""
    base = DETECT_BOUNDS if task == "detect" else EMBED_BOUNDS
    return {**base, **TWIN_BOUNDS.get((task, precision), {})}


def possible_bounds(task: Task, precision: Precision = "fp32") -> Mapping[str, Bound]:
    """`bounds`, and those of the figures that need labelled photos."""
    extra = {} if precision == "fp32" else ACCURACY_BOUNDS[task]
    return {**bounds(task, precision), **extra}


def complaints(task: Task, figures: Mapping[str, float], precision: Precision = "fp32") -> list[str]:
    """One line for each figure that is missing, unknown or out of bounds."""
    known = possible_bounds(task, precision)
    measured = any(name in figures for name in ACCURACY_BOUNDS[task])
    required = known if measured else bounds(task, precision)
    kind = f"task {task!r} in {precision}"
    lines = [f"{name} is not a parity figure of {kind}" for name in figures if name not in known]
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


def compare_rows(
    expected: FloatArray,
    actual: FloatArray,
    min_score: float,
    *,
    box_px: float = BOX_TOLERANCE_PX,
    score: float = SCORE_TOLERANCE,
) -> RowAgreement:
    """Pair each row [x1, y1, x2, y2, score, class] of at least `min_score` with its like on the other side.

    Both (K, 6). A row may pair with one below `min_score`, so a score at the edge does not count as missing.
    A row whose nearest unused partner is more than ten tolerances (`box_px`, `score`) away is unmatched.
    """
    boxes = np.abs(expected[:, None, :4] - actual[None, :, :4]).max(axis=2)
    scores = np.abs(expected[:, None, 4] - actual[None, :, 4])
    cost = np.maximum(boxes / box_px, scores / score)
    cost[expected[:, None, 5] != actual[None, :, 5]] = np.inf
    pairs = _pair(cost)
    counted = [(i, j) for i, j in pairs if max(expected[i, 4], actual[j, 4]) >= min_score]
    loose = _count_loose(expected, {i for i, _ in pairs}, min_score)
    loose += _count_loose(actual, {j for _, j in pairs}, min_score)
    return RowAgreement(
        matched=len(counted),
        unmatched=loose,
        box_difference_px=max((float(boxes[pair]) for pair in counted), default=0.0),
        score_difference=max((float(scores[pair]) for pair in counted), default=0.0),
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
