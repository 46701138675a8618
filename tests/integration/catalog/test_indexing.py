from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from domain.errors import (
    AlreadyExists,
    ArmoireError,
    FailedPrecondition,
    InvalidInput,
    NotFound,
    Overloaded,
    Unavailable,
)
from domain.types import DEFAULT_PRINCIPAL, Box, Embedder, ModelVersion, QualityIssue
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.backlog import Waiting
from services.catalog.records.images import RejectedCrop
from services.catalog.records.jobs import IndexedVersion, JobState, Progress
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.search.query import EmbeddingQuery, TextQuery
from services.catalog.sql.tables import JobRow
from tests.integration.catalog.fake_analyzer import (
    TAXONOMY,
    FakeAnalyzer,
    bad_photo,
    garments_in,
    photo,
)
from tests.integration.catalog.flows import (
    OTHER,
    change_over,
    end_of,
    found_ids,
    index,
    is_any,
    items_of,
    milvus_rows,
    stored_keys,
)


async def test_an_indexed_photo_is_found_by_its_own_embedding(catalog: Catalog) -> None:
    for seed in range(8):
        await index(catalog, IndexRequest(photo(seed)))
    job = await index(catalog, IndexRequest(photo(100), image_name="shop/front.png"))
    assert job.state is JobState.COMPLETE
    assert job.searchable
    assert (job.attempts, job.error) == (1, None)
    assert len(job.items) == garments_in(photo(100))
    for item in await items_of(catalog, job):
        assert item.embedding is not None
        assert (item.image_name, item.image_id) == ("shop/front.png", job.image_id)
        assert (item.image_width, item.image_height) == (60, 40)
        ids = await found_ids(catalog, EmbeddingQuery(item.embedding, item.version))
        assert ids[0] == item.id


async def test_a_watcher_sees_every_state_in_order(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.gate = asyncio.Event()
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    seen: list[JobState] = []
    async for state in catalog.jobs.watch(DEFAULT_PRINCIPAL, job.id):
        seen.append(state.state)
        if state.state is JobState.ANALYZING:
            analyzer.gate.set()
    order = list(JobState)
    assert seen == sorted(seen, key=order.index)
    assert seen[-2:] == [JobState.ANALYZING, JobState.COMPLETE]
    assert seen.count(JobState.COMPLETE) == 1


async def test_watching_an_ended_job_tells_it_once(catalog: Catalog) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    assert [seen async for seen in catalog.jobs.watch(DEFAULT_PRINCIPAL, job.id)] == [job]


async def test_original_and_crops_are_stored(catalog: Catalog, options: CatalogOptions) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    crops = [f"default/items/{item.item_id}/crop.jpg" for item in job.items]
    assert await stored_keys(options) == sorted([f"default/images/{job.image_id}/original", *crops])
    item = await catalog.items.get(DEFAULT_PRINCIPAL, job.items[0].item_id, include_crop=True)
    assert item.crop == b"\xff\xd8crop of " + item.label.encode()
    assert item.embedding is None


async def test_an_item_keeps_what_the_analyzer_said(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    job = await index(catalog, IndexRequest(photo(5)))
    analysis = await analyzer.analyze(photo(5))
    expected = [item for item in analysis.items if item.accepted]
    for item, analyzed in zip(await items_of(catalog, job), expected, strict=True):
        answers = {name: replace(answer, alternatives=()) for name, answer in analyzed.attributes.items()}
        assert (item.box, item.label, item.attributes) == (analyzed.box, analyzed.label, answers)
        assert (item.colors, item.warnings) == (analyzed.colors, analyzed.warnings)
        assert item.score == pytest.approx(analyzed.score)
        assert analyzed.embedding is not None
        assert item.embedding == pytest.approx(analyzed.embedding, abs=1e-6)


async def test_given_boxes_become_the_items(catalog: Catalog) -> None:
    boxes = (Box(1, 2, 30, 30), Box(0, 0, 2, 30), Box(30, 1, 60, 40))
    job = await index(catalog, IndexRequest(photo(1), boxes=boxes))
    assert [item.box for item in await items_of(catalog, job)] == [boxes[0], boxes[2]]


async def test_boxes_without_a_usable_garment_fail_the_job(catalog: Catalog) -> None:
    job = await index(catalog, IndexRequest(photo(1), boxes=(Box(0, 0, 2, 30),)))
    assert job.state is JobState.FAILED
    assert isinstance(job.error, InvalidInput)
    assert job.error.message == "image.boxes: no box holds a usable garment: too_small"


async def test_a_bad_photo_fails_at_once_with_its_reason(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    job = await index(catalog, IndexRequest(bad_photo(1)))
    assert job.state is JobState.FAILED
    assert isinstance(job.error, InvalidInput)
    assert job.error.violations[0].field == "image.content"
    assert (job.attempts, analyzer.analyze_calls) == (1, 1)
    assert not (await catalog.items.list(DEFAULT_PRINCIPAL)).entries


async def test_errors_are_retried_until_they_pass(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.failures = [ArmoireError("broken"), RuntimeError("secret detail")]
    job = await index(catalog, IndexRequest(photo(1)))
    assert job.state is JobState.COMPLETE
    assert job.attempts == 3
    assert job.error is None
    assert len(job.items) == garments_in(photo(1))


async def test_errors_use_up_the_tries(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.failures = [RuntimeError("secret detail")] * 10
    job = await index(catalog, IndexRequest(photo(1)))
    assert job.state is JobState.FAILED
    assert job.attempts == 3
    assert job.error is not None
    assert "secret" not in job.error.message
    assert len(analyzer.failures) == 7


async def test_an_unusable_embedding_is_no_fault_of_the_photo(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    analyzer.unusable_embeddings = 2
    job = await index(catalog, IndexRequest(photo(1)))
    assert (job.state, job.attempts) == (JobState.COMPLETE, 3)
    analyzer.unusable_embeddings = 3
    job = await index(catalog, IndexRequest(photo(2)))
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert job.error.reason == "UNUSABLE_EMBEDDING"


async def test_an_overloaded_or_absent_inference_uses_up_no_tries(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    analyzer.failures = [Overloaded("full"), Unavailable("down")] * 5
    job = await index(catalog, IndexRequest(photo(1)))
    assert job.state is JobState.COMPLETE
    assert job.attempts == 11


async def test_a_product_can_come_with_its_photo(catalog: Catalog) -> None:
    draft = ProductDraft("Evening gown", "long", "Acme", "gown", Money("EUR", 79, 990_000_000))
    job = await index(catalog, IndexRequest(photo(1), product=draft))
    product = await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(job.product_id))
    assert (product.display_name, product.brand, product.price) == ("Evening gown", "Acme", draft.price)
    assert product.category == "dress"
    assert {item.product_id for item in await items_of(catalog, job)} == {product.id}


async def test_a_photo_can_join_a_product(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("Coat"))
    job = await index(catalog, IndexRequest(photo(1), product_id=product.id))
    assert job.product_id == product.id
    listed = await catalog.items.list(DEFAULT_PRINCIPAL, product_id=product.id)
    assert {item.id for item in listed.entries} == {item.item_id for item in job.items}


async def test_the_primary_item_fits_the_products_category(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.categories = ["dress", "shoes", "bag"]
    for category, place in (("purse", 2), ("boots", 1), ("dress", 0)):
        job = await index(catalog, IndexRequest(photo(1), product=ProductDraft("x", category=category)))
        assert [item.primary_in_image for item in job.items] == [index == place for index in range(3)]


async def test_a_name_is_embedded_where_no_item_fits_the_category(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    analyzer.categories = ["dress", "shoes"]
    for name in ("Red leather sneakers", "Felt hat", "Tomorrow"):
        await index(catalog, IndexRequest(photo(1), product=ProductDraft(name)))
    assert analyzer.texts == ["Felt hat", "Tomorrow"]


async def test_the_primary_item_fits_the_products_name(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.categories = ["dress", "shoes", "bag"]
    job = await index(catalog, IndexRequest(photo(1), product=ProductDraft("Red leather sneakers")))
    assert [item.label for item in job.items if item.primary_in_image] == ["shoes"]


async def test_the_same_key_gets_the_same_job(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    request = IndexRequest(photo(1), image_name="a.png", product=ProductDraft("Coat"), idempotency_key="k1")
    job = await index(catalog, request)
    again = await catalog.images.index(DEFAULT_PRINCIPAL, request)
    assert again == job
    assert len((await catalog.jobs.list(DEFAULT_PRINCIPAL)).entries) == 1
    assert len((await catalog.products.list(DEFAULT_PRINCIPAL)).entries) == 1
    assert (await catalog.images.index(OTHER, request)).id != job.id


async def test_a_deleted_photos_key_stays_taken(catalog: Catalog, options: CatalogOptions) -> None:
    request = IndexRequest(photo(1), product=ProductDraft("Coat"), idempotency_key="k1")
    first = await index(catalog, request)
    await catalog.images.delete(DEFAULT_PRINCIPAL, first.image_id)
    kept = await stored_keys(options)  # those of the deleted photo, until it is purged
    gone = await end_of(catalog, first.id)  # a watch ends although nothing will ever be found
    assert (gone.state, gone.items, gone.versions) == (JobState.COMPLETE, (), ())
    with pytest.raises(AlreadyExists) as caught:
        await catalog.images.index(DEFAULT_PRINCIPAL, request)
    assert caught.value.reason == "IDEMPOTENCY_KEY_OF_DELETED"
    await catalog.products.delete(DEFAULT_PRINCIPAL, first.product_id)
    with pytest.raises(AlreadyExists):
        await catalog.images.index(DEFAULT_PRINCIPAL, request)
    assert await stored_keys(options) == kept
    assert (await index(catalog, replace(request, idempotency_key="k2"))).searchable


async def test_photos_with_one_external_id_share_a_product(catalog: Catalog) -> None:
    draft = ProductDraft("Coat", external_id="SKU-1")
    requests = [IndexRequest(photo(seed), product=draft) for seed in range(4)]
    jobs = await asyncio.gather(*(index(catalog, request) for request in requests))
    (product_id,) = {job.product_id for job in jobs}
    later = await index(catalog, IndexRequest(photo(9), product=replace(draft, display_name="Other")))
    assert later.product_id == product_id
    (product,) = (await catalog.products.list(DEFAULT_PRINCIPAL)).entries
    assert (product.id, product.display_name) == (product_id, "Coat")
    await catalog.products.delete(DEFAULT_PRINCIPAL, product_id)
    with pytest.raises(AlreadyExists) as caught:
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(10), product=draft))
    assert caught.value.reason == "EXTERNAL_ID_TAKEN"


async def test_a_cancelled_job_leaves_no_items_and_can_be_retried(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    analyzer.gate = asyncio.Event()
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    await analyzer.started.wait()
    cancelled = await catalog.jobs.cancel(DEFAULT_PRINCIPAL, job.id)
    assert (cancelled.state, cancelled.ended) == (JobState.CANCELLED, True)
    analyzer.gate.set()
    await index(catalog, IndexRequest(photo(2)))  # the worker is free again
    assert (await end_of(catalog, job.id)).state is JobState.CANCELLED
    assert not (await catalog.items.list(DEFAULT_PRINCIPAL, image_id=job.image_id)).entries
    with pytest.raises(FailedPrecondition) as caught:
        await catalog.jobs.cancel(DEFAULT_PRINCIPAL, job.id)
    assert caught.value.reason == "JOB_ENDED"
    with pytest.raises(NotFound):
        await catalog.jobs.cancel(OTHER, job.id)

    queued = await catalog.jobs.retry(DEFAULT_PRINCIPAL, job.id)
    assert queued.state is JobState.QUEUED
    assert (await end_of(catalog, job.id)).searchable


async def test_a_retried_job_has_all_its_tries_again(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.failures = [RuntimeError("broken")] * 5
    job = await index(catalog, IndexRequest(photo(1)))
    assert (job.state, len(analyzer.failures)) == (JobState.FAILED, 2)
    await catalog.jobs.retry(DEFAULT_PRINCIPAL, job.id)
    ended = await end_of(catalog, job.id)
    assert (ended.state, ended.attempts, ended.error) == (JobState.COMPLETE, 6, None)


async def test_a_job_of_a_deleted_photo_is_not_retried(catalog: Catalog) -> None:
    job = await index(catalog, IndexRequest(bad_photo(1)))
    await catalog.images.delete(DEFAULT_PRINCIPAL, job.image_id)
    with pytest.raises(FailedPrecondition) as caught:
        await catalog.jobs.retry(DEFAULT_PRINCIPAL, job.id)
    assert caught.value.reason == "JOB_NOT_RETRYABLE"


async def test_a_photo_keeps_what_was_rejected_and_why(catalog: Catalog) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    image = await catalog.images.get(DEFAULT_PRINCIPAL, job.image_id)
    assert image.warnings == (QualityIssue.LOW_RESOLUTION,)
    assert image.rejected_crops == (RejectedCrop(Box(0, 0, 2, 2), 0.95, "hat", QualityIssue.TOO_SMALL),)
    with pytest.raises(NotFound):
        await catalog.images.get(OTHER, job.image_id)


async def test_images_are_listed_by_page_and_product(catalog: Catalog) -> None:
    first = await index(catalog, IndexRequest(photo(1), product=ProductDraft("Coat")))
    second = await index(catalog, IndexRequest(photo(2), product_id=first.product_id))
    other = await index(catalog, IndexRequest(photo(3)))
    page = await catalog.images.list(DEFAULT_PRINCIPAL, 2)
    assert [image.id for image in page.entries] == [other.image_id, second.image_id]
    page = await catalog.images.list(DEFAULT_PRINCIPAL, 2, page.next_token)
    assert ([image.id for image in page.entries], page.next_token) == ([first.image_id], "")
    of_product = await catalog.images.list(DEFAULT_PRINCIPAL, product_id=first.product_id)
    assert [image.id for image in of_product.entries] == [second.image_id, first.image_id]


NEW_MODEL = ModelVersion("fake-embedder-2", "square-1")


async def test_the_same_key_indexes_the_photo_anew_for_a_new_model(
    catalog: Catalog, analyzer: FakeAnalyzer, options: CatalogOptions
) -> None:
    analyzer.categories = ["dress", "shoes", "bag"]
    request = IndexRequest(photo(1), product=ProductDraft("Set"), idempotency_key="k1")
    first = await index(catalog, request)
    await change_over(catalog, analyzer, NEW_MODEL)
    analyzer.categories = ["hat", "shoes"]
    assert await found_ids(catalog, TextQuery("x")) == []
    outdated = await end_of(catalog, first.id)
    assert (outdated.state, outdated.searchable) == (JobState.COMPLETE, False)
    old = IndexedVersion(first.versions[0].version, live=False, complete=True, searchable=True)
    assert outdated.versions == (old,)

    queued = await catalog.images.index(DEFAULT_PRINCIPAL, request)
    assert (queued.id, queued.image_id, queued.state) == (first.id, first.image_id, JobState.QUEUED)
    again = await end_of(catalog, first.id)
    assert (again.state, again.searchable, again.product_id) == (JobState.COMPLETE, True, first.product_id)
    assert [item.item_id for item in again.items] == [item.item_id for item in first.items[:2]]
    assert [item.label for item in again.items] == ["hat", "shoes"]
    assert again.versions == (old, IndexedVersion(NEW_MODEL, live=True, complete=True, searchable=True))
    items = await items_of(catalog, again)
    assert {item.version for item in items} == {NEW_MODEL}
    assert all(item.create_time <= again.update_time for item in items)
    listed = await catalog.items.list(DEFAULT_PRINCIPAL)
    assert {item.id for item in listed.entries} == {item.item_id for item in again.items}
    assert set(await found_ids(catalog, TextQuery("x"))) == {item.item_id for item in again.items}
    assert await catalog.images.index(DEFAULT_PRINCIPAL, request) == again
    originals = [key for key in await stored_keys(options) if key.endswith("original")]
    assert originals == [f"default/images/{first.image_id}/original"]


async def test_rows_of_a_model_that_nobody_searches_are_right_when_it_returns(
    build: Callable[[], Catalog], analyzer: FakeAnalyzer
) -> None:
    old = build()
    await old.start()
    await old.wait_until_ready()
    job = await index(old, IndexRequest(photo(1), product=ProductDraft("Coat", brand="Acme")))
    await old.stop()
    served = analyzer.served
    new = build()
    await new.start()
    await new.wait_until_ready()
    await change_over(new, analyzer, NEW_MODEL)
    await new.products.update(
        DEFAULT_PRINCIPAL, ProductKey(job.product_id), ProductDraft("Coat", brand="Other")
    )
    await index(new, IndexRequest(photo(2)))  # which is found once what was queued before is brought over
    await change_over(new, analyzer, served)
    found = await found_ids(new, TextQuery("x"), is_any("brand", "other"))
    assert set(found) == {item.item_id for item in job.items}
    await new.stop()


async def test_a_server_follows_a_model_that_this_process_does_not_search(
    server_options: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    served = analyzer.served
    old = Catalog(server_options, analyzer, TAXONOMY)
    await old.start()
    await old.wait_until_ready()
    job = await index(old, IndexRequest(photo(1), product=ProductDraft("Coat", brand="Acme")))
    await old.stop()
    before = milvus_rows(server_options, served)
    new = Catalog(server_options, analyzer, TAXONOMY)
    await new.start()
    await new.wait_until_ready()
    await change_over(new, analyzer, NEW_MODEL)
    await new.products.update(
        DEFAULT_PRINCIPAL, ProductKey(job.product_id), ProductDraft("Coat", brand="Other")
    )
    await index(new, IndexRequest(photo(2)))
    await new.stop()
    after = milvus_rows(server_options, served)
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())


async def test_what_an_earlier_model_said_stays_and_is_searched_when_it_returns(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    old, request = analyzer.served, IndexRequest(photo(1), idempotency_key="k1")
    first = await index(catalog, request)
    await change_over(catalog, analyzer, NEW_MODEL)
    await catalog.images.index(DEFAULT_PRINCIPAL, request)
    await end_of(catalog, first.id)
    second = await index(catalog, IndexRequest(photo(2)))
    await change_over(catalog, analyzer, old)
    assert set(await found_ids(catalog, TextQuery("x"))) == {item.item_id for item in first.items}
    back = await end_of(catalog, first.id)
    assert back.searchable
    assert await catalog.images.index(DEFAULT_PRINCIPAL, request) == back  # nothing to do anew
    assert second.searchable
    assert not (await end_of(catalog, second.id)).searchable


async def test_a_start_counts_the_items_that_the_default_model_has_not_seen(
    build: Callable[[], Catalog], analyzer: FakeAnalyzer, caplog: pytest.LogCaptureFixture
) -> None:
    for version, logged in ((analyzer.served, False), (NEW_MODEL, True)):
        analyzer.served = version
        catalog = build()
        await catalog.start()
        await catalog.wait_until_ready()
        told = "1 items have no embedding of the default embedder fake-embedder-2/square-1"
        assert (told in caplog.text) is logged
        if not logged:
            await index(catalog, IndexRequest(photo(1)))
        await catalog.stop()


async def test_delayed_jobs_are_logged_once_with_their_cause(
    catalog: Catalog, analyzer: FakeAnalyzer, caplog: pytest.LogCaptureFixture
) -> None:
    analyzer.failures = [Unavailable("inference at http://user:S3cret@host is down")] * 5
    job = await index(catalog, IndexRequest(photo(1)))
    lines = [record.getMessage() for record in caplog.records if "is delayed" in record.getMessage()]
    (line,) = lines
    assert f"job {job.id} is delayed after try 1: inference at http://***@host is down" in line


async def test_a_worker_that_dies_is_started_again(
    catalog: Catalog, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    died, back = asyncio.Event(), asyncio.Event()
    rest = catalog._workers._rest

    async def die() -> None:
        if not died.is_set():
            died.set()
            raise ZeroDivisionError("odd")
        back.set()
        await rest()

    monkeypatch.setattr(catalog._workers, "_rest", die)
    catalog._workers.wake()
    await back.wait()
    job = await index(catalog, IndexRequest(photo(1)))
    assert job.searchable
    assert catalog.ready
    assert "the worker ended unexpectedly" in caplog.text
    assert "ZeroDivisionError: odd" in caplog.text


async def test_one_key_for_two_photos_is_refused(catalog: Catalog) -> None:
    await index(catalog, IndexRequest(photo(1), idempotency_key="k1"))
    for request in (
        IndexRequest(photo(2), idempotency_key="k1"),
        IndexRequest(photo(1), image_name="other", idempotency_key="k1"),
        IndexRequest(photo(1), boxes=(Box(0, 0, 9, 9),), idempotency_key="k1"),
    ):
        with pytest.raises(AlreadyExists):
            await catalog.images.index(DEFAULT_PRINCIPAL, request)
    assert len((await catalog.jobs.list(DEFAULT_PRINCIPAL)).entries) == 1


async def test_the_same_key_at_the_same_time_makes_one_job(catalog: Catalog) -> None:
    request = IndexRequest(photo(1), idempotency_key="k1")
    jobs = await asyncio.gather(*(catalog.images.index(DEFAULT_PRINCIPAL, request) for _ in range(8)))
    assert len({job.id for job in jobs}) == 1
    job = await end_of(catalog, jobs[0].id)
    assert len((await catalog.items.list(DEFAULT_PRINCIPAL)).entries) == len(job.items)


BAD_REQUESTS = [
    (IndexRequest(b""), "image.content"),
    (IndexRequest(b"not a picture"), "image.content"),
    (IndexRequest(photo(1)[:60]), "image.content"),
    (IndexRequest(photo(1), boxes=(Box(5, 5, 5, 9),)), "image.boxes[0]"),
    (IndexRequest(photo(1), boxes=(Box(0, 0, 9, 9), Box(60, 0, 80, 9))), "image.boxes[1]"),
    (IndexRequest(photo(1), boxes=(Box(0, 0, float("nan"), 9),)), "image.boxes[0]"),
    (IndexRequest(photo(1), boxes=(Box(0, 0, 9, 9),) * 65), "image.boxes"),
    (IndexRequest(photo(1), image_name="x" * 201), "image_name"),
    (IndexRequest(photo(1), image_name="a\x00b"), "image_name"),
    (IndexRequest(photo(1), product_id="no id"), "product_id"),
    (IndexRequest(photo(1), idempotency_key="k" * 129), "idempotency_key"),
    (IndexRequest(photo(1), product=ProductDraft("x", url="shop")), "product.url"),
    (IndexRequest(photo(1), product=ProductDraft(brand="Acme")), "product.display_name"),
    (
        IndexRequest(photo(1), product=ProductDraft("x", price=Money("euro", 1))),
        "product.price.currency_code",
    ),
    (IndexRequest(photo(1), product=ProductDraft("x", price=Money("EUR", 1, -5))), "product.price.nanos"),
    (IndexRequest(photo(1), product=ProductDraft("x", price=Money("EUR", -1))), "product.price.units"),
]


async def test_a_bad_request_names_its_field_and_leaves_nothing(
    catalog: Catalog, options: CatalogOptions
) -> None:
    for request, field in BAD_REQUESTS:
        with pytest.raises(InvalidInput) as caught:
            await catalog.images.index(DEFAULT_PRINCIPAL, request)
        assert caught.value.violations[0].field == field
    assert not (await catalog.jobs.list(DEFAULT_PRINCIPAL)).entries
    assert not (await catalog.products.list(DEFAULT_PRINCIPAL)).entries
    assert await stored_keys(options) == []


async def test_an_unknown_product_leaves_nothing(catalog: Catalog, options: CatalogOptions) -> None:
    product = await catalog.products.create(OTHER, ProductDraft("Coat"))
    with pytest.raises(NotFound):
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1), product_id=product.id))
    assert not (await catalog.jobs.list(DEFAULT_PRINCIPAL)).entries
    assert await stored_keys(options) == []


async def test_a_photo_that_cannot_be_discarded_hides_no_outcome(
    catalog: Catalog,
    analyzer: FakeAnalyzer,
    options: CatalogOptions,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(keys: Sequence[str]) -> None:
        raise Unavailable("the blob store cannot be reached")

    request = IndexRequest(photo(1), idempotency_key="k1")
    job = await index(catalog, request)
    stored = await stored_keys(options)
    await change_over(catalog, analyzer, NEW_MODEL)  # now the job is outdated
    monkeypatch.setattr(catalog._blobs, "delete", fail)
    product = await catalog.products.create(OTHER, ProductDraft("Coat"))
    with pytest.raises(NotFound):
        await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(2), product_id=product.id))
    assert (await catalog.images.index(DEFAULT_PRINCIPAL, request)).id == job.id
    assert (await end_of(catalog, job.id)).searchable
    assert caplog.text.count("left to the sweeper") == 1, "the second such line is suppressed"
    assert len(await stored_keys(options)) == len(stored) + 2


async def test_a_photo_deleted_while_it_is_worked_on_leaves_no_items(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    analyzer.gate = asyncio.Event()
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    await analyzer.started.wait()
    await catalog.images.delete(DEFAULT_PRINCIPAL, job.image_id)
    analyzer.gate.set()
    ended = await end_of(catalog, job.id)
    assert ended.state is JobState.FAILED
    assert isinstance(ended.error, FailedPrecondition)
    other = await index(catalog, IndexRequest(photo(2)))  # the worker is free again
    listed = await catalog.items.list(DEFAULT_PRINCIPAL)
    assert {item.image_id for item in listed.entries} == {other.image_id}


async def test_a_stop_gives_the_job_back_and_a_start_ends_it(
    build: Callable[[], Catalog], analyzer: FakeAnalyzer
) -> None:
    analyzer.gate = asyncio.Event()
    first = build()
    await first.start()
    job = await first.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    await analyzer.started.wait()
    await first.stop()
    analyzer.gate.set()
    second = build()
    await second.start()
    ended = await end_of(second, job.id)
    assert ended.state is JobState.COMPLETE
    assert ended.attempts == 2
    await second.stop()


async def test_jobs_wait_for_inference_to_come_up(options: CatalogOptions) -> None:
    class LateAnalyzer(FakeAnalyzer):
        """Not there for the first two questions."""

        absent = 2

        async def embedder(self, name: str | None = None, *, refresh: bool = False) -> Embedder:
            self.absent -= 1
            if self.absent >= 0:
                raise Unavailable("inference is not up yet")
            return await super().embedder(name)

    catalog = Catalog(options, LateAnalyzer(), TAXONOMY)
    await catalog.start()
    assert not catalog.ready
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    assert (await end_of(catalog, job.id)).state is JobState.COMPLETE
    assert catalog.ready
    await catalog.stop()
    assert not catalog.ready


async def test_the_backlog_tells_what_waits(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.gate = asyncio.Event()
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    open_states = JobState.QUEUED, JobState.CROPPING, JobState.ANALYZING
    jobs = (await catalog.backlog()).jobs
    assert sum(jobs[state].count for state in open_states) == 1
    assert max(jobs[state].oldest_s for state in open_states) >= 0
    analyzer.gate.set()
    await end_of(catalog, job.id)
    backlog = await catalog.backlog()
    assert dict(backlog.jobs) == dict.fromkeys([*open_states, JobState.FAILED], Waiting())
    assert backlog.outbox == Waiting()


async def test_a_watcher_sees_what_happens_after_the_clock_was_set_back(catalog: Catalog) -> None:
    catalog.images._intake._wake_workers = lambda: None
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1)))
    before_us = 1_000_000

    def claim(session: Session) -> None:
        row = session.get_one(JobRow, (DEFAULT_PRINCIPAL.tenant_id, job.id))
        row.state, row.attempts, row.update_us = JobState.CROPPING.value, 1, before_us

    async with aclosing(catalog.jobs.watch(DEFAULT_PRINCIPAL, job.id)) as watch:
        assert (await anext(watch)).state is JobState.QUEUED
        await catalog._database.write(claim)
        progress = Progress(JobState.CROPPING, 1, before_us)
        catalog._job_events.publish(DEFAULT_PRINCIPAL.tenant_id, job.id, progress)
        assert (await anext(watch)).state is JobState.CROPPING
