"""Failures of a model server as domain errors."""

from __future__ import annotations

import time
from typing import Any

import grpc
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from domain.calls import CURRENT_CALL
from domain.errors import ArmoireError, DeadlineExceeded, FailedPrecondition, Overloaded, Unavailable

UNKNOWN_NAME = "MODEL_SERVER_UNKNOWN_NAME"
"""The reason of an error where the server knows no such model, version or shared memory."""
GONE = "MODEL_SERVER_GONE"
"""The reason of an error where the server cannot be reached."""
_STATUS_DETAILS = "grpc-status-details-bin"
_KEY_REFUSED = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
_REFUSED = (
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.OUT_OF_RANGE,
)


class KeyRefused(FailedPrecondition):
    """The server does not take the key that is sent to it."""


def domain_error(error: Any) -> Exception:
    """The error of a failed call, from a `grpc.RpcError`; a RuntimeError where the server has failed."""
    code, told = error.code(), error.details() or ""
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return _out_of_time()
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return Overloaded("the server of the model is full", retry_after_s=_retry_after_s(error, 0.5))
    if code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.ABORTED):
        retry_after_s = _retry_after_s(error, 1.0)
        return Unavailable(
            "the server of the model cannot be reached",
            reason="MODEL_SERVER_GONE",
            retry_after_s=retry_after_s,
        )
    if code is grpc.StatusCode.NOT_FOUND:
        return Unavailable(
            f"the server of the model has no such model: {told}", reason="MODEL_SERVER_UNKNOWN_NAME"
        )
    if code in _KEY_REFUSED:
        return KeyRefused(
            "the server of the model wants another key: ARMOIRE_MODELS__REMOTE_KEY is sent to it",
            reason="MODEL_SERVER_REFUSED",
        )
    if code in _REFUSED:
        return refusal(f"the server of the model refuses: {told}")
    return RuntimeError(f"the server of the model failed with {code.name}: {told}")


def refusal(message: str) -> FailedPrecondition:
    """The error of rows or answers that do not fit, which no repetition mends."""
    return FailedPrecondition(message, reason="MODEL_SERVER_REFUSED")


def closed() -> Unavailable:
    """The error of a run after the session was closed."""
    return Unavailable("the model was unloaded", reason="MODEL_UNLOADED")


def _out_of_time() -> ArmoireError:
    """The caller's deadline has passed; or it has not, and the server takes too long."""
    deadline = CURRENT_CALL.get().deadline
    if deadline is not None and time.monotonic() >= deadline:
        return DeadlineExceeded("the deadline passed before the model had answered")
    return Unavailable("the server of the model does not answer in time", reason="MODEL_SERVER_SLOW")


def _retry_after_s(error: Any, default_s: float) -> float:
    """The delay of the server's RetryInfo."""
    for key, value in error.trailing_metadata() or ():
        if key == _STATUS_DETAILS:
            for detail in Status.FromString(value).details:
                info = RetryInfo()
                if detail.Unpack(info):
                    return float(info.retry_delay.ToMilliseconds() / 1000)
    return default_s
