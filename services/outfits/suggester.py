"""Outfits out of a pool of pieces: shortlists for each slot, a beam through the slots, a diverse choice."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from domain.errors import InvalidInput
from domain.garment_types import Slot
from domain.types import FloatArray
from services.outfits.grammar import conflicts, crowding, place, problems
from services.outfits.marginal_relevance import choose
from services.outfits.outfit import Outfit, mean_embedding
from services.outfits.piece import Piece, PlacedPiece, for_one_person
from services.outfits.scorer import Occasion, Scorer, Scores
from services.outfits.slot_plans import (
    PLANS,
    SlotPlan,
    asked_plan,
    dispensable_slots,
    drawn_plans,
    impossible,
)

DEFAULT_DIVERSITY = 0.25
_SAMPLED = 48
"""Pieces of a slot that are looked at."""
_SHORTLIST = 16
_TRIED = 8
"""Pieces of a shortlist that one plan is filled with."""
_BEAM = 12
_MOST_LOST = 0.05
"""What a piece that an outfit could do without may take from its score."""
_KEPT = 6
"""Ends of each beam that are candidates; more where more outfits are asked for than plans make of these."""

PlacedPieces: TypeAlias = tuple[PlacedPiece, ...]
Shortlists: TypeAlias = Mapping[Slot, Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class OutfitRequest:
    """What is asked for.

    Attributes:
        count: how many outfits; there may be fewer.
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
    diversity: float = DEFAULT_DIVERSITY


class Suggester:
    """Looks at a bounded number of pieces of each slot, whatever the size of the pool.

    Source: beam search; the shortlists and the answer by maximal marginal relevance.
    """

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer

    def suggest(self, pool: Sequence[Piece], request: OutfitRequest) -> list[Outfit]:
        """The outfits, best first, each valid by the grammar, no two with the same items.

        Raises:
            InvalidInput: no outfit has all pieces of the base, or the slots make none.
            FailedPrecondition: the pool lacks pieces that every outfit needs.
        """
        return self._diverse(self._found(pool, request), request)

    def find(self, pool: Sequence[Piece], request: OutfitRequest) -> list[Outfit]:
        """All outfits that `suggest` chooses from, in no order, for `choose`. Raises as that."""
        return self._with_scores(self._found(pool, request), request.occasion)

    def choose(self, outfits: Sequence[Outfit], request: OutfitRequest) -> list[Outfit]:
        """Good outfits that differ, by the scores that they have, best first."""
        return _chosen(outfits, _appearances([outfit.pieces for outfit in outfits]), request)

    def _found(self, pool: Sequence[Piece], request: OutfitRequest) -> list[PlacedPieces]:
        dice = random.Random(request.seed)
        base = _placed_base(request.base, request.slots)
        by_slot = _by_slot(pool, base)
        shortlists = {slot: self._shortlist(pieces, request, dice) for slot, pieces in by_slot.items()}
        found: dict[frozenset[str], PlacedPieces] = {}
        plans = _plans(base, shortlists, request, dice)
        kept = max(_KEPT, -(-2 * request.count // len(set(plans))))
        for plan in plans:
            for placed in self._beam(base, plan, _drawn_from(shortlists, dice), request, kept, dice):
                found.setdefault(frozenset(each.piece.item_id for each in placed), placed)
        return list(found.values())

    def complete(self, pool: Sequence[Piece], request: OutfitRequest) -> list[Outfit]:
        """The base with one more piece in the one slot asked for, best first; they need not be outfits.

        Raises:
            InvalidInput: no outfit has all pieces of the base, or the slot has no room.
            FailedPrecondition: no piece of the pool fills the slot.
        """
        sets = self._completions(pool, request)
        added = [placed[-1].piece.embedding for placed in sets]
        chosen = choose(self._scores(sets, request.occasion), added, request.count, request.diversity)
        return self._best_first((sets[index] for index in chosen), request.occasion)

    def find_completions(self, pool: Sequence[Piece], request: OutfitRequest) -> list[Outfit]:
        """All that `complete` chooses from, in no order, for `choose_completions`. Raises as that."""
        return self._with_scores(self._completions(pool, request), request.occasion)

    def choose_completions(self, outfits: Sequence[Outfit], request: OutfitRequest) -> list[Outfit]:
        """Good outfits whose last pieces differ, by the scores that they have, best first."""
        return _chosen(outfits, [outfit.pieces[-1].piece.embedding for outfit in outfits], request)

    def _completions(self, pool: Sequence[Piece], request: OutfitRequest) -> list[PlacedPieces]:
        (slot,) = request.slots
        base = _placed_base(request.base, request.slots)
        if complaints := crowding([*(placed.slot for placed in base), slot]):
            raise InvalidInput("slot", f"must have room beside the base: {'; '.join(complaints)}")
        grown = [(*base, PlacedPiece(piece, slot)) for piece in _by_slot(pool, base).get(slot, ())]
        if not grown:
            raise impossible([slot])
        random.Random(request.seed).shuffle(grown)
        return [placed for placed in grown if not conflicts(placed)]

    def _shortlist(self, pieces: Sequence[Piece], request: OutfitRequest, dice: random.Random) -> list[Piece]:
        """Those that go best with the base and the occasion, and differ."""
        sampled = dice.sample(pieces, min(_SAMPLED, len(pieces)))
        scores = self._scorer.scores([(*request.base, piece) for piece in sampled], request.occasion)
        chosen = choose(scores, [piece.embedding for piece in sampled], _SHORTLIST, request.diversity)
        return [sampled[index] for index in chosen]

    def _beam(
        self,
        base: PlacedPieces,
        plan: SlotPlan,
        shortlists: Shortlists,
        request: OutfitRequest,
        kept: int,
        dice: random.Random,
    ) -> list[PlacedPieces]:
        """The best outfits of a plan, at most `kept`, best first."""
        beam, dispensable = [base], dispensable_slots(request.slots, request.occasion)
        held = self._scores(beam, request.occasion) if base else np.zeros(1)
        for slot in plan:
            grown = [
                (*placed, PlacedPiece(piece, slot))
                for placed in beam
                for piece in shortlists[slot]
                if _is_new(piece, placed)
            ]
            dice.shuffle(grown)  # among equals, none is first by its place in the pool
            if not grown and slot in dispensable:
                continue
            if not grown:
                return []
            scores = self._scores(grown, request.occasion)
            if slot in dispensable:
                grown, scores = _with_what_needs_none(beam, held, grown, scores)
            best = np.argsort(-scores, kind="stable")[: max(_BEAM, kept)]
            beam, held = [grown[index] for index in best], scores[best]
        return [placed for placed in beam if not problems(placed)][:kept]

    def _diverse(self, sets: Sequence[PlacedPieces], request: OutfitRequest) -> list[Outfit]:
        """Good outfits that differ, best first."""
        if not sets:
            return []
        looks = _appearances(sets)
        chosen = choose(self._scores(sets, request.occasion), looks, request.count, request.diversity)
        return self._best_first((sets[index] for index in chosen), request.occasion)

    def _best_first(self, sets: Iterable[PlacedPieces], occasion: Occasion) -> list[Outfit]:
        return sorted(self._with_scores(sets, occasion), key=_by_score)

    def _with_scores(self, sets: Iterable[PlacedPieces], occasion: Occasion) -> list[Outfit]:
        return [
            Outfit(placed, self._scorer.score([each.piece for each in placed], occasion)) for placed in sets
        ]

    def _scores(self, sets: Sequence[PlacedPieces], occasion: Occasion) -> Scores:
        return self._scorer.scores([[each.piece for each in placed] for placed in sets], occasion)


def _chosen(
    outfits: Sequence[Outfit], vectors: Sequence[FloatArray | None], request: OutfitRequest
) -> list[Outfit]:
    """Good ones whose vectors differ, best first."""
    scores = [outfit.score.value for outfit in outfits]
    chosen = choose(scores, vectors, request.count, request.diversity)
    return sorted((outfits[index] for index in chosen), key=_by_score)


def _by_score(outfit: Outfit) -> float:
    return -outfit.score.value


def _with_what_needs_none(
    beam: Sequence[PlacedPieces], held: Scores, grown: Sequence[PlacedPieces], scores: Scores
) -> tuple[list[PlacedPieces], Scores]:
    """What has grown by a piece and lost little, and what would lose more by every piece, as it was.

    `held` and `scores` are those of what was there and of what has grown.
    """
    before = dict(zip(beam, held.tolist(), strict=True))
    pairs = zip(grown, scores.tolist(), strict=True)
    good = {placed: score for placed, score in pairs if score >= before[placed[:-1]] - _MOST_LOST}
    fed = {placed[:-1] for placed in good}
    kept = good | {placed: score for placed, score in before.items() if placed not in fed}
    return list(kept), np.array(list(kept.values()))


def _appearances(sets: Sequence[PlacedPieces]) -> list[FloatArray]:
    """Vectors of length 1 whose products are the mean of two: the cosine of the mean embeddings of two
    outfits, and the share of their pieces that they have in common.
    """
    items = {
        item_id: index
        for index, item_id in enumerate(sorted({each.piece.item_id for placed in sets for each in placed}))
    }
    worn = np.zeros((len(sets), len(items)), np.float32)
    for row, placed in zip(worn, sets, strict=True):
        row[[items[each.piece.item_id] for each in placed]] = 1.0 / np.sqrt(len(placed))
    means = [mean_embedding([each.piece for each in placed]) for placed in sets]
    width = max((mean.size for mean in means if mean is not None), default=0)
    seen = [np.zeros(width, np.float32) if mean is None else mean for mean in means]
    return [np.concatenate(both) / np.float32(np.sqrt(2.0)) for both in zip(seen, worn, strict=True)]


def _placed_base(pieces: Sequence[Piece], free: Sequence[Slot]) -> PlacedPieces:
    base = tuple(place(pieces, free))
    if complaints := conflicts(base):
        raise InvalidInput("base_item_ids", f"must be part of an outfit: {'; '.join(complaints)}")
    return base


def _by_slot(pool: Sequence[Piece], base: Sequence[PlacedPiece]) -> dict[Slot, list[Piece]]:
    """The pieces that fill each slot, without those that the base has; only slots that some piece fills."""
    by_slot: dict[Slot, list[Piece]] = {}
    for piece in pool:
        if _is_new(piece, base):
            for slot in piece.slots:
                by_slot.setdefault(slot, []).append(piece)
    return dict(sorted(by_slot.items()))


def _plans(
    base: Sequence[PlacedPiece], shortlists: Shortlists, request: OutfitRequest, dice: random.Random
) -> list[SlotPlan]:
    filled = [placed.slot for placed in base]
    if request.slots:
        return [asked_plan(request.slots, filled, shortlists)] * PLANS
    return drawn_plans(filled, shortlists, request.occasion, request.count, dice)


def _drawn_from(shortlists: Shortlists, dice: random.Random) -> Shortlists:
    """Some of each long shortlist, so that the best piece of a slot is not in every outfit."""
    return {slot: dice.sample(pieces, min(_TRIED, len(pieces))) for slot, pieces in shortlists.items()}


def _is_new(piece: Piece, placed: Sequence[PlacedPiece]) -> bool:
    """Whether neither the item nor its type is there yet, and one person may wear all of it."""
    return all(
        piece.item_id != each.piece.item_id
        and piece.type.name != each.piece.type.name
        and for_one_person(piece, each.piece)
        for each in placed
    )
