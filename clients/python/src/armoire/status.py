"""From gRPC's failures and google.rpc.Status to this package's errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

from armoire.errors import (
    AlreadyExists,
    ArmoireError,
    Conflict,
    DeadlineExceeded,
    FailedPrecondition,
    FieldViolation,
    InvalidInput,
    NotFound,
    Overloaded,
    PermissionDenied,
    QuotaExceeded,
    QuotaViolation,
    Resource,
    ServerError,
    Unavailable,
    Unimplemented,
)

NO_ANSWER = "NO_ANSWER"
"""The reason of an error where no server answers at the address."""
BROKEN = "BROKEN"
"""The reason of an error where a server ended a call, or a stream, without a word of its own."""
_DETAILS_KEY = "grpc-status-details-bin"
_REQUEST_ID_KEY = "x-request-id"
UNKNOWN_METHOD = "UNKNOWN_METHOD"
TOO_LARGE = "MESSAGE_TOO_LARGE"
"""A request that is too large is a wrong request, though gRPC has a code of its own for it."""


class CallFailure(Protocol):
    """What both of grpc's RpcErrors, blocking and asyncio, offer."""

    def code(self) -> grpc.StatusCode: ...
    def details(self) -> str | None: ...
    def trailing_metadata(self) -> Iterable[tuple[str, str | bytes]] | None: ...


def error_from_failure(failure: CallFailure, address: str, path: str) -> ArmoireError:
    """The error of a failed call of `path`, such as "/armoire.v1.CatalogService/Search", at `address`."""
    trailing = dict(failure.trailing_metadata() or ())
    status = _sent_status(trailing.get(_DETAILS_KEY))
    error = error_from_status(status) if status is not None else _unexplained(failure, address, path)
    if error.reason == UNKNOWN_METHOD:
        error = Unimplemented(_not_offered(address, path), code=error.code, reason=error.reason)
    error.request_id = str(trailing.get(_REQUEST_ID_KEY, ""))
    return error


def error_from_status(status: status_pb2.Status) -> ArmoireError:
    """The error that a google.rpc.Status describes, with its details."""
    info = error_details_pb2.ErrorInfo()
    request = error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    quota = error_details_pb2.QuotaFailure()
    resource = error_details_pb2.ResourceInfo()
    asked_to_wait = _unpack(status, retry)
    _unpack(status, info)
    _unpack(status, request)
    code = _code_name(status.code)
    about_resource = _unpack(status, resource)
    kind = QuotaExceeded if _unpack(status, quota) else _class_of(code)
    if info.reason == TOO_LARGE:
        kind = InvalidInput
    return kind(
        status.message or code,
        code=code,
        reason=info.reason,
        violations=[FieldViolation(v.field, v.description) for v in request.field_violations],
        retry_after_s=retry.retry_delay.ToTimedelta().total_seconds() if asked_to_wait else None,
        metadata=dict(info.metadata),
        quotas=[QuotaViolation(v.subject, v.description) for v in quota.violations],
        resource=Resource(resource.resource_type, resource.resource_name) if about_resource else None,
    )


def _unexplained(failure: CallFailure, address: str, path: str) -> ArmoireError:
    """The error of a failure that gRPC itself made up."""
    code, details = failure.code().name, failure.details() or ""
    if code == "UNAVAILABLE":
        return Unavailable(_no_answer(address, details), code=code, reason=NO_ANSWER)
    if code == "CANCELLED":  # by the server: the client drops the calls that it gives up
        return Unavailable(f"{address} ended the call: it shuts down", code="UNAVAILABLE", reason=BROKEN)
    if code == "DEADLINE_EXCEEDED":
        return DeadlineExceeded(f"no answer from {address} within the time given", code=code)
    if code == "RESOURCE_EXHAUSTED" and "larger than max" in details:
        return InvalidInput(f"too much for one call: {details}", code=code, reason=TOO_LARGE)
    if code == "UNIMPLEMENTED":
        return Unimplemented(_not_offered(address, path), code=code)
    return _class_of(code)(details or code, code=code)


def _sent_status(packed: str | bytes | None) -> status_pb2.Status | None:
    """The status that the server itself sent along; None where there is none to read."""
    if not isinstance(packed, bytes):
        return None
    try:
        return status_pb2.Status.FromString(packed)
    except DecodeError:
        return None


def _unpack(status: status_pb2.Status, detail: Message) -> bool:
    return any(packed.Unpack(detail) for packed in status.details)


def _code_name(number: int) -> str:
    names: dict[int, str] = {code.value[0]: code.name for code in grpc.StatusCode}
    return names.get(number, "UNKNOWN")


def _no_answer(address: str, details: str) -> str:
    return (
        f"no Armoire server answers at {address} ({details or 'no details'}). "
        "Start one with `make serve` in the server's checkout, or name another address: "
        "Client(address=...), --address HOST:PORT or ARMOIRE_ADDRESS. One that speaks TLS answers to "
        "Client(credentials=...), --ca-file FILE or ARMOIRE_CA_FILE only."
    )


def _not_offered(address: str, path: str) -> str:
    service, _, method = path.strip("/").rpartition("/")
    return (
        f"the server at {address} does not offer {method} of {service}: "
        "another server may host that service, or this one is older (`armoire health` lists its services)"
    )


def _class_of(code: str) -> type[ArmoireError]:
    match code:
        case "INVALID_ARGUMENT" | "OUT_OF_RANGE":
            return InvalidInput
        case "NOT_FOUND":
            return NotFound
        case "ALREADY_EXISTS":
            return AlreadyExists
        case "ABORTED":
            return Conflict
        case "FAILED_PRECONDITION":
            return FailedPrecondition
        case "UNAUTHENTICATED" | "PERMISSION_DENIED":
            return PermissionDenied
        case "RESOURCE_EXHAUSTED":
            return Overloaded
        case "DEADLINE_EXCEEDED":
            return DeadlineExceeded
        case "UNAVAILABLE":
            return Unavailable
        case "UNIMPLEMENTED":
            return Unimplemented
    return ServerError
