"""Limits the connections of the HTTP server, and how long a caller may take for the headers of a request."""

from __future__ import annotations

import asyncio
from collections.abc import Sized
from dataclasses import dataclass
from typing import Any


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
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            waiting.update(transport, waits=True)
            waiting.make_room(self.connections, transport)

        def connection_lost(self, error: Exception | None) -> None:
            waiting.discard(self.transport)
            super().connection_lost(error)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._tell()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._tell()

        def _tell(self) -> None:
            waits = self.cycle is None or self.cycle.response_complete
            waiting.update(self.transport, waits and not self.transport.is_closing())

    return LimitedProtocol
