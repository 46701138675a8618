"""Pieces that had better be left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.garment_types import Slot
from services.outfits.grammar import HALVES
from services.outfits.piece import Piece

ENOUGH = 4
"""Pieces for a slot above which no doubtful ones are needed."""


def without_doubtful(pieces: Sequence[Piece], asked: Collection[Slot] = ()) -> list[Piece]:
    """Without those that are doubtful, but for slots that every outfit or this one (`asked`) needs, where
    fewer than `ENOUGH` others fill them: there the least doubtful come first. A one-piece is needed where
    there is no top or no bottom.
    """
    filled = {slot for piece in pieces for slot in piece.slots}
    core = HALVES if filled.issuperset(HALVES) else (Slot.ONE_PIECE,)
    most = {slot: _needed_doubt(pieces, slot) for slot in (*core, Slot.SHOES, *asked)}
    return [piece for piece in pieces if piece.doubt <= max(most.get(slot, 0) for slot in piece.slots)]


def _needed_doubt(pieces: Sequence[Piece], slot: Slot) -> int:
    """The doubt of the last of `ENOUGH` pieces for a slot, or of all where there are fewer."""
    doubts = sorted(piece.doubt for piece in pieces if slot in piece.slots)
    return max(doubts[:ENOUGH], default=0)
