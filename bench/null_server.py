"""A server whose model does nothing: `python -m bench.null_server PORT`.

Everything but the model and the pixels is what `services.app` serves with: the gRPC server, its interceptor
and metrics; the servicer with its validation and conversion; the runner with its batcher.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
from prometheus_client import Histogram

from armoire.v1 import inference_pb2_grpc
from domain.types import ModelVersion, StageTimings
from services.batching import Array, BatchingOptions, Device
from services.cores import cpu_count
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.interceptors import Admission
from services.edge.server import GrpcOptions, GrpcServer, HostedService
from services.pipeline import FoundGarments, Pipeline
from services.runner import Runner

SERVICE = "armoire.v1.InferenceService"


@dataclass(frozen=True, slots=True, eq=False)
class NullPipeline:
    """Takes the bytes of a picture as the model's input, undecoded."""

    runner: Runner
    detector_version: ModelVersion = ModelVersion("null", "null")

    async def find(
        self, content: bytes, *, min_score: float | None = None, bulk: bool = False
    ) -> FoundGarments:
        batched = await self.runner.submit(np.frombuffer(content, np.uint8)[None], bulk=bulk)
        timings = StageTimings(detect_queue_ns=batched.queue_ns, detect_ns=batched.run_ns)
        return FoundGarments(1, 1, (), timings)


def run_nothing(rows: Array) -> Array:
    return np.zeros((len(rows), 1), np.float32)


def build_server(port: int) -> GrpcServer:
    calls = Histogram("call_seconds", "Seconds of a call", ["method", "status"])
    batches = Histogram("batch_rows", "Rows in a batch", ["model"])
    runner = Runner(
        "null",
        run_nothing,
        np.zeros(1, np.uint8),
        Device(cpu_count()),
        BatchingOptions(max_batch=4, max_queue_rows=2048, max_queue_bytes=512 * 2**20),
        lambda model, rows, _: batches.labels(model=model).observe(rows),
        run_nothing,
    )
    pipeline = cast(Pipeline, NullPipeline(runner))
    servicer = InferenceServicer(pipeline, [], InferenceLimits())
    add_to = partial(inference_pb2_grpc.add_InferenceServiceServicer_to_server, servicer)
    return GrpcServer(
        GrpcOptions(f"127.0.0.1:{port}"),
        [HostedService(SERVICE, add_to)],
        Admission(128),
        lambda method, status, seconds: calls.labels(method=method, status=status).observe(seconds),
    )


async def serve(port: int) -> None:
    server = build_server(port)
    await server.start()
    await server.set_serving()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
