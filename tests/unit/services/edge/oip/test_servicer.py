"""GRPCInferenceService over a real channel, with a small model."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest

from domain.errors import Overloaded
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.oip.inference import LARGE_BYTES
from services.edge.oip.servicer import MAX_IN_FLIGHT, OPEN_INFERENCE, hosted_open_inference
from services.edge.oip.shared_memory import SharedMemory
from services.edge.server import GrpcOptions, GrpcServer
from services.oip.stubs import open_inference_pb2 as pb
from tests.turns import until
from tests.unit.services.edge.oip.doubling import doubling_plane


class Edge:
    """A running server with the model, and its client."""

    def __init__(self, max_calls: int = 64, memory: SharedMemory = SharedMemory()) -> None:
        plane, self.model = doubling_plane(memory)
        self.observed: list[tuple[str, str]] = []
        calls = Calls(Admission(max_calls), observe=self._observe)
        options = GrpcOptions(address="127.0.0.1:0", drain_s=60)
        self._server = GrpcServer(options, [hosted_open_inference(plane, calls)], calls)

    def _observe(self, method: str, status: str, *_: object) -> None:
        self.observed.append((method.rpartition("/")[2], status))

    async def __aenter__(self) -> Edge:
        await self._server.start()
        self._channel = grpc.aio.insecure_channel(f"127.0.0.1:{self._server.port}")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._channel.close()
        await self._server.stop()

    def call(self, method: str, request: Any) -> Any:
        answer = getattr(pb, OPEN_INFERENCE.methods_by_name[method].output_type.name)
        path = f"/{OPEN_INFERENCE.full_name}/{method}"
        stub = self._channel.unary_unary(path, type(request).SerializeToString, answer.FromString)
        return stub(request)

    def stream(self, requests: Any) -> Any:
        return self._channel.stream_stream(
            f"/{OPEN_INFERENCE.full_name}/ModelStreamInfer",
            pb.ModelInferRequest.SerializeToString,
            pb.ModelStreamInferResponse.FromString,
        )(requests)


def request(id: str = "a", numbers: tuple[int, int] = (1, 2)) -> pb.ModelInferRequest:
    tensor = {"name": "numbers", "datatype": "INT64", "shape": [1, 2]}
    raw = np.array(numbers, "<i8").tobytes()
    return pb.ModelInferRequest(model_name="doubling", id=id, inputs=[tensor], raw_input_contents=[raw])


async def test_infer_answers_raw_requests_with_raw_contents() -> None:
    async with Edge() as edge:
        answer = await edge.call("ModelInfer", request())
    assert answer.id == "a"
    assert [output.name for output in answer.outputs] == ["doubled", "texts"]
    assert np.frombuffer(answer.raw_output_contents[0], "<f4").tolist() == [2.0, 4.0]
    assert edge.observed == [("ModelInfer", "OK")]


async def test_typed_requests_of_any_size_are_answered_with_typed_contents() -> None:
    """A large one is decoded on a thread."""
    async with Edge() as edge:
        small = request()
        small.ClearField("raw_input_contents")
        small.inputs[0].contents.int64_contents.extend([1, 2])
        large = pb.ModelInferRequest()
        large.CopyFrom(small)
        large.parameters["note"].string_param = "x" * LARGE_BYTES
        for asked in (small, large):
            answer = await edge.call("ModelInfer", asked)
            assert list(answer.outputs[0].contents.fp32_contents) == [2.0, 4.0]


async def test_probes_answer_while_calls_are_refused() -> None:
    async with Edge(max_calls=1) as edge:
        release = asyncio.Event()
        edge.model.act = release.wait
        running = asyncio.ensure_future(edge.call("ModelInfer", request()))
        await until(lambda: edge.model.asked)
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await edge.call("ServerMetadata", pb.ServerMetadataRequest())
        assert error.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert (await edge.call("ServerLive", pb.ServerLiveRequest())).live
        assert (await edge.call("ServerReady", pb.ServerReadyRequest())).ready
        assert (await edge.call("ModelReady", pb.ModelReadyRequest(name="doubling", version="1"))).ready
        assert not (await edge.call("ModelReady", pb.ModelReadyRequest(name="halving"))).ready
        release.set()
        await running


async def test_metadata_configuration_statistics_and_index() -> None:
    async with Edge() as edge:
        server = await edge.call("ServerMetadata", pb.ServerMetadataRequest())
        metadata = await edge.call("ModelMetadata", pb.ModelMetadataRequest(name="doubling"))
        config = (await edge.call("ModelConfig", pb.ModelConfigRequest(name="doubling"))).config
        index = await edge.call("RepositoryIndex", pb.RepositoryIndexRequest())
        await edge.call("ModelInfer", request())
        (stats,) = (await edge.call("ModelStatistics", pb.ModelStatisticsRequest())).model_stats
    assert (server.name, server.version) == ("armoire", "1.2.3")
    assert (metadata.inputs[0].datatype, list(metadata.inputs[0].shape)) == ("INT64", [-1, 2])
    assert list(metadata.versions) == ["1"]
    assert (config.max_batch_size, list(config.input[0].dims)) == (4, [2])
    assert config.input[0].data_type == pb.TYPE_INT64
    assert config.output[1].data_type == pb.TYPE_STRING
    assert config.parameters["model_version"].string_value == "doubling-abc"
    assert config.dynamic_batching.priority_levels == 2
    assert [(entry.name, entry.state) for entry in index.models] == [("doubling", "READY")]
    assert (stats.inference_count, stats.inference_stats.success.count) == (1, 1)


@pytest.mark.parametrize(
    ("method", "asked"),
    [
        ("RepositoryModelLoad", pb.RepositoryModelLoadRequest(model_name="doubling")),
        ("RepositoryModelUnload", pb.RepositoryModelUnloadRequest(model_name="doubling")),
    ],
)
async def test_models_that_never_change_are_neither_loaded_nor_unloaded(method: str, asked: Any) -> None:
    async with Edge() as edge:
        with pytest.raises(grpc.aio.AioRpcError, match="the models of several edges") as error:
            await edge.call(method, asked)
    assert error.value.code() is grpc.StatusCode.FAILED_PRECONDITION


async def test_a_load_that_replaces_the_configuration_is_not_offered() -> None:
    asked = pb.RepositoryModelLoadRequest(model_name="doubling")
    asked.parameters["config"].string_param = "{}"
    async with Edge() as edge:
        with pytest.raises(grpc.aio.AioRpcError, match=r"parameters\[config\]: this server") as error:
            await edge.call("RepositoryModelLoad", asked)
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_memory_of_devices_is_not_offered() -> None:
    async with Edge() as edge:
        with pytest.raises(grpc.aio.AioRpcError, match="CudaSharedMemoryRegister: this server") as error:
            await edge.call("CudaSharedMemoryRegister", pb.CudaSharedMemoryRegisterRequest(name="r"))
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_shared_memory_is_refused_unless_it_is_enabled() -> None:
    async with Edge() as edge:
        with pytest.raises(grpc.aio.AioRpcError, match="ARMOIRE_GRPC__SHARED_MEMORY=true") as error:
            await edge.call("SystemSharedMemoryRegister", pb.SystemSharedMemoryRegisterRequest(name="r"))
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_tensors_may_be_in_shared_memory(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(bytes(8) + np.array([1, 2], "<i8").tobytes() + bytes(8))
    async with Edge(memory=SharedMemory(True, tmp_path)) as edge:
        region = pb.SystemSharedMemoryRegisterRequest(name="r", key="/key", offset=8, byte_size=24)
        await edge.call("SystemSharedMemoryRegister", region)
        status = await edge.call("SystemSharedMemoryStatus", pb.SystemSharedMemoryStatusRequest())
        assert (status.regions["r"].key, status.regions["r"].byte_size) == ("/key", 24)
        asked = request()
        asked.ClearField("raw_input_contents")
        output = asked.outputs.add(name="doubled")
        asked.outputs.add(name="texts")
        for tensor, offset, size in ((asked.inputs[0], 0, 16), (output, 16, 8)):
            tensor.parameters["shared_memory_region"].string_param = "r"
            tensor.parameters["shared_memory_byte_size"].int64_param = size
            tensor.parameters["shared_memory_offset"].int64_param = offset
        answer = await edge.call("ModelInfer", asked)
        await edge.call("SystemSharedMemoryUnregister", pb.SystemSharedMemoryUnregisterRequest(name="r"))
        with pytest.raises(grpc.aio.AioRpcError, match="shared memory region 'r' does not exist"):
            await edge.call("ModelInfer", asked)
    assert np.frombuffer((tmp_path / "key").read_bytes()[24:], "<f4").tolist() == [2.0, 4.0]
    assert answer.outputs[0].parameters["shared_memory_byte_size"].int64_param == 8
    assert list(answer.raw_output_contents) == [b"", b"\1\0\0\0001\1\0\0\0002"]


async def test_no_region_of_shared_memory_is_registered() -> None:
    async with Edge() as edge:
        for kind in ("System", "Cuda"):
            status = getattr(pb, f"{kind}SharedMemoryStatusRequest")()
            assert not (await edge.call(f"{kind}SharedMemoryStatus", status)).regions
            await edge.call(
                f"{kind}SharedMemoryUnregister", getattr(pb, f"{kind}SharedMemoryUnregisterRequest")()
            )


async def test_a_failed_element_of_a_stream_has_its_code_and_ends_nothing() -> None:
    async with Edge() as edge:
        asked = [request("a"), request("b", (1, -1)), request("c", (3, 4))]
        first, second, third = [answer async for answer in edge.stream(asked)]
    assert [first.infer_response.id, third.infer_response.id] == ["a", "c"]
    assert not first.error_message
    assert not third.error_message
    told = "[INVALID_ARGUMENT] inputs[numbers]: must hold values from 0 to 9, got -1"
    assert second.error_message == told
    failed = second.infer_response
    assert (failed.id, failed.model_name) == ("b", "doubling")
    assert failed.parameters["error_code"].int64_param == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert failed.parameters["error_reason"].string_param == "INVALID_INPUT"


async def test_requests_of_a_stream_run_together_and_are_answered_in_order() -> None:
    async with Edge() as edge:
        together = asyncio.Event()

        async def wait_for_the_others() -> None:
            if len(edge.model.asked) == 3:
                together.set()
            await together.wait()

        edge.model.act = wait_for_the_others
        asked = [request(id) for id in "abc"]
        assert [answer.infer_response.id async for answer in edge.stream(asked)] == ["a", "b", "c"]


async def test_a_stream_reads_ahead_only_so_far() -> None:
    async with Edge() as edge:
        release = asyncio.Event()
        edge.model.act = release.wait
        stream = edge.stream([request(str(number)) for number in range(4 * MAX_IN_FLIGHT)])
        most = MAX_IN_FLIGHT + 2  # one is waited for, and one waits for its place
        await until(lambda: len(edge.model.asked) == most)
        for _ in range(3):
            await edge.call("ServerMetadata", pb.ServerMetadataRequest())
            assert len(edge.model.asked) == most
        release.set()
        ids = [answer.infer_response.id async for answer in stream]
    assert ids == [str(number) for number in range(4 * MAX_IN_FLIGHT)]


async def test_a_stream_whose_caller_leaves_stops_its_requests() -> None:
    async with Edge() as edge:
        stopped = asyncio.Event()

        async def wait() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

        edge.model.act = wait
        stream = edge.stream([request("a")])
        await until(lambda: edge.model.asked)
        stream.cancel()
        await stopped.wait()


async def test_an_element_that_finds_no_permit_is_refused_alone() -> None:
    async with Edge() as edge:

        async def refuse() -> None:
            if len(edge.model.asked) == 1:
                raise Overloaded("full", retry_after_s=1.0)

        edge.model.act = refuse
        refused, served = [answer async for answer in edge.stream([request("a"), request("b")])]
    assert refused.error_message == "[RESOURCE_EXHAUSTED] full"
    assert refused.infer_response.parameters["retry_after_ms"].int64_param == 1000
    assert served.infer_response.id == "b"


async def test_a_message_that_cannot_be_decoded_ends_a_stream_after_the_answers_before_it() -> None:
    async with Edge() as edge:
        broken = edge._channel.stream_stream(
            f"/{OPEN_INFERENCE.full_name}/ModelStreamInfer",
            None,
            pb.ModelStreamInferResponse.FromString,
        )([request("a").SerializeToString(), b"\xff"])
        assert (await broken.read()).infer_response.id == "a"
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await broken.read()
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
