"""A change of the embedder on real stores: back-filled, compared, swapped, rolled back and dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from domain.errors import FailedPrecondition, NotFound
from domain.types import DEFAULT_PRINCIPAL, ModelVersion
from services.catalog.blobs.store import BlobStore, original_key
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.jobs import IndexedVersion, Job
from services.catalog.records.operations import Operation, OperationState
from services.catalog.resources.collections import CollectionRole
from services.catalog.search.query import ImageQuery, ItemQuery, TextQuery
from tests.integration.catalog.fake_analyzer import FakeAnalyzer, photo
from tests.integration.catalog.flows import (
    OTHER,
    collection_of,
    end_of,
    found_ids,
    index,
    index_all,
    items_of,
    milvus_rows,
)

OLD, NEW = ModelVersion("fake-embedder-1", "square-1"), ModelVersion("fake-embedder-2", "square-1")
PHOTOS = 6


@pytest.fixture
async def jobs(catalog: Catalog, analyzer: FakeAnalyzer) -> list[Job]:
    """Photos indexed with the old embedder; then the new one is the default."""
    jobs = await index_all(catalog, [IndexRequest(photo(seed)) for seed in range(PHOTOS)])
    await index(catalog, IndexRequest(photo(50)), OTHER)
    analyzer.loaded |= {OLD, NEW}
    analyzer.served = NEW
    return jobs


def ids_of(jobs: list[Job]) -> set[str]:
    return {item.item_id for job in jobs for item in job.items}


async def done(catalog: Catalog, operation: Operation) -> Operation:
    async for watched in catalog.operations.watch(DEFAULT_PRINCIPAL, operation.id):
        operation = watched
    return operation


async def backfilled(catalog: Catalog, *, swap: bool = False) -> Operation:
    return await done(catalog, await catalog.collections.start_backfill(DEFAULT_PRINCIPAL, swap=swap))


async def roles(catalog: Catalog) -> dict[CollectionRole, tuple[ModelVersion, int]]:
    return {each.role: (each.version, each.lacking) for each in await catalog.collections.list()}


async def test_a_new_default_leaves_searches_and_indexing_with_the_live_collection(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer
) -> None:
    for query in (TextQuery("x"), ImageQuery(photo(1), ())):
        result = await catalog.search(DEFAULT_PRINCIPAL, query)
        assert result.version == OLD
        assert all(each.hits for each in result.queries)
    more = await index(catalog, IndexRequest(photo(20)))
    assert more.versions == (IndexedVersion(OLD, live=True, complete=True, searchable=True),)
    assert set(await found_ids(catalog, TextQuery("x"))) == ids_of([*jobs, more])
    assert analyzer.held == [OLD.model_version]


async def test_a_back_fill_is_compared_swapped_rolled_back_and_dropped(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer, options: CatalogOptions
) -> None:
    before = {item.id: item for job in jobs for item in await items_of(catalog, job)}
    operation = await backfilled(catalog)
    assert operation.state is OperationState.SUCCEEDED
    report = operation.response
    assert report is not None
    held = len(ids_of(jobs)) + len((await catalog.items.list(OTHER)).entries)
    assert (report["items"], report["vectors"], report["lacking"], report["failed_photos"]) == (
        held,
        held,
        0,
        0,
    )
    # A rotation keeps all distances, so both collections name the same neighbours.
    assert (report["overlap"], report["sampled"], report["swapped"]) == (1.0, held, False)
    assert operation.progress.done == PHOTOS + 1
    assert await roles(catalog) == {CollectionRole.LIVE: (OLD, 0), CollectionRole.NEXT: (NEW, 0)}
    assert (await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"))).version == OLD
    assert sorted(analyzer.held) == [OLD.model_version, NEW.model_version]

    steps = (NEW, CollectionRole.PREVIOUS), (OLD, CollectionRole.NEXT), (NEW, CollectionRole.PREVIOUS)
    for name, role in steps:
        await catalog.collections.swap(DEFAULT_PRINCIPAL, collection_of(name).name)
        other = OLD if name == NEW else NEW
        assert await roles(catalog) == {CollectionRole.LIVE: (name, 0), role: (other, 0)}
        assert (await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"))).version == name
        assert set(await found_ids(catalog, TextQuery("x"))) == ids_of(jobs)
        job = await end_of(catalog, jobs[0].id)
        assert {version.version: version.live for version in job.versions} == {name: True, other: False}
        assert job.searchable
    for item_id, item in before.items():
        now = await catalog.items.get(DEFAULT_PRINCIPAL, item_id)
        assert (now.version, now.box, now.label, now.colors) == (NEW, item.box, item.label, item.colors)

    await catalog.collections.drop(DEFAULT_PRINCIPAL, collection_of(OLD).name)
    assert await roles(catalog) == {CollectionRole.LIVE: (NEW, 0)}
    assert analyzer.held == [NEW.model_version]
    more = await index(catalog, IndexRequest(photo(30)))
    assert [version.version for version in more.versions] == [NEW]
    assert set(await found_ids(catalog, ItemQuery(more.items[0].item_id))) == ids_of([*jobs, more]) - {
        more.items[0].item_id
    }
    with pytest.raises(NotFound):
        await catalog.collections.swap(DEFAULT_PRINCIPAL, collection_of(OLD).name)
    await catalog.stop()
    assert milvus_rows(options, OLD) == {}
    assert len(milvus_rows(options, NEW)) == held + len(more.items)


async def test_what_is_written_during_and_after_a_back_fill_is_in_both(
    catalog: Catalog, jobs: list[Job]
) -> None:
    await backfilled(catalog)
    more = await index(catalog, IndexRequest(photo(40)))
    assert {version.version for version in more.versions} == {OLD, NEW}
    await catalog.images.delete(DEFAULT_PRINCIPAL, jobs[0].image_id)
    expected = ids_of([*jobs[1:], more])
    for version in (NEW, OLD):
        await catalog.collections.swap(DEFAULT_PRINCIPAL, collection_of(version).name)
        assert set(await found_ids(catalog, TextQuery("x"))) == expected


async def test_a_back_fill_that_was_cut_off_goes_on_in_the_next_process(
    build: Callable[[], Catalog], analyzer: FakeAnalyzer
) -> None:
    first = build()
    await first.start()
    await first.wait_until_ready()
    jobs = [await index(first, IndexRequest(photo(seed))) for seed in range(PHOTOS)]
    analyzer.loaded |= {OLD, NEW}
    analyzer.served = NEW
    started = await first.collections.start_backfill(DEFAULT_PRINCIPAL, photos_per_s=0.01)
    async for operation in first.operations.watch(DEFAULT_PRINCIPAL, started.id):
        if operation.progress.done:
            break
    await first.stop()
    embedded, analyzer.gate = analyzer.analyze_calls, asyncio.Event()  # so that it cannot end by itself

    second = build()
    await second.start()
    await second.wait_until_ready()
    assert (await roles(second))[CollectionRole.NEXT][1] > 0
    with pytest.raises(FailedPrecondition, match=r"lacks \d+ items") as caught:
        await second.collections.swap(DEFAULT_PRINCIPAL, collection_of(NEW).name)
    assert caught.value.reason == "COLLECTION_INCOMPLETE"
    await second.operations.cancel(DEFAULT_PRINCIPAL, started.id)
    assert (await done(second, started)).state is OperationState.CANCELLED
    analyzer.gate = None
    operation = await backfilled(second, swap=True)
    assert operation.response is not None
    assert operation.response["swapped"]
    assert analyzer.analyze_calls - embedded < PHOTOS, "what was embedded before is not embedded again"
    assert set(await found_ids(second, TextQuery("x"))) == ids_of(jobs)
    await second.stop()


async def test_searches_during_swaps_are_never_empty_and_never_mixed(
    catalog: Catalog, jobs: list[Job]
) -> None:
    await backfilled(catalog)
    expected, stop, seen = ids_of(jobs), asyncio.Event(), set[ModelVersion]()
    searches, searched = 0, asyncio.Event()

    async def search() -> None:
        nonlocal searches
        while not stop.is_set():
            result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("a dress"))
            (hits,) = result.queries
            assert {hit.item.version for hit in hits.hits} == {result.version}
            assert {hit.item.id for hit in hits.hits} <= expected
            seen.add(result.version)
            searches += 1
            searched.set()

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(search())
        for turn in range(10):
            version = OLD if turn % 2 else NEW
            await catalog.collections.swap(DEFAULT_PRINCIPAL, collection_of(version).name)
            until = searches + 8
            while searches < until:
                searched.clear()
                await searched.wait()
        stop.set()
    assert seen == {OLD, NEW}


async def test_a_photo_without_its_original_keeps_a_swap_back_until_it_is_allowed(
    catalog: Catalog, jobs: list[Job], options: CatalogOptions
) -> None:
    await BlobStore(options.blob_url).delete([original_key("default", jobs[0].image_id)])
    operation = await backfilled(catalog, swap=True)
    assert operation.response is not None
    lacking = len(jobs[0].items)
    found = operation.response
    assert (found["failed_photos"], found["lacking"], found["swapped"]) == (1, lacking, False)
    name = collection_of(NEW).name
    with pytest.raises(FailedPrecondition, match=f"lacks {lacking} items"):
        await catalog.collections.swap(DEFAULT_PRINCIPAL, name)
    await catalog.collections.swap(DEFAULT_PRINCIPAL, name, allow_lacking=True)
    assert set(await found_ids(catalog, TextQuery("x"))) == ids_of(jobs[1:])


async def test_the_embedder_of_the_live_collection_is_missed_aloud(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer
) -> None:
    analyzer.loaded = {NEW}
    with pytest.raises(
        Exception, match="searches with fake-embedder-1/square-1, which is not loaded"
    ) as caught:
        await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"))
    assert getattr(caught.value, "reason", "") == "EMBEDDER_NOT_LOADED"
    queued = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(60)))
    assert (await backfilled(catalog, swap=True)).response is not None
    assert (await end_of(catalog, queued.id)).searchable, "it waited for a collection that can be written"
    assert set(await found_ids(catalog, TextQuery("x"))) >= ids_of(jobs)


async def test_only_one_collection_is_filled_beside_the_live_one(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer
) -> None:
    analyzer.loaded |= {ModelVersion("fake-embedder-3", "square-1")}
    await backfilled(catalog)
    start = catalog.collections.start_backfill
    for name, reason in (
        ("fake-embedder-1", "COLLECTION_LIVE"),
        ("fake-embedder-3", "COLLECTION_EXISTS"),
        ("fake-embedder-9", "MODEL_VERSION_MISMATCH"),
    ):
        with pytest.raises(FailedPrecondition) as caught:
            await start(DEFAULT_PRINCIPAL, name)
        assert caught.value.reason == reason
    with pytest.raises(FailedPrecondition):
        await catalog.collections.drop(DEFAULT_PRINCIPAL, collection_of(OLD).name)


async def test_a_second_back_fill_is_refused_while_one_is_under_way(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer
) -> None:
    start = catalog.collections.start_backfill
    slow = await start(DEFAULT_PRINCIPAL, photos_per_s=0.1, idempotency_key="slow")
    assert (await start(DEFAULT_PRINCIPAL, photos_per_s=0.1, idempotency_key="slow")).id == slow.id
    with pytest.raises(FailedPrecondition) as caught:
        await start(DEFAULT_PRINCIPAL)
    assert (caught.value.reason, caught.value.metadata["operation_id"]) == ("BACKFILL_RUNNING", slow.id)
    await catalog.operations.cancel(DEFAULT_PRINCIPAL, slow.id)
    await done(catalog, slow)
    assert (await backfilled(catalog)).state is OperationState.SUCCEEDED


async def test_an_empty_catalogue_follows_the_default(
    build: Callable[[], Catalog], analyzer: FakeAnalyzer
) -> None:
    for version in (OLD, NEW):
        analyzer.served = version
        catalog = build()
        await catalog.start()
        await catalog.wait_until_ready()
        assert await roles(catalog) == {CollectionRole.LIVE: (version, 0)}
        await catalog.stop()


async def test_a_back_fill_writes_what_the_model_says_and_corrections_stay_apart(
    catalog: Catalog, jobs: list[Job]
) -> None:
    (item, *_) = await items_of(catalog, jobs[0])
    said = "hat" if item.label != "hat" else "dress"
    corrected = await catalog.corrections.correct(DEFAULT_PRINCIPAL, item.id, label=said)
    await backfilled(catalog, swap=True)
    now = await catalog.items.get(DEFAULT_PRINCIPAL, item.id)
    assert (now.version, now.label) == (NEW, said)

    await catalog.corrections.undo(DEFAULT_PRINCIPAL, corrected.correction.id)

    assert (await catalog.items.get(DEFAULT_PRINCIPAL, item.id)).label == item.label
