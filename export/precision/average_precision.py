"""How well boxes are found: average precision as COCO counts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.types import Box, Detection
from models.nms import iou_matrix

FOUND_IOU = 0.5
RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True, slots=True)
class EvaluatedPicture:
    """One picture: the boxes it holds, the boxes that were detected, and boxes that count neither way."""

    ground_truth: Sequence[Detection]
    detections: Sequence[Detection]
    ignored: Sequence[Detection] = ()


def map50(pictures: Sequence[EvaluatedPicture]) -> float:
    """Mean of `average_precision` over the labels, at an overlap of one half; NaN without ground truth."""
    return float(np.mean([*average_precision(pictures).values()] or [np.nan]))


def average_precision(
    pictures: Sequence[EvaluatedPicture], min_iou: float = FOUND_IOU
) -> Mapping[str, float]:
    """By label of the ground truth: the mean over 101 recalls of the best precision that reaches them.

    Source: pycocotools' COCOeval, areas and numbers of boxes unlimited.
    """
    labels = sorted({box.label for picture in pictures for box in picture.ground_truth})
    return {label: _of_label([_only(picture, label) for picture in pictures], min_iou) for label in labels}


def mean_iou(pictures: Sequence[EvaluatedPicture]) -> float:
    """Mean overlap of the ground-truth boxes that were found with the best detection; NaN where none was."""
    best = [
        max(ious(box.box, [d.box for d in picture.detections if d.label == box.label]), default=0.0)
        for picture in pictures
        for box in picture.ground_truth
    ]
    return float(np.mean([iou for iou in best if iou >= FOUND_IOU] or [np.nan]))


def ious(box: Box, others: Sequence[Box]) -> list[float]:
    """Intersection over union with each."""
    rows = np.array([(b.x1, b.y1, b.x2, b.y2) for b in (box, *others)], np.float32)
    return [float(value) for value in iou_matrix(rows)[0, 1:]]


def _only(picture: EvaluatedPicture, label: str) -> EvaluatedPicture:
    ground_truth, detections, ignored = (
        [box for box in boxes if box.label == label]
        for boxes in (picture.ground_truth, picture.detections, picture.ignored)
    )
    return EvaluatedPicture(ground_truth, detections, ignored)


def _of_label(pictures: Sequence[EvaluatedPicture], min_iou: float) -> float:
    """Of pictures that hold one label alone."""
    outcomes = [pair for picture in pictures for pair in _outcomes(picture, min_iou)]
    outcomes.sort(key=lambda pair: -pair[0])
    hits = np.cumsum([hit for _, hit in outcomes])
    precision = hits / np.arange(1, len(hits) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    reached = np.searchsorted(hits / sum(len(picture.ground_truth) for picture in pictures), RECALLS)
    return float(np.append(best_from_here, 0.0)[reached].mean())


def _outcomes(picture: EvaluatedPicture, min_iou: float) -> Iterator[tuple[float, bool]]:
    """(score, right or wrong) of each detection, best first; those of an ignored box are left out."""
    left = list(picture.ground_truth)
    for detection in sorted(picture.detections, key=lambda detection: -detection.score):
        overlaps = ious(detection.box, [box.box for box in left])
        if overlaps and max(overlaps) >= min_iou:
            left.pop(int(np.argmax(overlaps)))
            yield detection.score, True
        elif max(ious(detection.box, [box.box for box in picture.ignored]), default=0.0) < min_iou:
            yield detection.score, False
