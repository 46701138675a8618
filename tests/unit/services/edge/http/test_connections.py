"""Connections without a request make room, on a real server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h11
import pytest
import trustme
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from services.edge.http.connections import STEP_BYTES, ConnectionOptions, limited

REQUEST = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


class Server(uvicorn.Server):
    """Tells when it listens, and leaves the signals of the tests alone."""

    def __init__(self, options: ConnectionOptions, app: ASGIApp, pem: Path | None = None) -> None:
        config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, ssl_certfile=pem)
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
async def serving(
    options: ConnectionOptions, app: ASGIApp = answer, pem: Path | None = None
) -> AsyncIterator[Server]:
    server = Server(options, app, pem)
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
        with contextlib.suppress(ConnectionResetError):  # it may be closed before what was sent arrives
            assert await reader.read() == b""
        writer.close()


async def test_headers_half_sent_after_a_response_are_closed_too() -> None:
    options: Any = SimpleNamespace(**asdict(ConnectionOptions(header_timeout_s=3600)))

    async def answer_and_hurry(scope: Scope, receive: Receive, send: Send) -> None:
        options.header_timeout_s = 0.01  # for the headers after this response
        await answer(scope, receive, send)

    async with serving(options, answer_and_hurry) as server:
        reader, writer = await connected(server)
        writer.write(REQUEST + REQUEST[:-2])
        assert (await reader.read()).count(b"200 OK") == 1
        writer.close()


async def test_a_body_of_small_chunks_is_parsed_in_many_turns() -> None:
    chunks = b"1\r\na\r\n" * STEP_BYTES
    head = b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
    taken: list[int] = []

    class Parser(h11.Connection):
        def receive_data(self, data: bytes) -> None:
            taken.append(len(data))
            super().receive_data(data)

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message["body"]), message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(size).encode()})

    async with serving(ConnectionOptions(), read) as server:
        base = server.config.http_protocol_class

        class Observed(base):  # type: ignore[misc, valid-type]
            def connection_made(self, transport: asyncio.Transport) -> None:
                self.conn = Parser(h11.SERVER)
                super().connection_made(transport)

        server.config.http_protocol_class = Observed
        reader, writer = await connected(server)
        writer.write(head)
        await writer.drain()
        writer.write(chunks + b"0\r\n\r\n")
        response = await reader.readuntil(str(STEP_BYTES).encode())
        writer.close()
    assert response.startswith(b"HTTP/1.1 200 OK")
    assert sum(taken) == len(head + chunks) + 5
    assert max(taken) <= STEP_BYTES


HALF, LONG = 2**23, b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n"
"""More bytes than sockets hold."""


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"2"), (b"connection", b"close")]
    await receive()
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": b"no"})


async def test_a_caller_whose_body_is_refused_can_send_it_all_and_read_why() -> None:
    async with serving(ConnectionOptions(header_timeout_s=3600), refuse) as server:
        reader, writer = await connected(server)
        writer.write(LONG % (2 * HALF) + bytes(HALF))
        response = await reader.read()
        writer.write(bytes(HALF))
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert response.startswith(b"HTTP/1.1 429 ")
    assert response.endswith(b"no")


async def write_for_ever(writer: asyncio.StreamWriter) -> None:
    """Raises ConnectionError when the server leaves."""
    while True:
        writer.write(bytes(2**16))
        await writer.drain()


async def test_a_refused_body_is_not_read_for_ever() -> None:
    async with serving(ConnectionOptions(header_timeout_s=0.01), refuse) as server:
        _, writer = await connected(server)
        writer.write(LONG % 2**50)
        with pytest.raises(ConnectionError):
            await write_for_ever(writer)
        writer.close()


async def test_a_caller_who_does_not_read_is_left() -> None:
    left = asyncio.Event()

    async def answer_much(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": bytes(2**26)})
        left.set()

    async with serving(ConnectionOptions(answer_s=0.01), answer_much) as server:
        _, writer = await connected(server)
        writer.write(REQUEST)
        async with asyncio.timeout(60):
            await left.wait()
        writer.close()


@pytest.mark.parametrize("begun", [False, True])
async def test_a_body_that_is_no_http_leaves_no_traceback(
    begun: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With TLS, because such a connection is closed some time after the refusal."""
    ca, done = trustme.CA(), asyncio.Event()
    ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    context = ssl.create_default_context()
    ca.configure_trust(context)
    start = {"type": "http.response.start", "status": 200, "headers": []}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if begun:
            await send(start)
            await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        if not begun:
            await send(start)
        await send({"type": "http.response.body", "body": b"late"})
        done.set()

    async with serving(ConnectionOptions(), app, tmp_path / "server.pem") as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=context)
        writer.write(b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n")
        if begun:
            await reader.readuntil(b"begun")
        writer.write(b"no chunk\r\n")
        response = await reader.read()
        await done.wait()
        writer.close()
    assert begun or response.startswith(b"HTTP/1.1 400 ")
    assert b"late" not in response
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
