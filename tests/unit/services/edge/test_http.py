"""The HTTP gateway as an ASGI server drives them, with a backend that repeats what it was asked."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest
from google.protobuf.message import Message

from armoire.v1 import inference_pb2, search_pb2, types_pb2
from domain.calls import CURRENT_CALL, Call
from services.edge.http import HttpOptions, build_http_app
from services.edge.interceptors import Admission
from tests.turns import at_once, begun

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Echo:
    """Keeps the request and the call; `act` is what it waits for before it answers."""

    max_message_bytes = 2**20

    def __init__(self) -> None:
        self.admission = Admission(1)
        self.observed: list[str] = []
        self.asked: Any = None
        self.call: Call | None = None
        self.act: Callable[[], Awaitable[None]] = at_once

    def observe(self, method: str, status: str, seconds: float) -> None:
        self.observed.append(status)

    async def analyze(self, request: inference_pb2.AnalyzeRequest) -> Message:
        self.asked, self.call = request, CURRENT_CALL.get()
        await self.act()
        return inference_pb2.AnalyzeResponse()

    async def search(self, request: search_pb2.SearchRequest) -> Message:
        self.asked, self.call = request, CURRENT_CALL.get()
        await self.act()
        return search_pb2.SearchResponse()


class Http:
    """A backend behind the app, and ways to send to it."""

    def __init__(self, options: HttpOptions = HttpOptions()) -> None:
        self.backend = Echo()
        self.app = build_http_app(lambda: self.backend, options)

    async def send(
        self, path: str, receive: Receive, content_type: str, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        sent: list[MutableMapping[str, Any]] = []

        async def keep(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        headers["content-type"] = content_type
        raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
        scope = {"type": "http", "method": "POST", "path": path, "headers": raw, "query_string": b""}
        await self.app(scope, receive, keep)
        start, body = sent
        back = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], back, json.loads(body["body"])

    async def post(self, path: str, body: bytes, content_type: str, **headers: str) -> Any:
        return await self.send(path, whole(body), content_type, **headers)

    async def post_form(self, path: str, *parts: tuple[str, str | bytes]) -> Any:
        """Strings are fields, bytes are files."""
        content = b"".join(_part(name, value) for name, value in parts) + b"--line--\r\n"
        return await self.post(path, content, "multipart/form-data; boundary=line")


def whole(body: bytes) -> Receive:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _part(name: str, value: str | bytes) -> bytes:
    file = '; filename="p.jpg"' if isinstance(value, bytes) else ""
    content = value.encode() if isinstance(value, str) else value
    return (
        f'--line\r\ncontent-disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
    )


async def never() -> MutableMapping[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


def violation(body: Any) -> tuple[str, str]:
    (found,) = [v for d in body["error"]["details"] for v in d.get("field_violations", [])]
    return found["field"], found["description"]


async def test_a_body_that_does_not_come_is_given_up() -> None:
    http = Http(HttpOptions(read_timeout_s=0.01))
    status, headers, body = await http.send("/v1/search", never, "application/json")
    assert (status, body["error"]["status"], headers["connection"]) == (408, "DEADLINE_EXCEEDED", "close")
    assert http.backend.observed == ["DEADLINE_EXCEEDED"]


async def test_bodies_under_way_take_no_calls_place() -> None:
    http = Http()
    waiting = [await begun(http.send("/v1/search", never, "application/json")) for _ in range(5)]
    status, _, _ = await http.post("/v1/search", b'{"text": "hat"}', "application/json")
    assert status == 200
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert http.backend.observed == ["OK", *["CANCELLED"] * 5]


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=line"])
async def test_a_caller_who_leaves_during_the_upload_is_counted_and_not_logged(
    content_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    http = Http()
    arriving = iter(
        [
            {"type": "http.request", "body": b"--line", "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def leave() -> MutableMapping[str, Any]:
        return next(arriving)

    status, _, _ = await http.send("/v1/search", leave, content_type)
    assert (status, http.backend.observed) == (499, ["CANCELLED"])
    assert caplog.records == []


async def test_too_many_bodies_at_once_are_refused() -> None:
    http = Http(HttpOptions(max_reading=1))
    first = await begun(http.send("/v1/search", never, "application/json"))
    status, headers, body = await http.post("/v1/search", b"{}", "application/json")
    assert (status, headers["retry-after"]) == (429, "2")
    assert "uploads" in body["error"]["message"]
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert (await http.post("/v1/search", b"{}", "application/json"))[0] == 200


async def test_calls_are_bounded() -> None:
    http = Http()
    entered, release = asyncio.Event(), asyncio.Event()

    async def act() -> None:
        entered.set()
        await release.wait()

    http.backend.act = act
    first = asyncio.create_task(http.post("/v1/search", b"{}", "application/json"))
    await entered.wait()
    assert (await http.post("/v1/search", b"{}", "application/json"))[0] == 429
    release.set()
    assert (await first)[0] == 200


async def test_a_call_has_a_deadline_and_the_callers_id() -> None:
    http, before = Http(HttpOptions(deadline_s=60)), time.monotonic()
    _, headers, _ = await http.post("/v1/search", b"{}", "application/json", x_request_id="mine-1")
    call = http.backend.call
    assert call is not None
    assert (call.request_id, headers["x-request-id"]) == ("mine-1", "mine-1")
    assert call.deadline is not None
    assert before + 60 <= call.deadline <= time.monotonic() + 60


@pytest.mark.parametrize("given", ["a b", "é"])  # gRPC metadata, in which it goes on, is ASCII
async def test_a_strange_request_id_is_replaced(given: str) -> None:
    http = Http()
    _, headers, _ = await http.post("/v1/search", b"{}", "application/json", x_request_id=given)
    assert len(headers["x-request-id"]) == 32


async def test_forms_become_messages() -> None:
    http = Http()
    fields = (("text", "[hat]"), ("top_k", "3"), ("include_crops", "true"))
    status, _, _ = await http.post_form("/v1/search", *fields, ("filter", '{"conditions": []}'))
    assert status == 200
    asked = http.backend.asked
    assert (asked.text, asked.top_k, asked.include_crops) == ("[hat]", 3, True)
    photos = (("image", b"one"), ("image", b"two"), ("min_score", "0.5"), ("priority", "PRIORITY_BULK"))
    await http.post_form("/v1/analyze", *photos)
    asked = http.backend.asked
    assert [image.content for image in asked.images] == [b"one", b"two"]
    assert (asked.min_score, asked.priority) == (0.5, types_pb2.PRIORITY_BULK)


@pytest.mark.parametrize(
    ("path", "parts", "field", "hint"),
    [
        ("search", [("image", b"a"), ("image", b"b")], "image", "one photo, got 2"),
        ("search", [("image", b"a"), ("text", "hat")], "image", "text"),
        ("search", [("photo", b"a")], "photo", "image"),
        ("analyze", [("file", b"a")], "file", "image"),
        ("analyze", [("image", b"a"), ("images", "[{}]")], "images", "image"),
        ("search", [("text", "a"), ("text", "b")], "text", "twice"),
        ("search", [("filter", "[" * 100_000)], "filter", "deep"),
        ("search", [("filter", "{")], "filter", "JSON"),
        ("search", [("top_k", "many")], "body", "top_k"),
        ("search", [("image", '{"content": "!!!"}')], "image.content", "base64"),
    ],
)
async def test_a_bad_form_names_its_field(
    path: str, parts: list[tuple[str, str | bytes]], field: str, hint: str
) -> None:
    status, _, body = await Http().post_form(f"/v1/{path}", *parts)
    assert status == 400
    named, description = violation(body)
    assert named == field
    assert hint in description


async def test_a_photo_in_json_is_base64() -> None:
    http = Http()
    body = {"images": [{"content": base64.b64encode(b"photo").decode()}]}
    assert (await http.post("/v1/analyze", json.dumps(body).encode(), "application/json"))[0] == 200
    assert http.backend.asked.images[0].content == b"photo"


async def test_an_unforeseen_error_is_logged_with_its_id(caplog: pytest.LogCaptureFixture) -> None:
    http = Http()

    async def act() -> None:
        raise ZeroDivisionError("a secret")

    http.backend.act = act
    status, _, body = await http.post("/v1/search", b"{}", "application/json", x_request_id="mine-2")
    assert status == 500
    assert "a secret" not in json.dumps(body)
    assert "mine-2" in caplog.text
