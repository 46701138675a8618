"""GRPCInferenceService: convert, call, convert."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, NoReturn, TypeAlias

import grpc
from google.protobuf import json_format

from domain.errors import Unimplemented
from services.edge.calls import Calls
from services.edge.decoding import LARGE_BYTES as LARGE_RAW_BYTES
from services.edge.hosted_service import HostedService
from services.edge.oip.data_plane import DataPlane
from services.edge.oip.inference import LARGE_BYTES
from services.edge.oip.messages import (
    failed_element,
    message_from_response,
    output_places,
    request_from_message,
)
from services.edge.oip.parameters import NO_DEVICE_MEMORY
from services.oip.stubs import open_inference_pb2 as pb

OPEN_INFERENCE = pb.DESCRIPTOR.services_by_name["GRPCInferenceService"]
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
Answers: TypeAlias = "asyncio.Queue[asyncio.Future[pb.ModelStreamInferResponse] | None]"
MAX_IN_FLIGHT = 32
"""How many requests of one stream may be read ahead of the one that is answered next."""


class OpenInferenceServicer:
    """Serves the protocol; `calls` admits the requests of streams, each of which is like a call."""

    def __init__(self, data_plane: DataPlane, calls: Calls) -> None:
        self._data_plane = data_plane
        self._calls = calls

    async def ServerLive(self, request: pb.ServerLiveRequest, context: Context) -> pb.ServerLiveResponse:
        return pb.ServerLiveResponse(live=True)

    async def ServerReady(self, request: pb.ServerReadyRequest, context: Context) -> pb.ServerReadyResponse:
        return pb.ServerReadyResponse(ready=self._data_plane.ready)

    async def ModelReady(self, request: pb.ModelReadyRequest, context: Context) -> pb.ModelReadyResponse:
        return pb.ModelReadyResponse(ready=self._data_plane.model_ready(request.name, request.version))

    async def ServerMetadata(
        self, request: pb.ServerMetadataRequest, context: Context
    ) -> pb.ServerMetadataResponse:
        return json_format.ParseDict(self._data_plane.server_metadata(), pb.ServerMetadataResponse())

    async def ModelMetadata(
        self, request: pb.ModelMetadataRequest, context: Context
    ) -> pb.ModelMetadataResponse:
        document = self._data_plane.metadata(request.name, request.version)
        return json_format.ParseDict(document, pb.ModelMetadataResponse())

    async def ModelConfig(self, request: pb.ModelConfigRequest, context: Context) -> pb.ModelConfigResponse:
        document = {"config": self._data_plane.config(request.name, request.version)}
        return json_format.ParseDict(document, pb.ModelConfigResponse())

    async def ModelStatistics(
        self, request: pb.ModelStatisticsRequest, context: Context
    ) -> pb.ModelStatisticsResponse:
        document = self._data_plane.statistics(request.name, request.version)
        return json_format.ParseDict(document, pb.ModelStatisticsResponse())

    async def RepositoryIndex(
        self, request: pb.RepositoryIndexRequest, context: Context
    ) -> pb.RepositoryIndexResponse:
        document = {"models": await self._data_plane.index(request.ready)}
        return json_format.ParseDict(document, pb.RepositoryIndexResponse())

    async def RepositoryModelLoad(
        self, request: pb.RepositoryModelLoadRequest, context: Context
    ) -> pb.RepositoryModelLoadResponse:
        await self._data_plane.stored.load(request.model_name, request.parameters)
        return pb.RepositoryModelLoadResponse()

    async def RepositoryModelUnload(
        self, request: pb.RepositoryModelUnloadRequest, context: Context
    ) -> pb.RepositoryModelUnloadResponse:
        await self._data_plane.stored.unload(request.model_name)
        return pb.RepositoryModelUnloadResponse()

    async def ModelInfer(self, request: pb.ModelInferRequest, context: Context) -> pb.ModelInferResponse:
        raw = not any(given.HasField("contents") for given in request.inputs)
        large = request.ByteSize() > (LARGE_RAW_BYTES if raw else LARGE_BYTES)
        decode = partial(request_from_message, request, self._data_plane.memory)
        decoded = await asyncio.to_thread(decode) if large else decode()
        places = output_places(request)
        encode = partial(message_from_response, raw=raw, places=places, memory=self._data_plane.memory)
        return await self._data_plane.infer(decoded, encode)

    async def ModelStreamInfer(
        self, requests: AsyncIterator[pb.ModelInferRequest], context: Context
    ) -> AsyncIterator[pb.ModelStreamInferResponse]:
        """Serve several requests at a time, and answer in their order."""
        answers: Answers = asyncio.Queue(MAX_IN_FLIGHT)
        reading = asyncio.create_task(self._read(requests, answers))
        try:
            while (answer := await answers.get()) is not None:
                yield await answer
        finally:
            reading.cancel()
            while not answers.empty():
                if (answer := answers.get_nowait()) is not None:
                    answer.cancel()

    async def _read(self, requests: AsyncIterator[pb.ModelInferRequest], answers: Answers) -> None:
        """Serve each request in a task of its own; None follows the last, an error the one it came after."""
        try:
            async for request in requests:
                await answers.put(asyncio.create_task(self._element(request)))
        except Exception as error:
            failed = asyncio.get_running_loop().create_future()
            failed.set_exception(error)
            await answers.put(failed)
        else:
            await answers.put(None)

    async def _element(self, request: pb.ModelInferRequest) -> pb.ModelStreamInferResponse:
        try:
            with self._calls.admission.acquire():
                return pb.ModelStreamInferResponse(infer_response=await self.ModelInfer(request, None))
        except Exception as error:
            return failed_element(request, self._calls.failures.status_of(error))

    async def SystemSharedMemoryStatus(
        self, request: pb.SystemSharedMemoryStatusRequest, context: Context
    ) -> pb.SystemSharedMemoryStatusResponse:
        response = pb.SystemSharedMemoryStatusResponse()
        for region in self._data_plane.memory.regions(request.name):
            response.regions[region.name].MergeFrom(
                pb.SystemSharedMemoryStatusResponse.RegionStatus(
                    name=region.name, key=region.key, offset=region.offset, byte_size=region.size_bytes
                )
            )
        return response

    async def SystemSharedMemoryRegister(
        self, request: pb.SystemSharedMemoryRegisterRequest, context: Context
    ) -> pb.SystemSharedMemoryRegisterResponse:
        self._data_plane.memory.register(request.name, request.key, request.offset, request.byte_size)
        return pb.SystemSharedMemoryRegisterResponse()

    async def SystemSharedMemoryUnregister(
        self, request: pb.SystemSharedMemoryUnregisterRequest, context: Context
    ) -> pb.SystemSharedMemoryUnregisterResponse:
        self._data_plane.memory.unregister(request.name)
        return pb.SystemSharedMemoryUnregisterResponse()

    async def CudaSharedMemoryStatus(
        self, request: pb.CudaSharedMemoryStatusRequest, context: Context
    ) -> pb.CudaSharedMemoryStatusResponse:
        return pb.CudaSharedMemoryStatusResponse()

    async def CudaSharedMemoryRegister(
        self, request: pb.CudaSharedMemoryRegisterRequest, context: Context
    ) -> NoReturn:
        raise Unimplemented("CudaSharedMemoryRegister", NO_DEVICE_MEMORY)

    async def CudaSharedMemoryUnregister(
        self, request: pb.CudaSharedMemoryUnregisterRequest, context: Context
    ) -> pb.CudaSharedMemoryUnregisterResponse:
        return pb.CudaSharedMemoryUnregisterResponse()


def hosted_open_inference(data_plane: DataPlane, calls: Calls) -> HostedService:
    """GRPCInferenceService, to be added to a server."""
    return HostedService(OPEN_INFERENCE, OpenInferenceServicer(data_plane, calls))
