"""Stores that end, or hold everybody up, while the catalogue runs: what it answers, and that it goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from milvus_lite.db import MilvusLite
from sqlalchemy import create_engine, make_url, text

from demo.server import free_port
from domain.errors import Unavailable
from domain.types import DEFAULT_PRINCIPAL
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.jobs import JobState
from services.catalog.search.query import TextQuery
from services.catalog.vectors.lite_server import _server
from services.sql import database
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import end_of, found_ids, index


class PortOfMilvus:
    """Milvus behind a port that can be closed: Milvus Lite's servicer stands for a server."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._port = free_port()
        self._closing = ExitStack()
        self.uri = f"http://127.0.0.1:{self._port}"

    def open(self) -> None:
        files = MilvusLite(str(self._files))
        self._closing.callback(files.close)
        server = _server(files)
        server.add_insecure_port(f"127.0.0.1:{self._port}")
        server.start()
        self._closing.callback(lambda: server.stop(None).wait())

    def close(self) -> None:
        self._closing.close()


@pytest.fixture
async def running(options: CatalogOptions) -> AsyncIterator[list[Catalog]]:
    """Catalogues that a test has started, which are stopped after it."""
    started: list[Catalog] = []
    yield started
    for catalog in started:
        await catalog.stop()


async def started(options: CatalogOptions, running: list[Catalog]) -> Catalog:
    catalog = Catalog(options, FakeAnalyzer(), TAXONOMY)
    await catalog.start()
    running.append(catalog)
    await catalog.wait_until_ready()
    return catalog


async def test_milvus_ends_and_comes_back(
    options: CatalogOptions, tmp_path: Path, running: list[Catalog]
) -> None:
    milvus = PortOfMilvus(tmp_path / "server.db")
    milvus.open()
    catalog = await started(replace(options, milvus_uri=milvus.uri), running)
    before = await index(catalog, IndexRequest(photo(1)))
    milvus.close()
    with pytest.raises(Unavailable) as caught:
        await found_ids(catalog, TextQuery("x"))
    assert caught.value.reason == "VECTOR_STORE_UNAVAILABLE"
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(2)))
    milvus.open()
    after = await end_of(catalog, job.id)
    assert after.searchable
    ids = {item.item_id for each in (before, after) for item in each.items}
    assert set(await found_ids(catalog, TextQuery("x"))) == ids
    running.remove(catalog)
    await catalog.stop()
    milvus.close()


async def test_postgresql_ends_and_comes_back(
    options: CatalogOptions, postgres_server: str, postgres_url: str, running: list[Catalog]
) -> None:
    """It ends all connections to the database and accepts no more, as a server does that shuts down."""
    name = make_url(postgres_url).database
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")

    def accept(accepts: bool) -> None:
        with engine.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {accepts}"))
            ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            connection.execute(text(ending), {"name": name})

    catalog = await started(replace(options, database_url=postgres_url, recheck_s=0.05), running)
    jobs = [await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(seed))) for seed in range(2)]
    accept(False)
    with pytest.raises(Unavailable) as caught:
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(9)))
    assert caught.value.reason == "DATABASE_UNAVAILABLE"
    accept(True)
    engine.dispose()
    for job in jobs:
        ended = await end_of(catalog, job.id)
        assert (ended.state, ended.searchable) == (JobState.COMPLETE, True)


@pytest.mark.embedded("locks SQLite's file")
async def test_another_program_locks_the_file_of_the_database(
    options: CatalogOptions, tmp_path: Path, running: list[Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 50)
    catalog = await started(options, running)
    with sqlite3.connect(tmp_path / "catalog.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable) as caught:
            await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
        assert caught.value.reason == "DATABASE_BUSY"
        other.execute("ROLLBACK")
    other.close()
    assert (await index(catalog, IndexRequest(photo(1)))).searchable
