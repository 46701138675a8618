"""Endpoints of the servers under test: gRPC and HTTP."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import grpc

from armoire.bench.load import Load
from armoire.bench.measurement import measure
from armoire.bench.replies import error_finder
from armoire.bench.requests import Requests
from armoire.bench.tally import Tally
from armoire.channel import Tls, channel_options
from bench.http_load import HttpLoad, measure_http

WARM_UP_S = 0.5
ANSWER_TIMEOUT_S = 30.0
BOUNDARY = "photo-of-the-bench"


class Endpoint(Protocol):
    """The address of one server and how calls are sent to it; `rpc` is "detect", "embed" or "analyze"."""

    def answers(self, rpc: str, photo: bytes) -> bool:
        """Send one photo; whether the reply is a good answer."""
        ...

    def measure(
        self,
        rpc: str,
        photos: Sequence[bytes],
        clients: int,
        seconds: float,
        warm_up_s: float = WARM_UP_S,
    ) -> Tally:
        """Send a closed-loop load of that many clients and count the replies."""
        ...


@dataclass(frozen=True, slots=True)
class GrpcEndpoint:
    """A gRPC server; `make` builds the requests of a call from photos, `metadata` goes with each."""

    address: str
    make: Callable[[str, Sequence[bytes]], Requests]
    connections: int = 1
    metadata: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    tls: Tls | None = None

    def answers(self, rpc: str, photo: bytes) -> bool:
        requests = self.make(rpc, [photo])
        with grpc.insecure_channel(self.address, options=channel_options(self.address)) as channel:
            send = channel.unary_unary(requests.path, None, None)
            try:
                reply = send(requests.bodies[0], timeout=ANSWER_TIMEOUT_S)
            except grpc.RpcError:
                return False
        return error_finder(requests.path)(reply) is None

    def measure(
        self,
        rpc: str,
        photos: Sequence[bytes],
        clients: int,
        seconds: float,
        warm_up_s: float = WARM_UP_S,
    ) -> Tally:
        load = Load(
            self.address,
            self.make(rpc, photos),
            clients,
            seconds,
            warm_up_s=warm_up_s,
            connections=min(self.connections, clients),
            metadata=self.metadata,
            tls=self.tls,
        )
        return asyncio.run(measure(load)).tally


@dataclass(frozen=True, slots=True)
class HttpEndpoint:
    """An HTTP server; the body of the POST is the photo, or with `form` a multipart form that holds it.

    `path` names the call where it has "{rpc}"; otherwise the form field `rpc` does.
    """

    url: str
    form: bool = False
    path: str = "/{rpc}"

    def answers(self, rpc: str, photo: bytes) -> bool:
        headers = {"Content-Type": self._content_type}
        request = urllib.request.Request(self._url(rpc), self._body(rpc, photo), headers)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=ANSWER_TIMEOUT_S) as reply:
                return bool(reply.status == 200)
        except OSError:  # connection refused, error status or timeout
            return False

    def measure(
        self,
        rpc: str,
        photos: Sequence[bytes],
        clients: int,
        seconds: float,
        warm_up_s: float = WARM_UP_S,
    ) -> Tally:
        bodies = [self._body(rpc, photo) for photo in photos]
        load = HttpLoad(self._url(rpc), bodies, self._content_type, clients, seconds, warm_up_s)
        return measure_http(load)

    def _url(self, rpc: str) -> str:
        return self.url + self.path.format(rpc=rpc)

    @property
    def _content_type(self) -> str:
        return f"multipart/form-data; boundary={BOUNDARY}" if self.form else "image/jpeg"

    def _body(self, rpc: str, photo: bytes) -> bytes:
        if not self.form:
            return photo
        start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
        name = f'{start}"rpc"\r\n\r\n{rpc}\r\n' if "{rpc}" not in self.path else ""
        head = f'{name}{start}"photo"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        return head.encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()
