from __future__ import annotations

import pytest

from armoire.bench.requests import (
    empty_request,
    photo_requests,
    search_requests,
    text_requests,
)
from armoire.v1 import inference_pb2, search_pb2

PHOTOS = [b"a", b"b", b"c"]


@pytest.mark.parametrize(
    ("rpc", "method", "message"),
    [
        ("analyze", "Analyze", inference_pb2.AnalyzeRequest),
        ("detect", "Detect", inference_pb2.DetectRequest),
        ("embed", "EmbedImage", inference_pb2.EmbedImageRequest),
    ],
)
def test_a_call_for_each_photo(rpc: str, method: str, message: type) -> None:
    requests = photo_requests(rpc, PHOTOS)
    assert requests.path == f"/armoire.v1.InferenceService/{method}"
    sent = [message.FromString(body).images for body in requests.bodies]
    assert [[image.content for image in images] for images in sent] == [[b"a"], [b"b"], [b"c"]]


def test_calls_of_several_photos_are_all_full() -> None:
    requests = photo_requests("detect", PHOTOS, images_per_call=2)
    sent = [inference_pb2.DetectRequest.FromString(body).images for body in requests.bodies]
    assert [[image.content for image in images] for images in sent] == [[b"a", b"b"], [b"c", b"a"]]
    assert requests.inputs_per_call == 2
    (body,) = photo_requests("detect", PHOTOS, images_per_call=4).bodies
    assert len(inference_pb2.DetectRequest.FromString(body).images) == 4


def test_texts() -> None:
    requests = text_requests(["red", "blue", "green"], texts_per_call=2)
    sent = [list(inference_pb2.EmbedTextRequest.FromString(body).texts) for body in requests.bodies]
    assert sent == [["red", "blue"], ["green", "red"]]


def test_searches_of_every_kind() -> None:
    requests = search_requests([b"a"], ["red"], ["item-1"], where="category=dress", top_k=3)
    sent = [search_pb2.SearchRequest.FromString(body) for body in requests.bodies]
    assert [request.WhichOneof("query") for request in sent] == ["image", "text", "item_id"]
    assert {(request.top_k, len(request.filter.conditions)) for request in sent} == {(3, 1)}


def test_the_empty_call() -> None:
    assert empty_request().bodies == (b"",)
