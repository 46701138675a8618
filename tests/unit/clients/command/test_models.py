"""`armoire models`."""

from __future__ import annotations

from typing import Any

import grpc

from armoire.v1 import inference_pb2, models_pb2
from tests.unit.clients.command.outcomes import documents

MODEL = inference_pb2.Model(
    name="yolo",
    version="yolo-1",
    task="MODEL_TASK_DETECT",
    input_width=640,
    input_height=320,
    state="MODEL_STATE_READY",
    aliases=["canary", "default"],
    reference="yolo:latest",
)


def test_models_are_listed(armoire: Any, server: Any) -> None:
    server.say("ListModels", inference_pb2.ListModelsResponse(models=[MODEL]))
    (document,) = documents(armoire("models", "--json")[1])
    assert (document["name"], document["task"], document["parity"]) == ("yolo", "detect", {})
    assert (document["state"], document["aliases"]) == ("READY", ["canary", "default"])
    header, row = armoire("models", "--stored")[1].splitlines()
    assert header.split()[:5] == ["name", "version", "task", "state", "aliases"]
    assert row.split()[:6] == ["yolo", "yolo-1", "detect", "READY", "canary,default", "640x320"]
    assert [request.include_stored for request in server.requests["ListModels"]] == [False, True]


def test_a_model_that_cannot_be_used_says_why(armoire: Any, server: Any) -> None:
    broken = inference_pb2.Model(reference="torn", state="MODEL_STATE_FAILED", failure="the manifest is torn")
    server.say("ListModels", inference_pb2.ListModelsResponse(models=[broken]))
    assert "the manifest is torn" in armoire("models", "--stored")[1]


def test_a_model_is_loaded_switched_to_and_unloaded(armoire: Any, server: Any) -> None:
    server.say("LoadModel", models_pb2.LoadModelResponse(models=[MODEL]))
    server.say("SetModelAlias", models_pb2.SetModelAliasResponse(previous_version="yolo-0", models=[MODEL]))
    server.say("UnloadModel", models_pb2.UnloadModelResponse())
    assert "yolo-1" in armoire("models", "load", "yolo:latest")[1]
    _, out, err = armoire("models", "switch", "yolo-1")
    assert out == "default is yolo-1, before it was yolo-0\n"
    assert err.startswith("New photos are indexed with yolo-1.")
    assert "armoire reindex --stale" in err
    assert armoire("models", "unload", "yolo-0")[1] == "unloaded yolo-0\n"
    (alias,) = server.requests["SetModelAlias"]
    assert (alias.alias, alias.version) == ("default", "yolo-1")


def test_whoever_switches_the_embedder_hears_what_becomes_of_searches(armoire: Any, server: Any) -> None:
    clip = inference_pb2.Model(version="clip-2", task="MODEL_TASK_EMBED_IMAGE")
    server.say("SetModelAlias", models_pb2.SetModelAliasResponse(previous_version="clip-1", models=[clip]))
    status, out, err = armoire("models", "switch", "clip:latest")
    assert (status, out) == (0, "default is clip-2, before it was clip-1\n")
    assert err.startswith("Inference answers with clip-2 now.")
    assert "armoire backfill" in err
    assert armoire("models", "switch", "clip:latest", "--alias", "canary")[2] == ""


def test_a_switch_may_require_what_a_shadow_has_shown(armoire: Any, server: Any) -> None:
    change = models_pb2.SetModelAliasResponse(previous_version="clip-1", models=[MODEL])
    server.say("SetModelAlias", change)
    required = ("--require-shadow", "500", "--min-label-agreement", "0.95", "--min-overlap", "0.5")
    assert armoire("models", "switch", "clip-2", *required)[0] == 0
    (request,) = server.requests["SetModelAlias"]
    shadow = request.required_shadow
    assert (shadow.min_garments, shadow.min_label_agreement, shadow.min_overlap) == (500, 0.95, 0.5)
    assert armoire("models", "switch", "clip-2", "--min-overlap", "0.5")[0] == 2


def test_the_shadow_report(armoire: Any, server: Any) -> None:
    report = models_pb2.GetShadowReportResponse(
        live_version="clip-1",
        candidate_version="clip-2",
        start_time={"seconds": 1},
        photos=40,
        dropped=2,
        garments=50,
        same_labels=45,
        neighbourhoods=10,
        overlap=0.8125,
    )
    server.say("GetShadowReport", report, report, models_pb2.GetShadowReportResponse())
    (document,) = documents(armoire("models", "shadow", "--json")[1])
    assert (document["label_agreement"], document["start_time"]) == (0.9, "1970-01-01T00:00:01+00:00")
    out = armoire("models", "shadow")[1]
    assert out.splitlines()[0] == "clip-2 beside clip-1"
    assert "same category: 0.900 of 50 garments" in out
    assert "0.812, of 10 garments" in out
    assert "armoire models switch MODEL --alias shadow" in armoire("models", "shadow")[1]


def test_a_model_that_cannot_be_loaded_does_not_keep_the_next_from_it(
    armoire: Any, server: Any, fail: Any
) -> None:
    torn = fail(grpc.StatusCode.FAILED_PRECONDITION, "the graph has changed", reason="BAD_ARTIFACT")
    server.say("LoadModel", torn, models_pb2.LoadModelResponse(models=[MODEL]))
    status, out, err = armoire("models", "load", "torn:1", "yolo:latest")
    assert status == 1
    assert "yolo-1" in out
    assert err.startswith("armoire: torn:1: the graph has changed (")


def test_a_model_that_is_in_use_does_not_keep_the_next_from_being_unloaded(
    armoire: Any, server: Any, fail: Any
) -> None:
    in_use = fail(grpc.StatusCode.FAILED_PRECONDITION, "an alias points to it", reason="MODEL_IN_USE")
    server.say("UnloadModel", in_use, models_pb2.UnloadModelResponse())
    status, out, err = armoire("models", "unload", "yolo-1", "yolo-0")
    assert (status, out) == (1, "unloaded yolo-0\n")
    assert "yolo-1: an alias points to it" in err


def test_an_alias_is_removed(armoire: Any, server: Any) -> None:
    server.say("DeleteModelAlias", models_pb2.DeleteModelAliasResponse())
    assert armoire("models", "drop-alias", "canary", "embed")[0] == 0
    (request,) = server.requests["DeleteModelAlias"]
    assert (request.alias, request.task) == ("canary", inference_pb2.MODEL_TASK_EMBED_IMAGE)


def test_the_history(armoire: Any, server: Any) -> None:
    event = models_pb2.ModelEvent(
        time={"seconds": 1},
        kind="MODEL_EVENT_KIND_ALIAS_SET",
        version="b",
        alias="default",
        previous_version="a",
    )
    server.say("ListModelEvents", models_pb2.ListModelEventsResponse(events=[event]))
    (document,) = documents(armoire("models", "history", "--json")[1])
    assert (document["kind"], document["version"], document["previous_version"]) == ("ALIAS_SET", "b", "a")
    assert document["time"] == "1970-01-01T00:00:01+00:00"
    row = armoire("models", "history")[1].splitlines()[1]
    assert row.split()[:3] == ["1970-01-01", "00:00:01+00:00", "ALIAS_SET"]
