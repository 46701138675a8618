"""The connections of the gRPC port, which gRPC's library neither tells nor closes: they are found among the
process's open files.
"""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

OPEN_FILES = Path("/proc/self/fd")
"""Of this process, where the system is Linux; elsewhere no connections are found."""
SWEEP_S = 1.0
"""How often the connections are counted, and how old the ones are that may be closed."""
FULL = 0.75
"""The share of the connections from which on those without a call are closed."""
_SCAN = threading.Lock()
"""Scans at the same time would duplicate the duplicates of each other, again and again."""
_LAST_RECEIVED = struct.Struct("I")
_LAST_RECEIVED_AT = 52
"""Where the milliseconds since data came are. Source: struct tcp_info in linux/tcp.h, tcpi_last_data_recv."""


@dataclass(eq=False)
class GrpcConnections:
    """Knows which connections have calls, and closes others where too many are open.

    Attributes:
        max_connections: how many gRPC takes; it closes more as they come.
        port: of the server.
    """

    max_connections: int
    port: int = 0
    _calls: Counter[str] = field(default_factory=Counter, init=False)

    @contextmanager
    def calling(self, peer: str) -> Iterator[None]:
        """The connection, named as gRPC names a peer, has a call."""
        self._calls[peer] += 1
        try:
            yield
        finally:
            self._calls[peer] -= 1
            if not self._calls[peer]:
                del self._calls[peer]

    @contextmanager
    def closing_late(self, peer: str, seconds: float) -> Iterator[None]:
        """Close the peer's connection if the block takes longer: it waits until the peer has read."""
        timer = self._close_later(peer, seconds)
        try:
            yield
        finally:
            timer.cancel()

    def close_unless_taken(self, peer: str, seconds: float) -> None:
        """Close the peer's connection unless this task, which ends when the peer has read, ends in time."""
        timer, task = self._close_later(peer, seconds), asyncio.current_task()
        if task is not None:
            task.add_done_callback(lambda _: timer.cancel())

    def _close_later(self, peer: str, seconds: float) -> asyncio.TimerHandle:
        loop = asyncio.get_running_loop()
        return loop.call_later(seconds, loop.run_in_executor, None, self.close, peer)

    async def sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            await asyncio.to_thread(self.sweep)

    def sweep(self, min_idle_s: float = SWEEP_S) -> int:
        """Close those without a call that have sent nothing for longest, until a quarter of the room is free.

        Returns how many were closed.
        """
        with _accepted(self.port) as found:
            room = int(self.max_connections * FULL)
            if len(found) <= room:
                return 0
            idle = sorted(((_idle_s(each), each) for each in found), key=lambda pair: -pair[0])
            closable = [each for idle_s, each in idle if idle_s >= min_idle_s and self._is_free(each)]
            chosen = closable[: len(found) - room]
            for each in chosen:
                _shut(each)
            return len(chosen)

    def close(self, peer: str) -> None:
        """Close a peer's connection, with all its calls."""
        with _accepted(self.port) as found:
            for each in found:
                if _peer_of(each) == peer:
                    _shut(each)

    def _is_free(self, connection: socket.socket) -> bool:
        return _peer_of(connection) not in self._calls

    def defer_accept(self, seconds: int) -> None:
        """Let the system hold back connections until they send something, for as long as that."""
        with _sockets(self.port) as found:
            for each in found:
                if each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, seconds)


@contextmanager
def _accepted(port: int) -> Iterator[list[socket.socket]]:
    with _sockets(port) as found:
        yield [each for each in found if not each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)]


@contextmanager
def _sockets(port: int) -> Iterator[list[socket.socket]]:
    """Duplicates of this process's TCP sockets on a port of its own; they stay if gRPC closes its."""
    found: list[socket.socket] = []
    with _SCAN:
        try:
            for file in OPEN_FILES.iterdir() if OPEN_FILES.exists() else ():
                with suppress(OSError):
                    if stat.S_ISSOCK(file.stat().st_mode):
                        found.append(_duplicate(int(file.name)))
            yield [each for each in found if _is_on(each, port)]
        finally:
            for each in found:
                each.close()


def _duplicate(number: int) -> socket.socket:
    copied = os.dup(number)
    try:
        return socket.socket(fileno=copied)
    except OSError:  # another file has the number by now
        os.close(copied)
        raise


def _is_on(each: socket.socket, port: int) -> bool:
    if each.family not in (socket.AF_INET, socket.AF_INET6) or each.type != socket.SOCK_STREAM:
        return False
    with suppress(OSError):
        return bool(each.getsockname()[1] == port)
    return False


def _idle_s(connection: socket.socket) -> float:
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_RECEIVED_AT + _LAST_RECEIVED.size)
    milliseconds: int = _LAST_RECEIVED.unpack_from(info, _LAST_RECEIVED_AT)[0]
    return milliseconds / 1e3


def _peer_of(connection: socket.socket) -> str:
    """As gRPC names it, such as ipv4:127.0.0.1:50000; empty where it has gone."""
    try:
        host, port = connection.getpeername()[:2]
    except OSError:
        return ""
    if connection.family == socket.AF_INET6 and not host.startswith("::ffff:"):
        return f"ipv6:%5B{host}%5D:{port}"
    return f"ipv4:{host.removeprefix('::ffff:')}:{port}"


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
