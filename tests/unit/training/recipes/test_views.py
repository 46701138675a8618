from __future__ import annotations

import numpy as np
import pytest

from domain.types import Pixels
from training.data.examples import Example
from training.recipes import views
from training.recipes.views import plain_view, random_view


def example(mask: Pixels | None) -> Example:
    picture = np.full((96, 60, 3), 120, np.uint8)
    picture[30:60, 20:40] = (200, 30, 30)
    return Example(picture, mask, 0, (), None, None, None)


def test_a_plain_view_centres_the_picture_on_its_reflection() -> None:
    picture = np.zeros((40, 20, 3), np.uint8)
    picture[:, 10:] = 255
    view = plain_view(picture, 40)
    assert view.shape == (40, 40, 3)
    assert np.array_equal(view[:, 10:30], picture)
    assert np.array_equal(view[:, 9], picture[:, 1])


def test_views_differ_and_show_the_garment() -> None:
    mask = np.zeros((96, 60), np.uint8)
    mask[30:60, 20:40] = 255
    rng = np.random.default_rng(0)
    views = [random_view(example(mask), 32, rng) for _ in range(12)]
    assert {view.shape for view in views} == {(32, 32, 3)}
    assert len({view.tobytes() for view in views}) == 12
    red = [(view[..., 0].astype(int) - view[..., 1] > 60).mean() for view in views]
    assert min(red) > 0.03
    assert max(red) > 0.4


def test_a_picture_without_a_mask_has_views_too() -> None:
    assert random_view(example(None), 32, np.random.default_rng(0)).shape == (32, 32, 3)


def numbered(height: int, width: int) -> Pixels:
    """Every pixel says where it is: (row, column, 0)."""
    rows, columns = np.indices((height, width))
    return np.dstack([rows, columns, np.zeros_like(rows)]).astype(np.uint8)


def test_a_part_is_one_piece_from_anywhere() -> None:
    rng = np.random.default_rng(0)
    parts = [views._part(numbered(100, 80), rng) for _ in range(300)]
    for part in parts:
        (top, left, _), (height, width) = part[0, 0], part.shape[:2]
        assert np.array_equal(part, numbered(100, 80)[top : top + height, left : left + width])
        assert 60 <= height <= 100
        assert 48 <= width <= 80
    assert len({int(part[0, 0, 0]) for part in parts}) > 20
    assert len({int(part[0, 0, 1]) for part in parts}) > 15
    assert min(part.shape[0] for part in parts) < 65
    assert max(part.shape[0] for part in parts) > 95


def test_a_part_of_little_is_all_of_it() -> None:
    assert np.array_equal(views._part(numbered(8, 5), np.random.default_rng(0)), numbered(8, 5))


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_now_and_then_a_view_shows_a_part_only(monkeypatch: pytest.MonkeyPatch, chance: float) -> None:
    monkeypatch.setattr(views, "PART_CHANCE", chance)
    whole = Example(numbered(200, 200), None, 0, (), None, None, None)
    rng = np.random.default_rng(0)
    heights = [views._region(whole, rng).shape[0] for _ in range(200)]
    assert (min(heights) < 120) == (chance == 1)
    assert (max(heights) == 200) == (chance == 0)
