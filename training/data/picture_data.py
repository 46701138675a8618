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

from pydantic import Field

from domain.errors import InvalidInput
from models.manifest import file_sha256
from training.data.picture_file import PictureFile
from training.data.splits import SplitData, Splits, check_columns, check_files, divide

_COLUMNS = ("image_column", "label_column", "split_column", "group_column")
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


class PictureData(SplitData):
    """Where labelled pictures are, and what is held out of them."""

    path: Path = Field(description="a folder SPLIT/LABEL/PICTURE, or a CSV file with a row for each picture")
    image_column: str = Field("image", min_length=1, description="column of the picture's file name")
    image_suffix: str = Field("", description="what the CSV file's names lack, such as .jpg")
    label_column: str = Field("label", min_length=1, description="column of the label")
    split_column: str = Field("split", description='column of the split; "": all pictures are for training')
    group_column: str = Field(
        "", description="column of who took a picture, or of its product: no group is in two splits"
    )
    labels: tuple[str, ...] = Field((), description="the labels that count; []: all that there are")
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
class LabelledPictures(Splits[LabelledPicture]):
    """The pictures of the three splits, and the labels in the order of their names."""

    labels: tuple[str, ...]

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
    if unknown := set(data.labels) - {picture.label for picture in found}:
        raise InvalidInput("data.labels", f"has labels that no picture has: {', '.join(sorted(unknown))}")
    splits = divide(data, [picture for picture in found if not data.labels or picture.label in data.labels])
    labels = tuple(sorted({picture.label for picture in splits.train}))
    for picture in (*splits.validation, *splits.test):
        if picture.label not in labels:
            raise InvalidInput(
                "data.path", f"has no {picture.label!r} for training, which {picture.split} has"
            )
    kept = splits.limited(data.limit, lambda picture: picture.label)
    return LabelledPictures(kept.train, kept.validation, kept.test, labels)


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
        check_columns(data, dict.fromkeys(_COLUMNS, False), rows.fieldnames or ())
        pictures = [_picture(data, row) for row in rows]
    check_files(data, pictures)
    yield from pictures


def _picture(data: PictureData, row: Mapping[str, str]) -> LabelledPicture:
    folder = data.images or data.path.parent
    return LabelledPicture(
        folder / f"{row[data.image_column]}{data.image_suffix}",
        row[data.label_column],
        row[data.group_column] if data.group_column else "",
        row[data.split_column] if data.split_column else data.train_split,
    )
