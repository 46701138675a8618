"""Pieces that had better be left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from domain.garment_types import Slot
from services.outfits.grammar import HALVES
from services.outfits.piece import Piece

ENOUGH = 6
"""Pieces for a slot above which no doubtful ones are needed."""


def without_doubtful(pieces: Sequence[Piece], asked: Collection[Slot] = ()) -> list[Piece]:
    """Without those that are doubtful, but for slots that every outfit or this one (`asked`) needs, where
    fewer than `ENOUGH` others fill them. A one-piece is needed where there is no top or no bottom.
    """
    filled = {slot for piece in pieces for slot in piece.slots}
    core = HALVES if filled.issuperset(HALVES) else (Slot.ONE_PIECE,)
    others = Counter(slot for piece in pieces if not piece.doubtful for slot in piece.slots)
    lacking = {slot for slot in (*core, Slot.SHOES, *asked) if others[slot] < ENOUGH}
    return [piece for piece in pieces if not piece.doubtful or lacking.intersection(piece.slots)]
