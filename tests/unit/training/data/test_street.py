from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box
from training.data.street import load_street_photos, merged_labels


def write_folder(folder: Path, *names: str) -> Path:
    (folder / "photos").mkdir()
    items = [
        {"label": "jeans", "box": [10, 40, 30, 90], "area": 700},
        {"label": "sunglasses", "box": [12, 5, 20, 9], "area": 20},
    ]
    rows = [
        {"photo": name, "size": [50, 100], "items": items, "split": split}
        for name, split in (("a", "train"), ("b", "development"))
    ]
    (folder / "items.json").write_text(json.dumps(rows), encoding="utf-8")
    for name in names:
        (folder / "photos" / f"{name}.jpg").write_bytes(b"")
    return folder


def test_labels_merge_into_categories_of_the_taxonomy(taxonomy: Taxonomy) -> None:
    assert set(merged_labels().values()) == {category.name for category in taxonomy.categories}


def test_garments_have_boxes_in_pixels_and_other_labels_are_left_out(tmp_path: Path) -> None:
    (photo,) = load_street_photos(write_folder(tmp_path, "a", "b"), "train")
    assert (photo.path.name, photo.width, photo.height) == ("a.jpg", 50, 100)
    (garment,) = photo.garments
    assert (garment.label, garment.category, garment.box) == ("jeans", "trousers", Box(10, 40, 30, 90))


def test_splits_are_kept_apart(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "a", "b")
    assert [photo.path.stem for photo in load_street_photos(folder, "development")] == ["b"]
    with pytest.raises(InvalidInput, match="must be one of train, development"):
        load_street_photos(folder, "validation")


def test_a_folder_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"street: must hold items\.json"):
        load_street_photos(tmp_path, "train")
    with pytest.raises(InvalidInput, match=r"street: has no b\.jpg"):
        load_street_photos(write_folder(tmp_path, "a"), "development")
