"""Requests and responses as the messages of the gRPC protocol."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, TypeAlias

from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, ResourceInfo, RetryInfo
from google.rpc.status_pb2 import Status

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
from services.oip.datatypes import Datatype, datatype_named
from services.oip.stubs import open_inference_pb2 as pb

_Placed: TypeAlias = pb.ModelInferRequest.InferInputTensor | pb.ModelInferRequest.InferRequestedOutputTensor


def request_from_message(message: pb.ModelInferRequest, memory: SharedMemory) -> InferRequest:
    """Decode a request. Raises InvalidInput naming the input, NotFound for a region, or Unimplemented."""
    started_ns = time.monotonic_ns()
    check_tensor_count("inputs", message.inputs)
    check_tensor_count("outputs", message.outputs)
    inputs = message.inputs
    contents = _raw_contents(message, memory)
    for output in message.outputs:
        check_output_parameters(f"outputs[{output.name}]", parameters_from_message(output.parameters))
    return InferRequest(
        model=message.model_name,
        version=message.model_version,
        id=message.id,
        parameters=parameters_from_message(message.parameters),
        inputs=tuple(_tensor(given, each) for given, each in zip(inputs, contents, strict=True)),
        outputs=tuple(output.name for output in message.outputs),
        decode_ns=time.monotonic_ns() - started_ns,
    )


def _raw_contents(message: pb.ModelInferRequest, memory: SharedMemory) -> Sequence[bytes | None]:
    """For each input what is in shared memory, else the next of the raw contents; None if it is typed."""
    places = [_place("inputs", given) for given in message.inputs]
    raw, others = message.raw_input_contents, places.count(None)
    if raw and len(raw) != others:
        text = f"must have one element for each of {others} inputs, or none, got {len(raw)}"
        raise InvalidInput("raw_input_contents", text)
    rest: Iterator[bytes | None] = iter(raw) if raw else repeat(None)
    return [next(rest) if place is None else memory.read(place) for place in places]


def _place(kind: str, tensor: _Placed) -> Placement | None:
    return placement(f"{kind}[{tensor.name}]", parameters_from_message(tensor.parameters))


def output_places(message: pb.ModelInferRequest) -> dict[str, Placement]:
    """The outputs that go to shared memory. Raises InvalidInput."""
    places = ((output.name, _place("outputs", output)) for output in message.outputs)
    return {name: place for name, place in places if place is not None}


def _tensor(given: pb.ModelInferRequest.InferInputTensor, raw: bytes | None) -> Tensor:
    field = input_field(given.name)
    datatype, shape = datatype_named(given.datatype, field), tuple(given.shape)
    if raw is None:
        return tensor_from_values(given.name, datatype, shape, _values(given, datatype))
    if given.HasField("contents"):
        raise InvalidInput(f"{field}.contents", "must be absent where raw_input_contents are given")
    return tensor_from_raw(given.name, datatype, shape, raw)


def _values(given: pb.ModelInferRequest.InferInputTensor, datatype: Datatype) -> Sequence[Any]:
    """The typed contents, which must be in the field of the datatype."""
    field = input_field(given.name)
    if not datatype.contents:
        raise InvalidInput(f"{field}.contents", f"cannot hold {datatype.name}; use raw_input_contents")
    for other, _ in given.contents.ListFields():
        if other.name != datatype.contents:
            text = f"must be {datatype.contents} for {datatype.name}, got {other.name}"
            raise InvalidInput(f"{field}.contents", text)
    values: Sequence[Any] = getattr(given.contents, datatype.contents)
    return values


def message_from_response(
    response: InferResponse, raw: bool, places: Mapping[str, Placement], memory: SharedMemory
) -> pb.ModelInferResponse:
    """Encode a response with raw or typed contents, but for the outputs that go to shared memory.

    Raises:
        InvalidInput: an output does not fit into its place.
    """
    message = pb.ModelInferResponse(
        model_name=response.model,
        model_version=response.version,
        id=response.id,
        parameters={name: _parameter(value) for name, value in response.parameters.items()},
    )
    for tensor in response.outputs:
        output = message.outputs.add(name=tensor.name, datatype=tensor.datatype.name, shape=tensor.shape)
        place = places.get(tensor.name)
        if place is not None:
            memory.write(place, raw_from_tensor(tensor))
            for name, value in placement_parameters(place).items():
                output.parameters[name].CopyFrom(_parameter(value))
        if raw:
            message.raw_output_contents.append(b"" if place else raw_from_tensor(tensor))
        elif place is None:
            getattr(output.contents, tensor.datatype.contents).extend(tensor.array.ravel().tolist())
    return message


def parameters_from_message(parameters: Mapping[str, pb.InferParameter]) -> Parameters:
    return {
        name: getattr(value, chosen)
        for name, value in parameters.items()
        if (chosen := value.WhichOneof("parameter_choice")) is not None
    }


def _parameter(value: Parameter) -> pb.InferParameter:
    if isinstance(value, bool):
        return pb.InferParameter(bool_param=value)
    if isinstance(value, int):
        return pb.InferParameter(int64_param=value)
    if isinstance(value, float):
        return pb.InferParameter(double_param=value)
    return pb.InferParameter(string_param=value)


def failed_element(request: pb.ModelInferRequest, status: Status) -> pb.ModelStreamInferResponse:
    """The answer to a request of a stream that failed: the status in words, and as parameters."""
    parameters: dict[str, Parameter] = {"error_code": status.code}
    info, retry, bad, resource = ErrorInfo(), RetryInfo(), BadRequest(), ResourceInfo()
    for detail in status.details:
        if detail.Unpack(info):
            parameters["error_reason"] = info.reason
        if detail.Unpack(bad):
            parameters["error_field"] = bad.field_violations[0].field
        if detail.Unpack(resource):
            parameters["error_resource_type"] = resource.resource_type
            parameters["error_resource_name"] = resource.resource_name
        if detail.Unpack(retry):
            parameters["retry_after_ms"] = retry.retry_delay.ToMilliseconds()
    response = pb.ModelInferResponse(
        model_name=request.model_name,
        model_version=request.model_version,
        id=request.id,
        parameters={name: _parameter(value) for name, value in parameters.items()},
    )
    message = f"[{Code.Name(status.code)}] {status.message}"
    return pb.ModelStreamInferResponse(error_message=message, infer_response=response)
