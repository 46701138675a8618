"""The loads of a trial: a single client, and a closed loop."""

from __future__ import annotations

import asyncio

import pytest

from domain.errors import Overloaded
from services.tuning.load import MIN_ANSWERS_PER_CLIENT, MIN_SINGLE_CALLS, measure_latencies, measure_load


class Server:
    """Answers after a few turns of the event loop; counts its callers and keeps their photos."""

    def __init__(self, fails_at: int = 0) -> None:
        self.seen: list[bytes] = []
        self.present = 0
        self.most = 0
        self._fails_at = fails_at

    async def send(self, photo: bytes) -> None:
        self.seen.append(photo)
        self.present += 1
        self.most = max(self.most, self.present)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            if len(self.seen) == self._fails_at:
                raise Overloaded("the queue is full")
        finally:
            self.present -= 1


async def test_a_single_client_calls_one_after_the_other() -> None:
    server = Server()
    times = await measure_latencies(server.send, [b"a", b"b"], 0.0)
    assert len(times) == MIN_SINGLE_CALLS
    assert server.most == 1
    assert server.seen[:4] == [b"a", b"b", b"a", b"b"]
    assert len(server.seen) == MIN_SINGLE_CALLS + 1


async def test_a_single_client_goes_on_for_its_seconds() -> None:
    times = await measure_latencies(Server().send, [b"a"], 0.05)
    assert sum(times) / 1e3 <= 0.05 + max(times) / 1e3
    assert len(times) > MIN_SINGLE_CALLS


async def test_a_closed_loop_has_all_its_clients_and_leaves_none() -> None:
    server = Server()
    load = await measure_load(server.send, [b"a", b"b", b"c"], 6, 0.0)
    assert server.most == 6
    assert server.present == 0
    assert len(load.latencies_ms) == 6 * MIN_ANSWERS_PER_CLIENT
    assert load.seconds > 0
    assert {bytes(photo) for photo in server.seen} == {b"a", b"b", b"c"}


async def test_a_closed_loop_goes_on_for_its_seconds() -> None:
    load = await measure_load(Server().send, [b"a"], 2, 0.05)
    assert load.seconds >= 0.05
    assert len(load.latencies_ms) > 2 * MIN_ANSWERS_PER_CLIENT


async def test_an_error_of_a_call_ends_the_closed_loop() -> None:
    server = Server(fails_at=20)
    with pytest.raises(Overloaded, match="queue is full"):
        await measure_load(server.send, [b"a"], 4, 60.0)
    assert server.present == 0
