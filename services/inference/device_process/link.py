"""An edge's end of the connection: runners that pass their rows to the device process."""

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

from domain.errors import FailedPrecondition, Unavailable
from services.inference.batching.entries import Array, RunResult
from services.inference.batching.options import BatchingOptions
from services.inference.batching.refusals import no_room, too_large
from services.inference.batching.retry_after import DrainRate, RetryAfter
from services.inference.device_process.frames import Answer, Request, Verb, answers
from services.inference.device_process.handshake import (
    HANDSHAKE_S,
    RETRY_S,
    GraphOnDevice,
    Hello,
    receive_message,
    send_message,
)
from services.inference.device_process.shared_rows import SharedRows, create_memory_file, map_memory_file
from services.inference.device_process.slot_allocator import SlotAllocator

LOG = logging.getLogger("armoire.device")

LOG_EVERY_S = 10.0


class _GraphSlots:
    """The memory of one graph, its free slots, and the retry times of refused callers."""

    def __init__(self, name: str, rows: SharedRows) -> None:
        self._name = name
        self.rows = rows
        self._count = len(rows.inputs)
        self._allocator = SlotAllocator(self._count)
        self._drain_rate = DrainRate(self._count)
        self._retry_after = RetryAfter(self._drain_rate)

    def allocate(self, count: int) -> int:
        """The first of `count` contiguous slots.

        Raises:
            FailedPrecondition: there are fewer slots in all.
            Overloaded: there are fewer free slots now.
        """
        if count > self._count:
            raise too_large(self._name, count, "rows", self._count)
        first = self._allocator.allocate(count)
        if first is None:
            raise no_room(self._name, count, "rows", self._count, self._retry_after.reserve(count))
        return first

    def release(self, first: int, count: int) -> None:
        self._allocator.release(first, count)
        self._drain_rate.observe(count)
        if self._allocator.free > self._count / 2:
            self._drain_rate.reset()


@dataclass(frozen=True, slots=True, eq=False)
class _SentRows:
    """Rows that were sent: their slots and the future of the caller."""

    slots: _GraphSlots
    first: int
    count: int
    future: asyncio.Future[RunResult]

    def finish(self, answer: Answer) -> None:
        if not self.future.done():
            if answer.done:
                outputs = self.slots.rows.outputs[self.first : self.first + self.count].copy()
                self.future.set_result(RunResult(outputs, answer.queue_ns, answer.run_ns))
            else:
                self.future.set_exception(answer.error or Unavailable("the request was withdrawn"))
        self.slots.release(self.first, self.count)

    def fail(self, error: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class _Connection(asyncio.Protocol):
    """One connection to a device process, from the handshake to its end."""

    def __init__(self, link: DeviceLink, slots: list[_GraphSlots]) -> None:
        self._link = link
        self._slots = slots
        self._received = bytearray()
        self._sent: dict[int, _SentRows] = {}
        self._last_id = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._link.connected(self)

    def connection_lost(self, error: Exception | None) -> None:
        sent, self._sent = self._sent, {}
        for rows in sent.values():
            rows.fail(Unavailable("the device process ended before it had answered", reason="DEVICE_GONE"))
        self._link.disconnected()

    def data_received(self, data: bytes) -> None:
        self._received += data
        for answer in answers(self._received):
            self._sent.pop(answer.request_id).finish(answer)

    async def submit(self, graph: int, rows: Array, deadline: float | None, bulk: bool) -> RunResult:
        """Run `rows` on the device. Raises the same errors as `Runner.submit`.

        Slots are released when the device answers, even if the caller was cancelled.
        """
        slots, count = self._slots[graph], len(rows)
        first = slots.allocate(count)
        slots.rows.inputs[first : first + count] = rows
        self._last_id += 1
        request_id = self._last_id
        future: asyncio.Future[RunResult] = asyncio.get_running_loop().create_future()
        self._sent[request_id] = _SentRows(slots, first, count, future)
        until = math.inf if deadline is None else deadline
        self._transport.write(Request(Verb.RUN, request_id, graph, first, count, bulk, until).pack())
        try:
            return await future
        except asyncio.CancelledError:
            if request_id in self._sent:
                self._transport.write(Request(Verb.WITHDRAW, request_id).pack())
            raise

    def close(self) -> None:
        self._transport.close()


@dataclass(frozen=True, slots=True, eq=False)
class _LinkedRunner:
    """A `Runner` of a model in the device process."""

    link: DeviceLink
    graph: int

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> RunResult:
        return await self.link.submit(self.graph, rows, deadline, bulk)


@dataclass(frozen=True, slots=True, eq=False)
class _LinkedSession:
    """A `Session` that runs its graph in the device process; to be called off the event loop."""

    link: DeviceLink
    graph: int

    @property
    def provider(self) -> str:
        return self.link.graphs[self.graph].provider

    @property
    def ready(self) -> bool:
        return self.link.ready

    def run(self, inputs: Array, *, exclusive: bool = False) -> tuple[Array, ...]:
        """Run the rows; texts shorter than a slot are padded with zeros."""
        layout = self.link.graphs[self.graph].rows
        rows = np.zeros((len(inputs), *layout.input_shape), layout.input_dtype)
        rows[tuple(slice(size) for size in inputs.shape)] = inputs
        submitted = asyncio.run_coroutine_threadsafe(
            self.link.submit(self.graph, rows, deadline=None, bulk=False), self.link.loop
        )
        return (submitted.result().outputs,)

    def shrink_arena(self, inputs: Array) -> None:
        """Does nothing, since the memory belongs to the device process."""

    def close(self) -> None:
        """Does nothing, since the link is closed by its owner."""


@dataclass(eq=False)
class DeviceLink:
    """The connection to the device process at the socket `path`. It reconnects after a loss.

    `batching` limits, by graph, the rows and bytes that this process may have at the device. While there is
    no device process, calls fail with Unavailable, and so do those that it had not answered. If it restarts
    with other models, this process sends itself SIGTERM.
    """

    path: Path
    batching: Mapping[str, BatchingOptions]
    graphs: tuple[GraphOnDevice, ...] = field(default=(), init=False)
    loop: asyncio.AbstractEventLoop = field(init=False)
    _connection: _Connection | None = field(default=None, init=False)
    _following: asyncio.Task[None] | None = field(default=None, init=False)

    async def open(self) -> None:
        """Wait for a device process, which may still be building engines, and connect.

        Raises:
            FailedPrecondition: the system has no such shared memory, or the device has another protocol.
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

    async def submit(self, graph: int, rows: Array, deadline: float | None, bulk: bool) -> RunResult:
        if self._connection is None:
            raise Unavailable("the device process is not running", reason="DEVICE_GONE")
        return await self._connection.submit(graph, rows, deadline, bulk)

    async def _follow(self) -> None:
        """Reconnect after each loss. A permanent error ends this process."""
        while True:
            await self._lost.wait()
            LOG.error("the device process has disconnected; calls fail until it is connected again")
            try:
                await self._connect()
            except FailedPrecondition as error:
                LOG.critical("%s; this process ends", error.message)
                os.kill(os.getpid(), signal.SIGTERM)
                return
            LOG.info("the device process is connected again")

    async def _connect(self) -> None:
        """Try until a handshake succeeds. Raises FailedPrecondition if the device does not fit this edge."""
        next_log = self.loop.time() + LOG_EVERY_S
        while True:
            self._lost.clear()
            try:
                channel, slots = await asyncio.to_thread(self._shake_hands)
                await self.loop.create_unix_connection(partial(_Connection, self, slots), sock=channel)
                return
            except FailedPrecondition:
                raise
            except Exception as error:
                if self.loop.time() >= next_log:
                    LOG.warning("waiting for the device process at %s: %s", self.path, error)
                    next_log = self.loop.time() + LOG_EVERY_S
                await asyncio.sleep(RETRY_S)

    def connected(self, connection: _Connection) -> None:
        self._connection = connection

    def disconnected(self) -> None:
        self._connection = None
        self._lost.set()

    def _shake_hands(self) -> tuple[socket.socket, list[_GraphSlots]]:
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            channel.settimeout(HANDSHAKE_S)
            channel.connect(str(self.path))
            message, _ = receive_message(channel)
            self._require_same(Hello.from_message(message).graphs)
            return channel, self._share_memory(channel)
        except BaseException:
            channel.close()
            raise

    def _require_same(self, graphs: tuple[GraphOnDevice, ...]) -> None:
        if self.graphs and graphs != self.graphs:
            raise FailedPrecondition("the device process restarted with other models")
        self.graphs = graphs

    def _share_memory(self, channel: socket.socket) -> list[_GraphSlots]:
        layouts = [graph.rows for graph in self.graphs]
        slots = [_slot_count(self.batching[graph.name], graph.rows.input_bytes) for graph in self.graphs]
        file = create_memory_file(layouts, slots)
        try:
            send_message(channel, {"slots": slots}, file)
            shared = map_memory_file(file, layouts, slots)
        finally:
            os.close(file)
        return [_GraphSlots(graph.name, rows) for graph, rows in zip(self.graphs, shared, strict=True)]

    async def close(self) -> None:
        if self._following is not None:
            self._following.cancel()
        if self._connection is not None:
            self._connection.close()


def _slot_count(options: BatchingOptions, row_bytes: int) -> int:
    return max(1, min(options.max_queue_rows, options.max_queue_bytes // row_bytes))
