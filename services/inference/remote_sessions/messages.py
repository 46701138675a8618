"""Requests to run rows on a model server, and the outputs in its answers."""

from __future__ import annotations

import numpy as np

from services.inference.batching.entries import Array
from services.inference.remote_sessions.address import RemoteAddress
from services.inference.remote_sessions.contract import GraphContract
from services.inference.remote_sessions.errors import refusal
from services.inference.remote_sessions.shared_tensors import SharedRegion
from services.oip.stubs import open_inference_pb2 as pb

_VERSION = "model_version"
"""The parameter of an answer in which an Armoire names the full version of its model."""


def infer_request(
    address: RemoteAddress, contract: GraphContract, output: str, rows: Array
) -> pb.ModelInferRequest:
    """A request for one output, still without the rows' content."""
    datatype = contract.input.datatype.name
    return pb.ModelInferRequest(
        model_name=address.model,
        model_version=address.version,
        inputs=[{"name": contract.input.names[0], "datatype": datatype, "shape": rows.shape}],
        outputs=[{"name": output}],
    )


def place_tensors(request: pb.ModelInferRequest, rows: Array, region: SharedRegion) -> None:
    """Put the rows at the start of a region, and let the output follow them."""
    np.frombuffer(region.memory, rows.dtype, rows.size).reshape(rows.shape)[...] = rows
    _place(request.inputs[0], region, 0, rows.nbytes)
    _place(request.outputs[0], region, rows.nbytes, region.size_bytes - rows.nbytes)


def _place(
    tensor: pb.ModelInferRequest.InferInputTensor | pb.ModelInferRequest.InferRequestedOutputTensor,
    region: SharedRegion,
    offset: int,
    size_bytes: int,
) -> None:
    tensor.parameters["shared_memory_region"].string_param = region.name
    tensor.parameters["shared_memory_offset"].int64_param = offset
    tensor.parameters["shared_memory_byte_size"].int64_param = size_bytes


def output_rows(
    response: pb.ModelInferResponse,
    contract: GraphContract,
    output: str,
    rows: Array,
    region: SharedRegion | None,
) -> Array:
    """The output rows (N, ...) for the rows of a request.

    Raises:
        FailedPrecondition: the answer has no such output, or one of another datatype or shape.
    """
    names = [each.name for each in response.outputs]
    if output not in names:
        raise refusal(f"the server of the model answered without {output!r}")
    index = names.index(output)
    found, needed = response.outputs[index], contract.output
    shape = (len(rows), *needed.dims)
    if found.datatype != needed.datatype.name or tuple(found.shape) != shape:
        text = f"{found.datatype} {list(found.shape)}, not {needed.datatype.name} {list(shape)}"
        raise refusal(f"the server of the model answered with {text}")
    if region is not None:
        size = int(np.prod(shape))
        return np.frombuffer(region.memory, needed.datatype.dtype, size, rows.nbytes).reshape(shape).copy()
    return _content(response, index, contract).reshape(shape)


def _content(response: pb.ModelInferResponse, index: int, contract: GraphContract) -> Array:
    """The values of an output: raw ones, or typed ones, as some servers always answer."""
    datatype = contract.output.datatype
    if response.raw_output_contents:
        return np.frombuffer(response.raw_output_contents[index], datatype.dtype)
    return np.array(getattr(response.outputs[index].contents, datatype.contents), datatype.dtype)


def served_by(response: pb.ModelInferResponse) -> tuple[str, ...]:
    """What the answer tells of the model that gave it."""
    return response.model_version, response.parameters[_VERSION].string_param
