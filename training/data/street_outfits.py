"""Outfits of people in the street: what one person wears, of `data/street.py`.

Boxes of one photo overlap, and have its background in common, so that a model can tell by these which
garments belong together. Where `FOLDER/masks/` is there, garments are cut out, and all else is grey; what
they still have in common is the light.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from domain.types import Box, Pixels
from imaging.crop import crop, expand
from training.data.outfit_sets import OutfitItem, OutfitSet
from training.data.outfit_slots import street_slots
from training.data.picture_file import MARGIN
from training.data.street import StreetPhoto, load_street_photos

LEAST_SIDE_PX = 24.0
"""Garments with a shorter side are left out."""
GREY = 128
"""Of what is no part of a garment that is cut out."""


def street_outfits(folder: Path) -> list[OutfitSet]:
    """The people of the train split, and as `test` those of the development split; with two garments or more.

    Raises:
        InvalidInput: as `load_street_photos`.
    """
    parts = (("train", "train"), ("development", "test"))
    made = [_outfit(photo, split) for own, split in parts for photo in load_street_photos(folder, own)]
    return [outfit for outfit in made if len(outfit.items) > 1]


def _outfit(photo: StreetPhoto, split: str) -> OutfitSet:
    slots = street_slots()
    items = tuple(
        OutfitItem(
            f"{photo.path.stem}-{index}",
            garment.category,
            garment.label,
            str(photo.path.absolute()),
            slots[garment.category],
            (garment.box.x1, garment.box.y1, garment.box.x2, garment.box.y2),
        )
        for index, garment in enumerate(photo.garments)
        if min(garment.box.width, garment.box.height) >= LEAST_SIDE_PX
    )
    return OutfitSet(photo.path.stem, split, items)


def cut_outfits(folder: Path, outfits: Sequence[OutfitSet], out: Path) -> Iterator[OutfitSet]:
    """The same outfits, with a picture of each garment alone in `out`."""
    lines = {name: line for line, name in enumerate((folder / "labels.txt").read_text().split("\n"))}
    out.mkdir(parents=True, exist_ok=True)
    for outfit in outfits:
        picture = np.asarray(Image.open(folder / "photos" / f"{outfit.id}.jpg").convert("RGB"))
        labels = np.asarray(Image.open(folder / "masks" / f"{outfit.id}.png"))
        items = tuple(_cut(item, picture, labels, lines[item.name], out) for item in outfit.items)
        yield replace(outfit, items=items)


def _cut(item: OutfitItem, picture: Pixels, labels: Pixels, line: int, out: Path) -> OutfitItem:
    """`labels` (H, W) has the line of a label for each pixel."""
    assert item.box is not None, "every garment of a photo has a box"
    box = expand(Box(*item.box), MARGIN, picture.shape[1], picture.shape[0])
    alone = np.where((crop(labels, box) == line)[..., None], crop(picture, box), np.uint8(GREY))
    path = out / f"{item.id}.png"
    cv2.imwrite(str(path), cv2.cvtColor(alone, cv2.COLOR_RGB2BGR))
    return replace(item, image=str(path.absolute()), box=None)
