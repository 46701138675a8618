from __future__ import annotations

import numpy as np
import pytest

from domain.types import Box, Detection
from training.evaluation.average_precision import SceneCase, measure_scenes

PICTURE = np.zeros((100, 100, 3), np.uint8)
OBJECTS = [("dress", Box(0, 0, 50, 50)), ("hat", Box(60, 60, 90, 90))]


def case(*found: Detection) -> SceneCase:
    return SceneCase(PICTURE, OBJECTS, found, found[:1], ())


def test_what_is_found_exactly_has_full_precision() -> None:
    exact = [Detection(box, 0.9, label) for label, box in OBJECTS]
    figures = measure_scenes([case(*exact)], ["dress", "hat", "skirt"])
    assert (figures.map50, figures.map50_95) == pytest.approx((1.0, 1.0))
    assert [(row.name, row.objects) for row in figures.rows] == [("dress", 1), ("hat", 1)]


def test_a_loose_box_counts_at_the_lower_thresholds_only() -> None:
    loose = Detection(Box(0, 0, 50, 38), 0.9, "dress")
    figures = measure_scenes([case(loose)], ["dress", "hat"])
    assert figures.rows[0].map50 == pytest.approx(1.0)
    assert figures.rows[0].map50_95 == pytest.approx(0.6)
    assert figures.map50 == pytest.approx(0.5)


def test_a_wrong_label_finds_nothing() -> None:
    wrong = Detection(Box(0, 0, 50, 50), 0.9, "bag")
    assert measure_scenes([case(wrong)], ["dress", "hat"]).map50 == 0.0


def test_a_false_alarm_with_a_higher_score_costs_precision() -> None:
    alarm, right = Detection(Box(50, 0, 90, 40), 0.9, "dress"), Detection(OBJECTS[0][1], 0.5, "dress")
    assert measure_scenes([case(alarm, right)], ["dress"]).map50 == pytest.approx(0.5)


def test_what_the_server_keeps_is_counted_apart() -> None:
    exact = [Detection(box, 0.9, label) for label, box in OBJECTS]
    assert measure_scenes([case(*exact)], ["dress", "hat"]).served_map50 == pytest.approx(0.5)
