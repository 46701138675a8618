"""Every failure a server or gRPC can give, as both clients raise it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.protobuf.any_pb2 import Any as AnyProto
from google.rpc import error_details_pb2, status_pb2

import armoire
from armoire import ArmoireError, FieldViolation, Overloaded, RetryPolicy, Unavailable, Unimplemented
from armoire.status import error_from_status

CLASSES = {
    "INVALID_ARGUMENT": "InvalidInput",
    "OUT_OF_RANGE": "InvalidInput",
    "NOT_FOUND": "NotFound",
    "ALREADY_EXISTS": "AlreadyExists",
    "ABORTED": "Conflict",
    "FAILED_PRECONDITION": "FailedPrecondition",
    "UNAUTHENTICATED": "PermissionDenied",
    "PERMISSION_DENIED": "PermissionDenied",
    "RESOURCE_EXHAUSTED": "Overloaded",
    "DEADLINE_EXCEEDED": "DeadlineExceeded",
    "UNAVAILABLE": "Unavailable",
    "UNIMPLEMENTED": "Unimplemented",
    "INTERNAL": "ServerError",
    "UNKNOWN": "ServerError",
    "DATA_LOSS": "ServerError",
    "CANCELLED": "ServerError",
}


@pytest.mark.parametrize(("code", "name"), CLASSES.items())
def test_each_status_has_its_class(client: Any, server: Any, fail: Any, code: str, name: str) -> None:
    server.say("DeleteImage", fail(grpc.StatusCode[code], "what happened", reason="WHY"))
    with pytest.raises(ArmoireError) as caught:
        client.delete_image("x")
    error = caught.value
    assert type(error) is getattr(armoire, name)
    assert (str(error), error.code, error.reason) == ("what happened", code, "WHY")
    assert (error.metadata, error.request_id, error.retry_after_s) == ({"a": "b"}, "request-1", None)


def test_violations_and_the_time_to_come_back(client: Any, server: Any, fail: Any) -> None:
    fields = {"top_k": "must be from 1 to 100, got 0", "text": "must not be empty"}
    server.say("DeleteImage", fail(grpc.StatusCode.RESOURCE_EXHAUSTED, fields=fields, retry_after_ms=1250))
    with pytest.raises(Overloaded) as caught:
        client.delete_image("x")
    assert caught.value.violations == tuple(FieldViolation(*each) for each in fields.items())
    assert (caught.value.field, caught.value.retry_after_s) == ("top_k", 1.25)


def test_a_quota_and_a_resource_are_told() -> None:
    status = status_pb2.Status(code=grpc.StatusCode.RESOURCE_EXHAUSTED.value[0], message="full")
    violation = error_details_pb2.QuotaFailure.Violation(subject="tenants/shop", description="3 items")
    status.details.add().Pack(error_details_pb2.QuotaFailure(violations=[violation]))
    status.details.add().Pack(error_details_pb2.ResourceInfo(resource_type="item", resource_name="x"))
    error = error_from_status(status)
    assert type(error) is armoire.QuotaExceeded
    assert error.quotas == (armoire.QuotaViolation("tenants/shop", "3 items"),)
    assert error.resource == armoire.Resource("item", "x")
    assert RetryPolicy().backoff_s(1, error) is None, "a retry does not help"


def test_a_failure_without_details(client: Any, server: Any, fail: Any) -> None:
    server.say("DeleteImage", fail(grpc.StatusCode.INTERNAL, "broken", explained=False))
    with pytest.raises(armoire.ServerError) as caught:
        client.delete_image("x")
    error = caught.value
    assert (str(error), error.code, error.reason, error.request_id) == (
        "broken",
        "INTERNAL",
        "INTERNAL",
        "request-1",
    )
    assert (error.violations, error.field) == ((), None)


def test_a_call_the_server_does_not_know(client: Any) -> None:
    with pytest.raises(Unimplemented, match=r"does not offer ListModels of armoire\.v1\.InferenceService"):
        client.models()


def test_nobody_listens(connect: Callable[..., Any], free_address: str) -> None:
    with pytest.raises(Unavailable) as caught:
        connect(free_address).models()
    assert caught.value.reason == "NO_ANSWER"
    for part in (free_address, "Connection refused", "make serve", "ARMOIRE_ADDRESS"):
        assert part in str(caught.value)


def test_a_status_of_an_unknown_code_with_foreign_details() -> None:
    foreign = AnyProto(type_url="type.googleapis.com/other.Thing", value=b"?")
    error = error_from_status(status_pb2.Status(code=99, message="odd", details=[foreign]))
    assert (type(error), error.code, error.message) == (armoire.ServerError, "UNKNOWN", "odd")
