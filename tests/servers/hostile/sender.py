"""Sends inputs to a server, each over its transport, and tells how they were answered."""

from __future__ import annotations

import http.client
import random
import socket
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import grpc

from armoire import Client
from armoire.channel import Tls
from demo.server import ServerProcess
from tests.servers.fuzz import BAD_CODES, path_of
from tests.servers.hostile.inputs import GrpcInput, Headers, HttpInput, Input, RawInput

TIMEOUT_S = 60.0
LISTEN_S = 0.2
"""How long the sender of raw bytes listens."""
BAD_STATUSES = ("2", "13")
"""UNKNOWN and INTERNAL, as gRPC-Web tells them."""


@dataclass(frozen=True, slots=True)
class Target:
    """A running server; `key` may do everything, and is empty where no key is wanted."""

    server: ServerProcess
    tls: Tls | None = None
    ca_file: Path | None = None
    key: str = ""

    def channel(self) -> grpc.Channel:
        if self.tls is None:
            return grpc.insecure_channel(self.server.address)
        return grpc.secure_channel(self.server.address, self.tls.credentials())

    def client(self) -> Client:
        credentials = None if self.tls is None else self.tls.credentials()
        return Client(
            self.server.address, credentials=credentials, token=self.key or None, timeout_s=TIMEOUT_S
        )

    def context(self) -> ssl.SSLContext | None:
        return None if self.ca_file is None else ssl.create_default_context(cafile=str(self.ca_file))


class Sender:
    def __init__(self, target: Target) -> None:
        self._target = target
        self._context = target.context()
        self._channel = target.channel()

    def send(self, given: Input, draw: random.Random) -> str:
        """The status; it begins with BAD where it is INTERNAL or UNKNOWN."""
        if isinstance(given, RawInput):
            return self._raw(given)
        keyed = [("authorization", f"Bearer {self._target.key}")] if self._target.key else []
        own = keyed if draw.random() < 0.7 else []
        return self._grpc(given, own) if isinstance(given, GrpcInput) else self._http(given, own)

    def _grpc(self, given: GrpcInput, keyed: Headers) -> str:
        try:
            self._call(given, [*keyed, *given.metadata])
        except ValueError as error:  # metadata that the library does not send
            return type(error).__name__
        except grpc.RpcError as error:
            bad = "BAD " if error.code() in BAD_CODES else ""
            return f"{bad}{error.code().name}{f' {given.method.name} {error.details()}' if bad else ''}"
        return "OK"

    def _call(self, given: GrpcInput, metadata: Headers) -> None:
        """Raises grpc.RpcError, or ValueError for metadata."""
        path, method = path_of(given.method), given.method
        if method.client_streaming or method.server_streaming:
            list(self._channel.stream_stream(path)(iter(given.contents), TIMEOUT_S, metadata))
        else:
            self._channel.unary_unary(path)(given.contents[0], TIMEOUT_S, metadata)

    def _http(self, given: HttpInput, keyed: Headers) -> str:
        port = self._target.server.http_port
        connection = (
            http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
            if self._context is None
            else http.client.HTTPSConnection("127.0.0.1", port, timeout=TIMEOUT_S, context=self._context)
        )
        with closing(connection):
            try:
                return self._exchange(connection, given, keyed)
            except (OSError, http.client.HTTPException, ValueError) as error:
                return type(error).__name__

    def _exchange(self, connection: http.client.HTTPConnection, given: HttpInput, keyed: Headers) -> str:
        names = {name for name, _ in given.headers}
        connection.putrequest(given.verb, given.path, skip_host="host" in names, skip_accept_encoding=True)
        for name, value in (*given.headers, *keyed, ("content-length", str(len(given.content)))):
            connection.putheader(name, value.encode("latin-1", "replace"))
        connection.endheaders(given.content)
        response = connection.getresponse()
        body = response.read()
        status = response.getheader("grpc-status") or _trailer(body)
        if response.status >= 500 and response.status not in (501, 503, 504):
            return f"BAD {response.status} {given.verb} {given.path[:80]} {body[:200]!r}"
        if status in BAD_STATUSES:
            return f"BAD grpc-status {status} {given.path[:80]}"
        if b'"code":"internal"' in body or b'"code": "internal"' in body or b'"code":"unknown"' in body:
            return f"BAD {given.path[:80]} {body[-300:]!r}"
        return f"{response.status} {status}".strip()

    def _raw(self, given: RawInput) -> str:
        server = self._target.server
        port = server.grpc_port if given.grpc else server.http_port
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=LISTEN_S) as plain:
            opened = plain
            if self._context is not None and given.listens:
                opened = self._context.wrap_socket(plain, server_hostname="127.0.0.1")
            with opened:
                opened.sendall(given.content)
                if given.listens:
                    head = opened.recv(100)
                    return (
                        f"BAD {head!r}"
                        if head.startswith(b"HTTP/1.1 500")
                        else "answered"
                        if head
                        else "closed"
                    )
        return "left"


def _trailer(body: bytes) -> str:
    """The status in the trailers of a gRPC-Web response."""
    _, found, rest = body.rpartition(b"grpc-status:")
    return rest.split(b"\r\n")[0].strip().decode("latin-1") if found else ""
