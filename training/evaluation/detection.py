"""Detections compared with boxes drawn by hand, on photos of one garment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.types import AnalyzedItem, Box
from export.precision.average_precision import FOUND_IOU, ious
from training.evaluation.intervals import Estimate, mean, share


@dataclass(frozen=True, slots=True)
class BoxFigures:
    """`iou` is that of the best detection, 0 if there is none; `labelled`: found, with the right category."""

    found: Estimate
    labelled: Estimate
    spurious: Estimate
    iou: Estimate
    frame_found: Estimate
    frame_iou: Estimate


@dataclass(frozen=True, slots=True)
class BoxCase:
    """One photo: the annotated box in pixels, the photo's items, and the frame of the whole photo."""

    hand: Box
    category: str
    items: tuple[AnalyzedItem, ...]
    frame: Box
    sender: str


def measure_boxes(cases: Sequence[BoxCase]) -> BoxFigures | None:
    """Measure all cases, with the whole frame as baseline; None if there is no case."""
    if not cases:
        return None
    overlaps = [ious(case.hand, detected(case.items)) for case in cases]
    best = [max(row, default=0.0) for row in overlaps]
    frames = [ious(case.hand, [case.frame])[0] for case in cases]
    labelled = [_labelled(case, row) for case, row in zip(cases, overlaps, strict=True)]
    senders = [case.sender for case in cases]
    return BoxFigures(
        found=share([iou >= FOUND_IOU for iou in best], senders),
        labelled=share(labelled, senders),
        spurious=mean([float(spurious(row)) for row in overlaps], senders),
        iou=mean(best, senders),
        frame_found=share([iou >= FOUND_IOU for iou in frames], senders),
        frame_iou=mean(frames, senders),
    )


def detected(items: Sequence[AnalyzedItem]) -> list[Box]:
    """The boxes of the detector, without the whole-photo item that replaces a missing box."""
    return [item.box for item in items if not item.whole_image]


def spurious(overlaps: Sequence[float]) -> int:
    """The number of false positives: all boxes but the one that matches the garment."""
    return len(overlaps) - (max(overlaps, default=0.0) >= FOUND_IOU)


def in_pixels(shares: Box, width: float, height: float) -> Box:
    """Convert a box from shares of the photo's sides to pixels."""
    return Box(shares.x1 * width, shares.y1 * height, shares.x2 * width, shares.y2 * height)


def _labelled(case: BoxCase, overlaps: Sequence[float]) -> bool:
    items = [item for item in case.items if not item.whole_image]
    return any(
        iou >= FOUND_IOU and item.label == case.category for item, iou in zip(items, overlaps, strict=True)
    )
