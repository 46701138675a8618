"""Connections without a request make room, on a real server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from services.edge.http.connections import ConnectionOptions, limited

REQUEST = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


class Server(uvicorn.Server):
    """Tells when it listens, and leaves the signals of the tests alone."""

    def __init__(self, options: ConnectionOptions) -> None:
        config = uvicorn.Config(answer, port=0, lifespan="off", log_config=None)
        config.load()
        config.http_protocol_class = limited(config.http_protocol_class, options)
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @property
    def port(self) -> int:
        port: int = self.servers[0].sockets[0].getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def serving(options: ConnectionOptions) -> AsyncIterator[Server]:
    server = Server(options)
    running = asyncio.create_task(server._serve())
    await server.listening.wait()
    try:
        yield server
    finally:
        server.should_exit = True
        await running


async def connected(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", server.port)


async def asked(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> bytes:
    """The response on a connection that stays open."""
    reader, writer = streams
    writer.write(REQUEST)
    response = await reader.readuntil(b"\r\n\r\nok")
    return response.splitlines()[0]


async def test_the_connection_that_has_waited_longest_makes_room() -> None:
    async with serving(ConnectionOptions(max_connections=2, header_timeout_s=3600)) as server:
        silent = await connected(server)
        used = await connected(server)
        assert await asked(used) == b"HTTP/1.1 200 OK"
        newest = await connected(server)
        assert await silent[0].read() == b""
        assert await asked(newest) == b"HTTP/1.1 200 OK"
        assert await asked(used) == b"HTTP/1.1 200 OK"
        for streams in (silent, used, newest):
            streams[1].close()


@pytest.mark.parametrize("sent", [b"", b"GET / HT", REQUEST[:-2]])
async def test_a_connection_whose_headers_do_not_come_is_closed(sent: bytes) -> None:
    async with serving(ConnectionOptions(header_timeout_s=0.01)) as server:
        reader, writer = await connected(server)
        writer.write(sent)
        assert await reader.read() == b""
        writer.close()


async def test_headers_half_sent_after_a_response_are_closed_too() -> None:
    async with serving(ConnectionOptions(header_timeout_s=0.01)) as server:
        reader, writer = await connected(server)
        writer.write(REQUEST + REQUEST[:-2])
        assert (await reader.read()).count(b"200 OK") == 1
        writer.close()
