"""Calls a method over each transport, and reads what a failure is told with."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

import grpc
import httpx
from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as AnyProto
from google.protobuf.message import Message
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, QuotaFailure, ResourceInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from services.edge.hosted_service import HostedMethod
from tests.integration.failures.served import Edge

Body: TypeAlias = Message | bytes
"""A request, or bytes that are sent in its place."""
DETAIL_TYPES: tuple[type[Message], ...] = (ErrorInfo, BadRequest, RetryInfo, QuotaFailure, ResourceInfo)


@dataclass(frozen=True)
class Told:
    """What a caller is told of a failure; `http` is the status where HTTP has one for it.

    `details` are all but the time of a RetryInfo, which differs between callers.
    """

    code: str
    message: str
    details: tuple[Message, ...]
    http: int | None = None

    @property
    def reason(self) -> str:
        """The reason of the only ErrorInfo."""
        (info,) = [each for each in self.details if isinstance(each, ErrorInfo)]
        assert info.domain == "armoire"
        return info.reason

    @property
    def kinds(self) -> list[str]:
        return sorted(type(each).DESCRIPTOR.name for each in self.details)

    @property
    def description(self) -> str:
        """The message without the field's path, which depends on where the field is."""
        for each in self.details:
            if isinstance(each, BadRequest):
                (violation,) = each.field_violations
                assert self.message == f"{violation.field}: {violation.description}"
                return violation.description
        return self.message


@dataclass(frozen=True)
class Answer:
    """The responses, and the failure that ended the call."""

    responses: Sequence[Message]
    failure: Told | None = None


def told(status: Status, http: int | None = None) -> Told:
    return Told(Code.Name(status.code), status.message, tuple(map(_detail, status.details)), http)


def _detail(packed: AnyProto) -> Message:
    for kind in DETAIL_TYPES:
        detail = kind()
        if packed.Unpack(detail):
            if isinstance(detail, RetryInfo):
                assert detail.retry_delay.ToNanoseconds() > 0
                detail.Clear()
            return detail
    raise AssertionError(packed.type_url)


async def over_grpc(edge: Edge, method: HostedMethod, requests: Sequence[Body], late: bool = False) -> Answer:
    """gRPC's wire format is the same for all kinds of methods. `late` calls have no time at all.

    The only request goes with the call: where the server ends it before a later one is written, grpc.aio
    tells the caller of its own failure to write in place of the status.
    """
    (request,) = requests
    invoke = edge.channel.unary_stream(
        method.path, request_serializer=binary, response_deserializer=method.response_class.FromString
    )
    responses: list[Message] = []
    call = invoke(request, timeout=0 if late else None)
    try:
        async for response in call:
            responses.append(response)
    except grpc.aio.AioRpcError as error:
        status = rpc_status.from_call(error)
        if status is None:
            return Answer(responses, Told(error.code().name, error.details() or "", ()))
        return Answer(responses, told(status))
    return Answer(responses)


async def over_connect_binary(
    edge: Edge, method: HostedMethod, requests: Sequence[Body], late: bool = False
) -> Answer:
    return await _over_connect(edge, method, [binary(each) for each in requests], "proto", late)


async def over_connect_json(
    edge: Edge, method: HostedMethod, requests: Sequence[Body], late: bool = False
) -> Answer:
    return await _over_connect(edge, method, [_json(each) for each in requests], "json", late)


async def _over_connect(
    edge: Edge, method: HostedMethod, requests: Sequence[bytes], codec: str, late: bool
) -> Answer:
    headers = {"connect-timeout-ms": "0"} if late else {}
    if not streams(method):
        (body,) = requests
        reply = await _post(edge, method.path, body, f"application/{codec}", headers)
        if reply.status_code != 200:
            return Answer([], connect_failure(reply))
        return Answer([_decoded(method, codec, reply.content)])
    body = b"".join(map(_envelope, requests))
    reply = await _post(edge, method.path, body, f"application/connect+{codec}", headers)
    if reply.status_code != 200:
        return Answer([], connect_failure(reply))
    *messages, (flags, end) = _envelopes(reply.content)
    assert flags == 2
    error = json.loads(end).get("error")
    responses = [_decoded(method, codec, message) for _, message in messages]
    return Answer(responses, told(_connect_status(error)) if error else None)


async def over_grpc_web(
    edge: Edge, method: HostedMethod, requests: Sequence[Body], late: bool = False
) -> Answer:
    headers = {"grpc-timeout": "0n"} if late else {}
    body = b"".join(_envelope(binary(each)) for each in requests)
    reply = await _post(edge, method.path, body, "application/grpc-web+proto", headers)
    responses = [
        _decoded(method, "proto", message) for flags, message in _envelopes(reply.content) if flags == 0
    ]
    return Answer(responses, web_failure(reply))


TRANSPORTS: Mapping[str, Callable[..., Awaitable[Answer]]] = {
    "gRPC": over_grpc,
    "Connect": over_connect_binary,
    "JSON": over_connect_json,
    "gRPC-Web": over_grpc_web,
}


async def _post(
    edge: Edge, path: str, body: bytes, content_type: str, headers: Mapping[str, str] = {}
) -> httpx.Response:
    return await edge.http.post(path, content=body, headers={"content-type": content_type, **headers})


def streams(method: HostedMethod) -> bool:
    return bool(method.descriptor.client_streaming or method.descriptor.server_streaming)


def binary(request: Body) -> bytes:
    return request if isinstance(request, bytes) else request.SerializeToString()


def _json(request: Body) -> bytes:
    return request if isinstance(request, bytes) else json_format.MessageToJson(request, indent=None).encode()


def _decoded(method: HostedMethod, codec: str, content: bytes) -> Message:
    if codec == "json":
        return json_format.Parse(content, method.response_class())
    return method.response_class.FromString(content)


def _envelope(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4, "big") + message


def _envelopes(body: bytes) -> list[tuple[int, bytes]]:
    found = []
    while body:
        end = 5 + int.from_bytes(body[1:5], "big")
        found.append((body[0], body[5:end]))
        body = body[end:]
    return found


def connect_failure(reply: httpx.Response) -> Told:
    """Of a response that is no stream's; Retry-After is there exactly where RetryInfo is."""
    failure = told(_connect_status(reply.json()), reply.status_code)
    assert ("RetryInfo" in failure.kinds) == ("retry-after" in reply.headers)
    return failure


def _connect_status(error: Mapping[str, Any]) -> Status:
    name = {"canceled": "CANCELLED"}.get(error["code"], error["code"].upper())
    status = Status(code=Code.Value(name), message=error["message"])
    for each in error.get("details", ()):
        value = base64.b64decode(each["value"] + "==")
        status.details.add(type_url=f"type.googleapis.com/{each['type']}", value=value)
    return status


def web_failure(reply: httpx.Response) -> Told | None:
    """The failure in the trailers, which are the headers of a response without messages, or its last part."""
    assert reply.status_code == 200
    if "grpc-status" in reply.headers:
        return _trailing_failure(reply.headers)
    flags, end = _envelopes(reply.content)[-1]
    assert flags == 0x80
    return _trailing_failure(dict(line.split(": ", 1) for line in end.decode().split("\r\n") if line))


def _trailing_failure(trailers: Mapping[str, str]) -> Told | None:
    if trailers["grpc-status"] == "0":
        return None
    packed = trailers.get("grpc-status-details-bin")
    if packed is None:
        return Told(Code.Name(int(trailers["grpc-status"])), unquote(trailers.get("grpc-message", "")), ())
    status = Status.FromString(base64.b64decode(packed + "=="))
    assert (str(status.code), status.message) == (trailers["grpc-status"], unquote(trailers["grpc-message"]))
    return told(status)


async def multipart(edge: Edge, path: str, *parts: tuple[str, str | bytes]) -> httpx.Response:
    """Strings are fields, bytes are files."""
    files = [(name, ("p.jpg" if isinstance(value, bytes) else None, value)) for name, value in parts]
    return await edge.http.post(path, files=files)
