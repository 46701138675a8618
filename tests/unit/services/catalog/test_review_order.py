from __future__ import annotations

import numpy as np

from services.catalog.review_order import most_useful

NONE = np.zeros((0, 2), dtype=np.float32)
EAST, NORTH, WEST = ([1.0, 0.0], [0.0, 1.0], [-1.0, 0.0])


def vectors(*rows: list[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array(rows, dtype=np.float32)


def test_the_least_sure_is_first_and_what_is_like_it_last() -> None:
    assert most_useful([0.5, 0.9, 0.8], vectors(NORTH, EAST, EAST), NONE, 3) == [1, 0, 2]


def test_what_is_like_reviewed_items_waits() -> None:
    assert most_useful([0.9, 0.3], vectors(EAST, NORTH), vectors(EAST), 2) == [1, 0]


def test_uncertainty_and_distance_are_weighed() -> None:
    assert most_useful([0.9, 0.4, 0.3], vectors(EAST, NORTH, WEST), NONE, 2) == [0, 2]


def test_there_may_be_fewer_than_are_wanted() -> None:
    assert most_useful([], NONE, NONE, 3) == []
    assert most_useful([0.0, 0.0], vectors(EAST, EAST), NONE, 3) == [0, 1]
