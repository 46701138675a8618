"""The drainer on a real database, with a vector index that only notes what is written to it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.taxonomy import Taxonomy
from domain.types import FloatArray, ModelVersion
from services.background.backoff import Backoff
from services.catalog.records import outbox
from services.catalog.records.collections import CURRENT, is_retired, point_alias, register_collection
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import read_job
from services.catalog.sql.tables import OutboxRow
from services.catalog.sync.drainer import Drainer
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.leadership import Leadership
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import CollectionLost, CollectionSource, Differences
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row import VectorHit, VectorRow
from services.sql.database import Database
from tests.integration.catalog.fake_analyzer import FakeAnalyzer
from tests.turns import turn
from tests.unit.services.catalog.rows import VERSION, add_items, add_job

WIDTH = 4
TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
FEWER_COLUMNS = replace(TAXONOMY, attributes=TAXONOMY.attributes[:-1])


class NotedIndex:
    """Notes the ids it is given, by collection; a write waits for `may_write`."""

    shared = True

    def __init__(self) -> None:
        self.ids: dict[str, set[str]] = {}
        self.lost = False
        self.may_write = threading.Event()
        self.may_write.set()
        self.entered = threading.Event()
        self.events: list[str] = []

    def open(self) -> None: ...

    def close(self) -> None: ...

    def open_collection(self, collection: Collection, source: CollectionSource) -> Differences:
        self.lost = False
        return Differences(tuple(source.revisions()))

    def upsert(self, collection: Collection, rows: Sequence[VectorRow]) -> None:
        self.entered.set()
        if self.lost:
            raise CollectionLost(collection.name)
        assert self.may_write.wait(60)
        self.ids.setdefault(collection.name, set()).update(row.id for row in rows)
        self.events.append("written")

    def drop_collection(self, collection: Collection) -> None:
        self.ids.pop(collection.name, None)

    def count(self, collection: Collection) -> int:
        return len(self.ids.get(collection.name, ()))

    def delete(self, collection: Collection, item_ids: Sequence[str]) -> None:
        self.ids.get(collection.name, set()).difference_update(item_ids)

    def search(
        self, collection: Collection, vectors: Sequence[FloatArray], predicate: Predicate, max_hits: int
    ) -> list[list[VectorHit]]:
        return [[] for _ in vectors]


class Process:
    """The part of a catalogue that keeps the vector index equal to SQL."""

    def __init__(self, database: Database, index: NotedIndex, taxonomy: Taxonomy) -> None:
        self.wake = asyncio.Event()
        writer = RowWriter(taxonomy)
        self.leadership = Leadership(database.url, writer.columns.names)
        self.collections = OpenCollections(database, index, writer, FakeAnalyzer(VERSION), self.wake.set)
        self.drainer = Drainer(
            database,
            index,
            self.collections,
            writer,
            JobEvents(),
            self.leadership,
            self.wake,
            batch_rows=2,
            pause_s=0.0,
            retry=Backoff(0.01, 30.0),
            recheck_s=60.0,
        )

    async def drain(self) -> None:
        """Drain until nothing is left that this process takes."""
        while await self.drainer.drain_batch():
            pass


async def add(database: Database, count: int, queued_us: int = 1) -> set[str]:
    """Items of one photo, queued for every collection of their version; returns their ids."""

    def fill(session: Session) -> list[str]:
        ids = add_items(session, read_job(session, "t", add_job(session, 1)).image_id, count)
        session.execute(update(OutboxRow).where(OutboxRow.item_id.in_(ids)).values(create_us=queued_us))
        return ids

    return set(await database.write(fill))


async def waiting(database: Database, collection: Collection) -> set[str]:
    keys = await database.read(lambda session: outbox.waiting_keys(session, collection.name))
    return {key.item_id for key in keys}


async def test_rows_that_only_another_process_can_write_are_left_to_it(database: Database) -> None:
    index = NotedIndex()
    old, new = Process(database, index, FEWER_COLUMNS), Process(database, index, TAXONOMY)
    earlier = await old.collections.of(VERSION, WIDTH)
    ids = await add(database, 3)
    later = await new.collections.of(VERSION, WIDTH)  # queues all three rows for itself
    await database.write(lambda session: point_alias(session, CURRENT, later))
    assert later.name != earlier.name
    await old.drain()
    assert index.ids == {earlier.name: ids}
    more = await add(database, 3)
    await old.drain()
    assert index.ids == {earlier.name: ids | more}, "rows left before them do not keep them waiting"
    assert await waiting(database, later) == ids | more
    await new.drain()
    assert index.ids[later.name] == ids | more
    await asyncio.gather(old.drainer.close(), new.drainer.close())


@ON_POSTGRESQL
async def test_rows_of_the_columns_before_an_upgrade_are_left_to_those_who_have_them(
    database: Database,
) -> None:
    index = NotedIndex()
    old, new = Process(database, index, FEWER_COLUMNS), Process(database, index, TAXONOMY)
    earlier = await old.collections.of(VERSION, WIDTH)
    later = await new.collections.of(VERSION, WIDTH)
    ids = await add(database, 3, queued_us=now_us())
    await new.drain()
    assert index.ids == {later.name: ids}
    await old.drain()
    assert index.ids == {later.name: ids, earlier.name: ids}
    await asyncio.gather(old.drainer.close(), new.drainer.close())


async def test_a_collection_that_nobody_writes_is_retired_and_its_rows_dropped(database: Database) -> None:
    index = NotedIndex()
    old, new = Process(database, index, FEWER_COLUMNS), Process(database, index, TAXONOMY)
    earlier = await old.collections.of(VERSION, WIDTH)
    later = await new.collections.of(VERSION, WIDTH)
    ids = await add(database, 3)  # in 1970
    await new.drain()
    assert index.ids == {later.name: ids}
    assert await waiting(database, earlier) == set()
    assert not await new.collections.is_registered(earlier.name)
    await add(database, 3)
    assert await waiting(database, earlier) == set(), "nothing is queued for it any more"
    index.ids[earlier.name] = ids
    await new.collections.drop_retired(min_age_s=3600.0)
    assert earlier.name in index.ids, "another process may write it for a moment longer"
    await new.collections.drop_retired()
    assert index.ids == {later.name: ids}
    assert not await database.read(lambda session: is_retired(session, earlier.name))
    await asyncio.gather(old.drainer.close(), new.drainer.close())


async def test_rows_of_a_collection_that_sql_does_not_have_are_dropped(database: Database) -> None:
    process = Process(database, NotedIndex(), TAXONOMY)
    unknown = Collection("unknown", ModelVersion("model-9", "square-1"), WIDTH)
    await database.write(
        lambda session: outbox.enqueue_for(session, unknown.name, [outbox.ItemKey("t", "a")], "upsert", 1)
    )
    await process.drain()
    assert await waiting(database, unknown) == set()
    await process.drainer.close()


async def test_a_collection_that_sql_has_again_is_written(database: Database) -> None:
    index = NotedIndex()
    process = Process(database, index, TAXONOMY)
    name = process.collections._name(VERSION, WIDTH)
    assert await process.collections.named(name) is None
    collection = Collection(name, VERSION, WIDTH)
    await database.write(lambda session: register_collection(session, collection, 1))
    assert await process.collections.named(name) == collection
    await process.drainer.close()


async def test_another_process_leads_only_after_the_write_in_progress(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = NotedIndex()
    process = Process(database, index, TAXONOMY)
    await process.collections.of(VERSION, WIDTH)
    await add(database, 1)
    release = process.leadership.release

    async def note_release() -> None:
        index.events.append("released")
        await release()

    monkeypatch.setattr(process.leadership, "release", note_release)
    index.may_write.clear()
    draining = asyncio.create_task(process.drainer.run())
    await asyncio.to_thread(index.entered.wait)
    draining.cancel()
    for _ in range(9):  # turns enough to release, if nothing were waited for
        await turn()
    assert index.events == []
    index.may_write.set()
    with suppress(asyncio.CancelledError):
        await draining
    assert index.events == ["written", "released"]
    await process.drainer.close()


async def test_a_lost_collection_is_filled_from_sql_and_not_intact_until_then(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    index = NotedIndex()
    process = Process(database, index, TAXONOMY)
    collection = await process.collections.of(VERSION, WIDTH)
    ids = await add(database, 3)
    await process.drain()
    index.ids.clear()
    index.lost = True
    ids |= await add(database, 1)
    await process.drainer._drain_or_refill()
    assert not process.drainer.intact
    while await process.drainer._drain_or_refill():
        assert not process.drainer.intact
    assert process.drainer.intact
    assert index.ids == {collection.name: ids}
    assert caplog.text.count("was dropped or changed outside; it is filled again from SQL") == 1
    await process.drainer.close()


async def test_rows_that_others_removed_are_noticed_by_their_number(database: Database) -> None:
    index = NotedIndex()
    process = Process(database, index, TAXONOMY)
    collection = await process.collections.of(VERSION, WIDTH)
    await database.write(lambda session: point_alias(session, CURRENT, collection))
    await process.collections.follow()
    ids = await add(database, 3)
    await process.drainer.verify()  # which finds no fault while rows wait
    await process.drain()
    await process.drainer.verify()
    index.ids[collection.name].pop()
    process.drainer._verify_at_s = 0.0
    while await process.drainer._drain_or_refill():
        assert not process.drainer.intact
    assert index.ids == {collection.name: ids}
    await process.drainer.close()
