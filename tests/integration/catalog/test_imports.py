"""Imports on real stores: kept, indexed, resumed after a crash, cancelled, retried and reported."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from domain.errors import FailedPrecondition, InvalidInput, NotFound, QuotaExceeded
from domain.quota import Quota
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.audit.audit_filter import AuditFilter
from services.catalog.blobs.store import original_key
from services.catalog.catalog import Catalog
from services.catalog.options import CatalogOptions
from services.catalog.records.imports import Entry, EntryState
from services.catalog.records.money import Money
from services.catalog.records.operations import Operation, OperationState
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.resources.import_checks import MAX_FAILURES
from services.catalog.resources.import_reading import IncomingEntry
from services.catalog.search.query import ItemQuery
from services.catalog.sql.tables import ImportEntryRow
from services.catalog.web.allowed_hosts import AllowedHosts
from services.catalog.web.fetcher import FetchOptions
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, bad_photo, photo
from tests.integration.catalog.flows import OTHER, found_ids, stored_keys
from tests.web_host import WebHost, web_host


@pytest.fixture
def host() -> Iterator[WebHost]:
    with web_host() as served:
        yield served


@pytest.fixture
async def fetching(options: CatalogOptions, analyzer: FakeAnalyzer, host: WebHost) -> AsyncIterator[Catalog]:
    """A catalogue that may fetch from the host."""
    catalog = Catalog(options, analyzer, TAXONOMY, fetcher=host.fetcher())
    await catalog.start()
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()


def coat(number: int, **fields: object) -> ProductDraft:
    return replace(ProductDraft(f"Coat {number}", external_id=f"SKU-{number}"), **fields)  # type: ignore[arg-type]


def entry(number: int, seed: int | None = None, **fields: object) -> IncomingEntry:
    """A product with a photo."""
    content = photo(number if seed is None else seed)
    made = IncomingEntry(number, f"row {number}", coat(number), f"{number}.png", content)
    return replace(made, **fields)  # type: ignore[arg-type]


async def begin(catalog: Catalog, key: str = "", **fields: object) -> str:
    started = await catalog.imports.start(DEFAULT_PRINCIPAL, "a.csv", idempotency_key=key, **fields)  # type: ignore[arg-type]
    return started.operation.id


async def send(catalog: Catalog, id: str, *entries: IncomingEntry) -> int:
    async def stream() -> AsyncGenerator[tuple[str, IncomingEntry], None]:
        for each in entries:
            yield id, each

    return await catalog.imports.keep(DEFAULT_PRINCIPAL, stream())


async def ended(catalog: Catalog, id: str) -> Operation:
    async for operation in catalog.operations.watch(DEFAULT_PRINCIPAL, id):
        last = operation
    return last


async def done(catalog: Catalog, *entries: IncomingEntry, **fields: object) -> Operation:
    """An import of these entries, at its end."""
    id = await begin(catalog, **fields)
    await send(catalog, id, *entries)
    await catalog.imports.finish(DEFAULT_PRINCIPAL, id)
    return await ended(catalog, id)


async def failures(catalog: Catalog, operation: Operation) -> dict[int, Entry]:
    page = await catalog.imports.failures(DEFAULT_PRINCIPAL, operation.id)
    return {each.number: each for each in page.entries}


async def until_failed(catalog: Catalog, id: str, count: int) -> None:
    """Return once so many entries have failed."""
    async for operation in catalog.operations.watch(DEFAULT_PRINCIPAL, id):
        if operation.progress.failed >= count:
            return


async def until_done(catalog: Catalog, id: str, count: int) -> None:
    """Return once so many entries are done."""
    async for operation in catalog.operations.watch(DEFAULT_PRINCIPAL, id):
        if operation.progress.done >= count:
            return


def report(operation: Operation) -> dict[str, int]:
    """What has come of an import, without what is 0."""
    assert operation.state is OperationState.SUCCEEDED, operation.error
    return {name: count for name, count in dict(operation.response or {}).items() if count}


async def names(catalog: Catalog) -> dict[str, list[str]]:
    """The names of the photos by the external id of their product."""
    images = (await catalog.images.list(DEFAULT_PRINCIPAL, 200)).entries
    found: dict[str, list[str]] = {}
    for image in images[::-1]:
        product = await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(image.product_id))
        found.setdefault(product.external_id, []).append(image.name)
    return found


async def test_products_and_photos_are_imported_and_found(catalog: Catalog, options: CatalogOptions) -> None:
    full = coat(
        1,
        price=Money("EUR", 19, 900_000_000),
        attributes={"material": "linen"},
        availability=Availability.IN_STOCK,
    )
    back = entry(2, product=coat(1), image_name="back.png")
    bare = IncomingEntry(3, "row 3", coat(3))
    operation = await done(catalog, entry(1, product=full), back, bare, entry(4))
    assert report(operation) == {"entries": 4, "products_created": 3, "photos_indexed": 3}
    progress = operation.progress
    assert (progress.unit, progress.done, progress.failed, progress.total) == ("entries", 4, 0, 4)
    assert await names(catalog) == {"SKU-1": ["1.png", "back.png"], "SKU-4": ["4.png"]}
    product = await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey("", "SKU-1"))
    assert (product.price, product.attributes) == (full.price, full.attributes)
    assert product.availability is Availability.IN_STOCK
    items = {item.id for item in (await catalog.items.list(DEFAULT_PRINCIPAL)).entries}
    assert product.primary_item_id in items
    found = await found_ids(catalog, ItemQuery(product.primary_item_id))
    assert {*found, product.primary_item_id} == items
    kept = await stored_keys(options)
    images = (await catalog.images.list(DEFAULT_PRINCIPAL)).entries
    assert {original_key("default", image.id) for image in images} == {k for k in kept if "/images/" in k}


async def test_an_import_again_changes_only_what_is_new(catalog: Catalog, options: CatalogOptions) -> None:
    await done(catalog, entry(1), entry(2))
    before = await stored_keys(options)
    changed = coat(2, brand="Acme")
    operation = await done(catalog, entry(1), entry(2, product=changed), entry(3, seed=2, product=coat(2)))
    assert report(operation) == {"entries": 3, "products_updated": 1, "photos_known": 3}
    assert await stored_keys(options) == before
    assert (await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey("", "SKU-2"))).brand == "Acme"
    records = await catalog.trail.list(AuditFilter(), 3)
    of_product = [each for each in records if each.resource.startswith("products/")]
    assert [(each.action, each.before, each.after) for each in of_product] == [
        ("StartImport", {}, {"brand": "Acme"})
    ]


async def test_what_fails_is_told_and_stops_nothing_else(catalog: Catalog) -> None:
    operation = await done(
        catalog,
        entry(1),
        entry(2, content=b"no picture"),
        entry(3, content=None, problem="cannot read 3.png: No such file or directory"),
        entry(4, product=ProductDraft("Coat without an id")),
        entry(5, product=coat(5, price=Money("euro", 1))),
        entry(6, content=bad_photo(6)),
        IncomingEntry(7, "row 7"),
        entry(8, product=None),
        entry(9, content=None, url="http://127.0.0.1/x.png"),
    )
    assert report(operation) == {"entries": 9, "failed": 7, "products_created": 5, "photos_indexed": 2}
    found = await failures(catalog, operation)
    assert {number: each.error.reason for number, each in found.items() if each.error} == {
        2: "INVALID_INPUT",
        3: "ENTRY_UNREADABLE",
        4: "INVALID_INPUT",
        5: "INVALID_INPUT",
        6: "INVALID_INPUT",
        7: "INVALID_INPUT",
        9: "URL_NOT_ALLOWED",
    }
    assert (found[3].source, found[3].external_id, found[3].image_name) == ("row 3", "SKU-3", "3.png")
    told = {number: str(found[number].error) for number in (3, 4, 5)}
    assert told == {
        3: "cannot read 3.png: No such file or directory",
        4: "product.external_id: must not be empty: an import finds products by it",
        5: "product.price.currency_code: must be three capital letters, such as EUR",
    }
    imported = {each.external_id for each in (await catalog.products.list(DEFAULT_PRINCIPAL)).entries}
    assert imported == {"SKU-1", "SKU-2", "SKU-3", "SKU-6", "SKU-9"}
    first = await catalog.imports.failures(DEFAULT_PRINCIPAL, operation.id, 4)
    second = await catalog.imports.failures(DEFAULT_PRINCIPAL, operation.id, 4, first.next_token)
    assert [each.number for each in (*first.entries, *second.entries)] == list(found)
    assert second.next_token == ""


@pytest.fixture
async def picky(options: CatalogOptions, analyzer: FakeAnalyzer) -> AsyncIterator[Catalog]:
    """A catalogue that may fetch from one host."""
    fetch = FetchOptions(AllowedHosts(("shop.example",)))
    catalog = Catalog(replace(options, fetch=fetch), analyzer, TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()


async def check(catalog: Catalog, *entries: IncomingEntry, again: bool = False) -> dict[int, str]:
    """By number, what an import would say of those that it would refuse."""

    async def stream() -> AsyncGenerator[IncomingEntry, None]:
        for each in entries:
            yield each

    checked = await catalog.import_checks.check(DEFAULT_PRINCIPAL, stream(), again=again)
    assert checked.next_number == entries[-1].number + 1
    return {each.number: str(each.error) for each in checked.failures}


async def test_a_check_refuses_what_an_import_refuses_and_keeps_nothing(
    picky: Catalog, options: CatalogOptions
) -> None:
    await done(picky, entry(1), entry(2))
    (_, first) = (await picky.images.list(DEFAULT_PRINCIPAL)).entries
    await picky.images.delete(DEFAULT_PRINCIPAL, first.id)
    entries = [
        entry(1),
        entry(2, product=coat(2, list_price=Money("EUR", 5))),
        entry(3),
        entry(4, product=coat(4, category="spaceship")),
        entry(5, product=coat(5, price=Money("EUR", 1), list_price=Money("USD", 2))),
        entry(6, product=coat(6, display_name="x" * 201)),
        entry(7, product=coat(7, attributes={"a" * 300: "b"})),
        entry(8, content=b"no picture"),
        entry(9, content=None, url="http://shop.example/x.png"),
        entry(10, content=None, url="https://elsewhere.example/x.png"),
        entry(11, content=None, problem="no such file"),
        IncomingEntry(12, "row 12"),
        entry(13, product=coat(3)),
        entry(14, product=ProductDraft("Coat without an id")),
    ]
    before = await kept_of(picky, options)
    refused = await check(picky, *entries)
    assert refused.keys() == {1, 2, *range(5, 13), 14}
    assert await check(picky, entries[0], again=True) == {}
    assert await kept_of(picky, options) == before
    told = {n: str(each.error) for n, each in (await failures(picky, await done(picky, *entries))).items()}
    assert told == refused


async def kept_of(catalog: Catalog, options: CatalogOptions) -> tuple[object, ...]:
    """What there is: products with their etags, photos, jobs, operations, blobs and audit records."""
    products = (await catalog.products.list(DEFAULT_PRINCIPAL)).entries
    images = (await catalog.images.list(DEFAULT_PRINCIPAL)).entries
    jobs = (await catalog.jobs.list(DEFAULT_PRINCIPAL)).entries
    records = await catalog.trail.list(AuditFilter(), 100)
    return (
        *([(each.id, each.etag) for each in products], [each.id for each in images]),
        *([each.id for each in jobs], await stored_keys(options), len(records)),
    )


async def test_a_check_ends_with_the_thousandth_refusal(catalog: Catalog) -> None:
    bare = [IncomingEntry(number) for number in range(1, 1200)]

    async def stream() -> AsyncGenerator[IncomingEntry, None]:
        for each in bare:
            yield each

    checked = await catalog.import_checks.check(DEFAULT_PRINCIPAL, stream())
    assert (len(checked.failures), checked.failures[-1].number) == (MAX_FAILURES, MAX_FAILURES)
    assert MAX_FAILURES < checked.next_number < 1200
    with pytest.raises(InvalidInput, match=r"entry\.number"):
        await check(catalog, IncomingEntry(2), IncomingEntry(2))


async def test_photos_at_urls_are_fetched(fetching: Catalog, host: WebHost) -> None:
    good, moved = host.add("/1.png", photo(1)), host.add("/2", b"", 302, location="/moved.png")
    host.add("/moved.png", photo(2))
    urls = [
        good,
        moved,
        host.url("/missing.png"),
        host.add("/text", b"no picture"),
        host.add("/away", b"", 302, location="http://elsewhere.example/x.png"),
    ]
    entries = [entry(number, content=None, url=url) for number, url in enumerate(urls, start=1)]
    operation = await done(fetching, *entries)
    assert report(operation) == {"entries": 5, "failed": 3, "products_created": 5, "photos_indexed": 2}
    found = await failures(fetching, operation)
    reasons = {number: each.error.reason for number, each in found.items() if each.error}
    assert reasons == {3: "FETCH_FAILED", 4: "INVALID_INPUT", 5: "URL_HOST_NOT_ALLOWED"}
    assert found[3].url == host.url("/missing.png")
    assert await names(fetching) == {"SKU-1": ["1.png"], "SKU-2": ["2.png"]}


async def test_entries_are_sent_again_after_a_break_and_kept_once(catalog: Catalog) -> None:
    id = await begin(catalog, "key")
    assert await send(catalog, id, entry(1), entry(2)) == 3
    again = await catalog.imports.start(DEFAULT_PRINCIPAL, "a.csv", idempotency_key="key")
    assert (again.operation.id, again.next_number, again.finished) == (id, 3, False)
    assert await send(catalog, id, entry(2, seed=77), entry(3)) == 4
    await catalog.imports.finish(DEFAULT_PRINCIPAL, id)
    operation = await ended(catalog, id)
    assert report(operation) == {"entries": 3, "products_created": 3, "photos_indexed": 3}
    assert await send(catalog, id, entry(3)) == 4
    with pytest.raises(FailedPrecondition) as refused:
        await send(catalog, id, entry(4))
    assert refused.value.reason == "IMPORT_CLOSED"


async def test_an_import_goes_on_in_the_next_process(build: Callable[[], Catalog]) -> None:
    """The first process is cut off while it works, and has kept entries that it has not begun with."""
    count = 30
    first = build()
    await first.start()
    await first.wait_until_ready()
    id = await begin(first, "key", photos_per_s=100.0)
    await send(first, id, *(entry(number) for number in range(1, count + 1)))
    await until_done(first, id, 1)
    await first.stop()
    second = build()
    await second.start()
    try:
        await second.wait_until_ready()
        await send(second, id, *(entry(number) for number in range(count - 5, count + 6)))
        await second.imports.finish(DEFAULT_PRINCIPAL, id)
        total = count + 5
        expected = {"entries": total, "products_created": total, "photos_indexed": total}
        assert report(await ended(second, id)) == expected
        assert await names(second) == {f"SKU-{n}": [f"{n}.png"] for n in range(1, total + 1)}
    finally:
        await second.stop()


async def test_a_cancelled_import_keeps_what_it_has_and_goes_on_when_it_is_retried(catalog: Catalog) -> None:
    id = await begin(catalog, photos_per_s=0.001)
    await send(catalog, id, *(entry(number) for number in range(1, 4)))
    await catalog.imports.finish(DEFAULT_PRINCIPAL, id)
    await until_done(catalog, id, 1)
    await catalog.operations.cancel(DEFAULT_PRINCIPAL, id)
    cancelled = await ended(catalog, id)
    assert (cancelled.state, cancelled.progress.done) == (OperationState.CANCELLED, 1)
    assert await names(catalog) == {"SKU-1": ["1.png"]}
    with pytest.raises(FailedPrecondition, match="CANCELLED"):
        await send(catalog, id, entry(4))
    await catalog.operations.retry(DEFAULT_PRINCIPAL, id)
    await until_done(catalog, id, 2)
    assert await names(catalog) == {"SKU-1": ["1.png"], "SKU-2": ["2.png"]}


async def test_a_deleted_photo_comes_back_only_where_that_is_asked_for(catalog: Catalog) -> None:
    await done(catalog, entry(1))
    (image,) = (await catalog.images.list(DEFAULT_PRINCIPAL)).entries
    await catalog.images.delete(DEFAULT_PRINCIPAL, image.id)
    refused = await done(catalog, entry(1))
    assert report(refused) == {"entries": 1, "failed": 1}
    (failure,) = (await failures(catalog, refused)).values()
    assert failure.error is not None
    assert failure.error.reason == "PHOTO_DELETED"
    twice = await done(catalog, entry(1), entry(2, seed=1, product=coat(1)), again=True)
    assert report(twice) == {"entries": 2, "photos_indexed": 1, "photos_known": 1}
    assert await names(catalog) == {"SKU-1": ["1.png"]}


async def test_a_job_that_is_deleted_fails_its_entry(catalog: Catalog) -> None:
    """It is deleted before the import has seen its end."""
    id = await begin(catalog)
    await send(catalog, id, entry(1, content=bad_photo(1)))
    await until_failed(catalog, id, 1)
    forgotten = update(ImportEntryRow).values(state=EntryState.QUEUED, job_id="gone", error=None)
    await catalog._database.write(lambda session: session.execute(forgotten) and None)
    await catalog.imports.finish(DEFAULT_PRINCIPAL, id)
    operation = await ended(catalog, id)
    (failure,) = (await failures(catalog, operation)).values()
    assert failure.error is not None
    assert failure.error.reason == "JOB_CANCELLED"


async def test_a_quota_holds_for_imports(options: CatalogOptions, analyzer: FakeAnalyzer) -> None:
    size = len(photo(1))
    quota = Quota(max_bytes=int(2.5 * size))
    catalog = Catalog(options, analyzer, TAXONOMY, quota_of=lambda _: quota)
    await catalog.start()
    try:
        await catalog.wait_until_ready()
        id = await begin(catalog)
        await send(catalog, id, entry(1))
        await send(catalog, id, entry(2))
        with pytest.raises(QuotaExceeded):
            await send(catalog, id, entry(3))
        await catalog.imports.finish(DEFAULT_PRINCIPAL, id)
        assert report(await ended(catalog, id))["photos_indexed"] == 2
    finally:
        await catalog.stop()


async def test_photos_that_wait_are_no_orphans(catalog: Catalog, options: CatalogOptions) -> None:
    id = await begin(catalog, photos_per_s=0.001)
    await send(catalog, id, *(entry(number) for number in range(1, 4)))
    before = await stored_keys(options)
    await catalog._sweeper.sweep(datetime(2100, 1, 1, tzinfo=UTC))
    assert [key for key in before if "/images/" in key] == [
        key for key in await stored_keys(options) if "/images/" in key
    ]


async def test_imports_are_of_one_tenant(catalog: Catalog) -> None:
    id = await begin(catalog)

    async def stream() -> AsyncGenerator[tuple[str, IncomingEntry], None]:
        yield id, entry(1)

    for refused in (
        catalog.imports.keep(OTHER, stream()),
        catalog.imports.finish(OTHER, id),
        catalog.imports.failures(OTHER, id),
    ):
        with pytest.raises(NotFound):
            await refused
    other = Principal("third")
    assert (await catalog.imports.start(other, "a.csv", idempotency_key="")).operation.id != id


@pytest.mark.parametrize("numbers", [(0,), (2, 2), (3, 1)])
async def test_numbers_are_in_order(catalog: Catalog, numbers: tuple[int, ...]) -> None:
    id = await begin(catalog)
    with pytest.raises(InvalidInput, match=r"entry\.number"):
        await send(catalog, id, *(entry(number) for number in numbers))
