"""Requests and responses as the REST protocol has them: JSON, followed by binary tensors where asked for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from domain.errors import InvalidInput
from services.edge.oip.inference import InferRequest, InferResponse, Parameter, Parameters
from services.edge.oip.parameters import check_output_parameters, check_tensor_count
from services.edge.oip.shared_memory import Placement, SharedMemory, placement, placement_parameters
from services.edge.oip.tensors import (
    Tensor,
    input_field,
    raw_from_tensor,
    tensor_from_raw,
    tensor_from_values,
)
from services.oip.datatypes import BYTES, datatype_named

HEADER_LENGTH = "inference-header-content-length"
MAX_JSON_BYTES, MAX_JSON_LISTS = 2**24, 2**20
SIZE, WANTED, ALL_WANTED = "binary_data_size", "binary_data", "binary_data_output"
"""Source: Triton's binary tensor data extension."""


@dataclass(frozen=True, slots=True)
class OutputForms:
    """Which outputs a response has as binary data, and which go to shared memory."""

    by_default: bool
    by_name: Mapping[str, bool]
    places: Mapping[str, Placement] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return self.by_name.get(name, self.by_default)


def request_from_body(
    model: str, version: str, body: bytes, length: int, memory: SharedMemory
) -> tuple[InferRequest, OutputForms]:
    """Decode a body, whose first `length` bytes are JSON; the rest are binary data.

    Raises:
        InvalidInput: naming the input, or "body".
        NotFound: no such region of shared memory.
        Unimplemented: a parameter asks for what this server does not offer.
    """
    started_ns = time.monotonic_ns()
    fields = _object("body", _parsed(body[:length]))
    check_tensor_count("inputs", _list("inputs", fields))
    check_tensor_count("outputs", _list("outputs", fields))
    binary = _Binary(body, length)
    inputs = tuple(_tensor(index, each, binary, memory) for index, each in enumerate(_list("inputs", fields)))
    binary.check_end()
    outputs = [_output(index, each) for index, each in enumerate(_list("outputs", fields))]
    parameters = _parameters("parameters", fields)
    request = InferRequest(
        model=model,
        version=version,
        id=_text("id", fields),
        parameters=parameters,
        inputs=inputs,
        outputs=tuple(name for name, _ in outputs),
        decode_ns=time.monotonic_ns() - started_ns,
    )
    chosen = {name: bool(given[WANTED]) for name, given in outputs if WANTED in given}
    places = {name: place for name, given in outputs if (place := placement(f"outputs[{name}]", given))}
    return request, OutputForms(bool(parameters.get(ALL_WANTED)), chosen, places)


def body_from_response(
    response: InferResponse, forms: OutputForms, memory: SharedMemory
) -> tuple[bytes, int]:
    """Encode a response: the body, and the length of its JSON if binary data follow it, else 0.

    Raises:
        InvalidInput: an output does not fit into its place in shared memory.
    """
    outputs, parts = [], []
    for tensor in response.outputs:
        output: dict[str, Any] = {
            "name": tensor.name,
            "datatype": tensor.datatype.name,
            "shape": list(tensor.shape),
        }
        if (place := forms.places.get(tensor.name)) is not None:
            memory.write(place, raw_from_tensor(tensor))
            output["parameters"] = placement_parameters(place)
        elif forms.has(tensor.name):
            raw = raw_from_tensor(tensor)
            output["parameters"] = {SIZE: len(raw)}
            parts.append(raw)
        else:
            output["data"] = _values(tensor)
        outputs.append(output)
    head = json.dumps(_head(response) | {"outputs": outputs}, separators=(",", ":")).encode()
    return b"".join([head, *parts]), len(head) if parts else 0


def _head(response: InferResponse) -> dict[str, Any]:
    head = {"model_name": response.model, "model_version": response.version}
    named = {"id": response.id} if response.id else {}
    return {**head, **named, "parameters": dict(response.parameters)}


def _values(tensor: Tensor) -> list[Any]:
    values: list[Any] = tensor.array.ravel().tolist()
    return [value.decode() for value in values] if tensor.datatype is BYTES else values


class _Binary:
    """The binary data after the JSON, which the inputs take in their order."""

    def __init__(self, body: bytes, start: int) -> None:
        self._body = body
        self._start = start

    def take(self, field: str, size: Parameter) -> bytes:
        left = len(self._body) - self._start
        if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= left:
            text = f"must be the bytes of this input, of which the body has {left} more, got {size!r}"
            raise InvalidInput(f"{field}.parameters[{SIZE}]", text)
        start, self._start = self._start, self._start + size
        return self._body[start : self._start]

    def check_end(self) -> None:
        if self._start != len(self._body):
            left = len(self._body) - self._start
            raise InvalidInput("body", f"has {left} bytes after its JSON that no input takes")


def region_from_body(body: bytes) -> tuple[str, int, int]:
    """The key, offset and size of a region to register. Raises InvalidInput."""
    fields = _object("body", _parsed(body))
    offset, size = fields.get("offset", 0), fields.get("byte_size", 0)
    if type(offset) is not int or type(size) is not int:
        raise InvalidInput("byte_size", f"and offset must be whole numbers, got {size!r} and {offset!r}")
    return _text("key", fields), offset, size


def index_from_body(body: bytes) -> bool:
    """Whether only models that are ready are asked for; a body may be left out. Raises InvalidInput."""
    fields = _object("body", _parsed(body or b"{}"))
    ready = fields.get("ready", False)
    if not isinstance(ready, bool):
        raise InvalidInput("ready", f"must be true or false, got {ready!r}")
    return ready


def load_parameters(body: bytes) -> Sequence[str]:
    """The names of the parameters of a load; a body may be left out. Raises InvalidInput."""
    fields = _object("body", _parsed(body or b"{}"))
    return list(_object("parameters", fields.get("parameters", {})))


def json_length(given: str | None, size: int) -> int:
    """The length of the JSON in a body of `size` bytes, all of it if there is no header that says so.

    Raises:
        InvalidInput: for the header.
    """
    if given is None:
        return size
    if not (given.isascii() and given.isdecimal() and int(given) <= size):
        raise InvalidInput(HEADER_LENGTH, f"must be from 0 to the body's {size} bytes, got {given!r}")
    return int(given)


def _parsed(text: bytes) -> object:
    """The JSON value. Other threads may run between its numbers, which are most of a large one."""
    if len(text) > MAX_JSON_BYTES or text.count(b"[") + text.count(b"{") + text.count(b'"') > MAX_JSON_LISTS:
        problem = (
            f"must have at most {MAX_JSON_BYTES} bytes of JSON, with {MAX_JSON_LISTS} brackets and quotes"
        )
        raise InvalidInput("body", f"{problem}; send large tensors as binary data")
    try:
        value: object = json.loads(text, parse_int=_integer, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("body", f"is not JSON: {error}") from error
    return value


def _integer(text: str) -> int:
    return int(text)


def _number(text: str) -> float:
    return float(text)


def _tensor(index: int, given: object, binary: _Binary, memory: SharedMemory) -> Tensor:
    fields = _object(f"inputs[{index}]", given)
    name = _text("name", fields)
    field = input_field(name)
    parameters = _parameters(field, fields)
    datatype = datatype_named(_text("datatype", fields), field)
    shape = _shape(field, fields)
    if (place := placement(field, parameters)) is not None:
        return tensor_from_raw(name, datatype, shape, memory.read(place))
    if SIZE not in parameters:
        return tensor_from_values(name, datatype, shape, list(_flat(_list("data", fields, field))))
    if "data" in fields:
        raise InvalidInput(f"{field}.data", f"cannot be combined with {SIZE}")
    return tensor_from_raw(name, datatype, shape, binary.take(field, parameters[SIZE]))


def _output(index: int, given: object) -> tuple[str, Parameters]:
    fields = _object(f"outputs[{index}]", given)
    name = _text("name", fields)
    parameters = _parameters(f"outputs[{name}]", fields)
    check_output_parameters(f"outputs[{name}]", parameters)
    return name, parameters


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    """The elements of nested lists, in row-major order."""
    if not values or not isinstance(values[0], list):
        return iter(values)
    if not all(isinstance(each, list) for each in values):
        return iter(values)  # which is refused, since a list is no element
    return _flat(list(chain.from_iterable(values)))


def _shape(field: str, fields: Mapping[str, Any]) -> tuple[int, ...]:
    shape = _list("shape", fields, field)
    if not all(type(size) is int for size in shape):
        raise InvalidInput(f"{field}.shape", "must hold whole numbers")
    return tuple(shape)


def _object(field: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(field, "must be a JSON object")
    return value


def _list(name: str, fields: Mapping[str, Any], within: str = "") -> list[Any]:
    value = fields.get(name, [])
    if not isinstance(value, list):
        raise InvalidInput(f"{within}.{name}" if within else name, "must be a JSON list")
    return value


def _text(name: str, fields: Mapping[str, Any]) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise InvalidInput(name, "must be a string")
    return value


def _parameters(field: str, fields: Mapping[str, Any]) -> Parameters:
    parameters = _object(f"{field}.parameters", fields.get("parameters", {}))
    for name, value in parameters.items():
        if not isinstance(value, bool | int | float | str):
            raise InvalidInput(f"{field}[{name}]", "must be a boolean, a number or a string")
    return parameters
