"""Requests and responses as messages, with typed and with raw contents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from domain.errors import ArmoireError
from services.edge.oip.inference import InferResponse
from services.edge.oip.messages import message_from_response, request_from_message
from services.edge.oip.shared_memory import SharedMemory
from services.edge.oip.tensors import Tensor, stacked_bytes
from services.oip.stubs import open_inference_pb2 as pb

MEMORY = SharedMemory()


def message(raw: list[bytes] | None = None, **tensor: Any) -> pb.ModelInferRequest:
    given = {"name": "x", "datatype": "UINT8", "shape": [2, 2], **tensor}
    return pb.ModelInferRequest(
        model_name="m", model_version="1", id="a", inputs=[given], raw_input_contents=raw or []
    )


def test_raw_and_typed_contents_are_the_same_tensor() -> None:
    raw = request_from_message(message([b"\1\2\3\4"]), MEMORY)
    typed = request_from_message(message(contents={"uint_contents": [1, 2, 3, 4]}), MEMORY)
    for request in (raw, typed):
        assert (request.model, request.version, request.id) == ("m", "1", "a")
        assert request.inputs[0].array.tolist() == [[1, 2], [3, 4]]
        assert request.inputs[0].datatype.name == "UINT8"


def test_parameters_are_those_that_are_set() -> None:
    given = message([b"\1\2\3\4"])
    given.parameters["priority"].uint64_param = 2
    given.parameters["min_score"].double_param = 0.5
    given.parameters["note"].string_param = "n"
    given.parameters["empty"].SetInParent()
    assert request_from_message(given, MEMORY).parameters == {"priority": 2, "min_score": 0.5, "note": "n"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (message([b"1234", b"5678"]), "raw_input_contents: must have one element for each of 1 inputs"),
        (message([b"12"]), r"inputs\[x\]: must have 4 bytes of UINT8"),
        (message([b"1234"], datatype="U8"), r"inputs\[x\]\.datatype: must be one of BOOL"),
        (
            message([b"1234"], contents={"uint_contents": [1]}),
            r"inputs\[x\]\.contents: must be absent where raw_input_contents are given",
        ),
        (
            message(contents={"fp32_contents": [1]}),
            r"inputs\[x\]\.contents: must be uint_contents for UINT8, got fp32_contents",
        ),
        (message(datatype="FP16"), r"inputs\[x\]\.contents: cannot hold FP16; use raw_input_contents"),
        (message(contents={"uint_contents": [1, 2, 3, 256]}), r"inputs\[x\]: must hold values of UINT8"),
        (message(), r"inputs\[x\]: must have 4 elements for shape \[2, 2\], got 0"),
        (
            message(parameters={"shared_memory_region": {"string_param": "r"}}),
            "shared memory: this server reads no shared memory, unless",
        ),
        (
            message([b""], parameters={"shared_memory_region": {"string_param": "r"}}),
            "raw_input_contents: must have one element for each of 0 inputs, or none, got 1",
        ),
    ],
)
def test_what_is_wrong_is_named(given: pb.ModelInferRequest, told: str) -> None:
    with pytest.raises(ArmoireError, match=told):
        request_from_message(given, MEMORY)


def test_a_response_has_the_contents_that_were_asked_for() -> None:
    outputs = (
        Tensor("scores", np.array([[0.5, 1.5]], np.float32)),
        Tensor("labels", stacked_bytes([[b"hat", b"\xff"]], (1, 2))),
    )
    response = InferResponse("m", "1", "a", outputs, {"model_version": "m-1", "n": 1, "f": 0.5, "b": True})
    raw, typed = (message_from_response(response, raw=raw, places={}, memory=MEMORY) for raw in (True, False))
    assert list(raw.raw_output_contents) == [
        np.array([0.5, 1.5], "<f4").tobytes(),
        b"\3\0\0\0hat\1\0\0\0\xff",
    ]
    assert not typed.raw_output_contents
    assert list(typed.outputs[0].contents.fp32_contents) == [0.5, 1.5]
    assert list(typed.outputs[1].contents.bytes_contents) == [b"hat", b"\xff"]
    assert raw.parameters["model_version"].string_param == "m-1"
    assert (raw.parameters["n"].int64_param, raw.parameters["f"].double_param) == (1, 0.5)
    assert raw.parameters["b"].bool_param
