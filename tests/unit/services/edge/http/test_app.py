"""The HTTP gateway as an ASGI server drives it, with servicers that keep what they were asked."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest

from armoire.v1 import catalog_pb2, indexing_pb2, inference_pb2, search_pb2, types_pb2
from domain.calls import CURRENT_CALL, Call
from domain.errors import NotFound, Overloaded
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.http import bodies, connect
from services.edge.http.app import build_http_app
from services.edge.http.options import HttpOptions
from services.edge.late_servicer import LateServicer
from tests.turns import at_once, begun

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]
CATALOG = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]
SEARCH = "/armoire.v1.CatalogService/Search"
ANALYZE = "/armoire.v1.InferenceService/Analyze"
GET_JOB = "/armoire.v1.CatalogService/GetIndexingJob"
WATCH_JOB = "/armoire.v1.CatalogService/WatchIndexingJob"
JSON = "application/json"
FORM = "multipart/form-data; boundary=line"


class Servicer:
    """Keeps the request and the call; `act` is what it waits for before it answers."""

    def __init__(self) -> None:
        self.asked: Any = None
        self.call: Call | None = None
        self.act: Callable[[], Awaitable[None]] = at_once

    async def _keep(self, request: Message) -> None:
        self.asked, self.call = request, CURRENT_CALL.get()
        await self.act()

    async def Analyze(self, request: Message, context: None) -> Message:
        await self._keep(request)
        return inference_pb2.AnalyzeResponse()

    async def Search(self, request: Message, context: None) -> Message:
        await self._keep(request)
        return search_pb2.SearchResponse(model_version="m-1")

    async def IndexImage(self, request: Message, context: None) -> Message:
        await self._keep(request)
        return indexing_pb2.IndexImageResponse(job=indexing_pb2.IndexingJob(id="job-1"))

    async def GetIndexingJob(self, request: Any, context: None) -> Message:
        await self._keep(request)
        return indexing_pb2.GetIndexingJobResponse(job=indexing_pb2.IndexingJob(id=request.job_id))

    async def WatchIndexingJob(self, request: Any, context: None) -> AsyncIterator[Message]:
        yield indexing_pb2.WatchIndexingJobResponse(job=indexing_pb2.IndexingJob(id=request.job_id))
        await self._keep(request)
        yield indexing_pb2.WatchIndexingJobResponse(job=indexing_pb2.IndexingJob(id="last"))


class Backend:
    """What the app asks of a server."""

    max_message_bytes = 2**20
    signed_blobs = None

    def __init__(self) -> None:
        self.servicer = Servicer()
        self.observed: list[tuple[str, str]] = []
        self.calls = Calls(Admission(1), Admission(1, "streams"), self._observe)
        late = {name: LateServicer(service) for name, service in (("i", INFERENCE), ("c", CATALOG))}
        for each in late.values():
            each.servicer = self.servicer
        self.services = [HostedService(INFERENCE, late["i"]), HostedService(CATALOG, late["c"])]

    def _observe(self, method: str, status: str, _reason: str, seconds: float) -> None:
        assert seconds >= 0
        self.observed.append((method.rpartition("/")[2], status))


class Http:
    """A backend behind the app, and ways to send to it."""

    def __init__(self, options: HttpOptions = HttpOptions()) -> None:
        self.backend = Backend()
        self.servicer = self.backend.servicer
        self.app = build_http_app(lambda: self.backend, options)

    async def request(
        self, method: str, path: str, receive: Receive, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        sent: list[MutableMapping[str, Any]] = []

        async def keep(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        url = urlsplit(path)
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": url.path, "root_path": "", "headers": raw}
        await self.app({**scope, "query_string": url.query.encode()}, receive, keep)
        back = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], back, b"".join(message["body"] for message in sent[1:])

    async def send(
        self, path: str, receive: Receive, content_type: str, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        status, back, body = await self.request(
            "POST", path, receive, {**named, "content-type": content_type}
        )
        return status, back, json.loads(body) if body else None

    async def post(self, path: str, body: bytes, content_type: str, **headers: str) -> Any:
        return await self.send(path, whole(body), content_type, **headers)

    async def post_form(self, path: str, *parts: tuple[str, str | bytes]) -> Any:
        """Strings are fields, bytes are files."""
        content = b"".join(_part(name, value) for name, value in parts) + b"--line--\r\n"
        return await self.post(path, content, "multipart/form-data; boundary=line")


def whole(body: bytes) -> Receive:
    """The body at once, then nothing: the caller stays."""
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> MutableMapping[str, Any]:
        for message in messages:
            return message
        return await never()

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


def begins() -> Receive:
    """The beginning of a body, whose rest does not come."""
    messages = iter([{"type": "http.request", "body": b"--line", "more_body": True}])

    async def receive() -> MutableMapping[str, Any]:
        for message in messages:
            return message
        return await never()

    return receive


def violation(body: Any) -> tuple[str, str]:
    values = [each["value"] for each in body["details"] if each["type"] == "google.rpc.BadRequest"]
    found = BadRequest.FromString(base64.b64decode(values[0] + "=="))
    (one,) = found.field_violations
    (words,) = (each["debug"] for each in body["details"] if each["type"] == "google.rpc.BadRequest")
    assert words == {"fieldViolations": [{"field": one.field, "description": one.description}]}
    return one.field, one.description


BOTH_WAYS = pytest.mark.parametrize(("path", "content_type"), [(SEARCH, JSON), ("/v1/search", FORM)])


@BOTH_WAYS
async def test_a_body_that_does_not_come_is_given_up(path: str, content_type: str) -> None:
    http = Http(HttpOptions(read_timeout_s=0.01))
    status, headers, body = await http.send(path, never, content_type)
    assert (status, body["code"], headers["connection"]) == (504, "deadline_exceeded", "close")
    assert http.backend.observed == [("Search", "DEADLINE_EXCEEDED")]


async def test_bodies_under_way_take_no_calls_place() -> None:
    http = Http()
    waiting = [await begun(http.send(SEARCH, never, JSON)) for _ in range(5)]
    status, _, _ = await http.post(SEARCH, b'{"text": "hat"}', JSON)
    assert status == 200
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert http.backend.observed == [("Search", "OK"), *[("Search", "CANCELLED")] * 5]


@BOTH_WAYS
async def test_a_caller_who_leaves_during_the_upload_is_counted_and_not_logged(
    path: str, content_type: str, caplog: pytest.LogCaptureFixture
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

    status, _, _ = await http.send(path, leave, content_type)
    assert (status, http.backend.observed) == (499, [("Search", "CANCELLED")])
    assert caplog.records == []


async def test_too_many_bodies_at_once_are_refused() -> None:
    http = Http(HttpOptions(max_uploads=1))
    first = await begun(http.send(SEARCH, begins(), JSON))
    status, headers, body = await http.send(SEARCH, begins(), JSON)
    assert (status, headers["retry-after"]) == (429, "1")
    assert "uploads" in body["message"]
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert (await http.post(SEARCH, b"{}", JSON))[0] == 200


async def test_calls_are_bounded() -> None:
    http = Http()
    entered, release = asyncio.Event(), asyncio.Event()

    async def act() -> None:
        entered.set()
        await release.wait()

    http.servicer.act = act
    first = asyncio.create_task(http.post(SEARCH, b"{}", JSON))
    await entered.wait()
    assert (await http.post(SEARCH, b"{}", JSON))[0] == 429
    release.set()
    assert (await first)[0] == 200


async def test_a_call_has_a_deadline_and_the_callers_id() -> None:
    http, before = Http(HttpOptions(deadline_s=60)), time.monotonic()
    _, headers, _ = await http.post(SEARCH, b"{}", JSON, x_request_id="mine-1")
    call = http.servicer.call
    assert call is not None
    assert (call.request_id, headers["x-request-id"]) == ("mine-1", "mine-1")
    assert call.deadline is not None
    assert before + 60 <= call.deadline <= time.monotonic() + 60


@pytest.mark.parametrize("given", ["a b", "é"])  # gRPC metadata, in which it goes on, is ASCII
async def test_a_strange_request_id_is_replaced(given: str) -> None:
    http = Http()
    _, headers, _ = await http.post(SEARCH, b"{}", JSON, x_request_id=given)
    assert len(headers["x-request-id"]) == 32


async def test_forms_become_messages() -> None:
    http = Http()
    fields = (("text", "[hat]"), ("top_k", "3"), ("include_crops", "true"))
    status, _, _ = await http.post_form("/v1/search", *fields, ("filter", '{"conditions": []}'))
    assert status == 200
    asked = http.servicer.asked
    assert (asked.text, asked.top_k, asked.include_crops) == ("[hat]", 3, True)
    photos = (("image", b"one"), ("image", b"two"), ("min_score", "0.5"), ("priority", "PRIORITY_BULK"))
    await http.post_form("/v1/analyze", *photos)
    asked = http.servicer.asked
    assert [image.content for image in asked.images] == [b"one", b"two"]
    assert (asked.min_score, asked.priority) == (0.5, types_pb2.PRIORITY_BULK)
    for given, name in (((), "p.jpg"), ((("image_name", "mine"),), "mine")):
        await http.post_form("/v1/index", ("image", b"one"), *given)
        assert (http.servicer.asked.image.content, http.servicer.asked.image_name) == (b"one", name)


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
    assert (await http.post(ANALYZE, json.dumps(body).encode(), JSON))[0] == 200
    assert http.servicer.asked.images[0].content == b"photo"


async def test_an_unforeseen_error_is_logged_with_its_id(caplog: pytest.LogCaptureFixture) -> None:
    http = Http()

    async def act() -> None:
        raise ZeroDivisionError("a secret")

    http.servicer.act = act
    status, _, body = await http.post(SEARCH, b"{}", JSON, x_request_id="mine-2")
    assert status == 500
    assert "a secret" not in json.dumps(body)
    assert "mine-2" in caplog.text


async def test_every_call_is_offered_and_its_json_is_proto3_json() -> None:
    http = Http()
    status, headers, body = await http.post(
        SEARCH, b'{"text": "hat", "topK": 3, "include_crops": true}', JSON
    )
    assert (status, headers["content-type"]) == (200, JSON)
    assert body == {"modelVersion": "m-1"}
    assert (http.servicer.asked.top_k, http.servicer.asked.include_crops) == (3, True)


async def test_a_binary_request_gets_a_binary_response() -> None:
    request = search_pb2.SearchRequest(text="hat").SerializeToString()
    status, headers, body = await Http().request(
        "POST", SEARCH, whole(request), {"content-type": "application/proto"}
    )
    assert (status, headers["content-type"]) == (200, "application/proto")
    assert search_pb2.SearchResponse.FromString(body).model_version == "m-1"


def envelopes(body: bytes) -> list[tuple[int, bytes]]:
    """(flags, message) of a stream. Source: https://connectrpc.com/docs/protocol, "Streaming request"."""
    found = []
    while body:
        size = int.from_bytes(body[1:5], "big")
        found.append((body[0], body[5 : 5 + size]))
        body = body[5 + size :]
    return found


async def watch(http: Http, content_type: str = "application/connect+json") -> list[tuple[int, Any]]:
    message = b'{"jobId": "job-7"}'
    body = b"\0" + len(message).to_bytes(4, "big") + message
    status, _, answer = await http.request("POST", WATCH_JOB, whole(body), {"content-type": content_type})
    assert status == 200
    return [(flags, json.loads(each)) for flags, each in envelopes(answer)]


async def test_a_stream_is_answered_message_by_message() -> None:
    http = Http()
    assert await watch(http) == [(0, {"job": {"id": "job-7"}}), (0, {"job": {"id": "last"}}), (2, {})]
    assert http.backend.observed == [("WatchIndexingJob", "OK")]


async def test_an_error_within_a_stream_is_its_end() -> None:
    http = Http()

    async def act() -> None:
        raise NotFound("indexing job", "job-7")

    http.servicer.act = act
    (_, first), (flags, end) = await watch(http)
    assert (first["job"]["id"], flags, end["error"]["code"]) == ("job-7", 2, "not_found")
    assert end["error"]["details"][0]["debug"]["metadata"] == {"resource": "indexing job", "id": "job-7"}
    assert http.backend.observed == [("WatchIndexingJob", "NOT_FOUND")]


async def test_a_refused_call_is_told_when_to_come_back() -> None:
    http = Http()

    async def act() -> None:
        raise Overloaded("full", retry_after_s=2.5, metadata={})

    http.servicer.act = act
    for path, body, content_type in ((SEARCH, b"{}", JSON), ("/v1/search", b"--line--\r\n", FORM)):
        status, headers, told = await http.post(path, body, content_type)
        assert (status, headers["retry-after"], told["code"]) == (429, "3", "resource_exhausted")


@pytest.mark.parametrize(
    ("body", "content_type", "field"),
    [
        (b'{"txt": "x"}', JSON, "txt"),
        (b'{"text": "x", "item_id": "y"}', JSON, "item_id"),
        (b'{"image": {"content": "!!!"}}', JSON, "image.content"),
        (b"not json", JSON, "body"),
        (b"\xff\xff", "application/proto", "request"),
    ],
)
async def test_a_bad_request_names_its_field(body: bytes, content_type: str, field: str) -> None:
    http = Http()
    status, _, told = await http.post(SEARCH, body, content_type)
    assert (status, told["code"], violation(told)[0]) == (400, "invalid_argument", field)
    assert http.backend.observed == [("Search", "INVALID_ARGUMENT")]


async def test_a_large_body_is_refused() -> None:
    http = Http()
    status, _, told = await http.post(SEARCH, b" " * (2**20 + 1), JSON)
    assert (status, told["code"]) == (429, "resource_exhausted")
    status, _, told = await http.post_form("/v1/search", ("image", bytes(2**20)))
    assert (status, told["code"], violation(told)[0]) == (429, "resource_exhausted", "request")


async def test_a_timeout_ends_the_call() -> None:
    http = Http()

    async def act() -> None:
        await asyncio.Event().wait()

    http.servicer.act = act
    status, _, told = await http.post(SEARCH, b"{}", JSON, connect_timeout_ms="10")
    assert (status, told["code"]) == (504, "deadline_exceeded")
    assert http.backend.observed == [("Search", "DEADLINE_EXCEEDED")]


async def test_a_photo_to_index_is_accepted_with_the_address_of_its_job() -> None:
    http = Http()
    status, headers, body = await http.post_form("/v1/index", ("image", b"photo"), ("image_name", "a.jpg"))
    assert (status, body["job"]["id"]) == (202, "job-1")
    assert (http.servicer.asked.image.content, http.servicer.asked.image_name) == (b"photo", "a.jpg")
    assert parse_qs(urlsplit(headers["location"]).query)["encoding"] == ["json"]
    status, _, body_of_job = await http.request("GET", headers["location"], never, {})
    assert (status, json.loads(body_of_job)["job"]["id"]) == (200, "job-1")


async def test_json_is_not_a_form() -> None:
    status, _, told = await Http().post("/v1/search", b"{}", JSON)
    field, description = violation(told)
    assert (status, field) == (415, "content-type")
    assert "multipart/form-data" in description


@pytest.mark.parametrize("path", ["/armoire.v1.CatalogService/Nope", "/nothing"])
async def test_an_unknown_path_is_not_found(path: str) -> None:
    status, _, told = await Http().post(path, b"{}", JSON)
    assert (status, told["code"]) == (404, "unimplemented")
    assert path in told["message"]


async def test_an_unknown_method_is_told_to_callers_of_grpc_web() -> None:
    path = "/armoire.v1.CatalogService/Nope"
    headers = {"content-type": "application/grpc-web+proto"}
    status, told, body = await Http().request("POST", path, whole(b""), headers)
    assert (status, told["grpc-status"], body) == (200, "12", b"")
    assert unquote(told["grpc-message"]) == f"method: this server does not offer {path}"


async def test_what_changes_something_needs_post() -> None:
    status, _, _ = await Http().request("GET", f"{SEARCH}?encoding=json&message=%7B%7D", never, {})
    assert status == 405


@pytest.mark.parametrize("path", ["/v1/analyze", "/v1/search", "/v1/index"])
async def test_a_form_needs_post(path: str) -> None:
    status, headers, body = await Http().request("GET", path, never, {})
    assert (status, headers["allow"]) == (405, "POST")
    told = json.loads(body)
    assert (told["code"], told["message"]) == ("unimplemented", "verb: must be POST, got GET")
    assert "error" not in told


async def test_grpc_s_own_protocol_is_not_taken() -> None:
    status, headers, told = await Http().post(SEARCH, b"", "application/grpc+proto")
    assert (status, headers["accept-post"]) == (415, "application/json, application/proto")
    assert violation(told)[0] == "content-type"


async def test_a_form_for_a_service_that_is_not_hosted_is_refused() -> None:
    http = Http()
    del http.backend.services[1]
    status, _, told = await http.post_form("/v1/search", ("text", "hat"))
    assert (status, told["code"]) == (404, "unimplemented")
    assert SEARCH in told["message"]
    assert {detail["debug"].get("reason") for detail in told["details"]} == {"UNKNOWN_METHOD"}


async def test_forms_and_calls_share_the_limit_of_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE_S", 3600.0)  # the first keeps its place, however slow the test is
    http = Http(HttpOptions(max_uploads=1))
    first = await begun(http.send("/v1/search", begins(), FORM))
    for path, content_type in ((SEARCH, JSON), ("/v1/analyze", FORM), ("/v1/index", FORM)):
        status, _, _ = await http.send(path, begins(), content_type)
        assert status == 429
    assert (await http.post(SEARCH, b"{}", JSON))[0] == 200  # one that comes in one piece needs no place
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


@pytest.mark.parametrize("content_type", [JSON, "application/proto"])
async def test_a_call_without_pictures_reads_little_of_a_large_body(content_type: str) -> None:
    sizes: list[int] = []

    async def pieces() -> MutableMapping[str, Any]:
        sizes.append(2**19)
        return {"type": "http.request", "body": bytes(2**19), "more_body": True}

    http = Http()
    http.backend.max_message_bytes = 2**24
    status, _, told = await http.send(GET_JOB, pieces, content_type)
    assert sum(sizes) == 3 * 2**19
    assert (status, told["message"]) == (429, "request: must be at most 1048576 bytes")


async def test_a_message_in_the_address_needs_an_encoding_that_is_known() -> None:
    for query, given in (("encoding=xml&message=", "xml"), ("message=%7B%7D", "")):
        status, _, body = await Http().request("GET", f"{GET_JOB}?{query}", never, {})
        field, description = violation(json.loads(body))
        assert (status, field) == (415, "encoding")
        assert description == f"must be json or proto, got {given!r}"


async def test_a_compressed_body_is_one_small_stream() -> None:
    body = json.dumps({"job_id": "job-7"}).encode()
    bomb = gzip.compress(b" " * 2**22 + body)
    for refused in (bomb, gzip.compress(body) + gzip.compress(b" "), gzip.compress(body)[:-9]):
        http = Http()
        headers = {"content_encoding": "gzip"}
        status, _, answer = await http.post(GET_JOB, refused, "application/json", **headers)
        assert (status, answer["code"]) == (400, "invalid_argument")
        assert "must be one gzip stream of at most 1048576 bytes" in answer["message"]
    status, _, answer = await Http().post(
        GET_JOB, gzip.compress(body), "application/json", content_encoding="gzip"
    )
    assert (status, answer["job"]["id"]) == (200, "job-7")


async def test_a_response_is_compressed_for_who_asks() -> None:
    http = Http()
    headers = {"accept-encoding": "gzip", "content-type": "application/json"}
    status, back, body = await http.request("POST", GET_JOB, whole(b'{"job_id": "job-7"}'), headers)
    assert (status, back["content-encoding"]) == (200, "gzip")
    assert json.loads(gzip.decompress(body))["job"]["id"] == "job-7"


async def test_large_messages_are_parsed_and_rendered_on_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[bool] = []

    def seen(work: Any) -> Any:
        def on_thread(*given: Any, **options: Any) -> Any:
            threads.append(threading.current_thread() is not threading.main_thread())
            return work(*given, **options)

        return on_thread

    monkeypatch.setattr(connect, "parse_body", seen(connect.parse_body))
    monkeypatch.setattr(connect.json_format, "MessageToJson", seen(connect.json_format.MessageToJson))
    http = Http()
    for job_id in ("short", "long" * 10_000):
        _, _, answer = await http.post(GET_JOB, json.dumps({"job_id": job_id}).encode(), JSON)
        assert answer["job"]["id"] == job_id
    assert threads == [False, False, True, True]
