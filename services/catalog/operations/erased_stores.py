"""The stores of the catalogue, as an erasure empties them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import Unavailable
from services.audit.trail import AuditTrail
from services.catalog.blobs.store import BlobStore
from services.catalog.records import erased, outbox
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection as VectorCollection
from services.catalog.vectors.index import VectorIndex
from services.sql.database import Database

_DRAIN_S = 600.0
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class CatalogRows:
    """The tables of the catalogue."""

    database: Database
    name: str = "rows"

    async def erase(self, tenant_id: str) -> int:
        """Remove a tenant's rows, some in each transaction; returns how many."""
        removed = 0
        while some := await self.database.write(
            lambda session: erased.erase_some(session, tenant_id, now_us())
        ):
            removed += some
        await self.database.write(lambda session: erased.erase_findings(session, tenant_id))
        return removed

    async def count(self, tenant_id: str) -> int:
        """How many rows are left; those of the outbox, too."""
        return await self.database.read(lambda session: erased.count_rows(session, tenant_id))

    async def compact(self) -> None:
        """Write the database anew, without what was deleted."""
        await self.database.compact()


@dataclass(frozen=True, slots=True)
class CatalogRecords:
    """The audit records in the catalogue's database, which `CatalogRows` compacts."""

    trail: AuditTrail
    name: str = "audit"

    async def erase(self, tenant_id: str) -> int:
        """Remove a tenant's records; returns how many."""
        return await self.trail.erase(tenant_id)

    async def count(self, tenant_id: str) -> int:
        """How many records are left."""
        return await self.trail.count(tenant_id)

    async def compact(self) -> None:
        """See the class."""


@dataclass(frozen=True, slots=True)
class Blobs:
    """All blobs below the tenant's prefix: originals, crops, thumbnails, photos of the prediction log."""

    blobs: BlobStore
    name: str = "blobs"

    async def erase(self, tenant_id: str) -> int:
        """Remove a tenant's blobs; returns how many."""
        return await self.erase_below(f"{tenant_id}/")

    async def count(self, tenant_id: str) -> int:
        """How many blobs are left."""
        return await self.count_below(f"{tenant_id}/")

    async def erase_below(self, prefix: str) -> int:
        """Remove the blobs below a prefix; returns how many."""
        removed = 0
        async for chunk in self.blobs.list(prefix):
            await self.blobs.delete([blob.key for blob in chunk])
            removed += len(chunk)
        return removed

    async def count_below(self, prefix: str) -> int:
        """How many blobs there are below a prefix."""
        return sum([len(chunk) async for chunk in self.blobs.list(prefix)])

    async def compact(self) -> None:
        """A blob is a file or an object of its own."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The rows of every collection.

    The drainer removes those of collections with this release's columns. A collection with others was left
    by an earlier release, or is written by one that still runs during an upgrade: its rows are removed here.
    """

    database: Database
    index: VectorIndex
    collections: OpenCollections
    name: str = "vectors"

    async def erase(self, tenant_id: str) -> int:
        """Wait until a tenant's vectors are removed, and remove those without an item; returns how many."""
        await self.collections.drop_retired()
        own, others = await self.collections.registered()
        found = await self.count(tenant_id)
        await self._drained(tenant_id, own)
        for collection in own:
            strays = [outbox.ItemKey(tenant_id, each) for each in await self._own_ids(collection, tenant_id)]
            await self.database.write(lambda session, of=collection, keys=strays: _delete(session, of, keys))  # type: ignore[misc]
        await self._drained(tenant_id, own)
        for collection in others:
            await self._delete_others(collection, await self._other_ids(collection, tenant_id))
        names = [collection.name for collection in own]
        await self.database.write(lambda session: erased.erase_outbox(session, tenant_id, names))
        return found

    async def erase_items(self, tenant_id: str, item_ids: Collection[str]) -> None:
        """Remove some items, which the database has no more. Raises Unavailable if that takes too long."""
        await self.collections.drop_retired()
        own, others = await self.collections.registered()
        await self._drained(tenant_id, own)
        for collection in others:
            held = await self._other_ids(collection, tenant_id)
            await self._delete_others(collection, held.intersection(item_ids))

    async def count(self, tenant_id: str) -> int:
        """How many rows are left in all collections."""
        return len(await self._ids(tenant_id))

    async def holds(self, tenant_id: str, item_ids: Collection[str]) -> int:
        """How many rows of some items are left in all collections."""
        return sum(item_id in item_ids for item_id in await self._ids(tenant_id))

    async def compact(self) -> None:
        """Take deleted rows out of the files of the vector store."""
        own, _ = await self.collections.registered()
        for collection in own:
            await asyncio.to_thread(self.index.compact, collection)

    async def _drained(self, tenant_id: str, own: Sequence[VectorCollection]) -> None:
        """Wait until what waits of a tenant is written. Raises Unavailable if that takes too long."""
        deadline_s, names = time.monotonic() + _DRAIN_S, [collection.name for collection in own]
        while await self.database.read(lambda session: erased.waits(session, tenant_id, names)):
            if time.monotonic() > deadline_s:
                raise Unavailable("vectors wait to be removed", reason="VECTOR_STORE_UNAVAILABLE")
            self.collections.wake_drainer()
            await asyncio.sleep(_PAUSE_S)

    async def _ids(self, tenant_id: str) -> list[str]:
        """The ids of a tenant's rows, once for each collection that has them."""
        own, others = await self.collections.registered()
        ids = [await self._own_ids(each, tenant_id) for each in own]
        ids += [await self._other_ids(each, tenant_id) for each in others]
        return [item_id for of_collection in ids for item_id in of_collection]

    async def _own_ids(self, collection: VectorCollection, tenant_id: str) -> set[str]:
        """The ids of a tenant's rows in all copies of a collection."""
        copies = await asyncio.to_thread(self.index.stored_rows, collection)
        return {item_id for rows in copies for (tenant, item_id), _ in rows if tenant == tenant_id}

    async def _other_ids(self, collection: VectorCollection, tenant_id: str) -> set[str]:
        return await asyncio.to_thread(self.index.other_rows, collection, tenant_id)

    async def _delete_others(self, collection: VectorCollection, item_ids: Collection[str]) -> None:
        await asyncio.to_thread(self.index.delete_others, collection, sorted(item_ids))


def _delete(session: Session, collection: VectorCollection, keys: list[outbox.ItemKey]) -> None:
    outbox.enqueue_for(session, collection.name, keys, "delete", now_us())
