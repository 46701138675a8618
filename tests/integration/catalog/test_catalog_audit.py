"""Audits of a catalogue on real stores, with and without repair."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.types import DEFAULT_PRINCIPAL, ModelVersion, Principal
from services.catalog.blobs.store import Blob, BlobStore, crop_key, original_key
from services.catalog.catalog import Catalog
from services.catalog.ids import IdSource
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogObservers, CatalogOptions
from services.catalog.records.jobs import Job
from services.catalog.records.operations import Operation, OperationKind, OperationState
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, collection_of, end_of, index, milvus, old_row

YEAR = timedelta(days=365)


@pytest.fixture
async def audited(server_options: CatalogOptions, analyzer: FakeAnalyzer) -> AsyncIterator[Catalog]:
    """A catalogue whose vector store others can change."""
    catalog = Catalog(server_options, analyzer, TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()


async def audit(catalog: Catalog, principal: Principal = DEFAULT_PRINCIPAL, **request: bool) -> Operation:
    started = await catalog.operations.start(principal, OperationKind.AUDIT, request)
    async for operation in catalog.operations.watch(principal, started.id):
        last = operation
    assert last.state is OperationState.SUCCEEDED
    return last


async def counts(
    catalog: Catalog, principal: Principal = DEFAULT_PRINCIPAL, **request: bool
) -> dict[str, int]:
    report = (await audit(catalog, principal, **request)).response
    assert report is not None
    return {name: count for name, count in report.items() if name != "findings" and count}


async def test_stores_that_agree(catalog: Catalog) -> None:
    jobs = [await index(catalog, IndexRequest(photo(seed))) for seed in range(3)]
    await index(catalog, IndexRequest(photo(7)), OTHER)
    items = sum(len(job.items) for job in jobs)
    held = {"items": items, "vectors": items, "blobs": 3 + items}
    assert await counts(catalog) == held
    everything = await counts(catalog, all_tenants=True)
    assert everything["blobs"] > held["blobs"]
    assert everything.keys() == held.keys()


async def test_an_empty_catalogue(catalog: Catalog) -> None:
    assert await counts(catalog) == {}
    assert await counts(catalog, all_tenants=True) == {}


async def damage(
    options: CatalogOptions, analyzer: FakeAnalyzer, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lose a vector and a crop, make a vector stale, and leave a vector and a picture that nobody owns."""
    first, second, third = (job.items[0].item_id for job in jobs)
    collection = collection_of(analyzer.served)
    with milvus(options) as vectors:
        vectors.load(collection)
        vectors.delete(collection, [first])
        vectors.upsert(collection, [old_row(second), old_row("stray")])
    left = original_key("default", IdSource().next())
    blobs = BlobStore(options.blob_url)
    await blobs.delete([crop_key("default", third)])
    await blobs.put(left, b"left over")
    age(monkeypatch, left)
    await blobs.put(original_key("default", IdSource().next()), b"whose row is being written")


def age(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """Let the store say that a blob is a year old."""
    list_blobs = BlobStore.list

    async def listed(self: BlobStore, prefix: str = "") -> AsyncIterator[Sequence[Blob]]:
        async for chunk in list_blobs(self, prefix):
            yield [
                replace(blob, last_modified=blob.last_modified - YEAR) if blob.key == key else blob
                for blob in chunk
            ]

    monkeypatch.setattr(BlobStore, "list", listed)


async def test_differences_are_told_apart_and_mended(
    audited: Catalog,
    server_options: CatalogOptions,
    analyzer: FakeAnalyzer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs = [await index(audited, IndexRequest(photo(seed))) for seed in range(3)]
    other = await index(audited, IndexRequest(photo(9)), OTHER)
    sound = await counts(audited)
    await damage(server_options, analyzer, jobs, monkeypatch)

    found = await counts(audited)
    assert {name: found.get(name, 0) for name in ("lost", "stale", "doubled", "orphaned", "repaired")} == {
        "lost": 2,
        "stale": 1,
        "doubled": 0,
        "orphaned": 2,
        "repaired": 0,
    }
    assert await counts(audited, OTHER) == {
        "items": len(other.items),
        "vectors": len(other.items),
        "blobs": 2,
    }

    assert (await counts(audited, repair=True))["repaired"] == 5
    await index(audited, IndexRequest(photo(10)), OTHER)  # everything that was queued before is done by then
    for job in jobs:
        await end_of(audited, job.id)
    assert await counts(audited) == sound | {"blobs": sound["blobs"] + 1}


async def test_the_collection_beside_the_one_that_is_searched_is_compared_too(
    audited: Catalog, server_options: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    job = await index(audited, IndexRequest(photo(1)))
    other = ModelVersion("fake-embedder-2", "square-1")
    analyzer.loaded |= {analyzer.served, other}
    analyzer.served = other
    filled = await audited.collections.start_backfill(DEFAULT_PRINCIPAL)
    async for operation in audited.operations.watch(DEFAULT_PRINCIPAL, filled.id):
        filled = operation
    sound = await counts(audited)
    beside = collection_of(other)
    with milvus(server_options) as vectors:
        vectors.load(beside)
        vectors.delete(beside, [job.items[0].item_id])
        vectors.upsert(beside, [old_row("stray")])

    report = (await audit(audited)).response
    assert report is not None
    found = {(each["problem"], each["collection"], each["id"]) for each in report["findings"]}
    assert found == {("lost", beside.name, job.items[0].item_id), ("orphaned", beside.name, "stray")}
    assert report["vectors"] == sound["vectors"]
    assert (await counts(audited, repair=True))["repaired"] == 2
    await audited._collections.until_written(beside.name)
    assert await counts(audited) == sound


async def test_a_photo_that_is_gone_is_told_and_not_mended(catalog: Catalog, options: CatalogOptions) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    gone = [original_key("default", job.image_id), crop_key("default", job.items[0].item_id)]
    await BlobStore(options.blob_url).delete(gone)
    report = (await audit(catalog, repair=True)).response
    assert report is not None
    assert (report["lost"], report["repaired"]) == (2, 0)
    assert sorted(finding["id"] for finding in report["findings"]) == sorted(gone)
    assert {finding["store"] for finding in report["findings"]} == {"blobs"}


async def test_the_schedule_audits_all_tenants(options: CatalogOptions, analyzer: FakeAnalyzer) -> None:
    told: asyncio.Queue[Mapping[str, int]] = asyncio.Queue()
    observers = CatalogObservers(audit=told.put_nowait)
    catalog = Catalog(replace(options, audit_every_s=0.5), analyzer, TAXONOMY, observers)
    await catalog.start()
    await index(catalog, IndexRequest(photo(1)), OTHER)
    assert await told.get() == {"lost": 0, "doubled": 0, "stale": 0, "orphaned": 0}
    (first, *_) = (await catalog.operations.list(DEFAULT_PRINCIPAL)).entries
    assert first.kind is OperationKind.AUDIT
    assert not (await catalog.operations.list(OTHER)).entries
    await catalog.stop()
