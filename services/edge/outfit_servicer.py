"""OutfitService: convert, call, convert."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import grpc

from armoire.v1 import outfits_pb2
from services.catalog.catalog import Catalog
from services.edge.calls import current_principal
from services.edge.conversion.outfits import (
    OutfitConversion,
    complete_options_from_proto,
    for_end_user_from_proto,
    item_ids_of,
    occasion_from_proto,
    slot_from_proto,
    suggest_options_from_proto,
)
from services.edge.wardrobe_servicer import WardrobeServicer
from services.edge.web_request import reached_at
from services.outfits.outfit import Outfit
from services.outfits.personal_outfits import ForEndUser, PersonalOutfits

OUTFITS = outfits_pb2.DESCRIPTOR.services_by_name["OutfitService"]
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class OutfitServicer(WardrobeServicer):
    """Every call acts for the caller's tenant."""

    def __init__(self, catalog: Catalog, outfits: PersonalOutfits) -> None:
        self._catalog = catalog
        self._outfits = outfits

    async def SuggestOutfits(
        self, request: outfits_pb2.SuggestOutfitsRequest, context: Context
    ) -> outfits_pb2.SuggestOutfitsResponse:
        whom = for_end_user_from_proto(request)
        options = suggest_options_from_proto(request, self._catalog.limits)
        outfits = await self._outfits.suggest(current_principal(), whom, options)
        return (await self._conversion(outfits, request.include_crop_urls)).suggested(outfits)

    async def CompleteOutfit(
        self, request: outfits_pb2.CompleteOutfitRequest, context: Context
    ) -> outfits_pb2.CompleteOutfitResponse:
        whom, slot = for_end_user_from_proto(request), slot_from_proto("slot", request.slot)
        options = complete_options_from_proto(request, self._catalog.limits)
        outfits = await self._outfits.complete(current_principal(), whom, slot, options)
        return (await self._conversion(outfits, request.include_crop_urls)).candidates(outfits)

    async def ScoreOutfit(
        self, request: outfits_pb2.ScoreOutfitRequest, context: Context
    ) -> outfits_pb2.ScoreOutfitResponse:
        whom, occasion = ForEndUser(request.end_user), occasion_from_proto(request.occasion)
        judged = await self._outfits.score(current_principal(), whom, tuple(request.item_ids), occasion)
        return (await self._conversion([judged.outfit], request.include_crop_urls)).judged(judged)

    async def _conversion(self, outfits: Sequence[Outfit], include_crop_urls: bool) -> OutfitConversion:
        principal = current_principal()
        urls = self._catalog.links.many(principal, reached_at()) if include_crop_urls else None
        products = await self._catalog.item_samples.products(principal, item_ids_of(outfits))
        return OutfitConversion(products, urls)
