from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from armoire.bench.batches import NoMetrics, added, parse_batch_rows, read_batch_rows

PAGE = """\
# HELP armoire_batch_rows Rows in a batch
# TYPE armoire_batch_rows histogram
armoire_batch_rows_sum{model="detector"} 14.0
armoire_batch_rows_bucket{le="1.0",model="detector"} 3.0
armoire_batch_rows_bucket{le="16.0",model="detector"} 5.0
armoire_batch_rows_bucket{le="2.0",model="detector"} 3.0
armoire_batch_rows_bucket{le="+Inf",model="detector"} 6.0
armoire_batch_rows_bucket{model="image",le="1.0"} 2.0
armoire_batch_rows_bucket{model="image",le="+Inf"} 2.0
armoire_batch_seconds_bucket{le="1.0",model="image"} 9.0
"""


@pytest.fixture
def serve() -> Iterator[Callable[[str], str]]:
    """Serves a page and returns its address."""
    running: list[HTTPServer] = []

    def start(page: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/metrics"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_buckets_come_apart_and_in_order() -> None:
    rows = parse_batch_rows(PAGE)
    assert rows == {"detector": {"1": 3, "2": 0, "16": 2, "+Inf": 1}, "image": {"1": 2, "+Inf": 0}}
    assert list(rows["detector"]) == ["1", "2", "16", "+Inf"]


def test_what_a_run_added() -> None:
    before = {"detector": {"1": 3, "2": 1}}
    after = {"detector": {"1": 5, "2": 1}, "image": {"1": 2}}
    assert added(before, after) == {"detector": {"1": 2, "2": 0}, "image": {"1": 2}}


def test_a_page_is_read_past_a_proxy(serve: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert read_batch_rows(serve(PAGE)) == parse_batch_rows(PAGE)


def test_a_page_that_does_not_tell(serve: Callable[[str], str], free_address: str) -> None:
    for url, problem in (
        (serve("<html>"), "is no Prometheus page"),
        (f"http://{free_address}/metrics", "cannot read"),
        ("nowhere", "cannot read"),
    ):
        with pytest.raises(NoMetrics, match=problem):
            read_batch_rows(url)
