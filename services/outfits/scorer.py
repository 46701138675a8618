"""How well the pieces of an outfit go together: the interface of scorers, and what they answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from domain.errors import InvalidInput
from domain.garment_types import Season
from services.outfits.piece import Piece

Scores: TypeAlias = npt.NDArray[np.float64]

_COLDEST_C, _HOTTEST_C = -60.0, 60.0


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

    def check(self) -> None:
        """Raises InvalidInput for a number out of range."""
        _check("occasion.temperature_c", self.temperature_c, _COLDEST_C, _HOTTEST_C)
        _check("occasion.formality", self.formality, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a score.

    Attributes:
        value: how good it is, 0 to 1.
        share: its share of the score.
        reason: what it is made of, a clause without a stop; "" where there is nothing to say.
        severity: how often what it lacks counts. With 1 a score is the mean of its terms; with more, one bad
            term is not made up for by the others.
    """

    name: str
    value: float
    share: float
    reason: str = ""
    severity: float = 1.0

    @property
    def taken(self) -> float:
        """What the score lacks because of it."""
        return self.share * self.severity * (1.0 - self.value)

    @property
    def points(self) -> float:
        """What it adds to the score; below 0 where it takes more than its share."""
        return self.share - self.taken


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

    def scores(self, sets: Sequence[Sequence[Piece]], occasion: Occasion) -> Scores:
        """(N,) float64: the value of the score of each of N sets, without what it is made of."""


PREFERENCE = "preference"
"""The name of the term that says how much an end user likes the pieces."""
Adjust: TypeAlias = Callable[[Sequence[Piece]], Term]
"""One more term of a score, such as how much somebody likes the pieces. Its points may be below 0."""
AdjustmentOf: TypeAlias = Callable[[Sequence[Piece]], Adjust]
"""Makes an `Adjust` once, for all pieces that outfits are made of."""


@dataclass(frozen=True, slots=True)
class AdjustedScorer:
    """A scorer whose scores have one more term, so that they may be above 1."""

    scorer: Scorer
    adjust: Adjust

    def score(self, pieces: Sequence[Piece], occasion: Occasion) -> OutfitScore:
        """See `Scorer`."""
        return OutfitScore((*self.scorer.score(pieces, occasion).terms, self.adjust(pieces)))

    def scores(self, sets: Sequence[Sequence[Piece]], occasion: Occasion) -> Scores:
        """See `Scorer`."""
        points: Scores = np.array([self.adjust(each).points for each in sets], np.float64)
        return np.add(self.scorer.scores(sets, occasion), points, dtype=np.float64)


def _check(field: str, value: float | None, least: float, most: float) -> None:
    if value is not None and not (math.isfinite(value) and least <= value <= most):
        raise InvalidInput(field, f"must be from {least:g} to {most:g}, got {value:g}")
