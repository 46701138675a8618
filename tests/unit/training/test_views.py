from __future__ import annotations

import numpy as np

from domain.types import Pixels
from training.examples import Example
from training.views import plain_view, random_view


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
