"""Many photos over streams: order, resumption, pushback, and what one photo does to the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import grpc
import pytest

from armoire import (
    AsyncClient,
    BulkProgress,
    Client,
    DeadlineExceeded,
    ImageAnalysis,
    InvalidInput,
    Overloaded,
    PermissionDenied,
    PhotoToIndex,
    Priority,
    Product,
    RetryPolicy,
    Unavailable,
)
from armoire.retries import Patience
from armoire.v1 import indexing_pb2, inference_pb2, types_pb2
from tests.unit.clients.scripted_server import Failure, failure

GONE = failure(grpc.StatusCode.UNAVAILABLE, "going down", reason="DRAINING", retry_after_ms=1)
PHOTOS = [f"photo {number}".encode() for number in range(10)]


def answer(request: Any, error: Failure | None = None) -> inference_pb2.AnalyzeStreamResponse:
    """An analysis whose width is the length of the photo, or an error."""
    if error is not None:
        return inference_pb2.AnalyzeStreamResponse(id=request.id, error=error.status)
    analysis = inference_pb2.ImageAnalysis(image_width=len(request.image.content))
    return inference_pb2.AnalyzeStreamResponse(id=request.id, analysis=analysis)


def answer_all(requests: Iterator[Any], context: Any) -> Iterator[Any]:
    return map(answer, requests)


def break_after(count: int) -> Callable[[Iterator[Any], Any], Iterator[Any]]:
    """Answers so many requests, and ends the stream as a server that goes away."""

    def serve(requests: Iterator[Any], context: Any) -> Iterator[Any]:
        yield from map(answer, islice(requests, count))
        yield GONE

    return serve


def widths(pairs: Any) -> list[int]:
    return [outcome.image_width for _, outcome in pairs]


def ids(server: Any, method: str = "AnalyzeStream") -> list[str]:
    return [request.id for request in server.requests[method]]


def test_answers_in_any_order_are_handed_out_in_the_order_of_the_photos(client: Any, server: Any) -> None:
    def backwards(requests: Iterator[Any], context: Any) -> Iterator[Any]:
        while group := list(islice(requests, 5)):
            yield from map(answer, reversed(group))

    server.say("AnalyzeStream", backwards)
    photos = [bytes(size) for size in range(1, 11)]
    pairs = list(client.analyze_many(photos))
    assert [photo for photo, _ in pairs] == photos
    assert widths(pairs) == list(range(1, 11))


def test_options_travel_with_every_photo(client: Any, server: Any) -> None:
    server.say("AnalyzeStream", answer_all)
    models = {"detector_version": "yolo@1", "classifier_version": "cls@1"}
    list(client.analyze_many(PHOTOS[:2], min_score=0.5, include_crops=True, **models))
    for request in server.requests["AnalyzeStream"]:
        assert (request.min_score, request.include_crops, request.include_embeddings) == (0.5, True, False)
        assert (request.detector_version, request.HasField("embedder_version")) == ("yolo@1", False)
        assert request.classifier_version == "cls@1"
        assert request.priority == types_pb2.PRIORITY_BULK


def test_photos_are_embedded(client: Any, server: Any) -> None:
    def embed(requests: Iterator[Any], context: Any) -> Iterator[Any]:
        for request in requests:
            vector = types_pb2.Embedding(values=[len(request.image.content)], model_version="clip@1")
            yield inference_pb2.EmbedStreamResponse(id=request.id, embeddings={"embeddings": [vector]})

    server.say("EmbedStream", embed)
    pairs = list(client.embed_many([b"a", b"bb"], priority=Priority.INTERACTIVE, model_version="clip@1"))
    assert [made.embeddings[0].values for _, made in pairs] == [(1.0,), (2.0,)]
    request = server.requests["EmbedStream"][0]
    assert (request.priority, request.model_version) == (types_pb2.PRIORITY_INTERACTIVE, "clip@1")


def test_no_photos_have_no_outcomes(client: Any, server: Any) -> None:
    server.say("AnalyzeStream", answer_all)
    assert list(client.analyze_many([])) == []


def test_a_photo_that_fails_has_its_error_in_its_place(client: Any, server: Any, tmp_path: Path) -> None:
    bad = failure(grpc.StatusCode.INVALID_ARGUMENT, "image.content: no", fields={"image.content": "no"})

    def serve(requests: Iterator[Any], context: Any) -> Iterator[Any]:
        for request in requests:
            yield answer(request, bad if request.image.content in (b"bad", b"") else None)

    server.say("AnalyzeStream", serve)
    photos = [b"good", b"bad", tmp_path / "gone.jpg", b"good"]
    first, second, third, last = (outcome for _, outcome in client.analyze_many(photos))
    assert (first.image_width, last.image_width) == (4, 4)
    assert (type(second), second.field) == (InvalidInput, "image.content")
    assert (type(third), third.reason) == (InvalidInput, "UNREADABLE_FILE")


def test_a_photo_too_large_for_a_message_does_not_break_the_stream(
    connect: Callable[..., Any], server: Any
) -> None:
    server.say("AnalyzeStream", answer_all)
    client = connect(server.address, max_message_bytes=1000)
    (_, error), (_, analysis) = client.analyze_many([bytes(2000), b"good"])
    assert (type(error), error.reason) == (InvalidInput, "MESSAGE_TOO_LARGE")
    assert analysis.image_width == 4


def test_a_run_goes_on_where_the_stream_broke_and_sends_nothing_answered_again(
    client: Any, server: Any
) -> None:
    server.say("AnalyzeStream", break_after(3), break_after(4), answer_all)
    seen: list[BulkProgress] = []
    pairs = list(client.analyze_many(PHOTOS, window=5, on_progress=seen.append))
    assert [photo for photo, _ in pairs] == PHOTOS
    assert widths(pairs) == [len(photo) for photo in PHOTOS]
    answered = [int(id) for id in (*ids(server)[:3],)]
    assert answered == [0, 1, 2]
    assert not {"0", "1", "2"} & set(ids(server)[3:])
    assert len(server.metadata["AnalyzeStream"]) == 3
    assert seen[-1] == BulkProgress(done=10, failed=0, total=10, resumed=2)


def test_a_stream_that_ends_early_is_taken_up_again(client: Any, server: Any) -> None:
    def answer_two(requests: Iterator[Any], context: Any) -> Iterator[Any]:
        return map(answer, islice(requests, 2))

    server.say("AnalyzeStream", answer_two, answer_all)
    assert len(list(client.analyze_many(PHOTOS))) == 10


def test_a_photo_that_is_sent_back_is_sent_again(client: Any, server: Any) -> None:
    full = failure(grpc.StatusCode.RESOURCE_EXHAUSTED, "full", retry_after_ms=1)
    refused: set[str] = set()

    def serve(requests: Iterator[Any], context: Any) -> Iterator[Any]:
        for request in requests:
            first = request.id not in refused and int(request.id) % 2 == 0
            refused.add(request.id)
            yield answer(request, full if first else None)

    server.say("AnalyzeStream", serve)
    assert widths(client.analyze_many(PHOTOS, window=3)) == [len(photo) for photo in PHOTOS]
    assert sorted(ids(server), key=int) == sorted([*map(str, range(10)), *"02468"], key=int)
    assert len(server.metadata["AnalyzeStream"]) == 1


def test_a_photo_is_not_sent_for_ever(client: Any, server: Any) -> None:
    full = failure(grpc.StatusCode.RESOURCE_EXHAUSTED, "full", retry_after_ms=1)
    server.say("AnalyzeStream", lambda requests, _: (answer(request, full) for request in requests))
    ((_, error),) = client.analyze_many([b"a"])
    assert type(error) is Overloaded
    assert ids(server) == ["0"] * 3


def test_the_window_bounds_what_is_taken(client: Any, server: Any) -> None:
    handed_out = 0

    def photos() -> Iterator[bytes]:
        for taken in range(40):
            assert taken - handed_out < 4
            yield b"photo"

    def count(progress: BulkProgress) -> None:
        nonlocal handed_out
        handed_out = progress.done
        assert progress.total is None

    server.say("AnalyzeStream", answer_all)
    assert len(list(client.analyze_many(photos(), window=4, on_progress=count))) == 40


def test_photos_that_fail_to_come_end_the_run_after_those_that_came(server: Any) -> None:
    def photos() -> Iterator[bytes]:
        yield b"a"
        yield b"b"
        raise OSError("the folder is gone")

    server.say("AnalyzeStream", answer_all)
    with Client(server.address) as client:
        run = client.analyze_many(photos())
        assert [next(run)[0], next(run)[0]] == [b"a", b"b"]
        with pytest.raises(OSError, match="the folder is gone"):
            next(run)


def hold_from(count: int, left: threading.Event) -> Callable[[Iterator[Any], Any], Iterator[Any]]:
    """Answers so many requests and no more, until the caller leaves."""

    def serve(requests: Iterator[Any], context: Any) -> Iterator[Any]:
        context.add_callback(left.set)
        yield from map(answer, islice(requests, count))
        left.wait(60)

    return serve


def test_a_run_that_is_left_is_cancelled(server: Any) -> None:
    left = threading.Event()
    server.say("AnalyzeStream", hold_from(2, left))
    with Client(server.address) as client:
        run = client.analyze_many(PHOTOS)
        assert isinstance(next(run)[1], ImageAnalysis)
        run.close()
        assert left.wait(60)


async def test_an_asynchronous_run_that_is_left_is_cancelled(server: Any) -> None:
    left = threading.Event()
    server.say("AnalyzeStream", hold_from(2, left))
    async with AsyncClient(server.address) as client:
        run = client.analyze_many(PHOTOS)
        assert isinstance((await anext(run))[1], ImageAnalysis)
        await run.aclose()
        assert left.wait(60)


def test_a_server_that_stops_answering_is_given_up(client: Any, server: Any) -> None:
    left = threading.Event()
    server.say("AnalyzeStream", hold_from(1, left))
    with pytest.raises(DeadlineExceeded, match=r"no answer within 2 s"):
        list(client.analyze_many(PHOTOS, timeout_s=2))
    assert left.wait(60)


def test_a_server_that_was_never_there_is_tried_as_often_as_by_any_call(
    connect: Callable[..., Any], free_address: str
) -> None:
    client = connect(free_address, retries=RetryPolicy(max_attempts=3, initial_backoff_s=0.01))
    with pytest.raises(Unavailable, match="no Armoire server answers"):
        list(client.analyze_many(PHOTOS, timeout_s=100_000))


def test_a_server_that_has_answered_is_waited_for_longer() -> None:
    patience = Patience(RetryPolicy(max_attempts=2), 100_000)
    nobody = Unavailable("no server answers", code="UNAVAILABLE", reason="NO_ANSWER")
    busy = Overloaded("no room", code="RESOURCE_EXHAUSTED", retry_after_s=1.0)
    patience.wait_s(nobody)
    with pytest.raises(Unavailable):
        patience.wait_s(nobody)
    assert [patience.wait_s(busy) for _ in range(3)] == [1.0] * 3
    patience.restart()
    assert all(patience.wait_s(nobody) > 0 for _ in range(10))


def test_a_server_that_went_away_is_given_up_after_the_time() -> None:
    patience = Patience(RetryPolicy(initial_backoff_s=60.0, max_backoff_s=60.0, jitter=0.0), 50.0)
    patience.restart()
    with pytest.raises(Unavailable):
        patience.wait_s(Unavailable("no server answers", code="UNAVAILABLE", reason="NO_ANSWER"))


def test_without_retries_a_break_is_an_error(connect: Callable[..., Any], server: Any) -> None:
    server.say("AnalyzeStream", break_after(1))
    client = connect(server.address, retries=RetryPolicy(max_attempts=1))
    with pytest.raises(Unavailable, match=r"going down|broke"):
        list(client.analyze_many(PHOTOS))
    assert len(server.metadata["AnalyzeStream"]) == 1


def test_what_would_refuse_every_stream_ends_the_run(client: Any, server: Any) -> None:
    server.say("AnalyzeStream", lambda *_: [failure(grpc.StatusCode.PERMISSION_DENIED, "who are you")])
    with pytest.raises(PermissionDenied, match="who are you"):
        list(client.analyze_many(PHOTOS))


@pytest.mark.parametrize("wrong", [{"window": 0}, {"timeout_s": 0}])
def test_options_that_make_no_sense(client: Any, wrong: dict[str, int]) -> None:
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        list(client.analyze_many(PHOTOS, **wrong))


def store(requests: Iterator[Any], context: Any) -> Any:
    """A job for each photo, with the id of its key."""
    results = [
        {"id": request.id, "job": {"id": request.idempotency_key, "image_name": request.image_name}}
        for request in requests
    ]
    return indexing_pb2.IndexImagesResponse(results=results)


def test_photos_are_indexed_in_groups(client: Any, server: Any, tmp_path: Path) -> None:
    server.say("IndexImages", store)
    (tmp_path / "a.jpg").write_bytes(b"photo")
    photos = [
        tmp_path / "a.jpg",
        PhotoToIndex(b"photo", image_name="b", product=Product("Red dress"), idempotency_key="key-b"),
        PhotoToIndex(b"photo", product_id="product-1", idempotency_key="key-c"),
    ]
    pairs = list(client.index_many(photos, window=2))
    assert [photo for photo, _ in pairs] == photos
    fresh, *own = (job.id for _, job in pairs)
    assert (len(fresh), own) == (36, ["key-b", "key-c"])
    assert len(server.metadata["IndexImages"]) == 2
    one, two, three = server.requests["IndexImages"]
    assert (one.image_name, two.image_name, three.image_name) == ("a.jpg", "b", "")
    assert (two.product.display_name, three.product_id) == ("Red dress", "product-1")


def test_a_group_ends_before_it_becomes_too_large(client: Any, server: Any) -> None:
    server.say("IndexImages", store)
    photos = [bytes(9 * 2**20), bytes(9 * 2**20), b"small"]
    assert len(list(client.index_many(photos))) == 3
    assert ids(server, "IndexImages") == ["0", "0", "1"]


def test_a_group_that_breaks_is_sent_again_with_the_same_keys(client: Any, server: Any) -> None:
    def lose(requests: Iterator[Any], context: Any) -> Any:
        list(requests)
        return GONE

    server.say("IndexImages", lose, store)
    seen: list[BulkProgress] = []
    jobs = [job for _, job in client.index_many(PHOTOS[:3], on_progress=seen.append)]
    keys = [request.idempotency_key for request in server.requests["IndexImages"]]
    assert keys[:3] == keys[3:] == [job.id for job in jobs]
    assert len(set(keys)) == 3
    assert seen[-1] == BulkProgress(done=3, failed=0, total=3, resumed=1)


def test_only_photos_that_are_sent_back_are_indexed_again(client: Any, server: Any, tmp_path: Path) -> None:
    opening = failure(grpc.StatusCode.UNAVAILABLE, "opening", retry_after_ms=1)
    bad = failure(grpc.StatusCode.INVALID_ARGUMENT, "image.content: no", fields={"image.content": "no"})

    def send_back(requests: Iterator[Any], context: Any) -> Any:
        results = [{"id": request.id, "error": bad.status} for request in requests]
        results[1] = {"id": "1", "error": opening.status}
        return indexing_pb2.IndexImagesResponse(results=results)

    server.say("IndexImages", send_back, store)
    photos = [b"bad", b"good", tmp_path / "gone.jpg"]
    first, second, third = (outcome for _, outcome in client.index_many(photos))
    assert (first.field, third.reason) == ("image.content", "UNREADABLE_FILE")
    assert second.id == server.requests["IndexImages"][1].idempotency_key
    assert ids(server, "IndexImages") == ["0", "1", "2", "1"]


def test_a_photo_to_index_has_one_product(client: Any, server: Any) -> None:
    server.say("IndexImages", store)
    both = PhotoToIndex(b"photo", product_id="product-1", product=Product("Red dress"))
    with pytest.raises(ValueError, match="not both"):
        list(client.index_many([both]))
