"""How calls fail: the responses that are not 200."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from connectrpc.code import Code

from services.edge.http.connect_errors import HTTP_STATUS
from services.edge.http.openapi.json_types import Schema

ERROR = "connect.error"
UNSUPPORTED = "415"

_RETURNED = (
    Code.INVALID_ARGUMENT,
    Code.UNAUTHENTICATED,
    Code.PERMISSION_DENIED,
    Code.FAILED_PRECONDITION,
    Code.NOT_FOUND,
    Code.ALREADY_EXISTS,
    Code.ABORTED,
    Code.RESOURCE_EXHAUSTED,
    Code.INTERNAL,
    Code.UNKNOWN,
    Code.UNIMPLEMENTED,
    Code.UNAVAILABLE,
    Code.DEADLINE_EXCEEDED,
)
"""The codes that this server's calls end with. CANCELED is missing: nobody receives it."""
_MAY_RETRY = (Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE)

SCHEMAS: dict[str, Schema] = {
    ERROR: {
        "type": "object",
        "title": "Error",
        "description": "An error of the Connect protocol.",
        "properties": {
            "code": {"type": "string", "enum": [code.value for code in Code]},
            "message": {
                "type": "string",
                "description": "The reason in English; it names the field and the limit.",
            },
            "details": {"type": "array", "items": {"$ref": "#/components/schemas/connect.error.detail"}},
        },
        "required": ["code", "message"],
    },
    "connect.error.detail": {
        "type": "object",
        "title": "Detail",
        "description": "google.rpc.ErrorInfo, and BadRequest with fields or RetryInfo with a time.",
        "properties": {
            "type": {
                "type": "string",
                "description": "The message's full name, such as google.rpc.BadRequest.",
            },
            "value": {"type": "string", "contentEncoding": "base64", "description": "The message, binary."},
            "debug": {"description": "The message in JSON, where the server knows its type."},
        },
        "required": ["type", "value"],
    },
}

REQUEST_ID = {
    "x-request-id": {
        "description": "The id of the call, the caller's own where one was given; the log has it, too.",
        "schema": {"type": "string"},
    }
}
_RETRY_AFTER = {
    "retry-after": {
        "description": "After how many seconds the call may be tried again.",
        "schema": {"type": "integer"},
    }
}


def error_responses() -> dict[str, Any]:
    """The responses by HTTP status, for `components`."""
    codes: dict[int, list[Code]] = defaultdict(list)
    for code in _RETURNED:
        codes[HTTP_STATUS.get(code, 500)].append(code)
    responses = {str(status): _response(codes[status]) for status in sorted(codes)}
    unsupported = _response([Code.INVALID_ARGUMENT])
    unsupported["description"] = "The content-type is none that the call takes: the code is invalid_argument."
    return {**responses, UNSUPPORTED: unsupported}


def error_references(*statuses: str) -> dict[str, Any]:
    """References to the responses of these statuses, all where none is named."""
    names = statuses or sorted(error_responses())
    return {status: {"$ref": f"#/components/responses/{status}"} for status in names}


def _response(codes: list[Code]) -> dict[str, Any]:
    names = [code.value for code in codes]
    schema = {"$ref": f"#/components/schemas/{ERROR}", "properties": {"code": {"enum": names}}}
    headers = {**REQUEST_ID, **(_RETRY_AFTER if set(codes) & set(_MAY_RETRY) else {})}
    description = f"The code is {' or '.join(names)}."
    return {
        "description": description,
        "headers": headers,
        "content": {"application/json": {"schema": schema}},
    }
