"""CatalogService over a real channel, on real stores and a fake analyzer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc.error_details_pb2 import BadRequest
from google.rpc.status_pb2 import Status
from google.type.money_pb2 import Money

from armoire.v1 import catalog_pb2, catalog_pb2_grpc, types_pb2
from services.catalog.catalog import Catalog, CatalogOptions
from services.edge.catalog_servicer import CatalogServicer
from services.edge.interceptors import Admission
from services.edge.server import GrpcOptions, GrpcServer, HostedService
from tests.integration.catalog.fake_analyzer import (
    TAXONOMY,
    WIDTH,
    FakeAnalyzer,
    bad_photo,
    garments_in,
    photo,
)

UNKNOWN_ID = "01a1fd28-59fa-7859-95d7-d9983decee98"


@pytest.fixture
async def stub(tmp_path: Path) -> AsyncIterator[Any]:
    options = CatalogOptions(
        f"sqlite:///{tmp_path / 'c.db'}", str(tmp_path / "blobs"), str(tmp_path / "milvus.db"), recheck_s=60
    )
    catalog = Catalog(options, FakeAnalyzer(), TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    servicer = CatalogServicer(catalog)
    hosted = HostedService(
        "armoire.v1.CatalogService",
        lambda server: catalog_pb2_grpc.add_CatalogServiceServicer_to_server(servicer, server),
    )
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), [hosted], Admission(8))
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield catalog_pb2_grpc.CatalogServiceStub(channel)
    await server.stop()
    await catalog.stop()


def index_request(seed: int, **fields: Any) -> catalog_pb2.IndexImageRequest:
    return catalog_pb2.IndexImageRequest(image=types_pb2.ImageInput(content=photo(seed)), **fields)


async def index(stub: Any, request: catalog_pb2.IndexImageRequest) -> catalog_pb2.Job:
    job = (await stub.IndexImage(request)).job
    async for response in stub.WatchJob(catalog_pb2.WatchJobRequest(job_id=job.id)):
        job = response.job
    return job


def violation(error: grpc.aio.AioRpcError) -> BadRequest.FieldViolation:
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    (blob,) = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
    details = BadRequest()
    assert any(detail.Unpack(details) for detail in Status.FromString(blob).details)
    return details.field_violations[0]


async def test_a_photo_goes_in_and_is_found(stub: Any) -> None:
    product = catalog_pb2.Product(
        display_name="Gown", brand="Acme", category="gown", price=Money(currency_code="EUR", units=40)
    )
    job = await index(stub, index_request(4, image_name="a.png", product=product))
    assert job.state == catalog_pb2.JOB_STATE_COMPLETE
    assert (job.searchable, job.image_name, len(job.items)) == (True, "a.png", garments_in(photo(4)))
    assert not job.HasField("error")
    assert (await stub.GetJob(catalog_pb2.GetJobRequest(job_id=job.id))).job == job

    request = catalog_pb2.SearchRequest(
        image=types_pb2.ImageInput(content=photo(4)),
        top_k=1,
        include_crops=True,
        filter=catalog_pb2.Filter(
            conditions=[
                catalog_pb2.Condition(field="brand", any_of=catalog_pb2.StringSet(values=["acme"])),
                catalog_pb2.Condition(field="price", range=catalog_pb2.NumberRange(at_least=0, less_than=50)),
            ]
        ),
    )
    response = await stub.Search(request)
    assert [query.hits[0].item.id for query in response.queries] == [item.item_id for item in job.items]
    hit = response.queries[0].hits[0]
    assert hit.score == pytest.approx(1.0, abs=1e-5)
    assert hit.rank_score > hit.score
    assert hit.crop.startswith(b"\xff\xd8")
    assert hit.item.crop == b""
    assert (hit.product.display_name, hit.product.category, hit.product.price.units) == ("Gown", "dress", 40)
    assert (response.model_version, response.preprocess_version) == ("fake-embedder-1", "square-1")
    assert response.timings.search_ns > 0


async def test_an_item_comes_with_all_that_is_asked_for(stub: Any) -> None:
    job = await index(stub, index_request(1))
    request = catalog_pb2.GetItemRequest(
        item_id=job.items[0].item_id, include_embedding=True, include_crop=True
    )
    item = (await stub.GetItem(request)).item
    assert len(item.embedding.values) == WIDTH
    assert item.embedding.model_version == item.model_version == "fake-embedder-1"
    assert item.attributes["category"].value == item.label
    assert item.colors[0].fraction == pytest.approx(0.7)
    assert list(item.warnings) == [types_pb2.QUALITY_ISSUE_BLURRED]
    assert item.crop.startswith(b"\xff\xd8")
    assert item.create_time.seconds > 1_600_000_000
    found = await stub.Search(catalog_pb2.SearchRequest(embedding=item.embedding))
    assert found.queries[0].hits[0].item.id == item.id
    listed = await stub.ListItems(catalog_pb2.ListItemsRequest(image_id=job.image_id))
    assert {listed_item.id for listed_item in listed.items} == {entry.item_id for entry in job.items}
    assert not listed.items[0].HasField("embedding")


async def test_products_live_and_die(stub: Any) -> None:
    request = catalog_pb2.CreateProductRequest(product=catalog_pb2.Product(display_name="Coat", brand="A"))
    product = (await stub.CreateProduct(request)).product
    assert (await stub.GetProduct(catalog_pb2.GetProductRequest(product_id=product.id))).product == product
    assert not product.HasField("price")
    update = catalog_pb2.UpdateProductRequest(
        product=catalog_pb2.Product(id=product.id, brand="B", etag=product.etag),
        update_mask=FieldMask(paths=["brand"]),
    )
    updated = (await stub.UpdateProduct(update)).product
    assert (updated.display_name, updated.brand) == ("Coat", "B")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.UpdateProduct(update)
    assert caught.value.code() is grpc.StatusCode.ABORTED
    listed = await stub.ListProducts(catalog_pb2.ListProductsRequest(page_size=10))
    assert (list(listed.products), listed.next_page_token) == ([updated], "")
    await stub.DeleteProduct(catalog_pb2.DeleteProductRequest(product_id=product.id))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.GetProduct(catalog_pb2.GetProductRequest(product_id=product.id))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_failed_job_tells_its_reason(stub: Any) -> None:
    request = catalog_pb2.IndexImageRequest(image=types_pb2.ImageInput(content=bad_photo(1)))
    job = await index(stub, request)
    assert job.state == catalog_pb2.JOB_STATE_FAILED
    assert job.error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert job.error.message.startswith("image.content: is damaged")
    failed = catalog_pb2.ListJobsRequest(states=[catalog_pb2.JOB_STATE_FAILED])
    assert list((await stub.ListJobs(failed)).jobs) == [job]
    complete = catalog_pb2.ListJobsRequest(states=[catalog_pb2.JOB_STATE_COMPLETE])
    assert list((await stub.ListJobs(complete)).jobs) == []


async def test_a_deleted_photo_is_gone(stub: Any) -> None:
    job = await index(stub, index_request(1))
    await stub.DeleteImage(catalog_pb2.DeleteImageRequest(image_id=job.image_id))
    assert not (await stub.ListItems(catalog_pb2.ListItemsRequest())).items
    assert not (await stub.Search(catalog_pb2.SearchRequest(text="dress"))).queries[0].hits


async def test_bad_requests_name_their_field(stub: Any) -> None:
    dress = types_pb2.ImageInput(content=photo(1))
    nan = types_pb2.Embedding(
        values=[float("nan")] * WIDTH, model_version="fake-embedder-1", preprocess_version="square-1"
    )
    no_test = catalog_pb2.Filter(conditions=[catalog_pb2.Condition(field="color")])
    cases = [
        (stub.Search(catalog_pb2.SearchRequest()), "query"),
        (stub.Search(catalog_pb2.SearchRequest(text="")), "text"),
        (stub.Search(catalog_pb2.SearchRequest(image=types_pb2.ImageInput())), "image.content"),
        (stub.Search(catalog_pb2.SearchRequest(embedding=nan)), "embedding.values"),
        (stub.Search(catalog_pb2.SearchRequest(image=dress, top_k=101)), "top_k"),
        (stub.Search(catalog_pb2.SearchRequest(image=dress, filter=no_test)), "filter.conditions[0]"),
        (stub.IndexImage(catalog_pb2.IndexImageRequest()), "image.content"),
        (stub.ListJobs(catalog_pb2.ListJobsRequest(states=[0])), "states[0]"),
        (stub.ListProducts(catalog_pb2.ListProductsRequest(page_token="x")), "page_token"),
        (stub.GetItem(catalog_pb2.GetItemRequest()), "item_id"),
        (stub.UpdateProduct(catalog_pb2.UpdateProductRequest()), "product.id"),
    ]
    for call, field in cases:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert violation(caught.value).field == field


async def test_what_is_not_there_is_not_found(stub: Any) -> None:
    watch = stub.WatchJob(catalog_pb2.WatchJobRequest(job_id=UNKNOWN_ID))
    for call in (
        watch.read(),
        stub.GetJob(catalog_pb2.GetJobRequest(job_id=UNKNOWN_ID)),
        stub.GetItem(catalog_pb2.GetItemRequest(item_id=UNKNOWN_ID)),
        stub.DeleteImage(catalog_pb2.DeleteImageRequest(image_id=UNKNOWN_ID)),
        stub.Search(catalog_pb2.SearchRequest(item_id=UNKNOWN_ID)),
        stub.IndexImage(index_request(1, product_id=UNKNOWN_ID)),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_the_limits_can_be_read(stub: Any) -> None:
    limits = await stub.GetCatalogLimits(catalog_pb2.GetCatalogLimitsRequest())
    assert (limits.max_top_k, limits.max_text_chars, limits.embedding_width) == (100, 512, WIDTH)
    assert {"category", "color", "pattern", "style", "price", "primary"} <= set(limits.filter_fields)
    assert min(limits.max_image_bytes, limits.max_image_pixels, limits.max_page_size) > 0
    assert (limits.max_boxes_per_image, limits.max_name_chars, limits.max_description_chars) == (
        64,
        200,
        5000,
    )
    assert (limits.max_key_chars, limits.max_filter_value_chars) == (128, 200)
    assert (limits.min_image_side_px, limits.max_image_frames) == (8, 1)
