"""Images: photos that callers index, read and delete."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import FailedPrecondition
from domain.taxonomy import TaxonomyOf
from domain.types import Principal
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.catalog.blobs.rejected_crops import RejectedCrops
from services.catalog.blobs.renditions import ImageContent, Renditions
from services.catalog.ids import check_id
from services.catalog.indexing.intake import IndexRequest, Intake
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.records import images, product_primary
from services.catalog.records.facts import image_facts, image_name
from services.catalog.records.image_changes import ImageChanges, check_mask, update_image
from services.catalog.records.images import Image
from services.catalog.records.jobs import Job
from services.catalog.records.ordering import read_order
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.records.restoration import restore_image
from services.catalog.resources.deletions import Deletions
from services.sql.database import Database


class Images:
    """The calls on images, each within the caller's tenant."""

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        intake: Intake,
        renditions: Renditions,
        rejected: RejectedCrops,
        taxonomy_of: TaxonomyOf,
        limits: CatalogLimits,
        deletions: Deletions,
    ) -> None:
        self._database = database
        self._trail = trail
        self._intake = intake
        self._renditions = renditions
        self._rejected = rejected
        self._taxonomy_of = taxonomy_of
        self._limits = limits
        self._deletions = deletions

    async def index(self, principal: Principal, request: IndexRequest) -> Job:
        """Store a photo durably and queue it. Raises InvalidInput, NotFound, AlreadyExists."""
        return await self._intake.take(principal, request)

    async def get(
        self, principal: Principal, image_id: str, *, include_rejected_crops: bool = False
    ) -> Image:
        """A photo, with the pictures of its rejected crops where asked for and kept.

        Raises:
            InvalidInput, NotFound, or Unavailable where the pictures cannot be read.
        """
        wanted = check_id("image_id", image_id)
        image = await self._database.read(
            lambda session: images.read_image(session, principal.tenant_id, wanted)
        )
        return await self._rejected.read(principal.tenant_id, image) if include_rejected_crops else image

    async def list(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        *,
        product_id: str = "",
        text: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        only_deleted: bool = False,
    ) -> Page[Image]:
        """Newest first unless `order_by` says otherwise; without deleted ones unless they are asked for.

        Raises:
            InvalidInput: an unknown order, a text that is too long, or a token of another list.
        """
        wanted = images.ImageFilter(
            check_id("product_id", product_id) if product_id else "",
            check_text("text", text, self._limits.max_name_chars),
            read_order(order_by, images.IMAGE_FIELDS),
            show_deleted,
            only_deleted,
        )
        cursor = read_cursor(self._limits, principal, f"images {wanted}", page_size, page_token)
        found = await self._database.read(
            lambda session: images.list_images(session, principal.tenant_id, cursor, wanted)
        )
        return cut_page(cursor, found, lambda image: image.id)

    async def content(self, principal: Principal, image_id: str) -> ImageContent:
        """A photo as it was sent. Raises InvalidInput, NotFound, Unavailable."""
        image = await self.get(principal, image_id)
        return await self._renditions.original(principal.tenant_id, image.id, image.format)

    async def thumbnail(self, principal: Principal, image_id: str, max_side_px: int = 0) -> ImageContent:
        """A WebP within `max_side_px`; 0 means 256. Raises InvalidInput, NotFound, Unavailable."""
        image = await self.get(principal, image_id)
        return await self._renditions.thumbnail(principal.tenant_id, image.id, max_side_px)

    async def update(
        self,
        principal: Principal,
        image_id: str,
        changes: ImageChanges,
        mask: Sequence[str] = (),
        etag: str = "",
    ) -> Image:
        """Change the masked fields of a photo; one that is moved takes its items to the other product.

        Raises:
            InvalidInput, NotFound, or Conflict where the etag is stale.
        """
        wanted, fields = check_id("image.id", image_id), check_mask(mask, changes)
        product_id = check_id("image.product_id", changes.product_id) if changes.product_id else ""
        name = check_text("image.name", changes.name, self._limits.max_name_chars)
        checked, tenant_id, moment_us = ImageChanges(name, product_id), principal.tenant_id, now_us()
        taxonomy = self._taxonomy_of(tenant_id)

        def update(session: Session) -> Changed[Image]:
            before, after = update_image(
                session, tenant_id, wanted, checked, fields, etag, taxonomy, moment_us
            )
            return after, Change.between(image_name(wanted), image_facts(before), image_facts(after))

        updated = await self._trail.write(principal, update)
        self._deletions.wake_drainer()
        return updated

    async def delete(self, principal: Principal, image_id: str, etag: str = "") -> None:
        """Delete a photo and its items, which can be restored until they are purged.

        Raises:
            NotFound, or Conflict where the etag is stale.
        """
        wanted = check_id("image_id", image_id)
        tenant_id, moment_us = principal.tenant_id, now_us()
        taxonomy = self._taxonomy_of(tenant_id)

        def delete(session: Session) -> Changed[images.DeletedImages]:
            before = image_facts(images.read_image(session, tenant_id, wanted))
            deleted, product_id = images.delete_image(session, tenant_id, wanted, etag, moment_us)
            if product_id:
                product_primary.update_primary_item(session, tenant_id, product_id, taxonomy, moment_us)
            before |= {"items": len(deleted.item_ids)}
            return deleted, Change.between(image_name(wanted), before, {})

        self._deletions.finish(tenant_id, await self._trail.write(principal, delete))

    async def restore(self, principal: Principal, image_id: str) -> tuple[Image, int]:
        """Bring back a deleted photo with its items, and count these; one that is not deleted stays as it is.

        Raises:
            InvalidInput, NotFound, or QuotaExceeded where the tenant has no room for it.
            FailedPrecondition: its product is deleted, or its original is gone.
            Unavailable: a store does not answer.
        """
        wanted, deletions = check_id("image_id", image_id), self._deletions
        tenant_id, moment_us = principal.tenant_id, now_us()
        is_lost, quota = await deletions.lost(tenant_id, [wanted]), deletions.quota_of(tenant_id)

        def restore(session: Session) -> Changed[tuple[Image, int]]:
            restored, product_id = restore_image(session, tenant_id, wanted, quota, moment_us)
            image = images.read_image(session, tenant_id, wanted)
            if restored is None:
                return (image, 0), None
            if is_lost:
                raise _content_gone(wanted)
            if product_id:
                product_primary.update_primary_item(
                    session, tenant_id, product_id, self._taxonomy_of(tenant_id), moment_us
                )
            items = len(restored.item_ids)
            facts = image_facts(image) | {"items": items}
            return (image, items), Change.between(image_name(wanted), {}, facts)

        result = await self._trail.write(principal, restore)
        deletions.restored()
        return result


def _content_gone(image_id: str) -> FailedPrecondition:
    return FailedPrecondition(
        f"image {image_id!r} cannot be restored: its original is gone; index the photo again",
        reason="IMAGE_CONTENT_GONE",
    )
