"""What is deleted is kept for a while, comes back as it was, and is removed for good after its retention."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS, now_us
from domain.errors import FailedPrecondition, NotFound, QuotaExceeded, Unavailable
from domain.quota import NO_QUOTA, Quota, TenantUse
from domain.types import DEFAULT_PRINCIPAL, Box, ModelVersion
from services.catalog.blobs.store import BlobStore, original_key
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.items import RejectReason
from services.catalog.records.jobs import JobState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.search.query import TextQuery
from services.catalog.sql.tables import Table
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import (
    OTHER,
    change_over,
    end_of,
    found_ids,
    index,
    milvus_rows,
    stored_keys,
)

TENANT = DEFAULT_PRINCIPAL.tenant_id
LATER_US = 31 * 86_400 * MICROSECONDS
NEW_MODEL = ModelVersion("fake-embedder-2", "square-1")
NOTHING = dict.fromkeys(("images", "items", "products", "rejected_crops", "feedback"), 0)


@pytest.fixture
def quotas() -> dict[str, Quota]:
    return {}


@pytest.fixture
async def catalog(
    options: CatalogOptions, analyzer: FakeAnalyzer, quotas: dict[str, Quota]
) -> AsyncIterator[Catalog]:
    catalog = Catalog(options, analyzer, TAXONOMY, quota_of=lambda tenant: quotas.get(tenant, NO_QUOTA))
    await catalog.start()
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()


async def coat(catalog: Catalog, *seeds: int) -> tuple[str, list[str]]:
    """A product with photos; returns its id and theirs."""
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("Coat", external_id="SKU-1"))
    jobs = [await index(catalog, IndexRequest(photo(seed), product_id=product.id)) for seed in seeds]
    return product.id, [job.image_id for job in jobs]


async def searched(catalog: Catalog) -> set[str]:
    return set(await found_ids(catalog, TextQuery("x"), top_k=100))


async def shown(catalog: Catalog) -> set[str]:
    return {item.id for item in (await catalog.items.list(DEFAULT_PRINCIPAL, 200)).entries}


async def drained(catalog: Catalog) -> None:
    """Return once what was queued before is in the vector store."""
    await index(catalog, IndexRequest(photo(999)), OTHER)


async def found_as_shown(catalog: Catalog) -> None:
    await drained(catalog)
    assert await searched(catalog) == await shown(catalog) != set()


async def rows(catalog: Catalog, tenant_id: str = TENANT) -> dict[str, int]:
    """How many rows each table has of a tenant, where it has some."""

    def count(session: Session) -> dict[str, int]:
        tables = [each for each in Table.metadata.sorted_tables if "tenant_id" in each.c]
        return {
            table.name: session.scalar(
                select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id)
            )
            or 0
            for table in tables
        }

    return {name: count for name, count in (await catalog._database.read(count)).items() if count}


async def purge(catalog: Catalog, moment_us: int | None = None) -> dict[str, int]:
    return dict(await catalog._purge.purge(now_us() + LATER_US if moment_us is None else moment_us))


async def test_a_product_comes_back_with_what_was_deleted_with_it(
    catalog: Catalog, options: CatalogOptions
) -> None:
    product_id, (first, second, third) = await coat(catalog, 1, 2, 3)
    await catalog.images.delete(DEFAULT_PRINCIPAL, second)
    before, use, keys = await shown(catalog), await catalog.use(TENANT), await stored_keys(options)
    primary = (await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product_id))).primary_item_id
    await catalog.products.delete(DEFAULT_PRINCIPAL, product_id)
    assert (await catalog.use(TENANT), await shown(catalog)) == (TenantUse(), set())
    assert await stored_keys(options) == keys, "the pictures are kept"

    restored = await catalog.products.restore(DEFAULT_PRINCIPAL, product_id)
    assert (restored.images, restored.items, restored.lost_images) == (2, len(before), 0)
    assert (restored.product.delete_time, restored.product.primary_item_id) == (None, primary)
    assert (await catalog.use(TENANT), await shown(catalog)) == (use, before)
    images = await catalog.images.list(DEFAULT_PRINCIPAL, product_id=product_id)
    assert {image.id for image in images.entries} == {first, third}
    await found_as_shown(catalog)
    again = await catalog.products.restore(DEFAULT_PRINCIPAL, product_id)
    assert (again.product, again.images) == (restored.product, 0), "it was not deleted"


async def test_an_image_comes_back_with_its_items_and_their_corrections(catalog: Catalog) -> None:
    _, (image_id,) = await coat(catalog, 2)
    items = (await catalog.items.list(DEFAULT_PRINCIPAL, image_id=image_id)).entries
    rejected = items[0].id
    await catalog.corrections.reject(DEFAULT_PRINCIPAL, rejected, RejectReason.DUPLICATE)
    before, use = await shown(catalog), await catalog.use(TENANT)
    await catalog.images.delete(DEFAULT_PRINCIPAL, image_id)
    with pytest.raises(NotFound):
        await catalog.images.get(DEFAULT_PRINCIPAL, image_id)
    image, count = await catalog.images.restore(DEFAULT_PRINCIPAL, image_id)
    assert (image.delete_time, count) == (None, len(items))
    assert await shown(catalog) == before == {item.id for item in items} - {rejected}
    assert await catalog.use(TENANT) == use
    await found_as_shown(catalog)
    assert (await catalog.images.restore(DEFAULT_PRINCIPAL, image_id))[1] == 0
    assert (await catalog.images.content(DEFAULT_PRINCIPAL, image_id)).content == photo(2)


async def test_what_is_deleted_is_listed_where_that_is_asked_for(catalog: Catalog) -> None:
    product_id, (image_id,) = await coat(catalog, 1)
    await catalog.products.delete(DEFAULT_PRINCIPAL, product_id)
    assert (await catalog.products.list(DEFAULT_PRINCIPAL)).entries == ()
    assert (await catalog.images.list(DEFAULT_PRINCIPAL)).entries == ()
    (product,) = (await catalog.products.list(DEFAULT_PRINCIPAL, show_deleted=True)).entries
    (image,) = (await catalog.images.list(DEFAULT_PRINCIPAL, show_deleted=True)).entries
    assert (product.id, image.id) == (product_id, image_id)
    assert product.delete_time == image.delete_time is not None
    assert (await catalog.products.list(OTHER, show_deleted=True)).entries == ()


async def test_what_is_deleted_is_listed_alone(catalog: Catalog) -> None:
    product_id, (first, second) = await coat(catalog, 1, 2)
    scarf = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("Scarf"))
    await catalog.images.delete(DEFAULT_PRINCIPAL, first)
    (image,) = (await catalog.images.list(DEFAULT_PRINCIPAL, only_deleted=True)).entries
    assert image.id == first
    assert (await catalog.products.list(DEFAULT_PRINCIPAL, only_deleted=True)).entries == ()
    await catalog.products.delete(DEFAULT_PRINCIPAL, product_id)
    (product,) = (await catalog.products.list(DEFAULT_PRINCIPAL, only_deleted=True)).entries
    assert product.id == product_id != scarf.id
    page = await catalog.images.list(DEFAULT_PRINCIPAL, 1, only_deleted=True)
    following = await catalog.images.list(DEFAULT_PRINCIPAL, 1, page.next_token, only_deleted=True)
    assert [image.id for image in (*page.entries, *following.entries)] == [second, first]


async def test_restoring_is_within_the_quota(catalog: Catalog, quotas: dict[str, Quota]) -> None:
    product_id, (image_id,) = await coat(catalog, 2)
    use = await catalog.use(TENANT)
    await catalog.products.delete(DEFAULT_PRINCIPAL, product_id)
    quotas[TENANT] = Quota(max_bytes=use.bytes - 1)
    with pytest.raises(QuotaExceeded):
        await catalog.products.restore(DEFAULT_PRINCIPAL, product_id)
    assert await catalog.use(TENANT) == TenantUse()
    quotas[TENANT] = Quota(max_items=use.items)
    assert (await catalog.products.restore(DEFAULT_PRINCIPAL, product_id)).images == 1
    await catalog.images.delete(DEFAULT_PRINCIPAL, image_id)
    quotas[TENANT] = Quota(max_items=use.items - 1)
    with pytest.raises(QuotaExceeded):
        await catalog.images.restore(DEFAULT_PRINCIPAL, image_id)


async def test_what_cannot_be_restored(catalog: Catalog, options: CatalogOptions) -> None:
    product_id, (first, second) = await coat(catalog, 1, 2)
    await BlobStore(options.blob_url).delete([original_key(TENANT, first)])
    await catalog.products.delete(DEFAULT_PRINCIPAL, product_id)
    with pytest.raises(FailedPrecondition, match="restore the product") as caught:
        await catalog.images.restore(DEFAULT_PRINCIPAL, second)
    assert caught.value.reason == "PRODUCT_DELETED"
    restored = await catalog.products.restore(DEFAULT_PRINCIPAL, product_id)
    assert (restored.images, restored.lost_images) == (1, 1)
    with pytest.raises(FailedPrecondition, match="original is gone") as caught:
        await catalog.images.restore(DEFAULT_PRINCIPAL, first)
    assert caught.value.reason == "IMAGE_CONTENT_GONE"
    for attempt in (
        catalog.products.restore(OTHER, product_id),
        catalog.images.restore(OTHER, first),
        catalog.images.restore(DEFAULT_PRINCIPAL, product_id),
        catalog.products.restore(DEFAULT_PRINCIPAL, first),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_a_job_that_the_deletion_ended_goes_on(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.gate = asyncio.Event()
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    await analyzer.started.wait()
    await catalog.images.delete(DEFAULT_PRINCIPAL, job.image_id)
    assert (await catalog.jobs.get(DEFAULT_PRINCIPAL, job.id)).state is JobState.FAILED
    analyzer.gate.set()
    await catalog.images.restore(DEFAULT_PRINCIPAL, job.image_id)
    assert (await end_of(catalog, job.id)).state is JobState.COMPLETE
    assert await searched(catalog) == await shown(catalog) != set()


async def test_what_another_model_has_not_seen_is_indexed_again(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    _, (image_id,) = await coat(catalog, 1)
    await catalog.images.delete(DEFAULT_PRINCIPAL, image_id)
    await change_over(catalog, analyzer, NEW_MODEL)
    await catalog.images.restore(DEFAULT_PRINCIPAL, image_id)
    (job,) = (await catalog.jobs.list(DEFAULT_PRINCIPAL)).entries
    await end_of(catalog, job.id)
    assert await searched(catalog) == await shown(catalog) != set()
    assert {item.version for item in (await catalog.items.list(DEFAULT_PRINCIPAL)).entries} == {NEW_MODEL}


async def test_the_purge_leaves_nothing_of_what_was_deleted(
    catalog: Catalog, options: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    kept = await index(catalog, IndexRequest(photo(9)))
    other = await index(catalog, IndexRequest(photo(1)), OTHER)
    rows_before, keys = await rows(catalog), await stored_keys(options)
    product_id, (image_id, _) = await coat(catalog, 1, 2)
    item = (await catalog.items.list(DEFAULT_PRINCIPAL, image_id=image_id)).entries[0]
    await catalog.corrections.verify(DEFAULT_PRINCIPAL, item.id)
    await catalog.products.delete(DEFAULT_PRINCIPAL, product_id)
    assert await purge(catalog, now_us()) == {
        "images": 0,
        "items": 0,
        "products": 0,
        "rejected_crops": 0,
        "feedback": 0,
    }
    assert await purge(catalog) == {
        "images": 2,
        "items": 0,
        "products": 1,
        "rejected_crops": 0,
        "feedback": 0,
    }
    await drained(catalog)
    assert {**await rows(catalog), "audit_record": 0} == {**rows_before, "audit_record": 0}
    new = {other_key for other_key in await stored_keys(options) if other_key not in keys}
    assert all(key.startswith("other/") for key in new)
    assert set(keys) <= set(await stored_keys(options))
    with pytest.raises(NotFound):
        await catalog.products.restore(DEFAULT_PRINCIPAL, product_id)
    assert (await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("New", external_id="SKU-1"))).id
    assert await searched(catalog) == {each.item_id for each in kept.items}
    await catalog.stop()
    stored = {item_id for _, item_id in milvus_rows(options, analyzer.served)}
    assert not {item.id} & stored
    assert {each.item_id for each in (*kept.items, *other.items)} <= stored


async def test_a_purge_that_is_cut_off_before_the_pictures_are_removed(
    catalog: Catalog, options: CatalogOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_keys: Any) -> None:
        raise Unavailable("the blob store cannot be reached")

    job = await index(catalog, IndexRequest(photo(1)))
    await catalog.images.delete(DEFAULT_PRINCIPAL, job.image_id)
    with monkeypatch.context() as patched:
        patched.setattr(catalog._blobs, "delete", fail)
        with pytest.raises(Unavailable):
            await purge(catalog)
    assert "image" not in await rows(catalog)
    assert await catalog._sweeper.sweep(datetime.now(UTC) + timedelta(days=1)) == 1 + len(job.items)
    assert await stored_keys(options) == []


async def test_an_item_deleted_by_itself_is_purged_and_its_photo_stays(
    catalog: Catalog, options: CatalogOptions
) -> None:
    job = await index(catalog, IndexRequest(photo(2)))
    added = await catalog.corrections.add(DEFAULT_PRINCIPAL, job.image_id, Box(5, 5, 25, 30), label="hat")
    assert added.correction is not None
    await end_of(catalog, (await catalog.jobs.list(DEFAULT_PRINCIPAL)).entries[0].id)
    await catalog.corrections.undo(DEFAULT_PRINCIPAL, added.correction.id)
    before = await shown(catalog)
    assert await purge(catalog) == {
        "images": 0,
        "items": 1,
        "products": 0,
        "rejected_crops": 0,
        "feedback": 0,
    }
    assert await shown(catalog) == before
    assert not any(added.item.id in key for key in await stored_keys(options))
    assert len(await stored_keys(options)) == 1 + len(before)
