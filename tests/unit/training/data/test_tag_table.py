from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box
from models.tag_head import TagHead
from training.data.picture_file import PictureFile
from training.data.tag_table import (
    TagData,
    TaggedPicture,
    default_heads,
    read_table,
    read_tagged,
    tags_sha256,
    write_table,
)


@pytest.fixture
def heads(taxonomy: Taxonomy) -> tuple[TagHead, ...]:
    return default_heads(taxonomy)


def table(folder: Path, *rows: str) -> Path:
    for name in "abc":
        cv2.imwrite(str(folder / f"{name}.png"), np.full((8, 8, 3), ord(name), np.uint8))
    path = folder / "tags.csv"
    head = "image,x1,y1,x2,y2,group,split,source,pattern,fit,formality,seasons,style"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


def test_tags_that_are_not_given_are_not_known(tmp_path: Path, heads: tuple[TagHead, ...]) -> None:
    path = table(
        tmp_path, "a.png,,,,,ann,train,people,striped,,0.4,spring|summer,none", "b.png,1,2,5,6,,test,,,,,,"
    )
    first, second = read_table(path, None, heads)
    assert first.tags == {
        "pattern": ("striped",),
        "formality": 0.4,
        "seasons": ("spring", "summer"),
        "style": (),
    }
    assert (first.group, first.split, first.source) == ("ann", "train", "people")
    assert second.file == PictureFile(tmp_path / "b.png", Box(1, 2, 5, 6))
    assert second.tags == {}


def test_what_is_written_is_read_again(tmp_path: Path, heads: tuple[TagHead, ...]) -> None:
    table(tmp_path)
    rows = [
        TaggedPicture(
            PictureFile(tmp_path / "a.png", Box(0.5, 1, 7, 8)), "g", "train", "weak", {"formality": 0.25}
        ),
        TaggedPicture(PictureFile(tmp_path / "b.png"), "h", "test", "", {"style": (), "fit": ("loose",)}),
    ]
    assert write_table(tmp_path / "tags.csv", rows, heads) == 2
    assert read_table(tmp_path / "tags.csv", None, heads) == rows
    assert "a.png,0.5,1,7,8,g" in (tmp_path / "tags.csv").read_text()


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("a.png,,,,,,,,zigzag,,,,", "tags.csv line 2, pattern: must be one of plain, striped.*'zigzag'"),
        ("a.png,,,,,,,,plain|dotted,,,,", "line 2, pattern: must be one value, not 'plain|dotted'"),
        ("a.png,,,,,,,,,,1.5,,", "line 2, formality: must be a number from 0 to 1, not '1.5'"),
        ("a.png,,,,,,,,,,nan,,", "line 2, formality: must be a number from 0 to 1, not 'nan'"),
        ("a.png,,,,,,,,,,,fall,", "line 2, seasons: must be one of spring, summer"),
        ("a.png,1,,,,,,,,,,,", "line 2, x1 to y2: must be four numbers or empty"),
        ("a.png,3,0,2,2,,,,,,,,", "line 2, x1 to y2: must have x1 before x2"),
        ("d.png,,,,,,,,,,,,", "data.images: lacks a picture that tags.csv names"),
    ],
)
def test_wrong_rows_are_refused_by_line(
    tmp_path: Path, heads: tuple[TagHead, ...], row: str, complaint: str
) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        read_table(table(tmp_path, row), None, heads)


def test_splits_are_taken_or_held_out_by_group(tmp_path: Path, heads: tuple[TagHead, ...]) -> None:
    rows = [f"a.png,,,,,g{index},train,,plain,,,," for index in range(10)]
    path = table(tmp_path, *rows, "b.png,,,,,x,dev,,,,,,", "c.png,,,,,y,test,,,,,,")
    found = read_tagged(TagData(path=path, validation_split="dev", test_split="test"), heads)
    assert [len(split) for split in (found.train, found.validation, found.test)] == [10, 1, 1]
    held = read_tagged(TagData(path=path, validation_share=0.3), heads)
    assert [len(split) for split in (held.train, held.validation, held.test)] == [7, 3, 0]
    with pytest.raises(InvalidInput, match=r"data.test_split: is 'none'; there are dev, test, train"):
        read_tagged(TagData(path=path, test_split="none"), heads)


def test_the_hash_follows_from_tags_too(tmp_path: Path, heads: tuple[TagHead, ...]) -> None:
    first = read_table(table(tmp_path, "a.png,,,,,,,,plain,,,,", "b.png,,,,,,,,,,,,"), None, heads)
    other = read_table(table(tmp_path, "a.png,,,,,,,,dotted,,,,", "b.png,,,,,,,,,,,,"), None, heads)
    assert tags_sha256(first) == tags_sha256(first[::-1])
    assert tags_sha256(first) != tags_sha256(other)
