"""Items: garments that callers read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.types import Principal
from services.catalog.ids import check_id
from services.catalog.limits import CatalogLimits
from services.catalog.records import items
from services.catalog.records.items import Item
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.sql.database import Database

ReadCrop: TypeAlias = Callable[[str, str], Awaitable[bytes | None]]
"""The JPEG of a tenant's item, by tenant and item id; None where it was just deleted."""


class Items:
    """The calls on items, each within the caller's tenant."""

    def __init__(self, database: Database, limits: CatalogLimits, read_crop: ReadCrop) -> None:
        self._database = database
        self._limits = limits
        self._read_crop = read_crop

    async def get(
        self,
        principal: Principal,
        item_id: str,
        *,
        include_embedding: bool = False,
        include_crop: bool = False,
    ) -> Item:
        """Raises NotFound."""
        tenant_id, wanted = principal.tenant_id, check_id("item_id", item_id)

        def read(session: Session) -> Item:
            item = items.read_item(session, tenant_id, wanted)
            if not include_embedding:
                return item
            return replace(item, embedding=items.read_embedding(session, tenant_id, wanted, item.version))

        item = await self._database.read(read)
        if not include_crop:
            return item
        return replace(item, crop=await self._read_crop(tenant_id, wanted))

    async def list(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        *,
        product_id: str = "",
        image_id: str = "",
        show_rejected: bool = False,
    ) -> Page[Item]:
        """Newest first; without those that are rejected unless they are asked for. Raises InvalidInput."""
        product = check_id("product_id", product_id) if product_id else ""
        image = check_id("image_id", image_id) if image_id else ""
        cursor = read_cursor(
            self._limits, principal, f"items {product} {image} {show_rejected}", page_size, page_token
        )
        found = await self._database.read(
            lambda session: items.list_items(
                session, principal.tenant_id, cursor, product, image, show_rejected=show_rejected
            )
        )
        return cut_page(cursor, found, lambda item: item.id)
