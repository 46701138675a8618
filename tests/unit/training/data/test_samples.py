from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from training.data.examples import ExampleMaker
from training.data.samples import catalogue, draw_sample, sample_examples, write_samples

SHIPPED = Path(__file__).parents[4] / "samples"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (SHIPPED / "samples.csv").open(newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def test_the_catalogue_speaks_the_words_of_the_taxonomy(taxonomy: Taxonomy) -> None:
    patterns = set(taxonomy.attribute("pattern").values)
    for sample in catalogue():
        for piece in sample.pieces:
            assert piece.pattern in patterns
            assert {piece.color, piece.accent} <= set(taxonomy.colors)
        assert sample.look is not None or sample.ground in taxonomy.colors
        assert sample.height != sample.width


def test_names_are_unique_and_every_category_is_shown(taxonomy: Taxonomy, rows: list[dict[str, str]]) -> None:
    shown = {box[0] for row in rows for box in json.loads(row["boxes"])}
    assert len({row["file"] for row in rows}) == len(rows) >= 24
    assert shown == {category.name for category in taxonomy.categories}


def test_shipped_pictures_are_small_and_match_the_table(rows: list[dict[str, str]]) -> None:
    assert {row["file"] for row in rows} == {path.name for path in SHIPPED.glob("*.jpg")}
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 600 * 1024
    for row in rows:
        height, width = cv2.imread(str(SHIPPED / row["file"])).shape[:2]
        for _, x1, y1, x2, y2 in json.loads(row["boxes"]):
            assert 0 <= x1 < x2 <= width
            assert 0 <= y1 < y2 <= height


def test_boxes_hold_what_differs_from_the_ground(taxonomy: Taxonomy) -> None:
    sample = next(s for s in catalogue() if s.name == "Red Party Dress")
    picture, [(category, box)] = draw_sample(sample, taxonomy, np.random.default_rng(1))
    red = (picture[..., 0].astype(int) - picture[..., 1]) > 60
    rows, columns = np.nonzero(red)
    assert category == "dress"
    assert abs(columns.min() - box.x1) < 5
    assert abs(columns.max() - box.x2) < 5
    assert abs(rows.max() - box.y2) < 8


def test_a_person_wears_each_piece_where_its_box_is(taxonomy: Taxonomy) -> None:
    sample = next(s for s in catalogue() if s.look is not None)
    assert sample.look is not None
    picture, objects = draw_sample(sample, taxonomy, np.random.default_rng(1))
    assert picture.shape == (sample.height, sample.width, 3)
    assert len(objects) == len(sample.pieces) == len(sample.look.parts) >= 5
    boxes = dict(zip(sample.look.parts, (box for _, box in objects), strict=True))
    tops = [boxes[part].y1 for part in ("hat", "top", "bottom", "shoes")]
    assert tops == sorted(tops)
    colors = {part: piece.color for part, piece in zip(sample.look.parts, sample.pieces, strict=True)}
    for part in ("top", "bag"):
        box = boxes[part]
        middle = picture[
            int(0.4 * box.y1 + 0.6 * box.y2), int((box.x1 + box.x2) / 2) + np.arange(-3, 4)
        ].mean(axis=0)
        lab = cv2.cvtColor(np.float32(middle / 255)[None, None], cv2.COLOR_RGB2LAB)[0, 0]
        assert np.abs(lab - np.asarray(taxonomy.colors[colors[part]])).max() < 20


def test_drawing_again_gives_the_same_pixels(taxonomy: Taxonomy) -> None:
    sample = catalogue()[0]
    first, again = (draw_sample(sample, taxonomy, np.random.default_rng([7, 0]))[0] for _ in range(2))
    assert np.array_equal(first, again)


def test_the_table_has_a_row_for_each_picture(tmp_path: Path, taxonomy: Taxonomy) -> None:
    write_samples(tmp_path, catalogue()[:2], taxonomy)
    assert len(list(tmp_path.glob("*.jpg"))) == 2
    assert (tmp_path / "samples.csv").read_text(encoding="utf-8").count("\n") == 3


def test_every_garment_of_every_sample_is_trained_on(taxonomy: Taxonomy) -> None:
    examples = sample_examples(ExampleMaker(taxonomy, seed=0), taxonomy)
    assert len(examples) == sum(len(sample.pieces) for sample in catalogue())
    names = list(taxonomy.colors)
    first = next(e for e, s in zip(examples, catalogue(), strict=False) if s.name == "Court Polo")
    assert taxonomy.categories[first.category].name == "t-shirt"
    assert first.color is not None
    assert names[first.color.argmax()] == "green"
