"""The collections this process has open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.types import ModelVersion
from services.catalog.clock import now_us
from services.catalog.records import outbox
from services.catalog.records.collections import read_collection, register_collection
from services.catalog.records.items import count_unseen, live_revisions
from services.catalog.sql.database import Database
from services.catalog.vectors.collection import Collection, collection_name, describe_version
from services.catalog.vectors.row import Columns
from services.catalog.vectors.store import VectorStore

_LOG = logging.getLogger(__name__)


class OpenCollections:
    """Opens a collection on its first use: creates it, and lets what differs from SQL follow."""

    def __init__(
        self, database: Database, vectors: VectorStore, columns: Columns, wake_drainer: Callable[[], None]
    ) -> None:
        self._database = database
        self._vectors = vectors
        self._columns = columns
        self._wake_drainer = wake_drainer
        self._opened: dict[tuple[ModelVersion, int], Collection] = {}
        self._current: Collection | None = None
        self._named: dict[str, Collection | None] = {}
        self._opening = asyncio.Lock()

    async def of(self, version: ModelVersion, width: int) -> Collection:
        """The collection that takes vectors of this version."""
        async with self._opening:
            if (version, width) not in self._opened:
                self._opened[version, width] = await self._open(version, width)
            collection = self._opened[version, width]
            if collection != self._current:
                await self._point_to(collection)
            return collection

    async def named(self, name: str) -> Collection | None:
        """The collection of that name, open; None where SQL or this taxonomy knows it no more."""
        async with self._opening:
            if name not in self._named:
                self._named[name] = await self._open_named(name)
            return self._named[name]

    async def _open(self, version: ModelVersion, width: int) -> Collection:
        collection = Collection(collection_name(version, width, self._columns.names), version, width)
        await self._vectors.ensure(collection)
        await self._point_to(collection)
        self._named[collection.name] = collection
        await self._reconcile(collection)
        await self._tell_of_unseen(collection)
        return collection

    async def _point_to(self, collection: Collection) -> None:
        """Let SQL know that this one is searched now."""

        def register(session: Session) -> None:
            register_collection(session, collection, now_us())

        try:
            await self._database.write(register)
        except IntegrityError:  # another process did so at the same time
            await self._database.write(register)
        self._current = collection

    async def _tell_of_unseen(self, collection: Collection) -> None:
        unseen = await self._database.read(lambda session: count_unseen(session, collection.version))
        if unseen:
            _LOG.warning(
                "%d items have no embedding of %s, which is served now: Search does not find them until "
                "their photos are indexed again",
                unseen,
                describe_version(collection.version),
            )

    async def _open_named(self, name: str) -> Collection | None:
        collection = await self._database.read(lambda session: read_collection(session, name))
        if collection is None:
            return None
        if name != collection_name(collection.version, collection.width, self._columns.names):
            return None
        await self._vectors.ensure(collection, searched=False)
        return collection

    async def _reconcile(self, collection: Collection) -> None:
        """Queue every item whose vector row is missing, out of date, or should not be there."""
        stored = await self._vectors.revisions(collection.name)
        wanted = await self._database.read(lambda session: live_revisions(session, collection.version))
        waiting = await self._database.read(lambda session: outbox.waiting_keys(session, collection.name))
        stale = [outbox.ItemKey(*key) for key, revision in wanted.items() if stored.get(key) != revision]
        extra = [outbox.ItemKey(*key) for key in stored.keys() - wanted.keys()]
        moment_us = now_us()

        def enqueue(session: Session) -> None:
            changes: tuple[tuple[outbox.Op, list[outbox.ItemKey]], ...] = (
                ("upsert", stale),
                ("delete", extra),
            )
            for op, keys in changes:
                due = [key for key in keys if key not in waiting]
                outbox.enqueue_for(session, collection.name, due, op, moment_us)

        if stale or extra:
            await self._database.write(enqueue)
        self._wake_drainer()
