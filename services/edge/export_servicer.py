"""The calls of CatalogService that export, and that import what was exported: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import grpc

from armoire.v1 import exports_pb2
from services.catalog.catalog import Catalog
from services.edge.calls import current_principal
from services.edge.conversion.exports import (
    dataset_photo_to_proto,
    dataset_request_from_proto,
    reviewed_item_from_proto,
)
from services.edge.conversion.operations import operation_to_proto

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class ExportServicer:
    """Every call acts for the caller's tenant."""

    _catalog: Catalog

    async def ExportDataset(
        self, request: exports_pb2.ExportDatasetRequest, context: Context
    ) -> AsyncIterator[exports_pb2.ExportDatasetResponse]:
        exports, wanted = self._catalog.exports, dataset_request_from_proto(request)
        photos = exports.dataset(current_principal(), wanted)
        info = exports_pb2.DatasetInfo(categories=exports.categories(current_principal()))
        yield exports_pb2.ExportDatasetResponse(info=info)
        async for photo in photos:
            yield exports_pb2.ExportDatasetResponse(photo=dataset_photo_to_proto(photo))

    async def StartCatalogExport(
        self, request: exports_pb2.StartCatalogExportRequest, context: Context
    ) -> exports_pb2.StartCatalogExportResponse:
        operation = await self._catalog.exports.start_catalog(current_principal(), request.idempotency_key)
        return exports_pb2.StartCatalogExportResponse(operation=operation_to_proto(operation))

    async def GetCatalogExportPart(
        self, request: exports_pb2.GetCatalogExportPartRequest, context: Context
    ) -> exports_pb2.GetCatalogExportPartResponse:
        content = await self._catalog.exports.catalog_part(
            current_principal(), request.operation_id, request.part
        )
        return exports_pb2.GetCatalogExportPartResponse(content=content)

    async def ImportReview(
        self, request: exports_pb2.ImportReviewRequest, context: Context
    ) -> exports_pb2.ImportReviewResponse:
        items = [reviewed_item_from_proto(index, item) for index, item in enumerate(request.items)]
        imported = await self._catalog.reviews.import_review(current_principal(), request.image_id, items)
        return exports_pb2.ImportReviewResponse(
            changed=imported.changed,
            added=imported.added,
            unmatched=imported.unmatched,
            job_ids=imported.job_ids,
        )
