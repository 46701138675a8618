"""HTTP requests of any content type, such as those of the Connect protocol, and where they are sent."""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from armoire.bench.requests import Requests
from armoire.bench.tally import Tally
from bench.endpoints import ANSWER_TIMEOUT_S, WARM_UP_S
from bench.http_load import HttpLoad, measure_http
from bench.overhead import Kind


@dataclass(frozen=True, slots=True)
class Wire:
    """One POST."""

    name: str
    path: str
    content_type: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def binary(cls, name: str, path: str, body: bytes) -> Self:
        return cls(name, path, "application/proto", body)

    @classmethod
    def json(cls, name: str, path: str, body: bytes) -> Self:
        return cls(name, path, "application/json", body)

    @classmethod
    def web(cls, name: str, path: str, body: bytes) -> Self:
        """gRPC-Web: the message with its length before it."""
        return cls(name, path, "application/grpc-web+proto", b"\0" + len(body).to_bytes(4, "big") + body)

    @property
    def kind(self) -> Kind:
        return Kind(self.name, Requests(self.name, self.path, (self.body,)))


@dataclass(frozen=True, slots=True)
class WireEndpoint:
    """An HTTP server."""

    url: str
    wire: Wire

    def answers(self, _rpc: str, _photo: bytes) -> bool:
        """Whether it answers without an error, which gRPC-Web has in the last part of a response."""
        wire = self.wire
        headers = {**wire.headers, "Content-Type": wire.content_type}
        request = urllib.request.Request(self.url + wire.path, wire.body, headers)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=ANSWER_TIMEOUT_S) as reply:
                body: bytes = reply.read()
        except OSError:
            return False
        return "grpc-web" not in wire.content_type or b"grpc-status: 0" in body

    def measure(
        self,
        rpc: str,
        photos: Sequence[bytes],
        clients: int,
        seconds: float,
        warm_up_s: float = WARM_UP_S,
    ) -> Tally:
        wire, url = self.wire, self.url + self.wire.path
        load = HttpLoad(url, [wire.body], wire.content_type, clients, seconds, warm_up_s, wire.headers)
        return measure_http(load)
