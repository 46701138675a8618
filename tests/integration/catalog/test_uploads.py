"""Uploads: announced, sent to their URL, used by calls, forgotten."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from armoire.v1 import indexing_pb2, search_pb2, types_pb2
from domain.errors import (
    AlreadyExists,
    ArmoireError,
    FailedPrecondition,
    InvalidInput,
    NotFound,
    QuotaExceeded,
)
from domain.quota import Quota
from domain.types import DEFAULT_PRINCIPAL
from services.catalog.blobs.store import upload_key
from services.catalog.blobs.url_options import UrlOptions
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.limits import CatalogLimits
from services.catalog.operations.audit import Audit, observe_nothing
from services.catalog.options import CatalogOptions
from services.catalog.resources.uploads import UploadTarget
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.catalog_servicer import CatalogServicer
from services.edge.http.app import build_http_app
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, bad_photo, photo
from tests.integration.catalog.flows import OTHER, end_of, index, stored_keys

BASE = "https://photos.example"
PHOTO = photo(1)
SHA256 = hashlib.sha256(PHOTO).hexdigest()
PNG = "image/png"


@pytest.fixture
def options(options: CatalogOptions, tmp_path: Path) -> CatalogOptions:
    """Photos are in a folder; S3 has tests of its own below."""
    urls = UrlOptions(public_url=BASE, upload_lifetime_s=600)
    limits = CatalogLimits(max_open_uploads=3)
    return replace(options, blob_url=str(tmp_path / "photos"), urls=urls, limits=limits)


@pytest.fixture
async def http(catalog: Catalog) -> AsyncIterator[httpx.AsyncClient]:
    """The HTTP port of the catalogue."""
    calls = Calls(Admission(4), Admission(4, "streams"))
    backend = SimpleNamespace(calls=calls, services=(), open_inference=None, max_message_bytes=1)
    backend.signed_blobs = catalog
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_http_app(lambda: backend))) as client:
        yield client


async def announced(catalog: Catalog, content: bytes = PHOTO, sha256: str = "") -> UploadTarget:
    return await catalog.uploads.create(DEFAULT_PRINCIPAL, PNG, len(content), sha256)


async def uploaded(catalog: Catalog, http: httpx.AsyncClient, content: bytes = PHOTO) -> str:
    """The id of an upload whose bytes were sent."""
    target = await announced(catalog, content)
    assert (await http.put(target.url, content=content, headers=target.headers)).status_code == 204
    return target.upload_id


async def test_an_uploaded_photo_is_indexed_once(catalog: Catalog, http: httpx.AsyncClient) -> None:
    upload_id = await uploaded(catalog, http)
    first = await index(catalog, IndexRequest(upload_id=upload_id, image_name="a.png"))
    again = await index(catalog, IndexRequest(upload_id=upload_id, image_name="a.png"))
    assert (again.id, again.image_id) == (first.id, first.image_id)
    assert (await catalog.images.content(DEFAULT_PRINCIPAL, first.image_id)).content == PHOTO
    assert (await catalog.use("default")).bytes == len(PHOTO)
    with pytest.raises(AlreadyExists, match="key"):
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(upload_id=upload_id, image_name="b.png"))
    with_key = IndexRequest(upload_id=upload_id, image_name="b.png", idempotency_key="another")
    assert (await index(catalog, with_key)).image_id != first.image_id


async def test_an_upload_is_where_it_was_announced(catalog: Catalog) -> None:
    target = await announced(catalog, sha256=SHA256.upper())
    assert target.url.startswith(f"{BASE}/blobs/default/uploads/{target.upload_id}?content_type=image/png&")
    assert target.headers == {"content-type": PNG}
    left = target.expire_time - datetime.now(UTC)
    assert timedelta(seconds=500) < left <= timedelta(seconds=600)


@pytest.mark.parametrize(
    ("media_type", "size_bytes", "sha256", "field"),
    [
        ("image/gif", 9, "", "media_type"),
        ("", 9, "", "media_type"),
        (PNG, 0, "", "size_bytes"),
        (PNG, -1, "", "size_bytes"),
        (PNG, 20 * 2**20 + 1, "", "size_bytes"),
        (PNG, 9, "abc", "sha256"),
        (PNG, 9, "z" * 64, "sha256"),
    ],
)
async def test_what_cannot_be_uploaded_is_refused_when_it_is_announced(
    catalog: Catalog, media_type: str, size_bytes: int, sha256: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await catalog.uploads.create(DEFAULT_PRINCIPAL, media_type, size_bytes, sha256)
    assert caught.value.violations[0].field == field


async def test_a_tenant_has_only_so_many_open_uploads(catalog: Catalog) -> None:
    for _ in range(3):
        await announced(catalog)
    with pytest.raises(QuotaExceeded, match="may have 3 uploads") as caught:
        await announced(catalog)
    assert caught.value.metadata["quota"] == "max_open_uploads"
    await catalog.uploads.create(OTHER, PNG, 9)


async def test_what_is_announced_has_to_fit_into_the_quota(
    options: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    catalog = Catalog(options, analyzer, TAXONOMY, quota_of=lambda _: Quota(max_bytes=1000))
    await catalog.start()
    try:
        await catalog.uploads.create(DEFAULT_PRINCIPAL, PNG, 600)
        with pytest.raises(QuotaExceeded, match="may keep 1000 bytes"):
            await catalog.uploads.create(DEFAULT_PRINCIPAL, PNG, 600)
    finally:
        await catalog.stop()


def files_in(folder: str) -> list[str]:
    return [path.name for path in Path(folder).iterdir()]


WRONG = [
    (PHOTO + b"x", "UPLOAD_MISMATCH", 400),
    (PHOTO[:-1], "UPLOAD_MISMATCH", 400),
    (PHOTO[:-1] + b"x", "UPLOAD_MISMATCH", 400),
]


@pytest.mark.parametrize(("content", "reason", "status"), WRONG)
async def test_other_bytes_than_were_announced_are_not_stored(
    catalog: Catalog,
    http: httpx.AsyncClient,
    options: CatalogOptions,
    content: bytes,
    reason: str,
    status: int,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:  # without a length
        yield content[:50]
        yield content[50:]

    target = await announced(catalog, sha256=SHA256)
    for body in (content, pieces()):
        response = await http.put(target.url, content=body, headers=target.headers)
        assert (response.status_code, response.json()["reason"]) == (status, reason)
    assert await stored_keys(options) == []
    assert files_in(options.blob_url) == ["armoire-catalog-id"]
    with pytest.raises(FailedPrecondition) as caught:
        await catalog.uploads.read(DEFAULT_PRINCIPAL, target.upload_id)
    assert caught.value.reason == "UPLOAD_INCOMPLETE"


async def test_an_upload_may_be_sent_again(catalog: Catalog, http: httpx.AsyncClient) -> None:
    target = await announced(catalog)
    other = photo(2)[: len(PHOTO)].ljust(len(PHOTO), b"x")
    for content in (other, PHOTO):
        assert (await http.put(target.url, content=content, headers=target.headers)).status_code == 204
    assert await catalog.uploads.read(DEFAULT_PRINCIPAL, target.upload_id) == PHOTO


async def test_a_url_of_an_upload_opens_nothing_else(catalog: Catalog, http: httpx.AsyncClient) -> None:
    target = await announced(catalog)
    second = await announced(catalog)
    changed = [
        target.url.replace("/default/", "/other/"),
        target.url.replace(target.upload_id, second.upload_id),
        target.url.replace(f"size_bytes={len(PHOTO)}", "size_bytes=1"),
        target.url.replace("image/png", "image/jpeg"),
    ]
    for url in changed:
        response = await http.put(url, content=PHOTO, headers=target.headers)
        assert (response.status_code, response.json()["reason"]) == (403, "URL_INVALID")
    assert (await http.get(target.url)).status_code == 403
    job = await index(catalog, IndexRequest(PHOTO))
    link = await catalog.links.original(DEFAULT_PRINCIPAL, job.image_id)
    assert (await http.put(link.url, content=PHOTO, headers=target.headers)).status_code == 403


async def test_an_upload_is_its_tenant_s(catalog: Catalog, http: httpx.AsyncClient) -> None:
    upload_id = await uploaded(catalog, http)
    for call in (
        catalog.uploads.read(OTHER, upload_id),
        catalog.images.index(OTHER, IndexRequest(upload_id=upload_id)),
    ):
        with pytest.raises(NotFound):
            await call


async def test_an_upload_is_looked_at_when_it_is_used(catalog: Catalog, http: httpx.AsyncClient) -> None:
    no_picture = b"<html>" + b" " * 100
    upload_id = await uploaded(catalog, http, no_picture)
    with pytest.raises(InvalidInput, match=r"image\.content: is an HTML page"):
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(upload_id=upload_id))
    jpeg = b"\xff\xd8\xff" + b"\0" * 100
    upload_id = await uploaded(catalog, http, jpeg)
    with pytest.raises(InvalidInput, match=r"image\.upload_id: must be image/png") as caught:
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(upload_id=upload_id))
    assert caught.value.reason == "UPLOAD_MISMATCH"


async def test_a_photo_that_fails_later_has_a_job_that_says_so(
    catalog: Catalog, http: httpx.AsyncClient
) -> None:
    upload_id = await uploaded(catalog, http, bad_photo(1))
    job = await index(catalog, IndexRequest(upload_id=upload_id))
    assert job.error is not None


async def test_an_upload_that_was_not_sent_cannot_be_used(catalog: Catalog) -> None:
    target = await announced(catalog)
    with pytest.raises(FailedPrecondition, match="were not sent yet") as caught:
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(upload_id=target.upload_id))
    assert caught.value.reason == "UPLOAD_INCOMPLETE"
    with pytest.raises(InvalidInput, match=r"image\.upload_id: must be a UUID"):
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(upload_id="../../etc/passwd"))


async def test_searches_and_streams_take_uploads(catalog: Catalog, http: httpx.AsyncClient) -> None:
    upload_id = await uploaded(catalog, http)
    servicer, image = CatalogServicer(catalog), types_pb2.ImageInput(upload_id=upload_id)

    async def requests() -> AsyncIterator[indexing_pb2.IndexImagesRequest]:
        yield indexing_pb2.IndexImagesRequest(id="1", image=image)

    (result,) = (await servicer.IndexImages(requests(), None)).results  # type: ignore[arg-type]
    job = await end_of(catalog, result.job.id)
    response = await servicer.Search(search_pb2.SearchRequest(image=image), None)
    assert job.image_id in {hit.item.image_id for query in response.queries for hit in query.hits}
    examples = search_pb2.ExampleSet(positive=[search_pb2.Example(image=image)])
    response = await servicer.Search(search_pb2.SearchRequest(examples=examples), None)
    assert response.queries[0].hits
    unsent = types_pb2.ImageInput(upload_id="nothing")
    examples = search_pb2.ExampleSet(negative=[search_pb2.Example(image=unsent)], positive=examples.positive)
    with pytest.raises(InvalidInput) as caught:
        await servicer.Search(search_pb2.SearchRequest(examples=examples), None)
    assert caught.value.violations[0].field == "examples.negative[0].image.upload_id"


async def test_expired_uploads_are_forgotten_and_their_images_stay(
    catalog: Catalog, http: httpx.AsyncClient, options: CatalogOptions
) -> None:
    upload_id = await uploaded(catalog, http)
    target = await announced(catalog)
    job = await index(catalog, IndexRequest(upload_id=upload_id))
    await catalog._sweeper.sweep(datetime.now(UTC) + timedelta(seconds=590))
    assert upload_key("default", upload_id) in await stored_keys(options)
    assert (await audit(catalog)) == ()
    await catalog._sweeper.sweep(datetime.now(UTC) + timedelta(hours=2))
    assert upload_key("default", upload_id) not in await stored_keys(options)
    assert (await catalog.images.content(DEFAULT_PRINCIPAL, job.image_id)).content == PHOTO
    with pytest.raises(NotFound, match="has expired"):
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(upload_id=upload_id))
    gone = await http.put(target.url, content=PHOTO, headers=target.headers)
    assert (gone.status_code, gone.json()["reason"]) == (410, "UPLOAD_GONE")


async def audit(catalog: Catalog) -> tuple[object, ...]:
    """What an audit finds that takes nothing for too young."""
    parts = (catalog._database, catalog._blobs, catalog._index, catalog._collections)
    return (await Audit(*parts, lambda: None, -60.0, observe_nothing).audit("default")).findings


@pytest.fixture
async def on_s3(options: CatalogOptions, analyzer: FakeAnalyzer) -> AsyncIterator[Catalog]:
    """A catalogue whose photos are in S3."""
    if not (named := os.environ.get("TEST_BLOB_URL")):
        pytest.skip("needs an S3 server that checks signatures: TEST_BLOB_URL, with AWS_ENDPOINT and keys")
    catalog = Catalog(replace(options, blob_url=f"{named}/{uuid.uuid4().hex}"), analyzer, TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()


async def test_s3_takes_uploads(on_s3: Catalog) -> None:
    target = await announced(on_s3, sha256=SHA256)
    async with httpx.AsyncClient() as client:
        sent = await client.put(target.url, content=PHOTO, headers=target.headers)
        assert sent.status_code == 200
        changed = target.url.replace(target.upload_id, str(uuid.uuid4()))
        assert (await client.put(changed, content=PHOTO, headers=target.headers)).status_code == 403
        assert (await client.get(target.url)).status_code == 403
    job = await index(on_s3, IndexRequest(upload_id=target.upload_id))
    assert (await on_s3.images.content(DEFAULT_PRINCIPAL, job.image_id)).content == PHOTO


@pytest.mark.parametrize("content", [PHOTO + b"x" * 2**20, PHOTO[:-1], PHOTO[:-1] + b"x"])
async def test_what_s3_took_is_compared_with_what_was_announced(on_s3: Catalog, content: bytes) -> None:
    target = await announced(on_s3, sha256=SHA256)
    async with httpx.AsyncClient() as client:
        assert (await client.put(target.url, content=content, headers=target.headers)).status_code == 200
    with pytest.raises(ArmoireError) as caught:
        await on_s3.images.index(DEFAULT_PRINCIPAL, IndexRequest(upload_id=target.upload_id))
    assert caught.value.reason == "UPLOAD_MISMATCH"
