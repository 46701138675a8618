"""What was seen in the photos: colours, boxes; and the texts to search with.

queries.csv  text,category,color
colors.csv   image,color,also           `also` holds further right answers, joined by |
boxes.csv    image,x1,y1,x2,y2          shares of the photo's width and height
cutouts.csv  image,verdict              how well the garment was cut out of the photo
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box

COLUMNS: Mapping[str, Sequence[str]] = {
    "queries": ("text", "category", "color"),
    "colors": ("image", "color", "also"),
    "boxes": ("image", "x1", "y1", "x2", "y2"),
    "cutouts": ("image", "verdict"),
}
VERDICTS = ("right", "rough", "wrong")


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A text, and what a photo has to show to be a right answer."""

    text: str
    category: str
    color: str


@dataclass(frozen=True, slots=True)
class Truth:
    """By image id: the colours that are right, and the garment's box in shares of the photo's sides.

    `cutouts` holds the verdict on each photo of a sample, whatever its split.
    """

    queries: tuple[TextQuery, ...]
    colors: Mapping[str, frozenset[str]]
    boxes: Mapping[str, Box]
    cutouts: Mapping[str, str] = field(default_factory=dict)


def read_truth(folder: Path, taxonomy: Taxonomy) -> Truth:
    """Read the tables of a folder; one that is not there counts as empty.

    Raises:
        InvalidInput: there is no such folder, or naming the table and its row where a value is missing, out
            of range or no word of the taxonomy.
    """
    if not folder.is_dir():
        raise InvalidInput("truth", f"must be a folder: {folder}")
    tables = {name: _rows(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
    queries = [_query(row, f"queries.csv[{i}]", taxonomy) for i, row in enumerate(tables["queries"])]
    colors = {
        row["image"]: _colors(row, f"colors.csv[{i}]", taxonomy) for i, row in enumerate(tables["colors"])
    }
    boxes = {row["image"]: _box(row, f"boxes.csv[{i}]") for i, row in enumerate(tables["boxes"])}
    cutouts = {
        row["image"]: _one_of(VERDICTS, row["verdict"], f"cutouts.csv[{i}].verdict")
        for i, row in enumerate(tables["cutouts"])
    }
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


def _query(row: Mapping[str, str], place: str, taxonomy: Taxonomy) -> TextQuery:
    """Its text must say the category and the colour, each by name or synonym."""
    query = TextQuery(row["text"], row["category"], row["color"])
    _one_of([category.name for category in taxonomy.categories], query.category, f"{place}.category")
    _one_of(taxonomy.colors, query.color, f"{place}.color")
    if query.category not in taxonomy.categories_in(query.text):
        raise InvalidInput(f"{place}.text", f"must name the category {query.category!r}, not {query.text!r}")
    words = map(_plain, (query.color, *taxonomy.color_synonyms.get(query.color, ())))
    if not any(word in _plain(query.text) for word in words):
        raise InvalidInput(f"{place}.text", f"must name the colour {query.color!r}, not {query.text!r}")
    return query


def _colors(row: Mapping[str, str], place: str, taxonomy: Taxonomy) -> frozenset[str]:
    _one_of(taxonomy.colors, row["color"], f"{place}.color")
    also = [name for name in row["also"].split("|") if name]
    return frozenset([row["color"], *(_one_of(taxonomy.colors, name, f"{place}.also") for name in also)])


def _one_of(known: Iterable[str], value: str, place: str) -> str:
    if value not in known:
        raise InvalidInput(place, f"must be one of {', '.join(known)}, not {value!r}")
    return value


def _plain(text: str) -> str:
    """Its words in small letters, a space around each."""
    return f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "


def _box(row: Mapping[str, str], field: str) -> Box:
    try:
        box = Box(*(float(row[name]) for name in ("x1", "y1", "x2", "y2")))
    except ValueError as error:
        raise InvalidInput(field, f"must hold numbers: {error}") from error
    if not (0 <= box.x1 < box.x2 <= 1 and 0 <= box.y1 < box.y2 <= 1):
        raise InvalidInput(field, "must lie within 0 to 1, x1 before x2 and y1 before y2")
    return box
