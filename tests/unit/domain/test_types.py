from __future__ import annotations

import pytest

from domain.types import Box


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Box(0, 0, 10, 10), 1.0),
        (Box(5, 0, 15, 10), 1 / 3),
        (Box(0, 0, 5, 5), 0.25),
        (Box(10, 0, 20, 10), 0.0),
        (Box(30, 30, 40, 40), 0.0),
    ],
)
def test_intersection_over_union(other: Box, expected: float) -> None:
    assert Box(0, 0, 10, 10).iou(other) == pytest.approx(expected)
    assert other.iou(Box(0, 0, 10, 10)) == pytest.approx(expected)


def test_empty_boxes_share_nothing() -> None:
    assert Box(1, 1, 1, 1).iou(Box(1, 1, 1, 1)) == 0.0
