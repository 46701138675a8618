"""Loads sent from processes of their own."""

from __future__ import annotations

import asyncio
import multiprocessing
from typing import Any

import pytest

from armoire.bench.load import Load
from armoire.bench.measurement import measure
from armoire.bench.requests import photo_requests
from armoire.bench.workers import WorkerLost
from armoire.v1 import inference_pb2

GOOD = inference_pb2.DetectResponse(results=[{"detections": {}}])


@pytest.fixture
def load(server: Any) -> Load:
    server.say("Detect", GOOD)
    requests = photo_requests("detect", [bytes(100_000)])
    return Load(server.address, requests, clients=3, seconds=60.0, warm_up_s=0.0)


async def test_processes_share_a_load(server: Any) -> None:
    server.say("Detect", GOOD)
    requests = photo_requests("detect", [bytes([number]) for number in range(4)])
    load = Load(server.address, requests, clients=3, seconds=1.0, warm_up_s=0.1)
    seconds: list[None] = []
    measurement = await measure(load, 2, lambda: seconds.append(None))
    tally = measurement.tally
    assert (measurement.processes, measurement.interrupted, len(seconds)) == (2, False, 1)
    assert measurement.throughput_per_s == pytest.approx(tally.answered / 1.0)
    assert 0 < tally.calls < len(server.requests["Detect"])
    assert (tally.errors, tally.answered) == ({}, pytest.approx(tally.calls, abs=6))
    assert {request.images[0].content for request in server.requests["Detect"]} == {
        b"\0",
        b"\1",
        b"\2",
        b"\3",
    }
    assert multiprocessing.active_children() == []


async def test_a_cancellation_ends_a_measurement_early(server: Any, load: Load) -> None:
    measuring = asyncio.create_task(measure(load, 2))
    loop = asyncio.get_running_loop()

    def answer(_: object) -> inference_pb2.DetectResponse:
        if len(server.requests["Detect"]) == 20:
            loop.call_soon_threadsafe(measuring.cancel)
        return GOOD

    server.say("Detect", answer)
    measurement = await measuring
    assert measurement.interrupted
    assert measurement.tally.calls > 5
    assert measurement.tally.seconds < 30
    assert multiprocessing.active_children() == []


async def test_a_process_that_dies_is_told(server: Any, load: Load) -> None:
    def answer(_: object) -> inference_pb2.DetectResponse:
        multiprocessing.active_children()[0].kill()
        return GOOD

    server.say("Detect", answer)
    with pytest.raises(WorkerLost, match="status -9"):
        await measure(load, 2)
    assert multiprocessing.active_children() == []
