"""Both clients against a real server: what goes out, what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from grpc_health.v1 import health_pb2

from armoire import (
    AnyOf,
    ArmoireError,
    Box,
    CatalogLimits,
    Condition,
    Embedding,
    IndexingJobState,
    InvalidInput,
    ModelTask,
    Money,
    NotFound,
    NumberRange,
    Photo,
    Product,
    QualityIssue,
    ServerError,
    Unavailable,
)
from armoire.v1 import (
    catalog_pb2,
    images_pb2,
    indexing_pb2,
    inference_pb2,
    items_pb2,
    products_pb2,
    search_pb2,
    types_pb2,
)


def test_health_tells_each_service_the_server_has(client: Any, server: Any, fail: Any) -> None:
    def check(request: health_pb2.HealthCheckRequest) -> Any:
        if request.service == "armoire.v1.CatalogService":
            return fail(grpc.StatusCode.NOT_FOUND)
        serving = request.service == ""
        return health_pb2.HealthCheckResponse(status="SERVING" if serving else "NOT_SERVING")

    server.say("Check", check)
    health = client.health()
    assert health.serving
    assert health.services == {"armoire.v1.InferenceService": "NOT_SERVING"}


def test_models(client: Any, server: Any) -> None:
    model = inference_pb2.Model(
        name="clip",
        version="1",
        task="MODEL_TASK_EMBED_IMAGE",
        embedding_width=8,
        parity={"cosine": 0.5},
        logit_scale=20.0,
    )
    later = inference_pb2.Model(name="x", task=99)
    server.say("ListModels", inference_pb2.ListModelsResponse(models=[model, later]))
    known, unknown = client.models()
    assert (known.name, known.task, known.embedding_width) == ("clip", ModelTask.EMBED_IMAGE, 8)
    assert known.parity == {"cosine": 0.5}
    assert known.logit_scale == 20.0
    assert unknown.task is ModelTask.UNKNOWN


def test_limits_of_a_server_without_inference(client: Any, server: Any) -> None:
    told = catalog_pb2.GetCatalogLimitsResponse(filter_fields=["price"])
    numbers = [each.name for each in told.DESCRIPTOR.fields if each.name != "filter_fields"]
    for number, name in enumerate(numbers, start=100):
        setattr(told, name, number)
    server.say("GetCatalogLimits", told)
    limits = client.limits()
    assert limits.inference is None
    assert isinstance(limits.catalog, CatalogLimits)
    assert (limits.catalog.max_top_k, limits.catalog.filter_fields) == (100, ("price",))
    assert [getattr(limits.catalog, name) for name in numbers] == [*range(100, 100 + len(numbers))]


def test_limits_of_a_server_without_a_catalog(client: Any, server: Any) -> None:
    limits = inference_pb2.GetInferenceLimitsResponse(max_images_per_call=32, image_formats=["jpeg"])
    server.say("GetInferenceLimits", limits)
    found = client.limits()
    assert found.catalog is None
    assert (found.inference.max_images_per_call, found.inference.image_formats) == (32, ("jpeg",))


def test_detect(client: Any, server: Any, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"photo")
    found = inference_pb2.Detections(
        image_width=20,
        image_height=10,
        detections=[{"box": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}, "score": 0.5, "label": "shoes"}],
    )
    server.say(
        "Detect", inference_pb2.DetectResponse(results=[{"detections": found}], model_version="yolo@1")
    )
    detections = client.detect(photo, min_score=0.25)
    assert (detections.image_width, detections.image_height, detections.model_version) == (20, 10, "yolo@1")
    assert detections.detections[0].box.xyxy == (1, 2, 3, 4)
    (request,) = server.requests["Detect"]
    assert (request.images[0].content, request.min_score) == (b"photo", 0.25)


def test_detect_leaves_the_threshold_to_the_server(client: Any, server: Any) -> None:
    server.say("Detect", inference_pb2.DetectResponse(results=[{"detections": {}}]))
    client.detect(b"photo")
    assert not server.requests["Detect"][0].HasField("min_score")


def test_detect_batch_holds_an_error_for_the_photo_that_failed(client: Any, server: Any, fail: Any) -> None:
    bad = fail(grpc.StatusCode.INVALID_ARGUMENT, "not a picture", reason="BAD", fields={"content": "is not"})
    server.say("Detect", inference_pb2.DetectResponse(results=[{"error": bad.status}, {"detections": {}}]))
    first, second = client.detect_batch([b"x", b"y"])
    assert isinstance(first, InvalidInput)
    assert (first.code, first.reason, first.field) == ("INVALID_ARGUMENT", "BAD", "content")
    assert second.detections == ()


def test_analyze(client: Any, server: Any, analysis: inference_pb2.ImageAnalysis) -> None:
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}]))
    box = Box(1, 2, 3, 4)
    result = client.analyze(Photo(b"photo", (box,)), include_crops=True, include_embeddings=True)
    dress, speck = result.items
    assert dress.accepted
    assert dress.reason is None
    assert dress.warnings == (QualityIssue.BLURRED,)
    assert dress.attributes["pattern"].value == "striped"
    assert (dress.colors[0].name, dress.colors[0].rgb) == ("red", 0xCC0011)
    assert dress.embedding.values == pytest.approx((0.6, 0.8))
    assert dress.crop == b"jpeg"
    assert (speck.accepted, speck.reason, speck.embedding, speck.crop) == (
        False,
        QualityIssue.TOO_SMALL,
        None,
        None,
    )
    assert result.timings.decode_ns == 1_500_000
    assert result.embedder_version == "clip@1"
    (request,) = server.requests["Analyze"]
    assert request.include_crops
    assert request.include_embeddings
    assert list(request.images[0].boxes) == [types_pb2.Box(x1=1, y1=2, x2=3, y2=4)]


def test_analyze_raises_the_error_of_its_one_photo(client: Any, server: Any, fail: Any) -> None:
    bad = fail(grpc.StatusCode.INVALID_ARGUMENT, "not a picture", fields={"content": "is not a picture"})
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"error": bad.status}]))
    with pytest.raises(InvalidInput, match="not a picture"):
        client.analyze(b"x")


def test_analyze_batch_keeps_the_order(
    client: Any, server: Any, analysis: inference_pb2.ImageAnalysis, fail: Any
) -> None:
    error = fail(grpc.StatusCode.INVALID_ARGUMENT).status
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}, {"error": error}]))
    first, second = client.analyze_batch([b"x", b"y"])
    assert first.image_width == 200
    assert isinstance(second, ArmoireError)


def test_a_reply_without_results_is_the_servers_fault(client: Any, server: Any) -> None:
    server.say("Analyze", inference_pb2.AnalyzeResponse())
    with pytest.raises(ServerError, match="expected 1 result"):
        client.analyze(b"x")


def test_embed(client: Any, server: Any) -> None:
    vector = types_pb2.Embedding(values=[1.0, 0.0], model_version="m", preprocess_version="p")
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"embedding": vector}]))
    server.say(
        "EmbedImage", inference_pb2.EmbedImageResponse(results=[{"embeddings": {"embeddings": [vector]}}])
    )
    expected = Embedding((1.0, 0.0), "m", "p")
    assert client.embed_text("red") == expected
    assert client.embed_texts(["red"]) == (expected,)
    assert client.embed_image(b"x").embeddings == (expected,)
    assert client.embed_images([b"x"])[0].embeddings == (expected,)
    assert [list(request.texts) for request in server.requests["EmbedText"]] == [["red"], ["red"]]


def test_embed_texts_holds_an_error_for_the_text_that_failed(client: Any, server: Any, fail: Any) -> None:
    bad = fail(grpc.StatusCode.INVALID_ARGUMENT, "too long", fields={"texts[0]": "too long"}).status
    good = types_pb2.Embedding(values=[1.0], model_version="m")
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"error": bad}, {"embedding": good}]))
    first, second = client.embed_texts(["a" * 600, "b"])
    assert isinstance(first, InvalidInput)
    assert first.field == "texts[0]"
    assert second == Embedding((1.0,), "m")
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"error": bad}]))
    with pytest.raises(InvalidInput, match="too long"):
        client.embed_text("a" * 600)


def test_the_model_wanted_is_named(client: Any, server: Any) -> None:
    for method in ("Detect", "EmbedImage", "EmbedText", "Analyze"):
        server.say(method, getattr(inference_pb2, f"{method}Response")())
    client.detect_batch([b"x"], model_version="yolo@2")
    client.embed_images([b"x"], model_version="clip@2")
    client.embed_texts(["x"], model_version="clip@2")
    client.analyze_batch([b"x"], detector_version="yolo@2", embedder_version="clip@2")
    client.analyze_batch([b"x"])
    assert server.requests["Detect"][0].model_version == "yolo@2"
    assert server.requests["EmbedImage"][0].model_version == "clip@2"
    assert server.requests["EmbedText"][0].model_version == "clip@2"
    named, unnamed = server.requests["Analyze"]
    assert (named.detector_version, named.embedder_version) == ("yolo@2", "clip@2")
    assert not unnamed.HasField("detector_version")


def test_products(client: Any, server: Any, product: products_pb2.Product) -> None:
    server.say("CreateProduct", products_pb2.CreateProductResponse(product=product))
    server.say("GetProduct", products_pb2.GetProductResponse(product=product))
    server.say("ListProducts", products_pb2.ListProductsResponse(products=[product], next_page_token="more"))
    server.say("UpdateProduct", products_pb2.UpdateProductResponse(product=product))
    server.say("DeleteProduct", products_pb2.DeleteProductResponse())

    made = client.create_product(
        Product("Red dress", price=Money(Decimal("19.90"), "EUR")), idempotency_key="k"
    )
    assert (made.id, made.price, str(made.price)) == ("product-1", Money(Decimal("19.9"), "EUR"), "19.90 EUR")
    assert made.create_time == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert made.update_time is None
    (request,) = server.requests["CreateProduct"]
    assert request.idempotency_key == "k"
    assert (request.product.price.units, request.product.price.nanos) == (19, 900_000_000)

    assert client.get_product("product-1") == made
    page = client.list_products(page_size=5, page_token="here")
    assert (page.items, page.next_page_token) == ((made,), "more")
    client.update_product(replace(made, brand="New"), ["brand"])
    (update,) = server.requests["UpdateProduct"]
    assert (update.product.brand, update.product.etag, update.update_mask) == (
        "New",
        "e1",
        FieldMask(paths=["brand"]),
    )
    assert client.delete_product("product-1", etag="e1") is None
    assert server.requests["DeleteProduct"][0].etag == "e1"


def test_index_names_the_file_and_makes_a_key(client: Any, server: Any, job: Any, tmp_path: Path) -> None:
    photo = tmp_path / "dress.jpg"
    photo.write_bytes(b"photo")
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    queued = client.index(photo, product=Product("Red dress"))
    client.index(photo, product_id="product-1", image_name="other", idempotency_key="k")
    assert (queued.id, queued.state, queued.items, queued.error) == (
        "job-1",
        IndexingJobState.QUEUED,
        (),
        None,
    )
    first, second = server.requests["IndexImage"]
    assert (first.image.content, first.image_name, first.product.display_name) == (
        b"photo",
        "dress.jpg",
        "Red dress",
    )
    assert len(first.idempotency_key) == 36
    assert (second.image_name, second.product_id, second.idempotency_key) == ("other", "product-1", "k")


def test_index_refuses_two_owners(client: Any) -> None:
    with pytest.raises(ValueError, match="not both"):
        client.index(b"x", product_id="p", product=Product("Red dress"))


def test_jobs(client: Any, server: Any, job: Any, fail: Any) -> None:
    error = fail(grpc.StatusCode.INVALID_ARGUMENT, "torn", reason="TRUNCATED").status
    server.say(
        "GetIndexingJob", indexing_pb2.GetIndexingJobResponse(job=job("FAILED", error=error, attempts=3))
    )
    server.say(
        "ListIndexingJobs",
        indexing_pb2.ListIndexingJobsResponse(jobs=[job("COMPLETE")], next_page_token="more"),
    )
    failed = client.get_indexing_job("job-1")
    assert (failed.state, failed.attempts, failed.error.reason) == (IndexingJobState.FAILED, 3, "TRUNCATED")
    page = client.list_indexing_jobs(states=[IndexingJobState.COMPLETE], page_size=2)
    assert (page.items[0].items[0].item_id, page.next_page_token) == ("item-1", "more")
    assert list(server.requests["ListIndexingJobs"][0].states) == [indexing_pb2.INDEXING_JOB_STATE_COMPLETE]


def test_a_state_from_the_future_is_unknown(client: Any, server: Any) -> None:
    server.say("GetIndexingJob", indexing_pb2.GetIndexingJobResponse(job=indexing_pb2.IndexingJob(state=77)))
    assert client.get_indexing_job("job-1").state is IndexingJobState.UNKNOWN


def test_watch_and_wait(client: Any, server: Any, job: Any) -> None:
    states = ["QUEUED", "CROPPING", "ANALYZING", "COMPLETE"]
    server.say(
        "WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job(state)) for state in states]
    )
    assert [each.state for each in client.watch_indexing_job("job-1")] == states
    assert client.wait_for_indexing_job("job-1").items[0].primary


def test_wait_returns_a_failed_job(client: Any, server: Any, job: Any) -> None:
    server.say("WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("FAILED"))])
    assert client.wait_for_indexing_job("job-1").state is IndexingJobState.FAILED


def test_wait_complains_when_the_watch_ends_early(client: Any, server: Any, job: Any) -> None:
    server.say("WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("QUEUED"))])
    with pytest.raises(Unavailable, match="ended before"):
        client.wait_for_indexing_job("job-1")


def test_watch_opens_a_broken_stream_again_and_repeats_nothing(
    client: Any, server: Any, job: Any, fail: Any
) -> None:
    queued, done = (indexing_pb2.WatchIndexingJobResponse(job=job(state)) for state in ("QUEUED", "COMPLETE"))
    broken = fail(grpc.StatusCode.UNAVAILABLE, explained=False)
    server.say("WatchIndexingJob", [queued, broken], [queued, done])
    assert [each.state for each in client.watch_indexing_job("job-1")] == ["QUEUED", "COMPLETE"]
    assert len(server.requests["WatchIndexingJob"]) == 2


def test_a_watch_that_breaks_after_every_change_goes_on(
    client: Any, server: Any, job: Any, fail: Any
) -> None:
    broken = fail(grpc.StatusCode.UNAVAILABLE, explained=False)
    tries = [[indexing_pb2.WatchIndexingJobResponse(job=job("QUEUED", attempts=n)), broken] for n in range(5)]
    server.say("WatchIndexingJob", *tries, [indexing_pb2.WatchIndexingJobResponse(job=job("COMPLETE"))])
    assert client.wait_for_indexing_job("job-1").state is IndexingJobState.COMPLETE


def test_a_watch_that_only_repeats_itself_gives_up(client: Any, server: Any, job: Any, fail: Any) -> None:
    broken = fail(grpc.StatusCode.UNAVAILABLE, explained=False)
    server.say("WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("QUEUED")), broken])
    with pytest.raises(Unavailable):
        client.wait_for_indexing_job("job-1")
    assert len(server.requests["WatchIndexingJob"]) == 3


def test_watching_an_unknown_job(client: Any, server: Any, fail: Any) -> None:
    server.say("WatchIndexingJob", [fail(grpc.StatusCode.NOT_FOUND, "job 'x' does not exist")])
    with pytest.raises(NotFound, match="does not exist"):
        client.wait_for_indexing_job("x")


def test_items(client: Any, server: Any, item: items_pb2.Item) -> None:
    server.say("GetItem", items_pb2.GetItemResponse(item=item))
    server.say("ListItems", items_pb2.ListItemsResponse(items=[item]))
    server.say("DeleteImage", images_pb2.DeleteImageResponse())
    found = client.get_item("item-1", include_embedding=True)
    assert (found.label, found.primary, found.box.x2, found.embedding, found.crop) == (
        "dress",
        True,
        30,
        None,
        None,
    )
    assert server.requests["GetItem"][0].include_embedding
    assert client.list_items(image_id="image-1").items == (found,)
    assert server.requests["ListItems"][0].image_id == "image-1"
    assert client.delete_image("image-1") is None


@pytest.fixture
def found(item: items_pb2.Item, product: products_pb2.Product) -> search_pb2.SearchResponse:
    hit = search_pb2.Hit(item=item, score=0.75, rank_score=0.875, product=product)
    return search_pb2.SearchResponse(
        queries=[{"box": {"x2": 5, "y2": 6}, "label": "dress", "hits": [hit]}], model_version="clip@1"
    )


def test_search_by_photo(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    result = client.search(b"photo", top_k=3, where="category=dress|skirt,price<=50", rerank=False)
    ((hit,),) = (query.hits for query in result.queries)
    assert (hit.item.id, hit.score, hit.rank_score, hit.product.brand) == (
        "item-1",
        0.75,
        0.875,
        "Smith, Sons",
    )
    assert result.queries[0].box == Box(0, 0, 5, 6)
    (request,) = server.requests["Search"]
    assert (request.image.content, request.top_k, request.skip_rerank) == (b"photo", 3, True)
    category, price = request.filter.conditions
    assert (category.field, list(category.any_of.values)) == ("category", ["dress", "skirt"])
    assert (price.field, price.range.at_most, price.range.HasField("less_than")) == ("price", 50, False)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"text": "red dress"}, "text"),
        ({"item_id": "item-1"}, "item_id"),
        ({"embedding": [1.0, 0.0]}, "embedding"),
        ({"embedding": Embedding((1.0, 0.0), "clip@1", "square@1")}, "embedding"),
    ],
)
def test_search_by_other_things(
    client: Any, server: Any, found: search_pb2.SearchResponse, query: dict[str, Any], kind: str
) -> None:
    server.say("Search", found)
    client.search(**query)
    (request,) = server.requests["Search"]
    assert request.WhichOneof("query") == kind
    assert (request.top_k, request.HasField("filter"), request.skip_rerank) == (10, False, False)


def test_search_takes_conditions(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    where = [Condition("color", AnyOf(("red",))), Condition("price", NumberRange(more_than=1, less_than=2))]
    client.search(text="dress", where=where)
    color, price = server.requests["Search"][0].filter.conditions
    assert list(color.any_of.values) == ["red"]
    assert (price.range.more_than, price.range.less_than) == (1, 2)


@pytest.mark.parametrize("queries", [{}, {"text": "a", "item_id": "b"}])
def test_search_wants_one_query(client: Any, queries: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        client.search(**queries)


def test_a_file_that_cannot_be_read(client: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"cannot read .*gone\.jpg") as caught:
        client.analyze(tmp_path / "gone.jpg")
    assert (caught.value.reason, caught.value.field) == ("UNREADABLE_FILE", "content")


def test_a_reply_larger_than_grpcs_own_limit(client: Any, server: Any) -> None:
    vector = types_pb2.Embedding(values=[0.5] * 2_000_000)
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"embedding": vector}]))
    assert len(client.embed_text("x").values) == 2_000_000


def test_a_request_above_the_limit_says_so(client: Any, server: Any) -> None:
    server.say("Detect", inference_pb2.DetectResponse())
    with pytest.raises(InvalidInput, match="larger than max") as caught:
        client.detect(bytes(64 * 2**20))
    assert caught.value.reason == "MESSAGE_TOO_LARGE"
    assert server.requests["Detect"] == []


def test_a_web_proxy_does_not_come_between(
    connect: Callable[..., Any], server: Any, free_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{free_address}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.say("ListModels", inference_pb2.ListModelsResponse())
    assert connect(server.address).models() == ()
