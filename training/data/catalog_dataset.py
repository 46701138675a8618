"""What people have reviewed in a catalogue, as `armoire export dataset --format image-text` writes it.

    FOLDER/pairs.jsonl     {"image": "train/ITEM.jpg", "product_id": "0193...", "category": "dress",
                            "attributes": {"pattern": ["striped"]}, "text": "striped dress", ...}
    FOLDER/SPLIT/ITEM.jpg  SPLIT is train, val or test

Detectors read the same catalogue in the form of YOLO (`data.yaml`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from models.tag_head import TagHead
from training.data.picture_data import LabelledPicture
from training.data.picture_file import PictureFile
from training.data.tag_table import TaggedPicture
from training.data.weak_tags import type_tags

SPLITS: Mapping[str, str] = {"train": "train", "val": "validation", "test": "test"}


@dataclass(frozen=True, slots=True)
class ReviewedGarment:
    """A garment that people have reviewed; `attributes` are what they said of each."""

    path: Path
    product_id: str
    split: str
    category: str
    attributes: Mapping[str, tuple[str, ...]]
    text: str = ""
    """The sentence that was made of what they said."""


def read_catalog_dataset(folder: Path) -> list[ReviewedGarment]:
    """All garments. Raises InvalidInput where the table or a picture is missing, or of another form."""
    table = folder / "pairs.jsonl"
    if not table.is_file():
        command = "armoire export dataset --format image-text"
        raise InvalidInput("data", f"must hold pairs.jsonl, which {command} writes: {folder}")
    garments = []
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            attributes = {name: tuple(values) for name, values in row["attributes"].items()}
            split = SPLITS[row["image"].partition("/")[0]]
            place, product_id = folder / row["image"], row.get("product_id") or ""
            garment = ReviewedGarment(
                place, product_id, split, row["category"], attributes, str(row.get("text") or "")
            )
            garments.append(garment)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidInput(
                "data", f"pairs.jsonl line {number} cannot be read: {error!r}"[:300]
            ) from error
    if missing := next((garment.path for garment in garments if not garment.path.is_file()), None):
        raise InvalidInput("data", f"has no {missing.name}, which pairs.jsonl names: {folder}")
    return garments


def catalog_labels(garments: Sequence[ReviewedGarment]) -> Iterator[LabelledPicture]:
    """The categories, as labels of a classifier; the export's own split keeps products together."""
    for garment in garments:
        yield LabelledPicture(garment.path, garment.category, garment.product_id, garment.split)


def catalog_tags(
    garments: Sequence[ReviewedGarment], heads: Sequence[TagHead], taxonomy: Taxonomy
) -> Iterator[TaggedPicture]:
    """What people said of the heads' attributes; formality and seasons are of the category's usual type."""
    for garment in garments:
        tags = dict(type_tags(taxonomy.garment_type(garment.category)))
        for head in heads:
            said = tuple(value for value in garment.attributes.get(head.name, ()) if value in head.values)
            if said and (head.kind == "many" or len(said) == 1):
                tags[head.name] = said
        yield TaggedPicture(
            PictureFile(garment.path), garment.product_id, garment.split, "people, types weak", tags
        )
