"""The photos that a lower precision is measured on."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.taxonomy import Taxonomy
from domain.types import Box, Pixels
from export.errors import Unsupported

MEASURED_SPLIT = "validation"
CORNERS = ("x1", "y1", "x2", "y2")


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photo with one garment.

    Attributes:
        category: the taxonomy's name for the garment.
        box: its corners as shares of the photo's sides, 0 to 1; None where unknown.
    """

    path: Path
    category: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """What a lower precision is measured on.

    Attributes:
        pictures: the gate's pictures, without labels.
        photos: labelled photos, if any were given.
        taxonomy: the taxonomy that their labels belong to.
    """

    pictures: Sequence[Pixels]
    photos: Sequence[LabelledPhoto] = ()
    taxonomy: Taxonomy | None = None


def read_labelled_photos(folder: Path, table: Path, taxonomy: Taxonomy) -> list[LabelledPhoto]:
    """The photos in `folder` that a CSV names in columns image, label and split, and maybe x1, y1, x2, y2.

    Photos of split "validation" are taken, or all where there is no such column. A label that is neither a
    category nor a synonym of the taxonomy is left out, and so is a photo that does not exist.

    Raises:
        Unsupported: the table lacks a column, or names no photo that can be used.
    """
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if missing := {"image", "label"} - set(rows[0] if rows else ()):
        raise Unsupported(f"{table} has no column {' or '.join(sorted(missing))}")
    measured = [row for row in rows if row.get("split", MEASURED_SPLIT) == MEASURED_SPLIT]
    photos = [photo for row in measured if (photo := _photo(folder, row, taxonomy)) is not None]
    if not photos:
        raise Unsupported(
            f"{table} names no photo in {folder} with a label of the taxonomy ({MEASURED_SPLIT} split)"
        )
    return photos


def _photo(folder: Path, row: Mapping[str, str], taxonomy: Taxonomy) -> LabelledPhoto | None:
    name = row["image"]
    path = folder / (name if Path(name).suffix else f"{name}.jpg")
    category = taxonomy.canonical_category(row["label"])
    if category is None or not path.is_file():
        return None
    return LabelledPhoto(path, category, _box(row))


def _box(row: Mapping[str, str]) -> Box | None:
    try:
        x1, y1, x2, y2 = (float(row[corner]) for corner in CORNERS)
    except (KeyError, TypeError, ValueError):
        return None
    return Box(x1, y1, x2, y2)
