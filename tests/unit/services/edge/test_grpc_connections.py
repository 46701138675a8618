"""Callers who say nothing, half of something, or never read, on a real server."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any

import grpc
import pytest

from armoire.v1 import inference_pb2, inference_pb2_grpc
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.grpc_connections import GrpcConnections
from services.edge.hosted_service import HostedService
from services.edge.late_servicer import LateServicer
from services.edge.server import GrpcOptions, GrpcServer
from tests.polling import until

INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]
PATH = "/armoire.v1.InferenceService/ListModels"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
PATIENCE_S = 60
"""Which no test needs."""


class Scripted:
    """A servicer whose one call answers much, after `proceed` is set."""

    def __init__(self) -> None:
        self.entered, self.proceed = asyncio.Event(), asyncio.Event()
        self.proceed.set()

    async def ListModels(self, request: Any, context: Any) -> inference_pb2.ListModelsResponse:
        self.entered.set()
        await self.proceed.wait()
        answer = inference_pb2.ListModelsResponse()
        answer.models.add(name="x" * 2**17)
        return answer

    async def EmbedStream(self, requests: Any, context: Any) -> AsyncIterator[Any]:
        while True:
            yield inference_pb2.EmbedStreamResponse(id="x" * 2**17)


@asynccontextmanager
async def serving(**options: Any) -> AsyncIterator[tuple[GrpcServer, Scripted]]:
    servicer, late = Scripted(), LateServicer(INFERENCE)
    late.servicer = servicer
    calls = Calls(Admission(8), Admission(8, "streams"))
    server = GrpcServer(
        GrpcOptions("127.0.0.1:0", drain_s=0, **options), [HostedService(INFERENCE, late)], calls
    )
    await server.start()
    try:
        yield server, servicer
    finally:
        await server.stop()


def connected(server: GrpcServer, said: bytes = b"") -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
    opened.sendall(said)
    return opened


async def list_models(server: GrpcServer) -> int:
    async with grpc.aio.insecure_channel(server.address) as channel:
        stub = inference_pb2_grpc.InferenceServiceStub(channel)
        request = inference_pb2.ListModelsRequest()
        answer = await stub.ListModels(request, wait_for_ready=True, timeout=PATIENCE_S)
    return len(answer.models)


async def test_connections_that_say_nothing_take_no_room() -> None:
    async with serving(max_connections=4) as (server, _):
        silent = [connected(server) for _ in range(8)]
        assert await list_models(server) == 1
        for each in silent:
            each.close()


async def test_connections_without_a_call_make_room_those_with_one_stay() -> None:
    async with serving(max_connections=4) as (server, servicer):
        servicer.proceed.clear()
        used = asyncio.create_task(list_models(server))
        await servicer.entered.wait()
        half = [connected(server, PREFACE[:4]) for _ in range(3)]

        def closed_by_a_sweep() -> list[socket.socket]:
            server.connections.sweep(min_idle_s=0)
            return [each for each in half if has_ended(each)]

        assert len(await asyncio.to_thread(until, closed_by_a_sweep)) == 1  # once gRPC has accepted them
        servicer.proceed.set()
        assert await used == 1
        for each in half:
            each.close()


def has_ended(opened: socket.socket) -> bool:
    """Whether the other side has ended, as far as is known now."""
    opened.setblocking(False)
    try:
        return is_closed(opened)
    except BlockingIOError:
        return False


def is_closed(opened: socket.socket) -> bool:
    """Whether the other side has ended; waits for it."""
    try:
        while opened.recv(2**16):
            pass
    except ConnectionResetError:
        pass
    return True


async def test_a_sweep_of_few_connections_closes_none() -> None:
    connections = GrpcConnections(4, port=1)
    assert connections.sweep(min_idle_s=0) == 0


async def test_scans_at_the_same_time_do_not_duplicate_each_other_s_duplicates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    met: list[int] = []
    together, duplicate = threading.Barrier(2), os.dup

    def noted(number: int) -> int:
        with suppress(threading.BrokenBarrierError):
            together.wait(0.2)  # for another scan, which waits for this one to end
            met.append(number)
        return duplicate(number)

    monkeypatch.setattr(os, "dup", noted)
    connections = GrpcConnections(4, port=1)
    await asyncio.gather(*(asyncio.to_thread(connections.close, "nobody") for _ in range(2)))
    assert together.broken
    assert not met


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """Source: RFC 9113, section 4.1."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def call_without_a_window(path: str) -> bytes:
    """A call whose answer may not be sent: the window of its stream is 0. Source: RFC 9113, RFC 7541."""
    headers = {
        ":method": "POST", ":scheme": "http", ":path": path, ":authority": "a",
        "te": "trailers", "content-type": "application/grpc",
    }  # fmt: skip
    block = b"".join(
        b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
        for name, value in headers.items()
    )
    settings = frame(4, 0, 0, (4).to_bytes(2, "big") + bytes(4))
    return PREFACE + settings + frame(1, 4, 1, block) + frame(0, 1, 1, bytes(5))


@pytest.mark.parametrize("method", ["ListModels", "EmbedStream"])
async def test_a_caller_who_does_not_read_is_left(method: str) -> None:
    async with serving(answer_s=0.01, stream_answer_s=0.01) as (server, _):
        opened = connected(server, call_without_a_window(f"/armoire.v1.InferenceService/{method}"))
        assert await asyncio.to_thread(is_closed, opened)
        opened.close()


async def failure(call: Awaitable[Any]) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return error.value


async def test_a_request_that_does_not_come_is_refused() -> None:
    async with (
        serving(message_s=0.01) as (server, _),
        grpc.aio.insecure_channel(server.address) as channel,
    ):
        error = await failure(channel.stream_unary(PATH)())
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert error.details() == "request: must arrive within 0.01 s"


async def test_a_call_without_a_request_is_refused() -> None:
    async with serving() as (server, _), grpc.aio.insecure_channel(server.address) as channel:
        error = await failure(channel.stream_unary(PATH)(iter(())))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error.details() == "request: is missing"
