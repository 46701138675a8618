"""Streams answered request by request: their bounds, their end, and what one request does to others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, MutableMapping
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any, cast

import grpc
import numpy as np
import pytest
from google.protobuf import json_format
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from armoire.v1 import inference_pb2, inference_pb2_grpc, types_pb2
from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput, NotFound, Overloaded, Unavailable
from domain.types import ModelVersion, StageTimings
from services.edge.admission import Admission
from services.edge.bulk_streams import BulkOptions, BulkStreams
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.http.app import build_http_app
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.server import GrpcOptions, GrpcServer
from services.inference.repository.pipeline_source import FixedPipeline
from tests.turns import begun, turn, until

INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]


class Source:
    """Requests of a stream, which counts those that were read and knows when it was closed."""

    def __init__(self, count: int, error: Exception | None = None) -> None:
        self.read = 0
        self.closed = False
        self._count = count
        self._error = error

    async def requests(self) -> AsyncGenerator[int, None]:
        try:
            for number in range(self._count):
                self.read += 1
                yield number
            if self._error is not None:
                raise self._error
        finally:
            self.closed = True


class Work:
    """Answers each request when the test says so."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.cancelled: list[int] = []
        self._gates: dict[int, asyncio.Event] = {}

    def gate(self, number: int) -> asyncio.Event:
        return self._gates.setdefault(number, asyncio.Event())

    async def answer(self, number: int) -> str:
        self.begun.append(number)
        try:
            await self.gate(number).wait()
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        return f"answer {number}"


async def test_no_more_than_the_window_is_read() -> None:
    source, work = Source(10), Work()
    answers = BulkStreams(BulkOptions(window=3)).answers(source.requests(), work.answer)
    first = await begun(anext(answers))
    await until(lambda: len(work.begun) == 3)
    await turn()
    assert source.read == 3
    work.gate(1).set()
    assert await first == "answer 1"
    following = await begun(anext(answers))
    await until(lambda: len(work.begun) == 4)
    assert (source.read, work.begun) == (4, [0, 1, 2, 3])
    following.cancel()
    await asyncio.wait({following})


async def test_all_streams_share_a_bound() -> None:
    streams, one, two = BulkStreams(BulkOptions(window=3, max_requests=4)), Work(), Work()
    for number in range(3):
        one.gate(number).set()
    first = streams.answers(Source(3).requests(), Work().answer)
    second = streams.answers(Source(3).requests(), two.answer)
    reading = [await begun(anext(first)), await begun(anext(second))]
    await until(lambda: two.begun)
    await turn()
    assert two.begun == [0]
    reading[0].cancel()
    await until(lambda: len(two.begun) == 3)
    reading[1].cancel()
    await asyncio.wait(reading)


async def test_too_many_streams_are_refused() -> None:
    streams, work = BulkStreams(BulkOptions(max_streams=1)), Work()
    open_stream = await begun(anext(streams.answers(Source(1).requests(), work.answer)))
    with pytest.raises(Overloaded, match="limit of 1 bulk streams") as caught:
        await anext(streams.answers(Source(1).requests(), work.answer))
    assert caught.value.metadata == {"max_concurrent_bulk_streams": "1"}
    open_stream.cancel()
    await asyncio.wait({open_stream})


async def test_what_was_read_is_answered_before_the_requests_error_is_raised() -> None:
    source, work = Source(2, NotFound("stream", "x")), Work()
    answers = BulkStreams().answers(source.requests(), work.answer)
    work.gate(1).set()
    assert await anext(answers) == "answer 1"
    work.gate(0).set()
    assert await anext(answers) == "answer 0"
    with pytest.raises(NotFound):
        await anext(answers)
    assert source.closed


async def test_a_stream_that_is_left_cancels_its_work() -> None:
    source, work = Source(10), Work()
    work.gate(0).set()
    async with aclosing(
        BulkStreams(BulkOptions(window=3)).answers(source.requests(), work.answer)
    ) as answers:
        assert await anext(answers) == "answer 0"
        await until(lambda: len(work.begun) == 3)
    assert sorted(work.cancelled) == [1, 2]
    assert source.closed


async def test_an_answer_that_fails_ends_the_stream() -> None:
    async def answer(number: int) -> str:
        raise ZeroDivisionError

    source = Source(10)
    with pytest.raises(ZeroDivisionError):
        await anext(BulkStreams().answers(source.requests(), answer))
    assert source.closed


class Pipeline:
    """Embeds a photo as its length, once the test lets it; what its content names it does."""

    detector_version = ModelVersion("yolo@1", "letterbox@1")
    embedder_version = ModelVersion("clip@1", "square@1")

    def __init__(self) -> None:
        self.proceed = asyncio.Event()
        self.proceed.set()
        self.under_way = 0
        self.calls: list[tuple[bytes, bool]] = []
        self.refusals = 0

    async def embed_image(self, content: bytes, boxes: Any, *, bulk: bool) -> tuple[Any, StageTimings]:
        self.calls.append((content, bulk))
        self.under_way += 1
        try:
            await self.proceed.wait()
            await self._fail(content)
        finally:
            self.under_way -= 1
        return np.array([[len(content)]], np.float32), StageTimings()

    async def _fail(self, content: bytes) -> None:
        if content == b"bad":
            raise InvalidInput("content", "is no picture")
        if content == b"broken":
            raise ZeroDivisionError("a secret")
        if content == b"down":
            raise Unavailable("the device is gone")
        if content == b"late":
            await turn()
            CURRENT_CALL.get().check_deadline()
        if content == b"full" and self.refusals < 2:
            self.refusals += 1
            raise Overloaded("no room", retry_after_s=0.001)


class Edge:
    """A running server on a scripted pipeline, and a stub. It is also what the HTTP gateway calls."""

    max_message_bytes = 2**20

    def __init__(self) -> None:
        self.pipeline = Pipeline()
        inference = SimpleNamespace(source=FixedPipeline(cast(Any, self.pipeline)))
        servicer = InferenceServicer(cast(Any, inference), InferenceLimits())
        self.observed: list[tuple[str, str]] = []
        self.calls = Calls(
            Admission(8), observe=lambda method, status, *_: self.observed.append((method, status))
        )
        self.services = [HostedService(INFERENCE, servicer)]
        self.server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=60), self.services, self.calls)

    async def embed(self, *requests: inference_pb2.EmbedStreamRequest) -> dict[str, Any]:
        """The answer of each request by its id."""
        call = self.stub.EmbedStream(each for each in requests)
        return {response.id: response async for response in call}


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    made = Edge()
    await made.server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{made.server.port}") as channel:
        made.stub = inference_pb2_grpc.InferenceServiceStub(channel)  # type: ignore[attr-defined]
        yield made
    await made.server.stop()


def embed_request(id: str, content: bytes = b"photo", **fields: Any) -> inference_pb2.EmbedStreamRequest:
    return inference_pb2.EmbedStreamRequest(id=id, image=types_pb2.ImageInput(content=content), **fields)


def code_of(response: Any) -> grpc.StatusCode:
    return next(code for code in grpc.StatusCode if code.value[0] == response.error.code)


def field_of(status: Status) -> str:
    details = BadRequest()
    assert any(detail.Unpack(details) for detail in status.details)
    return str(details.field_violations[0].field)


async def test_every_photo_is_answered_with_its_id(edge: Edge) -> None:
    answers = await edge.embed(*(embed_request(f"id-{size}", bytes(size)) for size in range(1, 101)))
    found = {id: response.embeddings.embeddings[0].values[0] for id, response in answers.items()}
    assert found == {f"id-{size}": size for size in range(1, 101)}
    assert edge.observed == [("/armoire.v1.InferenceService/EmbedStream", "OK")]


async def test_a_photo_that_fails_does_not_end_the_stream(edge: Edge, caplog: Any) -> None:
    bad = [embed_request(name, name.encode()) for name in ("bad", "broken", "down")]
    nothing = inference_pb2.EmbedStreamRequest(id="nothing")
    answers = await edge.embed(*bad, nothing, embed_request("good"))
    assert {id: code_of(response) for id, response in answers.items() if response.HasField("error")} == {
        "bad": grpc.StatusCode.INVALID_ARGUMENT,
        "broken": grpc.StatusCode.INTERNAL,
        "down": grpc.StatusCode.UNAVAILABLE,
        "nothing": grpc.StatusCode.INVALID_ARGUMENT,
    }
    assert field_of(answers["bad"].error) == "image.content"
    assert field_of(answers["nothing"].error) == "image.content"
    assert "a secret" not in str(answers["broken"])
    assert answers["good"].HasField("embeddings")


@pytest.mark.parametrize(
    ("request_", "code", "field"),
    [
        (embed_request(""), grpc.StatusCode.INVALID_ARGUMENT, "id"),
        (embed_request("x" * 129), grpc.StatusCode.INVALID_ARGUMENT, "id"),
        (embed_request("a", timeout=Duration()), grpc.StatusCode.INVALID_ARGUMENT, "timeout"),
        (embed_request("a", model_version="clip@2"), grpc.StatusCode.FAILED_PRECONDITION, None),
        (embed_request("a", b"late", timeout=Duration(nanos=1)), grpc.StatusCode.DEADLINE_EXCEEDED, None),
    ],
    ids=["no id", "long id", "timeout", "version", "late"],
)
async def test_a_request_that_is_refused(
    edge: Edge, request_: Any, code: grpc.StatusCode, field: str | None
) -> None:
    ((id, response),) = (await edge.embed(request_)).items()
    assert (id, code_of(response)) == (request_.id, code)
    if field is not None:
        assert field_of(response.error) == field


async def test_an_id_may_return_only_after_its_answer(edge: Edge) -> None:
    edge.pipeline.proceed.clear()
    requests: asyncio.Queue[Any] = asyncio.Queue()

    async def sent() -> AsyncIterator[Any]:
        while (request := await requests.get()) is not None:
            yield request

    call = edge.stub.EmbedStream(sent())  # type: ignore[attr-defined]
    for content in (b"one", b"again"):
        requests.put_nowait(embed_request("same", content))
    refused = await call.read()
    assert (field_of(refused.error), edge.pipeline.under_way) == ("id", 1)
    edge.pipeline.proceed.set()
    assert (await call.read()).HasField("embeddings")
    requests.put_nowait(embed_request("same", b"later"))
    requests.put_nowait(None)
    assert (await call.read()).embeddings.embeddings[0].values[0] == 5


async def test_streams_are_bulk_work_unless_they_say_otherwise(edge: Edge) -> None:
    await edge.embed(
        embed_request("a", b"a"),
        embed_request("b", b"b", priority=types_pb2.PRIORITY_BULK),
        embed_request("c", b"c", priority=types_pb2.PRIORITY_INTERACTIVE),
    )
    assert sorted(edge.pipeline.calls) == [(b"a", True), (b"b", True), (b"c", False)]


async def test_a_priority_that_is_none_is_refused(edge: Edge) -> None:
    answers = await edge.embed(embed_request("a", b"a", priority=7), embed_request("b", b"b"))
    assert (field_of(answers["a"].error), answers["b"].HasField("embeddings")) == ("priority", True)
    assert edge.pipeline.calls == [(b"b", True)]


async def test_a_photo_waits_while_there_is_no_room(edge: Edge) -> None:
    answers = await edge.embed(embed_request("a", b"full"))
    assert answers["a"].HasField("embeddings")
    assert len(edge.pipeline.calls) == 3


async def test_a_caller_who_leaves_cancels_the_photos_under_way(edge: Edge) -> None:
    edge.pipeline.proceed.clear()
    call = edge.stub.EmbedStream(embed_request(str(number)) for number in range(40))  # type: ignore[attr-defined]
    reading = asyncio.create_task(call.read())
    await until(lambda: edge.pipeline.under_way == 32)
    call.cancel()
    await asyncio.wait({reading})
    await until(lambda: edge.pipeline.under_way == 0)
    await until(lambda: edge.observed)
    assert edge.observed == [("/armoire.v1.InferenceService/EmbedStream", "CANCELLED")]


async def test_a_server_that_shuts_down_answers_what_it_read(edge: Edge) -> None:
    edge.pipeline.proceed.clear()
    keeps_open = asyncio.Event()

    async def sent() -> AsyncIterator[Any]:
        for number in range(3):
            yield embed_request(str(number))
        await keeps_open.wait()

    call = edge.stub.EmbedStream(sent())  # type: ignore[attr-defined]
    reading = asyncio.create_task(call.read())
    await until(lambda: edge.pipeline.under_way == 3)
    stopping = await begun(edge.server.stop())
    edge.pipeline.proceed.set()
    answered = {(await reading).id, (await call.read()).id, (await call.read()).id}
    assert answered == {"0", "1", "2"}
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call.read()
    assert error.value.code() is grpc.StatusCode.UNAVAILABLE
    details = dict(error.value.trailing_metadata())
    status = Status.FromString(details["grpc-status-details-bin"])
    info, retry = ErrorInfo(), RetryInfo()
    assert status.details[0].Unpack(info)
    assert status.details[1].Unpack(retry)
    assert info.reason == "DRAINING"
    await stopping


async def test_bytes_that_are_no_request_end_the_stream(edge: Edge) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.server.port}") as channel:
        send = channel.stream_stream("/armoire.v1.InferenceService/EmbedStream")
        call = send([embed_request("a").SerializeToString(), b"\xff\xff"])
        response = inference_pb2.EmbedStreamResponse.FromString(await call.read())
        assert response.id == "a"
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await call.read()
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_deadline_of_the_stream_is_that_of_its_photos(edge: Edge) -> None:
    deadlines: list[float | None] = []
    embed: Callable[..., Any] = edge.pipeline.embed_image

    async def note(*arguments: Any, **options: Any) -> Any:
        deadlines.append(CURRENT_CALL.get().deadline)
        return await embed(*arguments, **options)

    edge.pipeline.embed_image = note  # type: ignore[method-assign]
    call = edge.stub.EmbedStream(  # type: ignore[attr-defined]
        [
            embed_request("a"),
            embed_request("b", timeout=Duration(seconds=600)),
            embed_request("c", timeout=Duration(seconds=1)),
        ],
        timeout=60,
    )
    async for _ in call:
        pass
    one, same, earlier = sorted(deadlines, reverse=True)
    assert one == same > earlier


async def post(edge: Edge, body: bytes) -> list[tuple[int, Any]]:
    """The envelopes that answer a POST of a Connect stream over HTTP/1.1: their flags and JSON."""
    app = build_http_app(lambda: edge)
    sent: list[MutableMapping[str, Any]] = []
    parts = [{"type": "http.request", "body": body[:9], "more_body": True}]
    parts += [{"type": "http.request", "body": body[9:], "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        if parts:
            return parts.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/armoire.v1.InferenceService/EmbedStream",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/connect+json")],
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == 200
    answer, found = b"".join(message["body"] for message in sent[1:]), []
    while answer:
        size = int.from_bytes(answer[1:5], "big")
        found.append((answer[0], json.loads(answer[5 : 5 + size])))
        answer = answer[5 + size :]
    return found


def envelope(request: Any) -> bytes:
    text = json_format.MessageToJson(request, indent=None).encode()
    return b"\0" + len(text).to_bytes(4, "big") + text


async def test_over_http_1_all_requests_are_sent_in_one_body(edge: Edge) -> None:
    requests = [embed_request("a"), embed_request("b", b"bad"), embed_request("c")]
    *answers, (flags, end) = await post(edge, b"".join(map(envelope, requests)))
    by_id = {answer["id"]: answer for _, answer in answers}
    assert sorted(by_id) == ["a", "b", "c"]
    assert by_id["a"]["embeddings"]["embeddings"][0]["values"] == [5.0]
    assert by_id["b"]["error"]["code"] == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert (flags, end) == (2, {})


async def test_a_server_that_shuts_down_reads_no_further_over_http(edge: Edge) -> None:
    edge.calls.drain()
    ((flags, end),) = await post(edge, envelope(embed_request("a")))
    assert (flags, end["error"]["code"]) == (2, "unavailable")
