"""The slots of outfits that the categories of data sets fill."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.garment_types import Slot


def polyvore_slots() -> Mapping[str, Slot]:
    """By the semantic categories of "Polyvore Outfits"."""
    return MappingProxyType(
        {
            "tops": Slot.TOP,
            "bottoms": Slot.BOTTOM,
            "all-body": Slot.ONE_PIECE,
            "outerwear": Slot.OUTERWEAR,
            "shoes": Slot.SHOES,
            "bags": Slot.ACCESSORIES,
            "accessories": Slot.ACCESSORIES,
            "hats": Slot.ACCESSORIES,
            "jewellery": Slot.ACCESSORIES,
            "scarves": Slot.ACCESSORIES,
            "sunglasses": Slot.ACCESSORIES,
        }
    )


def street_slots() -> Mapping[str, Slot]:
    """By the categories to which `street.merged_labels` merges labels."""
    return MappingProxyType(
        {
            "t-shirt": Slot.TOP,
            "long sleeve": Slot.TOP,
            "shirt": Slot.TOP,
            "outerwear": Slot.OUTERWEAR,
            "dress": Slot.ONE_PIECE,
            "skirt": Slot.BOTTOM,
            "trousers": Slot.BOTTOM,
            "shorts": Slot.BOTTOM,
            "shoes": Slot.SHOES,
            "hat": Slot.ACCESSORIES,
            "bag": Slot.ACCESSORIES,
        }
    )


def named_slots() -> Mapping[str, Slot]:
    """By the parts of the outfits of `named_outfits`."""
    return MappingProxyType(
        {
            "upper": Slot.TOP,
            "bottom": Slot.BOTTOM,
            "shoe": Slot.SHOES,
            "bag": Slot.ACCESSORIES,
            "accessory": Slot.ACCESSORIES,
        }
    )
