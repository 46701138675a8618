"""Each failure has one status, whatever the transport: over a real server, with real clients."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from armoire.v1 import indexing_pb2, inference_pb2, products_pb2
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.http.options import HttpOptions
from services.host.application import Application
from tests.integration.failures import page
from tests.integration.failures.failures import FAILURES, Failure, World, photo
from tests.integration.failures.served import Broken, Edge, application, few_pixels, unhosted, with_calls
from tests.integration.failures.transports import Told, over_connect_json, over_grpc
from tests.integration.failures.ways import CATALOG, INFERENCE, Rpc

pytestmark = pytest.mark.asyncio(loop_scope="module")
INFERENCE_SERVICE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]
WRITE = os.environ.get("WRITE_ERRORS_DOC") == "1"


@pytest.fixture(scope="module")
def cells() -> dict[str, page.Row]:
    """What the tests have seen, for the page."""
    return {}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    home = tmp_path_factory.mktemp("failures")
    running = application(home)
    await running.start()
    async with AsyncExitStack() as closing:
        closing.push_async_callback(running.stop)
        edges = edges_before(running, closing)
        methods = {method.path: method for service in running.services for method in service.methods()}
        for edge in edges.values():
            await closing.enter_async_context(edge.serving(methods))
        made = World(edges, home / "blobs")
        await stock(made)
        yield made


def edges_before(running: Application, closing: AsyncExitStack) -> dict[str, Edge]:
    plane, services = running.open_inference, running.services
    assert plane is not None
    draining = Calls(Admission(8))
    draining.drain()
    full, full_of_streams = Admission(1), Admission(1, "streams")
    for admission in (full, full_of_streams):
        closing.enter_context(admission.acquire())
    states = {
        "plain": Calls(Admission(8)),
        "no calls": Calls(full),
        "no streams": Calls(Admission(8), full_of_streams),
        "draining": draining,
        "few pixels": Calls(Admission(8), callers=few_pixels()),
        "no pixels": Calls(Admission(8), callers=few_pixels()),
    }
    edges = {name: Edge(with_calls(services, calls, plane), calls, plane) for name, calls in states.items()}
    broken = [HostedService(each.descriptor, Broken()) for each in services]
    fresh = states["plain"]
    return edges | {
        "starting": Edge(unhosted(services), fresh),
        "broken": Edge(broken, fresh),
        "empty": Edge([], fresh),
        "no uploads": Edge(services, fresh, plane, HttpOptions(max_uploads=0)),
        "no time to upload": Edge(services, fresh, plane, HttpOptions(read_timeout_s=0.01)),
    }


async def stock(world: World) -> None:
    """Put a product and an ended job into the catalogue."""
    wanted = products_pb2.Product(display_name="hat", external_id="hat-1")
    create = products_pb2.CreateProductRequest(product=wanted, idempotency_key="key")
    world.product = (await ask(world, f"{CATALOG}/CreateProduct", create))[0].product
    index = indexing_pb2.IndexImageRequest(image=photo())
    world.job_id = (await ask(world, f"{CATALOG}/IndexImage", index))[0].job.id
    watch = indexing_pb2.WatchIndexingJobRequest(job_id=world.job_id)
    assert (await ask(world, f"{CATALOG}/WatchIndexingJob", watch))[-1].job.state == (
        indexing_pb2.INDEXING_JOB_STATE_COMPLETE
    )
    models = (await ask(world, f"{INFERENCE}/ListModels", inference_pb2.ListModelsRequest()))[0].models
    (world.detector,) = (each.version for each in models if each.task == inference_pb2.MODEL_TASK_DETECT)


async def ask(world: World, path: str, request: Any) -> Any:
    edge = world.edges["plain"]
    answer = await over_grpc(edge, edge.method(path), [request])
    assert answer.failure is None
    return answer.responses


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.title)
async def test_a_failure_has_one_status(world: World, failure: Failure, cells: dict[str, page.Row]) -> None:
    row = page.Row(failure)
    edge = world.edges[failure.edge]
    async with failure.during(world):
        for way in failure.ways(world):
            told = await way.told(edge)
            assert_same(told, in_full=isinstance(way, Rpc))
            for column, each in told.items():
                assert (each.code, each.reason) == (failure.code, failure.reason), (way.name, column, each)
                assert each.http in (None, failure.http), (way.name, column)
                row.add(way.name, column, each)
    assert len(row.kinds) == 1, row.kinds
    cells[failure.title] = row


def assert_same(told: dict[str, Told], in_full: bool) -> None:
    """A stream of the Open Inference Protocol tells the details in part."""
    first = next(iter(told.values()))
    for column, each in told.items():
        assert (each.code, each.message, each.kinds) == (first.code, first.message, first.kinds), (
            column,
            told,
        )
        assert not in_full or each.details == first.details, (column, told)


async def test_the_page_has_the_table(cells: dict[str, page.Row]) -> None:
    if set(cells) != {failure.title for failure in FAILURES}:
        pytest.skip("needs the tests of all failures")
    assert len(cells) >= 25
    text = page.with_table(list(cells.values()))
    if WRITE:
        page.PAGE.write_text(text, encoding="utf-8")
    assert page.PAGE.read_text(encoding="utf-8") == text, "docs/errors.md is stale: make errors-doc"


@pytest.mark.parametrize("transport", ["gRPC", "HTTP"])
async def test_a_caller_who_leaves_is_counted_as_cancelled(world: World, transport: str) -> None:
    """Nobody is there to be told; only the metrics have this status."""
    entered, ended = asyncio.Event(), asyncio.Queue[tuple[str, str]]()

    class Held:
        async def ListModels(self, request: Any, context: Any) -> None:
            entered.set()
            await asyncio.Event().wait()

        def __getattr__(self, _method: str) -> Any:
            return None

    calls = Calls(Admission(8), observe=lambda method, status, *_: ended.put_nowait((method, status)))
    edge, path = Edge([HostedService(INFERENCE_SERVICE, Held())], calls), f"{INFERENCE}/ListModels"
    method = world.edges["plain"].method(path)
    async with edge.serving({path: method}):
        over = over_grpc if transport == "gRPC" else over_connect_json
        call = asyncio.create_task(over(edge, method, [inference_pb2.ListModelsRequest()]))
        await entered.wait()
        call.cancel()
        assert await ended.get() == (path, "CANCELLED")
        await asyncio.gather(call, return_exceptions=True)
