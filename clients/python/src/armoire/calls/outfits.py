"""Calls on outfits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from armoire.call import Call, call_of
from armoire.calls.search import Where, filter_of
from armoire.filters import Filter
from armoire.messages.outfits import (
    candidates_from_proto,
    occasion_to_proto,
    outfits_from_proto,
    scored_from_proto,
    slot_to_proto,
    slots_to_proto,
)
from armoire.messages.search import filter_to_proto
from armoire.messages.wardrobes import pool_to_proto
from armoire.v1 import outfits_pb2, search_pb2
from armoire.values.outfits import Occasion, Outfit, OutfitCandidate, OutfitSlot, ScoredOutfit
from armoire.values.wardrobes import OutfitPool


@dataclass(frozen=True, slots=True)
class OutfitOptions:
    """Which outfits to answer with; see `Outfits.suggest`."""

    count: int = 0
    seed: int = 0
    base: Sequence[str] = ()
    where: Where = ()
    occasion: Occasion = Occasion()
    diversity: float | None = None
    include_crop_urls: bool = False
    end_user: str = ""
    pool: OutfitPool | str | None = None
    repeat_days: int | None = None


def suggest_outfits(options: OutfitOptions, slots: Sequence[OutfitSlot | str]) -> Call[tuple[Outfit, ...]]:
    """Raises InvalidInput where `where`, a slot, the season or the pool cannot be read."""
    request = outfits_pb2.SuggestOutfitsRequest(
        count=options.count,
        seed=options.seed,
        base_item_ids=options.base,
        filter=_filter(options.where),
        occasion=occasion_to_proto(options.occasion),
        slots=slots_to_proto(slots),
        diversity=options.diversity,
        include_crop_urls=options.include_crop_urls,
        end_user=options.end_user,
        pool=None if options.pool is None else pool_to_proto(options.pool),
        repeat_days=options.repeat_days,
    )
    reply = outfits_pb2.SuggestOutfitsResponse
    return call_of("armoire.v1.OutfitService/SuggestOutfits", request, reply, outfits_from_proto)


def complete_outfit(options: OutfitOptions, slot: OutfitSlot | str) -> Call[tuple[OutfitCandidate, ...]]:
    """Raises InvalidInput where `where`, the slot, the season or the pool cannot be read."""
    request = outfits_pb2.CompleteOutfitRequest(
        base_item_ids=options.base,
        slot=slot_to_proto(slot),
        count=options.count,
        seed=options.seed,
        filter=_filter(options.where),
        occasion=occasion_to_proto(options.occasion),
        diversity=options.diversity,
        include_crop_urls=options.include_crop_urls,
        end_user=options.end_user,
        pool=None if options.pool is None else pool_to_proto(options.pool),
    )
    reply = outfits_pb2.CompleteOutfitResponse
    return call_of("armoire.v1.OutfitService/CompleteOutfit", request, reply, candidates_from_proto)


def score_outfit(
    item_ids: Sequence[str], occasion: Occasion, end_user: str, include_crop_urls: bool
) -> Call[ScoredOutfit]:
    """Raises InvalidInput where the season cannot be read."""
    request = outfits_pb2.ScoreOutfitRequest(
        item_ids=item_ids,
        occasion=occasion_to_proto(occasion),
        include_crop_urls=include_crop_urls,
        end_user=end_user,
    )
    reply = outfits_pb2.ScoreOutfitResponse
    return call_of("armoire.v1.OutfitService/ScoreOutfit", request, reply, scored_from_proto)


def _filter(where: Where) -> search_pb2.Filter | None:
    found = filter_of(where)
    return None if found == Filter() else filter_to_proto(found)
