"""Messages of outfits."""

from __future__ import annotations

from collections.abc import Iterable

from armoire.errors import FieldViolation, InvalidInput
from armoire.messages.enums import enum_reader
from armoire.messages.products import product_from_proto
from armoire.v1 import outfits_pb2
from armoire.values.outfits import (
    Occasion,
    Outfit,
    OutfitCandidate,
    OutfitItem,
    OutfitSlot,
    OutfitTerm,
    ScoredOutfit,
    Season,
)

_slot_from_proto = enum_reader(OutfitSlot, outfits_pb2.OutfitSlot.items(), "OUTFIT_SLOT_")


def slot_to_proto(slot: OutfitSlot | str, field: str = "slot") -> str:
    """Raises InvalidInput where it is none."""
    known = OutfitSlot(slot)
    if known is OutfitSlot.UNKNOWN:
        names = ", ".join(each for each in OutfitSlot if each is not OutfitSlot.UNKNOWN)
        raise _invalid(field, f"must be one of {names}, not {slot!r}")
    return f"OUTFIT_SLOT_{known.name}"


def slots_to_proto(slots: Iterable[OutfitSlot | str]) -> list[str]:
    return [slot_to_proto(slot, f"slots[{index}]") for index, slot in enumerate(slots)]


def occasion_to_proto(occasion: Occasion) -> outfits_pb2.Occasion:
    """Raises InvalidInput where the season is none."""
    season = None
    if occasion.season is not None:
        if occasion.season not in set(Season):
            raise _invalid("occasion.season", f"must be one of {', '.join(Season)}, not {occasion.season!r}")
        season = f"SEASON_{Season(occasion.season).name}"
    return outfits_pb2.Occasion(
        season=season, temperature_c=occasion.temperature_c, formality=occasion.formality
    )


def outfits_from_proto(reply: outfits_pb2.SuggestOutfitsResponse) -> tuple[Outfit, ...]:
    return tuple(map(_outfit_from_proto, reply.outfits))


def candidates_from_proto(reply: outfits_pb2.CompleteOutfitResponse) -> tuple[OutfitCandidate, ...]:
    return tuple(
        OutfitCandidate(_item_from_proto(each.item), _outfit_from_proto(each.outfit))
        for each in reply.candidates
    )


def scored_from_proto(reply: outfits_pb2.ScoreOutfitResponse) -> ScoredOutfit:
    return ScoredOutfit(_outfit_from_proto(reply.outfit), reply.valid, tuple(reply.problems))


def _outfit_from_proto(outfit: outfits_pb2.Outfit) -> Outfit:
    return Outfit(
        outfit.score,
        tuple(OutfitTerm(each.name, each.value, each.points, each.reason) for each in outfit.terms),
        outfit.explanation,
        tuple(map(_item_from_proto, outfit.items)),
    )


def _item_from_proto(item: outfits_pb2.OutfitItem) -> OutfitItem:
    return OutfitItem(
        item.item_id,
        _slot_from_proto(item.slot),
        item.category,
        item.garment_type,
        item.color,
        item.crop_url,
        product_from_proto(item.product) if item.HasField("product") else None,
    )


def _invalid(field: str, description: str) -> InvalidInput:
    violations = (FieldViolation(field, description),)
    return InvalidInput(f"{field}: {description}", code="INVALID_ARGUMENT", violations=violations)
