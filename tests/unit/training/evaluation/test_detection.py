from __future__ import annotations

import pytest

from domain.types import AnalyzedItem, Box
from training.evaluation.detection import BoxCase, in_pixels, measure_boxes

HAND = Box(0, 0, 50, 100)
FRAME = Box(0, 0, 100, 100)


def case(*boxes: Box, label: str = "dress", whole_image: bool = False, sender: str = "1") -> BoxCase:
    items = tuple(AnalyzedItem(box, 0.9, label, whole_image=whole_image) for box in boxes)
    return BoxCase(HAND, "dress", items, FRAME, sender)


def test_a_second_box_is_spurious_even_where_it_fits() -> None:
    figures = measure_boxes([case(HAND, Box(0, 0, 50, 90)), case(HAND)])
    assert figures is not None
    assert figures.found.value == 1.0
    assert figures.spurious.value == 0.5


def test_a_box_that_misses_is_spurious_and_nothing_is_found() -> None:
    figures = measure_boxes([case(Box(60, 0, 100, 100))])
    assert figures is not None
    assert (figures.found.value, figures.spurious.value, figures.iou.value) == (0.0, 1.0, 0.0)


def test_a_whole_photo_that_stands_in_is_no_box() -> None:
    figures = measure_boxes([case(FRAME, whole_image=True)])
    assert figures is not None
    assert (figures.found.value, figures.spurious.value) == (0.0, 0.0)


def test_the_frame_is_the_baseline() -> None:
    figures = measure_boxes([case()])
    assert figures is not None
    assert figures.frame_iou.value == pytest.approx(0.5)
    assert figures.frame_found.value == 1.0


def test_labelled_is_found_with_the_right_word() -> None:
    figures = measure_boxes([case(HAND), case(HAND, label="hat")])
    assert figures is not None
    assert (figures.found.value, figures.labelled.value) == (1.0, 0.5)


def test_no_case_is_no_figure() -> None:
    assert measure_boxes([]) is None


def test_shares_become_pixels() -> None:
    assert in_pixels(Box(0.1, 0.2, 0.5, 1.0), 200, 100) == Box(20, 20, 100, 100)


def test_intervals_are_over_contributors() -> None:
    cases = [case(HAND, sender=str(row % 2)) if row % 2 else case(sender=str(row % 2)) for row in range(40)]
    figures = measure_boxes(cases)
    assert figures is not None
    assert (figures.found.low, figures.found.value, figures.found.high) == (0.0, 0.5, 1.0)
    assert (figures.iou.low, figures.iou.high) == (0.0, 1.0)
