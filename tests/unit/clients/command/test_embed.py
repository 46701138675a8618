from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from armoire.v1 import inference_pb2, types_pb2
from tests.unit.clients.command.outcomes import REFUSED, documents, is_bad

EMBEDDING = types_pb2.Embedding(values=[0.5, 0.25], model_version="clip@1", preprocess_version="square@1")


def test_embed_photos(armoire: Any, server: Any, photos: list[str], refusal: Any) -> None:
    def embed(requests: Iterator[Any], context: Any) -> Iterator[inference_pb2.EmbedStreamResponse]:
        good = {"embeddings": {"embeddings": [EMBEDDING]}}
        for request in requests:
            outcome = {"error": refusal.status} if is_bad(request) else good
            yield inference_pb2.EmbedStreamResponse(id=request.id, **outcome)

    server.say("EmbedStream", embed)
    status, out, _ = armoire("embed", *photos, "--json")
    first, bad, _last = documents(out)
    assert status == 1
    assert bad == {"image": photos[1], "error": REFUSED}
    assert first == {
        "image": photos[0],
        "embedding": [0.5, 0.25],
        "model_version": "clip@1",
        "preprocess_version": "square@1",
    }


def test_a_single_photo_is_embedded_by_a_call_of_its_own(
    armoire: Any, server: Any, photos: list[str]
) -> None:
    good = {"embeddings": {"embeddings": [EMBEDDING]}}
    server.say("EmbedImage", inference_pb2.EmbedImageResponse(results=[good]))
    status, out, _ = armoire("embed", photos[0], "--json")
    assert (status, documents(out)[0]["embedding"]) == (0, [0.5, 0.25])


def test_embed_texts(armoire: Any, server: Any) -> None:
    both = [{"embedding": EMBEDDING}, {"embedding": EMBEDDING}]
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=both))
    status, out, _ = armoire("embed", "--text", "red", "--text", "blue", "--json")
    assert status == 0
    assert [document["text"] for document in documents(out)] == ["red", "blue"]
    assert documents(out)[0]["embedding"] == [0.5, 0.25]


def test_embed_goes_on_after_a_bad_text(armoire: Any, server: Any, refusal: Any) -> None:
    outcomes = [{"error": refusal.status}, {"embedding": EMBEDDING}]
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=outcomes))
    long = "ab" * 400
    status, out, err = armoire("embed", "--text", long, "--text", "blue", "--json")
    bad, good = documents(out)
    assert status == 1
    assert bad == {"text": long, "error": REFUSED}
    assert good["text"] == "blue"
    assert err == f"armoire: {long[:40]}...: content: must be a picture\n"


@pytest.mark.parametrize("arguments", [[], ["a.jpg", "--text", "red"]])
def test_embed_wants_photos_or_texts(armoire: Any, arguments: list[str]) -> None:
    status, _, err = armoire("embed", *arguments)
    assert status == 2
    assert "one of the two" in err


def test_the_embedder_named_embeds_photos_and_texts(armoire: Any, server: Any, photos: list[str]) -> None:
    def embed(requests: Iterator[Any], context: Any) -> Iterator[inference_pb2.EmbedStreamResponse]:
        good = {"embeddings": {"embeddings": [EMBEDDING]}}
        yield from (inference_pb2.EmbedStreamResponse(id=each.id, **good) for each in requests)

    server.say("EmbedStream", embed)
    one = {"embeddings": {"embeddings": [EMBEDDING]}}
    server.say("EmbedImage", inference_pb2.EmbedImageResponse(results=[one]))
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"embedding": EMBEDDING}]))
    for what in (photos[:1], photos, ["--text", "red"]):
        assert armoire("embed", *what, "--model", "clip@2")[0] == 0
    requests = [
        asked for method in ("EmbedStream", "EmbedImage", "EmbedText") for asked in server.requests[method]
    ]
    assert [asked.model_version for asked in requests] == ["clip@2"] * (len(photos) + 2)
