"""Photos of single garments with a label each: `FOLDER/labels.csv` and `FOLDER/images/NAME.jpg`.

The columns are image, label, sender and split. The `validation` split is only measured on: no recipe trains
on it. Hyperparameters are chosen on the dev set, the held-out senders of the train split.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from domain.errors import InvalidInput
from training.data.holdout import hold_out

COLUMNS = ("image", "label", "sender", "split")


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo; `label` is the label of the folder, `category` the category that it is merged to."""

    path: Path
    label: str
    category: str
    sender: str
    split: str


def merged_categories() -> Mapping[str, str]:
    """Category by label; other labels (Body, Not sure, Other, Skip) are left out."""
    groups = {
        "t-shirt": ("T-Shirt", "Polo", "Top", "Undershirt"),
        "long sleeve": ("Longsleeve", "Hoodie"),
        "shirt": ("Shirt", "Blouse"),
        "outerwear": ("Outwear", "Blazer"),
        "dress": ("Dress",),
        "skirt": ("Skirt",),
        "trousers": ("Pants",),
        "shorts": ("Shorts",),
        "shoes": ("Shoes",),
        "hat": ("Hat",),
    }
    return MappingProxyType({label: name for name, labels in groups.items() for label in labels})


def load_photos(folder: Path) -> list[Photo]:
    """All photos with a usable label, of every split.

    Raises:
        InvalidInput: the folder has no labels.csv, or none of the photos that it names.
    """
    table = folder / "labels.csv"
    if not table.is_file():
        raise InvalidInput("data", f"must hold labels.csv and images/: {folder}")
    found = [photo for photo in read_labels(table, folder / "images") if photo.path.is_file()]
    if not found:
        raise InvalidInput("data", f"holds none of the photos that its labels.csv names: {folder}")
    return found


def read_labels(table: Path, images: Path) -> list[Photo]:
    """The rows of a table with a usable label; the photo files need not exist.

    Raises:
        InvalidInput: the table is missing or lacks a column.
    """
    if not table.is_file():
        raise InvalidInput("labels", f"must be a CSV file: {table}")
    categories = merged_categories()
    with table.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise InvalidInput(
                "labels", f"must have the columns {', '.join(COLUMNS)}; {missing[0]} is missing"
            )
        return [_photo(images, row, categories[row["label"]]) for row in rows if row["label"] in categories]


def of_split(photos: list[Photo], split: str) -> list[Photo]:
    """The photos of the split `train` or `validation`."""
    return [photo for photo in photos if photo.split == split]


def hold_out_senders(photos: list[Photo], share: float, seed: int) -> tuple[list[Photo], list[Photo]]:
    """Split train photos into (kept, held out) so that no sender is in both.

    Senders are held out at random until about `share` of the photos are. A sender with more than a third of
    that number is never held out, so that the held-out photos come from many people.
    """
    chosen = hold_out([photo.sender for photo in photos], share, seed) if share else [False] * len(photos)
    pairs = list(zip(photos, chosen, strict=True))
    return [photo for photo, held in pairs if not held], [photo for photo, held in pairs if held]


def _photo(images: Path, row: Mapping[str, str], category: str) -> Photo:
    path = images / f"{row['image']}.jpg"
    return Photo(path, row["label"], category, row["sender"], row["split"])
