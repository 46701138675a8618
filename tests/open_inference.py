"""A client of the Open Inference Protocol that has nothing but the server's own messages."""

from __future__ import annotations

from typing import Any

import grpc
import numpy as np

from services.edge.oip.servicer import OPEN_INFERENCE
from services.edge.oip.tensors import Tensor, raw_from_tensor, stacked_bytes, tensor_from_raw
from services.oip.datatypes import DATATYPES
from services.oip.stubs import open_inference_pb2 as pb

Array = np.ndarray[Any, Any]


class GrpcClient:
    """Calls the protocol's service with the server's own messages."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._channel = channel

    def call(self, method: str, request: Any) -> Any:
        answer = getattr(pb, OPEN_INFERENCE.methods_by_name[method].output_type.name)
        path = f"/{OPEN_INFERENCE.full_name}/{method}"
        return self._channel.unary_unary(path, type(request).SerializeToString, answer.FromString)(request)

    def infer(self, model: str, tensor: Tensor) -> dict[str, Array]:
        response = self.call("ModelInfer", raw_request(model, tensor))
        return {
            output.name: tensor_from_raw(
                output.name, DATATYPES[output.datatype], tuple(output.shape), raw
            ).array
            for output, raw in zip(response.outputs, response.raw_output_contents, strict=True)
        }


def raw_request(model: str, tensor: Tensor, version: str = "") -> pb.ModelInferRequest:
    given = {"name": tensor.name, "datatype": tensor.datatype.name, "shape": tensor.shape}
    return pb.ModelInferRequest(
        model_name=model,
        model_version=version,
        inputs=[given],
        raw_input_contents=[raw_from_tensor(tensor)],
    )


def as_bytes(name: str, elements: list[bytes]) -> Tensor:
    return Tensor(name, stacked_bytes([elements], (len(elements), 1)))
