"""A closed loop of clients: each sends its next call when the last one has answered."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from armoire.v1 import inference_pb2, inference_pb2_grpc, types_pb2


@dataclass(frozen=True, slots=True)
class Load:
    """What a closed loop saw: milliseconds of each answered call, and how many calls ended in which error."""

    latencies_ms: list[float]
    errors: Counter[str]
    seconds: float

    @property
    def throughput_per_s(self) -> float:
        return len(self.latencies_ms) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def run_load(address: str, rpc: str, photos: Sequence[bytes], clients: int, seconds: float) -> Load:
    """`rpc` is detect, embed or analyze; one photo a call."""
    return asyncio.run(_run(address, rpc, photos, clients, seconds))


async def _run(address: str, rpc: str, photos: Sequence[bytes], clients: int, seconds: float) -> Load:
    images = [types_pb2.ImageInput(content=photo) for photo in photos]
    async with grpc.aio.insecure_channel(address) as channel:
        stub = inference_pb2_grpc.InferenceServiceStub(channel)  # type: ignore[no-untyped-call]
        call, message = {
            "detect": (stub.Detect, inference_pb2.DetectRequest),
            "embed": (stub.EmbedImage, inference_pb2.EmbedImageRequest),
            "analyze": (stub.Analyze, inference_pb2.AnalyzeRequest),
        }[rpc]
        requests = [message(images=[image]) for image in images]
        load = Load([], Counter(), seconds)
        deadline = time.monotonic() + seconds

        async def client(offset: int) -> None:
            index = offset
            while time.monotonic() < deadline:
                await _timed(call, requests[index % len(requests)], load)
                index += clients

        await asyncio.gather(*map(client, range(clients)))
    return load


async def _timed(call: grpc.aio.UnaryUnaryMultiCallable, request: object, load: Load) -> None:  # type: ignore[type-arg]
    started = time.perf_counter()
    try:
        await call(request)
    except grpc.aio.AioRpcError as error:
        load.errors[error.code().name] += 1
    else:
        load.latencies_ms.append((time.perf_counter() - started) * 1e3)
