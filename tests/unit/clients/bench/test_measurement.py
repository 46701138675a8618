"""Loads sent from processes of their own."""

from __future__ import annotations

import asyncio
import itertools
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
    return Load(server.address, requests, clients=3, seconds=600.0, warm_up_s=0.0)


async def test_processes_share_a_load(server: Any) -> None:
    server.say("Detect", GOOD)
    requests = photo_requests("detect", [bytes([number]) for number in range(4)])
    load = Load(server.address, requests, clients=3, seconds=1.0, warm_up_s=0.1)
    measurement = await measure(load, 2)
    tally = measurement.tally
    assert (measurement.processes, measurement.interrupted, tally.errors) == (2, False, {})
    assert measurement.throughput_per_s == pytest.approx(tally.answered / 1.0)
    assert tally.calls <= len(server.requests["Detect"])
    assert multiprocessing.active_children() == []


async def test_processes_take_all_requests_in_turn_and_the_seconds_are_told(server: Any) -> None:
    photos = [bytes([number]) for number in range(4)]
    seen: set[bytes] = set()
    second, all_seen = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def answer(request: inference_pb2.DetectRequest) -> inference_pb2.DetectResponse:
        seen.add(request.images[0].content)
        if len(seen) == len(photos):
            loop.call_soon_threadsafe(all_seen.set)
        return GOOD

    server.say("Detect", answer)
    load = Load(server.address, photo_requests("detect", photos), clients=3, seconds=600.0, warm_up_s=0.0)
    measuring = asyncio.create_task(measure(load, 2, second.set))
    await second.wait()
    await all_seen.wait()
    measuring.cancel()
    assert (await measuring).interrupted
    assert seen == set(photos)


async def test_a_cancellation_ends_a_measurement_early(server: Any, load: Load) -> None:
    measuring = asyncio.create_task(measure(load, 2))
    loop = asyncio.get_running_loop()
    calls = itertools.count(1)  # the server's threads share it

    def answer(_: object) -> inference_pb2.DetectResponse:
        if next(calls) == 20:
            loop.call_soon_threadsafe(measuring.cancel)
        return GOOD

    server.say("Detect", answer)
    measurement = await measuring
    assert measurement.interrupted
    assert measurement.tally.calls > 5
    assert measurement.tally.seconds < 600
    assert multiprocessing.active_children() == []


async def test_a_process_that_dies_is_told(server: Any, load: Load) -> None:
    def answer(_: object) -> inference_pb2.DetectResponse:
        multiprocessing.active_children()[0].kill()
        return GOOD

    server.say("Detect", answer)
    with pytest.raises(WorkerLost, match="status -9"):
        await measure(load, 2)
    assert multiprocessing.active_children() == []
