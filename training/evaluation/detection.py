"""Boxes found against boxes drawn by hand: photos of one garment each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.types import AnalyzedItem, Box
from export.boxes import FOUND_IOU, ious
from training.evaluation.intervals import Estimate, mean, share


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
    sender: str


def measure_boxes(cases: Sequence[BoxCase]) -> BoxFigures | None:
    """None without a case; the whole frame as the only box is the baseline."""
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
    """The detector's boxes; a whole photo that stands in for none is no box."""
    return [item.box for item in items if not item.whole_image]


def spurious(overlaps: Sequence[float]) -> int:
    """How many boxes are too many: all but the one that found the garment."""
    return len(overlaps) - (max(overlaps, default=0.0) >= FOUND_IOU)


def in_pixels(shares: Box, width: float, height: float) -> Box:
    """A box in shares of a photo's sides as pixels."""
    return Box(shares.x1 * width, shares.y1 * height, shares.x2 * width, shares.y2 * height)


def _labelled(case: BoxCase, overlaps: Sequence[float]) -> bool:
    items = [item for item in case.items if not item.whole_image]
    return any(
        iou >= FOUND_IOU and item.label == case.category for item, iou in zip(items, overlaps, strict=True)
    )
