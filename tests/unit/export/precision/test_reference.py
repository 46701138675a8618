from __future__ import annotations

import numpy as np
import pytest

from domain.types import Box, Detection
from export.precision.reference import against_reference, compare_texts, nearest, neighbour_overlap


def unit(count: int, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_row_is_not_its_own_neighbour() -> None:
    ranks = nearest(unit(30, 0))
    assert all(len(set(row)) == 10 and index not in row for index, row in enumerate(ranks))


def test_few_rows_have_few_neighbours() -> None:
    assert nearest(np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32)) == [[1, 2], [0, 2], [1, 0]]


def test_overlap_of_equals_is_whole_and_of_strangers_is_not() -> None:
    rows = unit(60, 0)
    assert neighbour_overlap(rows, rows) == 1
    assert neighbour_overlap(rows, rows + 0.01 * unit(60, 1)) > 0.9
    assert neighbour_overlap(rows, unit(60, 2)) < 0.5


def test_the_worst_text_is_what_counts() -> None:
    expected = np.array([[1, 0], [0, 1]], np.float32)
    actual = np.array([[1, 0], [0.6, 0.8]], np.float32)
    assert compare_texts(expected, actual) == {"reference_text_cosine": pytest.approx(0.8)}


def test_boxes_of_middling_scores_may_be_found_or_not() -> None:
    boxes = [Detection(Box(0, 0, 9, 9), score, "hat") for score in (0.25, 0.2, 0.15, 0.14)]
    picture = against_reference(boxes, boxes[:1])
    assert [box.score for box in picture.ground_truth] == [0.25]
    assert [box.score for box in picture.ignored] == [0.2, 0.15]
