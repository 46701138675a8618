"""The collections this process has open."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS, now_us
from domain.errors import Unavailable
from domain.types import ModelVersion
from services.background.log_throttle import LogThrottle
from services.catalog.analyzer import Analyzer
from services.catalog.records import outbox
from services.catalog.records.collections import (
    CURRENT,
    delete_version,
    forget_collection,
    is_retired,
    point_alias,
    read_aliases,
    read_collection,
    read_collections,
    read_retired,
    register_collection,
    retire_collection,
    retire_others,
)
from services.catalog.records.items import count_without_embedding
from services.catalog.records.searchable import count_live
from services.catalog.sync.collection_source import SqlSource
from services.catalog.sync.index_rows import RowWriter
from services.catalog.vectors.collection import Collection, collection_name, describe_version
from services.catalog.vectors.index import Differences, VectorIndex
from services.catalog.vectors.row import RowKey
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_WRITTEN_PAUSE_S = 0.1
_RETIRED_EVERY_S = 60.0
_DELETE_CHUNK = 1000


class OpenCollections:
    """Opens collections, follows which of them is searched, and queues their differences to SQL.

    SQL says which collection is searched and which other one is written. This process follows it every
    `follow_s`, and opens a collection before it searches there; a call takes `current` once and keeps it.
    """

    def __init__(
        self,
        database: Database,
        index: VectorIndex,
        writer: RowWriter,
        analyzer: Analyzer,
        wake_drainer: Callable[[], None],
        follow_s: float = 1.0,
    ) -> None:
        self._database = database
        self._index = index
        self._writer = writer
        self._analyzer = analyzer
        self.wake_drainer = wake_drainer
        self._follow_s = follow_s
        self._opened: dict[tuple[ModelVersion, int], Collection] = {}
        self._current: Collection | None = None
        self._named: dict[str, Collection] = {}
        self._held: tuple[str, ...] = ()
        self._followed: set[Collection] = set()
        self._opening = asyncio.Lock()
        self._throttle = LogThrottle()
        self._retired_at_s = 0.0

    @property
    def follow_s(self) -> float:
        """How long other processes may take to notice a change; 0 where there can be none."""
        return 0.0 if self._database.embedded else self._follow_s

    @property
    def current(self) -> Collection | None:
        """The collection that is searched now; None before the first is open."""
        return self._current

    async def searched(self) -> Collection:
        """The collection that is searched now. Raises Unavailable while none can be opened."""
        if self._current is None:
            await self.open_current()
        assert self._current is not None
        return self._current

    async def open_current(self) -> None:
        """Open the collection that is searched; at the first start, and as long as it is empty, the default
        embedder says which one that is.
        """
        aliases = await self._database.read(read_aliases)
        stored = aliases.get(CURRENT)
        if stored is None or (len(aliases) == 1 and await self._is_empty(stored)):
            default = await self._analyzer.embedder()
            collection = await self.of(default.version, default.width)
        else:
            collection = await self.of(stored.version, stored.width)
        if stored is None or stored.name != collection.name:  # new, or with the columns of another release
            await self._database.write(lambda session: point_alias(session, CURRENT, collection))
        await self.follow()
        await self._retire_left_over()
        await self._log_other_default()

    async def _is_empty(self, collection: Collection) -> bool:
        version, width = collection.version, collection.width
        return not await self._database.read(lambda session: count_live(session, version, width))

    async def follow(self) -> None:
        """Open what SQL names, search what it says, and hold the models of both."""
        aliases = await self._database.read(read_aliases)
        opened = {alias: await self.of(each.version, each.width) for alias, each in aliases.items()}
        for dropped in self._followed - set(opened.values()):
            await self._close(dropped)
        self._followed = set(opened.values())
        if CURRENT in opened and self._current != opened[CURRENT]:
            self._current = opened[CURRENT]
            _LOG.info("searches go to %s", self._current.name)
        held = tuple(sorted({each.version.model_version for each in opened.values()}))
        if held != self._held:
            await self._analyzer.hold(held)
            self._held = held

    async def run(self) -> None:
        """Follow SQL for ever, for what other processes change, and drop what is retired."""
        while True:
            await asyncio.sleep(self._follow_s)
            try:
                if self._current is not None and not self._database.embedded:
                    await self.follow()
                if time.monotonic() >= self._retired_at_s:
                    self._retired_at_s = time.monotonic() + _RETIRED_EVERY_S
                    await self.drop_retired(2 * self.follow_s)
            except Unavailable as error:
                self._throttle.warn(_LOG, "the collections cannot be looked after", error=error)

    async def until_written(self, name: str) -> None:
        """Wait until the rows that wait for a collection at the moment are written."""
        last = await self._database.read(lambda session: outbox.last_sequence(session, name))
        while await self._database.read(lambda session: outbox.waits(session, name, last)):
            self.wake_drainer()
            await asyncio.sleep(_WRITTEN_PAUSE_S)

    async def of(self, version: ModelVersion, width: int) -> Collection:
        """The collection for vectors of this version, open."""
        async with self._opening:
            if (version, width) not in self._opened:
                self._opened[version, width] = await self._open(version, width)
            return self._opened[version, width]

    async def named(self, name: str) -> Collection | None:
        """The collection of that name; None if SQL does not have it, or this process has other columns."""
        async with self._opening:
            if name not in self._named and (collection := await self._read_named(name)) is not None:
                self._named[name] = collection
            return self._named.get(name)

    async def reopen(self, name: str) -> None:
        """Compare a collection that others may have changed with SQL, and queue its differences."""
        collection = await self.named(name)
        async with self._opening:
            if collection is not None:
                await self._compare(collection)

    async def is_registered(self, name: str) -> bool:
        """Whether SQL has a collection of that name."""
        return await self._database.read(lambda session: read_collection(session, name)) is not None

    async def retire(self, name: str) -> None:
        """Let nothing be queued any more for a collection that nobody writes, unless an alias points to it.

        A process that opens it again compares it with SQL as it does any collection.
        """
        await self._database.write(lambda session: retire_collection(session, name, now_us()))

    async def drop_retired(self, min_age_s: float = 0.0) -> None:
        """Remove what was retired that long ago from the vector store, and from SQL with its embeddings."""
        before_us = now_us() - int(min_age_s * MICROSECONDS) + 1
        for collection in await self._database.read(lambda session: read_retired(session, before_us)):
            await self._drop_retired(collection)

    async def registered(self) -> tuple[list[Collection], list[Collection]]:
        """The collections with this process's columns, open, and those that only other releases can write."""
        own, others = list[Collection](), list[Collection]()
        for each in await self._database.read(read_collections):
            if each.name == self._name(each.version, each.width):
                own.append(await self.of(each.version, each.width))
            else:
                others.append(each)
        return own, others

    async def _retire_left_over(self) -> None:
        """Retire what neither an alias nor this process has, where no other process can have it open."""
        if not self._index.shared:
            names = [collection.name for collection in self._opened.values()]
            await self._database.write(lambda session: retire_others(session, names, now_us()))

    async def _drop_retired(self, collection: Collection) -> None:
        async with self._opening:
            if not await self._database.read(lambda session: is_retired(session, collection.name)):
                return  # it was opened again meanwhile
            await asyncio.to_thread(self._index.drop_collection, collection)
            self._opened.pop((collection.version, collection.width), None)
            self._named.pop(collection.name, None)
            while await self._database.write(
                lambda session: delete_version(session, collection.version, _DELETE_CHUNK)
            ):
                pass
            await self._database.write(lambda session: forget_collection(session, collection.name))
        _LOG.info("%s is no longer used, and was removed from the vector store", collection.name)

    async def _close(self, collection: Collection) -> None:
        """Forget a collection that was dropped, so that it is compared with SQL when it is opened again."""
        async with self._opening:
            self._opened.pop((collection.version, collection.width), None)
            self._named.pop(collection.name, None)

    async def _open(self, version: ModelVersion, width: int) -> Collection:
        """Open a collection. It is registered in SQL before its rows are read, so later writes are queued."""
        collection = Collection(self._name(version, width), version, width)
        await self._register(collection)
        await self._compare(collection)
        self._named[collection.name] = collection
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

    async def _register(self, collection: Collection) -> None:
        def register(session: Session) -> None:
            register_collection(session, collection, now_us())

        try:
            await self._database.write(register)
        except IntegrityError:  # another process did so at the same time
            await self._database.write(register)

    async def _log_other_default(self) -> None:
        """Say that the catalogue does not search with the default embedder."""
        collection, default = await self.searched(), (await self._analyzer.embedder()).version
        if default != collection.version:
            missing = await self._database.read(lambda session: count_without_embedding(session, default))
            _LOG.warning(
                "the catalogue searches with %s; %d items have no embedding of the default embedder %s: "
                "a back-fill changes over to it",
                describe_version(collection.version),
                missing,
                describe_version(default),
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
