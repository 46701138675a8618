"""Outfits: pieces in their slots, and how well they go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.types import FloatArray
from services.outfits.explanation import explain
from services.outfits.piece import Piece, PlacedPiece
from services.outfits.scorer import OutfitScore


@dataclass(frozen=True, slots=True, eq=False)
class Outfit:
    """Pieces in their slots, those of the base first."""

    pieces: tuple[PlacedPiece, ...]
    score: OutfitScore

    @property
    def item_ids(self) -> frozenset[str]:
        return frozenset(placed.piece.item_id for placed in self.pieces)

    @property
    def explanation(self) -> str:
        """A sentence made of the terms of its score."""
        return explain([placed.piece for placed in self.pieces], self.score)


def mean_embedding(pieces: list[Piece]) -> FloatArray | None:
    """(D,) float32: the mean of those of the pieces, L2-normalised; None where none has one."""
    vectors = [piece.embedding for piece in pieces if piece.embedding is not None]
    if not vectors:
        return None
    mean: FloatArray = np.mean(vectors, axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)
