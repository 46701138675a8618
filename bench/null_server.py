"""A server whose model does nothing: `python -m bench.null_server PORT [EDGES | TRANSPORT]`.

All but the model and the pixel work is what `services.app` serves with: the gRPC server, its interceptor
and metrics; the servicer with its validation and conversion; the runner with its batcher. With EDGES, this
process is the device process, and that many edge processes serve the port. With TRANSPORT, this process is a
model server, and a process whose sessions are remote serves the port.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import tempfile
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
from prometheus_client import Histogram
from uvicorn import Config

from armoire.v1 import inference_pb2
from demo.server import free_port
from domain.calls import CURRENT_CALL
from domain.errors import Unavailable
from domain.types import ImageDetections, ModelVersion, StageTimings
from services.background.backoff import Backoff
from services.background.retry import retry
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.oip.data_plane import DataPlane, FixedModels
from services.edge.oip.graph_models import GraphModel
from services.edge.oip.models import ModelDescription, TensorSpec
from services.edge.oip.servicer import hosted_open_inference
from services.edge.oip.shared_memory import SharedMemory
from services.edge.server import GrpcOptions, GrpcServer
from services.inference.batching.batcher import BatchModel
from services.inference.batching.device import Device
from services.inference.batching.entries import Array
from services.inference.batching.options import BatchingOptions
from services.inference.cores import cpu_count
from services.inference.device_process.handshake import GraphOnDevice
from services.inference.device_process.link import DeviceLink
from services.inference.device_process.server import DeviceServer, ServedGraph
from services.inference.device_process.shared_rows import RowLayout
from services.inference.pipeline.photo import PhotoAndBoxes
from services.inference.pipeline.pipeline import Pipeline
from services.inference.remote_sessions.address import RemoteAddress
from services.inference.remote_sessions.contract import GraphContract, TensorContract
from services.inference.remote_sessions.session import RemoteSession
from services.inference.repository.pipeline_source import FixedPipeline
from services.inference.run_statistics import GraphStatistics
from services.inference.runner import LocalRunner, Runner
from services.inference.service import InferenceService
from services.oip.datatypes import DATATYPES

SERVICE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]
JPEG_BYTES, TENSOR_BYTES = 60_000, 640 * 640 * 3
OPTIONS = BatchingOptions(max_batch=4)
REMOTE_SLOTS = 4
TRANSPORTS = ("tcp", "socket", "shared")
"""To a model server: over TCP, a Unix socket, or the socket with tensors in shared memory."""


@dataclass(frozen=True, slots=True, eq=False)
class NullPipeline:
    """A pipeline that submits the encoded bytes, undecoded, to the runner for their length."""

    runners: Mapping[int, Runner]
    detector_version: ModelVersion = ModelVersion("null", "null")
    embedder_version: ModelVersion = ModelVersion("null", "null")

    async def check_call(self, photos: Sequence[PhotoAndBoxes], *, bulk: bool = False) -> None:
        """Accept photos of any size, since none is decoded."""

    async def detect(
        self, content: bytes, *, min_score: float | None = None, bulk: bool = False
    ) -> ImageDetections:
        rows = np.frombuffer(content, np.uint8)[None]
        batched = await self.runners[len(content)].submit(
            rows, deadline=CURRENT_CALL.get().deadline, bulk=bulk
        )
        timings = StageTimings(detect_queue_ns=batched.queue_ns, detect_ns=batched.run_ns)
        return ImageDetections(1, 1, (), timings)


@dataclass(frozen=True, slots=True)
class NullInference:
    """What a servicer needs of an `InferenceService`."""

    source: FixedPipeline


def run_nothing(rows: Array) -> Array:
    return np.zeros((len(rows), 1), np.float32)


def local_runners() -> dict[int, LocalRunner]:
    batches = Histogram("batch_rows", "Rows in a batch", ["model"])
    device = Device(cpu_count())
    return {
        size: LocalRunner(
            BatchModel(f"null-{size}", run_nothing, run_exclusive=run_nothing),
            np.zeros(size, np.uint8),
            device,
            OPTIONS,
            lambda run: batches.labels(model=run.model).observe(run.rows),
        )
        for size in (JPEG_BYTES, TENSOR_BYTES)
    }


def remote_runners(base: str, query: str) -> dict[int, LocalRunner]:
    device = Device(REMOTE_SLOTS, low_priority=False)

    def runner(size: int) -> LocalRunner:
        name = f"null-{size}"
        row = TensorContract(("bytes",), DATATYPES["UINT8"], (size,))
        contract = GraphContract(name, row, TensorContract(("rows",), DATATYPES["FP32"], (1,)))
        session = RemoteSession.open(RemoteAddress.parse(f"{base}/{name}{query}"), contract, 30.0)
        model = BatchModel(name, lambda rows: session.run(rows)[0])
        return LocalRunner(model, np.zeros(size, np.uint8), device, OPTIONS)

    return {size: runner(size) for size in (JPEG_BYTES, TENSOR_BYTES)}


def build_server(
    port: int, runners: Mapping[int, Runner], share_port: bool = False, socket: str = ""
) -> GrpcServer:
    calls = Histogram("call_seconds", "Seconds of a call", ["method", "status"])
    pipeline = cast(Pipeline, NullPipeline(runners))
    source = cast(InferenceService, NullInference(FixedPipeline(pipeline)))
    servicer = InferenceServicer(source, InferenceLimits())

    def observe(method: str, status: str, _reason: str, seconds: float) -> None:
        calls.labels(method=method, status=status).observe(seconds)

    admitted = Calls(Admission(128), observe=observe)
    return GrpcServer(
        GrpcOptions(f"127.0.0.1:{port}", share_port=share_port, socket=socket),
        [HostedService(SERVICE, servicer), hosted_open_inference(open_inference(runners), admitted)],
        admitted,
    )


def open_inference(runners: Mapping[int, Runner]) -> DataPlane:
    """The models of the Open Inference Protocol: `null-SIZE` takes so many bytes as a tensor."""

    def describe(size: int) -> ModelDescription:
        row, output = (
            TensorSpec("bytes", DATATYPES["UINT8"], (size,)),
            TensorSpec("rows", DATATYPES["FP32"], (1,)),
        )
        return ModelDescription(f"null-{size}", "null", row, (output,), OPTIONS.max_batch, versions={})

    statistics = GraphStatistics()
    models = [
        GraphModel(f"null-{size}", describe(size), runner, statistics) for size, runner in runners.items()
    ]
    served = FixedModels({model.graph: model for model in models})
    return DataPlane(served, lambda: True, memory=SharedMemory(enabled=True))


async def serve(port: int, runners: Mapping[int, Runner], share_port: bool = False, socket: str = "") -> None:
    server = build_server(port, runners, share_port, socket)
    await server.start()
    await server.set_serving()
    await asyncio.Event().wait()


async def serve_edge(port: int, path: Path) -> None:
    link = DeviceLink(path, {f"null-{size}": OPTIONS for size in (JPEG_BYTES, TENSOR_BYTES)})
    await link.open()
    runners = {size: link.runner(f"null-{size}") for size in (JPEG_BYTES, TENSOR_BYTES)}
    await serve(port, runners, share_port=True)


async def serve_remote(port: int, base: str, query: str) -> None:
    """Wait for the model server, and serve the port before it."""

    def log_wait(error: Exception, pause_s: float) -> None:
        print(f"next attempt in {pause_s:g} s: {error}", file=sys.stderr)

    connect = partial(asyncio.to_thread, remote_runners, base, query)
    await serve(port, await retry(connect, Backoff(0.1, 0.1), log_wait, Unavailable))


async def serve_device(path: Path) -> None:
    graphs = [
        ServedGraph(
            GraphOnDevice(runner.name, "null", "null", "cpu", RowLayout((size,), "|u1", (1,), "<f4")), runner
        )
        for size, runner in local_runners().items()
    ]
    await DeviceServer(path, graphs).start()
    await asyncio.Event().wait()


def run(serving: Coroutine[Any, Any, None]) -> None:
    """Run on the same kind of event loop as BentoML's uvicorn."""
    factory = Config("", loop="auto").get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(serving)


def main(arguments: list[str]) -> None:
    port, command = int(arguments[0]), [sys.executable, "-m", "bench.null_server", arguments[0]]
    match arguments[1:]:
        case []:
            run(serve(port, local_runners()))
        case [edges] if edges.isdecimal():
            with children() as (stack, folder):
                for _ in range(int(edges)):
                    stack.callback(subprocess.Popen([*command, str(folder / "s")]).kill)
                run(serve_device(folder / "s"))
        case [transport] if transport in TRANSPORTS:
            with children() as (stack, folder):
                models, socket = free_port(), str(folder / "s")
                base = f"grpc://127.0.0.1:{models}" if transport == "tcp" else f"unix://{socket}"
                query = "?shared_memory=true" if transport == "shared" else ""
                stack.callback(subprocess.Popen([*command, base, query]).kill)
                run(serve(models, local_runners(), socket=socket))
        case [base, query]:
            run(serve_remote(port, base, query))
        case [path_of_device]:
            run(serve_edge(port, Path(path_of_device)))


@contextmanager
def children() -> Iterator[tuple[ExitStack, Path]]:
    """A stack for processes to end, and a folder for their socket."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # unwinds the stack, which kills the children
    with ExitStack() as stack:
        yield stack, Path(stack.enter_context(tempfile.TemporaryDirectory()))


if __name__ == "__main__":
    main(sys.argv[1:])
