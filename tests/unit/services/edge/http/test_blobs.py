"""The pictures of links as HTTP has them: whole, in parts, and not again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from domain.errors import NotFound, Unavailable
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.http.app import build_http_app
from services.edge.http.options import HttpOptions

CONTENT = bytes(range(100))
URL = "http://localhost:3000/blobs/shop/images/i-1/original?expires=1&signature=s"


@dataclass
class Picture:
    tenant_id: str = "shop"
    name: str = "i-1.png"
    media_type: str = "image/png"
    size_bytes: int = len(CONTENT)
    etag: str = "abc"

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        middle = (start + end) // 2
        yield CONTENT[start:middle]
        yield CONTENT[middle:end]


class Pictures:
    """Has one picture, or a failure."""

    def __init__(self) -> None:
        self.picture: Any = Picture()
        self.failure: Exception | None = None
        self.asked: list[tuple[str, str]] = []

    async def open(self, path: str, query: str) -> Any:
        self.asked.append((path, query))
        if self.failure is not None:
            raise self.failure
        return self.picture


@dataclass
class Upload:
    """Keeps what it receives."""

    tenant_id: str = "shop"
    media_type: str = "image/png"
    size_bytes: int = len(CONTENT)
    received: bytes = b""
    failure: Exception | None = None

    async def receive(self, pieces: AsyncIterator[bytes]) -> None:
        async for piece in pieces:
            self.received += piece
        if self.failure is not None:
            raise self.failure


class Uploads:
    """Has one upload."""

    def __init__(self) -> None:
        self.upload = Upload()

    async def open(self, path: str, query: str) -> Upload:
        return self.upload


class Blobs:
    def __init__(self) -> None:
        self.links, self.uploads = Pictures(), Uploads()


class Backend:
    max_message_bytes = 2**20
    services: tuple[Any, ...] = ()
    open_inference = None

    def __init__(self) -> None:
        self.observed: list[tuple[str, str, str]] = []
        self.calls = Calls(Admission(1), Admission(1, "streams"), self._observe)
        self.signed_blobs: Blobs | None = Blobs()

    def _observe(self, method: str, status: str, reason: str, _seconds: float) -> None:
        self.observed.append((method, status, reason))


@pytest.fixture
def backend() -> Backend:
    return Backend()


async def asked(backend: Backend, verb: str = "GET", content: Any = None, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(build_http_app(lambda: backend))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.request(verb, URL, headers=named, content=content)


async def test_a_picture_comes_whole(backend: Backend) -> None:
    response = await asked(backend, x_request_id="mine-1")
    assert (response.status_code, response.content) == (200, CONTENT)
    told = {
        "content-type": "image/png",
        "content-length": "100",
        "etag": '"abc"',
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-disposition": 'inline; filename="i-1.png"',
        "cross-origin-resource-policy": "cross-origin",
        "x-request-id": "mine-1",
    }
    assert {name: response.headers[name] for name in told} == told
    assert backend.signed_blobs is not None
    assert backend.signed_blobs.links.asked == [("/blobs/shop/images/i-1/original", "expires=1&signature=s")]
    assert backend.observed == [("GET /blobs", "OK", "")]


async def test_its_headers_come_alone(backend: Backend) -> None:
    response = await asked(backend, "HEAD")
    assert (response.status_code, response.content) == (200, b"")
    assert (response.headers["content-length"], response.headers["etag"]) == ("100", '"abc"')


@pytest.mark.parametrize(
    ("range", "content", "told"),
    [
        ("bytes=0-9", CONTENT[:10], "bytes 0-9/100"),
        ("bytes=90-", CONTENT[90:], "bytes 90-99/100"),
        ("bytes=99-99", CONTENT[99:], "bytes 99-99/100"),
        ("bytes=90-1000", CONTENT[90:], "bytes 90-99/100"),
        ("bytes=-10", CONTENT[90:], "bytes 90-99/100"),
        ("bytes=-1000", CONTENT, "bytes 0-99/100"),
    ],
)
async def test_a_part_of_it_comes(backend: Backend, range: str, content: bytes, told: str) -> None:
    response = await asked(backend, range=range)
    assert (response.status_code, response.content) == (206, content)
    assert response.headers["content-range"] == told
    assert response.headers["content-length"] == str(len(content))
    head = await asked(backend, "HEAD", range=range)
    assert (head.status_code, head.content, head.headers["content-range"]) == (206, b"", told)


@pytest.mark.parametrize(
    "range", ["bytes=9-0", "bytes=0-1,5-6", "bytes=-", "items=0-9", "bytes=a-b", "bytes=--1"]
)
async def test_what_is_no_one_range_gets_the_whole(backend: Backend, range: str) -> None:
    response = await asked(backend, range=range)
    assert (response.status_code, response.content) == (200, CONTENT)


@pytest.mark.parametrize("range", ["bytes=100-", "bytes=100-200", "bytes=-0"])
async def test_a_range_behind_the_end_is_refused(backend: Backend, range: str) -> None:
    response = await asked(backend, range=range)
    assert (response.status_code, response.headers["content-range"]) == (416, "bytes */100")
    assert response.json()["reason"] == "RANGE_NOT_SATISFIABLE"


async def test_a_part_of_another_version_is_the_whole(backend: Backend) -> None:
    assert (await asked(backend, range="bytes=0-9", if_range='"abc"')).status_code == 206
    assert (await asked(backend, range="bytes=0-9", if_range='"old"')).status_code == 200


@pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
async def test_a_picture_that_is_known_does_not_come_again(backend: Backend, known: str) -> None:
    response = await asked(backend, if_none_match=known)
    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", '"abc"')
    assert (await asked(backend, if_none_match='"other"')).status_code == 200


async def test_a_refusal_is_a_problem_and_counted(backend: Backend) -> None:
    assert backend.signed_blobs is not None
    backend.signed_blobs.links.failure = NotFound("image", "i-1")
    response = await asked(backend, x_request_id="mine-1")
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, response.json()["reason"]) == (404, "NOT_FOUND")
    assert response.headers["x-request-id"] == "mine-1"
    assert backend.observed == [("GET /blobs", "NOT_FOUND", "NOT_FOUND")]


async def test_a_picture_that_breaks_off_is_shorter_than_was_told(backend: Backend) -> None:
    class Broken(Picture):
        async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
            yield CONTENT[:50]
            raise Unavailable("the store is gone")

    assert backend.signed_blobs is not None
    backend.signed_blobs.links.picture = Broken()
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/blobs/x", "root_path": "", "headers": []}
    await build_http_app(lambda: backend)({**scope, "query_string": b""}, receive, send)
    assert (b"content-length", b"100") in sent[0]["headers"]
    assert sent[1:] == []
    assert backend.observed == [("GET /blobs", "UNAVAILABLE", "UNAVAILABLE")]


async def test_what_follows_is_not_read_for_a_client_that_has_hung_up(backend: Backend) -> None:
    read: list[int] = []

    class Long(Picture):
        async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
            for index in range(10):
                read.append(index)
                yield CONTENT[:10]

    assert backend.signed_blobs is not None
    backend.signed_blobs.links.picture = Long()
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/blobs/x", "root_path": "", "headers": []}
    await build_http_app(lambda: backend)({**scope, "query_string": b""}, receive, send)
    assert read == [0, 1]
    assert [message["type"] for message in sent] == ["http.response.start"]
    assert [code for _, code, _ in backend.observed] == ["CANCELLED"]


async def test_a_server_without_a_catalogue_has_none(backend: Backend) -> None:
    backend.signed_blobs = None
    assert (await asked(backend)).status_code == 404


@pytest.mark.parametrize("verb", ["POST", "DELETE", "PATCH"])
async def test_other_verbs_are_refused(backend: Backend, verb: str) -> None:
    response = await asked(backend, verb)
    assert (response.status_code, response.json()["reason"]) == (405, "VERB_NOT_ALLOWED")


async def put(backend: Backend, content: Any = CONTENT, media_type: str = "image/png") -> httpx.Response:
    return await asked(backend, "PUT", content, content_type=media_type)


async def test_an_upload_is_taken(backend: Backend) -> None:
    assert backend.signed_blobs is not None
    response = await put(backend)
    assert (response.status_code, response.content) == (204, b"")
    assert backend.signed_blobs.uploads.upload.received == CONTENT
    assert backend.observed == [("PUT /blobs", "OK", "")]


async def test_an_upload_without_a_length_is_taken(backend: Backend) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield CONTENT[:30]
        yield CONTENT[30:]

    assert backend.signed_blobs is not None
    assert (await put(backend, pieces())).status_code == 204
    assert backend.signed_blobs.uploads.upload.received == CONTENT


@pytest.mark.parametrize(
    ("content", "media_type", "status", "reason"),
    [
        (CONTENT, "image/jpeg", 415, "UNSUPPORTED_CONTENT_TYPE"),
        (CONTENT, "text/html", 415, "UNSUPPORTED_CONTENT_TYPE"),
        (CONTENT[1:], "image/png", 400, "UPLOAD_MISMATCH"),
        (CONTENT * 2, "image/png", 400, "UPLOAD_MISMATCH"),
    ],
)
async def test_what_was_not_announced_is_refused_before_it_is_read(
    backend: Backend, content: bytes, media_type: str, status: int, reason: str
) -> None:
    assert backend.signed_blobs is not None
    response = await put(backend, content, media_type)
    assert (response.status_code, response.json()["reason"]) == (status, reason)
    assert response.headers["connection"] == "close"
    assert backend.signed_blobs.uploads.upload.received == b""


async def test_an_upload_that_cannot_be_stored_is_a_problem(backend: Backend) -> None:
    assert backend.signed_blobs is not None
    backend.signed_blobs.uploads.upload.failure = Unavailable("full", reason="BLOB_STORE_FULL")
    response = await put(backend)
    assert (response.status_code, response.json()["reason"]) == (503, "BLOB_STORE_FULL")
    assert backend.observed == [("PUT /blobs", "UNAVAILABLE", "BLOB_STORE_FULL")]


async def test_too_many_uploads_at_a_time_are_refused() -> None:
    backend = Backend()
    transport = httpx.ASGITransport(build_http_app(lambda: backend, HttpOptions(max_uploads=0)))

    async def pieces() -> AsyncIterator[bytes]:
        yield CONTENT[:30]
        yield CONTENT[30:]

    async with httpx.AsyncClient(transport=transport) as client:
        response = await client.put(URL, content=pieces(), headers={"content-type": "image/png"})
    assert (response.status_code, response.json()["reason"]) == (429, "OVERLOADED")
