from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from domain.types import Box, Pixels
from training.evaluation.sheets import Cell, Verdict, lay_out, outline, save, shrink


def plain(color: tuple[int, int, int], height: int = 60, width: int = 60) -> Pixels:
    return np.full((height, width, 3), color, np.uint8)


def count(sheet: Image.Image, color: tuple[int, int, int]) -> int:
    return int((np.asarray(sheet) == color).all(axis=2).sum())


@pytest.mark.parametrize(("height", "width", "shape"), [(200, 100, (50, 25, 3)), (1, 300, (1, 50, 3))])
def test_the_longer_side_is_brought_to_size(height: int, width: int, shape: tuple[int, ...]) -> None:
    assert shrink(plain((1, 2, 3), height, width), 50).shape == shape


def test_rows_stand_below_one_another_and_fill_columns_downwards() -> None:
    red, blue, green = (Cell(plain(color), "") for color in ((255, 0, 0), (0, 0, 255), (0, 255, 0)))
    one = np.asarray(lay_out([[red, red], [blue], [green]], 40))
    two = np.asarray(lay_out([[red, red], [blue], [green]], 40, columns=2))
    assert two.shape[1] == 2 * one.shape[1]
    assert two.shape[0] == one.shape[0] * 2 / 3
    half, line = one.shape[1], one.shape[0] // 3
    assert [tuple(one[line * row + 20, 20]) for row in range(3)] == [(255, 0, 0), (0, 0, 255), (0, 255, 0)]
    assert tuple(one[20, 64]) == (255, 0, 0)
    assert tuple(two[20, half + 20]) == (0, 255, 0)
    assert tuple(two[line + 20, half + 20]) == (255, 255, 255)


@pytest.mark.parametrize(
    ("verdict", "color"), [("right", (0, 140, 60)), ("wrong", (205, 30, 30)), ("unjudged", (30, 90, 200))]
)
def test_a_frame_says_whether_a_picture_is_right(verdict: Verdict, color: tuple[int, int, int]) -> None:
    assert count(lay_out([[Cell(plain((9, 9, 9)), "", verdict)]], 50), color) > 150
    assert count(lay_out([[Cell(plain((9, 9, 9)), "", "asked")]], 50), color) == 0


def test_a_caption_is_written_below() -> None:
    bare, named = (np.asarray(lay_out([[Cell(plain((9, 9, 9)), text)]], 50)) for text in ("", "hat"))
    assert (bare[:50] == named[:50]).all()
    assert (bare[50:] == 255).all()
    assert (named[50:] < 128).any()


def test_boxes_are_drawn_where_they_are_and_the_picture_is_left_alone() -> None:
    picture = plain((9, 9, 9))
    drawn = outline(picture, [(Box(20, 40, 100, 120), "", "right")], gain=0.5)
    assert (picture == 9).all()
    rows, columns = np.nonzero((drawn == (0, 140, 60)).all(axis=2))
    assert (columns.min(), rows.min(), columns.max(), rows.max()) == (10, 20, 49, 59)


def test_a_sheet_is_as_small_as_asked(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
    sheet = Image.fromarray(noise)
    save(sheet, tmp_path / "good.jpg")
    save(sheet, tmp_path / "small.jpg", max_bytes=15_000)
    assert cv2.imread(str(tmp_path / "good.jpg")).shape == (300, 400, 3)
    assert (tmp_path / "small.jpg").stat().st_size <= 15_000 < (tmp_path / "good.jpg").stat().st_size
    height, width, _ = cv2.imread(str(tmp_path / "small.jpg")).shape
    assert (width < 400, round(width / height, 1)) == (True, 1.3)
