"""Links to pictures: who gets one, what it leads to, and when it no longer does."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from domain.clock import MICROSECONDS, now_us
from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL
from imaging.decode import DecodeLimits, probe
from services.catalog.blobs.signing import UrlRefused
from services.catalog.blobs.store import original_key
from services.catalog.blobs.url_options import UrlOptions
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.resources.links import LinkedPicture, PictureGone
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, index

BASE = "https://photos.example"
PHOTO = photo(1)


@pytest.fixture
def options(options: CatalogOptions, tmp_path: Path) -> CatalogOptions:
    """Photos are in a folder; S3 has tests of its own below."""
    urls = UrlOptions(public_url=BASE, lifetime_s=60, max_lifetime_s=600)
    return replace(options, blob_url=str(tmp_path / "photos"), urls=urls)


@pytest.fixture
async def image_id(catalog: Catalog) -> str:
    return (await index(catalog, IndexRequest(PHOTO))).image_id


async def opened(catalog: Catalog, url: str) -> LinkedPicture:
    parts = urlsplit(url)
    return await catalog.links.open(parts.path, parts.query)


async def content_of(picture: LinkedPicture) -> bytes:
    return b"".join([piece async for piece in picture.read(0, picture.size_bytes)])


async def test_a_link_leads_to_the_original(catalog: Catalog, image_id: str) -> None:
    link = await catalog.links.original(DEFAULT_PRINCIPAL, image_id)
    assert link.url.startswith(f"{BASE}/blobs/default/images/{image_id}/original?expires=")
    picture = await opened(catalog, link.url)
    assert await content_of(picture) == PHOTO
    assert (picture.tenant_id, picture.media_type, picture.name) == (
        "default",
        link.media_type,
        f"{image_id}.png",
    )
    assert picture.etag == hashlib.sha256(PHOTO).hexdigest()
    assert b"".join([piece async for piece in picture.read(5, 9)]) == PHOTO[5:9]


async def test_a_link_leads_to_a_thumbnail(catalog: Catalog, image_id: str) -> None:
    link = await catalog.links.thumbnail(DEFAULT_PRINCIPAL, image_id, 32)
    picture = await opened(catalog, link.url)
    content = await content_of(picture)
    info = probe(content, DecodeLimits())
    assert (max(info.width, info.height), f"image/{info.format}") == (32, picture.media_type)
    assert picture.media_type == link.media_type
    assert (len(content), hashlib.sha256(content).hexdigest()) == (picture.size_bytes, picture.etag)


async def test_a_link_leads_to_the_crop_of_an_item(catalog: Catalog, image_id: str) -> None:
    (item, *_) = (await catalog.items.list(DEFAULT_PRINCIPAL, image_id=image_id)).entries
    crop = (await catalog.items.get(DEFAULT_PRINCIPAL, item.id, include_crop=True)).crop
    link = await catalog.links.crop(DEFAULT_PRINCIPAL, item.id)
    assert link.url.startswith(f"{BASE}/blobs/default/items/{item.id}/crop?expires=")
    picture = await opened(catalog, link.url)
    assert await content_of(picture) == crop
    assert (picture.media_type, picture.name) == (link.media_type, f"{item.id}.jpg")
    with pytest.raises(UrlRefused):
        await opened(catalog, link.url.replace(item.id, image_id))
    with pytest.raises(NotFound):
        await catalog.links.crop(OTHER, item.id)
    await catalog.images.delete(DEFAULT_PRINCIPAL, image_id)
    with pytest.raises(PictureGone) as caught:
        await opened(catalog, link.url)
    assert caught.value.metadata == {"resource": "item", "id": item.id}


async def test_a_tenant_gets_links_to_its_own_photos_alone(catalog: Catalog, image_id: str) -> None:
    for make in (catalog.links.original, catalog.links.thumbnail):
        with pytest.raises(NotFound):
            await make(OTHER, image_id)
    link = await catalog.links.original(DEFAULT_PRINCIPAL, image_id)
    with pytest.raises(UrlRefused):
        await opened(catalog, link.url.replace("/default/", "/other/"))


async def test_a_link_is_taken_for_nothing_else(catalog: Catalog, image_id: str) -> None:
    link = await catalog.links.original(DEFAULT_PRINCIPAL, image_id)
    for other in ("thumbnail", "../original", "original/", "crop.jpg"):
        with pytest.raises(UrlRefused):
            await opened(catalog, link.url.replace("/original", f"/{other}"))


@pytest.mark.parametrize("lifetime_s", [-1, 601])
async def test_a_lifetime_has_a_limit(catalog: Catalog, image_id: str, lifetime_s: int) -> None:
    with pytest.raises(InvalidInput, match="url_lifetime_s: must be 0 to 600") as caught:
        await catalog.links.original(DEFAULT_PRINCIPAL, image_id, lifetime_s)
    assert caught.value.violations[0].field == "url_lifetime_s"


async def test_a_side_has_limits(catalog: Catalog, image_id: str) -> None:
    with pytest.raises(InvalidInput, match="max_side_px"):
        await catalog.links.thumbnail(DEFAULT_PRINCIPAL, image_id, 4000)


async def test_a_longer_lifetime_is_told(catalog: Catalog, image_id: str) -> None:
    short = await catalog.links.original(DEFAULT_PRINCIPAL, image_id)
    long = await catalog.links.original(DEFAULT_PRINCIPAL, image_id, 600)
    assert 540 <= (long.expire_time - short.expire_time).total_seconds() < 600
    assert f"expires={long.expire_time.timestamp():.0f}&" in long.url


async def test_links_end_with_their_photo(catalog: Catalog, image_id: str) -> None:
    links = [
        await catalog.links.original(DEFAULT_PRINCIPAL, image_id),
        await catalog.links.thumbnail(DEFAULT_PRINCIPAL, image_id),
    ]
    await catalog.images.delete(DEFAULT_PRINCIPAL, image_id)
    for link in links:
        with pytest.raises(PictureGone) as caught:
            await opened(catalog, link.url)
        assert (caught.value.reason, caught.value.http_status) == ("PICTURE_GONE", 410)
    with pytest.raises(NotFound):
        await catalog.links.original(DEFAULT_PRINCIPAL, image_id)


async def test_a_restored_photo_has_its_links_again(catalog: Catalog, image_id: str) -> None:
    link = await catalog.links.original(DEFAULT_PRINCIPAL, image_id)
    await catalog.images.delete(DEFAULT_PRINCIPAL, image_id)
    await catalog.images.restore(DEFAULT_PRINCIPAL, image_id)
    assert await content_of(await opened(catalog, link.url)) == PHOTO


async def test_a_photo_whose_file_is_lost_is_gone(
    catalog: Catalog, image_id: str, options: CatalogOptions
) -> None:
    link = await catalog.links.original(DEFAULT_PRINCIPAL, image_id)
    shutil.rmtree(Path(options.blob_url) / original_key("default", image_id).rpartition("/")[0])
    with pytest.raises(PictureGone):
        await opened(catalog, link.url)


async def test_another_process_with_the_keys_takes_a_link(
    catalog: Catalog, image_id: str, build: Callable[[], Catalog]
) -> None:
    link = await catalog.links.original(DEFAULT_PRINCIPAL, image_id)
    await catalog.stop()
    again = build()
    await again.start()
    try:
        assert await content_of(await opened(again, link.url)) == PHOTO
    finally:
        await again.stop()


async def test_links_begin_where_the_caller_has_come_to(
    catalog: Catalog, image_id: str, options: CatalogOptions
) -> None:
    links = catalog.links
    links._urls._options = replace(options.urls, public_url="", local_url="http://127.0.0.1:3000")
    reached = await links.original(DEFAULT_PRINCIPAL, image_id, reached_at="https://here.example")
    assert reached.url.startswith("https://here.example/blobs/")
    assert (await links.original(DEFAULT_PRINCIPAL, image_id)).url.startswith("http://127.0.0.1:3000/blobs/")
    links._urls._options = replace(options.urls, public_url="")
    with pytest.raises(FailedPrecondition, match="ARMOIRE_URLS__PUBLIC_URL") as caught:
        await links.original(DEFAULT_PRINCIPAL, image_id)
    assert caught.value.reason == "PUBLIC_URL_UNSET"


@pytest.fixture
async def on_s3(options: CatalogOptions, analyzer: FakeAnalyzer) -> AsyncIterator[Catalog]:
    """A catalogue whose photos are in S3, which callers reach under another name than the server."""
    if not (named := os.environ.get("TEST_BLOB_URL")):
        pytest.skip("needs an S3 server that checks signatures: TEST_BLOB_URL, with AWS_ENDPOINT and keys")
    public = os.environ["AWS_ENDPOINT"].replace("127.0.0.1", "localhost")
    blob_url = f"{named}/{uuid.uuid4().hex}"
    catalog = Catalog(replace(options, blob_url=blob_url, s3_public_endpoint=public), analyzer, TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()


async def test_s3_signs_the_links_of_originals(on_s3: Catalog) -> None:
    image_id = (await index(on_s3, IndexRequest(PHOTO))).image_id
    link = await on_s3.links.original(DEFAULT_PRINCIPAL, image_id, 120)
    assert urlsplit(link.url).hostname == "localhost"
    assert "X-Amz-Expires=120&" in link.url
    async with httpx.AsyncClient() as client:
        whole = await client.get(link.url)
        assert (whole.status_code, whole.content) == (200, PHOTO)
        part = await client.get(link.url, headers={"range": "bytes=5-8"})
        assert (part.status_code, part.content) == (206, PHOTO[5:9])
        changed = (link.url.replace("Expires=120", "Expires=1200"), link.url.replace("/images/", "/items/"))
        for other in changed:
            assert (await client.get(other)).status_code == 403
        assert (await client.put(link.url, content=b"other")).status_code == 403
        await on_s3.images.delete(DEFAULT_PRINCIPAL, image_id)
        await on_s3._purge.purge(now_us() + 366 * 86_400 * MICROSECONDS)
        assert (await client.get(link.url)).status_code == 404


async def test_s3_signs_the_links_of_crops(on_s3: Catalog) -> None:
    job = await index(on_s3, IndexRequest(PHOTO))
    item = await on_s3.items.get(DEFAULT_PRINCIPAL, job.items[0].item_id, include_crop=True)
    link = await on_s3.links.crop(DEFAULT_PRINCIPAL, item.id)
    async with httpx.AsyncClient() as client:
        answer = await client.get(link.url)
    assert (answer.status_code, answer.content) == (200, item.crop)


async def test_links_of_the_server_end_with_their_photo_in_s3_too(on_s3: Catalog) -> None:
    on_s3.links._options = replace(on_s3.links._options, s3_links=False)
    job = await index(on_s3, IndexRequest(PHOTO))
    links = [
        await on_s3.links.original(DEFAULT_PRINCIPAL, job.image_id),
        await on_s3.links.crop(DEFAULT_PRINCIPAL, job.items[0].item_id),
    ]
    assert await content_of(await opened(on_s3, links[0].url)) == PHOTO
    await on_s3.images.delete(DEFAULT_PRINCIPAL, job.image_id)
    for link in links:
        with pytest.raises(PictureGone):
            await opened(on_s3, link.url)


async def test_the_server_makes_the_thumbnails_of_photos_in_s3(on_s3: Catalog) -> None:
    image_id = (await index(on_s3, IndexRequest(PHOTO))).image_id
    link = await on_s3.links.thumbnail(DEFAULT_PRINCIPAL, image_id, 32)
    assert link.url.startswith(BASE)
    content = await content_of(await opened(on_s3, link.url))
    assert max(probe(content, DecodeLimits()).width, probe(content, DecodeLimits()).height) == 32
