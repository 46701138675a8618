"""CatalogService over a real channel, on real stores and a fake analyzer."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status
from google.type.money_pb2 import Money
from PIL import Image

from armoire.v1 import (
    catalog_pb2,
    catalog_pb2_grpc,
    images_pb2,
    indexing_pb2,
    items_pb2,
    products_pb2,
    search_pb2,
    types_pb2,
)
from services.catalog.catalog import Catalog
from services.catalog.options import CatalogOptions
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.catalog_servicer import CatalogServicer
from services.edge.hosted_service import HostedService
from services.edge.server import GrpcOptions, GrpcServer
from tests.integration.catalog.fake_analyzer import (
    TAXONOMY,
    WIDTH,
    FakeAnalyzer,
    bad_photo,
    garments_in,
    photo,
)

UNKNOWN_ID = "01a1fd28-59fa-7859-95d7-d9983decee98"

CATALOG = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]


@pytest.fixture
async def stub(tmp_path: Path) -> AsyncIterator[Any]:
    options = CatalogOptions(
        f"sqlite:///{tmp_path / 'c.db'}", str(tmp_path / "blobs"), str(tmp_path / "milvus.db"), recheck_s=60
    )
    catalog = Catalog(options, FakeAnalyzer(), TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    hosted = HostedService(CATALOG, CatalogServicer(catalog))
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), [hosted], Calls(Admission(8)))
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield catalog_pb2_grpc.CatalogServiceStub(channel)
    await server.stop()
    await catalog.stop()


def index_request(seed: int, **fields: Any) -> indexing_pb2.IndexImageRequest:
    return indexing_pb2.IndexImageRequest(image=types_pb2.ImageInput(content=photo(seed)), **fields)


async def index(stub: Any, request: indexing_pb2.IndexImageRequest) -> indexing_pb2.IndexingJob:
    job = (await stub.IndexImage(request)).job
    async for response in stub.WatchIndexingJob(indexing_pb2.WatchIndexingJobRequest(job_id=job.id)):
        job = response.job
    return job


def violation(error: grpc.aio.AioRpcError) -> BadRequest.FieldViolation:
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    (blob,) = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
    details = BadRequest()
    assert any(detail.Unpack(details) for detail in Status.FromString(blob).details)
    return details.field_violations[0]


async def test_a_photo_goes_in_and_is_found(stub: Any) -> None:
    product = products_pb2.Product(
        display_name="Gown", brand="Acme", category="gown", price=Money(currency_code="EUR", units=40)
    )
    job = await index(stub, index_request(4, image_name="a.png", product=product))
    assert job.state == indexing_pb2.INDEXING_JOB_STATE_COMPLETE
    assert (job.image_name, len(job.items)) == ("a.png", garments_in(photo(4)))
    (version,) = job.versions
    assert (version.model_version, version.preprocess_version) == ("fake-embedder-1", "square-1")
    assert (version.live, version.complete, version.searchable) == (True, True, True)
    assert [item.primary_in_product for item in job.items] == [item.primary_in_image for item in job.items]
    assert not job.HasField("error")
    assert (await stub.GetIndexingJob(indexing_pb2.GetIndexingJobRequest(job_id=job.id))).job == job

    request = search_pb2.SearchRequest(
        image=types_pb2.ImageInput(content=photo(4)),
        top_k=1,
        include_crops=True,
        filter=search_pb2.Filter(
            conditions=[
                search_pb2.Condition(field="brand", any_of=search_pb2.StringSet(values=["acme"])),
                search_pb2.Condition(field="price", range=search_pb2.NumberRange(at_least=0, less_than=50)),
            ]
        ),
    )
    response = await stub.Search(request)
    assert [query.hits[0].item.id for query in response.queries] == [item.item_id for item in job.items]
    hit = response.queries[0].hits[0]
    assert hit.score == pytest.approx(1.0, abs=1e-5)
    assert hit.rank_score > hit.score
    assert [term.name for term in hit.terms] == ["similarity", "same_category"]
    assert sum(term.value for term in hit.terms) == pytest.approx(hit.rank_score, abs=1e-6)
    assert hit.product.primary_item_id in {item.item_id for item in job.items}
    assert hit.crop.startswith(b"\xff\xd8")
    assert hit.item.crop == b""
    assert (hit.product.display_name, hit.product.category, hit.product.price.units) == ("Gown", "dress", 40)
    assert (response.model_version, response.preprocess_version) == ("fake-embedder-1", "square-1")
    assert response.timings.search_ns > 0


async def test_an_item_comes_with_all_that_is_asked_for(stub: Any) -> None:
    job = await index(stub, index_request(1))
    request = items_pb2.GetItemRequest(
        item_id=job.items[0].item_id, include_embedding=True, include_crop=True
    )
    item = (await stub.GetItem(request)).item
    assert len(item.embedding.values) == WIDTH
    assert item.embedding.model_version == item.model_version == "fake-embedder-1"
    assert item.attributes["category"].values[0].value == item.label
    assert item.attributes["category"].source == types_pb2.VALUE_SOURCE_MODEL
    assert not item.attributes["category"].HasField("number")
    assert item.etag
    assert item.update_time.ToMicroseconds() >= item.create_time.ToMicroseconds()
    assert item.colors[0].fraction == pytest.approx(0.7)
    assert list(item.warnings) == [types_pb2.QUALITY_ISSUE_BLURRED]
    assert item.crop.startswith(b"\xff\xd8")
    assert item.create_time.seconds > 1_600_000_000
    found = await stub.Search(search_pb2.SearchRequest(embedding=item.embedding))
    assert found.queries[0].hits[0].item.id == item.id
    listed = await stub.ListItems(items_pb2.ListItemsRequest(image_id=job.image_id))
    assert {listed_item.id for listed_item in listed.items} == {entry.item_id for entry in job.items}
    assert not listed.items[0].HasField("embedding")


async def failure(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


def reason(error: grpc.aio.AioRpcError) -> str:
    (blob,) = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
    info = ErrorInfo()
    assert any(detail.Unpack(info) for detail in Status.FromString(blob).details)
    return info.reason


async def test_everything_said_of_a_product_comes_back(stub: Any) -> None:
    said = products_pb2.Product(
        external_id="SKU-1",
        display_name="Coat",
        description="Warm.",
        brand="Acme",
        category="coat",
        product_type="Winter > Coats",
        price=Money(currency_code="EUR", units=90, nanos=500_000_000),
        list_price=Money(currency_code="EUR", units=120),
        url="https://shop.example/coat?a=1",
        availability=products_pb2.AVAILABILITY_PREORDER,
        attributes={"material": "wool", "care": ""},
    )
    product = (await stub.CreateProduct(products_pb2.CreateProductRequest(product=said))).product
    for field, value in said.ListFields():
        expected = "outerwear" if field.name == "category" else value
        assert getattr(product, field.name) == expected, field.name
    assert (product.primary_item_id, product.HasField("delete_time")) == ("", False)
    by_external_id = products_pb2.GetProductRequest(external_id="SKU-1")
    assert (await stub.GetProduct(by_external_id)).product == product


async def test_an_upsert_creates_and_then_changes(stub: Any) -> None:
    coat = products_pb2.Product(external_id="SKU-1", display_name="Coat", brand="A")
    upsert = products_pb2.UpdateProductRequest(product=coat, allow_missing=True)
    created = await stub.UpdateProduct(upsert)
    assert (created.created, created.product.brand) == (True, "A")
    upsert.product.brand = "B"
    changed = await stub.UpdateProduct(upsert)
    assert (changed.created, changed.product.brand) == (False, "B")
    assert changed.product.id == created.product.id
    upsert.product.external_id, upsert.allow_missing = "SKU-2", False
    assert (await failure(stub.UpdateProduct(upsert))).code() is grpc.StatusCode.NOT_FOUND


async def test_an_external_id_belongs_to_one_product(stub: Any) -> None:
    create = products_pb2.CreateProductRequest(
        product=products_pb2.Product(external_id="SKU-1", display_name="Coat")
    )
    product = (await stub.CreateProduct(create)).product
    error = await failure(stub.CreateProduct(create))
    assert (error.code(), reason(error)) == (grpc.StatusCode.ALREADY_EXISTS, "EXTERNAL_ID_TAKEN")
    await stub.DeleteProduct(products_pb2.DeleteProductRequest(product_id=product.id))
    assert reason(await failure(stub.CreateProduct(create))) == "EXTERNAL_ID_TAKEN"


async def test_an_image_is_a_resource(stub: Any) -> None:
    job = await index(stub, index_request(1, image_name="a.png"))
    image = (await stub.GetImage(images_pb2.GetImageRequest(image_id=job.image_id))).image
    assert (image.id, image.name, image.format) == (job.image_id, "a.png", "png")
    assert (image.width, image.height, image.size_bytes) == (60, 40, len(photo(1)))
    assert image.sha256 == hashlib.sha256(photo(1)).hexdigest()
    assert list(image.warnings) == [types_pb2.QUALITY_ISSUE_LOW_RESOLUTION]
    (rejected,) = image.rejected_crops
    assert (rejected.label, rejected.reason) == ("hat", types_pb2.QUALITY_ISSUE_TOO_SMALL)
    assert (rejected.box, rejected.score) == (types_pb2.Box(x2=2, y2=2), pytest.approx(0.95))
    assert list((await stub.ListImages(images_pb2.ListImagesRequest())).images) == [image]
    original = await stub.GetImageContent(images_pb2.GetImageContentRequest(image_id=image.id))
    assert (original.content, original.media_type) == (photo(1), "image/png")


async def test_a_thumbnail_is_a_small_webp(stub: Any) -> None:
    job = await index(stub, index_request(1))
    request = images_pb2.GetImageContentRequest(
        image_id=job.image_id, rendition=images_pb2.RENDITION_THUMBNAIL, max_side_px=20
    )
    small = await stub.GetImageContent(request)
    with Image.open(io.BytesIO(small.content)) as picture:
        assert (picture.format, picture.size, small.media_type) == ("WEBP", (20, 13), "image/webp")
    for side_px in (15, 2049, -1):
        request.max_side_px = side_px
        assert violation(await failure(stub.GetImageContent(request))).field == "max_side_px"


async def test_an_ended_job_is_not_cancelled_and_a_complete_one_not_retried(stub: Any) -> None:
    job = await index(stub, index_request(1))
    error = await failure(stub.CancelIndexingJob(indexing_pb2.CancelIndexingJobRequest(job_id=job.id)))
    assert (error.code(), reason(error)) == (grpc.StatusCode.FAILED_PRECONDITION, "JOB_ENDED")
    error = await failure(stub.RetryIndexingJob(indexing_pb2.RetryIndexingJobRequest(job_id=job.id)))
    assert (error.code(), reason(error)) == (grpc.StatusCode.FAILED_PRECONDITION, "JOB_NOT_RETRYABLE")


async def test_a_failed_job_can_be_retried(stub: Any) -> None:
    request = indexing_pb2.IndexImageRequest(image=types_pb2.ImageInput(content=bad_photo(1)))
    job = await index(stub, request)
    retry = indexing_pb2.RetryIndexingJobRequest(job_id=job.id)
    queued = (await stub.RetryIndexingJob(retry)).job
    assert queued.state == indexing_pb2.INDEXING_JOB_STATE_QUEUED
    assert not queued.HasField("error")


async def test_jobs_are_listed_by_product_and_time(stub: Any) -> None:
    first = await index(stub, index_request(1, product=products_pb2.Product(display_name="Coat")))
    second = await index(stub, index_request(2))

    async def listed(**filters: Any) -> list[str]:
        request = indexing_pb2.ListIndexingJobsRequest(**filters)
        return [job.id for job in (await stub.ListIndexingJobs(request)).jobs]

    assert await listed(product_id=first.product_id) == [first.id]
    assert await listed(created_from=second.create_time) == [second.id]
    assert await listed(created_before=second.create_time) == [first.id]
    assert await listed(created_from=first.create_time) == [second.id, first.id]


async def test_what_is_not_offered_yet_says_so_and_names_its_field(stub: Any) -> None:
    elsewhere = types_pb2.ImageInput(uri="s3://a/b")
    for call in (
        stub.IndexImage(indexing_pb2.IndexImageRequest(image=elsewhere)),
        stub.Search(search_pb2.SearchRequest(image=elsewhere)),
    ):
        error = await failure(call)
        assert error.code() is grpc.StatusCode.UNIMPLEMENTED
        assert (error.details() or "").startswith("image.uri: ")


async def test_a_link_needs_a_place_to_begin(stub: Any) -> None:
    job = await index(stub, index_request(1))
    wanted = images_pb2.GetImageContentRequest(image_id=job.image_id, as_url=True)
    error = await failure(stub.GetImageContent(wanted))
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "ARMOIRE_URLS__PUBLIC_URL" in (error.details() or "")


async def test_the_pages_of_a_search_hold_every_hit_once(stub: Any) -> None:
    for seed in (1, 2, 3):
        await index(stub, index_request(seed))
    request = search_pb2.SearchRequest(text="dress", top_k=2)
    every = await stub.Search(search_pb2.SearchRequest(text="dress", top_k=50))
    paged: list[str] = []
    while True:
        page = await stub.Search(request)
        paged += [hit.item.id for hit in page.queries[0].hits]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert paged == [hit.item.id for hit in every.queries[0].hits]
    assert len(paged) > 2
    request.text = "coat"
    assert violation(await failure(stub.Search(request))).field == "page_token"


async def test_a_filter_can_be_nested(stub: Any) -> None:
    made = {}
    for brand in ("A", "B", "C"):
        product = products_pb2.Product(display_name="Coat", brand=brand)
        made[brand] = (await index(stub, index_request(ord(brand), product=product))).product_id

    def brands(*values: str) -> search_pb2.Filter:
        condition = search_pb2.Condition(field="brand", any_of=search_pb2.StringSet(values=values))
        return search_pb2.Filter(conditions=[condition])

    async def found(filter: search_pb2.Filter) -> set[str]:
        response = await stub.Search(search_pb2.SearchRequest(text="coat", top_k=50, filter=filter))
        return {hit.item.product_id for hit in response.queries[0].hits}

    assert await found(search_pb2.Filter(any_of=[brands("A"), brands("B")])) == {made["A"], made["B"]}
    without = search_pb2.Filter(any_of=[brands("A"), brands("B")], none_of=[brands("A")])
    assert await found(without) == {made["B"]}
    both = search_pb2.Filter(all_of=[brands("A", "B"), brands("B", "C")])
    assert await found(both) == {made["B"]}
    deep = brands("A")
    for _ in range(20):
        deep = search_pb2.Filter(any_of=[deep])
    error = violation(await failure(stub.Search(search_pb2.SearchRequest(text="coat", filter=deep))))
    assert error.field.endswith(".any_of[0]")
    assert "levels deep" in error.description


async def test_a_photo_is_searched_for_with_its_priority_and_detection_score(stub: Any) -> None:
    await index(stub, index_request(1))
    request = search_pb2.SearchRequest(
        image=index_request(1).image, min_detection_score=0.1, priority=types_pb2.PRIORITY_BULK
    )
    response = await stub.Search(request)
    assert all(query.hits for query in response.queries)
    assert len(response.queries) > 0
    request.min_detection_score = 1.5
    assert violation(await failure(stub.Search(request))).field == "min_detection_score"
    request = search_pb2.SearchRequest(text="x", min_detection_score=0.5)
    assert violation(await failure(stub.Search(request))).field == "min_detection_score"


async def test_a_search_keeps_to_its_threshold_and_its_model(stub: Any) -> None:
    await index(stub, index_request(1))
    await index(stub, index_request(2))
    every = await stub.Search(search_pb2.SearchRequest(text="dress"))
    scores = sorted(hit.score for hit in every.queries[0].hits)
    near = await stub.Search(search_pb2.SearchRequest(text="dress", min_score=scores[1]))
    assert sorted(hit.score for hit in near.queries[0].hits) == scores[1:]
    error = await failure(stub.Search(search_pb2.SearchRequest(text="dress", min_score=1.5)))
    assert violation(error).field == "min_score"
    await stub.Search(search_pb2.SearchRequest(text="dress", model_version="fake-embedder-1"))
    error = await failure(stub.Search(search_pb2.SearchRequest(text="dress", model_version="other")))
    assert (error.code(), reason(error)) == (grpc.StatusCode.FAILED_PRECONDITION, "MODEL_VERSION_MISMATCH")


async def test_products_live_and_die(stub: Any) -> None:
    request = products_pb2.CreateProductRequest(product=products_pb2.Product(display_name="Coat", brand="A"))
    product = (await stub.CreateProduct(request)).product
    assert (await stub.GetProduct(products_pb2.GetProductRequest(product_id=product.id))).product == product
    assert not product.HasField("price")
    update = products_pb2.UpdateProductRequest(
        product=products_pb2.Product(id=product.id, brand="B", etag=product.etag),
        update_mask=FieldMask(paths=["brand"]),
    )
    updated = (await stub.UpdateProduct(update)).product
    assert (updated.display_name, updated.brand) == ("Coat", "B")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.UpdateProduct(update)
    assert caught.value.code() is grpc.StatusCode.ABORTED
    listed = await stub.ListProducts(products_pb2.ListProductsRequest(page_size=10))
    assert (list(listed.products), listed.next_page_token) == ([updated], "")
    await stub.DeleteProduct(products_pb2.DeleteProductRequest(product_id=product.id))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.GetProduct(products_pb2.GetProductRequest(product_id=product.id))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_lists_are_filtered_by_a_text(stub: Any) -> None:
    made = [
        (
            await stub.CreateProduct(
                products_pb2.CreateProductRequest(product={"display_name": name, "brand": brand})
            )
        ).product
        for name, brand in (("Coat", "Acme"), ("Hat", "Smith, Sons"))
    ]
    job = await index(stub, index_request(1, product_id=made[0].id))
    for where, names in (
        ('brand="smith, sons"', ["Hat"]),
        ("brand=acme|other,price<5", []),
        ("", ["Hat", "Coat"]),
    ):
        listed = await stub.ListProducts(products_pb2.ListProductsRequest(where=where))
        assert [each.display_name for each in listed.products] == names
    listed = await stub.ListItems(items_pb2.ListItemsRequest(where="brand=Acme"))
    assert [each.id for each in listed.items] == [each.item_id for each in job.items]
    assert not (await stub.ListItems(items_pb2.ListItemsRequest(where="brand!=Acme"))).items


async def test_a_failed_job_tells_its_reason(stub: Any) -> None:
    request = indexing_pb2.IndexImageRequest(image=types_pb2.ImageInput(content=bad_photo(1)))
    job = await index(stub, request)
    assert job.state == indexing_pb2.INDEXING_JOB_STATE_FAILED
    assert job.error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert job.error.message.startswith("image.content: is damaged")
    failed = indexing_pb2.ListIndexingJobsRequest(states=[indexing_pb2.INDEXING_JOB_STATE_FAILED])
    assert list((await stub.ListIndexingJobs(failed)).jobs) == [job]
    complete = indexing_pb2.ListIndexingJobsRequest(states=[indexing_pb2.INDEXING_JOB_STATE_COMPLETE])
    assert list((await stub.ListIndexingJobs(complete)).jobs) == []


async def test_a_deleted_photo_is_gone(stub: Any) -> None:
    job = await index(stub, index_request(1))
    stale = images_pb2.DeleteImageRequest(image_id=job.image_id, etag="of long ago")
    assert (await failure(stub.DeleteImage(stale))).code() is grpc.StatusCode.ABORTED
    await stub.DeleteImage(images_pb2.DeleteImageRequest(image_id=job.image_id))
    get = images_pb2.GetImageRequest(image_id=job.image_id)
    assert (await failure(stub.GetImage(get))).code() is grpc.StatusCode.NOT_FOUND
    assert not (await stub.ListItems(items_pb2.ListItemsRequest())).items
    assert not (await stub.Search(search_pb2.SearchRequest(text="dress"))).queries[0].hits


async def test_bad_requests_name_their_field(stub: Any) -> None:
    dress = types_pb2.ImageInput(content=photo(1))
    nan = types_pb2.Embedding(
        values=[float("nan")] * WIDTH, model_version="fake-embedder-1", preprocess_version="square-1"
    )
    no_test = search_pb2.Filter(conditions=[search_pb2.Condition(field="color")])
    cases = [
        (stub.Search(search_pb2.SearchRequest()), "query"),
        (stub.Search(search_pb2.SearchRequest(text="")), "text"),
        (stub.Search(search_pb2.SearchRequest(image=types_pb2.ImageInput())), "image.content"),
        (stub.Search(search_pb2.SearchRequest(embedding=nan)), "embedding.values"),
        (stub.Search(search_pb2.SearchRequest(image=dress, top_k=101)), "top_k"),
        (stub.Search(search_pb2.SearchRequest(image=dress, filter=no_test)), "filter.conditions[0]"),
        (stub.IndexImage(indexing_pb2.IndexImageRequest()), "image.content"),
        (stub.ListIndexingJobs(indexing_pb2.ListIndexingJobsRequest(states=[0])), "states[0]"),
        (stub.ListProducts(products_pb2.ListProductsRequest(page_token="x")), "page_token"),
        (stub.ListProducts(products_pb2.ListProductsRequest(where="brand=")), "where"),
        (stub.ListProducts(products_pb2.ListProductsRequest(where="colour=red")), "where"),
        (stub.ListItems(items_pb2.ListItemsRequest(where="a=" + "b" * 5000)), "where"),
        (stub.GetItem(items_pb2.GetItemRequest()), "item_id"),
        (stub.UpdateProduct(products_pb2.UpdateProductRequest()), "product.id"),
    ]
    for call, field in cases:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert violation(caught.value).field == field


async def test_what_is_not_there_is_not_found(stub: Any) -> None:
    watch = stub.WatchIndexingJob(indexing_pb2.WatchIndexingJobRequest(job_id=UNKNOWN_ID))
    for call in (
        watch.read(),
        stub.GetIndexingJob(indexing_pb2.GetIndexingJobRequest(job_id=UNKNOWN_ID)),
        stub.GetItem(items_pb2.GetItemRequest(item_id=UNKNOWN_ID)),
        stub.DeleteImage(images_pb2.DeleteImageRequest(image_id=UNKNOWN_ID)),
        stub.Search(search_pb2.SearchRequest(item_id=UNKNOWN_ID)),
        stub.Search(search_pb2.SearchRequest(product_id=UNKNOWN_ID)),
        stub.IndexImage(index_request(1, product_id=UNKNOWN_ID)),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_the_limits_can_be_read(stub: Any) -> None:
    limits = await stub.GetCatalogLimits(catalog_pb2.GetCatalogLimitsRequest())
    assert (limits.max_top_k, limits.max_text_chars, limits.embedding_width) == (100, 512, WIDTH)
    assert {
        *("category", "color", "pattern", "style", "fit", "season", "formality", "age_group"),
        *("label", "price", "currency", "brand", "product_id"),
        *("external_id", "product_category", "product_type", "availability"),
        *("primary_in_image", "primary_in_product", "create_time", "update_time"),
        *("main_color", "shade", "main_shade", "garment_score"),
        *("product_create_time", "product_update_time"),
    } == set(limits.filter_fields)
    assert min(limits.max_image_bytes, limits.max_image_pixels, limits.max_page_size) > 0
    assert (limits.max_boxes_per_image, limits.max_name_chars, limits.max_description_chars) == (
        64,
        200,
        5000,
    )
    assert (limits.max_key_chars, limits.max_filter_value_chars) == (128, 200)
    assert (limits.min_image_side_px, limits.max_image_frames) == (8, 1)
    assert limits.max_message_bytes == GrpcOptions().max_message_bytes
    assert (limits.max_product_attributes, limits.max_attribute_chars, limits.max_url_chars) == (
        64,
        500,
        2000,
    )
    assert all(value for _, value in limits.ListFields())
    assert len(limits.ListFields()) == len(catalog_pb2.GetCatalogLimitsResponse.DESCRIPTOR.fields)


def images_request(id: str, seed: int, **fields: Any) -> indexing_pb2.IndexImagesRequest:
    return indexing_pb2.IndexImagesRequest(id=id, image=types_pb2.ImageInput(content=photo(seed)), **fields)


async def test_photos_of_a_stream_are_indexed_in_order_and_a_bad_one_is_told(stub: Any) -> None:
    requests = [
        images_request("a", 1, image_name="a.png", idempotency_key="key-a"),
        indexing_pb2.IndexImagesRequest(id="none"),
        images_request("b", 2, image_name="b.png"),
        images_request("b", 3),
        images_request("", 3),
        images_request("lost", 3, product_id=UNKNOWN_ID),
        images_request("again", 1, image_name="a.png", idempotency_key="key-a"),
    ]
    results = (await stub.IndexImages(iter(requests))).results
    assert [result.id for result in results] == [request.id for request in requests]
    good = {result.id: result.job for result in results if result.HasField("job")}
    assert {id: job.image_name for id, job in good.items()} == {"a": "a.png", "b": "b.png", "again": "a.png"}
    assert good["a"].id == good["again"].id
    errors = [result.error for result in results if result.HasField("error")]
    fields = []
    for error in errors[:3]:
        details = BadRequest()
        assert any(detail.Unpack(details) for detail in error.details)
        fields.append(details.field_violations[0].field)
    assert fields == ["image.content", "id", "id"]
    assert errors[3].code == grpc.StatusCode.NOT_FOUND.value[0]


async def test_a_stream_has_a_limit_of_photos(stub: Any) -> None:
    limits = await stub.GetCatalogLimits(catalog_pb2.GetCatalogLimitsRequest())
    assert limits.max_images_per_stream == 10_000
    requests = (indexing_pb2.IndexImagesRequest(id=str(number)) for number in range(10_001))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.IndexImages(requests)
    assert violation(error.value).field == "requests"
