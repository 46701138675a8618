"""The grammar of outfits: which slots they have, and why a set of pieces is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from domain.garment_types import Slot
from services.outfits.piece import Piece, PlacedPiece

MOST = {
    Slot.TOP: 1,
    Slot.BOTTOM: 1,
    Slot.ONE_PIECE: 1,
    Slot.LAYER: 1,
    Slot.OUTERWEAR: 1,
    Slot.SHOES: 1,
    Slot.HOSIERY: 1,
    Slot.ACCESSORIES: 4,
}
"""How many pieces a slot takes."""
MAX_PIECES = sum(MOST.values()) - 1
"""Of an outfit; a one-piece leaves no room for a top and a bottom."""


def problems(pieces: Sequence[PlacedPiece]) -> list[str]:
    """Why these are no outfit, as sentences without a stop; empty where they are one."""
    filled = Counter(placed.slot for placed in pieces)
    found = [
        f"{count} pieces fill the slot {slot}, which takes {MOST[slot]}"
        for slot, count in filled.items()
        if count > MOST[slot]
    ]
    whole = filled[Slot.ONE_PIECE] > 0
    if whole:
        found += [f"the one-piece fills the slot {slot}, too" for slot in _HALVES if filled[slot]]
    else:
        found += [f"no piece fills the slot {slot}" for slot in _HALVES if not filled[slot]]
    if not filled[Slot.SHOES]:
        found.append("no piece fills the slot shoes")
    items = Counter(placed.piece.item_id for placed in pieces)
    found += [f"the item {item_id} is there {count} times" for item_id, count in items.items() if count > 1]
    types = Counter(placed.piece.type.name for placed in pieces)
    found += [f"{count} of its pieces are {name}" for name, count in types.items() if count > 1]
    return found


def place(pieces: Sequence[Piece]) -> list[PlacedPiece]:
    """The pieces in slots that they can fill, so that they are an outfit where that is possible.

    Each piece is in its usual slot where no choice makes an outfit.
    """
    for slots in _choices(pieces, 0, Counter()):
        placed = [PlacedPiece(piece, slot) for piece, slot in zip(pieces, slots, strict=True)]
        if not problems(placed):
            return placed
    return [PlacedPiece(piece, piece.slots[0]) for piece in pieces]


def _choices(pieces: Sequence[Piece], index: int, filled: Counter[Slot]) -> Iterator[tuple[Slot, ...]]:
    """All ways to fill slots that have room, the usual slots first."""
    if index == len(pieces):
        yield ()
        return
    for slot in pieces[index].slots:
        if filled[slot] < MOST[slot]:
            filled[slot] += 1
            for rest in _choices(pieces, index + 1, filled):
                yield (slot, *rest)
            filled[slot] -= 1


_HALVES = (Slot.TOP, Slot.BOTTOM)
