"""`armoire detect` and `armoire limits`."""

from __future__ import annotations

from typing import Any

from armoire.v1 import catalog_pb2, inference_pb2, types_pb2
from tests.unit.clients.command.outcomes import REFUSED, documents


def detections(request: inference_pb2.DetectRequest, refused: Any) -> inference_pb2.DetectResponse:
    """A dress in a picture; a refusal of anything else."""
    (image,) = request.images
    if image.content.startswith(b"not"):
        return inference_pb2.DetectResponse(results=[inference_pb2.DetectResult(error=refused.status)])
    found = inference_pb2.Detections(
        image_width=200,
        image_height=100,
        detections=[
            inference_pb2.Detection(box=types_pb2.Box(x1=1, y1=2, x2=30, y2=40), score=0.75, label="dress")
        ],
    )
    result = inference_pb2.DetectResult(detections=found)
    return inference_pb2.DetectResponse(results=[result], model_version="yolo-1")


def test_boxes_are_told_and_a_bad_photo_does_not_end_it(
    armoire: Any, server: Any, photos: list[str], refusal: Any
) -> None:
    server.say("Detect", lambda request: detections(request, refusal))
    status, out, _ = armoire("detect", *photos, "--min-score", "0.5", "--model", "yolo-1", "--json")
    first, bad, _ = documents(out)
    assert status == 1
    assert bad == {"image": photos[1], "error": REFUSED}
    assert first["detections"] == [
        {"box": {"x1": 1.0, "y1": 2.0, "x2": 30.0, "y2": 40.0}, "score": 0.75, "label": "dress"}
    ]
    assert (first["image_width"], first["model_version"]) == (200, "yolo-1")
    (request, *_) = server.requests["Detect"]
    assert (request.min_score, request.model_version) == (0.5, "yolo-1")


def test_boxes_for_people(armoire: Any, server: Any, photos: list[str], refusal: Any) -> None:
    server.say("Detect", lambda request: detections(request, refusal))
    size, header, row, *_ = armoire("detect", photos[0])[1].splitlines()
    assert size == f"{photos[0]}: 200 x 100 px"
    assert (header.split(), row.split()[:2]) == (["label", "score", "box"], ["dress", "0.750"])


def test_limits(armoire: Any, server: Any) -> None:
    server.say("GetInferenceLimits", inference_pb2.GetInferenceLimitsResponse(max_images_per_call=32))
    server.say("GetCatalogLimits", catalog_pb2.GetCatalogLimitsResponse(max_top_k=100))
    (document,) = documents(armoire("limits", "--json")[1])
    assert document["inference"]["max_images_per_call"] == 32
    assert document["catalog"]["max_top_k"] == 100
    rows = [line.split() for line in armoire("limits")[1].splitlines()]
    assert ["inference", "max_images_per_call", "32"] in rows
