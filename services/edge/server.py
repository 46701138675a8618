"""The gRPC server: what it serves, its limits, its health, how it starts and how it drains."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.edge.calls import Calls
from services.edge.grpc_connections import GrpcConnections
from services.edge.health import HEALTH, Health
from services.edge.hosted_service import HostedService
from services.edge.interceptors import CallInterceptor, CallOptions
from services.edge.tls import Certificates

HANDSHAKE_S, SILENT_S, IDLE_S = 10, 5, 600
KEEPALIVE_S = 60
EXPLAINED_BYTES = 16 * 2**20
NOTICE_S, QUIET_S = 2.0, 0.1
"""How long callers that watch health get to go elsewhere before the port ends, and how long none calls where
nobody watches."""


@dataclass(frozen=True, slots=True)
class GrpcOptions:
    """Attributes:
    address: host:port to listen on; port 0 takes a free one.
    max_message_bytes: of one request or response.
    drain_s: how long calls in flight may take to finish on shutdown.
    max_connections: more are closed. The system holds back those that say nothing for `SILENT_S`, and when
        three quarters are open, those without a call are closed. An idle one is closed after `IDLE_S`, one
        that never speaks HTTP/2 after `HANDSHAKE_S`; clients connect anew without a word.
    max_streams: calls at a time on one connection; more wait at the client.
    message_s, answer_s, stream_answer_s: see `CallOptions`.
    share_port: let other processes listen on the same port; the system spreads connections over them.
    socket: path of a Unix socket, for this user, to listen on, too; empty: none.
    tls: the certificate of the address; None means that it is not encrypted.
    """

    address: str = "127.0.0.1:50051"
    max_message_bytes: int = 32 * 2**20
    drain_s: float = 20.0
    max_connections: int = 512
    max_streams: int = 512
    message_s: float = 60.0
    answer_s: float = 60.0
    stream_answer_s: float = 600.0
    share_port: bool = False
    socket: str = ""
    tls: Certificates | None = None

    @property
    def receive_bytes(self) -> int:
        """The largest message that is read: more than the limit, so that the refusal can name the limit.

        Above it gRPC refuses the call itself, without a reason for programs. What is read is copied twice on
        the event loop, so it is not much more.
        """
        return min(2 * self.max_message_bytes, self.max_message_bytes + EXPLAINED_BYTES, 2**31 - 1)

    @property
    def calls(self) -> CallOptions:
        return CallOptions(self.max_message_bytes, self.message_s, self.answer_s, self.stream_answer_s)


@dataclass(eq=False)
class GrpcServer:
    """A `grpc.aio` server with reflection and health by service, which starts as NOT_SERVING."""

    options: GrpcOptions
    services: Sequence[HostedService]
    calls: Calls
    port: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.connections = GrpcConnections(self.options.max_connections)
        self._sweeping: asyncio.Task[None] | None = None
        self._health = Health()
        self._server = grpc.aio.server(
            interceptors=[CallInterceptor(self.calls, self.options.calls, self.connections)],
            options=(
                ("grpc.max_receive_message_length", self.options.receive_bytes),
                ("grpc.max_send_message_length", self.options.max_message_bytes),
                ("grpc.so_reuseport", int(self.options.share_port)),
                ("grpc.max_allowed_incoming_connections", self.options.max_connections),
                ("grpc.server_handshake_timeout_ms", HANDSHAKE_S * 1000),
                ("grpc.max_connection_idle_ms", IDLE_S * 1000),
                ("grpc.max_concurrent_streams", self.options.max_streams),
                ("grpc.keepalive_time_ms", KEEPALIVE_S * 1000),
            ),
        )
        for service in self.services:
            service.add_to(self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection([*self._names(), reflection.SERVICE_NAME], self._server)

    def _names(self) -> list[str]:
        return [*(service.name for service in self.services), HEALTH]

    @property
    def address(self) -> str:
        return f"{self.options.address.rpartition(':')[0]}:{self.port}"

    async def start(self) -> None:
        """Listen; health stays NOT_SERVING. Raises RuntimeError if the address is in use."""
        for name in ("", *self._names()):
            await self._health.set(name, health_pb2.HealthCheckResponse.NOT_SERVING)
        address, tls = self.options.address, self.options.tls
        self.port = (
            self._server.add_insecure_port(address)
            if tls is None
            else self._server.add_secure_port(address, tls.grpc_credentials())
        )
        if self.options.socket:
            self._listen_on(Path(self.options.socket))
        await self._server.start()
        self.connections.port = self.port
        self.connections.defer_accept(SILENT_S)
        self._sweeping = asyncio.create_task(self.connections.sweep_forever())

    def _listen_on(self, socket: Path) -> None:
        """Listen on a Unix socket, too; only this user has access to it."""
        self._server.add_insecure_port(f"unix:{socket.absolute()}")
        socket.chmod(0o600)

    async def set_serving(self, serving: bool = True, name: str | None = None) -> None:
        """Set the health of a service; the name "" stands for the server, None for it and all services."""
        states = health_pb2.HealthCheckResponse
        for each in ("", *self._names()) if name is None else (name,):
            await self._health.set(each, states.SERVING if serving else states.NOT_SERVING)

    async def stop(self) -> None:
        """Report NOT_SERVING, refuse new calls, let those in flight finish within `drain_s`.

        Streams of requests are read no further; what was read of them is answered. Watched jobs, operations
        and health end.
        """
        await self._health.enter_graceful_shutdown()
        await self._until_quiet()
        self.calls.drain()
        self._health.end_watches()
        await self._server.stop(self.options.drain_s)
        if self._sweeping is not None:
            self._sweeping.cancel()

    async def _until_quiet(self) -> None:
        """Serve on until callers have noticed: gRPC cancels calls that come while it closes the port.

        Those that watch health may be late on a busy machine, and do not say that they have noticed.
        """
        for _ in range(round(min(NOTICE_S, self.options.drain_s) / QUIET_S)):
            is_quiet = time.monotonic() - self.calls.last_begun >= QUIET_S
            if is_quiet and not self._health.watchers:
                return
            await asyncio.sleep(QUIET_S)
