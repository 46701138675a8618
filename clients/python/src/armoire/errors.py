"""What can go wrong when talking to a server.

ArmoireError
├── InvalidInput          a field of the request is wrong; `violations` name it and the limit
├── NotFound              no such thing
├── AlreadyExists         the key is taken by something different
├── Conflict              it changed since you read it (etag)
├── FailedPrecondition    right request, wrong moment or wrong model
├── PermissionDenied      the server does not know you, or does not let you
├── Overloaded            no room now; `retry_after_s` says when to come back
├── QuotaExceeded         your tenant keeps as much as it may; `quotas` say which
├── DeadlineExceeded      the time given passed before the answer came
├── Unavailable           no server answers, or a part it needs is down
├── Unimplemented         this server does not offer that call
└── ServerError           anything else that went wrong over there
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """`field` is a path into the request, such as "images[2].content"."""

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class QuotaViolation:
    """`subject` is whose quota it is, such as "tenants/shop"."""

    subject: str
    description: str


@dataclass(frozen=True, slots=True)
class Resource:
    """What an error is about: a `type` such as "product", and its id or name."""

    type: str
    name: str


class ArmoireError(Exception):
    """Base of every error of this package: a server refused, failed, or did not answer.

    `code` is the gRPC status ("NOT_FOUND"), `reason` a stable UPPER_SNAKE_CASE word for programs,
    `message` is for people. `retry_after_s` is None where the server did not name a time;
    `request_id` finds the call in the server's log. `quotas` and `resource` are set where the error is about
    a quota or a single thing.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "UNKNOWN",
        reason: str = "",
        violations: Sequence[FieldViolation] = (),
        retry_after_s: float | None = None,
        metadata: Mapping[str, str] | None = None,
        request_id: str = "",
        quotas: Sequence[QuotaViolation] = (),
        resource: Resource | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.reason = reason or code
        self.violations = tuple(violations)
        self.retry_after_s = retry_after_s
        self.metadata: dict[str, str] = dict(metadata or {})
        self.request_id = request_id
        self.quotas = tuple(quotas)
        self.resource = resource

    @property
    def field(self) -> str | None:
        """The first field complained about."""
        return self.violations[0].field if self.violations else None


class InvalidInput(ArmoireError):
    """A field of the request is wrong."""


class NotFound(ArmoireError):
    """No such thing."""


class AlreadyExists(ArmoireError):
    """The key is taken by something different."""


class Conflict(ArmoireError):
    """It changed since you read it."""


class FailedPrecondition(ArmoireError):
    """Right request, wrong moment or wrong model."""


class PermissionDenied(ArmoireError):
    """The server does not know you, or does not let you."""


class Overloaded(ArmoireError):
    """No room now."""


class QuotaExceeded(ArmoireError):
    """Your tenant keeps as much as it may; a retry does not help."""


class DeadlineExceeded(ArmoireError):
    """The time given passed before the answer came."""


class Unavailable(ArmoireError):
    """No server answers, or a part it needs is down."""


class Unimplemented(ArmoireError):
    """This server does not offer that call."""


class ServerError(ArmoireError):
    """Anything else that went wrong over there."""
