"""Each wrong request gets a status that names the field and the limit, and the server stays as it was."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status
from PIL import Image

from armoire.v1 import (
    catalog_pb2_grpc,
    images_pb2,
    indexing_pb2,
    inference_pb2,
    inference_pb2_grpc,
    items_pb2,
    products_pb2,
    search_pb2,
    types_pb2,
)
from demo.server import ServerProcess

UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def channel(server: ServerProcess) -> Iterator[grpc.Channel]:
    options = (("grpc.max_send_message_length", 200 * 2**20),)
    with grpc.insecure_channel(server.address, options=options) as opened:
        yield opened


@pytest.fixture(scope="module")
def inference(channel: grpc.Channel) -> inference_pb2_grpc.InferenceServiceStub:
    return inference_pb2_grpc.InferenceServiceStub(channel)


@pytest.fixture(scope="module")
def catalog(channel: grpc.Channel) -> catalog_pb2_grpc.CatalogServiceStub:
    return catalog_pb2_grpc.CatalogServiceStub(channel)


@pytest.fixture(scope="module")
def photo(samples: list[Path]) -> bytes:
    return samples[0].read_bytes()


def complaint(status: Status) -> tuple[int, str, str]:
    """(code, field, description); the status must hold exactly one ErrorInfo."""
    infos = [detail for detail in status.details if detail.Is(ErrorInfo.DESCRIPTOR)]
    assert len(infos) == 1
    for detail in status.details:
        bad = BadRequest()
        if detail.Unpack(bad):
            return status.code, bad.field_violations[0].field, bad.field_violations[0].description
    return status.code, "", status.message


def refusal(call: Callable[[], Any]) -> tuple[int, str, str]:
    with pytest.raises(grpc.RpcError) as error:
        call()
    status = rpc_status.from_call(error.value)
    assert status is not None, error.value
    return complaint(status)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header says it is that large; its data is one black row."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def one_pixel() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG")
    return buffer.getvalue()


def gif() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64)).save(buffer, "GIF")
    return buffer.getvalue()


PICTURES = {
    "empty": (b"", "JPEG, PNG"),
    "text": (b"hello, I am a photo", "JPEG, PNG"),
    "html": (b"<html><body>photo.jpg</body></html>", "JPEG, PNG"),
    "gif": (gif(), "JPEG, PNG"),
    "jpeg magic, then noise": (b"\xff\xd8\xff\xe0" + b"noise" * 100, ""),
    "one pixel": (one_pixel(), "8"),
    "100 megapixels": (png_claiming(10_000, 10_000), "50000000"),
    "a long side": (png_claiming(70_000, 100), "65500"),
    "a wide header": (png_claiming(2**31 - 1, 8), "65500"),
}


@pytest.mark.parametrize(("content", "limit"), PICTURES.values(), ids=PICTURES.keys())
def test_a_bad_picture_is_refused_in_its_place_and_its_neighbours_are_served(
    inference: Any, catalog: Any, photo: bytes, content: bytes, limit: str
) -> None:
    images = [types_pb2.ImageInput(content=content), types_pb2.ImageInput(content=photo)]
    for call, request in (
        (inference.Analyze, inference_pb2.AnalyzeRequest(images=images)),
        (inference.Detect, inference_pb2.DetectRequest(images=images)),
        (inference.EmbedImage, inference_pb2.EmbedImageRequest(images=images)),
    ):
        bad, good = call(request).results
        code, field, description = complaint(bad.error)
        assert code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
        assert field == "images[0].content"
        assert limit in description.replace(",", "").replace(" ", "") or limit in description
        assert good.WhichOneof("outcome") != "error"
    query = search_pb2.SearchRequest(image=images[0])
    assert refusal(lambda: catalog.Search(query))[1] == "image.content"


def test_a_truncated_picture_is_refused(inference: Any, photo: bytes) -> None:
    request = inference_pb2.AnalyzeRequest(images=[types_pb2.ImageInput(content=photo[: len(photo) // 2])])
    (result,) = inference.Analyze(request).results
    _, field, description = complaint(result.error)
    assert field == "images[0].content"
    assert "truncated" in description


@pytest.mark.parametrize(
    "content",
    [PICTURES[name][0] for name in ("text", "gif", "one pixel", "100 megapixels", "a long side")],
)
def test_indexing_a_bad_picture_leaves_nothing_behind(catalog: Any, content: bytes) -> None:
    request = indexing_pb2.IndexImageRequest(
        image=types_pb2.ImageInput(content=content), product=products_pb2.Product(display_name="never")
    )
    code, field, _ = refusal(lambda: catalog.IndexImage(request))
    assert code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert field == "image.content"
    products = catalog.ListProducts(products_pb2.ListProductsRequest()).products
    assert "never" not in {product.display_name for product in products}


def test_boxes_with_too_many_pixels_are_refused_at_once(inference: Any, catalog: Any) -> None:
    boxes = [types_pb2.Box(x2=7000, y2=7000)] * 5
    image = types_pb2.ImageInput(content=png_claiming(7000, 7000), boxes=boxes)
    said = "have 245000000 pixels together inside the picture; at most 200000000 are allowed"
    invalid = grpc.StatusCode.INVALID_ARGUMENT.value[0]
    request = indexing_pb2.IndexImageRequest(image=image)
    assert refusal(lambda: catalog.IndexImage(request)) == (invalid, "image.boxes", said)
    (result,) = inference.Analyze(inference_pb2.AnalyzeRequest(images=[image])).results
    assert complaint(result.error) == (invalid, "images[0].boxes", said)


def test_a_call_with_too_many_pixels_is_refused_at_once(inference: Any) -> None:
    images = [types_pb2.ImageInput(content=png_claiming(7000, 7000))] * 17
    code, field, said = refusal(lambda: inference.Detect(inference_pb2.DetectRequest(images=images)))
    assert (code, field) == (grpc.StatusCode.INVALID_ARGUMENT.value[0], "images")
    assert "have 833000000 pixels together with their boxes; at most 800000000" in said


REQUESTS: dict[str, tuple[str, Any, str, str]] = {
    "no images": ("inference.Analyze", inference_pb2.AnalyzeRequest(), "images", "32"),
    "too many images": (
        "inference.Detect",
        inference_pb2.DetectRequest(images=[types_pb2.ImageInput(content=b"x")] * 33),
        "images",
        "32",
    ),
    "min_score": (
        "inference.Detect",
        inference_pb2.DetectRequest(images=[types_pb2.ImageInput()], min_score=2),
        "min_score",
        "0 to 1",
    ),
    "no texts": ("inference.EmbedText", inference_pb2.EmbedTextRequest(), "texts", "256"),
    "too many texts": (
        "inference.EmbedText",
        inference_pb2.EmbedTextRequest(texts=["hat"] * 257),
        "texts",
        "256",
    ),
    "no query": ("catalog.Search", search_pb2.SearchRequest(), "query", ""),
    "long query": ("catalog.Search", search_pb2.SearchRequest(text="a" * 513), "text", "512"),
    "top_k too large": ("catalog.Search", search_pb2.SearchRequest(text="hat", top_k=101), "top_k", "100"),
    "top_k negative": ("catalog.Search", search_pb2.SearchRequest(text="hat", top_k=-1), "top_k", "100"),
    "unknown filter field": (
        "catalog.Search",
        search_pb2.SearchRequest(
            text="hat",
            filter=search_pb2.Filter(
                conditions=[search_pb2.Condition(field="smell", any_of=search_pb2.StringSet(values=["rose"]))]
            ),
        ),
        "filter.conditions[0].field",
        "use one of",
    ),
    "bad page token": (
        "catalog.ListProducts",
        products_pb2.ListProductsRequest(page_token="x"),
        "page_token",
        "",
    ),
    "bad id": ("catalog.GetItem", items_pb2.GetItemRequest(item_id="x"), "item_id", ""),
    "nothing to index": ("catalog.IndexImage", indexing_pb2.IndexImageRequest(), "image.content", ""),
}


@pytest.mark.parametrize("case", REQUESTS.values(), ids=REQUESTS.keys())
def test_a_bad_field_is_named_with_its_limit(
    inference: Any, catalog: Any, case: tuple[str, Any, str, str]
) -> None:
    method, request, field, hint = case
    service, _, name = method.partition(".")
    call = getattr({"inference": inference, "catalog": catalog}[service], name)
    code, found, description = refusal(lambda: call(request))
    assert code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert found == field
    assert hint in description


@pytest.mark.parametrize(
    ("values", "hint"),
    [([float("nan")], "finite"), ([float("inf")], "finite"), ([0.5] * 3, "got 3"), ([], "got 0")],
)
def test_a_bad_embedding_is_refused(inference: Any, catalog: Any, values: list[float], hint: str) -> None:
    embedding = inference.EmbedText(inference_pb2.EmbedTextRequest(texts=["hat"])).results[0].embedding
    padding = len(embedding.values) - 1 if hint == "finite" else 0
    embedding.values[:] = values + [0.1] * padding
    code, field, description = refusal(lambda: catalog.Search(search_pb2.SearchRequest(embedding=embedding)))
    assert code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert field == "embedding.values"
    assert hint in description


def test_an_embedding_of_another_model_is_refused(inference: Any, catalog: Any) -> None:
    embedding = inference.EmbedText(inference_pb2.EmbedTextRequest(texts=["hat"])).results[0].embedding
    embedding.model_version = "another-model"
    code, _, message = refusal(lambda: catalog.Search(search_pb2.SearchRequest(embedding=embedding)))
    assert code == grpc.StatusCode.FAILED_PRECONDITION.value[0]
    assert "another-model" in message


@pytest.mark.parametrize(
    ("text", "hint"),
    [("a" * 513, "512"), (" ", "empty"), ("", "empty"), ("a\x00b", "control"), ("a\nb", "control")],
)
def test_a_bad_text_is_refused_in_its_place_and_its_neighbours_are_served(
    inference: Any, catalog: Any, text: str, hint: str
) -> None:
    reply = inference.EmbedText(inference_pb2.EmbedTextRequest(texts=["hat", text, "cap"]))
    first, bad, last = reply.results
    code, field, description = complaint(bad.error)
    assert (code, field) == (grpc.StatusCode.INVALID_ARGUMENT.value[0], "texts[1]")
    assert hint in description
    cap = inference.EmbedText(inference_pb2.EmbedTextRequest(texts=["cap"])).results[0]
    assert last.embedding.values == pytest.approx(cap.embedding.values, abs=1e-5)
    assert first.embedding.values != pytest.approx(cap.embedding.values, abs=1e-3)
    assert reply.timings.total_ns > 0
    assert refusal(lambda: catalog.Search(search_pb2.SearchRequest(text=text)))[1] in ("text", "query")


def test_texts_that_are_all_bad_are_all_refused(inference: Any) -> None:
    (bad,) = inference.EmbedText(inference_pb2.EmbedTextRequest(texts=[" "])).results
    assert complaint(bad.error)[1] == "texts[0]"


def test_a_model_that_is_not_served_is_refused(inference: Any, photo: bytes) -> None:
    images = [types_pb2.ImageInput(content=photo)]
    models = {
        model.task: model.version for model in inference.ListModels(inference_pb2.ListModelsRequest()).models
    }
    detector = models[inference_pb2.MODEL_TASK_DETECT]
    embedder = models[inference_pb2.MODEL_TASK_EMBED_IMAGE]
    for call, kind, inputs, versions in (
        (inference.Detect, inference_pb2.DetectRequest, {"images": images}, {"model_version": detector}),
        (
            inference.EmbedImage,
            inference_pb2.EmbedImageRequest,
            {"images": images},
            {"model_version": embedder},
        ),
        (
            inference.EmbedText,
            inference_pb2.EmbedTextRequest,
            {"texts": ["hat"]},
            {"model_version": embedder},
        ),
        (
            inference.Analyze,
            inference_pb2.AnalyzeRequest,
            {"images": images},
            {"detector_version": detector, "embedder_version": embedder},
        ),
    ):
        (result,) = call(kind(**inputs, **versions)).results
        assert result.WhichOneof("outcome") != "error"
        for field, served in versions.items():
            request = kind(**inputs, **{field: "another@1"})
            with pytest.raises(grpc.RpcError) as error:
                call(request)
            status = rpc_status.from_call(error.value)
            info = ErrorInfo()
            assert status.details[0].Unpack(info)
            assert status.code == grpc.StatusCode.FAILED_PRECONDITION.value[0]
            assert info.reason == "MODEL_VERSION_MISMATCH"
            assert field in status.message
            assert "another@1" in status.message
            assert served in status.message


def test_a_picture_that_is_not_sent_is_not_offered_yet(inference: Any, photo: bytes) -> None:
    images = [types_pb2.ImageInput(uri="s3://shop/a.jpg"), types_pb2.ImageInput(content=photo)]
    images.append(types_pb2.ImageInput(upload_id="u1"))
    by_uri, sent, uploaded = inference.Analyze(inference_pb2.AnalyzeRequest(images=images)).results
    assert sent.WhichOneof("outcome") == "analysis"
    wrong = {"images[0].uri": (by_uri, grpc.StatusCode.UNIMPLEMENTED)}
    wrong["images[2].upload_id"] = (uploaded, grpc.StatusCode.INVALID_ARGUMENT)
    for field, (result, code) in wrong.items():
        assert result.error.code == code.value[0]
        assert result.error.message.startswith(f"{field}: ")


def test_boxes_must_be_boxes_inside_the_picture(inference: Any, photo: bytes) -> None:
    for box, hint in (
        (types_pb2.Box(x1=50, y1=10, x2=20, y2=40), "x1 < x2"),
        (types_pb2.Box(x1=float("nan"), y1=10, x2=20, y2=40), "finite"),
        (types_pb2.Box(x1=90_000, y1=10, x2=90_020, y2=40), "must overlap"),
    ):
        image = types_pb2.ImageInput(content=photo, boxes=[box])
        (result,) = inference.Analyze(inference_pb2.AnalyzeRequest(images=[image])).results
        _, field, description = complaint(result.error)
        assert field == "images[0].boxes[0]"
        assert hint in description


@pytest.mark.parametrize(
    ("name", "request_message"),
    [
        ("GetItem", items_pb2.GetItemRequest(item_id=UNKNOWN_ID)),
        ("GetIndexingJob", indexing_pb2.GetIndexingJobRequest(job_id=UNKNOWN_ID)),
        ("GetProduct", products_pb2.GetProductRequest(product_id=UNKNOWN_ID)),
        ("DeleteImage", images_pb2.DeleteImageRequest(image_id=UNKNOWN_ID)),
        ("Search", search_pb2.SearchRequest(item_id=UNKNOWN_ID)),
    ],
)
def test_what_does_not_exist_is_not_found(catalog: Any, name: str, request_message: Any) -> None:
    code, _, message = refusal(lambda: getattr(catalog, name)(request_message))
    assert code == grpc.StatusCode.NOT_FOUND.value[0]
    assert UNKNOWN_ID in message


def test_a_message_over_the_limit_is_refused(inference: Any) -> None:
    request = inference_pb2.AnalyzeRequest(images=[types_pb2.ImageInput(content=b"x" * (65 * 2**20))])
    with pytest.raises(grpc.RpcError) as error:
        inference.Analyze(request)
    assert error.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_picture_over_the_byte_limit_is_refused(inference: Any) -> None:
    content = b"\xff\xd8\xff" + b"x" * (21 * 2**20)
    (result,) = inference.Analyze(
        inference_pb2.AnalyzeRequest(images=[types_pb2.ImageInput(content=content)])
    ).results
    _, field, description = complaint(result.error)
    assert field == "images[0].content"
    assert str(20 * 2**20) in description.replace(",", "") or "20" in description
