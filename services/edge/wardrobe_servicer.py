"""The calls of OutfitService on end users: convert, call, convert."""

from __future__ import annotations

from typing import Any, TypeAlias

import grpc

from armoire.v1 import wardrobe_pb2
from services.catalog.catalog import Catalog
from services.edge.calls import current_principal
from services.edge.conversion.wardrobe import (
    drafts_from_proto,
    end_user_data_to_proto,
    entry_to_proto,
    kind_from_proto,
    preferences_to_proto,
    wardrobe_filter_from_proto,
)
from services.outfits.personal_outfits import PersonalOutfits

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class WardrobeServicer:
    """Every call acts for the caller's tenant."""

    _catalog: Catalog
    _outfits: PersonalOutfits

    async def AddWardrobeItems(
        self, request: wardrobe_pb2.AddWardrobeItemsRequest, context: Context
    ) -> wardrobe_pb2.AddWardrobeItemsResponse:
        drafts = drafts_from_proto(request.items)
        entries = await self._catalog.wardrobes.add(current_principal(), request.end_user, drafts)
        return wardrobe_pb2.AddWardrobeItemsResponse(items=map(entry_to_proto, entries))

    async def ListWardrobeItems(
        self, request: wardrobe_pb2.ListWardrobeItemsRequest, context: Context
    ) -> wardrobe_pb2.ListWardrobeItemsResponse:
        page = await self._catalog.wardrobes.list(
            current_principal(),
            request.end_user,
            wardrobe_filter_from_proto(request),
            request.page_size,
            request.page_token,
        )
        return wardrobe_pb2.ListWardrobeItemsResponse(
            items=map(entry_to_proto, page.entries), next_page_token=page.next_token
        )

    async def RemoveWardrobeItems(
        self, request: wardrobe_pb2.RemoveWardrobeItemsRequest, context: Context
    ) -> wardrobe_pb2.RemoveWardrobeItemsResponse:
        removed = await self._catalog.wardrobes.remove(
            current_principal(), request.end_user, request.item_ids
        )
        return wardrobe_pb2.RemoveWardrobeItemsResponse(removed=removed)

    async def RecordFeedback(
        self, request: wardrobe_pb2.RecordFeedbackRequest, context: Context
    ) -> wardrobe_pb2.RecordFeedbackResponse:
        feedback_id = await self._outfits.record(
            current_principal(),
            request.end_user,
            kind_from_proto(request.kind),
            request.item_ids,
            request.idempotency_key,
        )
        return wardrobe_pb2.RecordFeedbackResponse(feedback_id=feedback_id)

    async def GetPreferences(
        self, request: wardrobe_pb2.GetPreferencesRequest, context: Context
    ) -> wardrobe_pb2.GetPreferencesResponse:
        preferences = await self._outfits.preferences(current_principal(), request.end_user)
        return wardrobe_pb2.GetPreferencesResponse(
            preferences=preferences_to_proto(preferences, self._outfits.rules)
        )

    async def ResetPreferences(
        self, request: wardrobe_pb2.ResetPreferencesRequest, context: Context
    ) -> wardrobe_pb2.ResetPreferencesResponse:
        await self._catalog.tastes.reset(current_principal(), request.end_user)
        return wardrobe_pb2.ResetPreferencesResponse()

    async def ExportEndUserData(
        self, request: wardrobe_pb2.ExportEndUserDataRequest, context: Context
    ) -> wardrobe_pb2.ExportEndUserDataResponse:
        data = await self._outfits.export(current_principal(), request.end_user)
        return end_user_data_to_proto(request.end_user, data, self._outfits.rules)
