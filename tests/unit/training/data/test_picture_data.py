from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.types import Box
from training.data.picture_data import (
    LabelledPicture,
    PictureData,
    pictures_sha256,
    read_pictures,
)
from training.data.picture_file import PictureFile


def picture(path: Path, value: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((6, 4, 3), value, np.uint8))


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for split, count in (("train", 4), ("val", 2), ("test", 1)):
        for label in ("coat", "bag"):
            for index in range(count):
                picture(tmp_path / "data" / split / label / f"{index}.png", 20 * index)
    (tmp_path / "data" / "train" / "coat" / "notes.txt").write_text("no picture")
    return tmp_path / "data"


def table(folder: Path, rows: list[str], head: str = "image,label,split,who") -> Path:
    path = folder / "pictures.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    for row in rows:
        picture(folder / f"{row.split(',')[0]}.jpg")
    return path


def data(path: Path, **changes: Any) -> PictureData:
    return PictureData.model_validate({"path": path, **changes})


def test_folders_are_splits_of_labels(folders: Path) -> None:
    found = read_pictures(data(folders, validation_split="val", test_split="test"))
    assert found.labels == ("bag", "coat")
    assert found.counts() == [("bag", 4, 2, 1), ("coat", 4, 2, 1)]
    assert found.indices(found.validation) == [0, 0, 1, 1]


def test_a_limit_leaves_the_first_pictures_of_each_label(folders: Path) -> None:
    found = read_pictures(data(folders, validation_split="val", limit=1))
    assert found.counts() == [("bag", 1, 1, 0), ("coat", 1, 1, 0)]
    assert found.train[0].path.name == "0.png"


def test_a_table_names_pictures_labels_splits_and_groups(tmp_path: Path) -> None:
    path = table(tmp_path, ["a,coat,train,ann", "b,bag,train,bob", "c,coat,held,cid"])
    found = read_pictures(
        data(path, image_suffix=".jpg", group_column="who", validation_split="held", images=tmp_path)
    )
    assert found.validation == (LabelledPicture(tmp_path / "c.jpg", "coat", "cid", "held"),)
    assert found.validation[0].file == PictureFile(tmp_path / "c.jpg")


def test_what_is_held_out_shares_no_group(tmp_path: Path) -> None:
    rows = [f"{index},{'coat' if index % 2 else 'bag'},train,{index % 10}" for index in range(60)]
    path = table(tmp_path, rows)
    given = data(path, image_suffix=".jpg", group_column="who", validation_share=0.3)
    found = read_pictures(given)
    groups = [{p.group for p in split} for split in (found.train, found.validation)]
    assert not groups[0] & groups[1]
    assert len(found.validation) == 18
    assert read_pictures(given).validation == found.validation


@pytest.mark.parametrize(
    ("rows", "changes", "complaint"),
    [
        (
            ["a,coat,train,x"],
            {"label_column": "kind"},
            "data.label_column: pictures.csv has no column 'kind'",
        ),
        (["a,coat,other,x"], {}, "data.train_split: is 'train'; there are other"),
        (["a,coat,train,x"], {"test_split": "no"}, "data.test_split: is 'no'; there are train"),
        (["a,coat,train,x"], {"image_suffix": ".gif"}, "data.images: lacks a picture"),
        (
            ["a,coat,train,x", "b,bag,held,x"],
            {"validation_split": "held"},
            "data.path: has no 'bag' for training, which held has",
        ),
    ],
)
def test_wrong_data_is_refused_by_key(
    tmp_path: Path, rows: list[str], changes: dict[str, str], complaint: str
) -> None:
    path = table(tmp_path, rows)
    given = {"image_suffix": ".jpg", "validation_split": "train", **changes}
    with pytest.raises(InvalidInput, match=complaint):
        read_pictures(data(path, **given))
    with pytest.raises(InvalidInput, match=r"data.path: must be a folder or a CSV file: .*nothing"):
        read_pictures(data(tmp_path / "nothing"))


def test_the_hash_follows_from_contents_labels_and_splits_not_from_the_order(folders: Path) -> None:
    found = read_pictures(data(folders, validation_split="val"))
    before = pictures_sha256(found.train)
    assert pictures_sha256(found.train[::-1]) == before
    assert pictures_sha256(found.train[1:]) != before
    picture(found.train[0].path, 200)
    assert pictures_sha256(found.train) != before


def test_a_box_is_cut_out_with_a_margin(tmp_path: Path) -> None:
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[10:20, 20:30] = 255
    cv2.imwrite(str(tmp_path / "a.png"), pixels)
    part = PictureFile(tmp_path / "a.png", Box(20, 10, 30, 20)).pixels()
    assert part.shape == (12, 12, 3)
    assert part[1:11, 1:11].min() == 255
    assert PictureFile(tmp_path / "a.png").pixels().shape == (40, 40, 3)
