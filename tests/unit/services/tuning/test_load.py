"""The loads of a trial: a single client, and a closed loop."""

from __future__ import annotations

import pytest

from domain.errors import Overloaded
from services.tuning.load import MIN_ANSWERS_PER_CLIENT, MIN_SINGLE_CALLS, measure_latencies, measure_load
from tests.turns import turn
from tests.unit.clock import Clock


class Server:
    """Each call takes a second of `clock`; counts its callers and keeps their photos."""

    def __init__(self, fails_at: int = 0) -> None:
        self.clock = Clock()
        self.seen: list[bytes] = []
        self.present = 0
        self.most = 0
        self._fails_at = fails_at

    async def send(self, photo: bytes) -> None:
        self.seen.append(photo)
        self.present += 1
        self.most = max(self.most, self.present)
        try:
            self.clock.advance(1.0)
            await turn()
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
    server = Server()
    assert await measure_latencies(server.send, [b"a"], 9.5, server.clock) == [1000.0] * 10


async def test_a_closed_loop_has_all_its_clients_and_leaves_none() -> None:
    server = Server()
    load = await measure_load(server.send, [b"a", b"b", b"c"], 6, 0.0)
    assert server.most == 6
    assert server.present == 0
    assert len(load.latencies_ms) == 6 * MIN_ANSWERS_PER_CLIENT
    assert {bytes(photo) for photo in server.seen} == {b"a", b"b", b"c"}


async def test_a_closed_loop_goes_on_for_its_seconds() -> None:
    server = Server()
    load = await measure_load(server.send, [b"a"], 2, 20.0, server.clock)
    assert 20.0 <= load.seconds < 23.0
    assert len(load.latencies_ms) == pytest.approx(load.seconds, abs=2)


async def test_an_error_of_a_call_ends_the_closed_loop() -> None:
    server = Server(fails_at=20)
    with pytest.raises(Overloaded, match="queue is full"):
        await measure_load(server.send, [b"a"], 4, 60.0)
    assert server.present == 0
