"""Stores that go away: what the catalogue then accepts, says and does when they are back."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from pymilvus import MilvusClient

from domain.errors import Unavailable
from domain.types import DEFAULT_PRINCIPAL
from services.catalog.blobs.ownership import MARKER
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.jobs import JobState
from services.catalog.search.query import TextQuery
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import collection_of, end_of, found_ids, index

of_files = pytest.mark.embedded("moves files away")


@pytest.fixture
def blobs(options: CatalogOptions) -> Path:
    return Path(options.blob_url)


@pytest.fixture
async def again(build: Callable[[], Catalog], blobs: Path) -> AsyncIterator[Catalog]:
    """Another start, not yet made, after two photos were indexed."""
    first = build()
    await first.start()
    for seed in range(2):
        await index(first, IndexRequest(photo(seed)))
    await first.stop()
    catalog = build()
    yield catalog
    await catalog.stop()


def empty(folder: Path) -> None:
    """Move all away; deleting would stumble over files that Milvus Lite makes meanwhile."""
    away = folder.with_name(f"{folder.name}-away")
    away.mkdir()
    for path in folder.iterdir():
        path.rename(away / path.name)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def move(old: Path, new: Path) -> None:
    old.rename(new)


def take_pictures(blobs: Path) -> dict[Path, bytes]:
    """Delete all photos and crops; returns what they were."""
    taken = {path: path.read_bytes() for path in blobs.rglob("*") if path.is_file() and path.name != MARKER}
    for path in taken:
        path.unlink()
    return taken


def put_back(pictures: dict[Path, bytes]) -> None:
    for path, content in pictures.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def take_crop(blobs: Path) -> Path:
    crop = next(blobs.rglob("crop.jpg"))
    crop.unlink()
    return crop.relative_to(blobs)


async def refused(catalog: Catalog) -> str:
    """The reason for which a photo is not accepted."""
    with pytest.raises(Unavailable) as caught:
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(9)))
    return caught.value.reason


@of_files
async def test_nothing_is_accepted_where_the_home_was_deleted(
    catalog: Catalog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert catalog.ready
    empty(tmp_path)
    assert not catalog.ready
    assert await refused(catalog) == "BLOB_STORE_MISSING"
    await catalog._stores.look()
    await catalog._stores.look()
    told = f"not ready: the database at {tmp_path}/catalog.db (ARMOIRE_CATALOG__DATABASE_URL) was deleted"
    assert caplog.text.count(told) == 1
    assert "blobs" not in names(tmp_path)


@of_files
async def test_a_volume_of_photos_that_is_not_mounted_is_waited_for(
    again: Catalog, blobs: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    volume = blobs.with_name("volume")
    move(blobs, volume)
    await again.start()
    await again.wait_until_ready()
    assert not again.ready
    assert "has no 'armoire-catalog-id', but the database has photos: mount its volume" in caplog.text
    assert await refused(again) == "BLOB_STORE_MISSING"
    assert len(await found_ids(again, TextQuery("x"))) > 0, "Search needs no photos"
    move(volume, blobs)
    await again._stores.look()
    assert again.ready
    assert "all stores are in their places again" in caplog.text
    await index(again, IndexRequest(photo(9)))


@of_files
async def test_a_job_waits_for_the_volume_of_its_photo(catalog: Catalog, blobs: Path) -> None:
    work, catalog._workers.wake = catalog._workers.wake, lambda: None  # type: ignore[method-assign]
    catalog.images._intake._wake_workers = lambda: None
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    volume = blobs.with_name("volume")
    move(blobs, volume)
    work()
    async for seen in catalog.jobs.watch(DEFAULT_PRINCIPAL, job.id):
        if seen.error is not None:
            break
    assert (seen.state, seen.error and seen.error.reason) == (JobState.QUEUED, "BLOB_STORE_MISSING")
    move(volume, blobs)
    work()
    assert (await end_of(catalog, job.id)).state is JobState.COMPLETE


@of_files
async def test_a_store_without_any_of_the_newest_photos_does_not_serve(
    again: Catalog, blobs: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pictures = take_pictures(blobs)
    await again.start()
    await again.wait_until_ready()
    assert not again.ready
    assert "has none of the newest photos and crops: restore them" in caplog.text
    put_back(pictures)
    await again._stores.look()
    assert again.ready


@of_files
async def test_a_missing_crop_is_told_at_the_start(
    again: Catalog, blobs: Path, caplog: pytest.LogCaptureFixture
) -> None:
    crop = take_crop(blobs)
    await again.start()
    await again.wait_until_ready()
    assert again.ready
    assert f"such as {crop}: restore them" in caplog.text
    assert caplog.text.count("newest photos and crops") == 1


async def test_a_collection_that_another_process_dropped_is_filled_again(
    server_options: CatalogOptions, analyzer: FakeAnalyzer, caplog: pytest.LogCaptureFixture
) -> None:
    catalog = Catalog(server_options, analyzer, TAXONOMY)
    await catalog.start()
    before = [await index(catalog, IndexRequest(photo(seed))) for seed in range(2)]
    stranger = MilvusClient(server_options.milvus_uri)
    name = collection_of(analyzer.served).name
    stranger.drop_collection(name)
    stranger.close()
    after = await index(catalog, IndexRequest(photo(9)))
    assert after.searchable
    ids = {item.item_id for job in (*before, after) for item in job.items}
    assert set(await found_ids(catalog, TextQuery("x"))) == ids
    assert f"not ready: {name} was dropped or changed outside" in caplog.text
    await catalog.stop()
