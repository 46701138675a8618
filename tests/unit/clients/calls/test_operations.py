"""Operations, through both clients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from google.protobuf.wrappers_pb2 import Int64Value

from armoire import OperationKind, OperationProgress, OperationState, Unavailable, Unimplemented
from armoire.v1 import operations_pb2


def operation(state: str, **fields: Any) -> operations_pb2.Operation:
    return operations_pb2.Operation(
        id="operation-1", kind="OPERATION_KIND_IMPORT", state=f"OPERATION_STATE_{state}", **fields
    )


def test_an_operation_under_way(client: Any, server: Any) -> None:
    progress = operations_pb2.OperationProgress(unit="photos", done=3, failed=1, total=9, message="reading")
    sent = operation("RUNNING", progress=progress, cancel_requested=True, create_time={"seconds": 1})
    server.say("GetOperation", operations_pb2.GetOperationResponse(operation=sent))
    found = client.get_operation("operation-1")
    assert (found.id, found.kind, found.state) == (
        "operation-1",
        OperationKind.IMPORT,
        OperationState.RUNNING,
    )
    assert found.progress == OperationProgress("photos", 3, 1, 9, "reading")
    assert (found.cancel_requested, found.error, found.response) == (True, None, None)
    assert (found.create_time, found.end_time) == (datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), None)


def test_what_came_of_an_operation(client: Any, server: Any, fail: Any) -> None:
    done = operation("SUCCEEDED")
    done.response.Pack(Int64Value(value=9))
    failed = operation("FAILED", error=fail(grpc.StatusCode.INTERNAL, "broken").status)
    server.say("GetOperation", *(operations_pb2.GetOperationResponse(operation=o) for o in (done, failed)))
    result = Int64Value()
    assert client.get_operation("operation-1").response.Unpack(result)
    assert result.value == 9
    assert str(client.get_operation("operation-1").error) == "broken"


def test_operations_are_listed(client: Any, server: Any) -> None:
    page = operations_pb2.ListOperationsResponse(operations=[operation("QUEUED")], next_page_token="")
    server.say("ListOperations", page)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    which = {"states": [OperationState.QUEUED], "kinds": [OperationKind.BACKFILL], "created_from": start}
    (found,) = client.list_operations(**which, page_size=5).items
    assert [*client.iter_operations(**which)] == [found]
    request = server.requests["ListOperations"][0]
    assert list(request.states) == [operations_pb2.OPERATION_STATE_QUEUED]
    assert list(request.kinds) == [operations_pb2.OPERATION_KIND_BACKFILL]
    assert (request.created_from.ToDatetime(tzinfo=UTC), request.page_size) == (start, 5)
    assert not request.HasField("created_before")


def test_an_operation_is_watched_and_waited_for(client: Any, server: Any) -> None:
    states = ["QUEUED", "RUNNING", "SUCCEEDED"]
    script = [operations_pb2.WatchOperationResponse(operation=operation(state)) for state in states]
    server.say("WatchOperation", script)
    assert [each.state for each in client.watch_operation("operation-1")] == states
    assert client.wait_for_operation("operation-1").state is OperationState.SUCCEEDED
    server.say("WatchOperation", script[:1])
    with pytest.raises(Unavailable, match="ended before"):
        client.wait_for_operation("operation-1")


def test_operations_are_cancelled_and_retried(client: Any, server: Any) -> None:
    cancelled = operations_pb2.CancelOperationResponse(operation=operation("RUNNING", cancel_requested=True))
    server.say("CancelOperation", cancelled)
    server.say("RetryOperation", operations_pb2.RetryOperationResponse(operation=operation("QUEUED")))
    assert client.cancel_operation("operation-1").cancel_requested
    assert client.retry_operation("operation-1").state is OperationState.QUEUED
    assert server.requests["RetryOperation"][0].operation_id == "operation-1"


def test_a_server_without_operations_yet(client: Any, server: Any, fail: Any) -> None:
    text = "operations are not built yet"
    server.say("GetOperation", fail(grpc.StatusCode.UNIMPLEMENTED, text, reason="NOT_BUILT"))
    with pytest.raises(Unimplemented, match=text):
        client.get_operation("operation-1")
