"""What answers when, while a server starts, with the demo models and embedded stores."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from armoire.v1 import catalog_pb2_grpc, inference_pb2, inference_pb2_grpc, items_pb2
from demo.server import free_port
from domain.errors import FailedPrecondition
from services.catalog.options import CatalogOptions
from services.edge.account_servicer import ACCOUNT
from services.edge.admin_servicer import ADMIN
from services.edge.model_servicer import MODELS
from services.edge.oip.servicer import OPEN_INFERENCE
from services.edge.server import GrpcOptions
from services.host.application import Application, ApplicationOptions
from services.host.catalog_part import CATALOG
from services.host.inference_part import INFERENCE, InferencePart
from services.host.metrics.prometheus import NoMetrics
from services.inference.options import InferenceOptions

ROOT = Path(__file__).parents[4]
STATES = health_pb2.HealthCheckResponse
ACCESS = (ADMIN.full_name, ACCOUNT.full_name)


@pytest.fixture
def port() -> int:
    return free_port()


class SlowImport:
    """Makes the catalogue's options once it is let; raises `error` where there is one."""

    def __init__(self, home: Path, error: Exception | None = None) -> None:
        self.asked, self.may_end = threading.Event(), threading.Event()
        self._home, self._error = home, error

    def __call__(self) -> CatalogOptions:
        self.asked.set()
        assert self.may_end.wait(300)
        if self._error is not None:
            raise self._error
        home = self._home
        return CatalogOptions(
            f"sqlite:///{home / 'catalog.db'}", str(home / "blobs"), str(home / "vectors.db")
        )


def application(home: Path, catalog: Callable[[], CatalogOptions] | None, port: int) -> Application:
    models = InferenceOptions(
        ROOT / "artifacts/demo-detector", ROOT / "artifacts/demo-embedder", cache_folder=home / "cache"
    )
    options = ApplicationOptions(
        home, ROOT / "domain/taxonomy.toml", models, catalog, grpc=GrpcOptions(f"127.0.0.1:{port}", drain_s=1)
    )
    return Application(options, NoMetrics())


class Caller:
    """Asks a starting server over gRPC."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.inference = inference_pb2_grpc.InferenceServiceStub(channel)
        self.catalog = catalog_pb2_grpc.CatalogServiceStub(channel)
        self._health = health_pb2_grpc.HealthStub(channel)

    async def health(self) -> dict[str, int]:
        names = ("", INFERENCE.full_name, CATALOG.full_name)
        asked = [self._health.Check(health_pb2.HealthCheckRequest(service=name)) for name in names]
        return {name: (await call).status for name, call in zip(names, asked, strict=True)}

    async def until(self, name: str, state: int) -> None:
        request = health_pb2.HealthCheckRequest(service=name)
        async for reply in self._health.Watch(request, wait_for_ready=True):
            if reply.status == state:
                return


@asynccontextmanager
async def starting(server: Application, port: int) -> AsyncIterator[tuple[asyncio.Task[None], Caller]]:
    task = asyncio.create_task(server.start())
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield task, Caller(channel)
    finally:
        await asyncio.wait([task])
        await server.stop()


async def test_the_models_answer_while_the_catalogue_still_opens(
    tmp_path: Path, port: int, samples: list[Path]
) -> None:
    slow = SlowImport(tmp_path)
    server = application(tmp_path, slow, port)
    async with starting(server, port) as (task, caller):
        try:
            request = inference_pb2.AnalyzeRequest(images=[{"content": samples[0].read_bytes()}])
            answered = await caller.inference.Analyze(request, wait_for_ready=True, timeout=300)
            assert answered.results[0].analysis.items
            await caller.until(INFERENCE.full_name, STATES.SERVING)
            assert (await caller.health())[""] == STATES.NOT_SERVING
            assert (await caller.health())[CATALOG.full_name] == STATES.NOT_SERVING
            assert not server.ready
            with pytest.raises(grpc.RpcError) as refused:
                await caller.catalog.ListItems(items_pb2.ListItemsRequest())
            assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
            assert "still starting" in str(refused.value.details())
        finally:
            slow.may_end.set()
        await task
        await caller.until("", STATES.SERVING)
        assert set((await caller.health()).values()) == {STATES.SERVING}
        assert not (await caller.catalog.ListItems(items_pb2.ListItemsRequest())).items


async def test_the_health_of_the_models_is_followed_while_the_catalogue_still_opens(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, slow = [True], SlowImport(tmp_path)
    monkeypatch.setattr(InferencePart, "ready", property(lambda _: answers[0]))
    server = application(tmp_path, slow, port)
    async with starting(server, port) as (task, caller):
        try:
            async with asyncio.timeout(300):
                await caller.until(INFERENCE.full_name, STATES.SERVING)
                answers[0] = False
                await caller.until(INFERENCE.full_name, STATES.NOT_SERVING)
                answers[0] = True
                await caller.until(INFERENCE.full_name, STATES.SERVING)
        finally:
            slow.may_end.set()
        await task


async def test_a_catalogue_that_cannot_open_ends_the_start(tmp_path: Path, port: int) -> None:
    slow = SlowImport(tmp_path, FailedPrecondition("no such store"))
    slow.may_end.set()
    server = application(tmp_path, slow, port)
    with pytest.raises(FailedPrecondition, match="no such store"):
        await server.start()
    again = application(tmp_path, None, port)  # the home and the port are free again
    await again.start()
    await again.stop()


async def test_without_a_catalogue_none_is_imported_nor_offered(tmp_path: Path, port: int) -> None:
    server = application(tmp_path, None, port)
    await server.start()
    try:
        assert server.ready
        names = [service.name for service in server.services]
        assert names == [INFERENCE.full_name, MODELS.full_name, OPEN_INFERENCE.full_name, *ACCESS]
    finally:
        await server.stop()
    assert not server.ready
