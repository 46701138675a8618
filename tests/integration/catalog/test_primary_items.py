"""The item that represents a product, through all that can change it."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from domain.types import DEFAULT_PRINCIPAL
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.jobs import Job
from services.catalog.records.operations import OperationState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.resources.import_reading import IncomingEntry
from services.catalog.search.query import TextQuery
from tests.integration.catalog.fake_analyzer import FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, found_ids, index, is_any


def primary_of_photo(job: Job) -> str:
    (primary,) = [item.item_id for item in job.items if item.primary_in_image]
    return primary


async def primary_of(catalog: Catalog, product_id: str) -> str:
    return (await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product_id))).primary_item_id


async def searched(catalog: Catalog, field: str) -> set[str]:
    """The items that a filter on the flag lets through, once what was queued before is brought over."""
    await index(catalog, IndexRequest(photo(999)), OTHER)
    return set(await found_ids(catalog, TextQuery("x"), is_any(field, "true")))


@pytest.fixture
async def photos(catalog: Catalog, analyzer: FakeAnalyzer) -> list[Job]:
    """Three photos of a dress: the first shows a bag, the second a dress with shoes, the third a dress."""
    jobs: list[Job] = []
    for seed, categories in ((1, ["bag"]), (2, ["shoes", "dress"]), (3, ["dress"])):
        analyzer.categories = categories
        draft = ProductDraft("x", category="dress", external_id="SKU-1")
        jobs.append(await index(catalog, IndexRequest(photo(seed), product=draft)))
    return jobs


async def test_the_best_fit_of_the_photos_represents_the_product(catalog: Catalog, photos: list[Job]) -> None:
    fits = {}
    for job in photos[1:]:
        item = await catalog.items.get(DEFAULT_PRINCIPAL, primary_of_photo(job))
        fits[item.id] = item.score + item.attributes["category"].score
    expected = max(fits, key=lambda item_id: fits[item_id])
    assert await primary_of(catalog, photos[0].product_id) == expected
    assert await searched(catalog, "primary_in_image") == set(map(primary_of_photo, photos))
    assert await searched(catalog, "primary_in_product") == {expected}
    jobs = [await catalog.jobs.get(DEFAULT_PRINCIPAL, job.id) for job in photos]
    in_product = [item.item_id for job in jobs for item in job.items if item.primary_in_product]
    assert in_product == [expected]


async def test_another_takes_over_where_its_photo_is_deleted(catalog: Catalog, photos: list[Job]) -> None:
    product_id, left = photos[0].product_id, {primary_of_photo(job): job for job in photos}
    while left:
        primary = await primary_of(catalog, product_id)
        assert await searched(catalog, "primary_in_product") == {primary}
        await catalog.images.delete(DEFAULT_PRINCIPAL, left.pop(primary).image_id)
    assert await primary_of(catalog, product_id) == ""
    assert await searched(catalog, "primary_in_product") == set()


async def test_it_follows_the_products_category(catalog: Catalog, photos: list[Job]) -> None:
    key = ProductKey(photos[0].product_id)
    changed, _ = await catalog.products.update(DEFAULT_PRINCIPAL, key, ProductDraft(category="bag"))
    assert changed.primary_item_id == primary_of_photo(photos[0])
    assert await searched(catalog, "primary_in_product") == {primary_of_photo(photos[0])}


async def imported(catalog: Catalog, draft: ProductDraft) -> None:
    """Change a product by an import."""

    async def entries(operation_id: str) -> AsyncGenerator[tuple[str, IncomingEntry], None]:
        yield operation_id, IncomingEntry(1, "row 1", draft)

    started = (await catalog.imports.start(DEFAULT_PRINCIPAL)).operation
    await catalog.imports.keep(DEFAULT_PRINCIPAL, entries(started.id))
    await catalog.imports.finish(DEFAULT_PRINCIPAL, started.id)
    async for operation in catalog.operations.watch(DEFAULT_PRINCIPAL, started.id):
        last = operation
    assert last.state is OperationState.SUCCEEDED


@pytest.mark.parametrize("changes", [{"display_name": "Running shoes"}, {"product_type": "shoes"}])
@pytest.mark.parametrize("by_import", [False, True])
async def test_both_follow_the_products_name_and_type(
    catalog: Catalog, analyzer: FakeAnalyzer, changes: dict[str, str], by_import: bool
) -> None:
    analyzer.categories = ["shoes", "dress"]
    draft = ProductDraft("Dress", external_id="SKU-1")
    job = await index(catalog, IndexRequest(photo(2), product=draft))
    shoes, dress = (item.item_id for item in job.items)
    assert (primary_of_photo(job), await primary_of(catalog, job.product_id)) == (dress, dress)
    if by_import:
        await imported(catalog, ProductDraft(external_id="SKU-1", **changes))
    else:
        await catalog.products.update(DEFAULT_PRINCIPAL, ProductKey(job.product_id), ProductDraft(**changes))
    assert primary_of_photo(await catalog.jobs.get(DEFAULT_PRINCIPAL, job.id)) == shoes
    assert await primary_of(catalog, job.product_id) == shoes


async def test_without_a_fit_the_oldest_photo_counts(catalog: Catalog, photos: list[Job]) -> None:
    changes = ProductDraft(category="hat")
    await catalog.products.update(DEFAULT_PRINCIPAL, ProductKey(photos[0].product_id), changes)
    assert await primary_of(catalog, photos[0].product_id) == primary_of_photo(photos[0])


async def test_a_new_primary_item_changes_the_items_and_not_the_products_etag(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("x", category="dress"))
    analyzer.categories = ["bag"]
    first = await index(catalog, IndexRequest(photo(1), product_id=product.id))
    before = await catalog.items.get(DEFAULT_PRINCIPAL, first.items[0].item_id)
    assert before.primary_in_product
    analyzer.categories = ["dress"]
    second = await index(catalog, IndexRequest(photo(2), product_id=product.id))
    after = await catalog.items.get(DEFAULT_PRINCIPAL, before.id)
    assert not after.primary_in_product
    assert after.etag != before.etag
    assert after.update_time > before.update_time
    now = await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product.id))
    assert (now.etag, now.primary_item_id) == (product.etag, second.items[0].item_id)
