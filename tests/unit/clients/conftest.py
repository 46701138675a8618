"""A scripted server, clients of both kinds that talk to it, and messages for it to answer with."""

from __future__ import annotations

import asyncio
import inspect
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from google.protobuf.message import Message

from armoire import AsyncClient, Client, RetryPolicy
from armoire.v1 import (
    indexing_pb2,
    inference_pb2,
    items_pb2,
    products_pb2,
    types_pb2,
)
from tests.unit.clients.scripted_server import Failure, ScriptedServer, failure, serving


@pytest.fixture
def fail() -> Callable[..., Failure]:
    return failure


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as script:
        yield script


@pytest.fixture
def free_address() -> Iterator[str]:
    """Where nobody listens: the port is taken, and refuses connections."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{silent.getsockname()[1]}"


class Awaited:
    """An AsyncClient behind the face of a Client, so that one test serves both."""

    def __init__(self, address: str | None, **options: Any) -> None:
        self._loop = asyncio.new_event_loop()

        async def connect() -> AsyncClient:
            return AsyncClient(address, **options)

        self._client = self._loop.run_until_complete(connect())

    def with_end_user(self, end_user: str) -> Awaited:
        return self._like(self._client.with_end_user(end_user))

    def with_metadata(self, metadata: Any) -> Awaited:
        return self._like(self._client.with_metadata(metadata))

    @property
    def outfits(self) -> Awaited:
        return self._like(self._client.outfits)

    @property
    def wardrobes(self) -> Awaited:
        return self._like(self._client.wardrobes)

    def _like(self, client: Any) -> Awaited:
        other = object.__new__(Awaited)
        other._loop, other._client = self._loop, client
        return other

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

    def open_client(address: str | None, **options: Any) -> Any:
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
        categories=[types_pb2.ScoredValue(value="jersey", score=0.75)],
        classifier_version="lite0@1",
        classifier_preprocess_version="shortest@1",
        etag="e1",
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
