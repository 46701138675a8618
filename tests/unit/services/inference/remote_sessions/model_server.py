"""A model server whose one model doubles its rows, on a port that it keeps when it is started anew."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
import numpy as np

from demo.server import free_port
from domain.errors import ArmoireError
from services.edge.oip.inference import InferResponse
from services.edge.oip.messages import message_from_response, output_places, request_from_message
from services.edge.oip.shared_memory import SharedMemory
from services.edge.oip.tensors import Tensor
from services.edge.status import status_code
from services.inference.batching.entries import Array
from services.inference.remote_sessions.address import RemoteAddress
from services.inference.remote_sessions.contract import GraphContract, TensorContract
from services.oip.datatypes import DATATYPES
from services.oip.stubs import open_inference_pb2 as pb

SERVICE = pb.DESCRIPTOR.services_by_name["GRPCInferenceService"]
CONTRACT = GraphContract(
    "image",
    TensorContract(("images",), DATATYPES["UINT8"], (2,)),
    TensorContract(("embeddings",), DATATYPES["FP32"], (2,)),
)
PIXELS = np.arange(6, dtype=np.uint8).reshape(3, 2)
TIMEOUT_S = 60.0


def double(rows: Array) -> Array:
    return rows.astype(np.float32) * 2


@dataclass
class ModelServer:
    """A real gRPC server; what it is asked is in `batches`. Without `most_rows` it has no ModelConfig."""

    model: Callable[[Array], Array] = double
    version: str = "1"
    input: tuple[str, str, list[int]] = ("images", "UINT8", [-1, 2])
    output: tuple[str, str, list[int]] = ("embeddings", "FP32", [-1, 2])
    most_rows: int = 0
    raw: bool = True
    ready: bool = True
    fail: Callable[[grpc.ServicerContext], None] | None = None
    port: int = field(default_factory=free_port)
    batches: list[int] = field(default_factory=list)
    memory: SharedMemory = field(default_factory=lambda: SharedMemory(True))

    @property
    def address(self) -> RemoteAddress:
        return RemoteAddress(f"127.0.0.1:{self.port}", "doubler")

    def __enter__(self) -> ModelServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._threads = ThreadPoolExecutor(8)
        self._server = grpc.server(self._threads)
        handlers = {
            name: grpc.unary_unary_rpc_method_handler(
                getattr(self, name),
                getattr(pb, SERVICE.methods_by_name[name].input_type.name).FromString,
                lambda message: message.SerializeToString(),
            )
            for name in dir(type(self))
            if name in SERVICE.methods_by_name
        }
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(SERVICE.full_name, handlers),)
        )
        self._server.add_insecure_port(f"127.0.0.1:{self.port}")
        self._server.start()

    def stop(self) -> None:
        self._server.stop(None).wait()
        self._threads.shutdown()
        self.memory.unregister()

    def ModelReady(self, request: pb.ModelReadyRequest, context: grpc.ServicerContext) -> Any:
        return pb.ModelReadyResponse(ready=self.ready)

    def ModelMetadata(self, request: pb.ModelMetadataRequest, context: grpc.ServicerContext) -> Any:
        if request.name != "doubler":
            context.abort(grpc.StatusCode.NOT_FOUND, f"unknown model {request.name}")
        response = pb.ModelMetadataResponse(name=request.name, versions=[self.version])
        for tensors, (name, datatype, shape) in (
            (response.inputs, self.input),
            (response.outputs, self.output),
        ):
            if name:
                tensors.add(name=name, datatype=datatype, shape=shape)
        return response

    def ModelConfig(self, request: pb.ModelConfigRequest, context: grpc.ServicerContext) -> Any:
        if not self.most_rows:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "no such method")
        return pb.ModelConfigResponse(config={"max_batch_size": self.most_rows})

    def ModelInfer(self, request: pb.ModelInferRequest, context: grpc.ServicerContext) -> Any:
        if self.fail is not None:
            self.fail(context)
        try:
            rows = request_from_message(request, self.memory).inputs[0].array
            self.batches.append(len(rows))
            tensor = Tensor("embeddings", self.model(rows))
            response = InferResponse("doubler", self.version, request.id, (tensor,))
            return message_from_response(response, self.raw, output_places(request), self.memory)
        except ArmoireError as error:
            context.abort(status_code(error), error.message)

    def SystemSharedMemoryRegister(
        self, request: pb.SystemSharedMemoryRegisterRequest, context: grpc.ServicerContext
    ) -> Any:
        self.memory.register(request.name, request.key, request.offset, request.byte_size)
        return pb.SystemSharedMemoryRegisterResponse()

    def SystemSharedMemoryUnregister(
        self, request: pb.SystemSharedMemoryUnregisterRequest, context: grpc.ServicerContext
    ) -> Any:
        self.memory.unregister(request.name)
        return pb.SystemSharedMemoryUnregisterResponse()
