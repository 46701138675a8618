"""Limits the connections of the HTTP server, and how long a caller may take for the headers of a request."""

from __future__ import annotations

import asyncio
from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

STEP_BYTES = 4096


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """Attributes:
    max_connections: how many may be open. Then the one that has waited longest for a request is closed.
    header_timeout_s: how long the headers of a request may take, from the connection or the last response on.
    """

    max_connections: int = 512
    header_timeout_s: float = 10.0


class WaitingConnections:
    """The connections that wait for the headers of a request, in the order in which they began to."""

    def __init__(self, options: ConnectionOptions) -> None:
        self._options = options
        self._timers: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}

    def update(self, transport: asyncio.BaseTransport, waits: bool) -> None:
        """Tell whether a connection waits; one that waits for too long is closed."""
        if not waits:
            self.discard(transport)
        elif transport not in self._timers:
            loop, timeout_s = asyncio.get_running_loop(), self._options.header_timeout_s
            self._timers[transport] = loop.call_later(timeout_s, self._close, transport)

    def discard(self, transport: asyncio.BaseTransport) -> None:
        if timer := self._timers.pop(transport, None):
            timer.cancel()

    def make_room(self, open: Sized, newest: asyncio.BaseTransport) -> None:
        """Close the one that has waited longest if too many are open; the newest if none waits but it."""
        if len(open) > self._options.max_connections:
            self._close(next(iter(self._timers), newest))

    def _close(self, transport: asyncio.BaseTransport) -> None:
        self.discard(transport)
        transport.close()


def limited(protocol: type[Any], options: ConnectionOptions) -> type[Any]:
    """A protocol of uvicorn's for HTTP/1.1, whose connections are limited together."""
    waiting = WaitingConnections(options)

    class LimitedProtocol(protocol):
        _unread, _paused = b"", False

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            waiting.update(transport, waits=True)
            waiting.make_room(self.connections, transport)

        def connection_lost(self, error: Exception | None) -> None:
            waiting.discard(self.transport)
            super().connection_lost(error)

        def data_received(self, data: bytes) -> None:
            self._unread += data
            if len(self._unread) == len(data):
                self._feed()

        def _feed(self) -> None:
            """Let the parser see a little more of what has arrived, and the rest in a later turn of the loop.

            It parses all that it sees at once, and a body in chunks of one byte takes it long.
            """
            if self.transport.is_closing():
                return
            size = STEP_BYTES if self._in_steps() else len(self._unread)
            data, self._unread = self._unread[:size], self._unread[size:]
            super().data_received(data)
            self._tell()
            if self._unread:
                self._paused = True
                self.transport.pause_reading()
                self.loop.call_soon(self._feed)
            elif self._paused and not self.flow.read_paused:
                self._paused = False
                self.transport.resume_reading()

        def _in_steps(self) -> bool:
            """While headers come, which may be those of chunks, and then for chunks."""
            return self._waits() or any(name == b"transfer-encoding" for name, _ in self.headers or ())

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._tell()

        def _tell(self) -> None:
            waiting.update(self.transport, self._waits() and not self.transport.is_closing())

        def _waits(self) -> bool:
            return self.cycle is None or bool(self.cycle.response_complete)

    return LimitedProtocol
