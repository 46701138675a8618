"""Photos of people in the street with a box for each garment: the data set "Clothing Co-Parsing".

`FOLDER/items.json` has a box for each label of a photo, in pixels, and the photo's split;
`FOLDER/photos/NAME.jpg` are the photos. A pair of shoes is one box. The people can be identified: the photos
are for training and measuring, and are never shown.

Source: Yang, Luo, Lin 2014, "Clothing Co-Parsing by Joint Image Segmentation and Labeling".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from domain.errors import InvalidInput
from domain.types import Box, Pixels
from imaging.crop import crop, expand

SPLITS = ("train", "development")
"""The splits; nothing is trained on the second."""


@dataclass(frozen=True, slots=True)
class WornGarment:
    """A garment; `label` is the data set's, `category` the one that it is merged to, `box` in pixels."""

    label: str
    category: str
    box: Box


@dataclass(frozen=True, slots=True)
class StreetPhoto:
    """One photo of a person with its garments."""

    path: Path
    width: int
    height: int
    garments: tuple[WornGarment, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WornCrop:
    """A garment's part of a photo: `picture` (H, W, 3) RGB, `mask` (H, W) uint8, 255 on the garment."""

    garment: WornGarment
    picture: Pixels
    mask: npt.NDArray[np.uint8]


def merged_labels() -> Mapping[str, str]:
    """Category by label; other labels (jewellery, belts, socks, skin, hair and the like) are left out."""
    groups = {
        "t-shirt": ("t-shirt", "top", "vest", "bodysuit"),
        "long sleeve": ("sweater", "sweatshirt", "jumper", "hoodie"),
        "shirt": ("blouse", "shirt"),
        "outerwear": ("blazer", "coat", "jacket", "cape", "cardigan", "suit"),
        "dress": ("dress", "romper"),
        "skirt": ("skirt",),
        "trousers": ("pants", "jeans", "leggings"),
        "shorts": ("shorts",),
        "shoes": (
            "boots",
            "clogs",
            "flats",
            "heels",
            "loafers",
            "pumps",
            "sandals",
            "shoes",
            "sneakers",
            "wedges",
        ),
        "hat": ("hat",),
        "bag": ("bag", "purse", "wallet"),
    }
    return MappingProxyType({label: name for name, labels in groups.items() for label in labels})


def words_by_street_label() -> Mapping[str, tuple[str, ...]]:
    """Other words that are used in captions for labels; labels without an entry stand for themselves."""
    return MappingProxyType(
        {
            "t-shirt": ("t-shirt", "tee", "tee shirt"),
            "sweater": ("sweater", "jumper", "pullover"),
            "jumper": ("jumper", "sweater", "pullover"),
            "sweatshirt": ("sweatshirt", "sweat shirt"),
            "hoodie": ("hoodie", "hooded sweatshirt"),
            "shirt": ("shirt", "button-up"),
            "blazer": ("blazer", "suit jacket"),
            "coat": ("coat", "overcoat"),
            "cape": ("cape", "cloak", "poncho"),
            "dress": ("dress", "frock", "gown"),
            "pants": ("trousers", "pants", "slacks"),
            "jeans": ("jeans", "denims"),
            "shoes": ("shoes", "footwear"),
            "heels": ("heels", "high heels"),
            "sneakers": ("sneakers", "trainers"),
            "hat": ("hat", "headwear"),
            "bag": ("bag", "handbag"),
            "purse": ("purse", "handbag"),
        }
    )


def load_street_photos(folder: Path, split: str) -> list[StreetPhoto]:
    """The photos of a split, in the order of the table, each with the garments whose label is merged.

    Raises:
        InvalidInput: the folder has no items.json, or a photo that it names is missing.
    """
    table = folder / "items.json"
    if split not in SPLITS:
        raise InvalidInput("split", f"must be one of {', '.join(SPLITS)}, not {split[:100]}")
    if not table.is_file():
        raise InvalidInput("street", f"must hold items.json and photos/: {folder}")
    rows = json.loads(table.read_text(encoding="utf-8"))
    photos = [_photo(folder / "photos", row) for row in rows if row["split"] == split]
    if missing := next((photo.path for photo in photos if not photo.path.is_file()), None):
        raise InvalidInput("street", f"has no {missing.name}, which its items.json names")
    return photos


def load_worn_crops(folder: Path, least_side_px: float = 16.0, margin: float = 0.3) -> Iterator[WornCrop]:
    """The garments of the train split, with a margin of their sides around them; small ones are left out.

    `FOLDER/masks/NAME.png` has the line of labels.txt for each pixel.
    """
    lines = {name: line for line, name in enumerate((folder / "labels.txt").read_text().split("\n"))}
    for photo in load_street_photos(folder, "train"):
        picture = np.asarray(Image.open(photo.path).convert("RGB"))
        labels = np.asarray(Image.open(folder / "masks" / f"{photo.path.stem}.png"))
        for garment in photo.garments:
            if min(garment.box.width, garment.box.height) >= least_side_px:
                box = expand(garment.box, margin, photo.width, photo.height)
                mask = np.where(crop(labels, box) == lines[garment.label], 255, 0).astype(np.uint8)
                yield WornCrop(garment, crop(picture, box), mask)


def _photo(folder: Path, row: Mapping[str, Any]) -> StreetPhoto:
    categories = merged_labels()
    width, height = row["size"]
    garments = tuple(
        WornGarment(item["label"], categories[item["label"]], Box(*map(float, item["box"])))
        for item in row["items"]
        if item["label"] in categories
    )
    return StreetPhoto(folder / f"{row['photo']}.jpg", width, height, garments)
