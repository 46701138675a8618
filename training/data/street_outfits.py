"""Outfits of people in the street: what one person wears, of `data/street.py`.

The light of a photo is that of all its garments, so a model may tell by it which garments belong together.
"""

from __future__ import annotations

from pathlib import Path

from training.data.outfit_sets import OutfitItem, OutfitSet
from training.data.outfit_slots import street_slots
from training.data.street import StreetPhoto, load_street_photos

LEAST_SIDE_PX = 24.0
"""Garments with a shorter side are left out."""


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
