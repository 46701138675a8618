"""The drainer: the only writer of the vector index. It makes vector rows follow SQL."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL, background_work
from domain.clock import MICROSECONDS, now_us
from domain.spans import TracedWork, untraced
from services.background.backoff import Backoff
from services.background.log_throttle import LogThrottle
from services.background.retry import repeat
from services.catalog.records import outbox
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import jobs_of_items
from services.catalog.records.searchable import count_live, read_searchable
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.leadership import Leadership
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import CollectionLost, VectorIndex
from services.catalog.vectors.row import VectorRow
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_UNWRITTEN_US = 3600 * MICROSECONDS
"""Rows that have waited for longer show that no process writes their collection."""


class Drainer:
    """Drains the outbox in batches: reads the current state from SQL, writes it, deletes the outbox rows.

    A small batch costs almost as much as a large one. So after a batch that was not full, the drainer pauses
    to let rows accumulate: the rows of one photo are written at once, those of many photos together.

    All steps are idempotent. A process has one drainer; of several processes with the same columns on one
    database, the leader drains.
    """

    def __init__(
        self,
        database: Database,
        index: VectorIndex,
        collections: OpenCollections,
        writer: RowWriter,
        job_events: JobEvents,
        leadership: Leadership,
        wake: asyncio.Event,
        *,
        batch_rows: int,
        pause_s: float,
        retry: Backoff,
        recheck_s: float,
        verify_s: float = 60.0,
        traced: TracedWork = untraced,
    ) -> None:
        self._database = database
        self._index = index
        self._collections = collections
        self._writer = writer
        self._job_events = job_events
        self._leadership = leadership
        self._wake = wake
        self._batch_rows = batch_rows
        self._pause_s = pause_s
        self._retry = retry
        self._recheck_s = recheck_s
        self._verify_s = verify_s
        self._traced = traced
        self._verify_at_s = time.monotonic() + verify_s
        self._filling: set[str] = set()
        self._throttle = LogThrottle()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="drain")

    @property
    def intact(self) -> bool:
        """False while a collection that somebody else dropped or changed is filled again."""
        return not self._filling

    async def close(self) -> None:
        """Wait for the write in progress."""
        await asyncio.to_thread(self._thread.shutdown)

    async def run(self) -> None:
        """Drain for ever; rests while there is nothing to do or another process leads.

        Once cancelled, it waits for the write in progress, whose calls have timeouts, and then lets another
        process lead.
        """
        try:
            await repeat(self._step, self._retry, self._log_failure)
        finally:
            await self._wait_for_write()
            await self._leadership.release()

    async def _wait_for_write(self) -> None:
        """Wait for the write in progress, which a cancelled call leaves running."""
        await asyncio.get_running_loop().run_in_executor(self._thread, _do_nothing)

    async def _step(self) -> None:
        """Drain one batch, or wait."""
        self._wake.clear()
        drained = await self._drain_or_refill() if await self._leadership.held() else 0
        if not drained:
            await _wait(self._wake, self._recheck_s)
        elif drained < self._batch_rows:
            await asyncio.sleep(self._pause_s)

    async def _drain_or_refill(self) -> int:
        """Drain one batch; a collection that was lost is compared with SQL, which queues what it lacks."""
        try:
            drained = await self.drain_batch()
            if not drained:
                self._log_filled()
                await self._verify_sometimes()
            return drained
        except CollectionLost as lost:
            _LOG.error("not ready: %s was dropped or changed outside; it is filled again from SQL", lost.name)
            self._filling.add(lost.name)
            await self._collections.reopen(lost.name)
            return self._batch_rows

    def _log_filled(self) -> None:
        for name in self._filling:
            _LOG.info("%s is filled again", name)
        self._filling.clear()

    async def _verify_sometimes(self) -> None:
        if self._index.shared and time.monotonic() >= self._verify_at_s:
            self._verify_at_s = time.monotonic() + self._verify_s
            await self.verify()

    async def verify(self) -> None:
        """Compare the number of rows of the collection that is searched with SQL, while nothing waits.

        Raises:
            CollectionLost: it has another number, or is not there.
        """
        if (collection := self._collections.current) is None:
            return
        expected = await self._database.read(lambda session: _expected_count(session, collection))
        count = partial(self._index.count, collection)
        stored = await asyncio.get_running_loop().run_in_executor(self._thread, count)
        if expected is not None and stored != expected:
            raise CollectionLost(collection.name)

    async def drain_batch(self) -> int:
        """Write the rows of one batch to the index; returns the number of its outbox rows."""
        due = await self._due_batch()
        if due is None:
            return 0
        batch, collection = due
        with background_work(self._traced, "drain"):
            return await self._drain(batch, collection)

    async def _drain(self, batch: outbox.Batch, collection: Collection | None) -> int:
        if collection is not None:
            with CURRENT_CALL.get().span("vectors write", **{"armoire.rows": len(batch.items)}):
                await asyncio.get_running_loop().run_in_executor(self._thread, self._write, collection, batch)
        jobs = await self._database.write(lambda session: _finish(session, batch))
        for tenant_id, job_id in jobs:
            self._job_events.publish(tenant_id, job_id)
        return len(batch.sequences)

    def _log_failure(self, error: Exception, _pause_s: float) -> None:
        self._throttle.warn(_LOG, "draining the outbox failed and is tried again", error=error)

    async def _due_batch(self) -> tuple[outbox.Batch, Collection | None] | None:
        """The oldest batch with its collection; None for a collection that SQL does not have.

        Rows of a collection with other columns are left to a process that has those columns, as there is
        during a rolling upgrade.
        """
        others: set[str] = set()
        while (batch := await self._oldest_batch(others)) is not None:
            collection = await self._collections.named(batch.collection)
            if collection is not None or not await self._is_left(batch):
                return batch, collection
            others.add(batch.collection)
        return None

    async def _is_left(self, batch: outbox.Batch) -> bool:
        """Whether rows of a collection with other columns stay, because a process may still write them.

        If none does, the collection is retired; otherwise rows of the columns before an upgrade would be
        queued for ever. An SQLite file has one process only.
        """
        if self._database.embedded or now_us() - batch.create_us > _UNWRITTEN_US:
            await self._collections.retire(batch.collection)
        return await self._collections.is_registered(batch.collection)

    async def _oldest_batch(self, except_of: set[str]) -> outbox.Batch | None:
        return await self._database.read(
            lambda session: outbox.read_batch(session, self._batch_rows, except_of)
        )

    def _write(self, collection: Collection, batch: outbox.Batch) -> None:
        rows = self._database.read_blocking(lambda session: self._read_rows(session, collection, batch))
        live = {row.id for row in rows}
        gone = [item.item_id for item in batch.items if item.item_id not in live]
        if rows:
            self._index.upsert(collection, rows)
        if gone:
            self._index.delete(collection, gone)

    def _read_rows(self, session: Session, collection: Collection, batch: outbox.Batch) -> list[VectorRow]:
        rows: list[VectorRow] = []
        for tenant_id in {item.tenant_id for item in batch.items}:
            ids = [item.item_id for item in batch.items if item.tenant_id == tenant_id]
            version, width = collection.version, collection.width
            rows += map(self._writer.row, read_searchable(session, tenant_id, ids, version, width))
        return rows


def _finish(session: Session, batch: outbox.Batch) -> set[tuple[str, str]]:
    outbox.delete_batch(session, batch)
    return jobs_of_items(session, batch.items)


def _expected_count(session: Session, collection: Collection) -> int | None:
    """The rows that the collection must have; None while some wait to be written."""
    if not outbox.is_empty(session):
        return None
    return count_live(session, collection.version, collection.width)


def _do_nothing() -> None: ...


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
