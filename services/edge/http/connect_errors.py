"""Errors as the Connect protocol tells them."""

from __future__ import annotations

import base64
import math
from typing import Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError, ErrorDetail
from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as AnyProto
from google.rpc import code_pb2
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from protobuf import message_from_json_value
from protobuf.wkt import Any as ConnectAny
from protobuf.wkt import Struct

from domain.calls import DEADLINE_PASSED
from domain.errors import (
    ArmoireError,
    DeadlineExceeded,
    InvalidInput,
    MessageTooLarge,
    Unauthenticated,
    Unimplemented,
)
from services.edge.http.bodies import BodyTooSlow

_CODES = {code_pb2.Code.Value("CANCELLED"): Code.CANCELED} | {
    code_pb2.Code.Value(code.name): code for code in Code if code is not Code.CANCELED
}
HTTP_STATUS = {
    Code.CANCELED: 499,
    Code.INVALID_ARGUMENT: 400,
    Code.DEADLINE_EXCEEDED: 504,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.PERMISSION_DENIED: 403,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.FAILED_PRECONDITION: 400,
    Code.ABORTED: 409,
    Code.OUT_OF_RANGE: 400,
    Code.UNIMPLEMENTED: 501,
    Code.UNAVAILABLE: 503,
    Code.UNAUTHENTICATED: 401,
}
"""The others are 500. Source: https://connectrpc.com/docs/protocol, "Error codes"."""
_NUMBERS = {code: number for number, code in _CODES.items()}


class ReadableDetail(ErrorDetail):
    """A detail that is told in words, too, as `debug` of JSON: the library knows none of our messages."""

    def __init__(self, detail: AnyProto) -> None:
        super().__init__(ConnectAny(type_url=detail.type_url, value=detail.value))
        self._detail = detail

    def value(self, *_: object) -> Struct:  # type: ignore[override]
        """The detail as the library renders it, whatever type is asked for."""
        return message_from_json_value(Struct, _words(self._detail))


def connect_error(status: Status) -> ConnectError:
    details = [ReadableDetail(each) for each in status.details]
    return ConnectError(_CODES[status.code], status.message, details)


def code_number(error: ConnectError) -> int:
    """The number of the error's code in google.rpc.Code."""
    return int(_NUMBERS[error.code])


def error_body(status: Status) -> dict[str, Any]:
    """The error in Connect's JSON; `debug` has the details in words.

    Source: https://connectrpc.com/docs/protocol, "Error end-stream" and "Unary response".
    """
    details = [_detail(detail) for detail in status.details]
    return {"code": _CODES[status.code].value, "message": status.message, "details": details}


def error_headers(error: Exception, status: Status) -> dict[str, str]:
    """Retry-After in whole seconds if the status has a retry time; a slow upload ends its connection."""
    headers = {"connection": "close"} if isinstance(error, BodyTooSlow) else {}
    if isinstance(error, Unauthenticated):
        headers["www-authenticate"] = 'Bearer realm="armoire"'
    for detail in status.details:
        info = RetryInfo()
        if detail.Unpack(info):
            headers["retry-after"] = str(math.ceil(info.retry_delay.ToTimedelta().total_seconds()))
    return headers


def _detail(detail: AnyProto) -> dict[str, Any]:
    value = base64.b64encode(detail.value).decode().rstrip("=")
    return {"type": detail.TypeName(), "value": value, "debug": _words(detail)}


def _words(detail: AnyProto) -> dict[str, Any]:
    words: dict[str, Any] = json_format.MessageToDict(detail)
    words.pop("@type", None)
    return words


def http_status(error: Exception, status: Status) -> int:
    """The HTTP status that Connect gives a code; a class of errors may have a closer one."""
    own: int | None = getattr(error, "http_status", None)
    return own or HTTP_STATUS.get(_CODES[status.code], 500)


def explained(error: ConnectError, max_bytes: int) -> ArmoireError:
    """What an error of the library means, whose text is its own; `max_bytes` limits a message."""
    match error.code:
        case Code.RESOURCE_EXHAUSTED:
            return MessageTooLarge(max_bytes)
        case Code.DEADLINE_EXCEEDED:
            return DeadlineExceeded(DEADLINE_PASSED)
        case Code.INVALID_ARGUMENT | Code.INTERNAL:
            return InvalidInput("request", f"is not a valid message of this call: {error.message}")
        case Code.UNIMPLEMENTED:
            return Unimplemented("request", error.message)
    return ArmoireError(error.message)
