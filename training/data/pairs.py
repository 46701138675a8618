"""Pictures with a sentence each, for models that learn from both: a table, or a catalogue's own pairs.

    TABLE.csv              image,text,label,split,group; a table with tabs between its columns will do, too
    FOLDER/pairs.jsonl     what `armoire export dataset --format image-text` wrote

A label is the kind of garment. It is only measured with, and may be left out.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pydantic import Field

from domain.errors import InvalidInput
from models.manifest import file_sha256
from training.data.catalog_dataset import ReviewedGarment, read_catalog_dataset
from training.data.picture_file import PictureFile
from training.data.splits import SplitData, Splits, check_columns, check_files, divide

COLUMNS = ("image", "text", "label", "split", "group")
_COLUMNS = {
    "image_column": False,
    "text_column": False,
    "label_column": True,
    "split_column": True,
    "group_column": True,
}
"""The keys that name columns, and whether the column of the default may be missing."""


class PairData(SplitData):
    """Where pairs are, and what is held out of them."""

    path: Path = Field(description="a table (CSV) of pairs, or a folder that has pairs.jsonl of a catalogue")
    image_column: str = Field("image", min_length=1, description="column of the picture's file name")
    text_column: str = Field("text", min_length=1, description="column of the sentence")
    label_column: str = Field(
        "label", description='column of the kind of garment, which is measured with; "": none'
    )
    split_column: str = Field("split", description='column of the split; "": all pairs are for training')
    group_column: str = Field(
        "group", description='column of who took a picture, or of its product; "": none is known'
    )
    limit: int = Field(0, ge=0, description="most pairs of a label in a split, for a quick test; 0: all")


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture and its sentence; `label` and `group` are "" where they are not known."""

    path: Path
    text: str
    label: str
    split: str
    group: str

    @property
    def file(self) -> PictureFile:
        return PictureFile(self.path)


Pairs: TypeAlias = Splits[Pair]
"""The pairs of the three splits."""


def read_pairs(data: PairData) -> Pairs:
    """Read the pairs of a table or a catalogue's export, without opening the pictures.

    Raises:
        InvalidInput: a file or a column is missing, a sentence is empty, or a split has no pairs.
    """
    in_folder = data.path.is_dir()
    found = [*catalog_pairs(read_catalog_dataset(data.path))] if in_folder else _in_table(data)
    return divide(data, found).limited(data.limit, lambda pair: pair.label)


def catalog_pairs(garments: Sequence[ReviewedGarment]) -> Iterator[Pair]:
    """What people have reviewed; a garment without a sentence is left out."""
    for garment in garments:
        if garment.text:
            yield Pair(garment.path, garment.text, garment.category, garment.split, garment.product_id)


def write_pairs(path: Path, pairs: Iterable[Pair]) -> int:
    """Write a table with the paths of the pictures; returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [(pair.path.absolute(), pair.text, pair.label, pair.split, pair.group) for pair in pairs]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows)
    return len(rows)


def pairs_sha256(pairs: Sequence[Pair]) -> str:
    """A sha256 over each picture's own with its sentence, label and split, in the order of their paths."""
    hashes = {path: file_sha256(path) for path in sorted({pair.path for pair in pairs})}
    lines = sorted(f"{hashes[pair.path]} {pair.text} {pair.label} {pair.split}\n" for pair in pairs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _in_table(data: PairData) -> list[Pair]:
    if not data.path.is_file():
        raise InvalidInput("data.path", f"must be a table of pairs (CSV) or a folder: {data.path}")
    with data.path.open(newline="", encoding="utf-8") as lines:
        head = lines.readline()
        lines.seek(0)
        rows = csv.DictReader(lines, delimiter="\t" if "\t" in head else ",")
        columns = rows.fieldnames or ()
        check_columns(data, _COLUMNS, columns)
        pairs = [_pair(data, row, columns, number) for number, row in enumerate(rows, start=2)]
    check_files(data, pairs)
    return pairs


def _pair(data: PairData, row: Mapping[str, str | None], columns: Sequence[str], number: int) -> Pair:
    text = (row[data.text_column] or "").strip()
    if not text:
        raise InvalidInput("data.path", f"{data.path.name} line {number} has no text")
    label, split, group = (
        (row[name] or "") if name in columns else ""
        for name in (data.label_column, data.split_column, data.group_column)
    )
    place = (data.images or data.path.parent) / (row[data.image_column] or "")
    return Pair(place, text, label, split or data.train_split, group)
