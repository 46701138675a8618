"""Another detector, another taxonomy and another choice of primary items, for photos that are indexed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from domain.errors import InvalidInput
from domain.types import DEFAULT_PRINCIPAL, ModelVersion
from services.catalog.blobs.store import BlobStore, original_key
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.operations.reindex import ReindexScope
from services.catalog.options import CatalogOptions
from services.catalog.records.items import Item, RejectReason
from services.catalog.records.jobs import Job
from services.catalog.records.operations import Operation, OperationState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.search.query import TextQuery
from tests.integration.catalog.fake_analyzer import DETECTOR, FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, drained, found_ids, index, items_of

NEW_DETECTOR = ModelVersion("fake-detector-2", "letterbox-1")
PHOTOS = 5


@pytest.fixture
async def jobs(catalog: Catalog, analyzer: FakeAnalyzer) -> list[Job]:
    """Photos with three garments each."""
    analyzer.categories = ["dress", "shoes", "hat"]
    jobs = [await index(catalog, IndexRequest(photo(seed))) for seed in range(PHOTOS)]
    await index(catalog, IndexRequest(photo(50)), OTHER)
    return jobs


async def done(catalog: Catalog, operation: Operation) -> Operation:
    async for watched in catalog.operations.watch(DEFAULT_PRINCIPAL, operation.id):
        operation = watched
    return operation


async def reindexed(catalog: Catalog, scope: ReindexScope = ReindexScope.STALE) -> dict[str, object]:
    operation = await done(catalog, await catalog.reindexing.start(DEFAULT_PRINCIPAL, scope))
    assert operation.state is OperationState.SUCCEEDED
    assert operation.response is not None
    assert operation.progress.total == operation.progress.done + operation.progress.failed
    return {name: value for name, value in operation.response.items() if name != "served"}


async def stale_items(catalog: Catalog, *, all_tenants: bool = False) -> int:
    versions = await catalog.reindexing.versions(DEFAULT_PRINCIPAL, all_tenants=all_tenants)
    return sum(each.items for each in versions.counted if each.stale)


async def live_items(catalog: Catalog, image_id: str) -> dict[str, Item]:
    page = await catalog.items.list(DEFAULT_PRINCIPAL, image_id=image_id, show_rejected=True)
    return {item.id: item for item in page.entries}


async def test_another_detector_makes_items_stale_until_they_are_indexed_again(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer
) -> None:
    assert await stale_items(catalog, all_tenants=True) == 0
    before = [await live_items(catalog, job.image_id) for job in jobs]
    analyzer.detector, analyzer.shift_px = NEW_DETECTOR, 2.0
    assert await stale_items(catalog) == 3 * PHOTOS
    assert await stale_items(catalog, all_tenants=True) == 3 * PHOTOS + 3

    report = await reindexed(catalog)

    assert report == {"photos": PHOTOS, "failed_photos": 0, "items": 3 * PHOTOS, "stale_items": 0}
    assert await stale_items(catalog, all_tenants=True) == 3, "those of the other tenant"
    for job, former in zip(jobs, before, strict=True):
        now = await live_items(catalog, job.image_id)
        assert now.keys() == former.keys()
        assert all(now[id].box.x1 == former[id].box.x1 + 2.0 for id in now)
    found = await found_ids(catalog, TextQuery("x"))
    assert set(found) == {id for former in before for id in former}
    assert (await reindexed(catalog))["photos"] == 0


async def test_items_that_a_detector_does_not_find_come_back_with_the_former_one(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer
) -> None:
    before = await live_items(catalog, jobs[0].image_id)
    analyzer.detector, analyzer.missed = NEW_DETECTOR, 1
    await reindexed(catalog)
    left = await live_items(catalog, jobs[0].image_id)
    assert len(left) == len(before) - 1
    assert left.keys() < before.keys()

    analyzer.detector, analyzer.missed = DETECTOR, 0
    await reindexed(catalog)

    now = await live_items(catalog, jobs[0].image_id)
    assert {id: item.box for id, item in now.items()} == {id: item.box for id, item in before.items()}
    await drained(catalog)
    assert set(await found_ids(catalog, TextQuery("x"))) >= before.keys()


async def test_what_people_say_survives_another_detector(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer
) -> None:
    items = await items_of(catalog, jobs[0])
    first, second, third = items
    await catalog.corrections.correct(DEFAULT_PRINCIPAL, first.id, label="skirt")
    await catalog.corrections.reject(DEFAULT_PRINCIPAL, second.id, RejectReason.NOT_A_GARMENT)
    await catalog.corrections.set_primary(DEFAULT_PRINCIPAL, third.id, of_product=False)
    analyzer.detector, analyzer.shift_px, analyzer.missed = NEW_DETECTOR, 4.0, 1

    await reindexed(catalog)

    now = await live_items(catalog, jobs[0].image_id)
    assert now.keys() == {item.id for item in items}
    assert now[first.id].label == "skirt", "an item that a person has named stays, even if it is not found"
    assert now[second.id].reject_reason is RejectReason.NOT_A_GARMENT
    assert [id for id, item in now.items() if item.primary_in_image] == [third.id]


async def test_another_vocabulary_is_followed_and_a_lost_original_is_told(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer, options: CatalogOptions
) -> None:
    await BlobStore(options.blob_url).delete([original_key("default", jobs[0].image_id)])
    analyzer.vocabulary = "words-2"

    report = await reindexed(catalog)

    assert report == {"photos": PHOTOS - 1, "failed_photos": 1, "items": 3 * PHOTOS, "stale_items": 3}
    assert len(await live_items(catalog, jobs[0].image_id)) == 3


async def test_re_indexing_that_was_cut_off_goes_on_behind_what_is_done(
    build: Callable[[], Catalog], analyzer: FakeAnalyzer
) -> None:
    first = build()
    await first.start()
    await first.wait_until_ready()
    for seed in range(PHOTOS):
        await index(first, IndexRequest(photo(seed)))
    calls = analyzer.analyze_calls
    started = await first.reindexing.start(DEFAULT_PRINCIPAL, ReindexScope.ALL, photos_per_s=0.5)
    async for operation in first.operations.watch(DEFAULT_PRINCIPAL, started.id):
        if operation.progress.done:
            break
    await first.stop()

    second = build()
    await second.start()
    await second.wait_until_ready()
    operation = await done(second, started)
    await second.stop()
    assert (operation.state, operation.progress.done) == (OperationState.SUCCEEDED, PHOTOS)
    assert analyzer.analyze_calls - calls == PHOTOS


async def test_a_photo_that_is_deleted_meanwhile_does_not_come_back(
    catalog: Catalog, jobs: list[Job], analyzer: FakeAnalyzer
) -> None:
    analyzer.gate = asyncio.Event()
    analyzer.started.clear()
    started = await catalog.reindexing.start(DEFAULT_PRINCIPAL, ReindexScope.ALL)
    await analyzer.started.wait()
    await catalog.images.delete(DEFAULT_PRINCIPAL, jobs[0].image_id)
    analyzer.gate.set()
    operation = await done(catalog, started)
    assert operation.response is not None
    assert (operation.response["photos"], operation.response["items"]) == (PHOTOS - 1, 3 * (PHOTOS - 1))


async def test_the_primary_items_of_photos_follow_the_product(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    analyzer.categories = ["dress", "shoes", "hat"]
    draft = ProductDraft("Thing", category="shoes", external_id="SKU-1")
    job = await index(catalog, IndexRequest(photo(1), product=draft))

    async def primary() -> str:
        (item,) = [each for each in await items_of(catalog, job) if each.primary_in_image]
        return item.label

    assert await primary() == "shoes"
    key = ProductKey(job.product_id)
    for mask, changes, expected in (
        (("category",), ProductDraft(category="hat"), "hat"),
        (("category", "product_type"), ProductDraft(product_type="Women > Dresses"), "dress"),
        (("product_type", "display_name"), ProductDraft("Red sneakers"), "shoes"),
    ):
        await catalog.products.update(DEFAULT_PRINCIPAL, key, changes, mask)
        assert await primary() == expected
    calls = analyzer.analyze_calls
    report = await reindexed(catalog, ReindexScope.PRIMARY_ITEMS)
    assert (report["photos"], await primary(), analyzer.analyze_calls) == (1, "shoes", calls)


async def test_a_rate_must_be_a_number(catalog: Catalog) -> None:
    with pytest.raises(InvalidInput, match="photos_per_second"):
        await catalog.reindexing.start(DEFAULT_PRINCIPAL, photos_per_s=float("nan"))
