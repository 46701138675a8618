"""Images: photos that callers index, read and delete."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.taxonomy import Taxonomy
from domain.types import Principal
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.catalog.blobs.renditions import ImageContent, Renditions
from services.catalog.ids import check_id
from services.catalog.indexing.intake import IndexRequest, Intake
from services.catalog.limits import CatalogLimits
from services.catalog.records import images, product_primary
from services.catalog.records.facts import image_facts, image_name
from services.catalog.records.images import Image
from services.catalog.records.jobs import Job
from services.catalog.records.paging import Page, cut_page, read_cursor
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
        taxonomy: Taxonomy,
        limits: CatalogLimits,
        deletions: Deletions,
    ) -> None:
        self._database = database
        self._trail = trail
        self._intake = intake
        self._renditions = renditions
        self._taxonomy = taxonomy
        self._limits = limits
        self._deletions = deletions

    async def index(self, principal: Principal, request: IndexRequest) -> Job:
        """Store a photo durably and queue it. Raises InvalidInput, NotFound, AlreadyExists."""
        return await self._intake.take(principal, request)

    async def get(self, principal: Principal, image_id: str) -> Image:
        """Raises InvalidInput, NotFound."""
        wanted = check_id("image_id", image_id)
        return await self._database.read(
            lambda session: images.read_image(session, principal.tenant_id, wanted)
        )

    async def list(
        self, principal: Principal, page_size: int = 0, page_token: str = "", *, product_id: str = ""
    ) -> Page[Image]:
        """Newest first. Raises InvalidInput."""
        product = check_id("product_id", product_id) if product_id else ""
        cursor = read_cursor(self._limits, principal, f"images {product}", page_size, page_token)
        found = await self._database.read(
            lambda session: images.list_images(session, principal.tenant_id, cursor, product)
        )
        return cut_page(cursor, found, lambda image: image.id)

    async def content(self, principal: Principal, image_id: str) -> ImageContent:
        """A photo as it was sent. Raises InvalidInput, NotFound, Unavailable."""
        image = await self.get(principal, image_id)
        return await self._renditions.original(principal.tenant_id, image.id, image.format)

    async def thumbnail(self, principal: Principal, image_id: str, max_side_px: int = 0) -> ImageContent:
        """A JPEG within `max_side_px`; 0 means 256. Raises InvalidInput, NotFound, Unavailable."""
        image = await self.get(principal, image_id)
        return await self._renditions.thumbnail(principal.tenant_id, image.id, max_side_px)

    async def delete(self, principal: Principal, image_id: str, etag: str = "") -> None:
        """Delete a photo and its items. Raises NotFound, or Conflict where the etag is stale."""
        wanted = check_id("image_id", image_id)
        tenant_id, moment_us = principal.tenant_id, now_us()

        def delete(session: Session) -> Changed[images.DeletedImages]:
            before = image_facts(images.read_image(session, tenant_id, wanted))
            deleted, product_id = images.delete_image(session, tenant_id, wanted, etag, moment_us)
            if product_id:
                product_primary.update_primary_item(session, tenant_id, product_id, self._taxonomy, moment_us)
            before |= {"items": len(deleted.item_ids)}
            return deleted, Change.between(image_name(wanted), before, {})

        await self._deletions.finish(tenant_id, await self._trail.write(principal, delete))
