"""Outfits, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from armoire.v1 import outfits_pb2
from domain.errors import InvalidInput
from domain.garment_types import Season, Slot
from services.catalog.limits import CatalogLimits
from services.catalog.records.products import Product
from services.catalog.resources.links import PictureUrls
from services.edge.conversion.products import product_to_proto
from services.edge.conversion.search import filter_from_proto
from services.edge.conversion.types import time_to_proto
from services.edge.conversion.wardrobe import pool_from_proto
from services.outfits.outfit import Outfit
from services.outfits.outfits import JudgedOutfit, SuggestOptions
from services.outfits.personal_outfits import ForEndUser
from services.outfits.piece import PlacedPiece
from services.outfits.scorer import Occasion, Term
from services.outfits.suggester import DEFAULT_DIVERSITY

_SLOTS = {slot: f"OUTFIT_SLOT_{slot.name}" for slot in Slot}
_SLOTS_BACK: dict[int, Slot] = {outfits_pb2.OutfitSlot.Value(name): slot for slot, name in _SLOTS.items()}
_SEASONS: dict[int, Season] = {outfits_pb2.Season.Value(f"SEASON_{season.name}"): season for season in Season}
_MAX_SLOTS = 11


def suggest_options_from_proto(
    request: outfits_pb2.SuggestOutfitsRequest, limits: CatalogLimits
) -> SuggestOptions:
    """Raises InvalidInput for a filter or a list that is too large, or a slot that is none."""
    if len(request.slots) > _MAX_SLOTS:
        raise InvalidInput("slots", f"must hold at most {_MAX_SLOTS} slots, got {len(request.slots)}")
    return SuggestOptions(
        count=request.count,
        seed=request.seed,
        base_item_ids=tuple(request.base_item_ids),
        filter=filter_from_proto(request.filter, limits),
        occasion=occasion_from_proto(request.occasion),
        slots=tuple(slot_from_proto(f"slots[{index}]", slot) for index, slot in enumerate(request.slots)),
        diversity=request.diversity if request.HasField("diversity") else DEFAULT_DIVERSITY,
    )


def complete_options_from_proto(
    request: outfits_pb2.CompleteOutfitRequest, limits: CatalogLimits
) -> SuggestOptions:
    """Raises InvalidInput for a filter that is too large."""
    return SuggestOptions(
        count=request.count,
        seed=request.seed,
        base_item_ids=tuple(request.base_item_ids),
        filter=filter_from_proto(request.filter, limits),
        occasion=occasion_from_proto(request.occasion),
        diversity=request.diversity if request.HasField("diversity") else DEFAULT_DIVERSITY,
    )


def for_end_user_from_proto(
    request: outfits_pb2.SuggestOutfitsRequest | outfits_pb2.CompleteOutfitRequest,
) -> ForEndUser:
    """Raises InvalidInput for a pool that is none."""
    pool = pool_from_proto(request.pool)
    if isinstance(request, outfits_pb2.SuggestOutfitsRequest) and request.HasField("repeat_days"):
        return ForEndUser(request.end_user, pool, request.repeat_days)
    return ForEndUser(request.end_user, pool)


def slot_from_proto(field: str, slot: int) -> Slot:
    """Raises InvalidInput where it is none."""
    if slot not in _SLOTS_BACK:
        raise InvalidInput(field, f"must be one of {', '.join(_SLOTS.values())}")
    return _SLOTS_BACK[slot]


def occasion_from_proto(occasion: outfits_pb2.Occasion) -> Occasion:
    """Raises InvalidInput for a season that is none."""
    if occasion.season and occasion.season not in _SEASONS:
        raise InvalidInput("occasion.season", "must be SPRING, SUMMER, AUTUMN or WINTER")
    return Occasion(
        _SEASONS.get(occasion.season),
        occasion.temperature_c if occasion.HasField("temperature_c") else None,
        occasion.formality if occasion.HasField("formality") else None,
    )


class OutfitConversion:
    """Converts outfits; `products` are those of items by their ids, and `urls` makes those of crops."""

    def __init__(self, products: Mapping[str, Product], urls: PictureUrls | None) -> None:
        self._products = products
        self._urls = urls
        self._expire_time = None if urls is None else time_to_proto(urls.expire_time)

    def suggested(self, outfits: Iterable[Outfit]) -> outfits_pb2.SuggestOutfitsResponse:
        return outfits_pb2.SuggestOutfitsResponse(
            outfits=map(self.outfit, outfits), crop_url_expire_time=self._expire_time
        )

    def candidates(self, outfits: Iterable[Outfit]) -> outfits_pb2.CompleteOutfitResponse:
        """The last piece of each is the candidate."""
        return outfits_pb2.CompleteOutfitResponse(
            candidates=[
                outfits_pb2.OutfitCandidate(item=self._item(outfit.pieces[-1]), outfit=self.outfit(outfit))
                for outfit in outfits
            ],
            crop_url_expire_time=self._expire_time,
        )

    def judged(self, judged: JudgedOutfit) -> outfits_pb2.ScoreOutfitResponse:
        return outfits_pb2.ScoreOutfitResponse(
            outfit=self.outfit(judged.outfit),
            valid=not judged.problems,
            problems=judged.problems,
            crop_url_expire_time=self._expire_time,
        )

    def outfit(self, outfit: Outfit) -> outfits_pb2.Outfit:
        return outfits_pb2.Outfit(
            score=outfit.score.value,
            terms=map(_term, outfit.score.terms),
            explanation=outfit.explanation,
            items=map(self._item, outfit.pieces),
        )

    def _item(self, placed: PlacedPiece) -> outfits_pb2.OutfitItem:
        piece = placed.piece
        product = self._products.get(piece.item_id)
        return outfits_pb2.OutfitItem(
            item_id=piece.item_id,
            slot=_SLOTS[placed.slot],
            category=piece.category,
            garment_type=piece.type.name,
            color=piece.color,
            crop_url="" if self._urls is None else self._urls.crop(piece.item_id),
            product=None if product is None else product_to_proto(product),
        )


def item_ids_of(outfits: Iterable[Outfit]) -> Sequence[str]:
    """Of all their items, each once."""
    return list(dict.fromkeys(placed.piece.item_id for outfit in outfits for placed in outfit.pieces))


def _term(term: Term) -> outfits_pb2.OutfitTerm:
    return outfits_pb2.OutfitTerm(name=term.name, value=term.value, points=term.points, reason=term.reason)
