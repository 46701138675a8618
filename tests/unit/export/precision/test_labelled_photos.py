from __future__ import annotations

from pathlib import Path

import pytest

from domain.taxonomy import Taxonomy
from domain.types import Box
from export.errors import Unsupported
from export.precision.labelled_photos import read_labelled_photos

TAXONOMY = Taxonomy.load(Path(__file__).parents[4] / "domain/taxonomy.toml")


def read(folder: Path, *lines: str) -> list[tuple[str, str, Box | None]]:
    for name in ("a.jpg", "b.jpg", "c.png"):
        (folder / name).touch()
    table = folder / "labels.csv"
    table.write_text("\n".join(lines))
    photos = read_labelled_photos(folder, table, TAXONOMY)
    return [(photo.path.name, photo.category, photo.box) for photo in photos]


def test_labels_become_categories_of_the_validation_split(tmp_path: Path) -> None:
    found = read(
        tmp_path, "image,label,split", "a,T-Shirt,validation", "b,Dress,train", "c.png,Pants,validation"
    )
    assert found == [("a.jpg", "t-shirt", None), ("c.png", "trousers", None)]


def test_without_splits_all_photos_are_taken(tmp_path: Path) -> None:
    assert [name for name, _, _ in read(tmp_path, "image,label", "a,Dress", "b,Hat")] == ["a.jpg", "b.jpg"]


def test_unknown_labels_and_missing_photos_are_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, "image,label", "a,Not sure", "gone,Dress", "b,Dress")
    assert found == [("b.jpg", "dress", None)]


def test_boxes_are_read_where_they_are(tmp_path: Path) -> None:
    found = read(tmp_path, "image,label,x1,y1,x2,y2", "a,Dress,0.1,0.2,0.5,1", "b,Dress,,,,")
    assert [box for _, _, box in found] == [Box(0.1, 0.2, 0.5, 1.0), None]


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="no column label"):
        read(tmp_path, "image,category", "a,Dress")
    with pytest.raises(Unsupported, match="no column image or label"):
        read(tmp_path, "")


def test_a_table_of_other_photos_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="names no photo"):
        read(tmp_path, "image,label,split", "a,Dress,train")
