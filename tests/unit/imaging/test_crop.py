from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from domain.errors import InvalidInput
from domain.types import Box
from imaging.crop import (
    Interpolation,
    PadMode,
    box_pixels,
    check_box_pixels,
    crop,
    expand,
    fit_padded,
    pad_to_shape,
    resize,
)
from tests.unit.imaging import pictures

sides = st.integers(1, 80)


@st.composite
def boxes_in_pictures(draw: st.DrawFn) -> tuple[Box, int, int]:
    width, height = draw(sides), draw(sides)
    x1, x2 = sorted(draw(st.tuples(st.floats(0, width), st.floats(0, width))))
    y1, y2 = sorted(draw(st.tuples(st.floats(0, height), st.floats(0, height))))
    return Box(x1, y1, x2, y2), width, height


def test_boxes_count_as_far_as_they_are_inside_the_picture() -> None:
    boxes = [Box(-50, -50, 10, 20), Box(0, 0, 1e9, 1e9), Box(300, 300, 400, 400)]
    assert box_pixels(boxes, 100, 50) == 10 * 20 + 100 * 50
    assert box_pixels([Box(float("nan"), 0, float("inf"), 50)], 100, 50) == 100 * 50


def test_boxes_with_too_many_pixels_together_are_refused() -> None:
    boxes = [Box(0, 0, 10, 10)] * 3
    check_box_pixels(boxes, 100, 50, 300)
    with pytest.raises(InvalidInput, match=r"boxes: have 300 pixels together .* at most 299 are allowed"):
        check_box_pixels(boxes, 100, 50, 299)


def test_expand_grows_each_side_by_the_ratio() -> None:
    assert expand(Box(40, 40, 60, 80), 0.2, 100, 100) == Box(38, 36, 62, 84)


@given(boxes_in_pictures(), st.floats(0, 3))
def test_expanded_box_stays_inside_and_contains_the_box(case: tuple[Box, int, int], ratio: float) -> None:
    box, width, height = case
    grown = expand(box, ratio, width, height)
    assert 0 <= grown.x1 <= box.x1 <= box.x2 <= grown.x2 <= width
    assert 0 <= grown.y1 <= box.y1 <= box.y2 <= grown.y2 <= height


def test_crop_takes_every_pixel_the_box_touches() -> None:
    picture = pictures.draw_picture(20, 30)
    taken = crop(picture, Box(3.2, 4.0, 7.1, 9.0))
    np.testing.assert_array_equal(taken, picture[4:9, 3:8])
    assert not np.shares_memory(taken, picture)


@pytest.mark.parametrize(
    "box", [Box(-50, -50, 500, 500), Box(5, 5, 5, 5), Box(30, 20, 30, 20), Box(99, 99, 120, 120)]
)
def test_crop_of_an_odd_box_is_never_empty(box: Box) -> None:
    taken = crop(pictures.draw_picture(20, 30), box)
    assert 1 <= taken.shape[0] <= 20
    assert 1 <= taken.shape[1] <= 30


@given(boxes_in_pictures())
def test_crop_covers_the_box(case: tuple[Box, int, int]) -> None:
    box, width, height = case
    taken = crop(np.zeros((height, width, 3), np.uint8), box)
    assert taken.shape[0] >= min(box.height, height)
    assert taken.shape[1] >= min(box.width, width)


@given(height=sides, width=sides, mode=st.sampled_from(["reflect", "mean"]))
def test_padded_picture_is_square_and_contains_the_picture(height: int, width: int, mode: PadMode) -> None:
    picture = pictures.draw_picture(height, width)
    square = pad_to_shape(picture, 7, 7, mode)
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    assert square.shape == (side, side, 3)
    np.testing.assert_array_equal(square[top : top + height, left : left + width], picture)


def test_reflect_mirrors_without_repeating_the_edge() -> None:
    picture = pictures.draw_picture(10, 6)
    square = pad_to_shape(picture, 1, 1, "reflect")
    np.testing.assert_array_equal(square[:, :2], picture[:, [2, 1]])
    np.testing.assert_array_equal(square[:, 8:], picture[:, [4, 3]])


def test_mean_fills_with_the_mean_colour() -> None:
    picture = pictures.draw_picture(10, 6)
    square = pad_to_shape(picture, 1, 1, "mean")
    np.testing.assert_array_equal(square[0, 0], np.rint(picture.reshape(-1, 3).mean(axis=0)))


PILLOW = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}


@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear"])
@pytest.mark.parametrize("size", [(60, 90), (224, 224), (33, 300), (500, 700)])
def test_resize_is_close_to_pillow(interpolation: Interpolation, size: tuple[int, int]) -> None:
    texture = np.random.default_rng(0).normal(0, 12, (330, 450, 3))
    picture = np.clip(pictures.draw_picture(330, 450) + texture, 0, 255).astype(np.uint8)
    resized = resize(picture, *size, interpolation)
    pillow = np.asarray(Image.fromarray(picture).resize(size[::-1], PILLOW[interpolation]))
    assert resized.shape == (*size, 3)
    assert np.abs(resized.astype(int) - pillow).mean() < 1.0


def test_shrinking_is_antialiased() -> None:
    stripes = np.zeros((300, 420, 3), np.uint8)
    stripes[:, ::2] = 255
    middle = resize(stripes, 50, 70)[5:-5, 5:-5]
    assert np.abs(middle.astype(int) - 127).max() <= 12


@given(height=sides, width=sides, target_height=sides, target_width=sides)
def test_resize_keeps_a_plain_colour(height: int, width: int, target_height: int, target_width: int) -> None:
    plain = np.full((height, width, 3), (10, 130, 250), np.uint8)
    resized = resize(plain, target_height, target_width)
    assert resized.shape == (target_height, target_width, 3)
    assert np.abs(resized.astype(int) - (10, 130, 250)).max() <= 1


@pytest.mark.parametrize(
    ("size", "inner"), [((300, 200), (64, 43)), ((37, 90), (26, 64)), ((64, 64), (64, 64))]
)
@pytest.mark.parametrize("mode", ["reflect", "mean"])
def test_fit_padded_pads_the_resized_picture(
    mode: PadMode, size: tuple[int, int], inner: tuple[int, int]
) -> None:
    picture = pictures.draw_picture(*size)
    expected = pad_to_shape(resize(picture, *inner), 64, 64, mode)
    np.testing.assert_array_equal(fit_padded(picture, 64, 64, mode), expected)


@pytest.mark.parametrize("size", [(64, 64), (48, 96)])
def test_fit_padded_of_a_very_long_picture_takes_little_memory(size: tuple[int, int]) -> None:
    assert fit_padded(np.zeros((8, 60_000, 3), np.uint8), *size).shape == (*size, 3)


@given(height=sides, width=sides)
def test_padding_to_a_shape_that_is_not_square(height: int, width: int) -> None:
    picture = pictures.draw_picture(height, width)
    padded = pad_to_shape(picture, 2, 3)
    top, left = (padded.shape[0] - height) // 2, (padded.shape[1] - width) // 2
    assert abs(padded.shape[1] - 1.5 * padded.shape[0]) <= 1
    assert (padded.shape[0] == height) or (padded.shape[1] == width)
    np.testing.assert_array_equal(padded[top : top + height, left : left + width], picture)
