from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box
from training.data.street import load_street_photos, load_worn_crops, merged_labels, words_by_street_label


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


def test_words_are_of_labels_and_of_their_categories(taxonomy: Taxonomy) -> None:
    categories = {category.name: category.words for category in taxonomy.categories}
    for label, words in words_by_street_label().items():
        assert words[0] in categories[merged_labels()[label]], label


def test_garments_have_boxes_in_pixels_and_other_labels_are_left_out(tmp_path: Path) -> None:
    (photo,) = load_street_photos(write_folder(tmp_path, "a", "b"), "train")
    assert (photo.path.name, photo.width, photo.height) == ("a.jpg", 50, 100)
    (garment,) = photo.garments
    assert (garment.label, garment.category, garment.box) == ("jeans", "trousers", Box(10, 40, 30, 90))


def test_worn_crops_have_masks(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "masks").mkdir()
    (folder / "labels.txt").write_text("null\nsunglasses\njeans\n", encoding="utf-8")
    labels = np.zeros((100, 50), np.uint8)
    labels[40:90, 10:30] = 2
    labels[5:9, 12:20] = 1
    Image.fromarray(labels).save(folder / "masks/a.png")
    for name in ("a", "b"):
        Image.fromarray(np.repeat(labels[..., None] * 100, 3, axis=2)).save(folder / f"photos/{name}.jpg")
    (crop,) = load_worn_crops(folder, margin=0.2)
    assert crop.garment.label == "jeans"
    assert crop.picture.shape == (60, 24, 3)
    assert [(crop.mask[y, x]) for y, x in ((4, 12), (5, 12), (54, 12), (55, 12), (20, 1), (20, 2))] == [
        *(0, 255, 255, 0),
        *(0, 255),
    ]
    assert crop.picture[crop.mask > 0].mean() > 190
    assert not list(load_worn_crops(folder, least_side_px=21))


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
