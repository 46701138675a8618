from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from armoire import Box, QueryHits, SearchResult, StageTimings
from armoire.drawing import draw_analysis, lay_grid, lay_sheet, open_upright
from armoire.messages.inference import analysis_from_proto

ROTATED = 6
GREEN, GREY = (10, 125, 72), (138, 138, 138)


def encoded(size: tuple[int, int], orientation: int = 1, color: str = "red") -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, color).save(buffer, "PNG", exif=exif)
    return buffer.getvalue()


def test_a_photo_is_turned_upright() -> None:
    assert open_upright(encoded((40, 20), ROTATED)).size == (20, 40)


def test_boxes_are_green_or_grey_and_labels_stay_inside(analysis: Any) -> None:
    drawn = draw_analysis(encoded((200, 100)), analysis_from_proto(analysis))
    assert drawn.size == (200, 100)
    assert drawn.getpixel((10, 50)) == GREEN
    assert drawn.getpixel((154, 54)) == GREY
    # The small box lies at the right edge; its label moves left of it.
    assert GREY in {drawn.getpixel((x, 55)) for x in range(60, 150)}


def test_one_picture_fills_the_grid_and_four_share_it() -> None:
    picture = Image.new("RGB", (960, 480), "red")
    assert lay_grid([picture]).size == (960, 480)
    grid = lay_grid([picture] * 4)
    assert grid.size == (3 * 492 + 12, 2 * 492 + 12)
    assert grid.getpixel((20, 504 + 20)) == (255, 0, 0)
    assert grid.getpixel((504 + 20, 504 + 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    "box", [Box(0, 0, 10, 10), Box(-5, -5, 500, 500), Box(39.9, 19.9, 40, 20), Box(60, 60, 70, 70)]
)
def test_any_box_of_the_query_can_be_cut(box: Box) -> None:
    query = QueryHits(box, "dress", False, ())
    sheet = lay_sheet(
        SearchResult((query, replace(query, box=None)), StageTimings(), "", ""), encoded((40, 20)), "a"
    )
    assert sheet.size == (204, 524)
    assert sheet.getpixel((102, 102)) == (255, 0, 0)


def test_a_search_without_queries_still_makes_a_sheet() -> None:
    assert lay_sheet(SearchResult((), StageTimings(), "", ""), None, "x").size == (204, 268)
