"""Pictures of detections that became no items: stored, read, replaced, and removed after their time."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image as Pillow

from domain.clock import now_us
from domain.types import DEFAULT_PRINCIPAL
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.operations.reindex import ReindexScope
from services.catalog.options import CatalogOptions
from services.catalog.retention import RetentionOptions
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import index, stored_keys

DAY_US = 86_400_000_000


@pytest.fixture
def options(options: CatalogOptions) -> CatalogOptions:
    return replace(options, retention=RetentionOptions())


async def crops_of(catalog: Catalog, image_id: str, *, pictures: bool = True) -> list[bytes | None]:
    image = await catalog.images.get(DEFAULT_PRINCIPAL, image_id, include_rejected_crops=pictures)
    return [each.crop for each in image.rejected_crops]


async def test_they_are_kept_until_their_time_is_over(catalog: Catalog, options: CatalogOptions) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    (crop,) = await crops_of(catalog, job.image_id)
    assert crop is not None
    assert Pillow.open(io.BytesIO(crop)).size == (2, 2)
    assert await crops_of(catalog, job.image_id, pictures=False) == [None]

    days = options.retention.rejected_crops_days
    counts = await catalog._purge.purge(now_us() + int((days - 1) * DAY_US))
    assert (counts["rejected_crops"], await crops_of(catalog, job.image_id)) == (0, [crop])
    counts = await catalog._purge.purge(now_us() + int((days + 1) * DAY_US))
    assert (counts["rejected_crops"], await crops_of(catalog, job.image_id)) == (1, [None])
    assert not [key for key in await stored_keys(options) if "rejected" in key]
    assert (await catalog._purge.purge(now_us() + int(90 * DAY_US)))["rejected_crops"] == 0

    again = await catalog.reindexing.start(DEFAULT_PRINCIPAL, ReindexScope.ALL)
    async for _ in catalog.operations.watch(DEFAULT_PRINCIPAL, again.id):
        pass
    assert await crops_of(catalog, job.image_id) == [crop]


async def test_they_go_with_their_photo(catalog: Catalog, options: CatalogOptions) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    await catalog.images.delete(DEFAULT_PRINCIPAL, job.image_id)
    await catalog._purge.purge(now_us() + int(1000 * DAY_US))
    assert await stored_keys(options) == []


async def test_none_are_stored_where_none_are_to_be_kept(
    options: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    none = RetentionOptions(rejected_crops_days=0.0)
    catalog = Catalog(replace(options, retention=none), analyzer, TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    job = await index(catalog, IndexRequest(photo(1)))
    assert await crops_of(catalog, job.image_id) == [None]
    await catalog.stop()
    assert not [key for key in await stored_keys(options) if "rejected" in key]
