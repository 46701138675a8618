"""How well boxes are found again: average precision at an overlap of one half."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from domain.types import Box, Detection
from models.nms import iou_matrix

FOUND_IOU = 0.5


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is in it, what may be found or not, and what was found."""

    truth: Sequence[Detection]
    found: Sequence[Detection]
    neutral: Sequence[Detection] = ()


def map50(scenes: Sequence[Scene]) -> float:
    """Mean over the labels of the truth of the area under precision and recall, 0 to 1; NaN without truth."""
    labels = sorted({detection.label for scene in scenes for detection in scene.truth})
    return float(
        np.mean([_average_precision([_only(s, label) for s in scenes]) for label in labels] or [np.nan])
    )


def mean_iou(scenes: Sequence[Scene]) -> float:
    """Of the boxes of the truth that were found, how far the best one overlaps; NaN where none was."""
    best = [
        max(ious(truth.box, [found.box for found in scene.found if found.label == truth.label]), default=0.0)
        for scene in scenes
        for truth in scene.truth
    ]
    return float(np.mean([iou for iou in best if iou >= FOUND_IOU] or [np.nan]))


def ious(box: Box, others: Sequence[Box]) -> list[float]:
    """Intersection over union with each."""
    rows = np.array([(b.x1, b.y1, b.x2, b.y2) for b in (box, *others)], np.float32)
    return [float(value) for value in iou_matrix(rows)[0, 1:]]


def _only(scene: Scene, label: str) -> Scene:
    truth, found, neutral = (
        [detection for detection in detections if detection.label == label]
        for detections in (scene.truth, scene.found, scene.neutral)
    )
    return Scene(truth, found, neutral)


def _average_precision(scenes: Sequence[Scene]) -> float:
    """Of one label. Source: PASCAL VOC, area under all points."""
    outcomes = sorted((pair for scene in scenes for pair in _outcomes(scene)), reverse=True)
    hits = np.cumsum([hit for _, hit in outcomes])
    recall = np.concatenate([[0.0], hits / sum(len(scene.truth) for scene in scenes)])
    precision = hits / np.arange(1, len(hits) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(recall) * best_from_here).sum())


def _outcomes(scene: Scene) -> Iterator[tuple[float, bool]]:
    """(score, right or wrong) of each box found, best first; those on neutral ground are left out."""
    left = list(scene.truth)
    for detection in sorted(scene.found, key=lambda found: -found.score):
        overlaps = ious(detection.box, [truth.box for truth in left])
        if overlaps and max(overlaps) >= FOUND_IOU:
            left.pop(int(np.argmax(overlaps)))
            yield detection.score, True
        elif max(ious(detection.box, [other.box for other in scene.neutral]), default=0.0) < FOUND_IOU:
            yield detection.score, False
