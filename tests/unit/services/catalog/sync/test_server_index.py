"""The index of a server with its values in SQL; Milvus Lite behind a port stands for the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from milvus_lite.server_manager import server_manager_instance

from services.catalog.records.facet_values import delete_facet_values, read_facet_revisions
from services.catalog.sync.server_index import ServerIndex
from services.catalog.vectors.index import Differences
from services.catalog.vectors.predicates import EVERY_ROW, TextIn
from services.catalog.vectors.value_counts import CountedColumns, ValueCount
from services.sql.database import Database
from tests.unit.services.catalog.vectors.vector_rows import COLUMNS, SHELF, ListSource, direction, row

SECOND = [CountedColumns(("second",))]
ROWS = [row("a", direction(1), "red"), row("b", direction(1, 1), "red"), row("c", direction(0, 1), "blue")]


@pytest.fixture
async def index(database: Database, tmp_path: Path) -> AsyncIterator[ServerIndex]:
    """With three rows."""
    index = ServerIndex(
        server_manager_instance.start_and_get_uri(str(tmp_path / "m.db")) or "", COLUMNS, database
    )
    index.open()
    await asyncio.to_thread(index.open_collection, SHELF, ListSource())
    await asyncio.to_thread(index.upsert, SHELF, ROWS)
    yield index
    index.close()


async def test_values_are_counted_as_they_are_written_and_removed(index: ServerIndex) -> None:
    first = await asyncio.to_thread(index.count_values, SHELF, EVERY_ROW, SECOND, 9)
    assert first == [[ValueCount("red", 2, "a"), ValueCount("blue", 1, "c")]]
    await asyncio.to_thread(index.delete, SHELF, ["a"])
    mine = TextIn(("tenant_id",), ("t",))
    then = await asyncio.to_thread(index.count_values, SHELF, mine, SECOND, 9)
    assert then == [[ValueCount("blue", 1, "c"), ValueCount("red", 1, "b")]]
    assert await asyncio.to_thread(index.count, SHELF) == 2


async def test_values_that_are_lacking_or_left_over_are_told(index: ServerIndex, database: Database) -> None:
    await database.write(lambda session: delete_facet_values(session, SHELF.name, ["a"]))
    of_server, of_values = await asyncio.to_thread(index.stored_rows, SHELF)
    assert {key for key, _ in of_server} - {key for key, _ in of_values} == {("t", "a")}
    lacking = await asyncio.to_thread(index.open_collection, SHELF, ListSource(ROWS))
    assert lacking == Differences(outdated=(("t", "a"),))
    surplus = await asyncio.to_thread(index.open_collection, SHELF, ListSource())
    assert sorted(surplus.surplus) == [("t", "a"), ("t", "b"), ("t", "c")]


async def test_a_dropped_collection_has_no_values(index: ServerIndex, database: Database) -> None:
    await asyncio.to_thread(index.drop_collection, SHELF)
    assert await database.read(lambda session: read_facet_revisions(session, SHELF.name)) == {}
