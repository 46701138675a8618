"""How well boxes are found again: average precision as COCO counts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.types import Box, Detection
from models.nms import iou_matrix

FOUND_IOU = 0.5
RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is in it, what may be found or not, and what was found."""

    truth: Sequence[Detection]
    found: Sequence[Detection]
    neutral: Sequence[Detection] = ()


def map50(scenes: Sequence[Scene]) -> float:
    """Mean of `average_precision` over the labels, at an overlap of one half; NaN without truth."""
    return float(np.mean([*average_precision(scenes).values()] or [np.nan]))


def average_precision(scenes: Sequence[Scene], min_iou: float = FOUND_IOU) -> Mapping[str, float]:
    """By label of the truth, 0 to 1: the mean over 101 recalls of the best precision that reaches them.

    Source: pycocotools' COCOeval, areas and numbers of boxes unlimited.
    """
    labels = sorted({detection.label for scene in scenes for detection in scene.truth})
    return {label: _of_one([_only(scene, label) for scene in scenes], min_iou) for label in labels}


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


def _of_one(scenes: Sequence[Scene], min_iou: float) -> float:
    """Of scenes that hold one label alone."""
    outcomes = [pair for scene in scenes for pair in _outcomes(scene, min_iou)]
    outcomes.sort(key=lambda pair: -pair[0])
    hits = np.cumsum([hit for _, hit in outcomes])
    precision = hits / np.arange(1, len(hits) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    reached = np.searchsorted(hits / sum(len(scene.truth) for scene in scenes), RECALLS)
    return float(np.append(best_from_here, 0.0)[reached].mean())


def _outcomes(scene: Scene, min_iou: float) -> Iterator[tuple[float, bool]]:
    """(score, right or wrong) of each box found, best first; those on neutral ground are left out."""
    left = list(scene.truth)
    for detection in sorted(scene.found, key=lambda found: -found.score):
        overlaps = ious(detection.box, [truth.box for truth in left])
        if overlaps and max(overlaps) >= min_iou:
            left.pop(int(np.argmax(overlaps)))
            yield detection.score, True
        elif max(ious(detection.box, [other.box for other in scene.neutral]), default=0.0) < min_iou:
            yield detection.score, False
