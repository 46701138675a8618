"""A real gRPC server that says what a test tells it to, and clients that talk to it."""

from __future__ import annotations

import asyncio
import inspect
import socket
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from google.protobuf.any_pb2 import Any as AnyProto
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2

from armoire import AsyncClient, Client, RetryPolicy
from armoire.v1 import (
    catalog_pb2,
    indexing_pb2,
    inference_pb2,
    items_pb2,
    operations_pb2,
    products_pb2,
    types_pb2,
)

PROTOS = (inference_pb2, catalog_pb2, operations_pb2, health_pb2)


@dataclass(frozen=True)
class Failure:
    """A call that ends in a status, explained by google.rpc details or not."""

    status: status_pb2.Status
    explained: bool = True


def failure(
    code: grpc.StatusCode,
    message: str = "no",
    *,
    reason: str = "",
    fields: dict[str, str] | None = None,
    retry_after_ms: int | None = None,
    explained: bool = True,
) -> Failure:
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason, domain="armoire", metadata={"a": "b"})
    ]
    if fields:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=name, description=text)
            for name, text in fields.items()
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    if retry_after_ms is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(retry_after_ms)
        details.append(retry)
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in details:
        packed = AnyProto()
        packed.Pack(detail)
        status.details.append(packed)
    return Failure(status, explained)


@dataclass
class ScriptedServer(grpc.GenericRpcHandler):
    """Serves every method of the protos from a script; the last answer of a method is given for ever."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    requests: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    address: str = ""

    def say(self, method: str, *answers: Any) -> None:
        """An answer is a message, a Failure, a list of those (for a stream), or a function of the request."""
        self.answers[method] = list(answers)

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        service, method = details.method.rsplit("/", 1)
        found = _method(service.lstrip("/"), method)
        if found is None or method not in self.answers:
            return None
        reader = GetMessageClass(found.input_type).FromString
        if found.server_streaming:
            return grpc.unary_stream_rpc_method_handler(self._stream(method), reader, _write)
        return grpc.unary_unary_rpc_method_handler(self._unary(method), reader, _write)

    def _next(self, method: str, request: Message) -> Any:
        self.requests[method].append(request)
        script = self.answers[method]
        answer = script.pop(0) if len(script) > 1 else script[0]
        return answer(request) if callable(answer) else answer

    def _unary(self, method: str) -> Callable[[Message, grpc.ServicerContext], Message]:
        def serve(request: Message, context: grpc.ServicerContext) -> Message:
            return _say(self._next(method, request), context)

        return serve

    def _stream(self, method: str) -> Callable[[Message, grpc.ServicerContext], Iterator[Message]]:
        def serve(request: Message, context: grpc.ServicerContext) -> Iterator[Message]:
            for answer in self._next(method, request):
                yield _say(answer, context)

        return serve


def _method(service: str, method: str) -> Any:
    for proto in PROTOS:
        for found in proto.DESCRIPTOR.services_by_name.values():
            if found.full_name == service:
                return found.methods_by_name.get(method)
    return None


def _write(message: Message) -> bytes:
    return message.SerializeToString()


def _say(answer: Any, context: grpc.ServicerContext) -> Message:
    if not isinstance(answer, Failure):
        return answer
    trailing: list[tuple[str, str | bytes]] = [("x-request-id", "request-1")]
    if answer.explained:
        trailing.append(("grpc-status-details-bin", answer.status.SerializeToString()))
    context.set_trailing_metadata(tuple(trailing))
    code = next(code for code in grpc.StatusCode if code.value[0] == answer.status.code)
    context.abort(code, answer.status.message)
    raise AssertionError("abort raises")


@pytest.fixture
def fail() -> Callable[..., Failure]:
    return failure


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    script = ScriptedServer()
    with ThreadPoolExecutor(16) as pool:
        limits = [("grpc.max_receive_message_length", 64 * 2**20)]
        running = grpc.server(pool, handlers=(script,), options=limits)
        script.address = f"127.0.0.1:{running.add_insecure_port('127.0.0.1:0')}"
        running.start()
        yield script
        running.stop(None).wait()


@pytest.fixture
def free_address() -> str:
    """Where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listener.getsockname()[1]}"


class Awaited:
    """An AsyncClient behind the face of a Client, so that one test serves both."""

    def __init__(self, address: str, **options: Any) -> None:
        self._loop = asyncio.new_event_loop()

        async def connect() -> AsyncClient:
            return AsyncClient(address, **options)

        self._client = self._loop.run_until_complete(connect())

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(*arguments: Any, **options: Any) -> Any:
            result = method(*arguments, **options)
            return self._loop.run_until_complete(_collect(result) if inspect.isasyncgen(result) else result)

        return call

    def close(self) -> None:
        self._loop.run_until_complete(self._client.close())
        self._loop.close()


async def _collect(results: AsyncIterator[Any]) -> list[Any]:
    return [result async for result in results]


@pytest.fixture(params=[Client, Awaited], ids=["blocking", "asyncio"])
def connect(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Opens clients of both kinds, with quick retries, and closes them."""
    opened: list[Any] = []

    def open_client(address: str, **options: Any) -> Any:
        options.setdefault("retries", RetryPolicy(max_attempts=3, initial_backoff_s=0.001))
        opened.append(request.param(address, **options))
        return opened[-1]

    yield open_client
    for client in opened:
        client.close()


@pytest.fixture
def client(connect: Callable[..., Any], server: ScriptedServer) -> Any:
    return connect(server.address)


@pytest.fixture
def never() -> Iterator[Callable[[Message], Message]]:
    """An answer that does not come before the test is over."""
    over = threading.Event()

    def wait(_: Message) -> Message:
        over.wait(30)
        return inference_pb2.ListModelsResponse()

    yield wait
    over.set()


def answered(value: str, score: float) -> types_pb2.AttributeValue:
    return types_pb2.AttributeValue(
        values=[types_pb2.ScoredValue(value=value, score=score)], source="VALUE_SOURCE_MODEL"
    )


@pytest.fixture
def analysis() -> inference_pb2.ImageAnalysis:
    """A photo of 200 x 100 pixels with a dress and something too small."""
    dress = inference_pb2.AnalyzedItem(
        box=types_pb2.Box(x1=10, y1=5, x2=90, y2=95),
        score=0.75,
        label="dress",
        accepted=True,
        warnings=[types_pb2.QUALITY_ISSUE_BLURRED],
        attributes={
            "category": answered("dress", 0.5),
            "pattern": answered("striped", 0.25),
        },
        colors=[types_pb2.ColorShare(name="red", fraction=0.875, rgb=0xCC0011)],
        embedding=types_pb2.Embedding(
            values=[0.6, 0.8], model_version="clip@1", preprocess_version="square@1"
        ),
        crop=b"jpeg",
    )
    speck = inference_pb2.AnalyzedItem(
        box=types_pb2.Box(x1=150, y1=50, x2=155, y2=55),
        score=0.5,
        label="bag",
        reason=types_pb2.QUALITY_ISSUE_TOO_SMALL,
    )
    return inference_pb2.ImageAnalysis(
        image_width=200,
        image_height=100,
        items=[dress, speck],
        detector_version="yolo@1",
        detector_preprocess_version="letterbox@1",
        embedder_version="clip@1",
        embedder_preprocess_version="square@1",
        timings=types_pb2.StageTimings(decode_ns=1_500_000, total_ns=20_000_000),
    )


@pytest.fixture
def item() -> items_pb2.Item:
    return items_pb2.Item(
        id="item-1",
        image_id="image-1",
        image_name="dress.jpg",
        product_id="product-1",
        box=types_pb2.Box(x1=1, y1=2, x2=30, y2=40),
        image_width=60,
        image_height=80,
        score=0.5,
        label="dress",
        primary_in_image=True,
        attributes={"color": answered("red", 0.25)},
        colors=[types_pb2.ColorShare(name="red", fraction=1.0, rgb=0xFF0000)],
        model_version="clip@1",
        preprocess_version="square@1",
        create_time={"seconds": 1_700_000_000},
    )


@pytest.fixture
def product() -> products_pb2.Product:
    return products_pb2.Product(
        id="product-1",
        display_name="Red dress",
        brand="Smith, Sons",
        category="dress",
        price={"currency_code": "EUR", "units": 19, "nanos": 900_000_000},
        etag="e1",
        create_time={"seconds": 1_700_000_000},
    )


@pytest.fixture
def job() -> Callable[..., indexing_pb2.IndexingJob]:
    """Makes jobs in the state named."""

    def make(state: str, searchable: bool = True, **fields: Any) -> indexing_pb2.IndexingJob:
        done = state == "COMPLETE"
        item = indexing_pb2.IndexedItem(item_id="item-1", label="dress", primary_in_image=True)
        version = indexing_pb2.IndexedVersion(
            model_version="clip@1", live=True, complete=True, searchable=searchable
        )
        found = {"items": [item], "versions": [version]} if done else {}
        fields = {"id": "job-1", "image_id": "image-1", "image_name": "dress.jpg", **found, **fields}
        return indexing_pb2.IndexingJob(state=f"INDEXING_JOB_STATE_{state}", **fields)

    return make
