"""The operations of an RPC: POST, and GET where it changes nothing."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import MethodDescriptor

from domain.end_users import MAX_END_USER_CHARS
from services.edge.calls import END_USER_KEY
from services.edge.http.call_requests import is_safe
from services.edge.http.openapi.curl import CONNECT_JSON, get_command, post_command, stream_command
from services.edge.http.openapi.errors import REQUEST_ID, error_references
from services.edge.http.openapi.examples import example
from services.edge.http.openapi.schemas import Schemas

JSON = "application/json"
END_USER_PATTERN = f"^[!-~]([ -~]{{0,{MAX_END_USER_CHARS - 2}}}[!-~])?$"
REQUEST_ID_PARAMETER = {
    "name": "X-Request-Id",
    "in": "header",
    "description": "An id for the call, 1 to 64 of the characters A-Z a-z 0-9 _ . : -. Others are replaced.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,64}$"},
}
PARAMETERS: dict[str, Any] = {
    "RequestId": REQUEST_ID_PARAMETER,
    "EndUser": {
        "name": END_USER_KEY,
        "in": "header",
        "description": "For whom the caller calls, in an id of its own, which the audit record tells.",
        "schema": {"type": "string", "pattern": END_USER_PATTERN},
    },
    "TimeoutMs": {
        "name": "Connect-Timeout-Ms",
        "in": "header",
        "description": "How many milliseconds the caller waits. Then the call ends with deadline_exceeded.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 9999999999},
    },
    "ProtocolVersion": {
        "name": "Connect-Protocol-Version",
        "in": "header",
        "description": "The version of the Connect protocol. It may be left out.",
        "schema": {"type": "string", "const": "1"},
    },
    "Connect": {
        "name": "connect",
        "in": "query",
        "description": "The version of the Connect protocol. It may be left out.",
        "schema": {"type": "string", "const": "v1"},
    },
    "Encoding": {
        "name": "encoding",
        "in": "query",
        "required": True,
        "description": "The encoding of message.",
        "schema": {"type": "string", "const": "json"},
    },
}
"""By their names in `components`."""
_HEADERS = ("RequestId", "EndUser", "TimeoutMs", "ProtocolVersion")

_ENVELOPES = (
    "Each message is in an envelope: a byte of flags, the length as four bytes, the highest first, and the "
    "message in JSON. "
)
_SENT = {
    False: "The request is one envelope with the flags 0.",
    True: "The request is any number of envelopes with the flags 0.",
}
_RETURNED = {
    False: "The response is one envelope with the flags 0",
    True: "The response is an envelope with the flags 0 for each message",
}
_END = (
    ", then one with the flags 2, which ends it: {} if the call has succeeded, else its error below `error`. "
    "The HTTP status is 200 in both cases."
)


def path_item(method: MethodDescriptor, schemas: Schemas) -> dict[str, Any]:
    """The operations of a method by HTTP method."""
    if method.client_streaming or method.server_streaming:
        return {"post": _stream(method, schemas)}
    if is_safe(method):
        return {"post": _post(method, schemas), "get": _get(method, schemas)}
    return {"post": _post(method, schemas)}


def method_path(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def code_sample(command: str) -> dict[str, Any]:
    """A command in the extension that several tools show."""
    return {"x-codeSamples": [{"lang": "Shell", "label": "curl", "source": command}]}


def json_response(schema: dict[str, Any], description: str = "The response.") -> dict[str, Any]:
    return {"description": description, "headers": REQUEST_ID, "content": {JSON: {"schema": schema}}}


def _post(method: MethodDescriptor, schemas: Schemas) -> dict[str, Any]:
    request = example(method.input_type, schemas)
    content = {JSON: {"schema": schemas.reference(method.input_type, sent=True), "example": request}}
    return {
        **_described(method, schemas),
        "parameters": [_parameter(name) for name in _HEADERS],
        "requestBody": {"required": True, "content": content},
        "responses": _responses(method, schemas),
        **code_sample(post_command(method_path(method), request)),
    }


def _get(method: MethodDescriptor, schemas: Schemas) -> dict[str, Any]:
    request = example(method.input_type, schemas)
    message = {
        "name": "message",
        "in": "query",
        "required": True,
        "description": "The request.",
        "content": {JSON: {"schema": schemas.reference(method.input_type, sent=True), "example": request}},
    }
    names = ("Encoding", "Connect", *_HEADERS)
    return {
        **_described(method, schemas, "_get"),
        "parameters": [message, *(_parameter(name) for name in names)],
        "responses": _responses(method, schemas),
        **code_sample(get_command(method_path(method), request)),
    }


def _stream(method: MethodDescriptor, schemas: Schemas) -> dict[str, Any]:
    """OpenAPI 3.1 has no schemas for envelopes, so extensions name the messages in them."""
    request = example(method.input_type, schemas)
    sent = {
        "x-envelope-schema": schemas.reference(method.input_type, sent=True),
        "x-envelope-example": request,
    }
    returned = {"x-envelope-schema": schemas.reference(method.output_type, sent=False)}
    described = _described(method, schemas)
    texts = [_ENVELOPES + _SENT[method.client_streaming], _RETURNED[method.server_streaming] + _END]
    ok = {"description": texts[1], "headers": REQUEST_ID, "content": {CONNECT_JSON: returned}}
    return {
        **described,
        "parameters": [_parameter(name) for name in _HEADERS],
        "requestBody": {"required": True, "description": texts[0], "content": {CONNECT_JSON: sent}},
        "responses": {"200": ok, **error_references("400", "415", "500")},
        **code_sample(stream_command(method_path(method), request)),
    }


def _described(method: MethodDescriptor, schemas: Schemas, suffix: str = "") -> dict[str, Any]:
    comment = schemas.comment(method.full_name)
    service = method.containing_service.name
    return {
        "tags": [service],
        "operationId": f"{service}_{method.name}{suffix}",
        "summary": method.name,
        **({"description": comment} if comment else {}),
    }


def _responses(method: MethodDescriptor, schemas: Schemas) -> dict[str, Any]:
    return {"200": json_response(schemas.reference(method.output_type, sent=False)), **error_references()}


def _parameter(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/parameters/{name}"}
