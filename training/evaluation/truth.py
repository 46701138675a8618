"""What was seen in the photos: colours, boxes; and the texts to search with.

queries.csv  text,category,color
colors.csv   image,color,also           `also` holds further right answers, joined by |
boxes.csv    image,x1,y1,x2,y2          shares of the photo's width and height
cutouts.csv  image,verdict              how well the garment was cut out of the photo
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InvalidInput
from domain.types import Box

COLUMNS: Mapping[str, Sequence[str]] = {
    "queries": ("text", "category", "color"),
    "colors": ("image", "color", "also"),
    "boxes": ("image", "x1", "y1", "x2", "y2"),
    "cutouts": ("image", "verdict"),
}


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A text, and what a photo has to show to be a right answer."""

    text: str
    category: str
    color: str


@dataclass(frozen=True, slots=True)
class Truth:
    """By image id: the colours that are right, and the garment's box in shares of the photo's sides.

    `cutouts` holds one verdict for each photo of a sample, whatever its split.
    """

    queries: tuple[TextQuery, ...]
    colors: Mapping[str, frozenset[str]]
    boxes: Mapping[str, Box]
    cutouts: tuple[str, ...] = ()


def read_truth(folder: Path) -> Truth:
    """Read the tables of a folder; one that is not there counts as empty.

    Raises:
        InvalidInput: there is no such folder, or naming the table and its row where a value is missing or out
            of range.
    """
    if not folder.is_dir():
        raise InvalidInput("truth", f"must be a folder: {folder}")
    tables = {name: _rows(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
    queries = [TextQuery(row["text"], row["category"], row["color"]) for row in tables["queries"]]
    colors = {row["image"]: _colors(row) for row in tables["colors"]}
    boxes = {row["image"]: _box(row, f"boxes.csv[{index}]") for index, row in enumerate(tables["boxes"])}
    cutouts = tuple(row["verdict"] for row in tables["cutouts"])
    return Truth(tuple(queries), colors, boxes, cutouts)


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as lines:
        table = csv.DictReader(lines)
        if missing := [name for name in columns if name not in (table.fieldnames or ())]:
            raise InvalidInput(
                path.name, f"must have the columns {', '.join(columns)}; {missing[0]} is missing"
            )
        rows = list(table)
    for index, row in enumerate(rows):
        if None in row or None in row.values():
            raise InvalidInput(f"{path.name}[{index}]", "must have as many values as the table has columns")
    return rows


def _colors(row: Mapping[str, str]) -> frozenset[str]:
    return frozenset(name for name in (row["color"], *row["also"].split("|")) if name)


def _box(row: Mapping[str, str], field: str) -> Box:
    try:
        box = Box(*(float(row[name]) for name in ("x1", "y1", "x2", "y2")))
    except ValueError as error:
        raise InvalidInput(field, f"must hold numbers: {error}") from error
    if not (0 <= box.x1 < box.x2 <= 1 and 0 <= box.y1 < box.y2 <= 1):
        raise InvalidInput(field, "must lie within 0 to 1, x1 before x2 and y1 before y2")
    return box
