"""Tables of tagged garments: what the recipe `tagger` is trained on, and what converters write.

    image,x1,y1,x2,y2,group,split,source,pattern,fit,formality,seasons,style

A row is a garment: a picture, or the part of it in a box (pixels of the upright picture; empty: all of it).
`pattern` and `fit` hold one value, `formality` a number from 0 to 1, `seasons` and `style` values joined by
"|". An empty tag is not known, which is not the same as the value "none" of `seasons` and `style`: no value
applies. `source` says where the tags are from, such as "people" or "weak".
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pydantic import Field

from domain.errors import InvalidInput
from domain.garment_types import Season
from domain.taxonomy import Taxonomy
from domain.types import Box
from models.manifest import file_sha256
from models.tag_head import TagHead
from training.data.picture_file import PictureFile
from training.data.splits import SplitData, Splits, divide

FITS = ("tight", "regular", "loose", "oversized")
"""The silhouettes of Fashionpedia that are fits."""
NONE = "none"
_PLACE = ("x1", "y1", "x2", "y2")
_FACTS = ("group", "split", "source")


@dataclass(frozen=True, slots=True)
class TaggedPicture:
    """A garment; `tags` has the values of the heads that are known, () where none applies."""

    file: PictureFile
    group: str
    split: str
    source: str
    tags: Mapping[str, tuple[str, ...] | float] = field(default_factory=dict)


class TagData(SplitData):
    """Where tagged garments are, and what is held out of them."""

    path: Path = Field(description="a table (CSV) of tagged garments")


TaggedPictures: TypeAlias = Splits[TaggedPicture]
"""The garments of the three splits."""


def default_heads(taxonomy: Taxonomy) -> tuple[TagHead, ...]:
    """Pattern and style with the values of a taxonomy, fit, formality and seasons."""
    return (
        TagHead("pattern", "one", tuple(taxonomy.attribute("pattern").values)),
        TagHead("fit", "one", FITS),
        TagHead("formality", "number"),
        TagHead("seasons", "many", tuple(Season)),
        TagHead("style", "many", tuple(taxonomy.attribute("style").values)),
    )


def read_tagged(data: TagData, heads: Sequence[TagHead]) -> TaggedPictures:
    """Read a table's splits.

    Raises:
        InvalidInput: the table, a picture or a split is missing, or a tag is none of its head's values.
    """
    return divide(data, read_table(data.path, data.images, heads))


def read_table(path: Path, images: Path | None, heads: Sequence[TagHead]) -> list[TaggedPicture]:
    """Read all rows of a table. Raises InvalidInput as `read_tagged` does."""
    if not path.is_file():
        raise InvalidInput("data.path", f"must be a table of tagged garments (CSV): {path}")
    with path.open(newline="", encoding="utf-8") as lines:
        table = csv.DictReader(lines)
        if "image" not in (table.fieldnames or ()):
            raise InvalidInput("data.path", f"{path.name} must have a column 'image'")
        rows = [
            _picture(row, images or path.parent, heads, f"{path.name} line {line}")
            for line, row in enumerate(table, start=2)
        ]
    if missing := next((row.file.path for row in rows if not row.file.path.is_file()), None):
        raise InvalidInput("data.images", f"lacks a picture that {path.name} names: {missing}")
    return rows


def write_table(path: Path, rows: Iterable[TaggedPicture], heads: Sequence[TagHead]) -> int:
    """Write a table, pictures relative to its folder where they lie in it; returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        names = ["image", *_PLACE, *_FACTS, *(head.name for head in heads)]
        table = csv.DictWriter(file, names, lineterminator="\n")
        table.writeheader()
        for row in rows:
            table.writerow(_row(row, path.parent))
            count += 1
    return count


def tags_sha256(rows: Sequence[TaggedPicture]) -> str:
    """A sha256 over each picture's own with its box and tags, in the order of the paths."""
    hashes = {path: file_sha256(path) for path in sorted({row.file.path for row in rows})}
    lines = sorted(f"{hashes[r.file.path]} {r.file.box} {sorted(r.tags.items())} {r.split}\n" for r in rows)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _picture(row: Mapping[str, str], folder: Path, heads: Sequence[TagHead], place: str) -> TaggedPicture:
    tags: dict[str, tuple[str, ...] | float] = {}
    for head in heads:
        if text := (row.get(head.name) or "").strip():
            tags[head.name] = _tag(head, text, f"{place}, {head.name}")
    group, split, source = (row.get(name) or "" for name in _FACTS)
    file = PictureFile(folder / row["image"], _box(row, place))
    return TaggedPicture(file, group, split or "train", source, tags)


def _tag(head: TagHead, text: str, place: str) -> tuple[str, ...] | float:
    if head.kind == "number":
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:
            raise InvalidInput(place, f"must be a number from 0 to 1, not {text[:50]!r}")
        return number
    values = () if head.kind == "many" and text == NONE else tuple(text.split("|"))
    if unknown := next((value for value in values if value not in head.values), None):
        raise InvalidInput(place, f"must be one of {', '.join(head.values)}, not {unknown[:50]!r}")
    if head.kind == "one" and len(values) != 1:
        raise InvalidInput(place, f"must be one value, not {text[:50]!r}")
    return values


def _box(row: Mapping[str, str], place: str) -> Box | None:
    texts = [row.get(name) or "" for name in _PLACE]
    if not any(texts):
        return None
    try:
        box = Box(*map(float, texts))
    except ValueError as error:
        raise InvalidInput(f"{place}, x1 to y2", f"must be four numbers or empty, not {texts}") from error
    if not (box.x1 < box.x2 and box.y1 < box.y2):
        raise InvalidInput(f"{place}, x1 to y2", "must have x1 before x2 and y1 before y2")
    return box


def _row(row: TaggedPicture, folder: Path) -> dict[str, str]:
    box, path = row.file.box, row.file.path
    place = {} if box is None else {name: f"{getattr(box, name):g}" for name in _PLACE}
    name = path.relative_to(folder) if path.is_relative_to(folder) else path.absolute()
    tags = {key: _text(tag) for key, tag in row.tags.items()}
    return {"image": str(name), "group": row.group, "split": row.split, "source": row.source} | place | tags


def _text(tag: tuple[str, ...] | float) -> str:
    if isinstance(tag, float):
        return f"{tag:g}"
    return "|".join(tag) or NONE
