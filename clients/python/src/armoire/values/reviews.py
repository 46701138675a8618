"""The queue of reviewers, and what has come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from armoire.values.corrections import Correction
from armoire.values.items import Item
from armoire.values.tenant_settings import Taxonomy


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An item that a reviewer has, with the alternatives of its attributes.

    `reason` is "uncertain", "audit", "disagreement" or "similar"; `uncertainty` is how unsure the model is of
    the category, 0 to 1. `photo_url` leads to a picture of the whole photo, where asked for.
    """

    item: Item
    reason: str
    uncertainty: float
    photo_url: str = ""


@dataclass(frozen=True, slots=True)
class ReviewLeases:
    """The items that a reviewer has until `lease_expire_time`; `open_items` counts all that are left."""

    items: tuple[ReviewItem, ...]
    lease_expire_time: datetime | None
    open_items: int


@dataclass(frozen=True, slots=True)
class VerifiedItems:
    """Items in the order asked for, and the corrections of those that changed."""

    items: tuple[Item, ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class ReviewerPace:
    """How many decisions an author has made that still stand, and how long they took."""

    author: str
    decisions: int
    active_s: float

    @property
    def decisions_per_minute(self) -> float:
        """0 where there is no time between any two of them."""
        return 60.0 * self.decisions / self.active_s if self.active_s else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a model says of an attribute what people say of the same items.

    `confusions` counts pairs of the model's and the person's value; `live` says that it is searched with.
    """

    attribute: str
    model_version: str
    preprocess_version: str
    reviewed: int
    agreed: int
    live: bool
    confusions: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The items of a label, and those among them that people have verified or rejected."""

    label: str
    items: int
    decided: int


@dataclass(frozen=True, slots=True)
class ReviewStatistics:
    """What was reviewed; `truncated` says that agreement is that of the items reviewed last alone."""

    reviewers: tuple[ReviewerPace, ...]
    agreements: tuple[Agreement, ...]
    coverage: tuple[Coverage, ...]
    items: int
    verified: int
    rejected: int
    reviewed: int
    truncated: bool


@dataclass(frozen=True, slots=True)
class GarmentType:
    """A kind of garment in outfits, such as "blazer", with the category above it, "" for none.

    `slots` are the parts of an outfit that it can fill, the usual first. `warmth` and `formality` are from
    0 to 1, `seasons` those in which it is usually worn, `synonyms` other words for it.
    """

    name: str
    category: str
    slots: tuple[str, ...]
    warmth: float
    formality: float
    seasons: tuple[str, ...]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionedTaxonomy:
    """The words that garments are described with, those of category and color among the attributes; `version`
    names them. Garment types are what garments are in outfits, finer than the categories.
    """

    taxonomy: Taxonomy
    version: str
    garment_types: tuple[GarmentType, ...] = ()
