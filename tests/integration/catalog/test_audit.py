"""Each write of the catalogue leaves one audit record, in the transaction of the change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from armoire.v1 import (
    catalog_pb2,
    corrections_pb2,
    exports_pb2,
    images_pb2,
    imports_pb2,
    indexing_pb2,
    items_pb2,
    operations_pb2,
    products_pb2,
    reviews_pb2,
    types_pb2,
    uploads_pb2,
    wardrobe_pb2,
    webhooks_pb2,
)
from domain.errors import ArmoireError, InvalidInput, Unavailable
from domain.outfit_rules import SHIPPED_RULES, OutfitRules
from domain.preference_rules import SHIPPED_PREFERENCES, FeedbackKind, PreferenceRules
from domain.preferences import Appearance
from domain.types import ModelVersion, Principal
from services.audit.audit_filter import AuditFilter
from services.audit.options import AuditOptions
from services.audit.record import AuditRecord
from services.catalog.blobs.url_options import UrlOptions
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records import products
from services.catalog.records.items import RejectReason
from services.catalog.records.operations import OperationKind
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.wardrobe import WardrobeDraft, WardrobeState
from services.catalog.resources.tastes import NewOpinion
from services.edge.catalog_servicer import CatalogServicer
from services.edge.operation_servicer import OperationServicer
from services.edge.outfit_servicer import OutfitServicer
from services.host.catalog_part import CATALOG, OPERATIONS, OUTFITS
from services.outfits.personal_outfits import PersonalOutfits
from tests.audited import ACTOR, HEADERS, call, recorded
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import collection_of, end_of

FIRST_MODEL = ModelVersion("fake-embedder-1", "square-1")
NEW_MODEL = ModelVersion("fake-embedder-2", "square-1")
RULES = OutfitRules.load(SHIPPED_RULES, TAXONOMY)
TASTES = PreferenceRules.load(SHIPPED_PREFERENCES)
END_USER = HEADERS["armoire-end-user"]
Scenario = Callable[["Shop"], Awaitable[tuple[object, str]]]


class Shop:
    """A tenant, and what it has before the call that is recorded."""

    def __init__(self, catalog: Catalog, analyzer: FakeAnalyzer) -> None:
        self.catalog, self.analyzer = catalog, analyzer

    async def product(self) -> str:
        draft = ProductDraft(display_name="Coat", attributes={"size": "M", "fit": "slim"})
        return (await self.catalog.products.create(ACTOR, draft)).id

    async def indexed(self) -> tuple[str, str]:
        """The ids of a photo and its job, which is complete."""
        job = await self.catalog.images.index(ACTOR, IndexRequest(photo(1), image_name="a.png"))
        return job.image_id, (await end_of(self.catalog, job.id, ACTOR)).id

    async def item(self) -> str:
        """The id of an item."""
        image_id, _ = await self.indexed()
        return (await self.catalog.items.list(ACTOR, image_id=image_id)).entries[0].id

    async def open_job(self) -> str:
        """A job that does not end by itself."""
        self.analyzer.gate = asyncio.Event()
        job = await self.catalog.images.index(ACTOR, IndexRequest(photo(2)))
        await self.analyzer.started.wait()
        return job.id


async def create_product(shop: Shop) -> tuple[object, str]:
    product = products_pb2.Product(display_name="Coat", external_id="SKU-1")
    return products_pb2.CreateProductRequest(product=product), "products/"


async def update_product(shop: Shop) -> tuple[object, str]:
    product = products_pb2.Product(
        id=await shop.product(), display_name="Long coat", attributes={"size": "L", "fit": "slim"}
    )
    return products_pb2.UpdateProductRequest(product=product), f"products/{product.id}"


async def delete_product(shop: Shop) -> tuple[object, str]:
    product_id = await shop.product()
    return products_pb2.DeleteProductRequest(product_id=product_id), f"products/{product_id}"


async def restore_product(shop: Shop) -> tuple[object, str]:
    product_id = await shop.product()
    await shop.catalog.products.delete(ACTOR, product_id)
    return products_pb2.RestoreProductRequest(product_id=product_id), f"products/{product_id}"


async def create_upload(shop: Shop) -> tuple[object, str]:
    return uploads_pb2.CreateUploadRequest(media_type="image/png", size_bytes=9), "uploads/"


async def index_image(shop: Shop) -> tuple[object, str]:
    image = types_pb2.ImageInput(content=photo(3))
    return indexing_pb2.IndexImageRequest(image=image, image_name="front.png"), "images/"


async def index_images(shop: Shop) -> tuple[object, str]:
    async def requests() -> AsyncGenerator[indexing_pb2.IndexImagesRequest, None]:
        yield indexing_pb2.IndexImagesRequest(id="1", image=types_pb2.ImageInput(content=photo(4)))

    return requests(), "images/"


async def cancel_job(shop: Shop) -> tuple[object, str]:
    job_id = await shop.open_job()
    return indexing_pb2.CancelIndexingJobRequest(job_id=job_id), f"jobs/{job_id}"


async def retry_job(shop: Shop) -> tuple[object, str]:
    job_id = await shop.open_job()
    await shop.catalog.jobs.cancel(ACTOR, job_id)
    return indexing_pb2.RetryIndexingJobRequest(job_id=job_id), f"jobs/{job_id}"


async def dead_letter(shop: Shop) -> indexing_pb2.IndexingJobFilter:
    """A filter that lets a job through that was cancelled."""
    job_id = await shop.open_job()
    await shop.catalog.jobs.cancel(ACTOR, job_id)
    return indexing_pb2.IndexingJobFilter(job_ids=[job_id], states=["INDEXING_JOB_STATE_CANCELLED"])


async def retry_jobs(shop: Shop) -> tuple[object, str]:
    return indexing_pb2.RetryIndexingJobsRequest(filter=await dead_letter(shop)), "jobs"


async def delete_jobs(shop: Shop) -> tuple[object, str]:
    return indexing_pb2.DeleteIndexingJobsRequest(filter=await dead_letter(shop)), "jobs"


async def update_image(shop: Shop) -> tuple[object, str]:
    image_id, _ = await shop.indexed()
    image = images_pb2.Image(id=image_id, name="front.png")
    return images_pb2.UpdateImageRequest(image=image), f"images/{image_id}"


async def delete_image(shop: Shop) -> tuple[object, str]:
    image_id, _ = await shop.indexed()
    return images_pb2.DeleteImageRequest(image_id=image_id), f"images/{image_id}"


async def restore_image(shop: Shop) -> tuple[object, str]:
    image_id, _ = await shop.indexed()
    await shop.catalog.images.delete(ACTOR, image_id)
    return images_pb2.RestoreImageRequest(image_id=image_id), f"images/{image_id}"


async def audit_catalog(shop: Shop) -> tuple[object, str]:
    return catalog_pb2.AuditCatalogRequest(repair=True), "operations/"


async def begun_import(shop: Shop) -> str:
    return (await shop.catalog.imports.start(ACTOR, "products.csv")).operation.id


async def start_import(shop: Shop) -> tuple[object, str]:
    return imports_pb2.StartImportRequest(source="products.csv"), "operations/"


async def import_entries(shop: Shop) -> tuple[object, str]:
    operation_id = await begun_import(shop)

    async def requests() -> AsyncGenerator[imports_pb2.ImportEntriesRequest, None]:
        for number in (1, 2):
            entry = imports_pb2.ImportEntry(number=number, url="http://shop.example/a.jpg")
            yield imports_pb2.ImportEntriesRequest(operation_id=operation_id, entry=entry)

    return requests(), f"operations/{operation_id}"


async def finish_import(shop: Shop) -> tuple[object, str]:
    operation_id = await begun_import(shop)
    return imports_pb2.FinishImportRequest(operation_id=operation_id), f"operations/{operation_id}"


async def erase_product(shop: Shop) -> tuple[object, str]:
    return catalog_pb2.EraseProductRequest(product_id=await shop.product()), "operations/"


async def erase_end_user(shop: Shop) -> tuple[object, str]:
    return catalog_pb2.EraseEndUserRequest(end_user="somebody-else"), "operations/"


async def erase_tenant(shop: Shop) -> tuple[object, str]:
    await shop.catalog.products.create(Principal("other"), ProductDraft(display_name="Coat"))
    return catalog_pb2.EraseTenantRequest(tenant="other"), "operations/"


async def start_backfill(shop: Shop) -> tuple[object, str]:
    shop.analyzer.loaded |= {NEW_MODEL}
    return catalog_pb2.StartBackfillRequest(embedder_version=NEW_MODEL.model_version), "operations/"


async def start_reindex(shop: Shop) -> tuple[object, str]:
    return catalog_pb2.StartReindexRequest(scope="REINDEX_SCOPE_ALL"), "operations/"


async def filled(shop: Shop) -> str:
    """The name of a collection beside the live one."""
    await start_backfill(shop)
    start = shop.catalog.collections.start_backfill
    started = await start(ACTOR, NEW_MODEL.model_version)
    async for _ in shop.catalog.operations.watch(ACTOR, started.id):
        pass
    return collection_of(NEW_MODEL).name


async def swap_collection(shop: Shop) -> tuple[object, str]:
    return catalog_pb2.SwapCollectionRequest(collection=await filled(shop)), "collections"


async def drop_collection(shop: Shop) -> tuple[object, str]:
    name = await filled(shop)
    return catalog_pb2.DropCollectionRequest(collection=name), f"collections/{name}"


async def operation(shop: Shop) -> str:
    """An operation that does not end by itself, since no process runs its kind."""
    kind = OperationKind.TRAINING
    return (await shop.catalog.operations.start(ACTOR, kind, {})).id


async def cancel_operation(shop: Shop) -> tuple[object, str]:
    operation_id = await operation(shop)
    request = operations_pb2.CancelOperationRequest(operation_id=operation_id)
    return request, f"operations/{operation_id}"


async def retry_operation(shop: Shop) -> tuple[object, str]:
    operation_id = await operation(shop)
    await shop.catalog.operations.cancel(ACTOR, operation_id)
    request = operations_pb2.RetryOperationRequest(operation_id=operation_id)
    return request, f"operations/{operation_id}"


async def correct_item(shop: Shop) -> tuple[object, str]:
    request = corrections_pb2.CorrectItemRequest(item_id=await shop.item(), box=types_pb2.Box(x2=30, y2=30))
    return request, f"items/{request.item_id}"


async def add_item(shop: Shop) -> tuple[object, str]:
    image_id, _ = await shop.indexed()
    box = types_pb2.Box(x1=5, y1=5, x2=25, y2=30)
    return corrections_pb2.AddItemRequest(image_id=image_id, box=box, label="hat"), "items/"


async def reject_item(shop: Shop) -> tuple[object, str]:
    item_id, reason = await shop.item(), items_pb2.REJECT_REASON_DUPLICATE
    return corrections_pb2.RejectItemRequest(item_id=item_id, reason=reason), f"items/{item_id}"


async def restore_item(shop: Shop) -> tuple[object, str]:
    item_id = await shop.item()
    await shop.catalog.corrections.reject(ACTOR, item_id, RejectReason.DUPLICATE)
    return corrections_pb2.RestoreItemRequest(item_id=item_id), f"items/{item_id}"


async def set_primary_item(shop: Shop) -> tuple[object, str]:
    item_id, target = await shop.item(), corrections_pb2.PRIMARY_TARGET_IMAGE
    return corrections_pb2.SetPrimaryItemRequest(item_id=item_id, target=target), f"items/{item_id}"


async def verify_item(shop: Shop) -> tuple[object, str]:
    item_id = await shop.item()
    return corrections_pb2.VerifyItemRequest(item_id=item_id), f"items/{item_id}"


async def verify_items(shop: Shop) -> tuple[object, str]:
    item_id = await shop.item()
    items = [reviews_pb2.ItemToVerify(item_id=item_id)]
    return reviews_pb2.VerifyItemsRequest(items=items), f"items/{item_id}"


async def undo_correction(shop: Shop) -> tuple[object, str]:
    item_id = await shop.item()
    made = (await shop.catalog.corrections.reject(ACTOR, item_id, RejectReason.DUPLICATE)).correction
    assert made is not None
    return corrections_pb2.UndoCorrectionRequest(correction_id=made.id), f"items/{item_id}"


async def export_dataset(shop: Shop) -> tuple[object, str]:
    return exports_pb2.ExportDatasetRequest(include_rejected=True), "exports/dataset"


async def start_catalog_export(shop: Shop) -> tuple[object, str]:
    return exports_pb2.StartCatalogExportRequest(), "operations/"


async def import_review(shop: Shop) -> tuple[object, str]:
    item = await shop.catalog.items.get(ACTOR, await shop.item())
    box = types_pb2.Box(x1=item.box.x1, y1=item.box.y1, x2=item.box.x2, y2=item.box.y2)
    items = [exports_pb2.ReviewedItem(box=box, label="kilt")]
    request = exports_pb2.ImportReviewRequest(image_id=item.image_id, items=items)
    return request, f"images/{item.image_id}"


async def webhook(shop: Shop) -> str:
    """The id of one that nobody listens to."""
    return (await shop.catalog.webhooks.create(ACTOR, "https://shop.example/hook", [])).webhook.id


async def create_webhook(shop: Shop) -> tuple[object, str]:
    request = webhooks_pb2.CreateWebhookRequest(url="https://shop.example/", events=["operation.failed"])
    return request, "webhooks/"


async def delete_webhook(shop: Shop) -> tuple[object, str]:
    id = await webhook(shop)
    return webhooks_pb2.DeleteWebhookRequest(webhook_id=id), f"webhooks/{id}"


async def send_test_event(shop: Shop) -> tuple[object, str]:
    id = (await shop.catalog.webhooks.create(ACTOR, "https://127.0.0.1:9/", [])).webhook.id
    return webhooks_pb2.TestWebhookRequest(webhook_id=id), f"webhooks/{id}"


async def redeliver_webhook(shop: Shop) -> tuple[object, str]:
    id = (await shop.catalog.webhooks.create(ACTOR, "https://127.0.0.1:9/", [])).webhook.id
    delivery = await shop.catalog.webhooks.test(ACTOR, id)
    return webhooks_pb2.RedeliverWebhookRequest(delivery_id=delivery.id), f"webhooks/{id}"


def dressed(shop: Shop, item_id: str) -> Awaitable[object]:
    draft = WardrobeDraft(item_id, WardrobeState.OWNED)
    return shop.catalog.wardrobes.add(ACTOR, END_USER, [draft])


async def add_wardrobe_items(shop: Shop) -> tuple[object, str]:
    drafts = [wardrobe_pb2.WardrobeItemDraft(item_id=await shop.item(), note="a gift")]
    return wardrobe_pb2.AddWardrobeItemsRequest(end_user=END_USER, items=drafts), "wardrobe"


async def remove_wardrobe_items(shop: Shop) -> tuple[object, str]:
    item_id = await shop.item()
    await dressed(shop, item_id)
    request = wardrobe_pb2.RemoveWardrobeItemsRequest(end_user=END_USER, item_ids=[item_id])
    return request, "wardrobe"


async def reset_preferences(shop: Shop) -> tuple[object, str]:
    item = await shop.catalog.items.get(ACTOR, await shop.item())
    opinion = NewOpinion(FeedbackKind.LIKE, 1.0, {item.id: Appearance()}, item.version, 1e12)
    await shop.catalog.tastes.record(ACTOR, END_USER, opinion)
    return wardrobe_pb2.ResetPreferencesRequest(end_user=END_USER), "preferences"


async def export_end_user_data(shop: Shop) -> tuple[object, str]:
    await dressed(shop, await shop.item())
    return wardrobe_pb2.ExportEndUserDataRequest(end_user=END_USER), "end-user-data"


SCENARIOS: Mapping[str, Scenario] = {
    "CorrectItem": correct_item,
    "AddItem": add_item,
    "RejectItem": reject_item,
    "RestoreItem": restore_item,
    "SetPrimaryItem": set_primary_item,
    "VerifyItem": verify_item,
    "VerifyItems": verify_items,
    "UndoCorrection": undo_correction,
    "ExportDataset": export_dataset,
    "StartCatalogExport": start_catalog_export,
    "ImportReview": import_review,
    "AuditCatalog": audit_catalog,
    "StartReindex": start_reindex,
    "StartBackfill": start_backfill,
    "StartImport": start_import,
    "ImportEntries": import_entries,
    "FinishImport": finish_import,
    "EraseProduct": erase_product,
    "EraseEndUser": erase_end_user,
    "EraseTenant": erase_tenant,
    "SwapCollection": swap_collection,
    "DropCollection": drop_collection,
    "CancelOperation": cancel_operation,
    "RetryOperation": retry_operation,
    "CreateProduct": create_product,
    "UpdateProduct": update_product,
    "DeleteProduct": delete_product,
    "CreateUpload": create_upload,
    "IndexImage": index_image,
    "IndexImages": index_images,
    "CancelIndexingJob": cancel_job,
    "RetryIndexingJob": retry_job,
    "RetryIndexingJobs": retry_jobs,
    "CreateWebhook": create_webhook,
    "DeleteWebhook": delete_webhook,
    "TestWebhook": send_test_event,
    "RedeliverWebhook": redeliver_webhook,
    "DeleteIndexingJobs": delete_jobs,
    "UpdateImage": update_image,
    "DeleteImage": delete_image,
    "RestoreImage": restore_image,
    "RestoreProduct": restore_product,
    "AddWardrobeItems": add_wardrobe_items,
    "RemoveWardrobeItems": remove_wardrobe_items,
    "ResetPreferences": reset_preferences,
    "ExportEndUserData": export_end_user_data,
}
FACTS: Mapping[str, tuple[dict[str, object], dict[str, object]]] = {
    "RestoreItem": ({"reject_reason": "duplicate"}, {}),
    "UndoCorrection": ({"reject_reason": "duplicate"}, {}),
    "ExportDataset": ({}, {"include_rejected": True}),
    "StartCatalogExport": ({}, {"kind": "export"}),
    "CreateProduct": ({}, {"display_name": "Coat", "external_id": "SKU-1"}),
    "UpdateProduct": (
        {"display_name": "Coat", "attributes": {"size": "M"}},
        {"display_name": "Long coat", "attributes": {"size": "L"}},
    ),
    "DeleteProduct": (
        {"display_name": "Coat", "attributes": {"size": "M", "fit": "slim"}, "images": 0, "items": 0},
        {},
    ),
    "RestoreProduct": (
        {},
        {"display_name": "Coat", "attributes": {"size": "M", "fit": "slim"}, "images": 0, "items": 0},
    ),
    "CreateWebhook": ({}, {"url": "https://shop.example/", "events": ["operation.failed"]}),
    "TestWebhook": ({}, {"test": "FAILED", "status": 0}),
    "RetryIndexingJobs": ({}, {"retried": 1, "states": ["CANCELLED"]}),
    "RetryIndexingJob": ({"state": "CANCELLED"}, {"state": "QUEUED"}),
    "StartImport": (
        {},
        {"kind": "import", "source": "products.csv", "photos_per_s": 0.0, "again": False},
    ),
    "ImportEntries": ({"entries": 0}, {"entries": 2}),
    "UpdateImage": ({"name": "a.png"}, {"name": "front.png"}),
    "FinishImport": ({"finished": False}, {"finished": True}),
    "AuditCatalog": ({}, {"kind": "audit", "repair": True, "all_tenants": False}),
    "StartReindex": (
        {},
        {"kind": "reindex", "scope": "all", "photos_per_s": 0.0, "all_tenants": False},
    ),
    "EraseEndUser": ({}, {"kind": "erase"}),
    "EraseTenant": ({}, {"kind": "erase", "tenant": "other"}),
    "SwapCollection": (
        {"live": collection_of(FIRST_MODEL).name},
        {"live": collection_of(NEW_MODEL).name},
    ),
    "DropCollection": ({"version": "fake-embedder-2/square-1"}, {}),
    "AddWardrobeItems": ({}, {"items": 1}),
    "RemoveWardrobeItems": ({"items": 1}, {}),
    "ResetPreferences": ({"signals": 1}, {}),
    "ExportEndUserData": ({}, {"entries": 1}),
    "CancelOperation": (
        {"state": "QUEUED", "cancel_requested": False},
        {"state": "CANCELLED", "cancel_requested": True},
    ),
}


@pytest.fixture
def options(options: CatalogOptions) -> CatalogOptions:
    return replace(options, urls=UrlOptions(public_url="https://shop.example"))


@pytest.fixture
def shop(catalog: Catalog, analyzer: FakeAnalyzer) -> Shop:
    return Shop(catalog, analyzer)


async def records_of(catalog: Catalog) -> list[AuditRecord]:
    """The oldest first."""
    return list(await catalog.trail.list(AuditFilter(), 100))[::-1]


@pytest.mark.parametrize("method", [*recorded(CATALOG), *recorded(OPERATIONS), *recorded(OUTFITS)])
async def test_each_write_leaves_one_record(shop: Shop, method: str) -> None:
    request, resource = await SCENARIOS[method](shop)
    before = await records_of(shop.catalog)
    servicer: OperationServicer | CatalogServicer | OutfitServicer = CatalogServicer(shop.catalog)
    if method in OPERATIONS.methods_by_name:
        servicer = OperationServicer(shop.catalog)
    if method in OUTFITS.methods_by_name:
        servicer = OutfitServicer(shop.catalog, PersonalOutfits.of(shop.catalog, RULES, TASTES))
    await call(ACTOR, servicer, method, request)
    record, *others = (await records_of(shop.catalog))[len(before) :]
    assert others == []
    assert record.resource.startswith(resource)
    assert (record.tenant_id, record.actor, record.action) == (ACTOR.tenant_id, ACTOR.subject, method)
    assert (record.end_user, record.request_id) == (HEADERS["armoire-end-user"], HEADERS["x-request-id"])
    assert record.before or record.after
    if method in FACTS:
        assert (record.before, record.after) == FACTS[method]


async def test_the_record_of_a_photo_names_its_job_and_has_no_picture(shop: Shop) -> None:
    draft = ProductDraft(display_name="Coat", external_id="SKU-2")
    job = await shop.catalog.images.index(ACTOR, IndexRequest(photo(5), image_name="a.png", product=draft))
    (record,) = await records_of(shop.catalog)
    assert record.resource == f"images/{job.image_id}"
    after = dict(record.after)
    assert (len(after.pop("sha256")), after.pop("size_bytes")) == (64, len(photo(5)))
    assert after == {
        "name": "a.png",
        "product_id": job.product_id,
        "job_id": job.id,
        "product": {"display_name": "Coat", "external_id": "SKU-2"},
    }


async def test_what_changes_nothing_leaves_no_record(shop: Shop) -> None:
    catalog, draft = shop.catalog, ProductDraft(display_name="Coat")
    product = await catalog.products.create(ACTOR, draft, "key")
    assert await catalog.products.create(ACTOR, draft, "key") == product
    await catalog.products.update(ACTOR, products.ProductKey(product.id), draft)
    request = IndexRequest(photo(6), idempotency_key="photo")
    job = await catalog.images.index(ACTOR, request)
    assert (await catalog.images.index(ACTOR, request)).id == job.id
    await end_of(catalog, job.id, ACTOR)
    resources = [record.resource for record in await records_of(catalog)]
    assert resources == [f"products/{product.id}", f"images/{job.image_id}"]


async def test_a_refused_call_leaves_no_record(shop: Shop) -> None:
    catalog = shop.catalog
    product_id = await shop.product()
    (made,) = await records_of(catalog)
    for refused in (
        catalog.products.delete(ACTOR, product_id, etag="old"),
        catalog.products.update(ACTOR, products.ProductKey("0" * 32), ProductDraft(display_name="Coat")),
        catalog.images.delete(ACTOR, product_id),
        catalog.jobs.cancel(ACTOR, product_id),
        catalog.images.index(ACTOR, IndexRequest(photo(7), product_id="0" * 32)),
    ):
        with pytest.raises(ArmoireError):
            await refused
    with pytest.raises(InvalidInput):
        await call(ACTOR, CatalogServicer(catalog), "CreateProduct", products_pb2.CreateProductRequest())
    assert await records_of(catalog) == [made]


async def test_a_change_whose_record_cannot_be_written_is_undone(shop: Shop) -> None:
    await shop.catalog._database.write(lambda session: session.execute(text("DROP TABLE audit_record")))
    with pytest.raises(
        (Unavailable, ProgrammingError)
    ):  # SQLite does not tell it from a file that is damaged
        await shop.product()
    assert (await shop.catalog.products.list(ACTOR)).entries == ()


async def test_photos_without_records(options: CatalogOptions, analyzer: FakeAnalyzer) -> None:
    catalog = Catalog(replace(options, audit=AuditOptions(indexing=False)), analyzer, TAXONOMY)
    await catalog.start()
    try:
        await catalog.images.index(ACTOR, IndexRequest(photo(8)))
        draft = ProductDraft(display_name="Coat", external_id="SKU-3")
        job = await catalog.images.index(ACTOR, IndexRequest(photo(9), product=draft))
        (record,) = await records_of(catalog)
        assert (record.resource, record.after["product_id"]) == (f"images/{job.image_id}", job.product_id)
    finally:
        await catalog.stop()
