from __future__ import annotations

import numpy as np
import pytest

from domain.types import Box
from training.evaluation.products import (
    ITEM,
    WHOLE,
    WORN,
    ProductCase,
    measure_products,
    on_white,
    over_garment,
)

RED = (200, 10, 10)


def layer(height: int, width: int) -> np.ndarray:
    """An opaque red rectangle."""
    return np.full((height, width, 4), (*RED, 255), np.uint8)


def red(picture: np.ndarray) -> np.ndarray:
    return np.asarray((picture == RED).all(axis=2))


def test_a_garment_lies_in_the_middle_of_white() -> None:
    picture = on_white(layer(60, 30), np.random.default_rng(0))
    rows, columns = np.nonzero(red(picture))
    assert picture.shape == (480, 480, 3)
    assert abs(rows.min() + rows.max() - 479) <= 2
    assert abs(columns.min() + columns.max() - 479) <= 2
    assert 0.65 < (rows.max() - rows.min()) / 480 < 0.9
    assert picture[0, 0].min() >= 244


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(40, 50, 60, 90), Box(40, 50, 60, 90)),
        (Box(0, 50, 10, 90), Box(0, 50, 15, 90)),
        (Box(90, 80, 110, 120), Box(90, 80, 100, 100)),
    ],
)
def test_a_garment_covers_the_one_that_is_worn_as_far_as_the_picture_goes(box: Box, expected: Box) -> None:
    person = np.full((100, 100, 3), 128, np.uint8)
    picture, found = over_garment(layer(20, 10), person, box)
    rows, columns = np.nonzero(red(picture))
    assert found == expected
    assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (
        found.x1,
        found.y1,
        found.x2,
        found.y2,
    )
    assert not red(person).any()


def test_each_way_has_its_own_cases() -> None:
    cases = [
        ProductCase("dress", "a", {WHOLE: "dress", ITEM: "hat"}),
        ProductCase("hat", "b", {WHOLE: "hat", ITEM: "hat", WORN: "hat"}),
    ]
    figures = measure_products(cases, ["dress", "hat"])
    assert {way: (each.top1.value, each.top1.count) for way, each in figures.items()} == {
        WHOLE: (1.0, 2),
        ITEM: (0.5, 2),
        WORN: (1.0, 1),
    }
    assert measure_products([], ["dress"]) == {}
