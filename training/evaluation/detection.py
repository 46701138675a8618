"""Boxes found against boxes drawn by hand: photos of one garment each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.types import AnalyzedItem, Box, FloatArray
from models.nms import iou_matrix
from training.evaluation.intervals import Estimate, mean, share

IOU_FOUND = 0.5


@dataclass(frozen=True, slots=True)
class BoxFigures:
    """`iou` is that of the best box, 0 where there is none; `labelled` is found and of the right category."""

    found: Estimate
    labelled: Estimate
    spurious: Estimate
    iou: Estimate
    frame_found: Estimate
    frame_iou: Estimate


@dataclass(frozen=True, slots=True)
class BoxCase:
    """One photo: the box by hand in pixels, the photo's items and the frame around all of it."""

    hand: Box
    category: str
    items: tuple[AnalyzedItem, ...]
    frame: Box


def measure_boxes(cases: Sequence[BoxCase]) -> BoxFigures | None:
    """None without a case; the whole frame as the only box is the baseline."""
    if not cases:
        return None
    overlaps = [ious(case.hand, detected(case.items)) for case in cases]
    best = [max(row, default=0.0) for row in overlaps]
    frames = [ious(case.hand, [case.frame])[0] for case in cases]
    return BoxFigures(
        found=share([iou >= IOU_FOUND for iou in best]),
        labelled=share([_labelled(case, row) for case, row in zip(cases, overlaps, strict=True)]),
        spurious=mean([float(spurious(row)) for row in overlaps]),
        iou=mean(best),
        frame_found=share([iou >= IOU_FOUND for iou in frames]),
        frame_iou=mean(frames),
    )


def detected(items: Sequence[AnalyzedItem]) -> list[Box]:
    """The detector's boxes; a whole photo that stands in for none is no box."""
    return [item.box for item in items if not item.whole_image]


def spurious(overlaps: Sequence[float]) -> int:
    """How many boxes are too many: all but the one that found the garment."""
    return len(overlaps) - (max(overlaps, default=0.0) >= IOU_FOUND)


def ious(box: Box, others: Sequence[Box]) -> list[float]:
    """Intersection over union with each."""
    rows = np.array([_xyxy(box), *map(_xyxy, others)], np.float32)
    matrix: FloatArray = iou_matrix(rows)
    return [float(value) for value in matrix[0, 1:]]


def in_pixels(shares: Box, width: float, height: float) -> Box:
    """A box in shares of a photo's sides as pixels."""
    return Box(shares.x1 * width, shares.y1 * height, shares.x2 * width, shares.y2 * height)


def _labelled(case: BoxCase, overlaps: Sequence[float]) -> bool:
    items = [item for item in case.items if not item.whole_image]
    return any(
        iou >= IOU_FOUND and item.label == case.category for item, iou in zip(items, overlaps, strict=True)
    )


def _xyxy(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2
