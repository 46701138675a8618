"""Mean average precision on composed scenes, counted by pycocotools."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.types import Box, Detection, Pixels
from training.evaluation.serving import ServingPath
from training.scenes import Scene

MIN_SCORE = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class SceneCase:
    """A scene, what is in it, and what was found in it from `MIN_SCORE` on.

    From `found`, boxes went only where one of their own class was better, as COCO counts; `served` is what
    the server would keep, which says one thing of a garment.
    """

    picture: Pixels
    objects: Sequence[tuple[str, Box]]
    found: Sequence[Detection]
    served: Sequence[Detection]


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One category over all scenes."""

    name: str
    objects: int
    map50: float
    map50_95: float
    served_map50: float


@dataclass(frozen=True, slots=True)
class SceneFigures:
    """Means over the categories that the scenes hold."""

    scenes: int
    objects: int
    map50: float
    map50_95: float
    served_map50: float
    rows: tuple[SceneRow, ...]


def measure_scenes(cases: Sequence[SceneCase], names: Sequence[str]) -> SceneFigures:
    """COCO's average precision, IoU 0.5 and 0.5 to 0.95, of the categories `names`."""
    precision = _precision(cases, [case.found for case in cases], names)
    served = _precision(cases, [case.served for case in cases], names)
    counts = {name: sum(label == name for case in cases for label, _ in case.objects) for name in names}
    rows = tuple(
        SceneRow(
            name,
            counts[name],
            float(precision[0, :, i].mean()),
            float(precision[:, :, i].mean()),
            float(served[0, :, i].mean()),
        )
        for i, name in enumerate(names)
        if counts[name]
    )
    return SceneFigures(
        scenes=len(cases),
        objects=sum(counts.values()),
        map50=float(np.mean([row.map50 for row in rows])),
        map50_95=float(np.mean([row.map50_95 for row in rows])),
        served_map50=float(np.mean([row.served_map50 for row in rows])),
        rows=rows,
    )


def _precision(
    cases: Sequence[SceneCase], detections: Sequence[Sequence[Detection]], names: Sequence[str]
) -> Any:
    """(10 thresholds of IoU, 101 of recall, categories)."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    ids = {name: index + 1 for index, name in enumerate(names)}
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = _truth(cases, ids)
        truth.createIndex()
        found = _found(detections, ids)
        if not found:
            return np.zeros((10, 101, len(names)))
        evaluation = COCOeval(truth, truth.loadRes(found), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
    return evaluation.eval["precision"][:, :, :, 0, -1]


def _truth(cases: Sequence[SceneCase], ids: dict[str, int]) -> dict[str, Any]:
    objects = [(image, label, box) for image, case in enumerate(cases) for label, box in case.objects]
    return {
        "info": {},
        "images": [
            {"id": image, "width": case.picture.shape[1], "height": case.picture.shape[0]}
            for image, case in enumerate(cases)
        ],
        "categories": [{"id": id, "name": name} for name, id in ids.items()],
        "annotations": [
            {
                "id": index + 1,
                "image_id": image,
                "category_id": ids[label],
                "bbox": _xywh(box),
                "area": box.width * box.height,
                "iscrowd": 0,
            }
            for index, (image, label, box) in enumerate(objects)
            if label in ids
        ],
    }


def _found(detections: Sequence[Sequence[Detection]], ids: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"image_id": image, "category_id": ids[d.label], "bbox": _xywh(d.box), "score": d.score}
        for image, found in enumerate(detections)
        for d in found
        if d.label in ids
    ]


def _xywh(box: Box) -> list[float]:
    return [box.x1, box.y1, box.width, box.height]


def find_in_scenes(path: ServingPath, scenes: Iterable[Scene]) -> Iterator[SceneCase]:
    """Each scene with what the detector finds in it."""
    for scene in scenes:
        found = path.detect(scene.picture, MIN_SCORE, any_class_iou_threshold=1.0)
        yield SceneCase(scene.picture, scene.objects, found, path.detect(scene.picture, MIN_SCORE))
