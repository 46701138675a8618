"""Requests and responses in JSON, with and without binary tensors."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ArmoireError
from services.edge.oip.inference import InferRequest, InferResponse
from services.edge.oip.json_messages import (
    OutputForms,
    body_from_response,
    json_length,
    request_from_body,
)
from services.edge.oip.shared_memory import SharedMemory
from services.edge.oip.tensors import Tensor, stacked_bytes

MEMORY = SharedMemory()
TENSOR = {"name": "x", "shape": [2, 2], "datatype": "UINT8"}


def decoded(body: Any, tail: bytes = b"", header: str | None = None) -> InferRequest:
    head = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = str(len(head)) if tail and header is None else header
    content = head + tail
    return request_from_body("m", "1", content, json_length(length, len(content)), MEMORY)[0]


@pytest.mark.parametrize("data", [[1, 2, 3, 4], [[1, 2], [3, 4]]])
def test_data_may_be_flat_or_nested(data: list[Any]) -> None:
    request = decoded({"id": "a", "inputs": [TENSOR | {"data": data}]})
    assert (request.model, request.version, request.id) == ("m", "1", "a")
    assert request.inputs[0].array.tolist() == [[1, 2], [3, 4]]


def test_binary_inputs_follow_the_json_in_their_order() -> None:
    sized = {"parameters": {"binary_data_size": 4}}
    plain = {"name": "y", "shape": [1], "datatype": "INT32", "data": [7]}
    body = {"inputs": [TENSOR | sized, plain, TENSOR | sized]}
    first, second, third = decoded(body, b"\1\2\3\4\5\6\7\x08").inputs
    assert first.array.tolist() == [[1, 2], [3, 4]]
    assert second.array.tolist() == [7]
    assert third.array.tolist() == [[5, 6], [7, 8]]


def test_bytes_are_strings_in_json() -> None:
    tensor = {"name": "x", "shape": [2], "datatype": "BYTES", "data": ["ä", "b"]}
    assert decoded({"inputs": [tensor]}).inputs[0].array.tolist() == ["ä".encode(), b"b"]


@pytest.mark.parametrize(
    ("body", "tail", "header", "told"),
    [
        (b"", b"", None, "body: is not JSON"),
        (b"{", b"", None, "body: is not JSON"),
        (b"[" * 100_000, b"", None, "body: is not JSON"),
        ([], b"", None, "body: must be a JSON object"),
        ({"inputs": 1}, b"", None, "inputs: must be a JSON list"),
        ({"inputs": [1]}, b"", None, r"inputs\[0\]: must be a JSON object"),
        ({"inputs": [{"name": 1}]}, b"", None, "name: must be a string"),
        ({"id": 1}, b"", None, "id: must be a string"),
        ({"inputs": [TENSOR | {"shape": ["2"]}]}, b"", None, r"inputs\[x\]\.shape: must hold whole numbers"),
        ({"inputs": [TENSOR | {"shape": [True]}]}, b"", None, r"inputs\[x\]\.shape: must hold whole numbers"),
        ({"inputs": [TENSOR | {"data": [1]}]}, b"", None, r"inputs\[x\]: must have 4 elements"),
        ({"inputs": [TENSOR | {"data": [[1, 2], 3]}]}, b"", None, r"inputs\[x\]: must have 4 elements"),
        ({"inputs": [TENSOR | {"datatype": "U8"}]}, b"", None, r"inputs\[x\]\.datatype: must be one of BOOL"),
        ({"parameters": {"a": [1]}}, b"", None, r"parameters\[a\]: must be a boolean, a number or a string"),
        ({"parameters": []}, b"", None, "parameters: must be a JSON object"),
        ({"outputs": [{"name": "y", "parameters": {"classification": 3}}]}, b"", None, "no classifications"),
        (
            {"inputs": [TENSOR | {"parameters": {"shared_memory_region": "r"}}]},
            b"",
            None,
            "shared memory: this server reads no shared memory, unless",
        ),
        ({}, b"", "x", "inference-header-content-length: must be from 0 to the body's 2 bytes, got 'x'"),
        ({}, b"", "3", "inference-header-content-length: must be from 0 to the body's 2 bytes, got '3'"),
        ({}, b"abc", None, "body: has 3 bytes after its JSON that no input takes"),
        (
            {"inputs": [TENSOR | {"parameters": {"binary_data_size": 4}}]},
            b"abc",
            None,
            r"inputs\[x\]\.parameters\[binary_data_size\]: must be the bytes of this input, of which the "
            "body has 3 more, got 4",
        ),
        (
            {"inputs": [TENSOR | {"data": [1], "parameters": {"binary_data_size": 1}}]},
            b"a",
            None,
            r"inputs\[x\]\.data: cannot be combined with binary_data_size",
        ),
    ],
)
def test_what_is_wrong_is_named(body: Any, tail: bytes, header: str | None, told: str) -> None:
    with pytest.raises(ArmoireError, match=told):
        decoded(body, tail, header)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "shape", "datatype", "data", "parameters", "binary_data_size"]), inner
        )
    ),
    max_leaves=12,
)


@given(inputs=st.lists(JSON, max_size=2), outputs=JSON, tail=st.binary(max_size=8))
def test_any_json_is_decoded_or_refused(inputs: list[Any], outputs: Any, tail: bytes) -> None:
    body = json.dumps({"inputs": [{**TENSOR, **each} if isinstance(each, dict) else each for each in inputs]})
    for text in (body, json.dumps({"outputs": outputs})):
        with suppress(ArmoireError):
            decoded(text.encode(), tail)


OUTPUTS = (
    Tensor("scores", np.array([[0.5, 1.5]], np.float32)),
    Tensor("labels", stacked_bytes([[b"hat", "ä".encode()]], (1, 2))),
)
RESPONSE = InferResponse("m", "1", "a", OUTPUTS, {"model_version": "m-1"})


def test_a_response_in_json() -> None:
    body, length = body_from_response(RESPONSE, OutputForms(False, {}), MEMORY)
    assert length == 0
    assert json.loads(body) == {
        "model_name": "m",
        "model_version": "1",
        "id": "a",
        "parameters": {"model_version": "m-1"},
        "outputs": [
            {"name": "scores", "datatype": "FP32", "shape": [1, 2], "data": [0.5, 1.5]},
            {"name": "labels", "datatype": "BYTES", "shape": [1, 2], "data": ["hat", "ä"]},
        ],
    }


def test_outputs_are_binary_where_asked_for() -> None:
    body, length = body_from_response(RESPONSE, OutputForms(True, {"labels": False}), MEMORY)
    scores, labels = json.loads(body[:length])["outputs"]
    assert scores["parameters"] == {"binary_data_size": 8}
    assert labels["data"] == ["hat", "ä"]
    assert np.frombuffer(body[length:], "<f4").tolist() == [0.5, 1.5]


def test_a_request_says_which_outputs_are_binary() -> None:
    body = {
        "parameters": {"binary_data_output": True},
        "outputs": [{"name": "a"}, {"name": "b", "parameters": {"binary_data": False}}],
    }
    text = json.dumps(body).encode()
    request, binary = request_from_body("m", "", text, len(text), MEMORY)
    assert request.outputs == ("a", "b")
    assert (binary.has("a"), binary.has("b")) == (True, False)
