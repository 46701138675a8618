from __future__ import annotations

import math

import pytest

from domain.types import Box, Detection
from export.boxes import Scene, ious, map50, mean_iou


def at(x: float, score: float = 0.9, label: str = "dress") -> Detection:
    """A box 10 px wide and high."""
    return Detection(Box(x, 0, x + 10, 10), score, label)


def test_what_is_found_as_it_is_is_perfect() -> None:
    scene = Scene(truth=[at(0), at(50, label="hat")], found=[at(0), at(50, label="hat")])
    assert map50([scene]) == mean_iou([scene]) == 1


def test_every_label_counts_the_same() -> None:
    hats = [at(50 * i, label="hat") for i in range(3)]
    assert map50([Scene(truth=[at(500), *hats], found=hats)]) == 0.5


def test_a_false_box_costs_only_what_it_comes_before() -> None:
    truth = [at(0), at(50)]
    found = [at(0, 0.9), at(50, 0.5)]
    assert map50([Scene(truth, [*found, at(200, 0.1)])]) == 1
    assert map50([Scene(truth, [*found, at(200, 0.7)])]) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_scores_are_compared_across_pictures() -> None:
    wrong, right = Scene([at(0)], [at(200, 0.9)]), Scene([at(0)], [at(0, 0.5)])
    assert map50([wrong, right]) == pytest.approx(0.25)


def test_one_box_is_found_once() -> None:
    assert map50([Scene([at(0), at(100)], [at(0, 0.9), at(1, 0.8), at(100, 0.7)])]) == pytest.approx(
        0.5 + 0.5 * 2 / 3
    )


def test_a_box_of_another_label_or_less_overlap_does_not_count() -> None:
    assert map50([Scene([at(0)], [at(0, label="hat")])]) == 0
    assert map50([Scene([at(0)], [at(4)])]) == 0
    assert map50([Scene([at(0)], [at(3)])]) == 1


def test_neutral_ground_is_neither_right_nor_wrong() -> None:
    found = [at(200, 0.95), at(0, 0.9)]
    assert map50([Scene([at(0)], found)]) == 0.5
    assert map50([Scene([at(0)], found, neutral=[at(201)])]) == 1


def test_nothing_to_find_is_no_figure() -> None:
    assert math.isnan(map50([Scene([], [at(0)])]))
    assert math.isnan(mean_iou([Scene([at(0)], [])]))


def test_overlap_of_those_found() -> None:
    assert ious(at(0).box, [at(0).box, at(5).box]) == pytest.approx([1, 1 / 3])
    scene = Scene([at(0), at(100)], [at(1), at(300)])
    assert mean_iou([scene]) == pytest.approx(9 / 11)
