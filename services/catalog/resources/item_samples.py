"""Items to choose from: a bounded sample of those that pass a filter, with their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.errors import InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from domain.types import ModelVersion, Principal
from services.catalog.ids import check_id
from services.catalog.parts import CatalogParts
from services.catalog.records.item_sample import ItemWords, read_words, sample_ids
from services.catalog.records.items import read_items
from services.catalog.records.narrowing import necessary
from services.catalog.records.products import Product
from services.catalog.records.searchable import SearchableItem, read_searchable
from services.catalog.search.filter import MATCH_ALL, Filter
from services.catalog.search.filter_rules import TenantRules
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.predicates import EVERY_ROW, Predicate
from services.catalog.vectors.row_match import matches

PER_CATEGORY = 48
"""Items of each category that are drawn."""
MAX_NAMED = 2000
"""The most items that a sample may be drawn from by their ids."""
_LOOKED_AT = 4
"""With a filter, so many times as many are looked at, because SQL lets some through that do not pass."""


@dataclass(frozen=True, slots=True, eq=False)
class SampledItem:
    """An item as the model that is searched with or people describe it, and what people call it."""

    item: SearchableItem
    words: ItemWords


class ItemSamples:
    """Draws items in SQL, within the caller's tenant."""

    def __init__(
        self, parts: CatalogParts, collections: OpenCollections, rules: TenantRules, writer: RowWriter
    ) -> None:
        self._database = parts.database
        self._collections = collections
        self._rules = rules
        self._writer = writer

    def taxonomy(self, principal: Principal) -> Taxonomy:
        """The words that the caller's garments are described with."""
        return self._rules.of(principal.tenant_id).taxonomy

    async def version(self) -> ModelVersion:
        """Of the model that is searched with, whose vectors items have. Raises Unavailable."""
        return (await self._collections.searched()).version

    async def draw(
        self,
        principal: Principal,
        seed: int,
        filter: Filter = MATCH_ALL,
        item_ids: Sequence[str] | None = None,
    ) -> list[SampledItem]:
        """At most `PER_CATEGORY` items of each category that pass the filter; the same seed draws the same.

        `item_ids` has all items to draw from; None for the whole catalogue. Those that are gone are left out.

        Raises:
            InvalidInput: a part of the filter is not allowed, or there are too many ids.
        """
        tenant_id, rules = principal.tenant_id, self._rules.of(principal.tenant_id)
        predicate = EVERY_ROW if filter.is_empty else rules.predicate(tenant_id, filter)
        if item_ids is not None and len(item_ids) > MAX_NAMED:
            raise InvalidInput("item_ids", f"must hold at most {MAX_NAMED}, got {len(item_ids)}")
        collection = await self._collections.searched()
        categories = [*(category.name for category in rules.taxonomy.categories), ""]
        most = PER_CATEGORY if filter.is_empty else PER_CATEGORY * _LOOKED_AT

        def read(session: Session) -> list[SampledItem]:
            ids = item_ids
            if ids is None:
                condition = necessary(predicate)
                ids = sample_ids(session, tenant_id, collection.version, categories, seed, most, condition)
            return self._read(session, tenant_id, ids, collection, predicate)

        found = await self._database.read(read)
        return found if item_ids is not None else _capped(found)

    async def named(self, principal: Principal, field: str, item_ids: Sequence[str]) -> list[SampledItem]:
        """These items, in their order.

        Raises:
            InvalidInput: an id is none, or there twice; `field` names the list.
            NotFound: an item is not there, was rejected, or the model that is searched with has no vector of
                it.
        """
        wanted = [check_id(f"{field}[{index}]", item_id) for index, item_id in enumerate(item_ids)]
        for index, item_id in enumerate(wanted):
            if item_id in wanted[:index]:
                raise InvalidInput(f"{field}[{index}]", "must not be there a second time")
        collection, tenant_id = await self._collections.searched(), principal.tenant_id
        found = await self._database.read(
            lambda session: self._read(session, tenant_id, wanted, collection, EVERY_ROW)
        )
        if missing := set(wanted) - {each.item.id for each in found}:
            raise NotFound("item", min(missing, key=wanted.index))
        return found

    async def products(self, principal: Principal, item_ids: Sequence[str]) -> dict[str, Product]:
        """The products of items, by the ids of those that have one."""
        stored = await self._database.read(lambda session: read_items(session, principal.tenant_id, item_ids))
        return {id: entry.product for id, entry in stored.items() if entry.product is not None}

    def _read(
        self,
        session: Session,
        tenant_id: str,
        item_ids: Sequence[str],
        collection: Collection,
        predicate: Predicate,
    ) -> list[SampledItem]:
        """Those that pass, in the order of the ids."""
        version, width = collection.version, collection.width
        found = {item.id: item for item in read_searchable(session, tenant_id, item_ids, version, width)}
        items = [found[item_id] for item_id in item_ids if item_id in found]
        if predicate is not EVERY_ROW:
            items = [item for item in items if matches(predicate, self._writer.row(item))]
        words = read_words(session, tenant_id, [item.id for item in items])
        return [SampledItem(item, words[item.id]) for item in items]


def _capped(found: Sequence[SampledItem]) -> list[SampledItem]:
    """The first `PER_CATEGORY` of each category."""
    counts: dict[str, int] = {}
    kept = []
    for each in found:
        category = each.item.attributes.get("category", "")
        counts[category] = counts.get(category, 0) + 1
        if counts[category] <= PER_CATEGORY:
            kept.append(each)
    return kept
