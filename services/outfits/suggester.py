"""Outfits out of a pool of pieces: shortlists for each slot, a beam through the slots, a diverse choice."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from domain.errors import FailedPrecondition
from domain.garment_types import Season, Slot
from domain.types import FloatArray
from services.outfits.grammar import MOST, place, problems
from services.outfits.piece import Piece, PlacedPiece
from services.outfits.scorer import Occasion, OutfitScore, Scorer

MAX_OUTFITS = 50
_SAMPLED = 48
"""Pieces of a slot that are looked at."""
_SHORTLIST = 8
_BEAM = 6
_PLANS = 6
"""Ways to fill the slots that are tried for a request; more where more outfits are asked for."""
_KEPT = 3
"""Ends of each beam that are candidates, for each outfit asked for at least one."""
_COLD_C, _MILD_C = 10.0, 18.0
_NEED = {Slot.BOTTOM: "a bottom", Slot.TOP: "a top", Slot.SHOES: "shoes", Slot.ONE_PIECE: "a one-piece"}


@dataclass(frozen=True, slots=True)
class OutfitRequest:
    """What is asked for.

    Attributes:
        count: how many outfits, 1 to `MAX_OUTFITS`; there may be fewer.
        seed: the same seed gives the same outfits of the same pool.
        base: pieces that each outfit has.
        slots: slots that each outfit fills beside those of the base, and no others; empty where that is open.
        diversity: how much outfits that differ count beside good ones, 0 to 1.
    """

    count: int = 5
    seed: int = 0
    base: tuple[Piece, ...] = ()
    slots: tuple[Slot, ...] = ()
    occasion: Occasion = Occasion()
    diversity: float = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Outfit:
    """Pieces in their slots, and how well they go together."""

    pieces: tuple[PlacedPiece, ...]
    score: OutfitScore

    @property
    def item_ids(self) -> frozenset[str]:
        return frozenset(placed.piece.item_id for placed in self.pieces)


class Suggester:
    """Looks at a bounded number of pieces of each slot, whatever the size of the pool.

    Source: beam search; the shortlists and the answer by maximal marginal relevance (Carbonell and Goldstein
    1998).
    """

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer

    def suggest(self, pool: Sequence[Piece], request: OutfitRequest) -> list[Outfit]:
        """The outfits, best first, each valid by the grammar, no two with the same items.

        Raises:
            FailedPrecondition: the pool lacks pieces that every outfit needs.
        """
        dice = random.Random(request.seed)
        base = tuple(place(request.base))
        taken = {placed.piece.item_id for placed in base}
        shortlists = self._shortlists([piece for piece in pool if piece.item_id not in taken], request, dice)
        found: dict[frozenset[str], Outfit] = {}
        for plan in self._plans(base, shortlists, request, dice):
            for outfit in self._beam(base, plan, shortlists, request, dice):
                found.setdefault(outfit.item_ids, outfit)
        return _diverse(list(found.values()), request.count, request.diversity)

    # Shortlists

    def _shortlists(
        self, pool: Sequence[Piece], request: OutfitRequest, dice: random.Random
    ) -> dict[Slot, list[Piece]]:
        by_slot: dict[Slot, list[Piece]] = {slot: [] for slot in Slot}
        for piece in pool:
            for slot in piece.slots:
                by_slot[slot].append(piece)
        return {
            slot: self._shortlist(dice.sample(pieces, min(_SAMPLED, len(pieces))), request)
            for slot, pieces in by_slot.items()
        }

    def _shortlist(self, sampled: Sequence[Piece], request: OutfitRequest) -> list[Piece]:
        """Those that go best with the base and the occasion, and differ."""
        base = request.base
        scores = [self._scorer.score((*base, piece), request.occasion).value for piece in sampled]
        chosen = _marginal(scores, [piece.embedding for piece in sampled], _SHORTLIST, request.diversity)
        return [sampled[index] for index in chosen]

    # Plans

    def _plans(
        self,
        base: Sequence[PlacedPiece],
        shortlists: dict[Slot, list[Piece]],
        request: OutfitRequest,
        dice: random.Random,
    ) -> list[tuple[Slot, ...]]:
        """Ways to fill what the base leaves, each once. Raises FailedPrecondition if there is none."""
        filled = [placed.slot for placed in base]
        if request.slots:
            return [request.slots]
        cores = [
            tuple(slot for slot in core if slot not in filled)
            for core in ((Slot.TOP, Slot.BOTTOM, Slot.SHOES), (Slot.ONE_PIECE, Slot.SHOES))
            if _fits(core, filled)
        ]
        possible = [core for core in cores if all(shortlists[slot] for slot in core)]
        if not possible:
            lacking = min(
                ([slot for slot in core if not shortlists[slot]] for core in cores), key=len, default=[]
            )
            words = " and ".join(_NEED[slot] for slot in lacking)
            raise FailedPrecondition(
                f"there is no outfit without {words}" if words else "no outfit has the pieces of the base"
            )
        optional = [slot for slot in _OPTIONAL if slot not in filled and shortlists[slot]]
        drawn = [
            (*dice.choice(possible), *self._extras(optional, request.occasion, dice))
            for _ in range(max(_PLANS, request.count))
        ]
        return list(dict.fromkeys(drawn))

    def _extras(self, optional: Sequence[Slot], occasion: Occasion, dice: random.Random) -> tuple[Slot, ...]:
        """Slots that an outfit may fill beside those it must."""
        chances = _chances(occasion)
        return tuple(slot for slot in optional if dice.random() < chances[slot])

    # Beam

    def _beam(
        self,
        base: tuple[PlacedPiece, ...],
        plan: tuple[Slot, ...],
        shortlists: dict[Slot, list[Piece]],
        request: OutfitRequest,
        dice: random.Random,
    ) -> list[Outfit]:
        """The best outfits of a plan."""
        beam: list[tuple[float, tuple[PlacedPiece, ...]]] = [(0.0, base)]
        for slot in plan:
            grown = [
                (*placed, PlacedPiece(piece, slot))
                for _, placed in beam
                for piece in shortlists[slot]
                if _is_new(piece, placed)
            ]
            dice.shuffle(grown)  # among equals, none is first by its place in the pool
            scored = [(self._score(placed, request.occasion).value, placed) for placed in grown]
            beam = sorted(scored, key=_by_score, reverse=True)[:_BEAM]
        kept = [placed for _, placed in beam if not problems(placed)][:_KEPT]
        return [Outfit(placed, self._score(placed, request.occasion)) for placed in kept]

    def _score(self, placed: Sequence[PlacedPiece], occasion: Occasion) -> OutfitScore:
        return self._scorer.score([each.piece for each in placed], occasion)


_OPTIONAL = (Slot.LAYER, Slot.OUTERWEAR, Slot.HOSIERY, Slot.ACCESSORIES)


def _chances(occasion: Occasion) -> dict[Slot, float]:
    """How often an optional slot is filled."""
    cold = occasion.season is Season.WINTER
    warm = occasion.season is Season.SUMMER
    if occasion.temperature_c is not None:
        cold, warm = occasion.temperature_c < _COLD_C, occasion.temperature_c > _MILD_C
    outer = 1.0 if cold else 0.0 if warm else 0.5
    return {Slot.LAYER: 0.2 if warm else 0.4, Slot.OUTERWEAR: outer, Slot.HOSIERY: 0.2, Slot.ACCESSORIES: 0.6}


def _fits(core: Iterable[Slot], filled: Sequence[Slot]) -> bool:
    """Whether the base leaves room for these slots and needs no others."""
    halves = {Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE}
    return halves.intersection(filled) <= set(core) and all(
        filled.count(slot) <= MOST[slot] for slot in filled
    )


def _is_new(piece: Piece, placed: Sequence[PlacedPiece]) -> bool:
    """Whether neither the item nor its type is there yet."""
    return all(
        piece.item_id != each.piece.item_id and piece.type.name != each.piece.type.name for each in placed
    )


def _by_score(entry: tuple[float, tuple[PlacedPiece, ...]]) -> float:
    return entry[0]


def _diverse(outfits: Sequence[Outfit], count: int, diversity: float) -> list[Outfit]:
    """Good outfits that differ, best first."""
    scores = [outfit.score.value for outfit in outfits]
    chosen = _marginal(scores, [_mean(outfit) for outfit in outfits], count, diversity)
    return sorted((outfits[index] for index in chosen), key=lambda outfit: -outfit.score.value)


def _mean(outfit: Outfit) -> FloatArray | None:
    vectors = [each.piece.embedding for each in outfit.pieces if each.piece.embedding is not None]
    if not vectors:
        return None
    mean: FloatArray = np.mean(vectors, axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def _marginal(
    scores: Sequence[float], vectors: Sequence[FloatArray | None], count: int, diversity: float
) -> list[int]:
    """Indices by maximal marginal relevance: the score less the greatest cosine to what was chosen before."""
    if len(scores) <= count:
        return list(range(len(scores)))
    relevance = np.asarray(scores, np.float32)
    width = next((vector.size for vector in vectors if vector is not None), 1)
    table = np.stack([np.zeros(width, np.float32) if v is None else v for v in vectors])
    nearest = np.zeros(len(scores), np.float32)
    left = np.ones(len(scores), bool)
    chosen: list[int] = []
    for _ in range(count):
        gain = np.where(left, (1 - diversity) * relevance - diversity * nearest, -np.inf)
        best = int(gain.argmax())
        chosen.append(best)
        left[best] = False
        nearest = np.maximum(nearest, table @ table[best])
    return chosen
