"""What a server is, as both clients tell it."""

from __future__ import annotations

from typing import Any

import grpc
from grpc_health.v1 import health_pb2

from armoire import (
    CatalogLimits,
    ModelTask,
)
from armoire.v1 import (
    catalog_pb2,
    inference_pb2,
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
