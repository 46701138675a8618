from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from training.data.photos import hold_out_senders, load_photos, of_split
from training.evaluation.predictions import SPLITS, choose_photos


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two hundred train photos by forty senders and five for validation, one of which is not there."""
    (tmp_path / "images").mkdir()
    rows = [f"{index},Polo,{index % 40},train" for index in range(200)]
    rows += [f"v{index},Polo,v,validation" for index in range(5)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,label,sender,split", *rows]))
    for row in rows[:-1]:
        (tmp_path / "images" / f"{row.split(',')[0]}.jpg").write_bytes(b"")
    return tmp_path


def test_the_dev_set_is_what_the_recipes_hold_out(folder: Path) -> None:
    chosen = choose_photos(folder / "images", folder / "labels.csv", "dev")
    held = hold_out_senders(of_split(load_photos(folder), "train"), 0.1, seed=0)[1]
    assert chosen == held
    assert 20 <= len(chosen) < 30


def test_validation_is_what_is_there_of_its_split(folder: Path) -> None:
    chosen = choose_photos(folder / "images", folder / "labels.csv", "validation")
    assert [photo.path.stem for photo in chosen] == ["v0", "v1", "v2", "v3"]


def test_the_dev_set_alone_comes_with_a_caveat() -> None:
    assert [name for name, caveat in SPLITS.items() if caveat] == ["dev"]


@pytest.mark.parametrize(
    ("images", "labels", "complaint"),
    [
        ("nope", "labels.csv", r"photos: must be a folder: .*nope"),
        ("images", "nope.csv", r"labels: must be a CSV file: .*nope\.csv"),
        (".", "labels.csv", r"photos: holds none of the validation photos"),
    ],
)
def test_what_is_missing_is_named(folder: Path, images: str, labels: str, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        choose_photos(folder / images, folder / labels, "validation")
