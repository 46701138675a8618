"""Outfits: items that are worn together, and how well they go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from armoire.values.products import Product
from armoire.values.types import WireEnum


class OutfitSlot(WireEnum):
    """A part of an outfit. A layer is worn over a top and under outerwear."""

    TOP = "top"
    BOTTOM = "bottom"
    ONE_PIECE = "one-piece"
    LAYER = "layer"
    OUTERWEAR = "outerwear"
    SHOES = "shoes"
    HOSIERY = "hosiery"
    ACCESSORIES = "accessories"
    UNKNOWN = "unknown"


class Season(StrEnum):
    """When an outfit is worn."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an outfit is for; None where that is open.

    `temperature_c` is in degrees Celsius; `formality` is 0, worn for sports, to 1, worn to a ball.
    """

    season: Season | str | None = None
    temperature_c: float | None = None
    formality: float | None = None


@dataclass(frozen=True, slots=True)
class OutfitWeights:
    """The weights of the terms of an outfit's score; they are divided by their sum.

    `learned` is that of a learned scorer, where the server has one; None for the server's share.
    """

    color: float = 0.0
    formality: float = 0.0
    compatibility: float = 0.0
    pattern: float = 0.0
    season: float = 0.0
    learned: float | None = None


@dataclass(frozen=True, slots=True)
class OutfitTerm:
    """A part of an outfit's score: how good it is, 0 to 1, what it adds, and what it is made of.

    `points` are below 0 where it takes more than its share of the score.
    """

    name: str
    value: float
    points: float
    reason: str


@dataclass(frozen=True, slots=True)
class OutfitItem:
    """An item in the slot that it fills.

    `garment_type` is finer than `category`, which is empty for garments that are in none, such as belts.
    `crop_url` is there where asked for.
    """

    item_id: str
    slot: OutfitSlot
    category: str
    garment_type: str
    color: str
    crop_url: str = ""
    product: Product | None = None


@dataclass(frozen=True, slots=True)
class Outfit:
    """Items that are worn together, those of the base first.

    `score`, 0 to 1, is the sum of the points of `terms`, of which `explanation` is made.
    """

    score: float
    terms: tuple[OutfitTerm, ...]
    explanation: str
    items: tuple[OutfitItem, ...]

    @property
    def points(self) -> Mapping[str, float]:
        """What each term adds to the score, by its name."""
        return {term.name: term.points for term in self.terms}


@dataclass(frozen=True, slots=True)
class OutfitCandidate:
    """An item for a slot; `outfit` has what was there and this item."""

    item: OutfitItem
    outfit: Outfit


@dataclass(frozen=True, slots=True)
class ScoredOutfit:
    """Items that were scored, and why they are no outfit; `valid` where they are one."""

    outfit: Outfit
    valid: bool
    problems: tuple[str, ...]
