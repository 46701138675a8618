"""Operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as AnyProto
from google.protobuf.message import Message

from armoire.v1 import exports_pb2, imports_pb2, operations_pb2
from domain.errors import InvalidInput
from services.catalog.records.operations import Operation, OperationFilter, OperationKind, OperationState
from services.edge.conversion.times import moment_us
from services.edge.conversion.types import time_to_proto
from services.edge.status import status_to_proto

K = TypeVar("K")

_KINDS: dict[OperationKind, operations_pb2.OperationKind] = {
    OperationKind.AUDIT: operations_pb2.OPERATION_KIND_AUDIT,
    OperationKind.BACKFILL: operations_pb2.OPERATION_KIND_BACKFILL,
    OperationKind.ERASE: operations_pb2.OPERATION_KIND_ERASE,
    OperationKind.EXPORT: operations_pb2.OPERATION_KIND_EXPORT,
    OperationKind.REINDEX: operations_pb2.OPERATION_KIND_REINDEX,
    OperationKind.IMPORT: operations_pb2.OPERATION_KIND_IMPORT,
    OperationKind.TRAINING: operations_pb2.OPERATION_KIND_TRAINING,
}
_STATES: dict[OperationState, operations_pb2.OperationState] = {
    OperationState.QUEUED: operations_pb2.OPERATION_STATE_QUEUED,
    OperationState.RUNNING: operations_pb2.OPERATION_STATE_RUNNING,
    OperationState.SUCCEEDED: operations_pb2.OPERATION_STATE_SUCCEEDED,
    OperationState.FAILED: operations_pb2.OPERATION_STATE_FAILED,
    OperationState.CANCELLED: operations_pb2.OPERATION_STATE_CANCELLED,
}
_RESPONSES: dict[OperationKind, type[Message]] = {
    OperationKind.AUDIT: operations_pb2.AuditReport,
    OperationKind.BACKFILL: operations_pb2.BackfillReport,
    OperationKind.IMPORT: imports_pb2.ImportReport,
    OperationKind.EXPORT: exports_pb2.CatalogExport,
    OperationKind.REINDEX: operations_pb2.ReindexReport,
    OperationKind.ERASE: operations_pb2.ErasureReport,
}


def operation_filter_from_proto(request: operations_pb2.ListOperationsRequest) -> OperationFilter:
    """Raises InvalidInput if there are more states or kinds than exist, or one is unknown."""
    return OperationFilter(
        states=_known("states", request.states, {number: state for state, number in _STATES.items()}),
        kinds=_known("kinds", request.kinds, {number: kind for kind, number in _KINDS.items()}),
        created_from_us=moment_us("created_from", request),
        created_before_us=moment_us("created_before", request),
    )


def operation_to_proto(operation: Operation) -> operations_pb2.Operation:
    progress = operation.progress
    return operations_pb2.Operation(
        id=operation.id,
        kind=_KINDS[operation.kind],
        state=_STATES[operation.state],
        progress=operations_pb2.OperationProgress(
            unit=progress.unit,
            done=progress.done,
            failed=progress.failed,
            total=progress.total,
            message=progress.message,
        ),
        cancel_requested=operation.cancel_requested,
        error=None if operation.error is None else status_to_proto(operation.error),
        response=_response_to_proto(operation),
        create_time=time_to_proto(operation.create_time),
        update_time=time_to_proto(operation.update_time),
        end_time=None if operation.end_time is None else time_to_proto(operation.end_time),
    )


def _response_to_proto(operation: Operation) -> AnyProto | None:
    if operation.response is None:
        return None
    packed = AnyProto()
    message = _RESPONSES[operation.kind]()
    # A newer process may have written fields that this one does not know.
    packed.Pack(json_format.ParseDict(dict(operation.response), message, ignore_unknown_fields=True))
    return packed


def _known(field: str, wanted: Sequence[int], known: Mapping[int, K]) -> frozenset[K]:
    if len(wanted) > len(known):
        raise InvalidInput(field, f"must hold at most {len(known)}, got {len(wanted)}")
    for index, number in enumerate(wanted):
        if number not in known:
            raise InvalidInput(f"{field}[{index}]", f"must be a specified value, got {number}")
    return frozenset(known[number] for number in wanted)
