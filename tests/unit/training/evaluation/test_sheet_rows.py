from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, Box, ColorShare, Detection
from training.data.photos import Photo
from training.evaluation import sheet_rows
from training.evaluation.average_precision import SceneCase
from training.evaluation.predictions import PhotoRecord
from training.evaluation.retrieval import search_modes
from training.evaluation.serving import Prediction, ServingOptions
from training.evaluation.sheets import Cell
from training.evaluation.street_photos import StreetPhoto
from training.evaluation.texts import QueryRow

GREEN, RED, BLUE, GREY = (0, 140, 60), (205, 30, 30), (30, 90, 200), (60, 60, 60)


def record(name: str, label: str, answer: str, found: Box | None = None, angle: float = 0) -> PhotoRecord:
    """A photo of 100 x 200 pixels labelled `label` and taken for `answer`; its thumbnail is half as large."""
    vector = np.array([np.cos(angle), np.sin(angle)], np.float32)
    attributes = {"category": AttributeValue.one(answer, 1.0)}
    frame = Box(0, 0, 100, 200)
    colors = (ColorShare("grey", 1.0, 0x808080),)
    described = AnalyzedItem(frame, 0.0, answer, attributes=attributes, colors=colors, embedding=vector)
    whole = replace(described, whole_image=True)
    item = replace(described, box=found or frame, score=0.9)
    prediction = Prediction(whole, (item,) if found else (whole,))
    thumbnail = np.full((100, 50, 3), 200, np.uint8)
    return PhotoRecord(Photo(Path(f"{name}.jpg"), label, label, "1", "validation"), prediction, {}, thumbnail)


def has(cell: Cell, color: tuple[int, int, int]) -> bool:
    return bool((cell.picture == color).all(axis=2).any())


def test_hits_come_before_misses_and_say_what_they_are_taken_for() -> None:
    records = [record("a", "dress", "hat"), record("b", "dress", "dress"), record("c", "hat", "hat")]
    rows = sheet_rows.category_rows(records, ["dress", "skirt", "hat"])
    assert [[(cell.caption, cell.verdict) for cell in row] for row in rows] == [
        [("dress", "right"), ("hat", "wrong")],
        [("hat", "right")],
    ]


def test_of_many_photos_some_are_shown() -> None:
    records = [record(str(i), "dress", "dress" if i % 2 else "hat") for i in range(60)]
    ((*cells,),) = sheet_rows.category_rows(records, ["dress"])
    verdicts = [cell.verdict for cell in cells]
    assert (verdicts.count("right"), verdicts.count("wrong")) == (sheet_rows.HITS, sheet_rows.MISSES)


def test_the_worst_boxes_come_first_in_the_colour_of_their_verdict() -> None:
    hand = Box(0.2, 0.2, 0.8, 0.8)
    records = [
        record("found", "hat", "hat", Box(20, 40, 80, 160)),
        record("missed", "dress", "dress", Box(0, 0, 30, 30)),
        record("unjudged", "shoes", "shoes", Box(20, 40, 80, 160)),
    ]
    ((first, second),) = sheet_rows.box_rows(records, {"found": hand, "missed": hand}, columns=8, lines=5)
    assert (first.caption, second.caption) == ("dress", "hat")
    assert has(first, GREY)
    assert has(first, RED)
    assert not has(first, GREEN)
    assert has(second, GREEN)
    assert not has(second, RED)


def test_without_boxes_by_hand_the_found_ones_are_blue() -> None:
    records = [record(str(i), "hat", "hat", Box(20, 40, 80, 160)) for i in range(7)]
    rows = sheet_rows.box_rows(records, {}, columns=2, lines=2)
    assert [len(row) for row in rows] == [2, 2]
    assert all(has(cell, BLUE) for row in rows for cell in row)


def test_a_text_stands_under_its_first_photo() -> None:
    records = [record("a", "hat", "hat"), record("b", "hat", "hat")]
    row = QueryRow("red hat", "hat", "red", 1, 0.2, 0.2, ("b", "a"), (True, False))
    ((first, second),) = sheet_rows.text_rows([row], records)
    assert (first.caption, first.verdict) == ("red hat", "right")
    assert (second.caption, second.verdict) == ("", "wrong")
    assert first.picture is records[1].thumbnail


def test_a_photo_of_each_category_stands_before_its_neighbours(taxonomy: Taxonomy) -> None:
    records = [
        record("a", "dress", "dress"),
        record("b", "hat", "dress", angle=0.1),
        record("c", "dress", "dress", angle=0.5),
    ]
    mode = search_modes([record.prediction for record in records], ServingOptions(), 0.0, taxonomy)[
        "whole photo"
    ]
    rows = sheet_rows.neighbour_rows(records, mode, ["hat", "skirt"])
    assert [[(cell.caption, cell.verdict) for cell in row] for row in rows] == [
        [("hat", "asked"), ("dress", "wrong"), ("dress", "wrong")]
    ]


@pytest.mark.parametrize(
    ("found", "color"),
    [
        (Detection(Box(0, 0, 50, 50), 0.9, "dress"), GREEN),
        (Detection(Box(0, 0, 50, 50), 0.9, "hat"), RED),
        (Detection(Box(60, 60, 90, 90), 0.9, "dress"), RED),
    ],
)
def test_a_right_box_of_a_scene_is_green(found: Detection, color: tuple[int, int, int]) -> None:
    scene = SceneCase(np.zeros((100, 100, 3), np.uint8), [("dress", Box(0, 0, 50, 50))], [], [], [found])
    ((cell,), (_,)) = sheet_rows.scene_rows([scene, scene], columns=1, side_px=60)
    assert cell.caption == "dress"
    assert [name for name in (GREEN, RED) if has(cell, name)] == [color]


def test_nobody_says_which_boxes_of_people_are_right() -> None:
    item = AnalyzedItem(Box(10, 10, 60, 60), 0.5, "shoes")
    (cell,) = sheet_rows.people_row([StreetPhoto("bus.jpg", np.zeros((100, 80, 3), np.uint8), (item,))], 90)
    assert cell.caption == "bus.jpg"
    assert max(cell.picture.shape) == 90
    assert has(cell, BLUE)
