"""A load against a real server, sent from this process."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import grpc
import pytest

from armoire.bench.generator import Generator
from armoire.bench.load import Load
from armoire.bench.requests import photo_requests
from armoire.bench.tally import Tally
from armoire.v1 import inference_pb2
from tests.unit.clock import Clock

GOOD = inference_pb2.DetectResponse(results=[{"detections": {}}])
STALL_S = 0.4
ANSWER_S = 1 / 64
"""What an answer takes on the clock of a test: 8 fill the warm-up, 24 the time that counts."""


class Crowd:
    """Keeps its first callers until there are `limit` of them; knows the most at a time."""

    def __init__(self, limit: int) -> None:
        self.most = 0
        self._limit = limit
        self._now = 0
        self._lock = threading.Lock()
        self._full = threading.Event()

    def __enter__(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            if self._now >= self._limit:
                self._full.set()
        assert self._full.wait(60)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._now -= 1


@pytest.fixture
def load(server: Any) -> Load:
    server.say("Detect", GOOD)
    requests = photo_requests("detect", [b"a", b"b", b"c"])
    return Load(server.address, requests, clients=4, seconds=24 * ANSWER_S, warm_up_s=8 * ANSWER_S)


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def send(
    load: Load,
    clock: Callable[[], float] = time.monotonic,
    on_start: Callable[[asyncio.Task[Tally]], None] = lambda _: None,
) -> Tally:
    async with grpc.aio.insecure_channel(load.address) as channel:
        running = asyncio.create_task(Generator(load, [channel], clock(), clock).run())
        on_start(running)
        return await running


async def test_a_closed_loop_takes_the_photos_in_turn(server: Any, load: Load, clock: Clock) -> None:
    server.say("Detect", lambda _: clock.advance(ANSWER_S) or GOOD)
    tally = await send(replace(load, clients=1, first=1), clock)
    photos = [request.images[0].content for request in server.requests["Detect"]]
    assert photos[:4] == [b"b", b"c", b"a", b"b"]
    assert (len(photos), tally.calls) == (32, 24)  # those of the warm-up do not count
    assert list(tally.latencies_ms) == [1e3 * ANSWER_S] * 24
    assert tally.request_bytes == tally.calls * len(load.requests.bodies[0])
    assert tally.reply_bytes == tally.calls * GOOD.ByteSize()
    assert (tally.answered, tally.replies) == (24, 32)
    assert tally.seconds == load.seconds
    assert tally.cores > 0


async def test_as_many_calls_at_a_time_as_clients(server: Any, load: Load, clock: Clock) -> None:
    crowd = Crowd(limit=2)

    def answer(_: object) -> inference_pb2.DetectResponse:
        with crowd:
            clock.advance(ANSWER_S)
            return GOOD

    server.say("Detect", answer)
    await send(replace(load, clients=2), clock)
    assert crowd.most == 2


async def test_errors_are_counted_by_code_and_have_no_latency(
    server: Any, load: Load, clock: Clock, fail: Any
) -> None:
    def answer(request: inference_pb2.DetectRequest) -> Any:
        clock.advance(ANSWER_S)
        photo = request.images[0].content
        if photo == b"a":
            return fail(grpc.StatusCode.RESOURCE_EXHAUSTED, "full")
        bad = {"error": fail(grpc.StatusCode.INVALID_ARGUMENT, "no picture").status}
        return inference_pb2.DetectResponse(results=[bad]) if photo == b"b" else GOOD

    server.say("Detect", answer)
    tally = await send(replace(load, clients=1), clock)
    assert tally.errors == {"RESOURCE_EXHAUSTED": 8, "INVALID_ARGUMENT": 8}
    assert len(tally.latencies_ms) == 8
    assert tally.examples == {"RESOURCE_EXHAUSTED": "full", "INVALID_ARGUMENT": "no picture"}


async def test_a_server_that_does_not_answer(server: Any, load: Load, clock: Clock, never: Any) -> None:
    crowd = Crowd(limit=4)

    def stay_silent(request: inference_pb2.DetectRequest) -> Any:
        with crowd:  # each client has sent a call
            clock.advance(load.seconds)
        return never(request)

    server.say("Detect", stay_silent)
    tally = await send(replace(load, warm_up_s=0.0, timeout_s=0.2), clock)
    assert {*tally.errors} == {"DEADLINE_EXCEEDED"}
    assert tally.errors.total() >= 4


async def test_an_open_loop_sends_what_falls_due(server: Any, load: Load) -> None:
    load = replace(load, rate_per_s=200.0, clients=1000)
    tally = await send(load)
    due_s = list(load.due_times_s())
    assert len(server.requests["Detect"]) == len(due_s)
    assert tally.calls == sum(each >= load.warm_up_s for each in due_s)
    assert (tally.held_back, tally.not_sent) == (0, 0)


async def test_a_stall_counts_for_every_call_that_fell_due_in_it(server: Any, load: Load) -> None:
    """Counted from when they were sent, all but one call would look fast: coordinated omission."""
    stalls = iter([STALL_S])
    server.say("Detect", lambda _: threading.Event().wait(next(stalls, 0.0)) or GOOD)
    load = replace(load, rate_per_s=100.0, clients=1, warm_up_s=0.0, seconds=1.0)
    tally = await send(load)
    due_s = list(load.due_times_s())
    assert tally.calls + tally.not_sent == len(due_s)
    first_answer_s = due_s[0] + STALL_S
    for due, latency_ms in zip(due_s, tally.latencies_ms, strict=False):
        assert latency_ms >= 1e3 * (first_answer_s - due) - 1
    for due, late_ms in zip(due_s[1:], tally.late_ms[1:], strict=False):
        assert late_ms >= 1e3 * (first_answer_s - due) - 1


async def test_calls_that_never_found_a_client_are_told(server: Any, load: Load, never: Any) -> None:
    server.say("Detect", never)
    load = replace(load, rate_per_s=100.0, clients=2, warm_up_s=0.0, timeout_s=0.5)
    tally = await send(load)
    assert tally.errors == {"DEADLINE_EXCEEDED": 2}
    assert tally.not_sent == len(list(load.due_times_s())) - 2
    assert tally.held_back == 1  # the first in the queue; the others never got their turn


async def test_a_cancellation_keeps_what_was_counted(server: Any, load: Load) -> None:
    begun: list[asyncio.Task[Tally]] = []
    loop = asyncio.get_running_loop()
    calls = itertools.count(1)  # the server's threads share it

    def answer(_: object) -> inference_pb2.DetectResponse:
        if next(calls) == 50:
            loop.call_soon_threadsafe(begun[0].cancel)
        return GOOD

    server.say("Detect", answer)
    tally = await send(replace(load, seconds=600.0, warm_up_s=0.0), on_start=begun.append)
    assert tally.calls > 30
    assert 0 < tally.seconds < 600
    assert tally.answered == tally.calls
