"""Outfits whose items have names and no pictures: "Polyvore-T" (Wang et al. 2019), as published.

    FOLDER/polyvore_t_valid.json    {SET: {"upper": {"index": 2, "name": "..."}, "bottom": ..., "shoe": ...,
    FOLDER/polyvore_t_test.json            "bag": ..., "accessory": ...}}

The first is trained on here, the second measured. Source: Wang, Wu, Zhong 2019, "Outfit Compatibility
Prediction and Diagnosis with Multi-Layered Comparison Network".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from training.data.outfit_sets import OutfitItem, OutfitSet
from training.data.outfit_slots import named_slots

FILES: Mapping[str, str] = {"train": "polyvore_t_valid.json", "test": "polyvore_t_test.json"}


def named_outfits(folder: Path) -> list[OutfitSet]:
    """The outfits of both files.

    Raises:
        InvalidInput: a file is missing or of another form.
    """
    return [outfit for split, name in FILES.items() for outfit in _read(folder / name, split)]


def _read(path: Path, split: str) -> list[OutfitSet]:
    if not path.is_file():
        raise InvalidInput("data", f"must hold {path.name}: {path.parent}")
    try:
        sets = json.loads(path.read_text(encoding="utf-8"))
        return [OutfitSet(id, split, _items(id, parts)) for id, parts in sets.items()]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput("data", f"{path.name} is not of Polyvore-T's form: {error!r}"[:300]) from error


def _items(id: str, parts: Mapping[str, Mapping[str, Any]]) -> tuple[OutfitItem, ...]:
    """Items without a name are left out."""
    slots = named_slots()
    return tuple(
        OutfitItem(f"{id}_{facts['index']}", part, facts["name"], slot=slots[part])
        for part, facts in parts.items()
        if facts["name"].strip()
    )
