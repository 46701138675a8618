"""Errors as a job keeps them."""

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
    Unavailable,
)

_KINDS: dict[str, type[ArmoireError]] = {
    kind.__name__: kind
    for kind in (
        AlreadyExists,
        ArtifactError,
        Conflict,
        DeadlineExceeded,
        FailedPrecondition,
        Overloaded,
        Unavailable,
        ArmoireError,
    )
}


def error_to_json(error: ArmoireError) -> dict[str, Any]:
    """What is needed to raise the error again."""
    kept: dict[str, Any] = {
        "kind": type(error).__name__,
        "message": error.message,
        "reason": error.reason,
        "metadata": error.metadata,
    }
    if isinstance(error, InvalidInput):
        (violation,) = error.violations
        kept |= {"field": violation.field, "description": violation.description}
    return kept


def error_from_json(kept: Mapping[str, Any]) -> ArmoireError:
    """The error that `error_to_json` kept."""
    reason, metadata = kept["reason"], kept["metadata"]
    if kept["kind"] == "InvalidInput":
        return InvalidInput(kept["field"], kept["description"], reason=reason, metadata=metadata)
    if kept["kind"] == "NotFound":
        return NotFound(metadata["resource"], metadata["id"])
    kind = _KINDS.get(kept["kind"], ArmoireError)
    return kind(kept["message"], reason=reason, metadata=metadata)
