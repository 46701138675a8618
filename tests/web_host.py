"""A host of photos and pages on loopback, and a fetcher that may reach it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from services.background.backoff import Backoff
from services.catalog.web.addresses import IpAddress
from services.catalog.web.allowed_hosts import AllowedHosts
from services.catalog.web.fetcher import Fetcher, FetchOptions


@dataclass
class WebHost:
    """What is at each path: a status, headers and a body. `asked` has each request's path and agent."""

    port: int = 0
    answers: dict[str, tuple[int, Mapping[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.name}{path}"

    def add(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Puts a body at a path; returns its URL."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = status, named, body
        return self.url(path)

    def fetcher(self, options: FetchOptions | None = None) -> Fetcher:
        """One that may fetch from here, and so from loopback."""
        hosts = AllowedHosts((self.name,), http=True)
        return Fetcher(options or FetchOptions(hosts, retry=Backoff(0.0, 0.0)), is_allowed=_anywhere)


def _anywhere(_: IpAddress) -> bool:
    return True


@contextmanager
def web_host() -> Iterator[WebHost]:
    """A host without pages, for a `with` block."""
    host = WebHost()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host.asked.append((self.path, self.headers["user-agent"]))
            status, headers, body = host.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            length = {} if "transfer-encoding" in headers else {"content-length": str(len(body))}
            for name, value in {**length, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
