"""The OpenAPI 3.1 document of what a process hosts. Source: https://spec.openapis.org/oas/v3.1.1.html."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.descriptor import ServiceDescriptor

from services.edge.http.openapi.comments import load_comments
from services.edge.http.openapi.curl import probe_command
from services.edge.http.openapi.errors import SCHEMAS, error_responses
from services.edge.http.openapi.form_operations import TAG, form_paths
from services.edge.http.openapi.open_inference import (
    DESCRIPTION,
    open_inference_paths,
    open_inference_responses,
)
from services.edge.http.openapi.open_inference_schemas import TAG as OPEN_INFERENCE
from services.edge.http.openapi.open_inference_schemas import open_inference_schemas
from services.edge.http.openapi.operations import PARAMETERS, code_sample, method_path, path_item
from services.edge.http.openapi.schemas import Schemas
from services.edge.http.options import HttpOptions
from services.edge.http.session_cookies import CUSTOM_HEADER, PLAIN_NAME, TLS_NAME

INTRODUCTION = """\
Every call of the protos over HTTP, by the [Connect protocol](https://connectrpc.com/docs/protocol). A
path is the path of the call in gRPC. Bodies are proto3 JSON: names in camelCase, 64-bit integers as
text, bytes in base64, enums by name; fields that are zero or empty are left out of responses. Requests
may use the protos' own names, too; an unknown field is an error. The same paths take binary Protocol
Buffers (`application/proto`) and gRPC-Web.

A body, or one message of a stream, may have {max_bytes} bytes; the server waits {read_s:g} s in all for a
body. A call that does not name a time to wait may take {deadline_s:g} s, a stream any time. {limits}

The commands name the server by a variable of the shell: `SERVER=http://127.0.0.1:3000`. Where the server
wants a key, add `-H "authorization: Bearer $ARMOIRE_API_KEY"` to them.
"""
LINKS = """
GetImageContent with `asUrl` answers with a link. Where photos are in a folder it begins with `/blobs/` of
this server, and whoever has it may GET or HEAD the picture without a key: whole (200), in part (`Range`,
206), or not again (`If-None-Match`, 304). Its failures are problem details: 403 where the signature is wrong
or has expired, 410 where the photo was deleted, 416 where the range begins after the end.

CreateUpload answers with a URL to PUT a photo to, without a key: 204 where it is stored, 400 where the bytes
are not those that were announced, 415 for another content type, 403 and 410 as above.
"""
KEY = "A key of this server, or a token of its identity provider. A server bound to loopback wants none."
SESSION = (
    f"The cookie that SignIn sets; without TLS it is called {PLAIN_NAME}. "
    f"Forms need the header {CUSTOM_HEADER}, too."
)
PROBE_TAG = "Server"
_PROBES = {
    "/readyz": ("Whether all calls will be answered", {"200": "They will.", "503": "Not yet, or no longer."}),
    "/livez": ("Whether the process lives", {"200": "It does."}),
    "/metrics": ("Metrics in the format of Prometheus", {"200": "The metrics."}),
}


def build_document(
    services: Sequence[ServiceDescriptor], options: HttpOptions, max_message_bytes: int
) -> dict[str, Any]:
    """The document of these services, with their forms and the server's probes."""
    methods = {method_path(method): method for service in services for method in service.methods}
    comments = load_comments()
    schemas = Schemas(methods.values(), comments)
    paths = {path: path_item(method, schemas) for path, method in methods.items()}
    hosted = {service.full_name for service in services}
    tags = [
        {"name": service.name, "description": comments.get(service.full_name, "")} for service in services
    ]
    rest = "inference.GRPCInferenceService" in hosted
    if rest:
        tags.append({"name": OPEN_INFERENCE, "description": DESCRIPTION})
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Armoire",
            "version": "v1",
            "summary": "Finds garments in photos, describes and embeds them, and finds similar ones.",
            "description": _introduction(hosted, options, max_message_bytes),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "."}],
        "tags": [*tags, {"name": TAG, "description": "Photos as files."}, {"name": PROBE_TAG}],
        "paths": {
            **paths,
            **(open_inference_paths() if rest else {}),
            **form_paths(methods, schemas),
            **_probes(),
        },
        "components": {
            "schemas": {**schemas.components(), **SCHEMAS, **(open_inference_schemas() if rest else {})},
            "responses": {**error_responses(), **(open_inference_responses() if rest else {})},
            "parameters": PARAMETERS,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": KEY},
                "session": {"type": "apiKey", "in": "cookie", "name": TLS_NAME, "description": SESSION},
            },
        },
        "security": [{}, {"key": []}, {"session": []}],
    }


def _introduction(hosted: set[str], options: HttpOptions, max_bytes: int) -> str:
    calls = [
        name
        for service, name in (
            ("InferenceService", "GetInferenceLimits"),
            ("CatalogService", "GetCatalogLimits"),
        )
        if f"armoire.v1.{service}" in hosted
    ]
    text = INTRODUCTION.format(
        max_bytes=f"{max_bytes:,}",
        read_s=options.read_timeout_s,
        deadline_s=options.deadline_s,
        limits=f"Other limits are told by {' and '.join(calls)}." if calls else "",
    )
    return text + LINKS if "armoire.v1.CatalogService" in hosted else text


def _probes() -> dict[str, Any]:
    return {path: {"get": _probe(path, *probe)} for path, probe in _PROBES.items()}


def _probe(path: str, summary: str, responses: dict[str, str]) -> dict[str, Any]:
    return {
        "tags": [PROBE_TAG],
        "operationId": f"Server_{path.removeprefix('/')}",
        "summary": summary,
        "responses": {status: {"description": text} for status, text in responses.items()},
        **code_sample(probe_command(path)),
    }
