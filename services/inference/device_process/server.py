"""The device's end: rows of every edge go into the same runners."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

from domain.errors import ArmoireError, FailedPrecondition
from services.inference.device_process.frames import (
    GREETING_S,
    RETRY_S,
    Answer,
    GraphOnDevice,
    Request,
    Verb,
    Welcome,
    receive_greeting,
    requests,
    send_greeting,
)
from services.inference.device_process.shared_rows import SharedRows, map_file
from services.inference.runner import Runner

LOG = logging.getLogger("armoire.device")

LONGEST_PATH = 107
"""Bytes in the name of a Unix socket. Source: unix(7)."""


@dataclass(frozen=True, slots=True, eq=False)
class ServedGraph:
    """A graph, as edges are told of it, and the runner that runs it."""

    about: GraphOnDevice
    runner: Runner


@dataclass(eq=False)
class DeviceServer:
    """Serves the edges that connect to the socket at `path`, which only this user's processes may.

    An edge that goes, in whatever way, takes its waiting rows with it; the others do not notice. `drain_s` is
    how long edges get to finish their calls and leave, once this is stopped.
    """

    path: Path
    graphs: Sequence[ServedGraph]
    drain_s: float = 0.0
    _edges: set[_Edge] = field(default_factory=set, init=False)
    _greetings: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _empty: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def start(self) -> None:
        """Listen. What lies at `path` is from a process that has ended: the home's lock is ours.

        Raises:
            FailedPrecondition: the path is too long for a socket.
        """
        if len(os.fsencode(self.path)) > LONGEST_PATH:
            raise FailedPrecondition(
                f"{self.path} is too long for the name of a socket ({LONGEST_PATH} bytes): "
                "set ARMOIRE_HOME to a folder with a shorter path"
            )
        self._empty.set()
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self.path))
        self.path.chmod(0o600)
        self._listener.listen()
        self._listener.setblocking(False)
        self._accepting = asyncio.create_task(self._accept())

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                channel, _ = await loop.sock_accept(self._listener)
            except OSError as error:  # too many open files, say
                LOG.warning("an edge process could not be let in: %s", error)
                await asyncio.sleep(RETRY_S)
                continue
            greeting = loop.create_task(self._greet(channel))
            self._greetings.add(greeting)
            greeting.add_done_callback(self._greetings.discard)

    async def _greet(self, channel: socket.socket) -> None:
        try:
            rows = await asyncio.to_thread(self._exchange_greetings, channel)
            edge = _Edge(self, rows)
            await asyncio.get_running_loop().connect_accepted_socket(lambda: edge, channel)
        except Exception as error:
            LOG.warning("an edge process did not greet as one: %s", error)
            channel.close()
        except asyncio.CancelledError:
            channel.close()
            raise

    def _exchange_greetings(self, channel: socket.socket) -> list[SharedRows]:
        channel.settimeout(GREETING_S)
        about = tuple(graph.about for graph in self.graphs)
        send_greeting(channel, Welcome(about).to_json())
        said, file = receive_greeting(channel)
        if file is None:
            raise ValueError("no shared memory came along")
        try:
            return map_file(file, [graph.rows for graph in about], said["places"])
        finally:
            os.close(file)

    def joined(self, edge: _Edge) -> None:
        self._edges.add(edge)
        self._empty.clear()
        LOG.info("an edge process has joined, %d are there", len(self._edges))

    def left(self, edge: _Edge) -> None:
        self._edges.discard(edge)
        if not self._edges:
            self._empty.set()
        LOG.info("an edge process has left, %d are there", len(self._edges))

    async def stop(self) -> None:
        """Listen no more, let the edges drain, and close what is left: their calls fail with UNAVAILABLE."""
        self.path.unlink(missing_ok=True)
        for task in (self._accepting, *self._greetings):
            task.cancel()
        await asyncio.wait((self._accepting, *self._greetings))
        self._listener.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.drain_s):
                await self._empty.wait()
        for edge in tuple(self._edges):
            edge.close()


class _Edge(asyncio.Protocol):
    """One connected edge: its requests become jobs, one task for each."""

    def __init__(self, server: DeviceServer, rows: Sequence[SharedRows]) -> None:
        self._server = server
        self._rows = rows
        self._received = bytearray()
        self._jobs: dict[int, asyncio.Task[Answer]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._server.joined(self)

    def connection_lost(self, error: Exception | None) -> None:
        for job in tuple(self._jobs.values()):
            job.cancel()
        self._server.left(self)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        for request in requests(self._received):
            if request.verb is Verb.RUN:
                job = asyncio.get_running_loop().create_task(self._run(request))
                self._jobs[request.job] = job
                job.add_done_callback(partial(self._answer, request.job))
            elif request.job in self._jobs:
                self._jobs[request.job].cancel()

    def _answer(self, number: int, job: asyncio.Task[Answer]) -> None:
        """One for each job, whatever came of it; the edge keeps the places until then."""
        del self._jobs[number]
        if job.cancelled():
            answer = Answer(number, done=False)
        elif error := job.exception():
            if not isinstance(error, ArmoireError):
                LOG.error("a model failed", exc_info=error)
            answer = Answer(number, done=False, error=error)
        else:
            answer = job.result()
        if not self._transport.is_closing():
            self._transport.write(answer.pack())

    async def _run(self, request: Request) -> Answer:
        deadline = None if math.isinf(request.deadline) else request.deadline
        rows, stop = self._rows[request.graph], request.first + request.count
        runner = self._server.graphs[request.graph].runner
        batched = await runner.submit(rows.inputs[request.first : stop], deadline=deadline, bulk=request.bulk)
        rows.outputs[request.first : stop] = batched.outputs
        return Answer(request.job, True, batched.queue_ns, batched.run_ns)
