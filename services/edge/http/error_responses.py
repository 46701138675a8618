"""Responses to HTTP requests that fail.

The path decides how an error is told: Connect's JSON where calls are, whose clients know nothing else; the
same with `error` below /v2, as the Open Inference Protocol has it; problem details everywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Scope

from domain.errors import ArmoireError
from services.edge.calls import REQUEST_ID_KEY, sane_request_id
from services.edge.http.connect_errors import error_body, error_headers, http_status
from services.edge.status import error_status

PROBLEM_JSON = "application/problem+json"
TAG = "tag:armoire,2026:"
"""Begins the URIs of problems, which name something and lead nowhere. Source: RFC 4151."""
_CALL = re.compile(r"/(\w+\.)+\w+/\w+", re.ASCII)
"""The path of a call has a service with a package; that of a form has none."""


def error_response(
    path: str, error: Exception, status: Status, request_id: str = "", headers: Mapping[str, str] = {}
) -> JSONResponse:
    """The response to a request for `path` that failed with the status of `error`."""
    code = http_status(error, status)
    all_headers = {**error_headers(error, status), **headers}
    if _CALL.fullmatch(path):
        return JSONResponse(error_body(status), code, all_headers)
    if path == "/v2" or path.startswith("/v2/"):
        return JSONResponse({"error": status.message, **error_body(status)}, code, all_headers)
    return JSONResponse(problem(status, code, request_id), code, all_headers, PROBLEM_JSON)


def refusal(scope: Scope, error: ArmoireError, headers: Mapping[str, str] = {}) -> JSONResponse:
    """The response to a request that becomes no call, so that only its sender may have given it an id."""
    given = Headers(scope=scope).get(REQUEST_ID_KEY, "")
    request_id = given if given == sane_request_id(given) else ""
    told = {REQUEST_ID_KEY: request_id} if request_id else {}
    return error_response(scope["path"], error, error_status(error), request_id, {**told, **headers})


def problem(status: Status, http_status: int, request_id: str = "") -> dict[str, Any]:
    """Problem details; all that Connect's JSON has, and the parts of the ErrorInfo, are members beside them.

    Source: RFC 9457.
    """
    info = ErrorInfo()
    next(detail for detail in status.details if detail.Is(ErrorInfo.DESCRIPTOR)).Unpack(info)
    return {
        "type": f"{TAG}error/{info.reason}",
        "title": info.reason.replace("_", " ").capitalize(),
        "status": http_status,
        "detail": status.message,
        **({"instance": f"{TAG}request/{request_id}"} if request_id else {}),
        **error_body(status),
        "reason": info.reason,
        "metadata": dict(info.metadata),
    }
