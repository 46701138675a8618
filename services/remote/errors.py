"""Converts the client's errors to domain errors, the reverse of the table in `services/edge/status.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import armoire
from domain.errors import (
    AlreadyExists,
    ArmoireError,
    Conflict,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidInput,
    NotFound,
    Overloaded,
    Unavailable,
    Unimplemented,
)

_ELEMENT = re.compile(r"^(images|texts)\[0\]\.?")
"""Removed from field paths: each call sends one photo or text, so its caller knows no index."""


def domain_error(error: armoire.ArmoireError, address: str) -> ArmoireError:
    """The error that the server at `address` raised; Unavailable where it cannot be reached."""
    if error.reason == "NO_ANSWER":
        return Unavailable(f"the inference server at {address} cannot be reached")
    if isinstance(error, armoire.PermissionDenied):
        return Unavailable(
            f"the inference server at {address} refuses this server's key: {error.message}",
            reason="INFERENCE_KEY_REFUSED",
        )
    if error.reason == "VOCABULARY_VERSION_MISMATCH":
        return Unavailable(
            f"the inference server at {address} does not know the tenant's words: it must have this server's "
            "database of tenants (ARMOIRE_AUTH__DATABASE_URL) and taxonomy, and be called with a key of the "
            'tenant "default"',
            reason="VOCABULARY_NOT_SHARED",
        )
    if isinstance(error, armoire.Unimplemented) and "feature" not in error.metadata:  # gRPC's own
        return Unavailable(f"the server at {address} has no InferenceService, or an old version of it")
    made = _BY_CLASS.get(type(error), _other)(error)
    made.reason, made.metadata = error.reason, error.metadata
    return made


def _invalid_input(error: armoire.ArmoireError) -> InvalidInput:
    if not error.violations:
        return InvalidInput("request", error.message)
    violation = error.violations[0]
    return InvalidInput(_ELEMENT.sub("", violation.field) or "text", violation.description)


def _not_found(error: armoire.ArmoireError) -> NotFound:
    made = NotFound(error.metadata.get("resource", ""), error.metadata.get("id", ""))
    made.message, made.args = error.message, (error.message,)
    return made


def _unimplemented(error: armoire.ArmoireError) -> Unimplemented:
    feature = error.metadata["feature"]
    return Unimplemented(feature, error.message.removeprefix(f"{feature}: "))


def _overloaded(error: armoire.ArmoireError) -> Overloaded:
    if error.retry_after_s is None:
        return Overloaded(error.message)
    return Overloaded(error.message, retry_after_s=error.retry_after_s)


def _unavailable(error: armoire.ArmoireError) -> Unavailable:
    if error.retry_after_s is None:
        return Unavailable(error.message)
    return Unavailable(error.message, retry_after_s=error.retry_after_s)


def _other(error: armoire.ArmoireError) -> ArmoireError:
    return ArmoireError(error.message)


_BY_CLASS: Mapping[type[armoire.ArmoireError], Callable[[armoire.ArmoireError], ArmoireError]] = {
    armoire.InvalidInput: _invalid_input,
    armoire.NotFound: _not_found,
    armoire.AlreadyExists: lambda error: AlreadyExists(error.message),
    armoire.Conflict: lambda error: Conflict(error.message),
    armoire.FailedPrecondition: lambda error: FailedPrecondition(error.message),
    armoire.Unimplemented: _unimplemented,
    armoire.Overloaded: _overloaded,
    armoire.DeadlineExceeded: lambda error: DeadlineExceeded(error.message),
    armoire.Unavailable: _unavailable,
}
"""Errors of other classes become plain `ArmoireError`s with their reason."""
