"""Mean average precision (mAP) of the detector on composed scenes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.types import Box, Detection, Pixels
from export.precision.average_precision import EvaluatedPicture, average_precision
from training.data.scenes import Scene
from training.evaluation.serving import ServingPath

MIN_SCORE = 0.001
OVERLAPS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""IoU thresholds from which a detection matches a ground-truth box, as in COCO."""


@dataclass(frozen=True, slots=True, eq=False)
class SceneCase:
    """A scene with its ground-truth `objects` and its detections.

    `found` and `one_each` hold all detections from `MIN_SCORE` on, which average precision needs. `found` is
    after NMS per class, as in COCO; `one_each` is after NMS across classes, as in the server. `shown` is what
    the server answers, with its own score threshold.
    """

    picture: Pixels
    objects: Sequence[tuple[str, Box]]
    found: Sequence[Detection]
    one_each: Sequence[Detection]
    shown: Sequence[Detection]


@dataclass(frozen=True, slots=True)
class SceneRow:
    """Average precision of one category over all scenes."""

    name: str
    objects: int
    map50: float
    map50_95: float
    served_map50: float


@dataclass(frozen=True, slots=True)
class SceneFigures:
    """Means over the categories that occur in the scenes."""

    scenes: int
    objects: int
    map50: float
    map50_95: float
    served_map50: float
    rows: tuple[SceneRow, ...]


def measure_scenes(cases: Sequence[SceneCase], names: Sequence[str]) -> SceneFigures:
    """Average precision of the categories `names` at IoU 0.5 and at IoU 0.5 to 0.95.

    Source: the COCO detection metrics.
    """
    found = [_precision(cases, [case.found for case in cases], min_iou) for min_iou in OVERLAPS]
    served = _precision(cases, [case.one_each for case in cases], OVERLAPS[0])
    counts = Counter(label for case in cases for label, _ in case.objects)
    rows = tuple(
        SceneRow(name, counts[name], found[0][name], _mean(row[name] for row in found), served[name])
        for name in names
        if counts[name]
    )
    return SceneFigures(
        scenes=len(cases),
        objects=sum(row.objects for row in rows),
        map50=_mean(row.map50 for row in rows),
        map50_95=_mean(row.map50_95 for row in rows),
        served_map50=_mean(row.served_map50 for row in rows),
        rows=rows,
    )


def _precision(
    cases: Sequence[SceneCase], found: Sequence[Sequence[Detection]], min_iou: float
) -> Mapping[str, float]:
    expected = [[Detection(box, 1.0, label) for label, box in case.objects] for case in cases]
    return average_precision([EvaluatedPicture(*pair) for pair in zip(expected, found, strict=True)], min_iou)


def _mean(values: Iterable[float]) -> float:
    return float(np.mean([*values]))


def detect_in_scenes(path: ServingPath, scenes: Iterable[Scene]) -> Iterator[SceneCase]:
    """Run the detector on each scene."""
    for scene in scenes:
        found = path.detect(scene.picture, MIN_SCORE, any_class_iou_threshold=1.0)
        one_each = path.detect(scene.picture, MIN_SCORE)
        yield SceneCase(scene.picture, scene.objects, found, one_each, path.detect(scene.picture))
