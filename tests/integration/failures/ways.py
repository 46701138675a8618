"""The ways by which one failure is provoked: a call, a form, a request of the Open Inference Protocol."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import httpx
from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, ResourceInfo, RetryInfo
from google.rpc.status_pb2 import Status

from services.oip.stubs import open_inference_pb2 as pb
from tests.integration.failures.served import Edge
from tests.integration.failures.transports import (
    TRANSPORTS,
    Answer,
    Body,
    Told,
    connect_failure,
    multipart,
    over_grpc,
    streams,
    told,
    web_failure,
)

Pick: TypeAlias = Callable[[Any], Status]
"""Takes the status of the failed element out of a response."""
INFERENCE, CATALOG = "/armoire.v1.InferenceService", "/armoire.v1.CatalogService"
MODELS, OPEN = "/armoire.v1.ModelService", "/inference.GRPCInferenceService"
FORM, STREAMS, OIP, REST = "form", "streams", "OIP gRPC", "OIP REST"


class Way(Protocol):
    """What is told by column of the table; `name` is shown where the column is that of streams."""

    @property
    def name(self) -> str: ...

    async def told(self, edge: Edge) -> dict[str, Told]: ...


def first_result(response: Any) -> Status:
    """The error of the only element."""
    (result,) = response.results
    status: Status = result.error
    return status


def own_error(response: Any) -> Status:
    """The error of a stream's response."""
    status: Status = response.error
    return status


@dataclass(frozen=True)
class Rpc:
    """A call over the four transports; without `pick`, the call as a whole fails."""

    path: str
    requests: Sequence[Body]
    pick: Pick | None = None
    only: Sequence[str] = tuple(TRANSPORTS)
    late: bool = False

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    async def told(self, edge: Edge) -> dict[str, Told]:
        method = edge.method(self.path)
        answers = {name: await TRANSPORTS[name](edge, method, self.requests, self.late) for name in self.only}
        told = {name: self._failure(answer) for name, answer in answers.items()}
        return {f"{STREAMS} {name}": each for name, each in told.items()} if streams(method) else told

    def _failure(self, answer: Answer) -> Told:
        if self.pick is None:
            assert answer.failure is not None, answer.responses
            return answer.failure
        assert answer.failure is None, answer.failure
        (response,) = answer.responses
        return told(self.pick(response))


def rpc(path: str, *requests: Body, **options: Any) -> Rpc:
    return Rpc(path, requests, **options)


@dataclass(frozen=True)
class Form:
    """A multipart form."""

    path: str
    parts: Sequence[tuple[str, str | bytes]]
    response: type[Message] | None = None
    pick: Pick = first_result
    name: str = FORM

    async def told(self, edge: Edge) -> dict[str, Told]:
        reply = await multipart(edge, self.path, *self.parts)
        if self.response is None:
            return {FORM: connect_failure(reply)}
        assert reply.status_code == 200, reply.text
        return {FORM: told(self.pick(json_format.ParseDict(reply.json(), self.response())))}


@dataclass(frozen=True)
class Infer:
    """ModelInfer over gRPC and REST, and inside a stream."""

    model: str
    tensor: str
    element: bytes
    parameters: Mapping[str, int] = field(default_factory=dict)
    stream: bool = True
    name: str = "ModelStreamInfer"

    async def told(self, edge: Edge) -> dict[str, Told]:
        method = edge.method(f"{OPEN}/ModelInfer")
        answer = await over_grpc(edge, method, [self._message()])
        assert answer.failure is not None
        found = {OIP: answer.failure, REST: rest_failure(await self._over_rest(edge))}
        return found | ({f"{STREAMS} gRPC": await self._in_stream(edge)} if self.stream else {})

    def _message(self) -> pb.ModelInferRequest:
        raw = len(self.element).to_bytes(4, "little") + self.element
        tensor = pb.ModelInferRequest.InferInputTensor(name=self.tensor, datatype="BYTES", shape=[1])
        parameters = {name: pb.InferParameter(int64_param=value) for name, value in self.parameters.items()}
        return pb.ModelInferRequest(
            model_name=self.model, inputs=[tensor], raw_input_contents=[raw], parameters=parameters
        )

    async def _over_rest(self, edge: Edge) -> httpx.Response:
        raw = len(self.element).to_bytes(4, "little") + self.element
        size = {"binary_data_size": len(raw)}
        tensor = {"name": self.tensor, "datatype": "BYTES", "shape": [1], "parameters": size}
        head = json.dumps({"inputs": [tensor], "parameters": dict(self.parameters)}).encode()
        headers = {"inference-header-content-length": str(len(head))}
        return await edge.http.post(f"/v2/models/{self.model}/infer", content=head + raw, headers=headers)

    async def _in_stream(self, edge: Edge) -> Told:
        method = edge.method(f"{OPEN}/ModelStreamInfer")
        answer = await over_grpc(edge, method, [self._message()])
        if answer.failure is not None:
            return answer.failure
        (response,) = answer.responses
        return element_failure(response)


def rest_failure(reply: httpx.Response) -> Told:
    failure = connect_failure(reply)
    assert reply.json()["error"] == failure.message
    return failure


def element_failure(response: Any) -> Told:
    """The failure of a stream's element, from the parameters of its response."""
    given = {
        name: getattr(value, value.WhichOneof("parameter_choice"))
        for name, value in response.infer_response.parameters.items()
    }
    code = Code.Name(given["error_code"])
    start = f"[{code}] "
    assert response.error_message.startswith(start)
    message = response.error_message.removeprefix(start)
    details: list[Message] = [ErrorInfo(reason=given["error_reason"], domain="armoire")]
    if (path := given.get("error_field")) is not None:
        violation = BadRequest.FieldViolation(field=path, description=message.removeprefix(f"{path}: "))
        details.append(BadRequest(field_violations=[violation]))
    if (kind := given.get("error_resource_type")) is not None:
        details.append(ResourceInfo(resource_type=kind, resource_name=given["error_resource_name"]))
    if given.get("retry_after_ms"):
        details.append(RetryInfo())
    return Told(code, message, tuple(details))


@dataclass(frozen=True)
class Rest:
    """Any request below /v2."""

    path: str
    content: bytes = b""
    name: str = REST

    async def told(self, edge: Edge) -> dict[str, Told]:
        return {REST: rest_failure(await edge.http.post(self.path, content=self.content))}


@dataclass(frozen=True)
class Http:
    """An HTTP request that is no call of the four transports."""

    column: str
    path: str
    content_type: str
    verb: str = "POST"
    content: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    name: str = "HTTP"

    async def told(self, edge: Edge) -> dict[str, Told]:
        headers = {**self.headers, "content-type": self.content_type}
        reply = await edge.http.request(self.verb, self.path, content=self.content, headers=headers)
        failure = web_failure(reply) if self.column == "gRPC-Web" else connect_failure(reply)
        assert failure is not None
        return {self.column: failure}


@dataclass(frozen=True)
class Unsent:
    """A POST of whose body one byte comes, in HTTP/1.0, so that the response ends with the connection."""

    column: str
    path: str
    content_type: str
    name: str = "HTTP"

    async def told(self, edge: Edge) -> dict[str, Told]:
        url = edge.http.base_url
        reader, writer = await asyncio.open_connection(url.host, url.port)
        head = f"POST {self.path} HTTP/1.0\r\ncontent-type: {self.content_type}\r\ncontent-length: 9\r\n\r\n-"
        writer.write(head.encode())
        start, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        line, *fields = start.decode().split("\r\n")
        headers = dict(field.split(": ", 1) for field in fields)
        reply = httpx.Response(int(line.split()[1]), headers=headers, content=body)
        failure = web_failure(reply) if self.column == "gRPC-Web" else connect_failure(reply)
        assert failure is not None
        return {self.column: failure}
