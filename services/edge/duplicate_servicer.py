"""The calls of CatalogService on near duplicates: convert, call, convert."""

from __future__ import annotations

from typing import Any, TypeAlias

import grpc

from armoire.v1 import duplicates_pb2
from services.catalog.catalog import Catalog
from services.edge.calls import current_principal
from services.edge.conversion.duplicates import duplicate_groups_to_proto, found_duplicates_to_proto

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class DuplicateServicer:
    """Every call acts for the caller's tenant."""

    _catalog: Catalog

    async def FindNearDuplicates(
        self, request: duplicates_pb2.FindNearDuplicatesRequest, context: Context
    ) -> duplicates_pb2.FindNearDuplicatesResponse:
        within = request.max_distance if request.HasField("max_distance") else None
        found = await self._catalog.near_duplicates.find(
            current_principal(), request.image_id, within, request.page_size
        )
        return found_duplicates_to_proto(found)

    async def ListNearDuplicates(
        self, request: duplicates_pb2.ListNearDuplicatesRequest, context: Context
    ) -> duplicates_pb2.ListNearDuplicatesResponse:
        within = request.max_distance if request.HasField("max_distance") else None
        page = await self._catalog.near_duplicates.list(
            current_principal(), request.product_id, within, request.page_size, request.page_token
        )
        return duplicate_groups_to_proto(page)
