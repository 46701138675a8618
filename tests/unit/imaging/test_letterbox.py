from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.letterbox import letterbox
from tests.unit.imaging import pictures

sides = st.integers(1, 300)
targets = st.integers(32, 200)


def test_geometry_of_a_landscape_picture() -> None:
    boxed, transform = letterbox(np.full((50, 100, 3), 200, np.uint8), 64, 64)
    assert boxed.shape == (64, 64, 3)
    assert (transform.left_px, transform.top_px) == (0, 16)
    assert (boxed[16:48] == 200).all()
    assert (boxed[:16] == 114).all()
    assert (boxed[48:] == 114).all()


def test_an_odd_margin_gives_the_larger_half_to_the_far_side() -> None:
    boxed, transform = letterbox(np.full((61, 64, 3), 9, np.uint8), 64, 64, fill=0)
    assert transform.top_px == 1
    assert (boxed[1:62] == 9).all()
    assert not boxed[62:].any()


def test_a_picture_that_fits_is_copied_as_it_is() -> None:
    picture = pictures.draw_picture(32, 64)
    boxed, _ = letterbox(picture, 32, 64)
    np.testing.assert_array_equal(boxed, picture)
    assert not np.shares_memory(boxed, picture)


@given(height=sides, width=sides, box_height=targets, box_width=targets, data=st.data())
def test_round_trip(height: int, width: int, box_height: int, box_width: int, data: st.DataObject) -> None:
    boxed, transform = letterbox(np.zeros((height, width, 3), np.uint8), box_height, box_width)
    assert boxed.shape == (box_height, box_width, 3)
    x = sorted(data.draw(st.tuples(st.floats(0, width), st.floats(0, width))))
    y = sorted(data.draw(st.tuples(st.floats(0, height), st.floats(0, height))))
    box = np.array([[x[0], y[0], x[1], y[1]]], np.float32)
    gain = np.array([transform.gain_x, transform.gain_y] * 2, np.float32)
    offset = np.array([transform.left_px, transform.top_px] * 2, np.float32)
    letterboxed = box * gain + offset
    assert (letterboxed[:, 2:] <= np.array([box_width, box_height]) + 1e-3).all()
    np.testing.assert_allclose(transform.to_source(letterboxed), box, atol=1e-3 * max(height, width))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_boxes_are_clipped_to_the_picture_and_the_input_is_kept(count: int) -> None:
    _, transform = letterbox(np.zeros((50, 100, 3), np.uint8), 64, 64)
    boxes = np.tile(np.array([-9, -9, 99, 99], np.float32), (count, 1))
    before = boxes.copy()
    source = transform.to_source(boxes)
    np.testing.assert_array_equal(boxes, before)
    assert source.dtype == np.float32
    assert source.shape == (count, 4)
    np.testing.assert_array_equal(source, np.tile(np.array([0, 0, 100, 50], np.float32), (count, 1)))


def test_a_smaller_copy_leads_back_to_its_source() -> None:
    """The copy of a 199 x 101 picture at half its size, rounded up, is 100 x 51."""
    _, transform = letterbox(np.zeros((51, 100, 3), np.uint8), 64, 64)
    boxes = np.array([[50, 25, 60, 40], [0, 0, 100, 51]], np.float32)
    gain = np.array([transform.gain_x, transform.gain_y] * 2, np.float32)
    offset = np.array([transform.left_px, transform.top_px] * 2, np.float32)
    found = transform.of_source(199, 101, 2).to_source(boxes * gain + offset)
    np.testing.assert_allclose(found, [[100, 50, 120, 80], [0, 0, 199, 101]], atol=1e-3)
