"""Which HTTP requests are calls: the path is a method's, the verb and the content type are right."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote

from google.protobuf.descriptor import MethodDescriptor
from google.rpc.status_pb2 import Status
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import Scope

from domain.errors import ArmoireError, InvalidInput, Unimplemented
from services.edge.decoding import MAX_PLAIN_BYTES, carries_bytes
from services.edge.hosted_service import HostedService, UnknownMethod
from services.edge.http.error_responses import refusal
from services.edge.http.json_request import MAX_JSON_BYTES
from services.edge.status import error_status

GRPC_WEB = "application/grpc-web"
_WEB_TYPES = (GRPC_WEB, f"{GRPC_WEB}+proto", f"{GRPC_WEB}+json")
_UNARY_TYPES = ("application/json", "application/proto")
_STREAM_TYPES = ("application/connect+json", "application/connect+proto")
_HEADERS = {
    "connect-timeout-ms": (r"\d{1,10}", "a number of milliseconds"),
    "connect-protocol-version": (r"1", "1"),
    "grpc-timeout": (r"\d{1,8}[HMSmun]", "a number and a unit, such as 500m"),
}
"""What a header must be. Source: https://connectrpc.com/docs/protocol; gRPC over HTTP/2, "Requests"."""
WEB_FRAME_BYTES = 5
"""Before a message of gRPC-Web."""
_ENCODINGS = ("json", "proto")
_SAFE = ("Get", "List")


class UnsupportedContentType(InvalidInput):
    """The content type is none that the path takes; with GET it is the encoding of the message."""

    reason = "UNSUPPORTED_CONTENT_TYPE"
    http_status = 415

    def __init__(self, given: str, taken: Iterable[str], field: str = "content-type") -> None:
        super().__init__(field, f"must be {' or '.join(taken)}, got {given!r}")


class VerbNotAllowed(Unimplemented):
    """The path takes other verbs."""

    reason = "VERB_NOT_ALLOWED"
    http_status = 405

    def __init__(self, given: str, taken: Iterable[str]) -> None:
        super().__init__("verb", f"must be {' or '.join(taken)}, got {given}")


class CallRequests:
    """Knows the methods of the services by their paths."""

    def __init__(self, services: Iterable[HostedService]) -> None:
        self._methods = {each.path: each.descriptor for service in services for each in service.methods()}

    def refusal(self, scope: Scope) -> Response | None:
        """The response to a request that is no call; None for a call."""
        try:
            self._check(scope)
        except ArmoireError as error:
            web = content_type(scope).startswith(GRPC_WEB)
            return _web_response(error) if web else refusal(scope, error, self._headers(scope["path"]))
        return None

    def max_bytes(self, scope: Scope) -> int | None:
        """The largest body of a call; None where only the messages in it are limited."""
        method = self._methods[scope["path"]]
        if _streams(method):
            return None
        given = content_type(scope)
        frame = WEB_FRAME_BYTES if given.startswith(GRPC_WEB) else 0
        if not carries_bytes(method.input_type):
            return MAX_PLAIN_BYTES + frame
        return MAX_JSON_BYTES + frame if given.endswith("json") else None

    def _check(self, scope: Scope) -> None:
        method = self._methods.get(scope["path"])
        if method is None:
            raise UnknownMethod(scope["path"])
        if scope["method"] not in _verbs(method):
            raise VerbNotAllowed(scope["method"], _verbs(method))
        taken = (*(_STREAM_TYPES if _streams(method) else _UNARY_TYPES), *_WEB_TYPES)
        given = content_type(scope)
        if given not in taken and (scope["method"] == "POST" or given.startswith("application/grpc")):
            raise UnsupportedContentType(given, taken)
        if scope["method"] == "GET" and (encoding := _encoding(scope)) not in _ENCODINGS:
            raise UnsupportedContentType(encoding, _ENCODINGS, "encoding")
        _check_headers(Headers(scope=scope))

    def _headers(self, path: str) -> dict[str, str]:
        method = self._methods.get(path)
        if method is None:
            return {}
        types = _STREAM_TYPES if _streams(method) else _UNARY_TYPES
        return {"accept-post": ", ".join(types), "allow": ", ".join(_verbs(method))}


def content_type(scope: Scope) -> str:
    """Without its parameters."""
    given = Headers(scope=scope).get("content-type", "")
    return given.partition(";")[0].strip().lower()


def is_safe(method: MethodDescriptor) -> bool:
    """Whether a method changes nothing, as its name says, and may therefore be called with GET."""
    return not _streams(method) and method.name.startswith(_SAFE)


def _check_headers(headers: Headers) -> None:
    for name, (pattern, meaning) in _HEADERS.items():
        given = headers.get(name)
        if given and not re.fullmatch(pattern, given, re.ASCII):
            raise InvalidInput(name, f"must be {meaning}, got {given[:40]!r}")


def _encoding(scope: Scope) -> str:
    return QueryParams(scope["query_string"]).get("encoding", "")


def _streams(method: MethodDescriptor) -> bool:
    return bool(method.client_streaming or method.server_streaming)


def _verbs(method: MethodDescriptor) -> tuple[str, ...]:
    return ("GET", "POST") if is_safe(method) else ("POST",)


def _web_response(error: ArmoireError) -> Response:
    """A response of trailers alone. Source: gRPC over HTTP/2, "Responses", as gRPC-Web has it."""
    status = error_status(error)
    return Response(headers={"content-type": GRPC_WEB, **_trailers(status)})


def _trailers(status: Status) -> dict[str, str]:
    return {
        "grpc-status": str(status.code),
        "grpc-message": quote(status.message, safe=""),
        "grpc-status-details-bin": base64.b64encode(status.SerializeToString()).decode().rstrip("="),
    }
