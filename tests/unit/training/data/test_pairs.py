from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from training.data.pairs import Pair, PairData, pairs_sha256, read_pairs, write_pairs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in "abcd":
        (tmp_path / f"{name}.jpg").write_bytes(name.encode())
    return tmp_path


def test_a_table_is_read_as_it_was_written(folder: Path) -> None:
    pairs = [
        Pair(folder / "a.jpg", "red dress, long", "dress", "train", "p"),
        Pair(folder / "b.jpg", "blue hat", "hat", "test", ""),
        Pair(folder / "c.jpg", "green coat", "coat", "validation", "q"),
    ]
    assert write_pairs(folder / "pairs.csv", pairs) == 3
    data = PairData(path=folder / "pairs.csv", validation_split="validation", test_split="test")
    found = read_pairs(data)
    assert [*found.train, *found.test, *found.validation] == pairs
    assert len(pairs_sha256(pairs)) == 64


def test_tables_of_open_clip_have_other_columns_and_tabs(folder: Path) -> None:
    (folder / "train.csv").write_text("filepath\ttitle\na.jpg\tred dress, long\nb.jpg\tblue hat\n")
    data = PairData(
        path=folder / "train.csv", image_column="filepath", text_column="title", validation_share=0.5
    )
    found = read_pairs(data)
    assert {pair.text for pair in (*found.train, *found.validation)} == {"red dress, long", "blue hat"}
    assert {pair.split for pair in found.train} == {"train"}


def test_a_catalogues_export_is_read(folder: Path) -> None:
    rows = [
        {
            "image": f"{split}/{name}.jpg",
            "text": text,
            "product_id": name,
            "category": "dress",
            "attributes": {},
        }
        for split, name, text in (("train", "a", "red dress"), ("val", "b", "dress"), ("train", "c", ""))
    ]
    for row in rows:
        (folder / str(row["image"])).parent.mkdir(exist_ok=True)
        (folder / str(row["image"])).write_bytes(b"picture")
    (folder / "pairs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = read_pairs(PairData(path=folder, validation_split="validation"))
    (train,), (held,) = found.train, found.validation
    assert (train.text, train.label, train.group) == ("red dress", "dress", "a")
    assert held.text == "dress"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("image,words\na.jpg,red", "data.text_column: pairs.csv has no column 'text'"),
        ("image,text\na.jpg, ", "data.path: pairs.csv line 2 has no text"),
        ("image,text\nz.jpg,red", "data.images: lacks a picture"),
        ("image,text,split\na.jpg,red,test", "data.train_split: is 'train'; there are test"),
    ],
)
def test_what_is_wrong_is_named(content: str, complaint: str, folder: Path) -> None:
    (folder / "pairs.csv").write_text(content)
    with pytest.raises(InvalidInput, match=complaint):
        read_pairs(PairData(path=folder / "pairs.csv"))
