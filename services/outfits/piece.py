"""Pieces: items as outfits see them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.garment_types import GarmentType, Season, Slot
from domain.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """An item, with what its pieces need to be put together.

    Attributes:
        color: the name of its main colour; "" where it is not known.
        pattern: "plain" or another value of the attribute; "" where it is not known.
        formality: from 0, worn for sports, to 1, worn to a ball.
        embedding: (D,) float32, L2-normalised; None where it is not needed.
        category: a category of the taxonomy; "" for what is in none, such as belts.
        style: a value of the attribute; "" where it is not known.
        brand: of its product; "" where it is not known.
        fit: such as "slim"; "" where nothing is sure of it.
        audience: whom its product is for, such as "female" and "adult": gender and age group, each "" where
            it is for all or not known.
        doubtful: it may be no garment, or one of another category, or its picture does not show it well.
        age_doubt: whether it may be a child's and not an adult's, as far as a model tells: 0, hardly;
            1, perhaps; 2, probably.
        worn_in: its seasons, where something is sure of them; None for those of its type.
        is_own: it is an end user's own, and not the shop's.
    """

    item_id: str
    type: GarmentType
    color: str = ""
    pattern: str = ""
    formality: float = 0.5
    embedding: FloatArray | None = None
    category: str = ""
    style: str = ""
    brand: str = ""
    fit: str = ""
    audience: tuple[str, str] = ("", "")
    doubtful: bool = False
    age_doubt: int = 0
    worn_in: frozenset[Season] | None = None
    is_own: bool = False

    @property
    def name(self) -> str:
        """Such as "navy chinos"."""
        return f"{self.color} {self.type.name}".strip()

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.type.slots

    @property
    def doubt(self) -> int:
        """How much had better be left out, 0 to 3: what may be no garment, before what may be a child's."""
        return 3 if self.doubtful else self.age_doubt

    @property
    def warmth(self) -> float:
        return self.type.warmth

    @property
    def seasons(self) -> frozenset[Season]:
        return self.type.seasons if self.worn_in is None else self.worn_in


def for_one_person(one: Piece, other: Piece) -> bool:
    """Whether somebody may wear both: no piece is for men and the other for women, or for children."""
    return all(a == b or not (a and b) for a, b in zip(one.audience, other.audience, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPiece:
    """A piece in the slot that it fills."""

    piece: Piece
    slot: Slot
