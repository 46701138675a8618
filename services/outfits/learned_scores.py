"""What a model that has seen outfits of people says of outfits, as one more term of their scores."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeAlias

from domain.types import FloatArray, ModelVersion
from services.background.log_throttle import LogThrottle
from services.outfits.outfit import Outfit
from services.outfits.piece import Piece, PlacedPiece
from services.outfits.scorer import PREFERENCE, OutfitScore, Term

LOG = logging.getLogger("armoire.outfits")

LEARNED = "learned"
"""The name of the term."""
UNKNOWN = 0.5
"""The value for outfits of which fewer than two pieces have an embedding."""
_LIKE, _UNLIKE = 0.85, 0.5
"""From which value on people are said to put such pieces together; and below which seldom."""

EmbeddedPiece: TypeAlias = tuple[FloatArray, str]
"""The embedding (D,) of a piece, L2-normalised, and the slot that it fills."""
Embeddings: TypeAlias = Mapping[str, FloatArray]
"""By the ids of items; without those that have none."""


class SetScorer(Protocol):
    """A model that scores sets of pieces."""

    @property
    def embedder(self) -> str:
        """The version of the model whose embeddings it takes; "" where it makes its own."""

    async def embeddings(self, tenant_id: str, pieces: Sequence[Piece]) -> Embeddings:
        """The embeddings that it takes of these pieces, each of which is there once.

        Raises:
            Overloaded, DeadlineExceeded, Unavailable: it cannot answer in time.
        """

    async def probabilities(self, sets: Sequence[Sequence[EmbeddedPiece]]) -> FloatArray:
        """How probable it is that somebody put the pieces of each set together, (N,) float32.

        Raises:
            Overloaded, DeadlineExceeded, Unavailable: it cannot answer in time.
        """


class LearnedScores:
    """Adds a term to the scores of outfits that rules have found.

    The shares of the other terms shrink by its share, so that a score is from 0 to 1 as before.

    Attributes:
        share: of the score, for tenants that have none of their own.
    """

    def __init__(self, scorer: SetScorer, share: float) -> None:
        self.share = share
        self._scorer = scorer
        self._throttle = LogThrottle(3600.0)

    async def rescored(
        self, tenant_id: str, outfits: Sequence[Outfit], version: ModelVersion, share: float
    ) -> list[Outfit]:
        """The outfits with the term, in their order; `version` is that of the pieces' embeddings.

        They are as before with a share of 0, or where the model takes other embeddings. Raises as
        `SetScorer.probabilities`.
        """
        if not share:
            return list(outfits)
        if self._scorer.embedder not in ("", version.model_version):
            self._log_other(version)
            return list(outfits)
        values = await self._values(tenant_id, outfits)
        return [_with_term(outfit, value, share) for outfit, value in zip(outfits, values, strict=True)]

    async def _values(self, tenant_id: str, outfits: Sequence[Outfit]) -> list[float]:
        pieces = {placed.piece.item_id: placed.piece for outfit in outfits for placed in outfit.pieces}
        embeddings = await self._scorer.embeddings(tenant_id, [*pieces.values()])
        sets = [_embedded(outfit.pieces, embeddings) for outfit in outfits]
        known = [index for index, pieces in enumerate(sets) if len(pieces) > 1]
        values = [UNKNOWN] * len(sets)
        if known:
            found = await self._scorer.probabilities([sets[index] for index in known])
            for index, value in zip(known, found, strict=True):
                values[index] = float(value)
        return values

    def _log_other(self, version: ModelVersion) -> None:
        if self._throttle.admit(version.model_version) is not None:
            LOG.warning(
                "the scorer of outfits takes embeddings of %s, items have those of %s: it is left out",
                self._scorer.embedder,
                version.model_version,
            )


def _with_term(outfit: Outfit, value: float, share: float) -> Outfit:
    terms = [
        # what an end user likes is added to a score, and has no share of it
        replace(term, share=term.share * (1.0 - share)) if term.name != PREFERENCE else term
        for term in outfit.score.terms
    ]
    return replace(outfit, score=OutfitScore((*terms, Term(LEARNED, value, share, _reason(value)))))


def _embedded(pieces: Sequence[PlacedPiece], embeddings: Embeddings) -> list[EmbeddedPiece]:
    return [
        (embeddings[placed.piece.item_id], str(placed.slot))
        for placed in pieces
        if placed.piece.item_id in embeddings
    ]


def _reason(value: float) -> str:
    if value >= _LIKE:
        return "people put such pieces together"
    return "people seldom put such pieces together" if value < _UNLIKE else ""
