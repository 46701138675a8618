"""Messages of operations."""

from __future__ import annotations

from armoire.messages.enums import enum_reader
from armoire.messages.types import time_from_proto
from armoire.status import error_from_status
from armoire.v1 import operations_pb2
from armoire.values.operations import Operation, OperationKind, OperationProgress, OperationState


def operation_from_proto(operation: operations_pb2.Operation) -> Operation:
    return Operation(
        id=operation.id,
        kind=_kind_from_proto(operation.kind),
        state=_state_from_proto(operation.state),
        progress=_progress_from_proto(operation.progress),
        cancel_requested=operation.cancel_requested,
        error=error_from_status(operation.error) if operation.HasField("error") else None,
        response=operation.response if operation.HasField("response") else None,
        create_time=time_from_proto(operation.create_time),
        update_time=time_from_proto(operation.update_time),
        end_time=time_from_proto(operation.end_time),
    )


def _progress_from_proto(progress: operations_pb2.OperationProgress) -> OperationProgress:
    return OperationProgress(progress.unit, progress.done, progress.failed, progress.total, progress.message)


_kind_from_proto = enum_reader(OperationKind, operations_pb2.OperationKind.items(), "OPERATION_KIND_")


_state_from_proto = enum_reader(OperationState, operations_pb2.OperationState.items(), "OPERATION_STATE_")
