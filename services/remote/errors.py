"""Converts statuses to domain errors, the reverse of the table in `services/edge/status.py`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import grpc
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from armoire.v1 import inference_pb2
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

M = TypeVar("M", bound=Message)

_KINDS: dict[int, Callable[[str], ArmoireError]] = {
    grpc.StatusCode.INVALID_ARGUMENT.value[0]: lambda message: InvalidInput("request", message),
    grpc.StatusCode.NOT_FOUND.value[0]: lambda message: NotFound("resource", message),
    grpc.StatusCode.ALREADY_EXISTS.value[0]: AlreadyExists,
    grpc.StatusCode.ABORTED.value[0]: Conflict,
    grpc.StatusCode.FAILED_PRECONDITION.value[0]: FailedPrecondition,
    grpc.StatusCode.UNIMPLEMENTED.value[0]: lambda message: Unimplemented("request", message),
    grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]: Overloaded,
    grpc.StatusCode.DEADLINE_EXCEEDED.value[0]: DeadlineExceeded,
    grpc.StatusCode.UNAVAILABLE.value[0]: Unavailable,
}


def raise_error(
    result: inference_pb2.AnalyzeResult | inference_pb2.EmbedTextResult,
) -> None:
    """Raise the error of an element of a batch reply."""
    if result.WhichOneof("outcome") == "error":
        raise error_from_status(result.error)


def error_from_status(status: Status) -> ArmoireError:
    """The domain error of a status, with its reason and metadata."""
    error = _error_of_kind(status)
    info = _detail(status, ErrorInfo)
    if info is not None:
        error.reason = info.reason or error.reason
        error.metadata = dict(info.metadata)
    retry = _detail(status, RetryInfo)
    if retry is not None and isinstance(error, Overloaded | Unavailable):
        error.retry_after_s = retry.retry_delay.ToTimedelta().total_seconds()
    return error


def _error_of_kind(status: Status) -> ArmoireError:
    """The error; its field paths lose the prefix of the batch, which has one element."""
    bad_request = _detail(status, BadRequest)
    if bad_request is not None and bad_request.field_violations:
        violation = bad_request.field_violations[0]
        field = re.sub(r"^(images|texts)\[0\]\.?", "", violation.field)
        return InvalidInput(field or "text", violation.description)
    error = _KINDS.get(status.code, ArmoireError)(status.message)
    error.message, error.args = status.message, (status.message,)
    return error


def error_from_rpc(error: grpc.aio.AioRpcError, address: str) -> ArmoireError:
    """The domain error of a failed call, or Unavailable if it did not reach the server."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    if status is not None:
        return error_from_status(status)
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return Unavailable(f"the inference server at {address} cannot be reached: {error.details()}")
    if error.code() is grpc.StatusCode.UNIMPLEMENTED:
        return Unavailable(f"the server at {address} offers no InferenceService, or an older one")
    code: int = error.code().value[0]
    return error_from_status(Status(code=code, message=error.details() or error.code().name))


def _detail(status: Status, kind: type[M]) -> M | None:
    for packed in status.details:
        detail = kind()
        if packed.Unpack(detail):
            return detail
    return None
