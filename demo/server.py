"""A server in a process of its own, on free ports, with a home of its own."""

from __future__ import annotations

import os
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
"""Settings of the caller that a server of its own does not take over: they may name real stores."""


class ServerFailed(Exception):
    """The server did not come up; the message holds the end of its log."""


@dataclass(eq=False)
class ServerProcess:
    """`bentoml serve` of one service. A context manager: ready inside, stopped after.

    `environment` adds to the caller's; `home` is ARMOIRE_HOME; ports of 0 become free ones.
    """

    home: Path
    service: str = "services.app:Armoire"
    environment: Mapping[str, str] = field(default_factory=dict)
    grpc_port: int = 0
    http_port: int = 0
    start_timeout_s: float = 60.0
    stop_timeout_s: float = 30.0
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
        """Start and wait until health says SERVING; returns the seconds that took."""
        started = time.monotonic()
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_serving(started + self.start_timeout_s)
        return time.monotonic() - started

    def stop(self) -> int | None:
        """SIGTERM, then SIGKILL to the whole group where that is not enough; returns the exit status."""
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
        """SIGKILL to every process of the server, as a power cut would."""
        if self.process is None or self.process.poll() is not None:
            return
        supervisor = psutil.Process(self.process.pid)
        workers = supervisor.children(recursive=True)
        family = [supervisor, *workers]
        for member in family:
            member.suspend()  # so that nobody starts a worker anew, or begins to drain
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
        return {**inherited, **own, **self.environment}

    def _wait_serving(self, deadline: float) -> None:
        with grpc.insecure_channel(
            self.address, options=(("grpc.max_reconnect_backoff_ms", 100),)
        ) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            while not _is_serving(stub):
                self._check_alive(deadline)

    def _check_alive(self, deadline: float) -> None:
        assert self.process is not None
        if self.process.poll() is not None:
            raise ServerFailed(f"the server ended with status {self.process.returncode}:\n{self.log_tail()}")
        if time.monotonic() > deadline:
            self.stop()
            raise ServerFailed(f"the server was not ready in {self.start_timeout_s:g} s:\n{self.log_tail()}")


def _is_serving(stub: health_pb2_grpc.HealthStub) -> bool:
    """Waits a moment for the port; a refused connection counts as no."""
    try:
        reply = stub.Check(health_pb2.HealthCheckRequest(), timeout=0.25, wait_for_ready=True)
    except grpc.RpcError:
        return False
    return bool(reply.status == health_pb2.HealthCheckResponse.SERVING)


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
