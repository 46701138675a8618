"""Garment types: what garments are in outfits, finer than the categories that models tell apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.errors import InvalidInput


class Slot(StrEnum):
    """A part of an outfit. A layer is worn over a top and under outerwear."""

    TOP = "top"
    BOTTOM = "bottom"
    ONE_PIECE = "one-piece"
    LAYER = "layer"
    OUTERWEAR = "outerwear"
    SHOES = "shoes"
    HOSIERY = "hosiery"
    ACCESSORIES = "accessories"


class Season(StrEnum):
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


@dataclass(frozen=True, slots=True)
class GarmentType:
    """A leaf of the tree of garments.

    Attributes:
        category: the taxonomy's category above it; "" for what models do not know.
        slots: the parts of an outfit that it can fill, the usual one first.
        warmth: from 0, a sandal, to 1, a down coat.
        formality: from 0, worn for sports, to 1, worn to a ball.
        seasons: in which it is usually worn.
        words: other words for it.
    """

    name: str
    category: str
    slots: tuple[Slot, ...]
    warmth: float
    formality: float
    seasons: frozenset[Season]
    words: tuple[str, ...] = ()


def plain_type(category: str, slot: str) -> GarmentType | None:
    """The type of a category without types: neither warm nor cold, for all seasons; None for other slots."""
    if slot not in set(Slot):
        return None
    return GarmentType(category, category, (Slot(slot),), 0.3, 0.5, frozenset(Season))


def parse_garment_types(
    rows: Sequence[Mapping[str, Any]], slots_of: Mapping[str, str]
) -> tuple[GarmentType, ...]:
    """The types of a file; `slots_of` has the slot of each category by its name.

    Raises:
        InvalidInput: a row is invalid; the field is its path.
    """
    types: dict[str, GarmentType] = {}
    for index, row in enumerate(rows):
        try:
            parsed = _garment_type(row, slots_of)
            if parsed.name in types:
                raise InvalidInput("name", f"must not be {parsed.name!r} a second time")
        except InvalidInput as error:
            raise error.within(f"garment_types[{index}]") from None
        types[parsed.name] = parsed
    return tuple(types.values())


def _garment_type(row: Mapping[str, Any], slots_of: Mapping[str, str]) -> GarmentType:
    name, category = row.get("name"), row.get("category", "")
    if not isinstance(name, str) or not name:
        raise InvalidInput("name", "must be a non-empty string")
    if category and category not in slots_of:
        raise InvalidInput("category", "must be one of the categories")
    slots = _members(row, "slots", Slot)
    if not slots:
        raise InvalidInput("slots", "must not be empty")
    words = row.get("words", [])
    if not isinstance(words, list) or any(not isinstance(word, str) or not word.strip() for word in words):
        raise InvalidInput("words", "must be a list of non-empty strings")
    shares = _share(row, "warmth"), _share(row, "formality")
    seasons = _members(row, "seasons", Season)
    return GarmentType(name, category, slots, *shares, frozenset(seasons), tuple(words))


def _members(row: Mapping[str, Any], name: str, kind: type[Any]) -> tuple[Any, ...]:
    known: Collection[str] = [each.value for each in kind]
    given = row.get(name, [])
    if not isinstance(given, list) or any(value not in known for value in given):
        raise InvalidInput(name, f"must be a list of some of {', '.join(known)}")
    return tuple(kind(value) for value in given)


def _share(row: Mapping[str, Any], name: str) -> float:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidInput(name, "must be a number from 0 to 1")
    return float(value)
