"""How a collection compares with the database, and with the one that is searched."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from domain.types import FloatArray
from services.catalog.records.backfill import count_lacking, sample_pairs
from services.catalog.records.searchable import count_live
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import VectorIndex
from services.catalog.vectors.predicates import TextIn
from services.sql.database import Database

_NEIGHBOURS = 10
_SAMPLES = 200
_PAUSE_S = 0.2
_LOOKS = 50


@dataclass(frozen=True, slots=True)
class CollectionReport:
    """A collection beside the one that is searched.

    Attributes:
        items: live items with an embedding of its version.
        vectors: its rows in the vector store.
        lacking: live items that the searched collection has and this one has not.
        overlap: the share of the 10 nearest items that both collections name alike, 0 to 1, on average over
            `sampled` items. Embedders differ, so it tells how much a swap changes, not which one is better.
    """

    collection: str
    model_version: str
    preprocess_version: str
    items: int
    vectors: int
    lacking: int
    overlap: float
    sampled: int

    @property
    def complete(self) -> bool:
        """Whether a swap loses nothing."""
        return self.lacking == 0 and self.items == self.vectors


class Comparison:
    """Compares a collection with the database and with the one that is searched."""

    def __init__(
        self,
        database: Database,
        index: VectorIndex,
        collections: OpenCollections,
        pause_s: float = _PAUSE_S,
        samples: int = _SAMPLES,
    ) -> None:
        self._database = database
        self._index = index
        self._collections = collections
        self._pause_s = pause_s
        self._samples = samples

    async def of(self, collection: Collection) -> CollectionReport:
        """Compare a collection, once the rows that wait at the moment are written.

        Raises:
            Unavailable: the database or the vector store does not answer.
        """
        await self._collections.until_written(collection.name)
        current = await self._collections.searched()
        items, vectors = await self._counts(collection)
        lacking = await self._database.read(
            lambda session: count_lacking(session, collection.version, current.version)
        )
        overlaps = await self._overlaps(collection, current)
        version = collection.version
        return CollectionReport(
            collection.name,
            version.model_version,
            version.preprocess_version,
            items,
            vectors,
            lacking,
            sum(overlaps) / len(overlaps) if overlaps else 1.0,
            len(overlaps),
        )

    async def _counts(self, collection: Collection) -> tuple[int, int]:
        """The items and the rows; rows that are about to be written are waited for."""
        version, width = collection.version, collection.width
        for _ in range(_LOOKS):
            items = await self._database.read(lambda session: count_live(session, version, width))
            vectors = await asyncio.to_thread(self._index.count, collection)
            if items == vectors:
                break
            await asyncio.sleep(self._pause_s)
        return items, vectors

    async def _overlaps(self, collection: Collection, current: Collection) -> list[float]:
        pairs = await self._database.read(
            lambda session: sample_pairs(session, collection.version, current.version, self._samples)
        )
        return [await self._overlap(collection, current, *pair) for pair in pairs]

    async def _overlap(
        self,
        collection: Collection,
        current: Collection,
        tenant_id: str,
        vector: FloatArray,
        current_vector: FloatArray,
    ) -> float:
        """The share of common neighbours of an item; the item itself is no neighbour."""
        nearest = [
            await asyncio.to_thread(partial(self._nearest, each, tenant_id, of_each))
            for each, of_each in ((collection, vector), (current, current_vector))
        ]
        ours, theirs = (set(ids[1:]) for ids in nearest)
        return len(ours & theirs) / max(len(ours), len(theirs), 1) if ours or theirs else 1.0

    def _nearest(self, collection: Collection, tenant_id: str, vector: FloatArray) -> Sequence[str]:
        predicate = TextIn(("tenant_id",), (tenant_id,))
        (hits,) = self._index.search(collection, [vector], predicate, _NEIGHBOURS + 1)
        return [hit.item_id for hit in hits]
