"""Calls that their caller ends, by each of the clients that JavaScript has for Connect and gRPC.

The edge is the real one, over sockets; behind it is a servicer that makes the moment of the end certain.
"""

from __future__ import annotations

import asyncio
import json
import socket
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from google.protobuf.message import Message

from armoire.v1 import catalog_pb2, images_pb2, indexing_pb2, items_pb2, search_pb2
from domain.errors import Overloaded
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.http.app import build_http_app
from services.edge.late_servicer import LateServicer
from services.edge.server import GrpcOptions, GrpcServer
from tests.integration.javascript import LIMIT_S, OTHERS, REFERENCE, command

CATALOG = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]


class WaitingServicer:
    """Search and WatchIndexingJob wait until their caller leaves; GetItem and GetImage tell when."""

    def __init__(self) -> None:
        self._calls = 0
        self._busy = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def _waiting(self) -> Iterator[asyncio.Event]:
        """An event that never comes. A call whose caller left early may begin beside the next one."""
        self._calls += 1
        self._idle.clear()
        self._busy.set()
        try:
            yield asyncio.Event()
        finally:
            self._calls -= 1
            if not self._calls:
                self._busy.clear()
                self._idle.set()

    async def Search(self, request: Message, context: Any) -> Message:
        with self._waiting() as never:
            await never.wait()
        return search_pb2.SearchResponse()

    async def WatchIndexingJob(self, request: Any, context: Any) -> AsyncIterator[Message]:
        with self._waiting() as never:
            yield indexing_pb2.WatchIndexingJobResponse(job=indexing_pb2.IndexingJob(id=request.job_id))
            await never.wait()

    async def GetItem(self, request: Message, context: Any) -> Message:
        await self._busy.wait()
        return items_pb2.GetItemResponse()

    async def GetImage(self, request: Message, context: Any) -> Message:
        await self._idle.wait()
        return images_pb2.GetImageResponse()

    async def GetProduct(self, request: Message, context: Any) -> Message:
        raise Overloaded("the queue is full", retry_after_s=1.5)

    async def ListProducts(self, request: Message, context: Any) -> Message:
        raise RuntimeError("a defect")


@dataclass(frozen=True)
class Backend:
    """What the HTTP app asks of a server."""

    calls: Calls
    services: list[HostedService]
    max_message_bytes: int = 2**20


@asynccontextmanager
async def http_serving(backend: Backend) -> AsyncIterator[str]:
    """The app behind uvicorn on a free port; gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            build_http_app(lambda: backend), lifespan="off", log_config=None, timeout_keep_alive=3600
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


@asynccontextmanager
async def edge() -> AsyncIterator[tuple[str, str]]:
    """Gives (base URL, host:port of gRPC)."""
    late = LateServicer(CATALOG)  # has a function for the methods that no test calls, too
    late.servicer = WaitingServicer()
    backend = Backend(Calls(Admission(8)), [HostedService(CATALOG, late)])
    grpc_server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), backend.services, backend.calls)
    await grpc_server.start()
    async with http_serving(backend) as base_url:
        yield base_url, grpc_server.address
    await grpc_server.stop()


async def run(line: list[str]) -> str:
    """What the program prints."""
    process = await asyncio.create_subprocess_exec(*line, stdout=PIPE, stderr=PIPE)
    try:
        output, errors = await asyncio.wait_for(process.communicate(), LIMIT_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, errors.decode()
    return output.decode()


async def told_to_each() -> dict[str, Any]:
    async with edge() as addresses:
        told: dict[str, Any] = json.loads(await run(command("waiting.mjs", *addresses)))
    return told


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What each client was told, one client after the other."""
    return asyncio.run(told_to_each())


@pytest.mark.parametrize("client", [REFERENCE, *OTHERS])
def test_a_caller_that_leaves_is_noticed(answers: dict[str, Any], client: str) -> None:
    told = answers[client]
    assert "thrown" not in told, told["thrown"]
    assert told["cancelledStream"] == {"first": "mine", "code": "Canceled"}
    assert told["cancelledCall"] == "Canceled"
    assert told["overrunStream"] == told["overrunCall"] == "DeadlineExceeded"


@pytest.mark.parametrize("client", [REFERENCE, *OTHERS])
def test_a_refusal_says_when_to_come_back(answers: dict[str, Any], client: str) -> None:
    refusal = answers[client]["overloaded"]
    assert refusal == answers[REFERENCE]["overloaded"]
    assert (refusal["code"], refusal["retryAfterMs"]) == ("ResourceExhausted", 1500)
    assert (refusal["message"], refusal["requestId"]) == ("the queue is full", "full")


@pytest.mark.parametrize("client", [REFERENCE, *OTHERS])
def test_a_defect_is_told_without_its_words(answers: dict[str, Any], client: str) -> None:
    failure = answers[client]["broken"]
    assert failure == answers[REFERENCE]["broken"]
    assert (failure["code"], failure["requestId"]) == ("Internal", "bug")
    assert "a defect" not in failure["message"]
