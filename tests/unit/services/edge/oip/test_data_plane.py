"""Requests to models: what is checked, what comes back, what is counted."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from domain.calls import CURRENT_CALL, Call
from domain.errors import ArmoireError, InvalidInput, NotFound, Unavailable, Unimplemented
from services.edge.oip.inference import InferRequest, InferResponse, Parameter
from services.edge.oip.tensors import Tensor
from tests.unit.services.edge.oip.doubling import DoublingModel, doubling_plane

ROWS = np.array([[1, 2], [3, 4]])


def request(rows: np.ndarray[Any, Any] = ROWS, **parameters: Parameter) -> InferRequest:
    return InferRequest("doubling", "", "mine", parameters, (Tensor("numbers", rows),), decode_ns=7)


async def infer(asked: InferRequest) -> tuple[InferResponse, DoublingModel]:
    plane, model = doubling_plane()
    return await plane.infer(asked, lambda response: response), model


def outputs(response: InferResponse) -> dict[str, Any]:
    return {tensor.name: tensor.array.tolist() for tensor in response.outputs}


async def test_a_response_has_the_id_the_versions_and_all_outputs() -> None:
    response, _ = await infer(request())
    assert (response.model, response.version, response.id) == ("doubling", "1", "mine")
    assert response.parameters == {"model_version": "doubling-abc", "preprocess_version": "p"}
    assert outputs(response) == {"doubled": [[2, 4], [6, 8]], "texts": [[b"1", b"2"], [b"3", b"4"]]}


async def test_outputs_are_returned_as_asked_for() -> None:
    response, _ = await infer(replace(request(), outputs=("texts",)))
    assert list(outputs(response)) == ["texts"]


@pytest.mark.parametrize("version", ["", "1", "doubling-abc"])
async def test_a_version_may_be_named_in_short_and_in_full(version: str) -> None:
    response, _ = await infer(replace(request(), version=version))
    assert response.version == (version or "1")
    assert response.parameters["model_version"] == "doubling-abc"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"model": "halving"}, "model 'halving' does not exist"),
        ({"version": "2"}, "model version 'doubling/2' does not exist"),
    ],
)
async def test_what_is_not_served_is_not_found(changed: Mapping[str, Any], told: str) -> None:
    with pytest.raises(NotFound, match=told):
        await infer(replace(request(), **changed))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (ROWS[:, :1], r"inputs\[numbers\]\.shape: must be \[N, 2\] with N from 1 to 4, got \[2, 1\]"),
        (ROWS[:0], r"with N from 1 to 4, got \[0, 2\]"),
        (np.tile(ROWS, (3, 1)), r"with N from 1 to 4, got \[6, 2\]"),
        (ROWS[0], r"with N from 1 to 4, got \[2\]"),
        (ROWS.astype(np.int32), r"inputs\[numbers\]\.datatype: must be INT64, got INT32"),
        (ROWS * 3, r"inputs\[numbers\]: must hold values from 0 to 9, got 12"),
        (-ROWS, r"inputs\[numbers\]: must hold values from 0 to 9, got -4"),
    ],
)
async def test_an_input_that_the_model_does_not_take_is_refused(
    rows: np.ndarray[Any, Any], told: str
) -> None:
    plane, model = doubling_plane()
    with pytest.raises(InvalidInput, match=told):
        await plane.infer(request(rows), lambda response: response)
    assert not model.asked
    assert model.runs.fail.count == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"inputs": ()}, "inputs: must be numbers alone for model doubling, got none"),
        ({"inputs": (Tensor("x", ROWS),)}, "inputs: must be numbers alone for model doubling, got x"),
        ({"outputs": ("doubled", "sum")}, "outputs: must be of doubled, texts for model doubling, got 'sum'"),
        ({"outputs": ("texts", "texts")}, "outputs: must name each output once"),
    ],
)
async def test_names_of_other_tensors_are_refused(changed: Mapping[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        await infer(replace(request(), **changed))


@pytest.mark.parametrize(("priority", "bulk"), [(0, False), (1, False), (2, True)])
async def test_priority_2_is_bulk(priority: int, bulk: bool) -> None:
    _, model = await infer(request(priority=priority))
    assert model.options is not None
    assert model.options.bulk is bulk


async def test_a_timeout_of_microseconds_shortens_the_deadline() -> None:
    before = time.monotonic()
    CURRENT_CALL.set(Call("id", deadline=before + 1000))
    _, model = await infer(request(timeout=500_000_000))
    assert model.call is not None
    assert model.call.deadline is not None
    assert before + 500 <= model.call.deadline <= time.monotonic() + 500


async def test_a_timeout_does_not_lengthen_the_deadline() -> None:
    CURRENT_CALL.set(Call("id", deadline=5.0))
    _, model = await infer(request(timeout=500_000_000))
    assert model.call == Call("id", deadline=5.0)


async def test_min_score_may_be_a_number_or_its_text() -> None:
    for value in (0.25, "0.25"):
        _, model = await infer(request(min_score=value))
        assert model.options is not None
        assert model.options.min_score == 0.25


@pytest.mark.parametrize(
    ("parameters", "kind", "told"),
    [
        ({"priority": 3}, InvalidInput, r"parameters\[priority\]: must be 1 \(interactive\) or 2 \(bulk\)"),
        ({"priority": "1"}, InvalidInput, r"parameters\[priority\]"),
        ({"timeout": -1}, InvalidInput, r"parameters\[timeout\]: must be a number of microseconds"),
        ({"min_score": 1.5}, InvalidInput, r"parameters\[min_score\]: must be a number from 0 to 1"),
        ({"min_score": "high"}, InvalidInput, r"parameters\[min_score\]: must be a number from 0 to 1"),
        ({"sequence_id": 7}, Unimplemented, r"parameters\[sequence_id\]: the models of this server keep no"),
    ],
)
async def test_a_parameter_out_of_range_is_refused(
    parameters: Mapping[str, Any], kind: type[ArmoireError], told: str
) -> None:
    with pytest.raises(kind, match=told):
        await infer(request(**parameters))


async def test_unknown_parameters_are_ignored() -> None:
    response, _ = await infer(request(content_type="np", sequence_id=0))
    assert len(response.outputs) == 2


async def test_statistics_count_successes_and_failures() -> None:
    plane, _ = doubling_plane()
    await plane.infer(request(), lambda response: response)
    with pytest.raises(InvalidInput):
        await plane.infer(request(-ROWS), lambda response: response)
    (found,) = plane.statistics()["model_stats"]
    assert (found["name"], found["version"], found["inference_count"]) == ("doubling", "1", 2)
    stats = found["inference_stats"]
    counted = ("success", "fail", "queue", "compute_input", "compute_infer", "compute_output")
    assert {name: entry["count"] for name, entry in stats.items()} == {
        **dict.fromkeys(counted, 1),
        **dict.fromkeys(("cache_hit", "cache_miss"), 0),
    }
    assert stats["compute_input"]["ns"] == 7
    assert stats["compute_infer"]["ns"] == 2
    assert plane.statistics("doubling", "1") == plane.statistics()


async def test_what_the_model_raises_is_raised() -> None:
    plane, model = doubling_plane()

    async def fail() -> None:
        raise Unavailable("gone")

    model.act = fail
    with pytest.raises(Unavailable, match="gone"):
        await plane.infer(request(), lambda response: response)


async def test_readiness_is_that_of_the_server() -> None:
    plane, _ = doubling_plane()
    assert plane.ready
    assert plane.model_ready("doubling", "1")
    assert not plane.model_ready("doubling", "2")
    assert not plane.model_ready("halving")
    closed = replace(plane, models_ready=lambda: False)
    assert not closed.model_ready("doubling")
    (entry,) = await closed.index()
    assert (entry["state"], entry["reason"]) == ("UNAVAILABLE", "the server is not ready")
    assert await closed.index(ready_only=True) == []
