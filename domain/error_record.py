"""Errors as JSON: how a job's row keeps one, and how one crosses to another process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.errors import (
    AlreadyExists,
    ArmoireError,
    ArtifactError,
    Conflict,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidInput,
    NotFound,
    Overloaded,
    PermissionDenied,
    QuotaExceeded,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)

_BY_NAME: dict[str, type[ArmoireError]] = {
    kind.__name__: kind
    for kind in (
        AlreadyExists,
        ArtifactError,
        Conflict,
        DeadlineExceeded,
        FailedPrecondition,
        PermissionDenied,
        Unauthenticated,
    )
}
_RETRYABLE_BY_NAME: dict[str, type[Overloaded | Unavailable]] = {
    "Overloaded": Overloaded,
    "Unavailable": Unavailable,
}


def error_to_record(error: ArmoireError) -> dict[str, Any]:
    """What is needed to raise the error again, of types that JSON has."""
    record: dict[str, Any] = {
        "kind": type(error).__name__,
        "message": error.message,
        "reason": error.reason,
        "metadata": error.metadata,
    }
    if isinstance(error, InvalidInput):
        (violation,) = error.violations
        record |= {"field": violation.field, "description": violation.description}
    if isinstance(error, Unimplemented):
        record |= {"feature": error.feature, "description": error.description}
    if isinstance(error, Overloaded | Unavailable):
        record["retry_after_s"] = error.retry_after_s
    return record


def error_from_record(record: Mapping[str, Any]) -> ArmoireError:
    """The error that `error_to_record` was given; of an unknown kind, an ArmoireError with its reason."""
    kind, reason, metadata = record["kind"], record["reason"], record["metadata"]
    if kind == "InvalidInput":
        return InvalidInput(record["field"], record["description"], reason=reason, metadata=metadata)
    if kind == "NotFound":
        return NotFound(metadata["resource"], metadata["id"])
    if kind == "QuotaExceeded":
        return QuotaExceeded(metadata["tenant"], metadata["quota"], record["message"])
    if kind == "Unimplemented":
        return Unimplemented(record["feature"], record["description"])
    if retryable := _RETRYABLE_BY_NAME.get(kind):
        retry_after_s = record.get("retry_after_s", 1.0)  # absent from records written before it was kept
        return retryable(record["message"], retry_after_s=retry_after_s, reason=reason, metadata=metadata)
    return _BY_NAME.get(kind, ArmoireError)(record["message"], reason=reason, metadata=metadata)
