"""OperationService over a real channel, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from armoire.v1 import operations_pb2, operations_pb2_grpc
from domain.errors import NotFound
from domain.types import DEFAULT_PRINCIPAL, Scope
from services.audit.trail import AuditTrail
from services.catalog.ids import IdSource
from services.catalog.limits import CatalogLimits
from services.catalog.operations.run import OperationRun
from services.catalog.operations.runner import OperationRunner
from services.catalog.records.job_events import JobEvents
from services.catalog.records.operations import OperationFilter, OperationKind, OperationProgress
from services.catalog.resources.operations import Operations
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.operation_servicer import OperationServicer
from services.edge.server import GrpcOptions, GrpcServer
from services.sql.database import Database

SERVICE = operations_pb2.DESCRIPTOR.services_by_name["OperationService"]


class Counts:
    """An audit that waits after its first step."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        await run.save(OperationProgress("items", 1, 0, 2, "comparing"))
        await self.go_on.wait()
        return {"items": 2, "lost": 1, "of_a_newer_server": 3}


@pytest.fixture
async def served(database: Database) -> AsyncIterator[tuple[Any, Operations, Counts]]:
    events, work = JobEvents(), Counts()
    runner = OperationRunner(database, events, {OperationKind.AUDIT: work})
    running = asyncio.create_task(runner.run())
    operations = Operations(
        database, AuditTrail(database), IdSource(), events, CatalogLimits(), runner.wake, 60.0
    )
    servicer = OperationServicer(SimpleNamespace(operations=operations))  # type: ignore[arg-type]
    hosted = HostedService(SERVICE, servicer)
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), [hosted], Calls(Admission(8)))
    await server.start()
    async with grpc.aio.insecure_channel(server.address) as channel:
        yield operations_pb2_grpc.OperationServiceStub(channel), operations, work
    await server.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_operation_is_watched_and_its_response_is_typed(served: tuple[Any, Any, Counts]) -> None:
    stub, operations, work = served
    started = await operations.start(DEFAULT_PRINCIPAL, OperationKind.AUDIT, {})
    states = []
    async for reply in stub.WatchOperation(operations_pb2.WatchOperationRequest(operation_id=started.id)):
        states.append(reply.operation.state)
        if reply.operation.progress.done:
            work.go_on.set()
    assert states[-1] == operations_pb2.OPERATION_STATE_SUCCEEDED
    reply = await stub.GetOperation(operations_pb2.GetOperationRequest(operation_id=started.id))
    report = operations_pb2.AuditReport()
    assert reply.operation.response.Unpack(report)
    assert (report.items, report.lost) == (2, 1)
    assert reply.operation.HasField("end_time")


async def test_operations_are_listed_cancelled_and_retried(served: tuple[Any, Any, Counts]) -> None:
    stub, operations, work = served
    started = await operations.start(DEFAULT_PRINCIPAL, OperationKind.AUDIT, {})
    async for operation in operations.watch(DEFAULT_PRINCIPAL, started.id):
        if operation.progress.done:
            break
    asked = await stub.CancelOperation(operations_pb2.CancelOperationRequest(operation_id=started.id))
    assert asked.operation.cancel_requested
    wanted = operations_pb2.ListOperationsRequest(kinds=["OPERATION_KIND_AUDIT"], page_size=1)
    assert [each.id for each in (await stub.ListOperations(wanted)).operations] == [started.id]
    other = operations_pb2.ListOperationsRequest(kinds=["OPERATION_KIND_IMPORT"])
    assert not (await stub.ListOperations(other)).operations
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.RetryOperation(operations_pb2.RetryOperationRequest(operation_id=started.id))
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    work.go_on.set()


async def test_audits_are_for_administrators(served: tuple[Any, Operations, Counts]) -> None:
    _, operations, work = served
    audit = await operations.start(DEFAULT_PRINCIPAL, OperationKind.AUDIT, {"all_tenants": True})
    other = await operations.start(DEFAULT_PRINCIPAL, OperationKind.EXPORT, {})
    caller = replace(DEFAULT_PRINCIPAL, scopes=frozenset({Scope.READ, Scope.WRITE}))
    assert [each.id for each in (await operations.list(caller)).entries] == [other.id]
    assert len((await operations.list(DEFAULT_PRINCIPAL)).entries) == 2
    only_audits = OperationFilter(kinds=frozenset({OperationKind.AUDIT}))
    assert not (await operations.list(caller, wanted=only_audits)).entries
    for refused in (operations.get, operations.cancel, operations.retry):
        with pytest.raises(NotFound):
            await refused(caller, audit.id)
    with pytest.raises(NotFound):
        await anext(operations.watch(caller, audit.id))
    assert not (await operations.get(DEFAULT_PRINCIPAL, audit.id)).cancel_requested
    work.go_on.set()


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (operations_pb2.ListOperationsRequest(states=[99]), "states[0]"),  # type: ignore[list-item]
        (operations_pb2.ListOperationsRequest(kinds=[0]), "kinds[0]"),  # type: ignore[list-item]
        (operations_pb2.ListOperationsRequest(kinds=[1] * 9), "kinds"),  # type: ignore[list-item]
        (operations_pb2.ListOperationsRequest(created_from={"seconds": 2**60}), "created_from"),
        (operations_pb2.ListOperationsRequest(page_token="x"), "page_token"),
    ],
    ids=["state", "kind", "many", "moment", "token"],
)
async def test_a_bad_list_request_names_its_field(
    served: tuple[Any, Any, Counts], request_: Any, field: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await served[0].ListOperations(request_)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert (caught.value.details() or "").startswith(f"{field}: ")
