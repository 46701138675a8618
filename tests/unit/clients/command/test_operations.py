"""`armoire operations`."""

from __future__ import annotations

from typing import Any

import pytest

from armoire.v1 import operations_pb2
from tests.unit.clients.command.outcomes import documents

RUNNING = operations_pb2.Operation(
    id="op-1",
    kind="OPERATION_KIND_BACKFILL",
    state="OPERATION_STATE_RUNNING",
    progress={"unit": "photos", "done": 3, "total": 10},
    create_time={"seconds": 1},
)
DONE = operations_pb2.Operation(id="op-1", kind=RUNNING.kind, state="OPERATION_STATE_SUCCEEDED")


def test_operations_are_listed(armoire: Any, server: Any) -> None:
    server.say("ListOperations", operations_pb2.ListOperationsResponse(operations=[RUNNING]))
    (document,) = documents(armoire("operations", "list", "--state", "RUNNING", "--json")[1])
    assert (document["operation_id"], document["kind"], document["state"]) == ("op-1", "BACKFILL", "RUNNING")
    assert document["progress"]["done"] == 3
    assert document["create_time"] == "1970-01-01T00:00:01+00:00"
    row = armoire("operations", "list")[1].splitlines()[1]
    assert row.split()[:7] == ["op-1", "BACKFILL", "RUNNING", "3", "of", "10", "photos"]
    assert list(server.requests["ListOperations"][0].states) == [operations_pb2.OPERATION_STATE_RUNNING]


@pytest.mark.parametrize(
    ("command", "method"),
    [("get", "GetOperation"), ("cancel", "CancelOperation"), ("retry", "RetryOperation")],
)
def test_an_operation_is_shown_cancelled_and_retried(
    armoire: Any, server: Any, command: str, method: str
) -> None:
    server.say(method, getattr(operations_pb2, f"{method}Response")(operation=RUNNING))
    (document,) = documents(armoire("operations", command, "op-1", "--json")[1])
    assert document["operation_id"] == "op-1"
    assert server.requests[method][0].operation_id == "op-1"


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        ({"unit": "entries", "done": 3, "failed": 2, "total": 5}, "3 of 5 entries, 2 failed"),
        ({"unit": "rows", "done": 2}, "2 rows"),
    ],
)
def test_progress_in_words(armoire: Any, server: Any, progress: dict[str, Any], told: str) -> None:
    operation = operations_pb2.Operation(id="op-1", state="OPERATION_STATE_SUCCEEDED", progress=progress)
    server.say("ListOperations", operations_pb2.ListOperationsResponse(operations=[operation]))
    row = armoire("operations", "list")[1].splitlines()[1]
    assert row.partition("SUCCEEDED")[2].removesuffix("-").strip() == told


def test_an_operation_is_watched(armoire: Any, server: Any) -> None:
    replies = [operations_pb2.WatchOperationResponse(operation=each) for each in (RUNNING, DONE)]
    server.say("WatchOperation", replies)
    assert [line.split()[2] for line in armoire("operations", "watch", "op-1")[1].splitlines()] == [
        "RUNNING",
        "SUCCEEDED",
    ]
