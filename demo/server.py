"""Starts a server in a separate process, on free ports and with its own home folder."""

from __future__ import annotations

import errno
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import grpc
import psutil
from grpc_health.v1 import health_pb2, health_pb2_grpc

ROOT = Path(__file__).resolve().parent.parent
STORES = "ARMOIRE_CATALOG__"
"""Prefix of settings that the server does not inherit, because they may name real stores."""
_PORTS = range(20_000, 32_000)
_PAUSE_S = 0.02


class ServerFailed(Exception):
    """The server did not start; the message contains the end of its log."""


@dataclass(eq=False)
class ServerProcess:
    """`bentoml serve` of one service. As a context manager it is ready inside and stopped afterwards.

    `environment` is added to the caller's environment; `home` is ARMOIRE_HOME; port 0 is a free port.
    `root_certificates` (PEM) check the server's certificate, if it has one. `root` is the program's folder.
    """

    home: Path
    service: str = "services.app:Armoire"
    environment: Mapping[str, str] = field(default_factory=dict)
    grpc_port: int = 0
    http_port: int = 0
    start_timeout_s: float = 300.0
    stop_timeout_s: float = 120.0
    root_certificates: bytes | None = None
    root: Path = ROOT
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.grpc_port = self.grpc_port or free_port()
        self.http_port = self.http_port or free_port()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.grpc_port}"

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def log_path(self) -> Path:
        return self.home / "server.log"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> float:
        """Start the server and wait until its health is SERVING; returns the seconds that it took.

        Raises:
            ServerFailed: the server ended, or was not ready in time.
        """
        started = time.monotonic()
        self.launch()
        self.wait_serving()
        return time.monotonic() - started

    def launch(self) -> None:
        """Start the server without waiting for it."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                cwd=self.root,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> int | None:
        """Send SIGTERM, then SIGKILL to the process group if it does not end; returns the exit status."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(self.stop_timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def kill(self) -> None:
        """Send SIGKILL to every process of the server, as in a power cut."""
        if self.process is None or self.process.poll() is not None:
            return
        supervisor = psutil.Process(self.process.pid)
        workers = supervisor.children(recursive=True)
        family = [supervisor, *workers]
        for member in family:
            member.suspend()  # stopped first, so that none restarts a worker or begins to drain
        for member in family:
            member.kill()
        self.process.wait()
        psutil.wait_procs(family, timeout=self.stop_timeout_s)

    def log_tail(self, lines: int = 30) -> str:
        text = self.log_path.read_text(errors="replace") if self.log_path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "bentoml", "serve", self.service, "--port", str(self.http_port)]
        return [*command, "--host", "127.0.0.1"]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(STORES)}
        own = {
            "ARMOIRE_HOME": str(self.home),
            "ARMOIRE_GRPC__PORT": str(self.grpc_port),
            "BENTOML_HOME": str(self.home / "bentoml"),
            "BENTOML_DO_NOT_TRACK": "true",
        }
        if self.root != ROOT:
            own["PYTHONPATH"] = f"{self.root}{os.pathsep}{self.root / 'clients/python/src'}"
        return {**inherited, **own, **self.environment}

    def wait_serving(self) -> None:
        """Wait until the server's health is SERVING. Raises ServerFailed if it ends, or is too slow."""
        deadline = time.monotonic() + self.start_timeout_s
        options, roots = (("grpc.max_reconnect_backoff_ms", 100),), self.root_certificates
        with (
            grpc.insecure_channel(self.address, options)
            if roots is None
            else grpc.secure_channel(self.address, grpc.ssl_channel_credentials(roots), options)
        ) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            while not _is_serving(stub):
                self._check_alive(deadline)
                time.sleep(_PAUSE_S)

    def _check_alive(self, deadline: float) -> None:
        assert self.process is not None
        if self.process.poll() is not None:
            raise ServerFailed(f"the server ended with status {self.process.returncode}:\n{self.log_tail()}")
        if time.monotonic() > deadline:
            self.stop()
            raise ServerFailed(f"the server was not ready in {self.start_timeout_s:g} s:\n{self.log_tail()}")


def _is_serving(stub: health_pb2_grpc.HealthStub) -> bool:
    """Whether the server's health is SERVING; a refused connection counts as no."""
    try:
        reply = stub.Check(health_pb2.HealthCheckRequest(), timeout=2.0, wait_for_ready=True)
    except grpc.RpcError:
        return False
    return bool(reply.status == health_pb2.HealthCheckResponse.SERVING)


def free_port() -> int:
    """A TCP port of the loopback interface that is free and that no other caller is given.

    A UDP socket on the same number reserves it until this process ends. The ports lie below those that the
    system lends to connections, so no connection takes one before the server does.
    """
    for _ in _PORTS:
        port = random.choice(_PORTS)
        with socket.socket() as listener, socket.socket(type=socket.SOCK_DGRAM) as reservation:
            if _binds(reservation, port) and _binds(listener, port):
                reservation.detach()
                return port
    raise OSError(errno.EADDRINUSE, "no port is free")


def _binds(endpoint: socket.socket, port: int) -> bool:
    try:
        endpoint.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
