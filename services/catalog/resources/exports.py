"""Exports: the photos that people have reviewed, and the whole catalogue."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.taxonomy import Taxonomy, TaxonomyOf
from domain.types import Principal
from services.audit.record import Change
from services.audit.trail import AuditTrail
from services.catalog.blobs.store import BlobStore, part_key
from services.catalog.ids import check_id
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.records.dataset_split import DatasetShares, DatasetSplit
from services.catalog.records.images import Image, RejectedCrop
from services.catalog.records.items import Item
from services.catalog.records.operations import (
    Operation,
    OperationKind,
    OperationState,
    unfinished_operation,
)
from services.catalog.records.primary import category_of
from services.catalog.records.reviewed_photos import ReviewedFilter, ReviewedPhoto, reviewed_after
from services.catalog.resources.operations import Operations
from services.sql.database import Database

_PHOTOS = 100
"""Photos that are read in one transaction."""


@dataclass(frozen=True, slots=True)
class DatasetRequest:
    """Which photos to export, behind the photo `after` where that is not "", and how many; 0 for all.

    With `rejected_detections`, those that became no item come with their photos.
    """

    after: str = ""
    max_photos: int = 0
    shares: DatasetShares = DatasetShares()
    wanted: ReviewedFilter = ReviewedFilter()
    rejected_detections: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class DatasetPhoto:
    """A reviewed photo with its split, its items with the category of each, and what became none."""

    image: Image
    split: DatasetSplit
    items: tuple[tuple[Item, str], ...]
    fully_reviewed: bool
    rejected_detections: tuple[RejectedCrop, ...] = ()


class Exports:
    """The calls that read what a tenant has as a whole. Who exports leaves a record."""

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        blobs: BlobStore,
        taxonomy_of: TaxonomyOf,
        limits: CatalogLimits,
        operations: Operations,
    ) -> None:
        self._database = database
        self._trail = trail
        self._blobs = blobs
        self._taxonomy_of = taxonomy_of
        self._limits = limits
        self._operations = operations

    def categories(self, principal: Principal) -> tuple[str, ...]:
        """The categories of the tenant's taxonomy, in their order."""
        return tuple(category.name for category in self._taxonomy_of(principal.tenant_id).categories)

    def dataset(self, principal: Principal, request: DatasetRequest) -> AsyncIterator[DatasetPhoto]:
        """The photos that people have reviewed, the oldest first; each page is a transaction.

        Raises:
            InvalidInput: at once.
        """
        request.shares.check()
        if request.max_photos < 0:
            raise InvalidInput("max_photos", f"must be 0 or more, got {request.max_photos}")
        after = check_id("after_image_id", request.after) if request.after else ""
        return self._dataset(principal, replace(request, after=after))

    async def _dataset(self, principal: Principal, request: DatasetRequest) -> AsyncIterator[DatasetPhoto]:
        after, left, wanted = request.after, request.max_photos or math.inf, request.wanted
        taxonomy = self._taxonomy_of(principal.tenant_id)
        await self._trail.note(principal, Change("exports/dataset", {}, _facts(request)))
        while True:
            page = await self._database.read(
                lambda s, after=after: reviewed_after(s, principal.tenant_id, after, wanted, _PHOTOS)  # type: ignore[misc]
            )
            for photo in page.photos:
                yield _photo(photo, request, taxonomy)
                left -= 1
                if not left:
                    return
            if not page.next_after:
                return
            after = page.next_after

    async def start_catalog(self, principal: Principal, idempotency_key: str = "") -> Operation:
        """Queue an export of the whole catalogue; the same key queues once.

        Raises:
            InvalidInput, AlreadyExists, or FailedPrecondition where another one is unfinished.
        """
        tenant_id = principal.tenant_id
        key = check_text("idempotency_key", idempotency_key, self._limits.max_key_chars)
        running = await self._database.read(
            lambda session: unfinished_operation(session, tenant_id, OperationKind.EXPORT, key)
        )
        if running:
            raise FailedPrecondition(
                f"operation {running!r} exports this catalogue already; watch it or cancel it",
                reason="EXPORT_RUNNING",
                metadata={"operation_id": running},
            )
        return await self._operations.start(principal, OperationKind.EXPORT, {}, key)

    async def catalog_part(self, principal: Principal, operation_id: str, name: str) -> bytes:
        """A part of an export that has ended.

        Raises:
            InvalidInput, Unavailable.
            NotFound: there is no such export or part, or its parts have expired.
            FailedPrecondition: the export has not succeeded.
        """
        operation = await self._operations.get(principal, operation_id)
        if operation.kind is not OperationKind.EXPORT:
            raise NotFound("export", operation.id)
        if operation.state is not OperationState.SUCCEEDED or operation.response is None:
            raise FailedPrecondition(
                f"export {operation.id!r} is {operation.state.name}; its parts can be read once it has "
                "SUCCEEDED",
                reason="EXPORT_NOT_READY",
            )
        if name not in {part["name"] for part in operation.response["parts"]}:
            raise NotFound("part", name[:100])
        try:
            return await self._blobs.get(part_key(principal.tenant_id, operation.id, name))
        except NotFound:
            raise NotFound("part", name, "exports are kept for some days; start another one") from None


def _facts(request: DatasetRequest) -> dict[str, object]:
    """What an audit record tells of a request."""
    wanted = request.wanted
    facts = {
        "after_image_id": request.after,
        "include_partly_reviewed": wanted.partly,
        "include_rejected": wanted.rejected,
        "include_rejected_detections": request.rejected_detections,
    }
    return {name: value for name, value in facts.items() if value} or {"reviewed_photos": True}


def _photo(photo: ReviewedPhoto, request: DatasetRequest, taxonomy: Taxonomy) -> DatasetPhoto:
    items = [(item, category_of(item.label, item.attributes, taxonomy)) for item in photo.items]
    split = request.shares.split_of(photo.image.id, photo.image.product_id)
    rejected = photo.image.rejected_crops if request.rejected_detections else ()
    return DatasetPhoto(photo.image, split, tuple(items), photo.fully, rejected)
