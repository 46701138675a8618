"""Operations: work that takes longer than a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from google.protobuf.any_pb2 import Any

from armoire.errors import ArmoireError
from armoire.values.types import WireEnum


class OperationKind(WireEnum):
    """What an operation does."""

    AUDIT = "AUDIT"
    BACKFILL = "BACKFILL"
    REINDEX = "REINDEX"
    ERASE = "ERASE"
    IMPORT = "IMPORT"
    EXPORT = "EXPORT"
    TRAINING = "TRAINING"
    UNKNOWN = "UNKNOWN"


class OperationState(WireEnum):
    """How far an operation is."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"

    @property
    def final(self) -> bool:
        return self in (OperationState.SUCCEEDED, OperationState.FAILED, OperationState.CANCELLED)


@dataclass(frozen=True, slots=True)
class OperationProgress:
    """How much is done, counted in `unit`, such as "photos". `total` is 0 while it is not known."""

    unit: str = ""
    done: int = 0
    failed: int = 0
    total: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An audit, back-fill, erasure, import, export or training.

    `error` says why it FAILED; `response` is what came of it where it SUCCEEDED, of a type that its kind
    fixes.
    """

    id: str
    kind: OperationKind
    state: OperationState
    progress: OperationProgress
    cancel_requested: bool
    error: ArmoireError | None
    response: Any | None
    create_time: datetime | None
    update_time: datetime | None
    end_time: datetime | None
