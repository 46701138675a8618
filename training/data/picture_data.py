"""Pictures with one label each: a folder of folders, or a table (CSV) of pictures.

FOLDER/SPLIT/LABEL/PICTURE.jpg      the layout of torchvision's `ImageFolder`, once for each split
TABLE.csv                           a row for each picture: its file, its label, its split
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from domain.errors import InvalidInput
from models.manifest import file_sha256
from training.data.holdout import hold_out_validation
from training.data.picture_file import PictureFile

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


class PictureData(BaseModel):
    """Where labelled pictures are, and what is held out of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="a folder SPLIT/LABEL/PICTURE, or a CSV file with a row for each picture")
    images: Path | None = Field(None, description="the folder of the CSV file's pictures; null: its own")
    image_column: str = Field("image", min_length=1, description="column of the picture's file name")
    image_suffix: str = Field("", description="what the CSV file's names lack, such as .jpg")
    label_column: str = Field("label", min_length=1, description="column of the label")
    split_column: str = Field("split", description='column of the split; "": all pictures are for training')
    group_column: str = Field(
        "", description="column of who took a picture, or of its product: no group is in two splits"
    )
    train_split: str = Field("train", min_length=1, description="name of the split that is trained on")
    validation_split: str = Field(
        "", description='split by which the best epoch is chosen; "": held out of the training split'
    )
    validation_share: float = Field(
        0.1, gt=0, lt=1, description="share that is held out, by group where there is a column of groups"
    )
    test_split: str = Field("", description='split that the best epoch is measured on, once; "": none')
    limit: int = Field(0, ge=0, description="most pictures of a label in a split, for a quick test; 0: all")


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture file; `group` is who took it or its product, "" where that is not known."""

    path: Path
    label: str
    group: str
    split: str

    @property
    def file(self) -> PictureFile:
        return PictureFile(self.path)


@dataclass(frozen=True, slots=True)
class LabelledPictures:
    """The labels in the order of their names, and the pictures of the three splits."""

    labels: tuple[str, ...]
    train: tuple[LabelledPicture, ...]
    validation: tuple[LabelledPicture, ...]
    test: tuple[LabelledPicture, ...]

    def indices(self, pictures: Sequence[LabelledPicture]) -> list[int]:
        """The index of each picture's label."""
        places = {label: index for index, label in enumerate(self.labels)}
        return [places[picture.label] for picture in pictures]

    def counts(self) -> list[tuple[str, int, int, int]]:
        """Each label with its number of pictures for training, validation and test."""
        splits = [Counter(p.label for p in split) for split in (self.train, self.validation, self.test)]
        return [(label, splits[0][label], splits[1][label], splits[2][label]) for label in self.labels]


def read_pictures(data: PictureData) -> LabelledPictures:
    """Read the pictures of a folder or a table, without opening them.

    Raises:
        InvalidInput: a file or a column is missing, a split is empty, or a label is never trained on.
    """
    found = [*(_in_folders(data) if data.path.is_dir() else _in_table(data))]
    splits = {name: [p for p in found if p.split == name] for name in {p.split for p in found}}
    train = splits.get(data.train_split, [])
    if not train:
        raise InvalidInput("data.train_split", f"has no pictures: {data.path} has {_listed(splits)}")
    if data.validation_split:
        validation = _split(splits, "validation_split", data.validation_split)
    else:
        chosen = hold_out_validation([p.group or str(p.path) for p in train], data.validation_share)
        validation = [p for p, held in zip(train, chosen, strict=True) if held]
        train = [p for p, held in zip(train, chosen, strict=True) if not held]
    test = _split(splits, "test_split", data.test_split) if data.test_split else []
    labels = tuple(sorted({picture.label for picture in train}))
    for picture in (*validation, *test):
        if picture.label not in labels:
            raise InvalidInput(
                "data.path", f"has no {picture.label!r} for training, which {picture.split} has"
            )
    parts = (_limited(part, data.limit) for part in (train, validation, test))
    return LabelledPictures(labels, *parts)


def pictures_sha256(pictures: Sequence[LabelledPicture]) -> str:
    """A sha256 over each picture's own, with its label and split, in the order of their paths."""
    lines = (
        f"{file_sha256(picture.path)} {picture.label} {picture.split}\n"
        for picture in sorted(pictures, key=lambda picture: picture.path)
    )
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()


def _in_folders(data: PictureData) -> Iterator[LabelledPicture]:
    for path in sorted(data.path.glob("*/*/*")):
        if path.suffix.lower() in SUFFIXES:
            yield LabelledPicture(path, path.parent.name, "", path.parent.parent.name)


def _in_table(data: PictureData) -> Iterator[LabelledPicture]:
    if not data.path.is_file():
        raise InvalidInput("data.path", f"must be a folder or a CSV file: {data.path}")
    with data.path.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        _check_columns(data, rows.fieldnames or ())
        pictures = [_picture(data, row) for row in rows]
    if missing := next((picture.path for picture in pictures if not picture.path.is_file()), None):
        raise InvalidInput("data.images", f"lacks a picture that {data.path.name} names: {missing}")
    yield from pictures


def _check_columns(data: PictureData, columns: Sequence[str]) -> None:
    for key in ("image_column", "label_column", "split_column", "group_column"):
        name = getattr(data, key)
        if name and name not in columns:
            raise InvalidInput(f"data.{key}", f"{data.path.name} has no column {name!r}: {_listed(columns)}")


def _picture(data: PictureData, row: Mapping[str, str]) -> LabelledPicture:
    folder = data.images or data.path.parent
    return LabelledPicture(
        folder / f"{row[data.image_column]}{data.image_suffix}",
        row[data.label_column],
        row[data.group_column] if data.group_column else "",
        row[data.split_column] if data.split_column else data.train_split,
    )


def _split(splits: Mapping[str, list[LabelledPicture]], key: str, name: str) -> list[LabelledPicture]:
    if name not in splits:
        raise InvalidInput(f"data.{key}", f"is {name!r}; there are {_listed(splits)}")
    return splits[name]


def _limited(pictures: Sequence[LabelledPicture], limit: int) -> tuple[LabelledPicture, ...]:
    """The first `limit` pictures of each label; all where it is 0."""
    if not limit:
        return tuple(pictures)
    seen: Counter[str] = Counter()
    kept = []
    for picture in pictures:
        seen[picture.label] += 1
        if seen[picture.label] <= limit:
            kept.append(picture)
    return tuple(kept)


def _listed(names: Sequence[str] | Mapping[str, object]) -> str:
    return ", ".join(sorted(names)) or "none"
