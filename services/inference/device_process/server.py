"""The device's end of the connections: the rows of all edges go to the same runners."""

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
from services.inference.device_process.frames import Answer, Request, Verb, requests
from services.inference.device_process.handshake import (
    HANDSHAKE_S,
    RETRY_S,
    GraphOnDevice,
    Hello,
    receive_message,
    send_message,
)
from services.inference.device_process.shared_rows import SharedRows, map_memory_file
from services.inference.runner import Runner

LOG = logging.getLogger("armoire.device")

MAX_PATH_BYTES = 107
"""The longest path of a Unix socket. Source: unix(7)."""


@dataclass(frozen=True, slots=True, eq=False)
class ServedGraph:
    """A graph as in the handshake, and its runner."""

    about: GraphOnDevice
    runner: Runner


@dataclass(eq=False)
class DeviceServer:
    """Serves the edges that connect to the socket at `path`, to which only this user has access.

    The waiting rows of an edge that disconnects are dropped; other edges are not affected. After a stop,
    edges have `drain_s` to finish their calls and disconnect.
    """

    path: Path
    graphs: Sequence[ServedGraph]
    drain_s: float = 0.0
    _edges: set[_Edge] = field(default_factory=set, init=False)
    _handshakes: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _empty: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def start(self) -> None:
        """Listen. An existing socket file at `path` is stale, since this process holds the lock of the home.

        Raises:
            FailedPrecondition: the path is too long for a socket.
        """
        if len(os.fsencode(self.path)) > MAX_PATH_BYTES:
            raise FailedPrecondition(
                f"{self.path} is too long for the name of a socket ({MAX_PATH_BYTES} bytes): "
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
            except OSError as error:  # for example too many open files
                LOG.warning("a connection of an edge process could not be accepted: %s", error)
                await asyncio.sleep(RETRY_S)
                continue
            handshake = loop.create_task(self._admit(channel))
            self._handshakes.add(handshake)
            handshake.add_done_callback(self._handshakes.discard)

    async def _admit(self, channel: socket.socket) -> None:
        try:
            rows = await asyncio.to_thread(self._shake_hands, channel)
            edge = _Edge(self, rows)
            await asyncio.get_running_loop().connect_accepted_socket(lambda: edge, channel)
        except Exception as error:
            LOG.warning("the handshake of an edge process failed: %s", error)
            channel.close()
        except asyncio.CancelledError:
            channel.close()
            raise

    def _shake_hands(self, channel: socket.socket) -> list[SharedRows]:
        channel.settimeout(HANDSHAKE_S)
        about = tuple(graph.about for graph in self.graphs)
        send_message(channel, Hello(about).to_message())
        message, file = receive_message(channel)
        if file is None:
            raise ValueError("the edge sent no shared memory")
        try:
            return map_memory_file(file, [graph.rows for graph in about], message["slots"])
        finally:
            os.close(file)

    def joined(self, edge: _Edge) -> None:
        self._edges.add(edge)
        self._empty.clear()
        LOG.info("an edge process has connected; %d are connected", len(self._edges))

    def left(self, edge: _Edge) -> None:
        self._edges.discard(edge)
        if not self._edges:
            self._empty.set()
        LOG.info("an edge process has disconnected; %d are connected", len(self._edges))

    async def stop(self) -> None:
        """Stop listening, let the edges drain, then close their connections: calls fail as UNAVAILABLE."""
        self.path.unlink(missing_ok=True)
        for task in (self._accepting, *self._handshakes):
            task.cancel()
        await asyncio.wait((self._accepting, *self._handshakes))
        self._listener.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.drain_s):
                await self._empty.wait()
        for edge in tuple(self._edges):
            edge.close()


class _Edge(asyncio.Protocol):
    """One connected edge; each of its requests to run is a task."""

    def __init__(self, server: DeviceServer, rows: Sequence[SharedRows]) -> None:
        self._server = server
        self._rows = rows
        self._received = bytearray()
        self._running: dict[int, asyncio.Task[Answer]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._server.joined(self)

    def connection_lost(self, error: Exception | None) -> None:
        for run in tuple(self._running.values()):
            run.cancel()
        self._server.left(self)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        for request in requests(self._received):
            if request.verb is Verb.RUN:
                run = asyncio.get_running_loop().create_task(self._run(request))
                self._running[request.id] = run
                run.add_done_callback(partial(self._answer, request.id))
            elif request.id in self._running:
                self._running[request.id].cancel()

    async def _run(self, request: Request) -> Answer:
        deadline = None if math.isinf(request.deadline) else request.deadline
        rows, stop = self._rows[request.graph], request.first + request.count
        runner = self._server.graphs[request.graph].runner
        inputs = rows.inputs[request.first : stop]
        result = await runner.submit(inputs, deadline=deadline, bulk=request.bulk)
        rows.outputs[request.first : stop] = result.outputs
        return Answer(request.id, True, result.queue_ns, result.run_ns)

    def _answer(self, request_id: int, run: asyncio.Task[Answer]) -> None:
        """Answer every request, whatever its outcome, because the edge keeps its slots until then."""
        del self._running[request_id]
        if run.cancelled():
            answer = Answer(request_id, done=False)
        elif error := run.exception():
            if not isinstance(error, ArmoireError):
                LOG.error("a model failed", exc_info=error)
            answer = Answer(request_id, done=False, error=error)
        else:
            answer = run.result()
        if not self._transport.is_closing():
            self._transport.write(answer.pack())
