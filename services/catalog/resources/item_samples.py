"""Items to choose from: a bounded sample of those that pass a filter, with their vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.errors import InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from domain.types import ModelVersion, Principal
from services.catalog.blobs.store import crop_key
from services.catalog.ids import check_id
from services.catalog.parts import CatalogParts
from services.catalog.records.item_sample import read_words, sample_ids
from services.catalog.records.items import read_items
from services.catalog.records.narrowing import necessary
from services.catalog.records.products import Product
from services.catalog.records.searchable import read_searchable
from services.catalog.resources.sampled_items import RecentItems, SampledItem
from services.catalog.search.filter import MATCH_ALL, Filter
from services.catalog.search.filter_rules import TenantRules
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.predicates import EVERY_ROW, Predicate
from services.catalog.vectors.row_match import matches

PER_CATEGORY = 32
"""Items of each category that are drawn."""
MAX_NAMED = 2000
"""The most items that a sample may be drawn from by their ids."""
_LOOKED_AT = 4
"""So many times as many are looked at where SQL lets some through that do not pass."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which items: a tenant's, with vectors of a collection, that pass a predicate."""

    tenant_id: str
    collection: Collection
    predicate: Predicate


class ItemSamples:
    """Draws items in SQL, within the caller's tenant."""

    def __init__(
        self, parts: CatalogParts, collections: OpenCollections, rules: TenantRules, writer: RowWriter
    ) -> None:
        self._database = parts.database
        self._blobs = parts.blobs
        self._collections = collections
        self._rules = rules
        self._writer = writer
        self.recent = RecentItems()

    def taxonomy(self, principal: Principal) -> Taxonomy:
        """The words that the caller's garments are described with."""
        return self._rules.of(principal.tenant_id).taxonomy

    async def version(self) -> ModelVersion:
        """Of the model that is searched with, whose vectors items have. Raises Unavailable."""
        return (await self._collections.searched()).version

    async def draw(self, principal: Principal, seed: int, filter: Filter = MATCH_ALL) -> list[SampledItem]:
        """At most `PER_CATEGORY` items of each category that pass the filter; the same seed draws the same.

        Only the shop's items are drawn, never what end users own.

        Raises:
            InvalidInput: a part of the filter is not allowed.
        """
        wanted = await self._wanted(principal, filter)
        taxonomy = self.taxonomy(principal)
        categories = [*(category.name for category in taxonomy.categories), ""]
        return await self._database.read(lambda session: self._draw(session, categories, seed, wanted))

    async def passing(
        self, principal: Principal, item_ids: Sequence[str], filter: Filter = MATCH_ALL
    ) -> list[SampledItem]:
        """Those of these items that pass the filter, in their order; those that are gone are left out.

        Raises:
            InvalidInput: a part of the filter is not allowed, or there are too many ids.
        """
        if len(item_ids) > MAX_NAMED:
            raise InvalidInput("item_ids", f"must hold at most {MAX_NAMED}, got {len(item_ids)}")
        wanted = await self._wanted(principal, filter)
        return await self._database.read(lambda session: self._read_passing(session, item_ids, wanted))

    async def _wanted(self, principal: Principal, filter: Filter) -> _Wanted:
        """The caller's items that pass. Raises InvalidInput."""
        tenant_id = principal.tenant_id
        rules = self._rules.of(tenant_id)
        predicate = EVERY_ROW if filter.is_empty else rules.predicate(tenant_id, filter)
        return _Wanted(tenant_id, await self._collections.searched(), predicate)

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
        of_caller = await self._wanted(principal, MATCH_ALL)
        found = await self._database.read(lambda session: self._read_passing(session, wanted, of_caller))
        if missing := set(wanted) - {each.item.id for each in found}:
            raise NotFound("item", min(missing, key=wanted.index))
        return found

    async def read_crop(self, tenant_id: str, item_id: str) -> bytes | None:
        """The JPEG of an item's crop; None where the item was deleted meanwhile. Raises Unavailable."""
        try:
            return await self._blobs.get(crop_key(tenant_id, item_id))
        except NotFound:
            return None

    async def products(self, principal: Principal, item_ids: Sequence[str]) -> dict[str, Product]:
        """The products of items, by the ids of those that have one."""
        stored = await self._database.read(lambda session: read_items(session, principal.tenant_id, item_ids))
        return {id: entry.product for id, entry in stored.items() if entry.product is not None}

    def _draw(
        self, session: Session, categories: Sequence[str], seed: int, wanted: _Wanted
    ) -> list[SampledItem]:
        """Some of each category; more is looked at where not all that SQL let through passes."""
        tenant_id, version = wanted.tenant_id, wanted.collection.version
        condition = necessary(wanted.predicate)
        drawn = sample_ids(session, tenant_id, version, categories, seed, PER_CATEGORY, condition)
        found = self._read_each(session, drawn, wanted)
        lacking = [name for name, ids in drawn.items() if len(found[name]) < len(ids) == PER_CATEGORY]
        most = _LOOKED_AT * PER_CATEGORY
        further = sample_ids(session, tenant_id, version, lacking, seed, most, condition)
        rest = {name: dict(list(ids.items())[PER_CATEGORY:]) for name, ids in further.items()}
        for name, others in self._read_each(session, rest, wanted).items():
            found[name] += others
        return [each for of_category in found.values() for each in of_category[:PER_CATEGORY]]

    def _read_each(
        self, session: Session, drawn: Mapping[str, Mapping[str, str]], wanted: _Wanted
    ) -> dict[str, list[SampledItem]]:
        """Those of each category that pass, by their ids and revisions; what was not read lately is read."""
        revisions = {id: revision for of_category in drawn.values() for id, revision in of_category.items()}
        version, found = wanted.collection.version, dict[str, SampledItem]()
        for id, revision in revisions.items():
            if (kept := self.recent.get(wanted.tenant_id, version, id, revision)) is not None:
                found[id] = kept
        for each in self._read(session, [id for id in revisions if id not in found], wanted):
            self.recent.put(version, each)
            found[each.item.id] = each
        passing = {each.item.id: each for each in self._passing(found.values(), wanted.predicate)}
        return {name: [passing[id] for id in ids if id in passing] for name, ids in drawn.items()}

    def _read_passing(self, session: Session, item_ids: Sequence[str], wanted: _Wanted) -> list[SampledItem]:
        """Those that pass, in the order of the ids."""
        return self._passing(self._read(session, item_ids, wanted), wanted.predicate)

    def _read(self, session: Session, item_ids: Sequence[str], wanted: _Wanted) -> list[SampledItem]:
        """Those that are there, in the order of the ids."""
        tenant_id, collection = wanted.tenant_id, wanted.collection
        searchable = read_searchable(session, tenant_id, item_ids, collection.version, collection.width)
        found = {item.id: item for item in searchable}
        words = read_words(session, tenant_id, list(found))
        return [SampledItem(found[id], words[id]) for id in item_ids if id in found]

    def _passing(self, sampled: Iterable[SampledItem], predicate: Predicate) -> list[SampledItem]:
        if predicate is EVERY_ROW:
            return list(sampled)
        return [each for each in sampled if matches(predicate, self._writer.row(each.item))]
