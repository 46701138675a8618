"""What happens around a call, over a real channel to a real server with a servicer of our own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from armoire.v1 import catalog_pb2, catalog_pb2_grpc, indexing_pb2, inference_pb2, inference_pb2_grpc
from domain.calls import CURRENT_CALL, Call
from domain.errors import InvalidInput, Overloaded
from services.access.access import OpenAccess
from services.edge.admission import Admission
from services.edge.calls import CallObserver, Calls
from services.edge.hosted_service import HostedService
from services.edge.server import GrpcOptions, GrpcServer
from services.edge.status import INTERNAL_MESSAGE
from tests.turns import at_once, begun
from tests.unit.clock import Clock

INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]

CATALOG = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]


class Scripted(inference_pb2_grpc.InferenceServiceServicer, catalog_pb2_grpc.CatalogServiceServicer):
    """Answers ListModels and WatchIndexingJob with what the test says."""

    def __init__(self) -> None:
        self.act: Callable[[], Awaitable[None]] = at_once
        self.call: Call | None = None
        self.answer = inference_pb2.ListModelsResponse()
        self.progress = indexing_pb2.WatchIndexingJobResponse()

    async def ListModels(self, request: Any, context: Any) -> inference_pb2.ListModelsResponse:
        self.call = CURRENT_CALL.get()
        await self.act()
        return self.answer

    async def WatchIndexingJob(
        self, request: Any, context: Any
    ) -> AsyncIterator[indexing_pb2.WatchIndexingJobResponse]:
        yield self.progress
        await self.act()


class Edge:
    """A running server, its stubs, and the calls it observed."""

    def __init__(self, max_calls: int, max_message_bytes: int = 2**20) -> None:
        self.servicer = Scripted()
        self.observed: list[tuple[str, str]] = []
        services = [HostedService(INFERENCE, self.servicer), HostedService(CATALOG, self.servicer)]
        options = GrpcOptions("127.0.0.1:0", max_message_bytes, drain_s=60)
        self.watch: CallObserver = self.observe
        self.calls = Calls(Admission(max_calls), Admission(2, "streams"), lambda *seen: self.watch(*seen))
        self.server = GrpcServer(options, services, self.calls)

    def observe(self, method: str, status: str, _reason: str, seconds: float) -> None:
        assert seconds >= 0
        self.observed.append((method.rpartition("/")[2], status))

    async def list_models(self, **options: Any) -> Any:
        return await self.inference.ListModels(inference_pb2.ListModelsRequest(), **options)


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    made = Edge(max_calls=2)
    await made.server.start()
    async with grpc.aio.insecure_channel(made.server.address) as channel:
        made.inference = inference_pb2_grpc.InferenceServiceStub(channel)
        made.catalog = catalog_pb2_grpc.CatalogServiceStub(channel)
        made.health = health_pb2_grpc.HealthStub(channel)
        yield made
    await made.server.stop()


async def failure(call: Awaitable[Any]) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return error.value


async def test_health_is_not_serving_until_told(edge: Edge) -> None:
    request = health_pb2.HealthCheckRequest(service="armoire.v1.InferenceService")
    assert (await edge.health.Check(request)).status == health_pb2.HealthCheckResponse.NOT_SERVING
    await edge.server.set_serving()
    assert (await edge.health.Check(request)).status == health_pb2.HealthCheckResponse.SERVING


async def test_a_call_knows_its_id_tenant_and_deadline(edge: Edge) -> None:
    await edge.list_models(timeout=30, metadata=(("x-request-id", "abc-1"),))
    call = edge.servicer.call
    assert call is not None
    assert (call.request_id, call.principal.tenant_id) == ("abc-1", "default")
    assert call.deadline is not None


class Few:
    """`Rates` that admit a number of calls of the tenant, and `Callers` with them."""

    access = OpenAccess()

    def __init__(self, calls: int) -> None:
        self.left = calls
        self.rates = self

    async def take(self, tenant_id: str) -> None:
        assert tenant_id == "default"
        self.left -= 1
        if self.left < 0:
            raise Overloaded("too many calls", retry_after_s=0.001, reason="RATE_LIMITED")


async def test_a_tenant_with_too_many_calls_is_refused(edge: Edge) -> None:
    edge.calls.callers = Few(1)
    await edge.list_models()
    error = await failure(edge.list_models())
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert edge.observed[-1] == ("ListModels", "RESOURCE_EXHAUSTED")


async def test_a_stream_with_too_many_requests_is_read_slowly() -> None:
    calls, few = Calls(Admission(1)), Few(2)
    calls.callers = few

    async def requests() -> AsyncIterator[int]:
        for number in range(3):
            if number == 2:
                asyncio.get_running_loop().call_soon(partial(setattr, few, "left", 1))
            yield number

    assert [request async for request in calls.requests(requests())] == [0, 1, 2]
    assert few.left == 0


async def test_the_call_knows_its_name_and_for_whom_it_is_made(edge: Edge) -> None:
    await edge.list_models(metadata=(("armoire-end-user", "shopper 1"),))
    call = edge.servicer.call
    assert (call.method, call.end_user) == ("ListModels", "shopper 1")


@pytest.mark.parametrize("given", ["", "a" * 129])
async def test_an_end_user_who_is_none_is_refused(edge: Edge, given: str) -> None:
    error = await failure(edge.list_models(metadata=(("armoire-end-user", given),)))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    wanted = "armoire-end-user: must be 1 to 128 printable ASCII characters, without blanks at its ends"
    assert error.details() == f"{wanted}, got {len(given)}"


async def test_a_strange_request_id_is_replaced(edge: Edge) -> None:
    await edge.list_models(metadata=(("x-request-id", "a b" * 100),))
    assert edge.servicer.call is not None
    assert len(edge.servicer.call.request_id) == 32
    assert edge.servicer.call.deadline is None


async def test_a_domain_error_becomes_its_status(edge: Edge) -> None:
    async def act() -> None:
        raise InvalidInput("top_k", "must be from 1 to 100, got 0")

    edge.servicer.act = act
    error = await failure(edge.list_models())
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error.details() == "top_k: must be from 1 to 100, got 0"
    assert edge.observed == [("ListModels", "INVALID_ARGUMENT")]


async def test_an_unforeseen_error_is_internal_and_logged_with_the_request_id(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    async def act() -> None:
        raise ZeroDivisionError("a secret")

    edge.servicer.act = act
    with caplog.at_level("ERROR", "armoire.edge"):
        error = await failure(edge.list_models(metadata=(("x-request-id", "abc-2"),)))
    assert error.code() is grpc.StatusCode.INTERNAL
    assert error.details() == INTERNAL_MESSAGE
    assert "a secret" not in str(error)
    assert "abc-2" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_a_call_too_many_is_refused_at_once_with_a_time_to_come_back(edge: Edge) -> None:
    entered, release = asyncio.Semaphore(0), asyncio.Event()

    async def act() -> None:
        entered.release()
        await release.wait()

    edge.servicer.act = act
    running = [asyncio.ensure_future(edge.list_models()) for _ in range(2)]
    for _ in running:
        await entered.acquire()
    error = await failure(edge.list_models())
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    status = rpc_status.from_call(error)
    assert [detail.Is(ErrorInfo.DESCRIPTOR) for detail in status.details] == [True, False]
    assert status.details[1].Is(RetryInfo.DESCRIPTOR)
    release.set()
    await asyncio.gather(*running)
    await edge.list_models()


async def test_a_cancelled_call_gives_its_place_back(edge: Edge) -> None:
    entered, cancelled = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def act() -> None:
        entered.release()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.release()

    edge.servicer.act = act
    for _ in range(3):
        call = edge.inference.ListModels(inference_pb2.ListModelsRequest())
        await entered.acquire()
        call.cancel()
        await cancelled.acquire()
    edge.servicer.act = at_once
    await edge.list_models()
    assert edge.observed[-1] == ("ListModels", "OK")


async def test_cancelled_calls_are_counted(edge: Edge) -> None:
    entered, cancelled = asyncio.Event(), asyncio.Event()

    async def act() -> None:
        entered.set()
        await asyncio.Event().wait()

    observe = edge.observe

    def watch(method: str, status: str, reason: str, seconds: float) -> None:
        observe(method, status, reason, seconds)
        cancelled.set()

    edge.watch = watch
    edge.servicer.act = act
    for start in (
        partial(edge.inference.ListModels, inference_pb2.ListModelsRequest()),
        partial(edge.catalog.WatchIndexingJob, indexing_pb2.WatchIndexingJobRequest()),
    ):
        call = start()
        await entered.wait()
        call.cancel()
        await cancelled.wait()
        entered.clear()
        cancelled.clear()
    assert edge.observed == [("ListModels", "CANCELLED"), ("WatchIndexingJob", "CANCELLED")]


async def test_streams_are_bounded_apart_from_calls(edge: Edge) -> None:
    edge.servicer.act = asyncio.Event().wait
    open_ones = [edge.catalog.WatchIndexingJob(indexing_pb2.WatchIndexingJobRequest()) for _ in range(2)]
    for stream in open_ones:
        await stream.read()
    error = await failure(edge.catalog.WatchIndexingJob(indexing_pb2.WatchIndexingJobRequest()).read())
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "2 streams" in (error.details() or "")
    edge.servicer.act = at_once
    await edge.list_models()


@pytest.mark.parametrize("method", ["InferenceService/ListModels", "CatalogService/WatchIndexingJob"])
async def test_bytes_that_are_no_message_are_an_invalid_request(
    edge: Edge, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    async with grpc.aio.insecure_channel(edge.server.address) as channel:
        if method.endswith("WatchIndexingJob"):
            call = channel.unary_stream(f"/armoire.v1.{method}")(b"\xff\xff").read()
        else:
            call = channel.unary_unary(f"/armoire.v1.{method}")(b"\xff\xff")
        error = await failure(call)
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    status = rpc_status.from_call(error)
    details = BadRequest()
    assert any(detail.Unpack(details) for detail in status.details)
    assert details.field_violations[0].field == "request"
    assert caplog.records == []


async def test_an_error_in_a_stream_becomes_its_status(edge: Edge) -> None:
    async def act() -> None:
        raise InvalidInput("job_id", "is not an id")

    edge.servicer.act = act
    stream = edge.catalog.WatchIndexingJob(indexing_pb2.WatchIndexingJobRequest())
    assert await stream.read() == indexing_pb2.WatchIndexingJobResponse()
    error = await failure(stream.read())
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_stopping_lets_a_call_finish_and_refuses_new_ones(edge: Edge) -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    async def act() -> None:
        entered.set()
        await release.wait()

    edge.servicer.act = act
    running = asyncio.ensure_future(edge.list_models())
    await entered.wait()
    stopping = await begun(edge.server.stop())
    release.set()
    await running
    await stopping
    assert (await failure(edge.list_models())).code() is grpc.StatusCode.UNAVAILABLE


def test_the_more_are_refused_the_later_they_come_back() -> None:
    """Each refused caller gets a moment of its own, after that of the one before."""
    admission = Admission(2)
    times: list[float] = []
    with admission.acquire(), admission.acquire():
        for _ in range(4):
            with pytest.raises(Overloaded) as refusal, admission.acquire():
                raise AssertionError("there is no room")
            times.append(refusal.value.retry_after_s)
    assert times == sorted(times)
    assert times[-1] > 3 * times[0]
    with admission.acquire():
        pass


def test_a_permit_is_returned_also_where_the_call_fails() -> None:
    admission = Admission(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="of the call"), admission.acquire():
            raise ValueError("of the call")


def test_permits_that_become_free_fast_are_offered_soon() -> None:
    clock = Clock()
    admission, calls = Admission(4, clock=clock), deque[ExitStack]()

    def begin() -> None:
        calls.append(ExitStack())
        calls[-1].enter_context(admission.acquire())

    def refused() -> float:
        with pytest.raises(Overloaded) as refusal:
            begin()
        calls.pop()
        return refusal.value.retry_after_s

    for _ in range(4):
        begin()
    assert refused() > 0.3
    for _ in range(200):
        clock.advance(0.001)
        calls.popleft().close()
        begin()
        refused()
    while calls:
        calls.popleft().close()
    clock.advance(60.0)
    for _ in range(4):
        begin()
    assert refused() <= 0.05


async def test_a_method_that_no_service_has_is_refused_with_a_reason_and_not_counted(edge: Edge) -> None:
    async with grpc.aio.insecure_channel(edge.server.address) as channel:
        error = await failure(channel.unary_unary("/armoire.v1.CatalogService/Nope")(b""))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED
    assert error.details() == "method: this server does not offer /armoire.v1.CatalogService/Nope"
    assert reasons(error) == ["UNKNOWN_METHOD"]
    assert edge.observed == []


async def test_a_message_over_the_limit_is_refused_with_the_limit() -> None:
    edge = Edge(max_calls=2, max_message_bytes=100)
    await edge.server.start()
    async with grpc.aio.insecure_channel(edge.server.address) as channel:
        call = channel.unary_unary("/armoire.v1.InferenceService/ListModels")
        error = await failure(call(bytes(101)))
    await edge.server.stop()
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert error.details() == "request: must be at most 100 bytes"
    assert reasons(error) == ["MESSAGE_TOO_LARGE"]


async def test_an_answer_over_the_limit_is_refused_with_the_limit(edge: Edge) -> None:
    edge.servicer.answer.models.add(name="x" * 2**20)
    edge.servicer.progress.job.image_name = "x" * 2**20
    watching = edge.catalog.WatchIndexingJob(indexing_pb2.WatchIndexingJobRequest(job_id="j"))
    for call in (edge.list_models(), watching.read()):
        error = await failure(call)
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert f"at most {2**20} are sent" in str(error.details())
        assert reasons(error) == ["ANSWER_TOO_LARGE"]
    observed = [("ListModels", "INVALID_ARGUMENT"), ("WatchIndexingJob", "INVALID_ARGUMENT")]
    assert sorted(edge.observed) == observed


def reasons(error: grpc.aio.AioRpcError) -> list[str]:
    status = rpc_status.from_call(error)
    assert status is not None
    infos = [ErrorInfo.FromString(each.value) for each in status.details if each.Is(ErrorInfo.DESCRIPTOR)]
    return [info.reason for info in infos]


async def test_a_probe_that_cannot_be_decoded_is_refused_without_a_traceback(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    async with grpc.aio.insecure_channel(edge.server.address) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await channel.unary_unary("/grpc.health.v1.Health/Check")(b"\xff")
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert caplog.records == []
