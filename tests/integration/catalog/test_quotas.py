"""What a tenant may keep, and how many pixels it may send to be kept or searched with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from domain.calls import BACKGROUND, CURRENT_CALL
from domain.errors import InvalidInput, QuotaExceeded
from domain.quota import NO_QUOTA, Quota, TenantUse
from domain.types import DEFAULT_PRINCIPAL, Box
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.jobs import Job, JobState
from services.catalog.search.query import ImageQuery
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, garments_in, photo
from tests.integration.catalog.flows import OTHER, end_of, index, stored_keys

pytestmark = pytest.mark.embedded("uses both databases")

TENANT = DEFAULT_PRINCIPAL.tenant_id
FEW = next(photo(seed) for seed in range(99) if garments_in(photo(seed)) == 1)
MANY = next(photo(seed) for seed in range(99) if garments_in(photo(seed)) == 3)


class Counted:
    """Counts pixels, and refuses more than it was made for."""

    def __init__(self, most: int) -> None:
        self.most, self.taken = most, list[tuple[str, int]]()

    def limits_pixels(self, tenant_id: str) -> bool:
        return True

    async def take_pixels(self, tenant_id: str, pixels: int) -> None:
        if pixels > self.most:
            raise InvalidInput("", "too many")
        self.taken.append((tenant_id, pixels))


@pytest.fixture(params=["sqlite", "postgresql"])
def options(request: pytest.FixtureRequest, options: CatalogOptions) -> CatalogOptions:
    if request.param == "postgresql":
        return replace(options, database_url=request.getfixturevalue("postgres_url"))
    return options


@pytest.fixture
def quotas() -> dict[str, Quota]:
    """By tenant; a test changes them."""
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


async def test_bytes_over_the_quota_are_refused_and_nothing_is_stored(
    catalog: Catalog, options: CatalogOptions, quotas: dict[str, Quota]
) -> None:
    quotas[TENANT] = Quota(max_bytes=len(FEW) + len(MANY) - 1)
    kept = await index(catalog, IndexRequest(FEW, idempotency_key="k"))
    before = await stored_keys(options)
    with pytest.raises(QuotaExceeded, match="bytes of photos"):
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(MANY))
    assert await stored_keys(options) == before
    assert (await catalog.jobs.list(DEFAULT_PRINCIPAL)).entries == (kept,)
    again = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(FEW, idempotency_key="k"))
    assert again.id == kept.id, "it is kept already"
    assert (await index(catalog, IndexRequest(MANY), OTHER)).state is JobState.COMPLETE
    assert await catalog.use(TENANT) == TenantUse(1, len(FEW))
    await catalog.images.delete(DEFAULT_PRINCIPAL, kept.image_id)
    assert await catalog.use(TENANT) == TenantUse()
    assert (await index(catalog, IndexRequest(MANY))).state is JobState.COMPLETE


async def test_photos_that_come_at_the_same_time_do_not_exceed_the_quota(
    catalog: Catalog, options: CatalogOptions, quotas: dict[str, Quota]
) -> None:
    photos = [photo(seed) for seed in range(12)]
    quotas[TENANT] = Quota(max_bytes=4 * max(map(len, photos)))
    coming = (catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(content)) for content in photos)
    outcomes = await asyncio.gather(*coming, return_exceptions=True)
    jobs = [each for each in outcomes if isinstance(each, Job)]
    assert {type(each) for each in outcomes} == {Job, QuotaExceeded}
    assert 4 <= len(jobs) < 12
    await asyncio.gather(*(end_of(catalog, job.id) for job in jobs))
    kept = await catalog.use(TENANT)
    assert kept.bytes <= quotas[TENANT].max_bytes
    originals = [key for key in await stored_keys(options) if key.endswith("original")]
    assert len(originals) == len(jobs), "those that were refused are not stored"


async def test_items_over_the_quota_fail_the_job_once_and_are_found_after_room_was_made(
    catalog: Catalog, quotas: dict[str, Quota]
) -> None:
    quotas[TENANT] = Quota(max_items=3)
    first = await index(catalog, IndexRequest(FEW))
    failed = await index(catalog, IndexRequest(MANY))
    assert (failed.state, failed.attempts, failed.items) == (JobState.FAILED, 1, ())
    assert isinstance(failed.error, QuotaExceeded)
    assert failed.error.subject == f"tenants/{TENANT}"
    assert await catalog.use(TENANT) == TenantUse(1, len(FEW) + len(MANY))
    await catalog.images.delete(DEFAULT_PRINCIPAL, first.image_id)
    await catalog.jobs.retry(DEFAULT_PRINCIPAL, failed.id)
    done = await end_of(catalog, failed.id)
    assert (done.state, len(done.items)) == (JobState.COMPLETE, 3)
    assert await catalog.use(TENANT) == TenantUse(3, len(MANY))
    with pytest.raises(QuotaExceeded, match="3 items"):  # it would have an item, at least
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(FEW))


async def test_use_is_that_of_every_tenant(catalog: Catalog) -> None:
    await index(catalog, IndexRequest(MANY))
    await index(catalog, IndexRequest(FEW), OTHER)
    assert dict(await catalog.uses()) == {
        TENANT: TenantUse(3, len(MANY)),
        OTHER.tenant_id: TenantUse(1, len(FEW)),
    }


@contextmanager
def calling(rates: Counted) -> Iterator[None]:
    """A call of OTHER's."""
    token = CURRENT_CALL.set(replace(BACKGROUND, principal=OTHER, rates=rates))
    try:
        yield
    finally:
        CURRENT_CALL.reset(token)


async def test_the_pixels_of_a_photo_and_its_boxes_are_counted_when_it_comes(
    catalog: Catalog, options: CatalogOptions
) -> None:
    rates, boxed = Counted(4000), (Box(0, 0, 20, 40),)
    with calling(rates):
        job = await index(catalog, IndexRequest(FEW, boxes=boxed, idempotency_key="k"), OTHER)
        await catalog.images.index(OTHER, IndexRequest(FEW, boxes=boxed, idempotency_key="k"))
        await catalog.search(OTHER, ImageQuery(FEW))
    assert job.state is JobState.COMPLETE
    assert rates.taken == [("other", 60 * 40 + 20 * 40), ("other", 60 * 40)]
    before = await stored_keys(options)
    with calling(Counted(2399)):
        with pytest.raises(InvalidInput, match=r"^image: too many"):
            await catalog.images.index(OTHER, IndexRequest(MANY))
        with pytest.raises(InvalidInput, match=r"^image: too many"):
            await catalog.search(OTHER, ImageQuery(MANY))
    assert await stored_keys(options) == before
