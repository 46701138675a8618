"""Limits the connections of the HTTP server, and how long a caller may take for the headers of a request."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import Any

import h11

STEP_BYTES = 4096
PROGRESS_BYTES = 2**16
_ACKED = struct.Struct("Q")
_ACKED_AT = 120
"""Where the bytes are that the peer has got. Source: struct tcp_info in linux/tcp.h, tcpi_bytes_acked."""


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """Attributes:
    max_connections: how many may be open. Then the one that has waited longest for a request is closed.
    header_timeout_s: how long the headers of a request may take, from the connection or the last response on.
    answer_s: a caller who reads less than 64 KiB of a long response in that time is left.
    """

    max_connections: int = 512
    header_timeout_s: float = 10.0
    answer_s: float = 30.0


class WaitingConnections:
    """The connections that wait for the headers of a request, in the order in which they began to."""

    def __init__(self, options: ConnectionOptions) -> None:
        self._options = options
        self._timers: dict[LingeringTransport, asyncio.TimerHandle] = {}

    def update(self, transport: LingeringTransport, waits: bool) -> None:
        """Tell whether a connection waits; one that waits for too long is closed."""
        if not waits:
            self.discard(transport)
        elif transport not in self._timers:
            loop, timeout_s = asyncio.get_running_loop(), self._options.header_timeout_s
            self._timers[transport] = loop.call_later(timeout_s, self._close, transport)

    def discard(self, transport: LingeringTransport) -> None:
        if timer := self._timers.pop(transport, None):
            timer.cancel()

    def make_room(self, open: Sized, newest: LingeringTransport) -> None:
        """Close the one that has waited longest if too many are open; the newest if none waits but it."""
        if len(open) > self._options.max_connections:
            self._close(next(iter(self._timers), newest))

    def _close(self, transport: LingeringTransport) -> None:
        """Close it at once if there are responses that nobody reads: they would be sent before."""
        self.discard(transport)
        if transport.get_write_buffer_size():
            transport.abort()
        else:
            transport.close_now()


class SlowReader:
    """Leaves a caller who does not read what is sent."""

    def __init__(self, transport: asyncio.Transport, answer_s: float) -> None:
        self._transport = transport
        self._answer_s = answer_s
        self._acked = 0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """The response waits for the caller."""
        self._acked = _acked(self._transport)
        self._timer = asyncio.get_running_loop().call_later(self._answer_s, self._check)

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check(self) -> None:
        if _acked(self._transport) - self._acked < PROGRESS_BYTES:
            self._transport.abort()
        else:
            self.begin()


def _acked(transport: asyncio.Transport) -> int:
    """How many bytes the peer has got; 0 where the system does not tell."""
    opened = transport.get_extra_info("socket")
    if opened is None or not hasattr(socket, "TCP_INFO"):
        return 0
    info = opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKED_AT + _ACKED.size)
    acked: int = _ACKED.unpack_from(info, _ACKED_AT)[0]
    return acked


class LingeringTransport:
    """A transport that, when it is closed before a request has been read, first reads on.

    Closed at once, the system resets the connection, and the response may be lost before the caller reads it.
    What is still sent is thrown away until the caller closes, or this is closed once more. The caller is told
    the end of the response at once where the transport can, which is so without TLS.

    Source: lingering_close of nginx; RFC 9112, section 9.6.
    """

    def __init__(
        self, transport: asyncio.Transport, has_rest: Callable[[], bool], linger: Callable[[], None]
    ) -> None:
        """`linger` is called when it begins to read on, and sees to it that this ends."""
        self._transport = transport
        self._has_rest = has_rest
        self._linger = linger
        self.lingers = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        return self.lingers or self._transport.is_closing()

    def close(self) -> None:
        if self.is_closing() or not self._has_rest():
            self.close_now()
            return
        self.lingers = True
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._transport.resume_reading()
        self._linger()

    def close_now(self) -> None:
        self._transport.close()


def limited(protocol: type[Any], options: ConnectionOptions) -> type[Any]:
    """A protocol of uvicorn's for HTTP/1.1, whose connections are limited together."""
    waiting = WaitingConnections(options)

    class LimitedProtocol(protocol):
        _unread, _paused = b"", False

        def connection_made(self, transport: asyncio.Transport) -> None:
            lingering = LingeringTransport(transport, self._has_rest, self._linger)
            super().connection_made(lingering)
            self._reader = SlowReader(transport, options.answer_s)
            waiting.update(lingering, waits=True)
            waiting.make_room(self.connections, lingering)

        def connection_lost(self, error: Exception | None) -> None:
            waiting.discard(self.transport)
            self._reader.end()
            super().connection_lost(error)

        def send_400_response(self, msg: str) -> None:
            """For what is no HTTP, in the middle of a request, too: its app then sends nothing any more."""
            cycle, answers = self.cycle, not self._waits()
            if answers:
                cycle.disconnected = True
                cycle.message_event.set()
            if answers and cycle.response_started:
                self.transport.close()
            else:
                super().send_400_response(msg)

        def pause_writing(self) -> None:
            super().pause_writing()
            self._reader.begin()

        def resume_writing(self) -> None:
            super().resume_writing()
            self._reader.end()

        def _has_rest(self) -> bool:
            return self.conn.their_state is h11.SEND_BODY

        def _linger(self) -> None:
            """Wait as for headers: it ends after the same time, or makes room for a newer connection."""
            waiting.update(self.transport, waits=True)

        def data_received(self, data: bytes) -> None:
            if self.transport.lingers:
                return
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
            open = not self.transport.is_closing()
            waiting.update(self.transport, self.transport.lingers or (self._waits() and open))

        def _waits(self) -> bool:
            return self.cycle is None or bool(self.cycle.response_complete)

    return LimitedProtocol
