from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from domain.types import Box, Detection
from export.precision.average_precision import EvaluatedPicture, average_precision, ious, map50, mean_iou


def at(x: float, score: float = 0.9, label: str = "dress") -> Detection:
    """A box 10 px wide and high."""
    return Detection(Box(x, 0, x + 10, 10), score, label)


def test_what_is_found_as_it_is_is_perfect() -> None:
    picture = EvaluatedPicture(
        ground_truth=[at(0), at(50, label="hat")], detections=[at(0), at(50, label="hat")]
    )
    assert map50([picture]) == mean_iou([picture]) == 1


def test_every_label_counts_the_same() -> None:
    hats = [at(50 * i, label="hat") for i in range(3)]
    assert map50([EvaluatedPicture(ground_truth=[at(500), *hats], detections=hats)]) == 0.5


def test_a_false_box_costs_only_what_it_comes_before() -> None:
    truth = [at(0), at(50)]
    found = [at(0, 0.9), at(50, 0.5)]
    assert map50([EvaluatedPicture(truth, [*found, at(200, 0.1)])]) == 1
    assert map50([EvaluatedPicture(truth, [*found, at(200, 0.7)])]) == pytest.approx((51 + 50 * 2 / 3) / 101)


def test_scores_are_compared_across_pictures() -> None:
    wrong, right = EvaluatedPicture([at(0)], [at(200, 0.9)]), EvaluatedPicture([at(0)], [at(0, 0.5)])
    assert map50([wrong, right]) == pytest.approx(51 / 101 / 2)


def test_one_box_is_found_once() -> None:
    assert map50(
        [EvaluatedPicture([at(0), at(100)], [at(0, 0.9), at(1, 0.8), at(100, 0.7)])]
    ) == pytest.approx((51 + 50 * 2 / 3) / 101)


def test_a_box_of_another_label_or_less_overlap_does_not_count() -> None:
    assert map50([EvaluatedPicture([at(0)], [at(0, label="hat")])]) == 0
    assert map50([EvaluatedPicture([at(0)], [at(4)])]) == 0
    assert map50([EvaluatedPicture([at(0)], [at(3)])]) == 1


def test_more_overlap_can_be_asked_for() -> None:
    pictures = [
        EvaluatedPicture([at(0)], [at(3)]),
        EvaluatedPicture([at(50, label="hat")], [at(50, label="hat")]),
    ]
    assert average_precision(pictures) == {"dress": 1, "hat": 1}
    assert average_precision(pictures, 0.6) == {"dress": 0, "hat": 1}


@pytest.mark.parametrize("min_iou", [0.5, 0.75])
def test_precision_is_what_pycocotools_counts(min_iou: float) -> None:
    pictures = random_pictures(np.random.default_rng(5))
    expected = count_by_pycocotools(pictures, min_iou)
    assert average_precision(pictures, min_iou) == pytest.approx(expected, abs=1e-9)
    assert 0.1 < min(expected.values()) < max(expected.values()) < 0.95


def random_pictures(rng: np.random.Generator) -> list[EvaluatedPicture]:
    """Sixty pictures of up to four things; most are found, roughly, and some that are not there."""
    pictures = []
    for _ in range(60):
        truth = [some_thing(rng) for _ in range(int(rng.integers(0, 5)))]
        kept = [thing for thing in truth if rng.random() < 0.8]
        found = [moved(thing, rng) for thing in [*kept, *kept[:1]]] + [some_thing(rng)]
        pictures.append(EvaluatedPicture(truth, found))
    return pictures


def some_thing(rng: np.random.Generator) -> Detection:
    x, y = rng.uniform(0, 150, 2)
    width, height = rng.uniform(20, 100, 2)
    label = ("dress", "hat", "shoes")[int(rng.choice(3, p=[0.6, 0.3, 0.1]))]
    return Detection(Box(x, y, x + width, y + height), float(rng.uniform(0, 0.7)), label)


def moved(thing: Detection, rng: np.random.Generator) -> Detection:
    x, y = rng.normal(0, 5, 2)
    box = Box(thing.box.x1 + x, thing.box.y1 + y, thing.box.x2 + x, thing.box.y2 + y)
    return Detection(box, float(rng.uniform(0.2, 1)), thing.label)


def count_by_pycocotools(pictures: Sequence[EvaluatedPicture], min_iou: float) -> dict[str, float]:
    coco = pytest.importorskip("pycocotools.coco")
    from pycocotools.cocoeval import COCOeval

    labels = sorted({thing.label for picture in pictures for thing in picture.ground_truth})
    truth = coco.COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": image} for image in range(len(pictures))],
        "categories": [{"id": index, "name": label} for index, label in enumerate(labels, 1)],
        "annotations": rows_of([picture.ground_truth for picture in pictures], labels),
    }
    truth.createIndex()
    found = truth.loadRes(rows_of([picture.detections for picture in pictures], labels))
    evaluation = COCOeval(truth, found, "bbox")
    evaluation.params.iouThrs = np.array([min_iou])
    evaluation.evaluate()
    evaluation.accumulate()
    precision = evaluation.eval["precision"][0, :, :, 0, -1].mean(axis=0)
    return dict(zip(labels, precision.tolist(), strict=True))


def rows_of(pictures: Sequence[Sequence[Detection]], labels: Sequence[str]) -> list[dict[str, Any]]:
    rows = [(image, thing) for image, things in enumerate(pictures) for thing in things]
    return [
        {
            "id": index,
            "image_id": image,
            "category_id": 1 + labels.index(thing.label),
            "bbox": [thing.box.x1, thing.box.y1, thing.box.width, thing.box.height],
            "area": thing.box.width * thing.box.height,
            "iscrowd": 0,
            "score": thing.score,
        }
        for index, (image, thing) in enumerate(rows, 1)
    ]


def test_an_ignored_box_is_neither_right_nor_wrong() -> None:
    found = [at(200, 0.95), at(0, 0.9)]
    assert map50([EvaluatedPicture([at(0)], found)]) == 0.5
    assert map50([EvaluatedPicture([at(0)], found, ignored=[at(201)])]) == 1


def test_nothing_to_find_is_no_figure() -> None:
    assert math.isnan(map50([EvaluatedPicture([], [at(0)])]))
    assert math.isnan(mean_iou([EvaluatedPicture([at(0)], [])]))


def test_overlap_of_those_found() -> None:
    assert ious(at(0).box, [at(0).box, at(5).box]) == pytest.approx([1, 1 / 3])
    picture = EvaluatedPicture([at(0), at(100)], [at(1), at(300)])
    assert mean_iou([picture]) == pytest.approx(9 / 11)
