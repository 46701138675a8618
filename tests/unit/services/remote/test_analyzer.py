"""The remote analyzer against a real server that counts what it is asked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from armoire.v1 import inference_pb2, inference_pb2_grpc, types_pb2
from demo.server import free_port
from domain.calls import CURRENT_CALL, Call
from domain.errors import DeadlineExceeded, FailedPrecondition, InvalidInput, Overloaded, Unavailable
from domain.types import Box, Embedder, ModelVersion
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.server import GrpcOptions, GrpcServer
from services.edge.status import status_to_proto
from services.remote.analyzer import RemoteAnalyzer

INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]


class Scripted(inference_pb2_grpc.InferenceServiceServicer):
    """Serves the model `version`; fails with `error`; counts what it is asked."""

    def __init__(self) -> None:
        self.version = "clip@1"
        self.error: Exception | None = None
        self.asked: Counter[str] = Counter()
        self.analyzed: list[inference_pb2.AnalyzeRequest] = []
        self.embedded: list[inference_pb2.EmbedTextRequest] = []
        self.calls: list[Call] = []

    def _ask(self, method: str) -> None:
        self.asked[method] += 1
        self.calls.append(CURRENT_CALL.get())
        if self.error is not None:
            raise self.error

    async def ListModels(self, request: Any, context: Any) -> inference_pb2.ListModelsResponse:
        self._ask("ListModels")
        model = inference_pb2.Model(
            task=inference_pb2.MODEL_TASK_EMBED_IMAGE,
            version=self.version,
            preprocess_version="square@1",
            embedding_width=2,
            logit_scale=25.0,
        )
        return inference_pb2.ListModelsResponse(models=[model])

    async def Analyze(self, request: Any, context: Any) -> inference_pb2.AnalyzeResponse:
        self._ask("Analyze")
        self.analyzed.append(request)
        analysis = inference_pb2.ImageAnalysis(
            embedder_version=self.version, embedder_preprocess_version="square@1"
        )
        return inference_pb2.AnalyzeResponse(results=[{"analysis": analysis}])

    async def EmbedText(self, request: Any, context: Any) -> inference_pb2.EmbedTextResponse:
        self._ask("EmbedText")
        self.embedded.append(request)
        if request.texts[0] == "bad":
            bad = status_to_proto(InvalidInput("texts[0]", "must not be that"))
            return inference_pb2.EmbedTextResponse(results=[{"error": bad}])
        vector = types_pb2.Embedding(
            values=[0.5, 0.25], model_version=self.version, preprocess_version="square@1"
        )
        return inference_pb2.EmbedTextResponse(results=[{"embedding": vector}])


class Remote:
    """A running server and an analyzer that calls it."""

    def __init__(self) -> None:
        self.servicer = Scripted()
        hosted = HostedService(INFERENCE, self.servicer)
        self.server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), [hosted], Calls(Admission(8)))

    async def start(self) -> None:
        await self.server.start()
        self.analyzer = RemoteAnalyzer(self.server.address, vocabulary_version="t1")


@pytest.fixture
async def remote(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Remote]:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # where nobody listens
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    made = Remote()
    await made.start()
    yield made
    await made.analyzer.close()
    await made.server.stop()


async def test_the_model_is_asked_for_once(remote: Remote) -> None:
    for _ in range(3):
        assert await remote.analyzer.embedder() == Embedder(ModelVersion("clip@1", "square@1"), 2, 25.0)
        await remote.analyzer.embed_text("hat")
    assert remote.servicer.asked["ListModels"] == 1


async def test_the_model_is_asked_for_again_on_refresh(remote: Remote) -> None:
    await remote.analyzer.embedder()
    remote.servicer.version = "clip@2"
    assert (await remote.analyzer.embedder()).version.model_version == "clip@1"
    assert (await remote.analyzer.embedder(refresh=True)).version.model_version == "clip@2"


@pytest.mark.parametrize("through", ["embed_text", "analyze"])
async def test_another_version_in_a_reply_is_noticed(remote: Remote, through: str) -> None:
    await remote.analyzer.embedder()
    remote.servicer.version = "clip@2"
    if through == "embed_text":
        await remote.analyzer.embed_text("hat")
    else:
        await remote.analyzer.analyze(b"photo")
    assert (await remote.analyzer.embedder()).version.model_version == "clip@2"


async def test_a_failed_call_makes_it_ask_again(remote: Remote) -> None:
    await remote.analyzer.embedder()
    remote.servicer.error = FailedPrecondition("not now", reason="WHY", metadata={"a": "b"})
    with pytest.raises(FailedPrecondition) as caught:
        await remote.analyzer.embed_text("hat")
    assert (caught.value.message, caught.value.reason, caught.value.metadata) == (
        "not now",
        "WHY",
        {"a": "b"},
    )
    remote.servicer.error, remote.servicer.version = None, "clip@2"
    assert (await remote.analyzer.embedder()).version.model_version == "clip@2"


async def test_a_text_is_embedded_with_the_priority_of_its_caller(remote: Remote) -> None:
    await remote.analyzer.embed_text("hat")
    await remote.analyzer.embed_text("hat", bulk=True)
    wanted = [types_pb2.PRIORITY_INTERACTIVE, types_pb2.PRIORITY_BULK]
    assert [request.priority for request in remote.servicer.embedded] == wanted


async def test_a_photo_is_one_call_with_all_that_was_asked(remote: Remote) -> None:
    await remote.analyzer.analyze(b"photo", [Box(1, 2, 3, 4)], include_crops=True, bulk=True, min_score=0.25)
    await remote.analyzer.analyze(b"photo")
    given, found = remote.servicer.analyzed
    assert [(box.x1, box.y2) for box in given.images[0].boxes] == [(1, 4)]
    assert (given.include_crops, given.include_embeddings, given.min_score) == (True, True, 0.25)
    assert given.include_alternatives
    assert given.priority == types_pb2.PRIORITY_BULK
    assert (found.images[0].content, len(found.images[0].boxes)) == (b"photo", 0)
    assert not found.HasField("min_score")
    assert found.priority == types_pb2.PRIORITY_INTERACTIVE
    assert remote.servicer.asked == {"Analyze": 2}


async def test_the_caller_is_told_of_detections_when_the_reply_arrives(remote: Remote) -> None:
    asked: list[int] = []

    async def note() -> None:
        asked.append(remote.servicer.asked["Analyze"])

    await remote.analyzer.analyze(b"photo", on_detected=note)
    remote.servicer.error = InvalidInput("images[0].content", "is damaged")
    with pytest.raises(InvalidInput):
        await remote.analyzer.analyze(b"photo", on_detected=note)
    assert asked == [1]


async def test_the_request_id_and_the_deadline_travel_along(remote: Remote) -> None:
    token = CURRENT_CALL.set(Call("abc-7", deadline=time.monotonic() + 1000))
    try:
        await remote.analyzer.embed_text("hat")
        await remote.analyzer.analyze(b"photo")
    finally:
        CURRENT_CALL.reset(token)
    await remote.analyzer.analyze(b"photo")
    first, second, background = remote.servicer.calls
    assert [first.request_id, second.request_id] == ["abc-7", "abc-7"]
    assert background.request_id not in ("", "abc-7")
    assert first.deadline is not None
    assert background.deadline is not None
    assert first.deadline - background.deadline > 500  # which has the 30 s of the analyzer


async def test_a_call_past_its_deadline_is_not_made(remote: Remote) -> None:
    token = CURRENT_CALL.set(Call("late", deadline=time.monotonic() - 1))
    try:
        with pytest.raises(DeadlineExceeded):
            await remote.analyzer.analyze(b"photo")
    finally:
        CURRENT_CALL.reset(token)
    assert not remote.servicer.asked


async def test_a_refused_call_is_not_repeated(remote: Remote) -> None:
    remote.servicer.error = Overloaded("full", retry_after_s=0.001)
    with pytest.raises(Overloaded):
        await remote.analyzer.analyze(b"photo")
    assert remote.servicer.asked == {"Analyze": 1}


async def test_a_bad_input_does_not_make_it_ask_again(remote: Remote) -> None:
    await remote.analyzer.embedder()
    with pytest.raises(InvalidInput):
        await remote.analyzer.embed_text("bad")
    await remote.analyzer.embedder()
    assert remote.servicer.asked["ListModels"] == 1


async def test_a_photo_larger_than_a_message_may_be_is_refused(remote: Remote) -> None:
    analyzer = RemoteAnalyzer(remote.server.address, vocabulary_version="t1", max_message_bytes=4000)
    await analyzer.analyze(bytes(3000))
    with pytest.raises(InvalidInput) as caught:
        await analyzer.analyze(bytes(5000))
    assert caught.value.reason == "MESSAGE_TOO_LARGE"
    assert remote.servicer.asked["Analyze"] == 1
    await analyzer.close()


async def test_a_server_that_cannot_be_reached_is_unavailable() -> None:
    address = f"127.0.0.1:{free_port()}"
    analyzer = RemoteAnalyzer(address, vocabulary_version="t1")
    with pytest.raises(Unavailable, match=f"the inference server at {address} cannot be reached"):
        await analyzer.embedder()
    await analyzer.close()


async def test_the_error_of_a_text_is_raised(remote: Remote) -> None:
    with pytest.raises(InvalidInput, match="must not be that") as caught:
        await remote.analyzer.embed_text("bad")
    assert caught.value.violations[0].field == "text"


async def test_a_server_without_models_is_unavailable() -> None:
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), [], Calls(Admission(8)))
    await server.start()
    analyzer = RemoteAnalyzer(server.address, vocabulary_version="t1")
    with pytest.raises(Unavailable, match="no InferenceService"):
        await analyzer.embedder()
    await analyzer.close()
    await server.stop()
