"""Thumbnails are made in the background, count as no bytes of the tenant, and go with their photo."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import update

from domain.clock import MICROSECONDS, now_us
from domain.types import DEFAULT_PRINCIPAL
from services.catalog.blobs.store import BlobStore, thumbnail_key
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.sql.tables import ImageRow
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import index, stored_keys

TENANT = DEFAULT_PRINCIPAL.tenant_id


def large_photo(width: int = 1500, height: int = 900) -> bytes:
    buffer = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 255, (height // 20, width // 20, 3), np.uint8)
    Image.fromarray(pixels).resize((width, height)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
async def catalog(options: CatalogOptions, analyzer: FakeAnalyzer) -> AsyncIterator[Catalog]:
    """Its loop does not run, so that a test says when thumbnails are made."""
    catalog = Catalog(replace(options, thumbnails=False), analyzer, TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()


async def make_all(catalog: Catalog) -> int:
    made = 0
    while some := await catalog._thumbnailer.make_some():
        made += some
    return made


def size_of(content: bytes) -> tuple[str | None, tuple[int, int]]:
    picture = Image.open(io.BytesIO(content))
    return picture.format, picture.size


async def test_three_sizes_are_stored_beside_a_photo(catalog: Catalog, options: CatalogOptions) -> None:
    job = await index(catalog, IndexRequest(large_photo()))
    small = await index(catalog, IndexRequest(photo(1)))
    keys, use = await stored_keys(options), await catalog.use(TENANT)
    assert await make_all(catalog) == 2
    assert await make_all(catalog) == 0, "they are made once"
    made = set(await stored_keys(options)) - set(keys)
    assert made == {thumbnail_key(TENANT, job.image_id, side) for side in (256, 512, 1024)}
    assert not any(small.image_id in key for key in made), "it is smaller than any of them"
    assert await catalog.use(TENANT) == use
    for side, size in ((256, (256, 154)), (512, (512, 307)), (1024, (1024, 614))):
        stored = await BlobStore(options.blob_url).get(thumbnail_key(TENANT, job.image_id, side))
        served = await catalog.images.thumbnail(DEFAULT_PRINCIPAL, job.image_id, side)
        assert (served.content, served.media_type) == (stored, "image/webp")
        assert size_of(stored) == ("WEBP", size)


@pytest.mark.parametrize("stored", [False, True])
async def test_any_size_is_served_stored_or_not(catalog: Catalog, *, stored: bool) -> None:
    job = await index(catalog, IndexRequest(large_photo()))
    if stored:
        await make_all(catalog)
    for side, width in ((0, 256), (100, 100), (300, 300), (512, 512), (1025, 1025), (2048, 1500)):
        made = await catalog.images.thumbnail(DEFAULT_PRINCIPAL, job.image_id, side)
        assert size_of(made.content) == ("WEBP", (width, round(width * 0.6)))


async def test_a_stored_size_is_the_source_of_smaller_ones(catalog: Catalog, options: CatalogOptions) -> None:
    job = await index(catalog, IndexRequest(large_photo()))
    await make_all(catalog)
    buffer = io.BytesIO()
    Image.new("RGB", (512, 307), "red").save(buffer, "WEBP")
    await BlobStore(options.blob_url).put(thumbnail_key(TENANT, job.image_id, 512), buffer.getvalue())
    made = await catalog.images.thumbnail(DEFAULT_PRINCIPAL, job.image_id, 300)
    color = np.asarray(Image.open(io.BytesIO(made.content)).convert("RGB")).mean(axis=(0, 1))
    assert color[0] > 200 > 50 > color[1]


async def test_thumbnails_stay_with_a_deleted_photo_and_are_purged_with_it(
    catalog: Catalog, options: CatalogOptions
) -> None:
    job = await index(catalog, IndexRequest(large_photo()))
    await make_all(catalog)
    keys = await stored_keys(options)
    await catalog.images.delete(DEFAULT_PRINCIPAL, job.image_id)
    assert await stored_keys(options) == keys
    await catalog._purge.purge(now_us() + 31 * 86_400 * MICROSECONDS)
    assert await stored_keys(options) == []


async def test_photos_of_before_get_thumbnails_and_unreadable_ones_are_left(
    catalog: Catalog, options: CatalogOptions
) -> None:
    job = await index(catalog, IndexRequest(large_photo()))
    gone = await index(catalog, IndexRequest(photo(1)))
    deleted = await index(catalog, IndexRequest(photo(2)))
    await catalog.images.delete(DEFAULT_PRINCIPAL, deleted.image_id)
    await make_all(catalog)
    blobs = BlobStore(options.blob_url)
    await blobs.delete(
        [key for key in await stored_keys(options) if "thumbnail" in key or gone.image_id in key]
    )
    await catalog._database.write(lambda session: session.execute(update(ImageRow).values(thumbnail_us=None)))
    assert await make_all(catalog) == 2
    assert await blobs.missing([thumbnail_key(TENANT, job.image_id, 256)]) == []


async def test_the_loop_makes_them_after_a_photo_was_indexed(
    options: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    catalog = Catalog(options, analyzer, TAXONOMY)
    await catalog.start()
    made, put_all = asyncio.Event(), catalog._blobs.put_all

    async def noted(contents: Mapping[str, bytes]) -> None:
        await put_all(contents)
        if any("thumbnail" in key for key in contents):
            made.set()

    catalog._blobs.put_all = noted  # type: ignore[method-assign]
    try:
        await index(catalog, IndexRequest(large_photo()))
        await made.wait()
    finally:
        await catalog.stop()
