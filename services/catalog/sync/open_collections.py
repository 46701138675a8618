"""The collections this process has open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.types import ModelVersion
from services.catalog.records import outbox
from services.catalog.records.collections import forget_collection, read_collection, register_collection
from services.catalog.records.items import count_without_embedding
from services.catalog.sync.collection_source import SqlSource
from services.catalog.sync.index_rows import RowWriter
from services.catalog.vectors.collection import Collection, collection_name, describe_version
from services.catalog.vectors.index import Differences, VectorIndex
from services.catalog.vectors.row import RowKey
from services.sql.database import Database

_LOG = logging.getLogger(__name__)


class OpenCollections:
    """Opens collections on first use, and queues their differences to SQL."""

    def __init__(
        self, database: Database, index: VectorIndex, writer: RowWriter, wake_drainer: Callable[[], None]
    ) -> None:
        self._database = database
        self._index = index
        self._writer = writer
        self.wake_drainer = wake_drainer
        self._opened: dict[tuple[ModelVersion, int], Collection] = {}
        self._current: Collection | None = None
        self._named: dict[str, Collection] = {}
        self._opening = asyncio.Lock()

    async def of(self, version: ModelVersion, width: int) -> Collection:
        """The collection for vectors of this version."""
        async with self._opening:
            if (version, width) not in self._opened:
                self._opened[version, width] = await self._open(version, width)
            collection = self._opened[version, width]
            if collection != self._current:
                await self._point_to(collection)
            return collection

    async def named(self, name: str) -> Collection | None:
        """The collection of that name; None if SQL does not have it, or this process has other columns."""
        async with self._opening:
            if name not in self._named and (collection := await self._read_named(name)) is not None:
                self._named[name] = collection
            return self._named.get(name)

    @property
    def current(self) -> Collection | None:
        """The collection that is searched now; None before the first is open."""
        return self._current

    async def reopen(self, name: str) -> None:
        """Compare a collection that others may have changed with SQL, and queue its differences."""
        collection = await self.named(name)
        async with self._opening:
            if collection is not None:
                await self._compare(collection)

    async def is_registered(self, name: str) -> bool:
        """Whether SQL has a collection of that name."""
        return await self._database.read(lambda session: read_collection(session, name)) is not None

    async def forget(self, name: str) -> None:
        """Remove a collection from SQL that nobody writes, unless it is the one that is searched now.

        A process that opens it again compares it with SQL as it does any collection.
        """
        await self._database.write(lambda session: forget_collection(session, name))

    async def _open(self, version: ModelVersion, width: int) -> Collection:
        """Open a collection. It is registered in SQL before its rows are read, so later writes are queued."""
        collection = Collection(self._name(version, width), version, width)
        await self._point_to(collection)
        await self._compare(collection)
        self._named[collection.name] = collection
        await self._log_missing_embeddings(collection)
        return collection

    async def _compare(self, collection: Collection) -> None:
        differences = await self._database.read(
            lambda session: self._index.open_collection(
                collection, SqlSource(session, collection, self._writer)
            )
        )
        await self._queue(collection, differences)

    def _name(self, version: ModelVersion, width: int) -> str:
        return collection_name(version, width, self._writer.columns.names)

    async def _point_to(self, collection: Collection) -> None:
        """Record in SQL that this collection is searched now."""

        def register(session: Session) -> None:
            register_collection(session, collection, now_us())

        try:
            await self._database.write(register)
        except IntegrityError:  # another process did so at the same time
            await self._database.write(register)
        self._current = collection

    async def _log_missing_embeddings(self, collection: Collection) -> None:
        missing = await self._database.read(
            lambda session: count_without_embedding(session, collection.version)
        )
        if missing:
            _LOG.warning(
                "%d items have no embedding of %s, which is served now: Search does not find them until "
                "their photos are indexed again",
                missing,
                describe_version(collection.version),
            )

    async def _read_named(self, name: str) -> Collection | None:
        collection = await self._database.read(lambda session: read_collection(session, name))
        if collection is None or name != self._name(collection.version, collection.width):
            return None
        return collection

    async def _queue(self, collection: Collection, differences: Differences) -> None:
        """Queue the differences for the drainer, except rows that are queued already."""
        changes: tuple[tuple[outbox.Op, tuple[RowKey, ...]], ...] = (
            ("upsert", differences.outdated),
            ("delete", differences.surplus),
        )
        moment_us = now_us()

        def enqueue(session: Session) -> None:
            waiting = outbox.waiting_keys(session, collection.name)
            for op, keys in changes:
                due = [key for key in (outbox.ItemKey(*key) for key in keys) if key not in waiting]
                outbox.enqueue_for(session, collection.name, due, op, moment_us)

        if differences.outdated or differences.surplus:
            await self._database.write(enqueue)
        self.wake_drainer()
