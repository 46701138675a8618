from __future__ import annotations

import math

import numpy as np
import pytest

from export.control import control_difference, control_distance, distances, to_control


def test_distances_are_row_by_row() -> None:
    assert distances(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [1.0, 1.0]])).tolist() == [
        5,
        0,
    ]


def test_control_distance_is_the_median_of_all_pairs() -> None:
    assert control_distance(np.array([[0.0], [1.0], [3.0]])) == 2.0
    assert control_distance(np.zeros((4, 2))) == 0.0


def test_control_difference_is_the_median_of_the_largest() -> None:
    outputs = np.zeros((3, 2, 2), np.float32)
    outputs[1, 0, 0], outputs[2, 1, 1] = 1, 3
    assert control_difference(outputs) == 3  # 1, 3 and 3


def test_any_difference_is_infinite_where_nothing_depends_on_the_input() -> None:
    assert to_control(0.5, 2.0) == pytest.approx(0.25)
    assert math.isinf(to_control(0.5, 0.0))
