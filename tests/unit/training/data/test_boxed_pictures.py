from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidInput
from training.data.boxed_pictures import read_dataset

LINE = "1 0.5 0.5 0.2 0.4"


def write_dataset(folder: Path, names: str = "[shirt, bag]", **labels: str) -> Path:
    for name, content in labels.items():
        for part, suffix in (("images", ".jpg"), ("labels", ".txt")):
            file = folder / part / f"{name.replace('_', '/')}{suffix}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content if part == "labels" else "", encoding="utf-8")
    table = folder / "data.yaml"
    table.write_text(f"path: {folder}\ntrain: images/train\nval: images/dev\nnames: {names}\n")
    return table


def test_boxes_are_corners_in_shares(tmp_path: Path) -> None:
    dataset = read_dataset(write_dataset(tmp_path, train_street_a=f"{LINE}\n", dev_b=LINE))
    assert dataset.labels == ("shirt", "bag")
    (picture,) = dataset.train
    assert (picture.path.name, picture.source) == ("a.jpg", "street")
    np.testing.assert_allclose(picture.boxes_xyxy, [[0.4, 0.3, 0.6, 0.7]], atol=1e-6)
    assert picture.class_ids.tolist() == [1]
    assert dataset.dev[0].source == ""


def test_names_may_be_given_by_class_id(tmp_path: Path) -> None:
    assert read_dataset(write_dataset(tmp_path, "{1: bag, 0: shirt}", train_a=LINE)).labels == (
        "shirt",
        "bag",
    )


def test_a_picture_without_lines_has_no_garment(tmp_path: Path) -> None:
    table = write_dataset(tmp_path, train_a="\n", train_b=LINE)
    (tmp_path / "labels" / "train" / "b.txt").unlink()
    assert [len(picture.boxes_xyxy) for picture in read_dataset(table).train] == [0, 0]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("1 0.5 0.5", "each line must be class, x, y, width, height"),
        ("shirt 0.5 0.5 0.2 0.4", "each line must be class"),
        ("2 0.5 0.5 0.2 0.4", "classes must be 0 to 1"),
    ],
)
def test_bad_lines_are_refused_by_file(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=rf"dataset: a\.txt: {complaint}"):
        read_dataset(write_dataset(tmp_path, train_a=line))


def test_a_bad_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"must be a data\.yaml"):
        read_dataset(tmp_path / "data.yaml")
    with pytest.raises(InvalidInput, match="no pictures for training"):
        read_dataset(write_dataset(tmp_path, dev_a=LINE))
    (tmp_path / "data.yaml").write_text("train: images/train\n")
    with pytest.raises(InvalidInput, match="must name path, train, val and names"):
        read_dataset(tmp_path / "data.yaml")
