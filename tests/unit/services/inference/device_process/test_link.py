"""An edge's link and the device's server, over a real socket and real shared memory."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from domain.errors import DeadlineExceeded, FailedPrecondition, Overloaded, Unavailable
from services.inference.batching.batcher import BatchModel
from services.inference.batching.device import Device
from services.inference.batching.entries import Array, RunResult
from services.inference.batching.options import BatchingOptions
from services.inference.device_process.handshake import GraphOnDevice, Hello, send_message
from services.inference.device_process.link import DeviceLink
from services.inference.device_process.server import DeviceServer, ServedGraph
from services.inference.device_process.shared_rows import RowLayout
from services.inference.runner import LocalRunner
from tests.turns import begun, turn, until
from tests.unit.clock import Clock

ROW = np.zeros((2, 3), np.uint8)
LAYOUT = RowLayout.of(ROW, np.zeros(2, np.float32))
OPTIONS = BatchingOptions(max_batch=4, max_queue_rows=64)


class Model:
    """Sums of rows; it runs only while its gate is open and remembers how many rows it saw."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.rows = 0
        self.started = threading.Semaphore(0)

    def __call__(self, rows: Array) -> Array:
        self.started.release()
        assert self.gate.wait(60)
        self.rows += len(rows)
        if (rows == 255).any():
            raise RuntimeError("no such pixel")
        return rows.sum(axis=2, dtype=np.float32)


@asynccontextmanager
async def serving(
    path: Path,
    model: Model,
    options: BatchingOptions = OPTIONS,
    version: str = "m-1",
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[DeviceServer]:
    device = Device(1, clock=clock)
    about = GraphOnDevice("sums", version, "p-1", "cpu", LAYOUT)
    runner = LocalRunner(BatchModel("sums", model), ROW, device, options)
    server = DeviceServer(path, [ServedGraph(about, runner)])
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
        await device.close()


@asynccontextmanager
async def linked(path: Path, options: BatchingOptions = OPTIONS) -> AsyncIterator[DeviceLink]:
    link = DeviceLink(path, {"sums": options})
    await link.open()
    try:
        yield link
    finally:
        await link.close()


def filled(*values: int) -> Array:
    return np.array([np.full((2, 3), value) for value in values], np.uint8)


async def submit(
    link: DeviceLink, *values: int, deadline: float | None = None, bulk: bool = False
) -> RunResult:
    return await link.runner("sums").submit(filled(*values), deadline=deadline, bulk=bulk)


def count_open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def waiting_rows(server: DeviceServer) -> int:
    runner = server.graphs[0].runner
    assert isinstance(runner, LocalRunner)
    return runner.waiting_rows


async def test_rows_come_back_to_the_edge_that_sent_them(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", Model()), linked(tmp_path / "s") as one, linked(tmp_path / "s") as two:
        calls = [
            (link, [(7 * call + row) % 200 for row in range(1 + call % 5)])
            for call in range(8)
            for link in (one, two)
        ]
        results = await asyncio.gather(
            *(submit(link, *values, bulk=len(values) == 2) for link, values in calls)
        )
        for (_, values), result in zip(calls, results, strict=True):
            assert result.outputs.tolist() == [[3.0 * value] * 2 for value in values]
            assert result.run_ns > 0


async def test_batches_form_across_edges(tmp_path: Path) -> None:
    model = Model()
    model.gate.clear()
    path = tmp_path / "s"
    async with serving(path, model) as server, linked(path) as one, linked(path) as two:
        first = asyncio.create_task(submit(one, 1))
        assert await asyncio.to_thread(model.started.acquire, timeout=60)
        others = [asyncio.create_task(submit(link, 1)) for link in (one, two, one, two)]
        await until(lambda: waiting_rows(server) == 4)
        model.gate.set()
        await asyncio.gather(first, *others)
    assert model.started.acquire(blocking=False)  # the others went together
    assert not model.started.acquire(blocking=False)


async def test_rows_of_a_caller_who_has_gone_are_withdrawn(tmp_path: Path) -> None:
    model = Model()
    model.gate.clear()
    async with serving(tmp_path / "s", model) as server, linked(tmp_path / "s") as link:
        first = asyncio.create_task(submit(link, 1))
        assert await asyncio.to_thread(model.started.acquire, timeout=60)
        unwanted = asyncio.create_task(submit(link, 2, 2))
        await until(lambda: waiting_rows(server) == 2)
        unwanted.cancel()
        with pytest.raises(asyncio.CancelledError):
            await unwanted
        await until(lambda: waiting_rows(server) == 0)
        model.gate.set()
        assert (await first).outputs.tolist() == [[3.0, 3.0]]
        in_every_slot = await submit(link, *[5] * 64)
        assert in_every_slot.outputs.shape == (64, 2)
    assert model.rows == 65


async def test_callers_who_go_at_once_leave_every_slot_free(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", Model()), linked(tmp_path / "s") as link:
        for number in range(200):
            job = asyncio.create_task(submit(link, number))
            for _ in range(number % 4):
                await turn()
            job.cancel()
            await asyncio.wait([job])
        connection = link._connection
        assert connection is not None
        await until(lambda: not connection._sent)
        assert (await submit(link, *[5] * 64)).outputs.shape == (64, 2)


async def test_coming_and_going_leaves_no_file_open(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", Model()) as server:
        before = count_open_files()
        for _ in range(20):
            async with linked(tmp_path / "s") as link:
                await submit(link, 1)
        await until(lambda: not server._edges)
        await until(lambda: count_open_files() == before)


async def test_an_edge_may_have_so_many_rows_with_the_device(tmp_path: Path) -> None:
    model = Model()
    model.gate.clear()
    few = BatchingOptions(max_queue_rows=3)
    async with serving(tmp_path / "s", model), linked(tmp_path / "s", few) as link:
        first = await begun(submit(link, 1, 2))
        times = []
        for _ in range(2):
            with pytest.raises(
                Overloaded, match="adds 2 rows to the queue of the sums model, which has too little room now"
            ) as error:
                await submit(link, 1, 2)
            assert error.value.metadata == {"max_queue_rows": "3"}
            times.append(error.value.retry_after_s)
        assert times[1] > times[0] + 0.5
        with pytest.raises(
            FailedPrecondition, match="adds 4 rows to the queue of the sums model, which takes at most 3"
        ):
            await submit(link, 1, 2, 3, 4)
        model.gate.set()
        await first
        await submit(link, 1, 2, 3)


async def test_the_queue_of_the_device_refuses_too(tmp_path: Path) -> None:
    model = Model()
    model.gate.clear()
    few = BatchingOptions(max_queue_rows=2)
    async with serving(tmp_path / "s", model, few) as server, linked(tmp_path / "s") as link:
        first = asyncio.create_task(submit(link, 1))
        assert await asyncio.to_thread(model.started.acquire, timeout=60)
        second = asyncio.create_task(submit(link, 1, 2))
        await until(lambda: waiting_rows(server) == 2)
        with pytest.raises(
            Overloaded, match="adds 1 row to the queue of the sums model, which has too little room now"
        ) as error:
            await submit(link, 1)
        assert error.value.metadata == {"max_queue_rows": "2"}
        with pytest.raises(
            FailedPrecondition, match="adds 3 rows to the queue of the sums model, which takes at most 2"
        ):
            await submit(link, 1, 2, 3)
        model.gate.set()
        await asyncio.gather(first, second)


async def test_a_deadline_holds_in_the_other_process(tmp_path: Path) -> None:
    model, clock = Model(), Clock()
    model.gate.clear()
    async with serving(tmp_path / "s", model, clock=clock) as server, linked(tmp_path / "s") as link:
        first = asyncio.create_task(submit(link, 1))
        assert await asyncio.to_thread(model.started.acquire, timeout=60)
        late = asyncio.create_task(submit(link, 2, deadline=clock() + 1))
        await until(lambda: waiting_rows(server) == 1)
        clock.advance(2)
        model.gate.set()
        await first
        with pytest.raises(DeadlineExceeded):
            await late
    assert model.rows == 1


async def test_a_model_that_fails_fails_its_callers_only(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", Model()), linked(tmp_path / "s") as link:
        with pytest.raises(Exception, match="no such pixel"):
            await submit(link, 255)
        assert (await submit(link, 4)).outputs.tolist() == [[12.0, 12.0]]


async def test_rows_of_an_edge_that_has_gone_are_withdrawn(tmp_path: Path) -> None:
    model = Model()
    model.gate.clear()
    async with serving(tmp_path / "s", model) as server, linked(tmp_path / "s") as stays:
        async with linked(tmp_path / "s") as goes:
            first = asyncio.create_task(submit(goes, 1))
            assert await asyncio.to_thread(model.started.acquire, timeout=60)
            rest = asyncio.create_task(submit(goes, 2, 2, 2))
            await until(lambda: waiting_rows(server) == 3)
        with pytest.raises(Unavailable, match="ended before it had answered"):
            await first
        with pytest.raises(Unavailable):
            await rest
        await until(lambda: waiting_rows(server) == 0)
        model.gate.set()
        assert (await submit(stays, 3)).outputs.tolist() == [[9.0, 9.0]]
    assert model.rows == 2


async def test_a_device_that_stops_lets_its_edges_finish(tmp_path: Path) -> None:
    model = Model()
    model.gate.clear()
    async with serving(tmp_path / "s", model) as server:
        server.drain_s = 60.0
        link = DeviceLink(tmp_path / "s", {"sums": OPTIONS})
        await link.open()
        await until(lambda: bool(server._edges))
        last = asyncio.create_task(submit(link, 1))
        assert await asyncio.to_thread(model.started.acquire, timeout=60)
        stopping = asyncio.create_task(server.stop())
        await until(lambda: not (tmp_path / "s").exists())
        assert not stopping.done()
        model.gate.set()
        assert (await last).outputs.tolist() == [[3.0, 3.0]]
        await link.close()
        await stopping


async def test_a_device_that_comes_back_is_used_again(tmp_path: Path) -> None:
    model = Model()
    async with linked_to_mortal(tmp_path / "s", model) as link:
        assert not link.ready
        with pytest.raises(Unavailable, match="is not running") as error:
            await submit(link, 1)
        assert error.value.reason == "DEVICE_GONE"
        async with serving(tmp_path / "s", model):
            await until(lambda: link.ready)
            assert (await submit(link, 2)).outputs.tolist() == [[6.0, 6.0]]


@asynccontextmanager
async def linked_to_mortal(path: Path, model: Model) -> AsyncIterator[DeviceLink]:
    """A link whose device has answered, and gone."""
    link = DeviceLink(path, {"sums": OPTIONS})
    async with serving(path, model):
        await link.open()
        await submit(link, 1)
        assert link.ready
    await until(lambda: not link.ready)
    yield link
    await link.close()


async def test_a_device_with_other_models_ends_the_edge(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    path = tmp_path / "s"
    async with linked_to_mortal(path, Model()) as link, serving(path, Model(), version="m-2"):
        await told.wait()
        assert "restarted with other models" in caplog.text
        assert not link.ready
    asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)


async def test_a_device_that_goes_during_the_handshake_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "s"
    dying = socket.socket(socket.AF_UNIX)
    dying.bind(str(path))
    dying.listen()
    link = DeviceLink(path, {"sums": OPTIONS})
    opening = asyncio.create_task(link.open())
    channel, _ = await asyncio.to_thread(dying.accept)
    send_message(channel, Hello(()).to_message())
    channel.close()
    dying.close()
    async with serving(path, Model()):
        await opening
        assert (await submit(link, 1)).outputs.tolist() == [[3.0, 3.0]]
        await link.close()


async def test_an_edge_waits_for_its_device(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.inference.device_process.link.LOG_EVERY_S", 0.0)
    link = DeviceLink(tmp_path / "s", {"sums": OPTIONS})
    opening = asyncio.create_task(link.open())
    await until(lambda: "waiting for the device process" in caplog.text)
    assert not opening.done()
    async with serving(tmp_path / "s", Model()):
        await opening
        assert link.ready
    await link.close()


async def test_a_stranger_without_a_handshake_is_disconnected(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", Model()), linked(tmp_path / "s") as link:
        for say in (
            lambda _: None,
            lambda s: s.sendall(b"\x02\0\0\0{}"),
            lambda s: send_message(s, {"slots": [9]}),
        ):
            stranger = socket.socket(socket.AF_UNIX)
            stranger.connect(str(tmp_path / "s"))
            say(stranger)
            stranger.shutdown(socket.SHUT_WR)
            assert await asyncio.to_thread(_reads_to_the_end, stranger)
        assert (await submit(link, 1)).outputs.tolist() == [[3.0, 3.0]]


def _reads_to_the_end(stranger: socket.socket) -> bool:
    stranger.settimeout(60)
    with stranger:
        while stranger.recv(4096):
            pass
    return True


async def test_only_the_user_may_connect(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", Model()):
        assert (tmp_path / "s").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "s").exists()


async def test_a_path_that_no_socket_can_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(FailedPrecondition, match="shorter path"):
        await DeviceServer(tmp_path / ("x" * 200), []).start()


async def test_a_session_leads_to_the_device(tmp_path: Path) -> None:
    async with serving(tmp_path / "s", Model()), linked(tmp_path / "s") as link:
        session = link.session("sums")
        (outputs,) = await asyncio.to_thread(session.run, filled(1, 2))
        assert outputs.tolist() == [[3.0, 3.0], [6.0, 6.0]]
        (narrow,) = await asyncio.to_thread(session.run, filled(1)[:, :1])
        assert narrow.tolist() == [[3.0, 0.0]]
        assert session.provider == "cpu"
