"""End users: what they own, what they think of it, and what they like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from armoire.values.products import Money
from armoire.values.types import WireEnum


class WardrobeState(WireEnum):
    """How an item belongs to a wardrobe."""

    OWNED = "owned"
    WISHED = "wished"
    BOUGHT = "bought"
    UNKNOWN = "unknown"


class FeedbackKind(WireEnum):
    """What an end user said or did; `SKIP` is to pass over something."""

    LIKE = "like"
    DISLIKE = "dislike"
    WEAR = "wear"
    SKIP = "skip"
    UNKNOWN = "unknown"


class OutfitPool(WireEnum):
    """Which items outfits are made of: the catalogue's, what the end user owns or has bought, or both."""

    CATALOG = "catalog"
    WARDROBE = "wardrobe"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NewWardrobeItem:
    """An item of the catalogue for a wardrobe: what was paid, and the day since when it is there."""

    item_id: str
    state: WardrobeState | str = WardrobeState.OWNED
    price: Money | None = None
    acquired: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WardrobeItem:
    """An item in a wardrobe, and how often it was worn, as feedback tells.

    `cost_per_wear` is the price by that number; None where the price is not known, or it was never worn.
    """

    item_id: str
    state: WardrobeState
    price: Money | None
    acquired: date | None
    note: str
    wear_count: int
    last_wear_time: datetime | None
    cost_per_wear: Money | None
    create_time: datetime | None


@dataclass(frozen=True, slots=True)
class Preference:
    """How well a value of a facet, such as the color "navy", is liked: -1 to 1, near 0 where little is known.

    `weight` is the amount of feedback behind it.
    """

    facet: str
    value: str
    score: float
    weight: float


@dataclass(frozen=True, slots=True)
class Preferences:
    """What feedback has come to, the best known first; `signals` is on how many items it was given.

    `liked_weight` and `disliked_weight` tell how much of it there is on looks, which have no words.
    """

    signals: int
    values: tuple[Preference, ...]
    liked_weight: float
    disliked_weight: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback that is kept; items that were removed since are no longer in it."""

    id: str
    kind: FeedbackKind
    item_ids: tuple[str, ...]
    create_time: datetime | None


@dataclass(frozen=True, slots=True)
class EndUserData:
    """All that is kept of an end user, the oldest first; `shown_outfits` are hashes."""

    end_user: str
    wardrobe: tuple[WardrobeItem, ...]
    feedback: tuple[Feedback, ...]
    preferences: Preferences
    shown_outfits: tuple[str, ...]
