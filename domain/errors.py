"""What can go wrong, by meaning.

ArmoireError
├── InvalidInput          a field of the request is wrong; `violations` names it and the limit
│   └── MessageTooLarge   the request as a whole is larger than the server takes
├── Unauthenticated       it is not known who calls
├── PermissionDenied      the caller may not do this
├── NotFound              no such thing for this tenant
├── AlreadyExists         the key is taken by something different
├── Conflict              it changed since you read it (etag)
├── FailedPrecondition    right request, wrong moment or wrong model
├── Unimplemented         the contract has it, this server does not offer it yet
├── Overloaded            no room now; `retry_after_s` says when to come back
├── QuotaExceeded         the tenant keeps as much as it may; a retry does not help
├── DeadlineExceeded      the caller's deadline passed before the work was done
├── Unavailable           a part this needs is down or not warm yet
└── ArtifactError         a model artifact is missing, damaged or does not match its manifest

`reason` is a stable UPPER_SNAKE_CASE word for programs, the message is for people.
Nothing here knows about transports; the gRPC edge maps classes to status codes in one table.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """`field` is a path into the request, such as "images[2].content"."""

    field: str
    description: str


class ArmoireError(Exception):
    """Base of every error that has a meaning to a caller."""

    reason = "INTERNAL"

    def __init__(
        self, message: str, *, reason: str | None = None, metadata: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or type(self).reason
        self.metadata: dict[str, str] = dict(metadata or {})


class InvalidInput(ArmoireError):
    """A field of the request is wrong."""

    reason = "INVALID_INPUT"

    def __init__(
        self,
        field: str,
        description: str,
        *,
        reason: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{field}: {description}", reason=reason, metadata=metadata)
        self.violations = (FieldViolation(field, description),)

    def within(self, prefix: str) -> InvalidInput:
        """The same complaint, its field path set below `prefix`."""
        (violation,) = self.violations
        path = f"{prefix}.{violation.field}" if violation.field else prefix
        return InvalidInput(path, violation.description, reason=self.reason, metadata=self.metadata)


class MessageTooLarge(InvalidInput):
    """A request, or a message of a stream, is larger than `max_bytes`."""

    reason = "MESSAGE_TOO_LARGE"

    def __init__(self, max_bytes: int) -> None:
        limit = {"max_message_bytes": str(max_bytes)}
        super().__init__("request", f"must be at most {max_bytes} bytes", metadata=limit)


class Unauthenticated(ArmoireError):
    """It is not known who calls."""

    reason = "KEY_MISSING"


class PermissionDenied(ArmoireError):
    """The caller may not do this."""

    reason = "SCOPE_MISSING"


class NotFound(ArmoireError):
    """No such thing for this tenant."""

    reason = "NOT_FOUND"

    def __init__(self, resource: str, id: str, hint: str = "") -> None:
        message = f"{resource} {id!r} does not exist"
        message = f"{message}: {hint}" if hint else message
        super().__init__(message, metadata={"resource": resource, "id": id})


class AlreadyExists(ArmoireError):
    """The key is taken by something different; `resource` and `id` say what has it, if that is known."""

    reason = "ALREADY_EXISTS"

    def __init__(
        self,
        message: str,
        *,
        resource: str = "",
        id: str = "",
        reason: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        of = {"resource": resource, "id": id} if resource else {}
        super().__init__(message, reason=reason, metadata={**of, **(metadata or {})})


class Conflict(ArmoireError):
    """It changed since you read it."""

    reason = "ETAG_MISMATCH"


class FailedPrecondition(ArmoireError):
    """Right request, wrong moment or wrong model."""

    reason = "FAILED_PRECONDITION"


class Unimplemented(ArmoireError):
    """The contract has it, this server does not offer it yet; `feature` is a field or a call."""

    reason = "UNIMPLEMENTED"

    def __init__(self, feature: str, description: str) -> None:
        super().__init__(f"{feature}: {description}", metadata={"feature": feature})
        self.feature = feature
        self.description = description

    def within(self, prefix: str) -> Unimplemented:
        """The same, its field path set below `prefix`."""
        return Unimplemented(f"{prefix}.{self.feature}", self.description)


class Overloaded(ArmoireError):
    """No room now; come back after `retry_after_s`."""

    reason = "OVERLOADED"

    def __init__(
        self,
        message: str,
        *,
        retry_after_s: float = 0.5,
        reason: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, reason=reason, metadata=metadata)
        self.retry_after_s = retry_after_s


class QuotaExceeded(ArmoireError):
    """A tenant keeps as much as it may; `quota` is the name of the limit, such as "max_items"."""

    reason = "QUOTA_EXCEEDED"

    def __init__(self, tenant_id: str, quota: str, description: str) -> None:
        super().__init__(description, metadata={"tenant": tenant_id, "quota": quota})

    @property
    def subject(self) -> str:
        """Whose quota it is."""
        return f"tenants/{self.metadata['tenant']}"


class DeadlineExceeded(ArmoireError):
    """The caller's deadline passed before the work was done."""

    reason = "DEADLINE_EXCEEDED"


class Unavailable(ArmoireError):
    """A part this needs is down or not warm yet; worth a retry after `retry_after_s`."""

    reason = "UNAVAILABLE"

    def __init__(
        self,
        message: str,
        *,
        retry_after_s: float = 1.0,
        reason: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, reason=reason, metadata=metadata)
        self.retry_after_s = retry_after_s


class ArtifactError(ArmoireError):
    """A model artifact is missing, damaged or does not match its manifest."""

    reason = "ARTIFACT_INVALID"


def reason_of(error: BaseException) -> str:
    """The reason of a failure of any kind, of which there are few."""
    if isinstance(error, CancelledError):
        return "CANCELLED"
    return error.reason if isinstance(error, ArmoireError) else ArmoireError.reason
