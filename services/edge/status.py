"""One table from the meaning of an error to its gRPC status."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import grpc
from google.protobuf.any_pb2 import Any as AnyProto
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, QuotaFailure, ResourceInfo, RetryInfo
from google.rpc.status_pb2 import Status

from domain.errors import (
    AlreadyExists,
    ArmoireError,
    ArtifactError,
    Conflict,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidInput,
    MessageTooLarge,
    NotFound,
    Overloaded,
    PermissionDenied,
    QuotaExceeded,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)

ERROR_DOMAIN = "armoire"
RETRY_JITTER = (0.5, 1.5)
MAX_ECHO_CHARS = 100
MAX_TEXT_BYTES = 1000
INTERNAL_MESSAGE = "internal error; the server's log has the details under this request id"

_CODES: tuple[tuple[type[ArmoireError], grpc.StatusCode], ...] = (
    (MessageTooLarge, grpc.StatusCode.RESOURCE_EXHAUSTED),  # as gRPC itself has it
    (InvalidInput, grpc.StatusCode.INVALID_ARGUMENT),
    (Unauthenticated, grpc.StatusCode.UNAUTHENTICATED),
    (PermissionDenied, grpc.StatusCode.PERMISSION_DENIED),
    (NotFound, grpc.StatusCode.NOT_FOUND),
    (AlreadyExists, grpc.StatusCode.ALREADY_EXISTS),
    (Conflict, grpc.StatusCode.ABORTED),
    (FailedPrecondition, grpc.StatusCode.FAILED_PRECONDITION),
    (Unimplemented, grpc.StatusCode.UNIMPLEMENTED),
    (Overloaded, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (QuotaExceeded, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (DeadlineExceeded, grpc.StatusCode.DEADLINE_EXCEEDED),
    (Unavailable, grpc.StatusCode.UNAVAILABLE),
    (ArtifactError, grpc.StatusCode.FAILED_PRECONDITION),
)


_CLOSING = {"'": "'", '"': '"', "[": "]"}
_ECHOES = (r"'[^']{%d,}'", r'"[^"]{%d,}"', r"\[[^\]]{%d,}\]", r"""[^\s'"\[\]]{%d,}""")
_LONG = re.compile("|".join(echo % MAX_ECHO_CHARS for echo in _ECHOES))


def shortened(text: str) -> str:
    """A text for a caller, in which values of the request keep less than 100 characters.

    Those are in quotes or brackets, or have no blanks. The text as a whole has at most 1,000 bytes, so that a
    status fits into the headers of HTTP/2, whatever its characters are.
    """
    text = _LONG.sub(lambda found: _cut(found[0], _CLOSING.get(found[0][0], "")), text)
    encoded = text.encode(errors="replace")
    return (
        text if len(encoded) <= MAX_TEXT_BYTES else encoded[:MAX_TEXT_BYTES].decode(errors="ignore") + "..."
    )


def _cut(value: str, closing: str = "") -> str:
    return value if len(value) < MAX_ECHO_CHARS else f"{value[: MAX_ECHO_CHARS - 5]}...{closing}"


def status_code(error: ArmoireError) -> grpc.StatusCode:
    """The status of an error's class; INTERNAL for one the table does not hold."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    return grpc.StatusCode.INTERNAL


def status_to_proto(error: ArmoireError) -> Status:
    """The error with exactly one ErrorInfo, and BadRequest, RetryInfo, QuotaFailure or ResourceInfo.

    The retry delay of Unavailable is jittered, so that callers do not return together; Overloaded already has
    a separate retry time for each caller (`services.inference.batching.retry_after`).
    """
    metadata = {name: _cut(value) for name, value in error.metadata.items()}
    info = ErrorInfo(reason=error.reason, domain=ERROR_DOMAIN, metadata=metadata)
    return _status(status_code(error), shortened(error.message), [info, *_details(error)])


def _details(error: ArmoireError) -> Iterator[Message]:
    """What an error has beside its ErrorInfo."""
    match error:
        case InvalidInput():
            yield _bad_request(error)
        case Overloaded():
            yield RetryInfo(retry_delay=_duration(error.retry_after_s))
        case Unavailable():
            yield RetryInfo(retry_delay=_duration(error.retry_after_s * random.uniform(*RETRY_JITTER)))
        case QuotaExceeded():
            violation = QuotaFailure.Violation(subject=error.subject, description=shortened(error.message))
            yield QuotaFailure(violations=[violation])
        case NotFound() | AlreadyExists() if "resource" in error.metadata:
            yield ResourceInfo(
                resource_type=error.metadata["resource"], resource_name=_cut(error.metadata.get("id", ""))
            )


def error_status(error: Exception) -> Status:
    """The status for the caller; INTERNAL for an error that is no `ArmoireError`."""
    return status_to_proto(error) if isinstance(error, ArmoireError) else internal_status()


def internal_status() -> Status:
    """The status for an unexpected error, without the error's text."""
    info = ErrorInfo(reason=ArmoireError.reason, domain=ERROR_DOMAIN)
    return _status(grpc.StatusCode.INTERNAL, INTERNAL_MESSAGE, [info])


def _bad_request(error: InvalidInput) -> BadRequest:
    violations = [
        BadRequest.FieldViolation(field=shortened(v.field), description=shortened(v.description))
        for v in error.violations
    ]
    return BadRequest(field_violations=violations)


def _duration(seconds: float) -> Duration:
    duration = Duration()
    duration.FromMilliseconds(round(seconds * 1000))
    return duration


def _status(code: grpc.StatusCode, message: str, details: list[Message]) -> Status:
    number: int = code.value[0]
    status = Status(code=number, message=message)
    for detail in details:
        packed = AnyProto()
        packed.Pack(detail)
        status.details.append(packed)
    return status
