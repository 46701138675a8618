"""Calls of the models, through both clients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest

from armoire import (
    ArmoireError,
    Box,
    Embedding,
    InvalidInput,
    Photo,
    Priority,
    QualityIssue,
    ScoredValue,
    ServerError,
    ValueSource,
)
from armoire.v1 import (
    inference_pb2,
    types_pb2,
)


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
    good = types_pb2.Embedding(values=[1.0], model_version="m", preprocess_version="p")
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"error": bad}, {"embedding": good}]))
    first, second = client.embed_texts(["a" * 600, "b"])
    assert isinstance(first, InvalidInput)
    assert first.field == "texts[0]"
    assert second == Embedding((1.0,), "m", "p")
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"error": bad}]))
    with pytest.raises(InvalidInput, match="too long"):
        client.embed_text("a" * 600)


def test_the_model_wanted_is_named(client: Any, server: Any) -> None:
    for method in ("Detect", "EmbedImage", "EmbedText", "Analyze"):
        server.say(method, getattr(inference_pb2, f"{method}Response")())
    client.detect_batch([b"x"], model_version="yolo@2")
    client.embed_images([b"x"], model_version="clip@2")
    client.embed_texts(["x"], model_version="clip@2")
    client.analyze_batch(
        [b"x"], detector_version="yolo@2", embedder_version="clip@2", classifier_version="cls@2"
    )
    client.analyze_batch([b"x"])
    assert server.requests["Detect"][0].model_version == "yolo@2"
    assert server.requests["EmbedImage"][0].model_version == "clip@2"
    assert server.requests["EmbedText"][0].model_version == "clip@2"
    named, unnamed = server.requests["Analyze"]
    assert (named.detector_version, named.embedder_version) == ("yolo@2", "clip@2")
    assert named.classifier_version == "cls@2"
    assert not unnamed.HasField("detector_version")
    assert not unnamed.HasField("classifier_version")


def test_bulk_work_says_so(client: Any, server: Any) -> None:
    for method in ("Detect", "EmbedImage", "EmbedText", "Analyze"):
        server.say(method, getattr(inference_pb2, f"{method}Response")())
    client.detect_batch([b"x"], priority=Priority.BULK)
    client.embed_images([b"x"], priority=Priority.BULK)
    client.embed_texts(["x"], priority=Priority.BULK)
    client.analyze_batch([b"x"], priority=Priority.BULK)
    client.analyze_batch([b"x"])
    sent = [request.priority for requests in server.requests.values() for request in requests]
    assert sent == [types_pb2.PRIORITY_BULK] * 4 + [types_pb2.PRIORITY_INTERACTIVE]


def test_a_photo_that_cannot_be_read_does_not_keep_the_others(
    client: Any, server: Any, fail: Any, tmp_path: Path
) -> None:
    def detect(request: inference_pb2.DetectRequest) -> inference_pb2.DetectResponse:
        refusal = fail(grpc.StatusCode.INVALID_ARGUMENT, "content: is empty").status
        results = [{"detections": {}} if image.content else {"error": refusal} for image in request.images]
        return inference_pb2.DetectResponse(results=results)

    server.say("Detect", detect)
    first, gone, last = client.detect_batch([b"x", tmp_path / "gone.jpg", b"y"])
    assert (first.detections, last.detections) == ((), ())
    assert isinstance(gone, InvalidInput)
    assert gone.reason == "UNREADABLE_FILE"
    assert "gone.jpg" in str(gone)


def test_attributes_with_several_values_a_number_and_a_source(
    client: Any, server: Any, analysis: inference_pb2.ImageAnalysis
) -> None:
    seasons = types_pb2.AttributeValue(
        values=[{"value": "spring", "score": 0.75}, {"value": "summer", "score": 0.5}],
        source="VALUE_SOURCE_PERSON",
    )
    formality = types_pb2.AttributeValue(number=0.25, source=99)
    analysis.items[0].attributes["seasons"].CopyFrom(seasons)
    analysis.items[0].attributes["formality"].CopyFrom(formality)
    analysis.warnings.append(types_pb2.QUALITY_ISSUE_LOW_RESOLUTION)
    server.say("Analyze", inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}]))
    result = client.analyze(b"x")
    answers = result.items[0].attributes
    assert answers["seasons"].values == (ScoredValue("spring", 0.75), ScoredValue("summer", 0.5))
    assert (answers["seasons"].value, answers["seasons"].source) == ("spring", ValueSource.PERSON)
    assert (answers["formality"].number, answers["formality"].value) == (0.25, "")
    assert answers["formality"].source is ValueSource.UNKNOWN
    assert (answers["pattern"].score, answers["pattern"].number) == (0.25, None)
    assert result.warnings == (QualityIssue.LOW_RESOLUTION,)
