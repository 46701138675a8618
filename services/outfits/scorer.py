"""How well the pieces of an outfit go together: the interface of scorers, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.garment_types import Season
from services.outfits.piece import Piece


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an outfit is for.

    Attributes:
        season: in which it is worn; None where that is open.
        temperature_c: degrees Celsius outside; None where that is open.
        formality: how formal it should be, 0 to 1; None where that is open.
    """

    season: Season | None = None
    temperature_c: float | None = None
    formality: float | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a score.

    Attributes:
        value: how good it is, 0 to 1.
        share: its share of the score.
        reason: what it is made of, a clause without a stop; "" where there is nothing to say.
    """

    name: str
    value: float
    share: float
    reason: str = ""

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return self.value * self.share


@dataclass(frozen=True, slots=True)
class OutfitScore:
    """A score from 0 to 1, which is the sum of the points of its terms."""

    terms: tuple[Term, ...]

    @property
    def value(self) -> float:
        return sum(term.points for term in self.terms)


class Scorer(Protocol):
    """Scores outfits."""

    def score(self, pieces: Sequence[Piece], occasion: Occasion) -> OutfitScore: ...
