"""What leaves a catalogue, on real stores: what people have reviewed, and everything."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL, Box, Principal
from services.audit.audit_filter import AuditFilter
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.operations import catalog_export
from services.catalog.options import CatalogOptions
from services.catalog.records.answers import Answer
from services.catalog.records.dataset_split import DatasetShares
from services.catalog.records.items import Item, RejectReason
from services.catalog.records.operations import Operation, OperationKind, OperationState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.reviewed_photos import ReviewedFilter
from services.catalog.resources.exports import DatasetPhoto, DatasetRequest
from tests.integration.catalog.fake_analyzer import FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, index, items_of

REVIEWER = Principal("default", "user:7")


async def indexed(
    catalog: Catalog, analyzer: FakeAnalyzer, seed: int, *categories: str, **request: Any
) -> list[Item]:
    """The items of a photo, which has a garment of each category."""
    analyzer.categories = list(categories)
    return await items_of(catalog, await index(catalog, IndexRequest(photo(seed), **request)))


async def dataset(catalog: Catalog, request: DatasetRequest = DatasetRequest()) -> list[DatasetPhoto]:
    return [each async for each in catalog.exports.dataset(DEFAULT_PRINCIPAL, request)]


async def exported(catalog: Catalog, principal: Principal = DEFAULT_PRINCIPAL) -> Operation:
    """An export that has ended."""
    started = await catalog.exports.start_catalog(principal)
    async for operation in catalog.operations.watch(principal, started.id):
        last = operation
    return last


async def records_of(catalog: Catalog, operation: Operation) -> dict[str, list[dict[str, Any]]]:
    """The lines of all parts by their kind; each part is as its hash says."""
    assert operation.response is not None
    found: dict[str, list[dict[str, Any]]] = {"products": [], "images": []}
    for part in operation.response["parts"]:
        content = await catalog.exports.catalog_part(DEFAULT_PRINCIPAL, operation.id, part["name"])
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (part["sha256"], part["size_bytes"])
        lines = [json.loads(line) for line in content.splitlines()]
        assert len(lines) == part["records"]
        found[part["name"].partition("-")[0]] += lines
    return found


# Datasets


async def test_only_photos_with_nothing_left_to_review_are_in_the_dataset(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    await indexed(catalog, analyzer, 1, "dress")
    first, second = await indexed(catalog, analyzer, 2, "skirt", "hat")
    (wrong,) = await indexed(catalog, analyzer, 3, "bag")
    assert await dataset(catalog) == []

    await catalog.corrections.verify(REVIEWER, first.id)
    assert await dataset(catalog) == []
    (partly,) = await dataset(catalog, DatasetRequest(wanted=ReviewedFilter(partly=True)))
    assert not partly.fully_reviewed
    assert [item.id for item, _ in partly.items] == [first.id]

    await catalog.corrections.correct(REVIEWER, second.id, label="bag")
    await catalog.corrections.reject(REVIEWER, wrong.id, RejectReason.NOT_A_GARMENT)
    reviewed, background = await dataset(catalog)
    assert [(item.id, category) for item, category in reviewed.items] == [
        (first.id, "skirt"),
        (second.id, "bag"),
    ]
    assert (background.image.id, background.items) == (wrong.image_id, ())
    _, background = await dataset(catalog, DatasetRequest(wanted=ReviewedFilter(rejected=True)))
    ((item, _),) = background.items
    assert item.reject_reason is RejectReason.NOT_A_GARMENT


async def test_an_item_that_is_restored_is_to_be_reviewed_again(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    (item,) = await indexed(catalog, analyzer, 1, "dress")
    await catalog.corrections.reject(REVIEWER, item.id, RejectReason.BAD_BOX)
    await catalog.corrections.restore(REVIEWER, item.id)
    assert await dataset(catalog, DatasetRequest(wanted=ReviewedFilter(partly=True))) == []


async def test_the_dataset_goes_on_behind_a_photo_and_is_bounded_by_time(
    catalog: Catalog, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.catalog.resources.exports._PHOTOS", 2)
    for seed in range(5):
        for item in await indexed(catalog, analyzer, seed, "dress"):
            await catalog.corrections.verify(REVIEWER, item.id)
    photos = await dataset(catalog)
    ids = [each.image.id for each in photos]
    assert (len(ids), ids) == (5, sorted(ids))
    behind = await dataset(catalog, DatasetRequest(after=ids[2]))
    assert [each.image.id for each in behind] == ids[3:]
    some = await dataset(catalog, DatasetRequest(after=ids[0], max_photos=3))
    assert [each.image.id for each in some] == ids[1:4]
    third_us = int(photos[2].image.create_time.timestamp() * 1_000_000)
    until = await dataset(catalog, DatasetRequest(wanted=ReviewedFilter(created_before_us=third_us)))
    since = await dataset(catalog, DatasetRequest(wanted=ReviewedFilter(created_from_us=third_us)))
    assert [each.image.id for each in (*until, *since)] == ids
    with pytest.raises(InvalidInput, match="after_image_id"):
        catalog.exports.dataset(DEFAULT_PRINCIPAL, DatasetRequest(after="7"))
    with pytest.raises(InvalidInput, match="max_photos"):
        catalog.exports.dataset(DEFAULT_PRINCIPAL, DatasetRequest(max_photos=-1))
    with pytest.raises(InvalidInput, match="shares"):
        catalog.exports.dataset(DEFAULT_PRINCIPAL, DatasetRequest(shares=DatasetShares(0.5, 0.6, 0.0)))
    assert [each async for each in catalog.exports.dataset(OTHER, DatasetRequest())] == []


async def test_the_photos_of_a_product_are_in_one_split(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(display_name="Coat"))
    for seed in range(4):
        for item in await indexed(catalog, analyzer, seed, "dress", product_id=product.id):
            await catalog.corrections.verify(REVIEWER, item.id)
    shares = DatasetShares(0.4, 0.3, 0.3)
    splits = {each.split for each in await dataset(catalog, DatasetRequest(shares=shares))}
    assert splits == {shares.split_of("", product.id)}


async def test_what_became_no_item_comes_where_asked_for(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    for item in await indexed(catalog, analyzer, 1, "dress"):
        await catalog.corrections.verify(REVIEWER, item.id)
    (without,) = await dataset(catalog)
    (found,) = await dataset(catalog, DatasetRequest(rejected_detections=True))
    assert without.rejected_detections == ()
    assert [(each.label, each.box) for each in found.rejected_detections] == [("hat", Box(0, 0, 2, 2))]
    records = await catalog.trail.list(AuditFilter(resource_prefix="exports/"), 1)
    assert [record.after for record in records] == [{"include_rejected_detections": True}]


async def test_who_exports_is_recorded(catalog: Catalog) -> None:
    await dataset(catalog)
    await exported(catalog)
    records = await catalog.trail.list(AuditFilter(), 10)
    assert [(each.resource.partition("/")[0], each.actor) for each in records] == [
        ("operations", DEFAULT_PRINCIPAL.subject),
        ("exports", DEFAULT_PRINCIPAL.subject),
    ]
    assert records[0].after["kind"] == "export"


# The whole catalogue


async def test_the_parts_hold_all_that_a_tenant_has(
    catalog: Catalog, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_export, "_PART_BYTES", 1)
    monkeypatch.setattr(catalog_export, "_IMAGES", 1)
    draft = ProductDraft(display_name="Coat", external_id="SKU-1", attributes={"material": "linen"})
    product = await catalog.products.create(DEFAULT_PRINCIPAL, draft)
    (first,) = await indexed(catalog, analyzer, 1, "dress", product_id=product.id, image_name="a.png")
    second, third = await indexed(catalog, analyzer, 2, "skirt", "hat")
    await index(catalog, IndexRequest(photo(3)), OTHER)
    drawn = Box(1.0, 2.0, 19.0, 33.0)
    await catalog.corrections.correct(
        REVIEWER, first.id, box=drawn, attributes={"style": Answer(cleared=True)}
    )
    await catalog.corrections.reject(REVIEWER, second.id, RejectReason.DUPLICATE)
    await catalog.corrections.set_primary(REVIEWER, third.id, of_product=False)

    operation = await exported(catalog)
    assert operation.state is OperationState.SUCCEEDED
    response = operation.response or {}
    counts = [response[name] for name in ("products", "images", "items", "corrections")]
    assert counts == [1, 2, 3, 3]
    assert response["image_bytes"] == len(photo(1)) + len(photo(2))
    assert [part["name"] for part in response["parts"]] == [
        "products-00000.jsonl",
        "images-00000.jsonl",
        "images-00001.jsonl",
    ]
    records = await records_of(catalog, operation)
    (of_product,) = records["products"]
    assert (of_product["external_id"], of_product["attributes"]) == ("SKU-1", {"material": "linen"})
    one, two = records["images"]
    assert one["sha256"] == hashlib.sha256(photo(1)).hexdigest()
    assert (one["product_id"], one["name"]) == (product.id, "a.png")
    (item,) = one["items"]
    assert item["box_xyxy"] == [1.0, 2.0, 19.0, 33.0]
    assert item["said"] == {
        "box": True,
        "detected_box_xyxy": [first.box.x1, first.box.y1, first.box.x2, first.box.y2],
        "attributes": {"style": {}},
    }
    assert [each["said"] for each in two["items"]] == [
        {"reject_reason": "duplicate"},
        {"primary_in_image": True},
    ]
    assert {each["author"] for image in (one, two) for each in image["corrections"]} == {"user:7"}


async def test_an_export_that_is_interrupted_goes_on(
    catalog: Catalog, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_export, "_PART_BYTES", 1)
    monkeypatch.setattr(catalog_export, "_IMAGES", 1)
    for seed in range(4):
        await indexed(catalog, analyzer, seed, "dress")
    put, fails = catalog._blobs.put, [False, False, True, False, True]

    async def failing(key: str, content: bytes) -> None:
        await put(key, content)
        if "/exports/" in key and fails and fails.pop(0):
            raise RuntimeError("the process ends here")

    monkeypatch.setattr(catalog._blobs, "put", failing)
    operation = await exported(catalog)
    assert (operation.state, fails) == (OperationState.SUCCEEDED, [])
    images = (await records_of(catalog, operation))["images"]
    page = await catalog.images.list(DEFAULT_PRINCIPAL)
    assert [each["id"] for each in images] == sorted(image.id for image in page.entries)


async def test_an_export_is_cancelled_and_retried(
    catalog: Catalog, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_export, "_PART_BYTES", 1)
    monkeypatch.setattr(catalog_export, "_IMAGES", 1)
    for seed in range(3):
        await indexed(catalog, analyzer, seed, "dress")
    put = catalog._blobs.put

    async def cancelling(key: str, content: bytes) -> None:
        await put(key, content)
        if key.endswith("images-00001.jsonl"):
            await catalog.operations.cancel(DEFAULT_PRINCIPAL, key.split("/")[2])

    monkeypatch.setattr(catalog._blobs, "put", cancelling)
    operation = await exported(catalog)
    assert operation.state is OperationState.CANCELLED
    assert operation.progress.done < 3
    monkeypatch.setattr(catalog._blobs, "put", put)
    await catalog.operations.retry(DEFAULT_PRINCIPAL, operation.id)
    async for again in catalog.operations.watch(DEFAULT_PRINCIPAL, operation.id):
        operation = again
    assert operation.state is OperationState.SUCCEEDED
    assert operation.progress.message == "", "nothing is written any more"
    assert len((await records_of(catalog, operation))["images"]) == 3


async def test_one_export_of_a_tenant_runs_at_a_time(catalog: Catalog) -> None:
    started = await catalog.operations.start(DEFAULT_PRINCIPAL, OperationKind.TRAINING, {}, "other kind")
    await catalog.operations.cancel(DEFAULT_PRINCIPAL, started.id)
    catalog._runner._free = 0  # so that it stays queued
    first = await catalog.exports.start_catalog(DEFAULT_PRINCIPAL, "once")
    assert (await catalog.exports.start_catalog(DEFAULT_PRINCIPAL, "once")).id == first.id
    with pytest.raises(FailedPrecondition, match=first.id) as refused:
        await catalog.exports.start_catalog(DEFAULT_PRINCIPAL)
    assert refused.value.reason == "EXPORT_RUNNING"
    with pytest.raises(FailedPrecondition) as refused:
        await catalog.exports.catalog_part(DEFAULT_PRINCIPAL, first.id, "images-00000.jsonl")
    assert refused.value.reason == "EXPORT_NOT_READY"
    await catalog.exports.start_catalog(OTHER)
    await catalog.operations.cancel(DEFAULT_PRINCIPAL, first.id)
    await catalog.exports.start_catalog(DEFAULT_PRINCIPAL)


async def test_parts_are_their_tenant_s_and_expire(
    options: CatalogOptions, analyzer: FakeAnalyzer, catalog: Catalog
) -> None:
    await indexed(catalog, analyzer, 1, "dress")
    operation = await exported(catalog)
    name = "images-00000.jsonl"
    with pytest.raises(NotFound):
        await catalog.exports.catalog_part(OTHER, operation.id, name)
    for unknown in ("../../images", "images-00001.jsonl"):
        with pytest.raises(NotFound):
            await catalog.exports.catalog_part(DEFAULT_PRINCIPAL, operation.id, unknown)

    now = datetime.now(UTC)
    assert await catalog._sweeper.sweep(now + timedelta(seconds=options.sweep.exports_s - 60)) == 0
    assert await catalog.exports.catalog_part(DEFAULT_PRINCIPAL, operation.id, name)
    assert await catalog._sweeper.sweep(now + timedelta(seconds=options.sweep.exports_s + 60)) == 1
    with pytest.raises(NotFound, match="start another"):
        await catalog.exports.catalog_part(DEFAULT_PRINCIPAL, operation.id, name)


async def test_parts_are_no_pictures_to_an_audit(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await indexed(catalog, analyzer, 1, "dress")
    await exported(catalog)
    started = await catalog.operations.start(
        replace(DEFAULT_PRINCIPAL), OperationKind.AUDIT, {"repair": False, "all_tenants": False}
    )
    async for operation in catalog.operations.watch(DEFAULT_PRINCIPAL, started.id):
        last = operation
    response = last.response or {}
    assert (response["blobs"], response["orphaned"], item.image_id != "") == (2, 0, True)
