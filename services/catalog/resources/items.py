"""Items: garments that callers read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.errors import InvalidInput
from domain.types import Principal
from services.catalog.ids import check_id
from services.catalog.limits import CatalogLimits
from services.catalog.records import items
from services.catalog.records.items import Item, ItemFilter
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.resources.list_filters import ListFilters
from services.catalog.search.filter import MATCH_ALL, Filter
from services.sql.database import Database

ReadCrop: TypeAlias = Callable[[str, str], Awaitable[bytes | None]]
"""The JPEG of a tenant's item, by tenant and item id; None where it was just deleted."""


class Items:
    """The calls on items, each within the caller's tenant."""

    def __init__(
        self, database: Database, limits: CatalogLimits, read_crop: ReadCrop, filters: ListFilters
    ) -> None:
        self._database = database
        self._limits = limits
        self._read_crop = read_crop
        self._filters = filters

    async def get(
        self,
        principal: Principal,
        item_id: str,
        *,
        include_embedding: bool = False,
        include_crop: bool = False,
        include_alternatives: bool = False,
    ) -> Item:
        """Raises NotFound."""
        tenant_id, wanted = principal.tenant_id, check_id("item_id", item_id)

        def read(session: Session) -> Item:
            item = items.read_item(session, tenant_id, wanted)
            if include_alternatives:
                (item,) = items.with_alternatives(session, tenant_id, [item])
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
        min_garment_score: float | None = None,
        max_garment_score: float | None = None,
        filter: Filter = MATCH_ALL,
    ) -> Page[Item]:
        """Newest first; without those that are rejected unless they are asked for. Raises InvalidInput."""
        wanted = ItemFilter(
            check_id("product_id", product_id) if product_id else "",
            check_id("image_id", image_id) if image_id else "",
            show_rejected,
            _check_share("min_garment_score", min_garment_score),
            _check_share("max_garment_score", max_garment_score),
        )
        passing = await self._filters.of(principal, filter)
        scope = f"items {wanted.scope} {filter}"
        cursor = read_cursor(self._limits, principal, scope, page_size, page_token)

        def read(session: Session) -> Page[Item]:
            if passing is not None:
                return passing.page_of_items(session, cursor, wanted)
            found = items.list_items(session, principal.tenant_id, cursor, wanted)
            return cut_page(cursor, found, lambda item: item.id)

        return await self._database.read(read)


def _check_share(field: str, share: float | None) -> float | None:
    """Raises InvalidInput unless it is None or from 0 to 1."""
    if share is not None and not 0.0 <= share <= 1.0:
        raise InvalidInput(field, f"must be from 0 to 1, got {share:g}")
    return share
