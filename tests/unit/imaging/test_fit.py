from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from domain.types import Pixels
from imaging.fit import contain, cover, squash
from tests.unit.imaging import pictures

sides = st.integers(1, 80)
Fit = Callable[[Pixels, int, int], Pixels]
EVERY: list[Fit] = [squash, cover, partial(contain, fill=0)]


@pytest.mark.parametrize("fit", EVERY)
@given(size=st.tuples(sides, sides, sides, sides))
def test_the_size_is_the_one_asked_for(fit: Fit, size: tuple[int, int, int, int]) -> None:
    height, width, target_height, target_width = size
    picture = np.full((height, width, 3), 200, np.uint8)
    assert fit(picture, target_height, target_width).shape == (target_height, target_width, 3)


@pytest.mark.parametrize("fit", EVERY)
@pytest.mark.parametrize("size", [(64, 64), (40, 60), (60, 40)])
def test_pictures_of_the_inputs_shape_are_only_resized(fit: Fit, size: tuple[int, int]) -> None:
    picture = pictures.draw_picture(size[0] * 3, size[1] * 3)
    np.testing.assert_array_equal(fit(picture, *size), squash(picture, *size))


def test_squash_keeps_every_corner() -> None:
    picture = np.zeros((40, 120, 3), np.uint8)
    picture[:20, :60, 0] = picture[20:, 60:, 1] = 255
    squashed = squash(picture, 32, 32)
    assert squashed[0, 0].tolist() == [255, 0, 0]
    assert squashed[-1, -1].tolist() == [0, 255, 0]
    assert squashed[0, -1].tolist() == [0, 0, 0]


def test_cover_shows_the_middle_undistorted() -> None:
    picture = np.zeros((100, 300, 3), np.uint8)
    picture[:, 100:200] = 255
    assert (cover(picture, 50, 50) > 200).all()
    picture[:, :100, 0] = 255
    assert (cover(picture, 50, 100)[:, :20, 0] > 200).all()


@pytest.mark.parametrize("size", [(48, 48), (32, 56), (56, 32)])
@pytest.mark.parametrize("shape", [(120, 90), (90, 121), (333, 100), (50, 49), (20, 11)])
def test_cover_is_close_to_pillows_fit(size: tuple[int, int], shape: tuple[int, int]) -> None:
    picture = pictures.draw_picture(*shape)
    theirs = np.asarray(ImageOps.fit(Image.fromarray(picture), size[::-1], Image.Resampling.BICUBIC))
    # Pillow cuts at fractions of a pixel, we at whole ones, as torchvision does.
    assert np.abs(cover(picture, *size).astype(int) - theirs).mean() < 6


def test_contain_centres_on_the_fill() -> None:
    white = np.full((100, 50, 3), 255, np.uint8)
    fitted = contain(white, 40, 41, fill=7)
    assert (fitted[:, :10] == 7).all()
    assert (fitted[:, 10:30] > 250).all()
    assert (fitted[:, 30:] == 7).all()


@pytest.mark.parametrize("fit", EVERY)
@pytest.mark.parametrize("shape", [(8, 60_000, 3), (60_000, 8, 3)])
def test_a_very_long_picture_takes_little_memory(fit: Fit, shape: tuple[int, int, int]) -> None:
    picture = np.zeros(shape, np.uint8)
    tracemalloc.start()
    try:
        assert fit(picture, 224, 224).shape == (224, 224, 3)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
