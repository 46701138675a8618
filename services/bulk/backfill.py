"""Back-fills on several machines: the nodes share the photos that a collection lacks."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from domain.errors import FailedPrecondition
from domain.taxonomy import Taxonomy
from services.access.settings import Settings as TenantSettings
from services.access.sql.access_database import access_database
from services.audit.trail import AuditTrail
from services.bulk.models import open_models, patiently, with_embedder
from services.bulk.shard import ShardResult
from services.catalog.blobs.store import BlobStore
from services.catalog.collection_analyzer import CollectionAnalyzer
from services.catalog.indexing.item_descriptions import ItemDescriptions
from services.catalog.operations.photo_fill import PhotoFill
from services.catalog.operations.photo_walk import Outcome
from services.catalog.options import CatalogOptions
from services.catalog.records.backfill import PhotoRange, missing_in, missing_ranges
from services.catalog.records.collections import NEXT, read_aliases
from services.catalog.records.indexed_photos import ImageKey
from services.catalog.sql.catalog_database import catalog_database
from services.catalog.vectors.collection import Collection
from services.host.composition import access_options, catalog_options, require_shared_stores
from services.sql.database import Database
from settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class BackfillWork:
    """Fills the collection that `armoire backfill start` has begun, beside that operation.

    The operation finds less to do, compares the collections at its end, and swaps them. Photos are worked on
    from the newest to the oldest, the other way round than it does. A photo is one transaction.

    Attributes:
        embedder: the model of that collection, by folder, name or tag.
        in_flight: photos that one process works on at a time.
    """

    embedder: str
    in_flight: int = 16

    async def shards(self, photos: int) -> Sequence[PhotoRange]:
        """The photos that the collection lacks.

        Raises:
            FailedPrecondition: no collection is being filled, or the stores are those of one process.
            Unavailable: the database cannot be reached.
        """
        async with AsyncExitStack() as closing:
            database = await _opened(catalog_database(_options(load_settings()).database_url), closing)
            collection = await _filled(database)
            ranges = await database.read(lambda session: missing_ranges(session, collection.version, photos))
        return ranges[::-1]

    async def open(self) -> FillingNode:
        """See `BulkWork.open`."""
        async with AsyncExitStack() as closing:
            return await self._open(closing)

    async def _open(self, closing: AsyncExitStack) -> FillingNode:
        settings = with_embedder(load_settings(), self.embedder)
        options, taxonomy = _options(settings), Taxonomy.load(settings.taxonomy)
        database = await _opened(catalog_database(options.database_url), closing)
        collection = await _filled(database)
        access = await _opened(access_database(access_options(settings, ()).database_url), closing)
        tenants = TenantSettings(access, AuditTrail(access), taxonomy)
        analyzer = await open_models(settings, taxonomy, closing)
        served = (await analyzer.embedder()).version
        if served.model_version != collection.version.model_version:
            raise FailedPrecondition(
                f"the collection that is being filled is of {collection.version.model_version}, and "
                f"--embedder names {served.model_version}"
            )
        descriptions = ItemDescriptions(CollectionAnalyzer(analyzer), tenants.taxonomy)
        blobs = BlobStore(options.blob_url, instance_role=options.s3_instance_role, keys=options.s3_keys)
        photos = PhotoFill(database, blobs, descriptions, _leave_to_the_drainer)
        room = asyncio.Semaphore(self.in_flight)
        return FillingNode(database, collection, photos, tenants, room, closing.pop_all())


@dataclass(frozen=True, slots=True)
class FillingNode:
    """Fills a collection with the models of this process."""

    database: Database
    collection: Collection
    photos: PhotoFill
    tenants: TenantSettings
    room: asyncio.Semaphore
    closing: AsyncExitStack

    async def close(self) -> None:
        await self.closing.aclose()

    async def work(self, photos: PhotoRange) -> ShardResult:
        """Fill what the collection lacks of a range."""
        begun_s, version = time.monotonic(), self.collection.version
        await patiently(partial(self.tenants.refresh, prepare=False))
        keys = await patiently(
            lambda: self.database.read(lambda session: missing_in(session, version, photos))
        )
        outcomes = await asyncio.gather(*map(self._fill, keys))
        return ShardResult(
            outcomes.count(Outcome.DONE),
            outcomes.count(Outcome.FAILED),
            outcomes.count(Outcome.CHANGED),
            socket.gethostname(),
            time.monotonic() - begun_s,
        )

    async def _fill(self, key: ImageKey) -> Outcome:
        async with self.room:
            return await patiently(partial(self.photos.fill, self.collection, key))


def _options(settings: Settings) -> CatalogOptions:
    """Raises FailedPrecondition: the stores are those of one process."""
    require_shared_stores(settings, "a back-fill on several machines")
    return catalog_options(settings)


async def _filled(database: Database) -> Collection:
    """The collection that is being filled. Raises FailedPrecondition where there is none."""
    collection = (await database.read(read_aliases)).get(NEXT)
    if collection is None:
        raise FailedPrecondition("no collection is being filled: `armoire backfill start` begins one")
    return collection


async def _opened(database: Database, closing: AsyncExitStack) -> Database:
    await database.open()
    closing.push_async_callback(database.close)
    return database


def _leave_to_the_drainer() -> None:
    """It belongs to a server, which looks for rows by itself every few seconds."""
