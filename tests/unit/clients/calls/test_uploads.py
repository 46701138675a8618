"""Uploads, through both clients: announced by a call, sent over HTTP."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from armoire import (
    Box,
    InvalidInput,
    NotFound,
    PermissionDenied,
    Photo,
    PhotoToIndex,
    ServerError,
    Unavailable,
    Upload,
    UploadTarget,
)
from armoire.calls.bulk import to_index
from armoire.v1 import indexing_pb2, uploads_pb2
from domain.errors import InvalidInput as Refusal
from services.edge.http.error_responses import PROBLEM_JSON, problem
from services.edge.status import error_status

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
JOB = indexing_pb2.IndexImageResponse(job=indexing_pb2.IndexingJob(id="job-1"))


class Store:
    """An HTTP server that takes uploads; `answers` are the status, body and media type of the next ones."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}/up?signature=S3cret"
        self.answers: list[tuple[int, bytes, str]] = []
        self.received: list[tuple[str, str, bytes]] = []


@pytest.fixture
def store() -> Iterator[Store]:
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            kept.received.append((self.path, self.headers["content-type"], content))
            status, body, media_type = kept.answers.pop(0) if kept.answers else (204, b"", "")
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(body)))
            self.send_header("x-request-id", "r-1")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Store(server)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def announce(server: Any, url: str) -> None:
    reply = uploads_pb2.CreateUploadResponse(
        upload_id="upload-1",
        url=url,
        headers={"content-type": "image/png"},
        expire_time={"seconds": 1_700_000_000},
    )
    server.say("CreateUpload", reply)


def test_a_photo_is_announced_and_sent(client: Any, server: Any, store: Store, tmp_path: Path) -> None:
    announce(server, store.url)
    (file := tmp_path / "a.png").write_bytes(PNG)
    assert client.upload(file) == client.upload(PNG) == Upload("upload-1")
    first, second = server.requests["CreateUpload"]
    assert first == second
    assert (first.media_type, first.size_bytes) == ("image/png", len(PNG))
    assert first.sha256 == hashlib.sha256(PNG).hexdigest()
    assert store.received == [("/up?signature=S3cret", "image/png", PNG)] * 2


def test_someone_else_may_send_it(client: Any, server: Any) -> None:
    announce(server, "https://photos.example/up")
    target = client.create_upload("image/png", 9)
    expires = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    headers = {"content-type": "image/png"}
    assert target == UploadTarget("upload-1", "https://photos.example/up", headers, expires)
    assert "photos.example" not in repr(target)


@pytest.mark.parametrize("start", [b"GIF89a", b"", b"RIFF\0\0\0\0WAVE"])
def test_what_is_no_photo_is_not_announced(client: Any, server: Any, start: bytes) -> None:
    with pytest.raises(InvalidInput, match="JPEG, PNG or WebP"):
        client.upload(start)
    assert server.requests == {}


def test_a_photo_is_indexed_by_its_upload(client: Any, server: Any, store: Store) -> None:
    announce(server, store.url)
    server.say("IndexImage", JOB)
    box = Box(0, 0, 5, 6)
    assert client.index(Photo(PNG, (box,)), upload=True, image_name="a.png").id == "job-1"
    client.index(Upload("upload-2"), upload=True)
    client.index(Upload("upload-2"), idempotency_key="mine")
    first, second, third = server.requests["IndexImage"]
    assert (first.image.upload_id, first.image_name, len(first.image.boxes)) == ("upload-1", "a.png", 1)
    assert [each.idempotency_key for each in (first, second, third)] == ["", "", "mine"]
    assert second.image.upload_id == "upload-2"
    assert len(store.received) == 1


def test_a_file_keeps_its_name(client: Any, server: Any, store: Store, tmp_path: Path) -> None:
    announce(server, store.url)
    server.say("IndexImage", JOB)
    (file := tmp_path / "front.png").write_bytes(PNG)
    client.index(file, upload=True)
    assert server.requests["IndexImage"][0].image_name == "front.png"


def refused(error: Any) -> tuple[int, bytes, str]:
    body = json.dumps(problem(error_status(error), 400, "r-1")).encode()
    return 400, body, PROBLEM_JSON


def test_a_refusal_is_told_in_all_its_parts(client: Any, server: Any, store: Store) -> None:
    announce(server, store.url)
    store.answers = [refused(Refusal("body", "must have 9 bytes", reason="UPLOAD_MISMATCH"))]
    with pytest.raises(InvalidInput, match="body: must have 9 bytes") as caught:
        client.upload(PNG)
    assert (caught.value.reason, caught.value.field) == ("UPLOAD_MISMATCH", "body")
    assert (caught.value.code, caught.value.request_id) == ("INVALID_ARGUMENT", "r-1")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, PermissionDenied), (404, NotFound), (410, NotFound), (418, ServerError), (400, ServerError)],
)
def test_s3_is_understood_by_its_status(
    client: Any, server: Any, store: Store, status: int, kind: type[Exception]
) -> None:
    announce(server, store.url)
    store.answers = [(status, b"<Error/>", "application/xml")]
    with pytest.raises(kind, match=str(status)) as caught:
        client.upload(PNG)
    assert "S3cret" not in str(caught.value)


@pytest.mark.parametrize("body", [b"no json", b"{}", b"[]", b'{"code": "not_found", "message": "m"}'])
def test_problem_details_that_are_none_are_no_reason_to_fail(
    client: Any, server: Any, store: Store, body: bytes
) -> None:
    announce(server, store.url)
    store.answers = [(404, body, PROBLEM_JSON)]
    with pytest.raises(NotFound, match="404"):
        client.upload(PNG)


def test_what_may_help_is_tried_again(client: Any, server: Any, store: Store) -> None:
    announce(server, store.url)
    store.answers = [(503, b"", "text/plain"), (429, b"", "text/plain")]
    assert client.upload(PNG) == Upload("upload-1")
    assert len(store.received) == 3


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "upload"])
def test_bytes_go_nowhere_but_over_http(client: Any, server: Any, url: str) -> None:
    announce(server, url)
    with pytest.raises(ServerError, match="not of HTTP"):
        client.upload(PNG)


def test_a_store_that_is_away(client: Any, server: Any, store: Store) -> None:
    announce(server, "http://127.0.0.1:1/up?signature=S3cret")
    with pytest.raises(Unavailable, match="not answered") as caught:
        client.upload(PNG)
    assert "S3cret" not in str(caught.value)


def test_photos_of_streams_leave_the_key_to_the_upload() -> None:
    assert to_index(Upload("upload-1")).idempotency_key == ""
    assert to_index(PhotoToIndex(Photo(Upload("upload-1")))).idempotency_key == ""
    assert to_index(PhotoToIndex(Upload("upload-1"), idempotency_key="mine")).idempotency_key == "mine"
    assert to_index(PNG).idempotency_key
