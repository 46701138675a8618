"""Filters of lists: what lists of products and items let through, as searches would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS
from domain.errors import InvalidInput
from domain.types import Principal
from services.catalog.records.items import Item, ItemFilter, item_ids_of_products, list_items
from services.catalog.records.narrowing import may_pass_as_item, may_pass_as_product
from services.catalog.records.paging import Cursor, Page, look_through
from services.catalog.records.products import Product, ProductFilter, list_products
from services.catalog.records.searchable import SearchableItem, read_searchable
from services.catalog.search.filter import Filter
from services.catalog.search.filter_rules import TenantRules
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row_match import matches


class ListFilters:
    """Makes the filters of a caller's lists."""

    def __init__(self, collections: OpenCollections, rules: TenantRules, writer: RowWriter) -> None:
        self._collections = collections
        self._rules = rules
        self._writer = writer

    async def of(self, principal: Principal, filter: Filter) -> ListFilter | None:
        """None where the filter lets all through.

        Raises:
            InvalidInput: a part of the filter is not allowed; the field is `where`, which has it as a text.
            Unavailable: no collection can be opened, whose model describes what is filtered.
        """
        if filter.is_empty:
            return None
        try:
            predicate = self._rules.of(principal.tenant_id).predicate(principal.tenant_id, filter)
        except InvalidInput as error:
            raise InvalidInput("where", error.violations[0].description) from None
        collection = await self._collections.searched()
        return ListFilter(principal.tenant_id, collection, predicate, self._writer)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A filter of a tenant's lists: SQL narrows them, and what passes is decided on rows of the index."""

    tenant_id: str
    collection: Collection
    predicate: Predicate
    writer: RowWriter

    def page_of_items(self, session: Session, cursor: Cursor, wanted: ItemFilter) -> Page[Item]:
        condition = may_pass_as_item(self.predicate, self.collection.version)

        def passing(found: Sequence[Item]) -> list[Item]:
            ids = self._passing_items(session, [item.id for item in found])
            return [item for item in found if item.id in ids]

        return look_through(
            cursor,
            lambda part: list_items(session, self.tenant_id, part, wanted, condition),
            passing,
            lambda item: item.id,
        )

    def page_of_products(self, session: Session, cursor: Cursor, wanted: ProductFilter) -> Page[Product]:
        condition = may_pass_as_product(self.predicate, self.collection.version)
        return look_through(
            cursor,
            lambda part: list_products(session, self.tenant_id, part, wanted, condition),
            lambda found: self._passing_products(session, found),
            lambda product: product.id,
        )

    def _passing_products(self, session: Session, found: Sequence[Product]) -> list[Product]:
        """Those of which an item passes, or which have none that is described and pass themselves."""
        by_product = item_ids_of_products(session, self.tenant_id, [product.id for product in found])
        ids = [item_id for of_product in by_product.values() for item_id in of_product]
        searchable = self._read(session, ids)
        described = {item.product_id for item in searchable}
        bare = [_without_item(self.tenant_id, product) for product in found if product.id not in described]
        passing = {item.product_id for item in (*searchable, *bare) if self._passes(item)}
        return [product for product in found if product.id in passing]

    def _passing_items(self, session: Session, item_ids: Sequence[str]) -> set[str]:
        return {item.id for item in self._read(session, item_ids) if self._passes(item)}

    def _read(self, session: Session, item_ids: Sequence[str]) -> list[SearchableItem]:
        version, width = self.collection.version, self.collection.width
        return read_searchable(session, self.tenant_id, item_ids, version, width)

    def _passes(self, item: SearchableItem) -> bool:
        return matches(self.predicate, self.writer.row(item))


def _without_item(tenant_id: str, product: Product) -> SearchableItem:
    """A product as the row of an item of which nothing is known."""
    return SearchableItem(
        tenant_id=tenant_id,
        id="",
        revision="",
        label="",
        primary_in_image=False,
        primary_in_product=False,
        attributes={},
        answers={},
        colors=(),
        garment_score=None,
        vector=np.empty(0, np.float32),
        product_id=product.id,
        external_id=product.external_id,
        brand=product.brand,
        product_category=product.category,
        product_type=product.product_type,
        availability=product.availability,
        price=product.price,
        create_us=0,
        update_us=0,
        product_create_us=int(product.create_time.timestamp() * MICROSECONDS),
        product_update_us=int(product.update_time.timestamp() * MICROSECONDS),
        product_attributes=product.attributes,
    )
