"""The worker processes that send a load."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from armoire.bench.worker import work

_POLL_S = 0.02
_JOIN_TIMEOUT_S = 5.0


class WorkerLost(Exception):
    """A worker process ended before its work did."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process, and this side's end of its pipe."""

    process: SpawnProcess
    connection: Connection


async def receive(worker: Worker) -> Any:
    """The next message of the worker.

    Raises:
        WorkerLost: it ended by itself.
    """
    while not worker.connection.poll():  # noqa: ASYNC110 - no loop of every system can wait for a pipe
        await asyncio.sleep(_POLL_S)
    try:
        return worker.connection.recv()
    except (EOFError, ConnectionError):
        worker.process.join(_JOIN_TIMEOUT_S)
        raise WorkerLost(
            f"a worker process of the load ended with status {worker.process.exitcode}"
        ) from None


def tell(worker: Worker, message: object) -> None:
    """Sends the worker a message. If the worker is gone, `receive` raises."""
    with suppress(ConnectionError):
        worker.connection.send(message)


@contextmanager
def started(count: int) -> Iterator[list[Worker]]:
    """So many workers; none is left afterwards."""
    workers: list[Worker] = []
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


def _start() -> Worker:
    context = multiprocessing.get_context("spawn")  # gRPC does not survive a fork
    ours, theirs = context.Pipe()
    # The load comes over the pipe: as an argument it would block start() for ever if the process died early.
    process = context.Process(target=work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return Worker(process, ours)


def _end(process: SpawnProcess) -> None:
    process.join(_JOIN_TIMEOUT_S)
    if process.exitcode is None:
        process.kill()
        process.join()
    process.close()


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Processes started inside never see Ctrl-C, which a terminal sends to all; they end on STOP."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which would unblock them when the first process starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
