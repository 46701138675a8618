"""An edge's end: runners that hand their rows to the device process."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np

from domain.errors import FailedPrecondition, Overloaded, Unavailable
from services.inference.batching.batcher import BatchingOptions
from services.inference.batching.entries import Array, Batched
from services.inference.batching.retry_after import Pace
from services.inference.device_process.frames import (
    GREETING_S,
    RETRY_S,
    Answer,
    GraphOnDevice,
    Request,
    Verb,
    Welcome,
    answers,
    receive_greeting,
    send_greeting,
)
from services.inference.device_process.shared_rows import Places, SharedRows, make_file, map_file

LOG = logging.getLogger("armoire.device")

SAY_EVERY_S = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """Rows on their way: the places they have, and who waits for them."""

    graph: int
    first: int
    count: int
    future: asyncio.Future[Batched]


@dataclass(frozen=True, slots=True, eq=False)
class _SharedMemory:
    """What one greeting agreed on: memory for each graph, and which places of it are free."""

    rows: tuple[SharedRows, ...]
    places: tuple[Places, ...]


class _Connection(asyncio.Protocol):
    """One connection to a device process, from its greeting to its end."""

    def __init__(self, link: DeviceLink, memory: _SharedMemory) -> None:
        self._link = link
        self._memory = memory
        self._paces = [Pace(len(rows.inputs)) for rows in memory.rows]
        self._received = bytearray()
        self._jobs: dict[int, _Job] = {}
        self._next_job = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._link.connected(self)

    def connection_lost(self, error: Exception | None) -> None:
        jobs, self._jobs = self._jobs, {}
        for job in jobs.values():
            if not job.future.done():
                job.future.set_exception(
                    Unavailable(
                        "the process with the models ended before it had answered", reason="DEVICE_GONE"
                    )
                )
        self._link.disconnected()

    def data_received(self, data: bytes) -> None:
        self._received += data
        for answer in answers(self._received):
            self._finish(answer)

    def _finish(self, answer: Answer) -> None:
        job = self._jobs.pop(answer.job)
        if not job.future.done():
            if answer.done:
                rows = self._memory.rows[job.graph].outputs[job.first : job.first + job.count]
                job.future.set_result(Batched(rows.copy(), answer.queue_ns, answer.run_ns))
            else:
                job.future.set_exception(answer.error or Unavailable("the rows were withdrawn"))
        self._memory.places[job.graph].give_back(job.first, job.count)
        self._paces[job.graph].left(job.count)
        if self._memory.places[job.graph].free > len(self._memory.rows[job.graph].inputs) / 2:
            self._paces[job.graph].eased()

    async def submit(
        self, graph: int, about: GraphOnDevice, rows: Array, deadline: float | None, bulk: bool
    ) -> Batched:
        """As `Runner.submit`. The places are given back when the device answers, also where nobody waits."""
        first = self._take_places(graph, about, len(rows))
        self._memory.rows[graph].inputs[first : first + len(rows)] = rows
        self._next_job += 1
        number = self._next_job
        future: asyncio.Future[Batched] = asyncio.get_running_loop().create_future()
        self._jobs[number] = _Job(graph, first, len(rows), future)
        request = Request(
            Verb.RUN, number, graph, first, len(rows), bulk, math.inf if deadline is None else deadline
        )
        self._transport.write(request.pack())
        try:
            return await future
        except asyncio.CancelledError:
            if number in self._jobs:
                self._transport.write(Request(Verb.WITHDRAW, number).pack())
            raise

    def _take_places(self, graph: int, about: GraphOnDevice, count: int) -> int:
        first = self._memory.places[graph].take(count)
        if first is None:
            total = len(self._memory.rows[graph].inputs)
            if count > total:
                raise FailedPrecondition(
                    f"{count} rows at once are more than the {total} places of the {about.name} model"
                )
            raise Overloaded(
                f"this process already has {total} rows on their way to the {about.name} model, its limit, "
                f"or no {count} neighbours free",
                retry_after_s=self._paces[graph].retry_after_s(count),
                metadata={"max_queue_rows": str(total)},
            )
        return first

    def close(self) -> None:
        self._transport.close()


@dataclass(frozen=True, slots=True, eq=False)
class _LinkedRunner:
    """A `Runner` whose model lives in the device process."""

    link: DeviceLink
    graph: int

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> Batched:
        return await self.link.submit(self.graph, rows, deadline, bulk)


@dataclass(frozen=True, slots=True, eq=False)
class _LinkedSession:
    """A `Session` that runs its graph in the device process; not on the event loop's own thread."""

    link: DeviceLink
    graph: int

    @property
    def provider(self) -> str:
        return self.link.graphs[self.graph].provider

    def run(self, inputs: Array, *, exclusive: bool = False) -> tuple[Array, ...]:
        """Texts that come cut are padded again: places are as long as the longest."""
        layout = self.link.graphs[self.graph].rows
        rows = np.zeros((len(inputs), *layout.input_shape), layout.input_dtype)
        rows[tuple(slice(size) for size in inputs.shape)] = inputs
        submitted = asyncio.run_coroutine_threadsafe(
            self.link.submit(self.graph, rows, deadline=None, bulk=False), self.link.loop
        )
        return (submitted.result().outputs,)

    def shrink_arena(self, inputs: Array) -> None:
        """Nothing: the memory is the device's."""


@dataclass(eq=False)
class DeviceLink:
    """The way to the device process that serves the socket at `path`; one that went is waited for.

    `batching` bounds, by graph, the rows and bytes that this process may have on their way. While no device
    is there calls fail with Unavailable; so does what waited when it went. Where it comes back with other
    models this process gets a SIGTERM.
    """

    path: Path
    batching: Mapping[str, BatchingOptions]
    graphs: tuple[GraphOnDevice, ...] = field(default=(), init=False)
    loop: asyncio.AbstractEventLoop = field(init=False)
    _connection: _Connection | None = field(default=None, init=False)
    _following: asyncio.Task[None] | None = field(default=None, init=False)

    async def open(self) -> None:
        """Wait for a device process, which may be building engines, and greet it.

        Raises:
            FailedPrecondition: this system has no shared memory of the kind, or the device speaks otherwise.
        """
        self.loop = asyncio.get_running_loop()
        self._lost = asyncio.Event()
        await self._connect()
        self._following = asyncio.create_task(self._follow())

    @property
    def ready(self) -> bool:
        return self._connection is not None

    def runner(self, graph: str) -> _LinkedRunner:
        return _LinkedRunner(self, self._index(graph))

    def session(self, graph: str) -> _LinkedSession:
        return _LinkedSession(self, self._index(graph))

    def _index(self, graph: str) -> int:
        return next(index for index, about in enumerate(self.graphs) if about.name == graph)

    async def submit(self, graph: int, rows: Array, deadline: float | None, bulk: bool) -> Batched:
        if self._connection is None:
            raise Unavailable(
                f"the process with the models, at {self.path}, is not there", reason="DEVICE_GONE"
            )
        return await self._connection.submit(graph, self.graphs[graph], rows, deadline, bulk)

    async def _follow(self) -> None:
        """Until closed. What no waiting cures ends this process: whoever started it starts it anew."""
        while True:
            await self._lost.wait()
            LOG.error("the process with the models has gone; calls fail until it is back")
            try:
                await self._connect()
            except FailedPrecondition as error:
                LOG.critical("%s; this process ends", error.message)
                os.kill(os.getpid(), signal.SIGTERM)
                return
            LOG.info("the process with the models is back")

    async def _connect(self) -> None:
        """Try until a device greets; raises FailedPrecondition where it is none for this edge."""
        next_word = self.loop.time() + SAY_EVERY_S
        while True:
            self._lost.clear()
            try:
                channel, memory = await asyncio.to_thread(self._greet)
                connection = partial(_Connection, self, memory)
                await self.loop.create_unix_connection(connection, sock=channel)
                return
            except FailedPrecondition:
                raise
            except Exception as error:
                if self.loop.time() >= next_word:
                    LOG.warning("still waiting for the process with the models at %s: %s", self.path, error)
                    next_word = self.loop.time() + SAY_EVERY_S
                await asyncio.sleep(RETRY_S)

    def connected(self, connection: _Connection) -> None:
        self._connection = connection

    def disconnected(self) -> None:
        self._connection = None
        self._lost.set()

    def _greet(self) -> tuple[socket.socket, _SharedMemory]:
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            channel.settimeout(GREETING_S)
            channel.connect(str(self.path))
            welcome = Welcome.from_json(receive_greeting(channel)[0])
            self._require_same(welcome.graphs)
            return channel, self._share_memory(channel)
        except BaseException:
            channel.close()
            raise

    def _require_same(self, graphs: tuple[GraphOnDevice, ...]) -> None:
        if self.graphs and graphs != self.graphs:
            raise FailedPrecondition("the process with the models came back with others")
        self.graphs = graphs

    def _share_memory(self, channel: socket.socket) -> _SharedMemory:
        layouts = [graph.rows for graph in self.graphs]
        places = [_most_rows(self.batching[graph.name], graph.rows.input_bytes) for graph in self.graphs]
        file = make_file(layouts, places)
        try:
            send_greeting(channel, {"places": places}, file)
            return _SharedMemory(
                tuple(map_file(file, layouts, places)), tuple(Places(count) for count in places)
            )
        finally:
            os.close(file)

    async def close(self) -> None:
        if self._following is not None:
            self._following.cancel()
        if self._connection is not None:
            self._connection.close()


def _most_rows(options: BatchingOptions, row_bytes: int) -> int:
    return max(1, min(options.max_queue_rows, options.max_queue_bytes // row_bytes))
