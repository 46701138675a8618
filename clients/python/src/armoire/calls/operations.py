"""Calls of operations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from armoire.call import Call, call_of
from armoire.messages.operations import operation_from_proto
from armoire.messages.types import time_to_proto
from armoire.v1 import catalog_pb2, operations_pb2
from armoire.values.operations import Operation, OperationKind, OperationState
from armoire.values.types import Page


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """Which operations to list; parts that are not set do not count."""

    states: Sequence[OperationState] = ()
    kinds: Sequence[OperationKind] = ()
    created_from: datetime | None = None
    created_before: datetime | None = None


def start_audit(repair: bool, all_tenants: bool, idempotency_key: str | None) -> Call[Operation]:
    request = catalog_pb2.AuditCatalogRequest(
        repair=repair, all_tenants=all_tenants, idempotency_key=idempotency_key or str(uuid.uuid4())
    )
    return call_of(
        "armoire.v1.CatalogService/AuditCatalog",
        request,
        catalog_pb2.AuditCatalogResponse,
        lambda reply: operation_from_proto(reply.operation),
    )


def get_operation(operation_id: str) -> Call[Operation]:
    return call_of(
        "armoire.v1.OperationService/GetOperation",
        operations_pb2.GetOperationRequest(operation_id=operation_id),
        operations_pb2.GetOperationResponse,
        lambda reply: operation_from_proto(reply.operation),
    )


def list_operations(
    which: OperationFilter = OperationFilter(), page_size: int = 0, page_token: str = ""
) -> Call[Page[Operation]]:
    request = operations_pb2.ListOperationsRequest(
        page_size=page_size,
        page_token=page_token,
        states=[f"OPERATION_STATE_{OperationState(state).name}" for state in which.states],
        kinds=[f"OPERATION_KIND_{OperationKind(kind).name}" for kind in which.kinds],
        created_from=time_to_proto(which.created_from),
        created_before=time_to_proto(which.created_before),
    )
    return call_of(
        "armoire.v1.OperationService/ListOperations",
        request,
        operations_pb2.ListOperationsResponse,
        lambda reply: Page(tuple(map(operation_from_proto, reply.operations)), reply.next_page_token),
    )


def watch_operation(operation_id: str) -> Call[Operation]:
    """A stream: each reply is the operation after a change."""
    return call_of(
        "armoire.v1.OperationService/WatchOperation",
        operations_pb2.WatchOperationRequest(operation_id=operation_id),
        operations_pb2.WatchOperationResponse,
        lambda reply: operation_from_proto(reply.operation),
    )


def cancel_operation(operation_id: str) -> Call[Operation]:
    return call_of(
        "armoire.v1.OperationService/CancelOperation",
        operations_pb2.CancelOperationRequest(operation_id=operation_id),
        operations_pb2.CancelOperationResponse,
        lambda reply: operation_from_proto(reply.operation),
        repeatable=False,
    )


def retry_operation(operation_id: str) -> Call[Operation]:
    return call_of(
        "armoire.v1.OperationService/RetryOperation",
        operations_pb2.RetryOperationRequest(operation_id=operation_id),
        operations_pb2.RetryOperationResponse,
        lambda reply: operation_from_proto(reply.operation),
        repeatable=False,
    )
