from __future__ import annotations

from typing import Any

import grpc
import pytest

from armoire.bench.replies import error_finder
from armoire.v1 import inference_pb2


@pytest.mark.parametrize(
    ("method", "reply", "good"),
    [
        ("Analyze", inference_pb2.AnalyzeResponse, {"analysis": {}}),
        ("Detect", inference_pb2.DetectResponse, {"detections": {}}),
        ("EmbedImage", inference_pb2.EmbedImageResponse, {"embeddings": {}}),
        ("EmbedText", inference_pb2.EmbedTextResponse, {"embedding": {}}),
    ],
)
def test_an_error_among_the_results_is_found(method: str, reply: Any, good: Any, fail: Any) -> None:
    find = error_finder(f"/armoire.v1.InferenceService/{method}")
    bad = {"error": fail(grpc.StatusCode.INVALID_ARGUMENT, "no picture").status}
    error = find(reply(results=[good, bad]).SerializeToString())
    assert error is not None
    assert (error.code, error.message) == ("INVALID_ARGUMENT", "no picture")
    assert find(reply(results=[good]).SerializeToString()) is None


def test_other_replies_hold_no_errors() -> None:
    assert error_finder("/armoire.v1.CatalogService/Search")(b"anything") is None
