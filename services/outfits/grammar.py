"""The grammar of outfits: which slots they have, and why a set of pieces is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

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
HALVES = (Slot.TOP, Slot.BOTTOM)
"""What a one-piece fills."""

_Problems: TypeAlias = Callable[[Sequence[PlacedPiece]], list[str]]


def problems(pieces: Sequence[PlacedPiece]) -> list[str]:
    """Why these are no outfit, as sentences without a stop; empty where they are one."""
    filled = [placed.slot for placed in pieces]
    return [*conflicts(pieces), *(f"no piece fills the slot {slot}" for slot in lacking(filled))]


def conflicts(pieces: Sequence[PlacedPiece]) -> list[str]:
    """Why no outfit has all of these, whatever is added."""
    found = crowding([placed.slot for placed in pieces])
    items = Counter(placed.piece.item_id for placed in pieces)
    found += [f"the item {item_id} is there {count} times" for item_id, count in items.items() if count > 1]
    types = Counter(placed.piece.type.name for placed in pieces)
    found += [f"{count} of its pieces are {name}" for name, count in types.items() if count > 1]
    return found


def crowding(filled: Sequence[Slot]) -> list[str]:
    """Why slots cannot be filled like this."""
    counts = Counter(filled)
    found = [
        f"{count} pieces fill the slot {slot}, which takes {MOST[slot]}"
        for slot, count in counts.items()
        if count > MOST[slot]
    ]
    if counts[Slot.ONE_PIECE]:
        found += [f"the one-piece fills the slot {slot}, too" for slot in HALVES if counts[slot]]
    return found


def lacking(filled: Sequence[Slot]) -> list[Slot]:
    """The slots that are still to be filled, as if there were no one-piece unless there is one."""
    halves = () if Slot.ONE_PIECE in filled else HALVES
    return [slot for slot in (*halves, Slot.SHOES) if slot not in filled]


def place(pieces: Sequence[Piece], free: Sequence[Slot] = ()) -> list[PlacedPiece]:
    """The pieces in slots that they can fill, so that they are an outfit where that is possible.

    Else they are part of one where that is possible, with room for one more piece in each of the `free`
    slots; and else each is in its usual slot.
    """
    ways: tuple[_Problems, ...] = (conflicts,) if free else (problems, conflicts)
    for complaints in ways:
        for slots in _choices(pieces, 0, Counter(free)):
            placed = [PlacedPiece(piece, slot) for piece, slot in zip(pieces, slots, strict=True)]
            if not complaints(placed):
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
