"""How calls fail: the responses that are not 200."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from connectrpc.code import Code

from services.edge.http.connect_errors import HTTP_STATUS
from services.edge.http.error_responses import PROBLEM_JSON
from services.edge.http.openapi.json_types import Schema

ERROR = "connect.error"
PROBLEM = "problem"
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
SCHEMAS[PROBLEM] = {
    "type": "object",
    "title": "Problem",
    "description": "Problem details of RFC 9457, with all that an error of the Connect protocol has.",
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Names the reason; it leads nowhere."},
        "title": {"type": "string", "description": "The reason in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "The same as message."},
        "instance": {"type": "string", "format": "uri", "description": "Names the request by its id."},
        "reason": {"type": "string", "description": "The reason of the google.rpc.ErrorInfo."},
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        **SCHEMAS[ERROR]["properties"],
    },
    "required": ["type", "title", "status", "detail", "code", "message", "details", "reason", "metadata"],
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
    """The responses by HTTP status, for `components`; those with problem details by `problem.` and status."""
    return {
        **_responses(ERROR, "application/json"),
        **{f"{PROBLEM}.{status}": each for status, each in _responses(PROBLEM, PROBLEM_JSON).items()},
    }


def error_references(*statuses: str) -> dict[str, Any]:
    """References to the responses of these statuses, all where none is named."""
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses or _statuses()}


def problem_references() -> dict[str, Any]:
    """References to the responses with problem details."""
    return {status: {"$ref": f"#/components/responses/{PROBLEM}.{status}"} for status in _statuses()}


def _statuses() -> list[str]:
    return sorted(_responses(ERROR, "application/json"))


def _responses(schema: str, media_type: str) -> dict[str, Any]:
    codes: dict[int, list[Code]] = defaultdict(list)
    for code in _RETURNED:
        codes[HTTP_STATUS.get(code, 500)].append(code)
    responses = {str(status): _response(codes[status], schema, media_type) for status in sorted(codes)}
    unsupported = _response([Code.INVALID_ARGUMENT], schema, media_type)
    unsupported["description"] = "The content-type is none that the call takes: the code is invalid_argument."
    return {**responses, UNSUPPORTED: unsupported}


def _response(codes: list[Code], schema_name: str, media_type: str) -> dict[str, Any]:
    names = [code.value for code in codes]
    schema = {"$ref": f"#/components/schemas/{schema_name}", "properties": {"code": {"enum": names}}}
    headers = {**REQUEST_ID, **(_RETRY_AFTER if set(codes) & set(_MAY_RETRY) else {})}
    description = f"The code is {' or '.join(names)}."
    return {
        "description": description,
        "headers": headers,
        "content": {media_type: {"schema": schema}},
    }
