"""Embeddings of crops that a scorer of outfits has made lately."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable

from domain.types import FloatArray
from services.outfits.piece import Piece

MOST_KEPT = 4096
"""Embeddings that are kept, of some hundred bytes each."""
KEPT_S = 60.0
"""How long one is kept: nothing of what was erased, by whichever process, stays in memory for longer."""


class RecentEmbeddings:
    """By tenant and item, for as long as the item's crop is the same; what end users own is not kept.

    A crop is known by the embedding that the catalogue has of it. One event loop uses this.
    """

    def __init__(self, most: int = MOST_KEPT, kept_s: float = KEPT_S) -> None:
        self._most, self._kept_s = most, kept_s
        self._embeddings: dict[Hashable, FloatArray] = {}

    def __len__(self) -> int:
        return len(self._embeddings)

    def get(self, tenant_id: str, piece: Piece) -> FloatArray | None:
        return self._embeddings.get(_key(tenant_id, piece))

    def put(self, tenant_id: str, piece: Piece, embedding: FloatArray) -> None:
        """Keep it for a while, instead of the one that was put first where there are too many."""
        if piece.is_own:
            return
        key = _key(tenant_id, piece)
        if key in self._embeddings:  # another call has made it, too, and what it set lets it go
            return
        self._embeddings[key] = embedding.copy()
        asyncio.get_running_loop().call_later(self._kept_s, self._embeddings.pop, key, None)
        if len(self._embeddings) > self._most:
            del self._embeddings[next(iter(self._embeddings))]


def _key(tenant_id: str, piece: Piece) -> Hashable:
    crop = b"" if piece.embedding is None else piece.embedding.tobytes()
    return tenant_id, piece.item_id, hash(crop)
