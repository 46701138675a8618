"""The drainer: the only writer of the vector store. It makes vector rows follow SQL."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.orm import Session

from services.catalog.records import outbox
from services.catalog.records.items import read_embeddings, read_items
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import jobs_of_items
from services.catalog.sql.database import Database
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.leadership import Leadership
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.row import VectorRow
from services.catalog.vectors.store import VectorStore

_LOG = logging.getLogger(__name__)


class Drainer:
    """Takes outbox rows in batches: reads what SQL says now, writes that, then deletes those rows.

    A batch costs much the same whatever its size, so after each one the drainer lets rows gather: a lone
    photo is brought over at once, many come together.

    Whatever of this is done twice has the same end. One process runs one drainer; of several processes on one
    database the leading one drains.
    """

    def __init__(
        self,
        database: Database,
        vectors: VectorStore,
        collections: OpenCollections,
        writer: RowWriter,
        job_events: JobEvents,
        leadership: Leadership,
        wake: asyncio.Event,
        *,
        batch_rows: int,
        pause_s: float,
        retry_s: float,
        retry_max_s: float,
        sweep_s: float,
    ) -> None:
        self._database = database
        self._vectors = vectors
        self._collections = collections
        self._writer = writer
        self._job_events = job_events
        self._leadership = leadership
        self._wake = wake
        self._batch_rows = batch_rows
        self._pause_s = pause_s
        self._retry_s = retry_s
        self._retry_max_s = retry_max_s
        self._sweep_s = sweep_s

    async def run(self) -> None:
        """Drain for ever; rests while there is nothing to do or another process leads."""
        try:
            await self._run()
        finally:
            await self._leadership.release()

    async def _run(self) -> None:
        delay_s = self._retry_s
        while True:
            self._wake.clear()
            try:
                while await self._leadership.held() and await self.drain_batch():
                    delay_s = self._retry_s
                    await asyncio.sleep(self._pause_s)
                await _wait(self._wake, self._sweep_s)
            except Exception as error:
                _LOG.warning("draining the outbox failed; next try in %.1f s", delay_s, exc_info=error)
                await asyncio.sleep(delay_s)
                delay_s = min(2 * delay_s, self._retry_max_s)

    async def drain_batch(self) -> bool:
        """Bring one batch over; False where there was none."""
        batch = await self._database.read(lambda session: outbox.read_batch(session, self._batch_rows))
        if batch is None:
            return False
        collection = await self._collections.named(batch.collection)
        if collection is not None:
            await self._bring_over(collection, batch)
        jobs = await self._database.write(lambda session: _finish(session, batch))
        for tenant_id, job_id in jobs:
            self._job_events.publish(tenant_id, job_id)
        return True

    async def _bring_over(self, collection: Collection, batch: outbox.Batch) -> None:
        rows = await self._database.read(lambda session: self._read_rows(session, collection, batch))
        live = {row.id for row in rows}
        gone = [item.item_id for item in batch.items if item.item_id not in live]
        if rows:
            await self._vectors.upsert(collection, rows)
        if gone:
            await self._vectors.delete(collection, gone)

    def _read_rows(self, session: Session, collection: Collection, batch: outbox.Batch) -> list[VectorRow]:
        rows: list[VectorRow] = []
        for tenant_id in {item.tenant_id for item in batch.items}:
            ids = [item.item_id for item in batch.items if item.tenant_id == tenant_id]
            stored = read_items(session, tenant_id, ids, collection.version)
            vectors = read_embeddings(session, tenant_id, list(stored), collection.version)
            rows += [self._writer.row(tenant_id, stored[id], vectors[id]) for id in stored if id in vectors]
        return rows


def _finish(session: Session, batch: outbox.Batch) -> set[tuple[str, str]]:
    outbox.delete_batch(session, batch)
    return jobs_of_items(session, batch.items)


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
