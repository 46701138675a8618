"""The calls of CatalogService that correct items: convert, call, convert."""

from __future__ import annotations

from typing import Any, TypeAlias

import grpc

from armoire.v1 import corrections_pb2, items_pb2
from domain.errors import InvalidInput
from services.catalog.catalog import Catalog
from services.catalog.records.item_changes import Corrected
from services.edge.calls import current_principal
from services.edge.conversion.corrections import (
    answers_from_proto,
    correction_filter_from_proto,
    correction_to_proto,
    is_of_product,
)
from services.edge.conversion.items import item_to_proto, reject_reason_from_proto
from services.edge.conversion.types import box_from_proto

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class CorrectionServicer:
    """Every call acts for the caller's tenant."""

    _catalog: Catalog

    async def CorrectItem(
        self, request: corrections_pb2.CorrectItemRequest, context: Context
    ) -> corrections_pb2.CorrectItemResponse:
        corrected = await self._catalog.corrections.correct(
            current_principal(),
            request.item_id,
            label=request.label,
            attributes=answers_from_proto(request.attributes),
            box=box_from_proto(request.box) if request.HasField("box") else None,
            etag=request.etag,
            verify=request.verify,
        )
        item, correction = _parts(corrected)
        return corrections_pb2.CorrectItemResponse(item=item, correction=correction, job_id=corrected.job_id)

    async def AddItem(
        self, request: corrections_pb2.AddItemRequest, context: Context
    ) -> corrections_pb2.AddItemResponse:
        if not request.HasField("box"):
            raise InvalidInput("box", "must be given")
        corrected = await self._catalog.corrections.add(
            current_principal(),
            request.image_id,
            box_from_proto(request.box),
            label=request.label,
            attributes=answers_from_proto(request.attributes),
        )
        item, correction = _parts(corrected)
        return corrections_pb2.AddItemResponse(item=item, correction=correction, job_id=corrected.job_id)

    async def RejectItem(
        self, request: corrections_pb2.RejectItemRequest, context: Context
    ) -> corrections_pb2.RejectItemResponse:
        corrected = await self._catalog.corrections.reject(
            current_principal(), request.item_id, reject_reason_from_proto(request.reason), request.etag
        )
        item, correction = _parts(corrected)
        return corrections_pb2.RejectItemResponse(item=item, correction=correction)

    async def RestoreItem(
        self, request: corrections_pb2.RestoreItemRequest, context: Context
    ) -> corrections_pb2.RestoreItemResponse:
        corrected = await self._catalog.corrections.restore(
            current_principal(), request.item_id, request.etag
        )
        item, correction = _parts(corrected)
        return corrections_pb2.RestoreItemResponse(item=item, correction=correction)

    async def SetPrimaryItem(
        self, request: corrections_pb2.SetPrimaryItemRequest, context: Context
    ) -> corrections_pb2.SetPrimaryItemResponse:
        of_product = is_of_product(request.target)
        corrected = await self._catalog.corrections.set_primary(
            current_principal(), request.item_id, request.etag, of_product=of_product
        )
        item, correction = _parts(corrected)
        return corrections_pb2.SetPrimaryItemResponse(item=item, correction=correction)

    async def VerifyItem(
        self, request: corrections_pb2.VerifyItemRequest, context: Context
    ) -> corrections_pb2.VerifyItemResponse:
        corrected = await self._catalog.corrections.verify(current_principal(), request.item_id, request.etag)
        item, correction = _parts(corrected)
        return corrections_pb2.VerifyItemResponse(item=item, correction=correction)

    async def UndoCorrection(
        self, request: corrections_pb2.UndoCorrectionRequest, context: Context
    ) -> corrections_pb2.UndoCorrectionResponse:
        corrected = await self._catalog.corrections.undo(current_principal(), request.correction_id)
        item, correction = _parts(corrected)
        return corrections_pb2.UndoCorrectionResponse(
            item=item, correction=correction, job_id=corrected.job_id
        )

    async def ListCorrections(
        self, request: corrections_pb2.ListCorrectionsRequest, context: Context
    ) -> corrections_pb2.ListCorrectionsResponse:
        wanted = correction_filter_from_proto(request)
        page = await self._catalog.corrections.list(
            current_principal(), request.page_size, request.page_token, wanted
        )
        return corrections_pb2.ListCorrectionsResponse(
            corrections=[correction_to_proto(entry) for entry in page.entries],
            next_page_token=page.next_token,
        )


def _parts(corrected: Corrected) -> tuple[items_pb2.Item | None, corrections_pb2.Correction | None]:
    """The messages of an item and its correction, as far as there are any."""
    item, correction = corrected.item, corrected.correction
    return (
        None if item is None else item_to_proto(item),
        None if correction is None else correction_to_proto(correction),
    )
