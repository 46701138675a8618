"""After things went wrong outside: lost vectors, stray vectors, orphan blobs, a store that fails."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.clock import MICROSECONDS, now_us
from domain.errors import FailedPrecondition, Unavailable
from domain.types import DEFAULT_PRINCIPAL, ModelVersion
from services.catalog.blobs.ownership import MARKER, Ownership
from services.catalog.blobs.store import BlobStore
from services.catalog.blobs.sweeper import Sweeper, SweepOptions
from services.catalog.catalog import Catalog
from services.catalog.ids import IdSource
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.search.query import TextQuery
from services.catalog.sql.catalog_database import catalog_database
from services.catalog.sync.drainer import Drainer
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.row import VectorRow
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import (
    OTHER,
    collection_of,
    end_of,
    found_ids,
    index,
    is_any,
    milvus,
    milvus_rows,
    old_row,
    stored_keys,
)

ROOT = Path(__file__).parents[3]
OLD = datetime.now(UTC) + timedelta(days=1)


async def item_ids(catalog: Catalog) -> set[str]:
    return {item.id for item in (await catalog.items.list(DEFAULT_PRINCIPAL, 200)).entries}


async def drained(catalog: Catalog) -> None:
    """Return once what was queued before is in the vector store."""
    await index(catalog, IndexRequest(photo(999)), OTHER)


async def test_a_lost_vector_file_is_rebuilt_from_sql(
    build: Callable[[], Catalog], options: CatalogOptions, tmp_path: Path
) -> None:
    first = build()
    await first.start()
    for seed in range(3):
        await index(first, IndexRequest(photo(seed)))
    ids = await item_ids(first)
    await first.stop()
    moved = CatalogOptions(
        options.database_url, options.blob_url, str(tmp_path / "new.db"), recheck_s=options.recheck_s
    )
    second = Catalog(moved, FakeAnalyzer(), first._taxonomy)
    await second.start()
    await second.wait_until_ready()
    await drained(second)
    assert set(await found_ids(second, TextQuery("x"), top_k=100)) == ids
    await second.stop()


@pytest.mark.parametrize("kind", ["file", "server"])
async def test_a_start_repairs_missing_stray_and_stale_vectors(
    request: pytest.FixtureRequest, analyzer: FakeAnalyzer, kind: str
) -> None:
    options: CatalogOptions = request.getfixturevalue("options" if kind == "file" else "server_options")
    first = Catalog(options, analyzer, TAXONOMY)
    await first.start()
    for seed in range(3):
        await index(first, IndexRequest(photo(seed), product=ProductDraft("Coat", brand="Acme")))
    ids = await item_ids(first)
    await first.stop()
    tamper(options, analyzer.served)

    second = Catalog(options, analyzer, TAXONOMY)
    await second.start()
    await second.wait_until_ready()
    await drained(second)
    assert set(await found_ids(second, TextQuery("x"), is_any("brand", "acme"), top_k=100)) == ids
    await second.stop()
    found = milvus_rows(options, analyzer.served)
    assert {id for tenant, id in found if tenant == "default"} == ids
    assert "old" not in found.values()


def tamper(options: CatalogOptions, version: ModelVersion) -> None:
    """As after a crash, one row of Milvus' is lost, one is old, and one should not be there."""
    Path(f"{options.milvus_uri}.synced").unlink(missing_ok=True)
    collection = collection_of(version)
    with milvus(options) as vectors:
        missing, stale = sorted(id for _, id in vectors.revisions(collection))[:2]
        vectors.delete(collection, [missing])
        vectors.upsert(collection, [old_row(stale), old_row("stray")])


@pytest.mark.parametrize("kind", ["file", "server"])
async def test_a_start_with_nothing_to_repair_queues_nothing(
    request: pytest.FixtureRequest, analyzer: FakeAnalyzer, kind: str
) -> None:
    options: CatalogOptions = request.getfixturevalue("options" if kind == "file" else "server_options")
    first = Catalog(options, analyzer, TAXONOMY)
    await first.start()
    job = await index(first, IndexRequest(photo(1), product=ProductDraft("Coat")))
    await first.products.update(DEFAULT_PRINCIPAL, ProductKey(job.product_id), ProductDraft("Jacket"))
    await drained(first)
    await first.stop()

    second = Catalog(options, analyzer, TAXONOMY)
    await second._database.open()
    await asyncio.to_thread(second._index.open)
    await second._collections.of(ModelVersion("fake-embedder-1", "square-1"), 16)
    count = await second._database.read(lambda s: s.execute(text("SELECT count(*) FROM outbox")).scalar_one())
    assert count == 0
    await second.stop()


async def test_a_failing_vector_store_delays_but_loses_nothing(
    server_options: CatalogOptions, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [3]
    upsert = MilvusIndex.upsert

    def flaky(self: MilvusIndex, collection: Collection, rows: Sequence[VectorRow]) -> None:
        failures[0] -= 1
        if failures[0] >= 0:
            raise Unavailable("the vector store cannot answer")
        upsert(self, collection, rows)

    monkeypatch.setattr(MilvusIndex, "upsert", flaky)
    catalog = Catalog(server_options, analyzer, TAXONOMY)
    await catalog.start()
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    ended = await end_of(catalog, job.id)
    assert ended.searchable
    assert failures[0] == -1
    assert set(await found_ids(catalog, TextQuery("x"))) == {item.item_id for item in ended.items}
    await catalog.stop()


OPEN_TOO = """
import asyncio, sys
from pathlib import Path
from domain.errors import Unavailable
from services.catalog.sql.catalog_database import catalog_database
from services.sql.database import Database
from services.catalog.vectors.flat_index import FlatIndex
from services.catalog.vectors.row import Columns
try:
    if sys.argv[1] == "database":
        asyncio.run(catalog_database(sys.argv[2]).open())
    else:
        FlatIndex(Path(sys.argv[2]), Columns((), (), ())).open()
except Unavailable as error:
    print(error.message)
"""


@pytest.mark.embedded("several processes may use the servers")
async def test_a_second_process_is_kept_out(catalog: Catalog, options: CatalogOptions) -> None:
    async def open_too(store: str, url: str) -> str:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPEN_TOO, store, url, cwd=ROOT, stdout=PIPE, stderr=DEVNULL
        )
        return (await child.communicate())[0].decode()

    database, vectors = await asyncio.gather(
        open_too("database", options.database_url), open_too("vectors", options.milvus_uri)
    )
    path = options.database_url.removeprefix("sqlite:///")
    named = f"the database at {path} (ARMOIRE_CATALOG__DATABASE_URL)"
    assert database == f"{named}: another process holds {path}.lock\n"
    message = "cannot be opened; another process may hold it"
    assert vectors == f"the vector store at {options.milvus_uri} (ARMOIRE_CATALOG__MILVUS_URI) {message}\n"


async def test_the_sweep_removes_orphans_only(catalog: Catalog, options: CatalogOptions) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    other = await index(catalog, IndexRequest(photo(2)), OTHER)
    kept = await stored_keys(options)
    blobs = BlobStore(options.blob_url)
    orphans = [
        "default/images/01a1fd28-59fa-7859-95d7-d9983decee98/original",
        "default/items/01a1fd28-59fa-7859-95d7-d9983decee99/crop.jpg",
        f"other/images/{job.image_id}/original",
    ]
    strangers = [
        "default/notes/readme/mine.txt",
        "default/images/readme/original",
        "default/images/01a1fd28-59fa-7859-95d7-d9983decee98/preview",
        "stranger/images/01a1fd28-59fa-7859-95d7-d9983decee98/original",
    ]
    for key in [*orphans, *strangers]:
        await blobs.put(key, b"x")
    sweeper = catalog._sweeper
    assert await sweeper.sweep(datetime.now(UTC)) == 0, "they may belong to a write under way"
    assert await sweeper.sweep(OLD) == 3
    assert await stored_keys(options) == sorted([*kept, *strangers])
    assert other.image_id in " ".join(kept)


async def test_the_sweep_removes_what_a_purge_left(catalog: Catalog, options: CatalogOptions) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    blobs = BlobStore(options.blob_url)
    keys = await stored_keys(options)
    await catalog.images.delete(DEFAULT_PRINCIPAL, job.image_id)
    assert await catalog._sweeper.sweep(OLD) == 0, "it can be restored"
    await catalog._purge.purge(now_us() + 366 * 86_400 * MICROSECONDS)
    assert await stored_keys(options) == []
    for key in keys:
        await blobs.put(key, b"left behind")
    database = catalog_database(options.database_url)
    ownership = Ownership(database, blobs, IdSource())
    assert await Sweeper(database, blobs, ownership, SweepOptions(grace_s=0)).sweep(OLD) == len(keys)
    await database.close()
    assert await stored_keys(options) == []


async def test_a_blob_store_of_another_database_is_refused_and_not_swept(
    build: Callable[[], Catalog], options: CatalogOptions, tmp_path: Path
) -> None:
    first = build()
    await first.start()
    await index(first, IndexRequest(photo(1)))
    await first.stop()
    again = build()
    await again.start()  # its own marker is no obstacle
    kept = await stored_keys(options)
    other = replace(
        options, database_url=f"sqlite:///{tmp_path / 'b.db'}", milvus_uri=str(tmp_path / "b_milvus.db")
    )
    for _ in range(2):  # the first refusal lets go of the database
        with pytest.raises(FailedPrecondition, match="ARMOIRE_CATALOG__BLOB_URL") as caught:
            await Catalog(other, FakeAnalyzer(), again._taxonomy).start()
        assert caught.value.reason == "BLOB_STORE_NOT_OURS"
    await BlobStore(options.blob_url).put(MARKER, b"another's")
    await again.images.delete(DEFAULT_PRINCIPAL, (await item_images(again)).pop())
    for key in kept:
        await BlobStore(options.blob_url).put(key, b"left behind")
    assert await again._sweeper.sweep(OLD) == 0
    assert await stored_keys(options) == kept
    await again.stop()


async def item_images(catalog: Catalog) -> set[str]:
    return {item.image_id for item in (await catalog.items.list(DEFAULT_PRINCIPAL, 200)).entries}


async def test_of_two_catalogues_on_one_server_one_drains(
    server_options: CatalogOptions, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = replace(server_options, database_url=postgres_url, recheck_s=0.05)
    first, second = (Catalog(shared, FakeAnalyzer(), TAXONOMY) for _ in range(2))
    drains: list[Drainer] = []
    drain_batch = Drainer.drain_batch

    async def noted(self: Drainer) -> int:
        drains.append(self)
        return await drain_batch(self)

    monkeypatch.setattr(Drainer, "drain_batch", noted)
    await first.start()
    await first.wait_until_ready()
    await index(first, IndexRequest(photo(1)))
    await second.start()
    await second.wait_until_ready()
    job = await index(second, IndexRequest(photo(2)))
    assert job.searchable
    assert set(drains) == {first._drainer}
    await first._loops.stop()  # its lead ends with it
    assert (await index(second, IndexRequest(photo(3)))).searchable
    assert drains[-1] is second._drainer
    await second.stop()
    await first.stop()


async def test_a_vector_store_that_cannot_be_closed_does_not_keep_the_database(
    build: Callable[[], Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = build()
    await catalog.start()
    close = catalog._index.close

    def fail() -> None:
        close()
        raise Unavailable("the vector store cannot answer")

    monkeypatch.setattr(catalog._index, "close", fail)
    with pytest.raises(Unavailable, match="cannot answer"):
        await catalog.stop()
    again = build()
    await again.start()  # the file is free
    await again.stop()


@pytest.mark.embedded("puts a folder in the way of a file")
async def test_a_blob_store_that_fails_at_the_start_is_named(
    build: Callable[[], Catalog], options: CatalogOptions
) -> None:
    (Path(options.blob_url) / MARKER / "in the way").mkdir(parents=True)
    with pytest.raises(Unavailable) as caught:
        await build().start()
    message = f"the blob store cannot be reached at {options.blob_url} (ARMOIRE_CATALOG__BLOB_URL)"
    assert caught.value.message == message
