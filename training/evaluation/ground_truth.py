"""Ground truth: annotated colours and boxes of photos, and the text queries.

queries.csv  text,category,color
colors.csv   image,color,also           `also` holds further acceptable colours, joined by |
boxes.csv    image,x1,y1,x2,y2          shares of the photo's width and height
families.csv photos,image,garment,family,also  colour families, of people's garments and of lying ones
train_families.csv  the same of photos of the train splits, to fit and to choose by
cutouts.csv  image,verdict              quality of the cut-out: right, rough or wrong
synonyms.csv text,labels,street         labels of photos, and of garments on people, that a word fits, with |
words.csv    photos,image,garment,fit,season,formality,style  values of attributes, the best first, with |
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
from training.data.photos import merged_categories
from training.data.street import merged_labels

COLUMNS: Mapping[str, Sequence[str]] = {
    "queries": ("text", "category", "color"),
    "colors": ("image", "color", "also"),
    "boxes": ("image", "x1", "y1", "x2", "y2"),
    "cutouts": ("image", "verdict"),
    "synonyms": ("text", "labels", "street"),
    "families": ("photos", "image", "garment", "family", "also"),
    "train_families": ("photos", "image", "garment", "family", "also"),
    "words": ("photos", "image", "garment"),
}
VERDICTS = ("right", "rough", "wrong")


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A text, and the category and colour of a relevant photo."""

    text: str
    category: str
    color: str


@dataclass(frozen=True, slots=True)
class SynonymQuery:
    """A word for a kind of garment, and the labels of photos, and of garments on people, that it fits."""

    text: str
    labels: frozenset[str]
    street: frozenset[str]


@dataclass(frozen=True, slots=True)
class FamilyTruth:
    """The colour family of a garment, and others that are right, too.

    Attributes:
        photos: `street` for the photos of people, in which `garment` is the data set's label; `clothing` for
            the clothing photos, of which it is the main garment.
    """

    photos: str
    image: str
    garment: str
    family: str
    also: frozenset[str]

    def accepts(self, family: str) -> bool:
        return family == self.family or family in self.also


@dataclass(frozen=True, slots=True)
class WordTruth:
    """What people say of a garment.

    Attributes:
        photos, image, garment: as in `FamilyTruth`.
        values: by attribute, what may be said of it, the best first; empty where the photo does not tell.
    """

    photos: str
    image: str
    garment: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """Annotations by image id: acceptable colours, the best first, and the garment's box in shares of the
    photo's sides.

    `cutouts` holds the verdicts on a sample of photos of any split.
    """

    queries: tuple[TextQuery, ...]
    colors: Mapping[str, tuple[str, ...]]
    boxes: Mapping[str, Box]
    cutouts: Mapping[str, str] = field(default_factory=dict)
    synonyms: tuple[SynonymQuery, ...] = ()
    families: tuple[FamilyTruth, ...] = ()
    words: tuple[WordTruth, ...] = ()
    train_families: tuple[FamilyTruth, ...] = ()


def read_ground_truth(folder: Path, taxonomy: Taxonomy) -> GroundTruth:
    """Read the tables of a folder; a missing table counts as empty.

    Raises:
        InvalidInput: the folder does not exist, or a value is missing, out of range or not in the taxonomy;
        the
            error names the table and the row.
    """
    if not folder.is_dir():
        raise InvalidInput("ground-truth", f"must be a folder: {folder}")
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
    synonyms = [_synonym(row, f"synonyms.csv[{i}]") for i, row in enumerate(tables["synonyms"])]
    families = {
        name: tuple(_family(row, f"{name}.csv[{i}]", taxonomy) for i, row in enumerate(tables[name]))
        for name in ("families", "train_families")
    }
    words = [_words(row, f"words.csv[{i}]", taxonomy) for i, row in enumerate(tables["words"])]
    return GroundTruth(
        tuple(queries),
        colors,
        boxes,
        cutouts,
        tuple(synonyms),
        words=tuple(words),
        **families,
    )


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


def _query(row: Mapping[str, str], field: str, taxonomy: Taxonomy) -> TextQuery:
    """Read a query; its text must contain the category and the colour, each by name or synonym."""
    query = TextQuery(row["text"], row["category"], row["color"])
    _one_of([category.name for category in taxonomy.categories], query.category, f"{field}.category")
    _one_of(taxonomy.colors, query.color, f"{field}.color")
    if query.category not in taxonomy.categories_in(query.text):
        raise InvalidInput(f"{field}.text", f"must name the category {query.category!r}, not {query.text!r}")
    words = map(_plain, (query.color, *taxonomy.color_synonyms.get(query.color, ())))
    if not any(word in _plain(query.text) for word in words):
        raise InvalidInput(f"{field}.text", f"must name the colour {query.color!r}, not {query.text!r}")
    return query


def _synonym(row: Mapping[str, str], field: str) -> SynonymQuery:
    known = {"labels": merged_categories(), "street": merged_labels()}
    fit = {
        column: frozenset(
            _one_of(labels, name, f"{field}.{column}") for name in row[column].split("|") if name
        )
        for column, labels in known.items()
    }
    if not (row["text"].strip() and any(fit.values())):
        raise InvalidInput(field, "must have a text and a label that it fits")
    return SynonymQuery(row["text"], fit["labels"], fit["street"])


def _colors(row: Mapping[str, str], field: str, taxonomy: Taxonomy) -> tuple[str, ...]:
    _one_of(taxonomy.colors, row["color"], f"{field}.color")
    also = [name for name in row["also"].split("|") if name]
    return row["color"], *(_one_of(taxonomy.colors, name, f"{field}.also") for name in also)


def _family(row: Mapping[str, str], field: str, taxonomy: Taxonomy) -> FamilyTruth:
    families = list(dict.fromkeys(map(taxonomy.family_of, taxonomy.colors)))
    photos = _one_of(("street", "clothing"), row["photos"], f"{field}.photos")
    family = _one_of(families, row["family"], f"{field}.family")
    also = [_one_of(families, name, f"{field}.also") for name in row["also"].split("|") if name]
    return FamilyTruth(photos, row["image"], row["garment"], family, frozenset(also))


def _words(row: Mapping[str, str], field: str, taxonomy: Taxonomy) -> WordTruth:
    known = {attribute.name: attribute.values for attribute in taxonomy.attributes}
    photos = _one_of(("street", "clothing"), row["photos"], f"{field}.photos")
    values = {
        _one_of(known, name, "words.csv"): tuple(
            _one_of(known[name], value, f"{field}.{name}") for value in text.split("|") if value
        )
        for name, text in row.items()
        if name not in COLUMNS["words"]
    }
    return WordTruth(photos, row["image"], row["garment"], values)


def _one_of(known: Iterable[str], value: str, field: str) -> str:
    if value not in known:
        raise InvalidInput(field, f"must be one of {', '.join(known)}, not {value!r}")
    return value


def _plain(text: str) -> str:
    """The words in lower case, each surrounded by spaces."""
    return f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "


def _box(row: Mapping[str, str], field: str) -> Box:
    try:
        box = Box(*(float(row[name]) for name in ("x1", "y1", "x2", "y2")))
    except ValueError as error:
        raise InvalidInput(field, f"must hold numbers: {error}") from error
    if not (0 <= box.x1 < box.x2 <= 1 and 0 <= box.y1 < box.y2 <= 1):
        raise InvalidInput(field, "must lie within 0 to 1, x1 before x2 and y1 before y2")
    return box
