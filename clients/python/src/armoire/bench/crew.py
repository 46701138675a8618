"""The processes that send a load, and what they counted together."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from armoire.bench.load import Load
from armoire.bench.tally import Tally, percentile
from armoire.bench.worker import STOP, work

_POLL_S = 0.02
_HEAD_START_S = 0.05
"""So that every process knows the time to begin before it comes."""
_JOIN_TIMEOUT_S = 5.0


class WorkerLost(Exception):
    """A process of the load ended before its work did."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A load and what came of it; cut short where `interrupted`.

    `batch_rows` is, by model and largest size, how many batches the server ran meanwhile, where known.
    """

    load: Load
    processes: int
    tally: Tally
    interrupted: bool = False
    batch_rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def throughput_per_s(self) -> float:
        """Good answers a second."""
        return self.tally.answered / self.tally.seconds if self.tally.seconds else 0.0

    def percentile_ms(self, percent: float) -> float | None:
        return percentile(self.tally.latencies_ms, percent)


@dataclass(frozen=True, slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection


async def measure(
    load: Load, processes: int = 1, on_second: Callable[[], None] = lambda: None
) -> Measurement:
    """Sends the load from that many processes and counts what comes of it.

    A cancellation once the load has begun stops it and is not passed on: the measurement then says
    `interrupted`.

    Args:
        on_second: called about once a second, warm-up included.

    Raises:
        WorkerLost: a process ended by itself.
    """
    shares = load.split(processes)
    with _started(len(shares)) as workers:
        for worker, share in zip(workers, shares, strict=True):
            _tell(worker, share)
        await asyncio.gather(*map(_receive, workers))  # all are connected
        begin_s = time.monotonic() + _HEAD_START_S
        for worker in workers:
            _tell(worker, begin_s)
        tallies = asyncio.gather(*map(_receive, workers))
        interrupted = False
        try:
            await _wait(tallies, load.warm_up_s + load.seconds, on_second)
        except asyncio.CancelledError:
            interrupted = True
            for worker in workers:
                _tell(worker, STOP)
        tally = _sum(await tallies)
    return Measurement(load, len(workers), tally, interrupted)


async def _receive(worker: _Worker) -> Any:
    while not worker.connection.poll():  # noqa: ASYNC110 - no loop of every system can wait for a pipe
        await asyncio.sleep(_POLL_S)
    try:
        return worker.connection.recv()
    except (EOFError, ConnectionError):
        worker.process.join(_JOIN_TIMEOUT_S)
        raise WorkerLost(f"a process of the load ended with status {worker.process.exitcode}") from None


async def _wait(work: asyncio.Future[Any], seconds: float, on_second: Callable[[], None]) -> None:
    """Until the work is done, counting the seconds meanwhile. A cancellation leaves the work alone."""
    for _ in range(int(seconds)):
        done, _ = await asyncio.wait([work], timeout=1)
        if done:
            return
        on_second()
    await asyncio.wait([work])


def _sum(tallies: Sequence[Tally]) -> Tally:
    total, *others = tallies
    for other in others:
        total.add(other)
    return total


def _tell(worker: _Worker, message: object) -> None:
    with suppress(ConnectionError):  # one that is lost is noticed where it should answer
        worker.connection.send(message)


@contextmanager
def _started(count: int) -> Iterator[list[_Worker]]:
    """So many processes; none is left afterwards."""
    workers: list[_Worker] = []
    try:
        with _interrupts_blocked():
            for _ in range(count):
                workers.append(_start())
        yield workers
    finally:
        for worker in workers:
            worker.connection.close()
        for worker in workers:
            _end(worker.process)


def _start() -> _Worker:
    context = multiprocessing.get_context("spawn")  # gRPC does not survive a fork
    ours, theirs = context.Pipe()
    # The load comes over the pipe: as an argument it would block start() for ever if the process died early.
    process = context.Process(target=work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _end(process: SpawnProcess) -> None:
    process.join(_JOIN_TIMEOUT_S)
    if process.exitcode is None:
        process.kill()
        process.join()
    process.close()


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Processes started inside never see Ctrl-C, which a terminal sends to all: they are told to stop."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which would unblock them when the first process starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
