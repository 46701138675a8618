"""Servers that can be measured: ours, and each peer as one copy or two."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil

from armoire.bench.requests import photo_requests
from bench.lines import GrpcLine, HttpLine, Line
from bench.models import ROOT, ModelPair
from bench.peers import inside
from bench.processes import ProcessTree
from bench.v2 import v2_requests
from demo.server import ServerFailed, ServerProcess, free_port
from services.inference.cores import cpu_count

PEER_PYTHON = ROOT / ".venv-bench/bin/python"
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 10.0
POLL_S = 0.02
CONNECTIONS = 4
"""For each edge process, over which the system spreads them by chance; other servers get one."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that has answered; `first_answer_s` is the time from its start until then."""

    tree: ProcessTree
    line: Line
    first_answer_s: float


class Target(Protocol):
    """A server to be started; `home` is its folder and may be used again."""

    @property
    def name(self) -> str: ...

    def running(self, home: Path, rpcs: Sequence[str], photo: bytes) -> AbstractContextManager[Running]:
        """Started, until each of the calls has been answered well; stopped after.

        Raises:
            ServerFailed: it ended, or took too long.
        """
        ...


@dataclass(frozen=True, slots=True)
class Armoire:
    """Our server; `settings` are environment variables beside those that name the models.

    With `edges` so many processes serve the port, and one has the models.
    """

    pair: ModelPair
    name: str = "armoire"
    service: str = "services.app:Inference"
    settings: Mapping[str, str] = field(default_factory=dict)
    edges: int = 0

    @classmethod
    def behind_edges(cls, pair: ModelPair, edges: int) -> Armoire:
        settings = {"ARMOIRE_GRPC__EDGES": str(edges)}
        return cls(pair, f"armoire, {edges} edges", "services.app:Edges", settings, edges)

    @contextmanager
    def running(self, home: Path, rpcs: Sequence[str], photo: bytes) -> Iterator[Running]:
        environment = {**self.pair.environment, **self.settings}
        started = time.monotonic()
        with ServerProcess(home, self.service, environment) as server:
            assert server.process is not None
            connections = max(1, CONNECTIONS * self.edges)
            line = GrpcLine(server.address, photo_requests, connections)
            _wait_for_answers(line, rpcs, photo, server.process)
            seconds = time.monotonic() - started
            yield Running(ProcessTree(server.process.pid), line, seconds)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another server around the same functions, with so many copies of the models and threads in each run.

    `command` starts it; `line_to` goes to it at a port. Without `prepared` it opens graphs as exported,
    as anyone does.
    """

    kind: str
    pair: ModelPair
    copies: int
    threads: int
    command: Callable[[int], Sequence[str]]
    line_to: Callable[[int], Line]
    prepared: bool = True

    @property
    def name(self) -> str:
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        graphs = "" if self.prepared else ", graphs as exported"
        return f"{self.kind}, {self.copies} x {threads}{graphs}"

    @contextmanager
    def running(self, home: Path, rpcs: Sequence[str], photo: bytes) -> Iterator[Running]:
        port, started = free_port(), time.monotonic()
        process = self._spawn(home, port)
        try:
            line = self.line_to(port)
            _wait_for_answers(line, rpcs, photo, process)
            yield Running(ProcessTree(process.pid), line, time.monotonic() - started)
        finally:
            _end(process)

    def _spawn(self, home: Path, port: int) -> subprocess.Popen[bytes]:
        home.mkdir(parents=True, exist_ok=True)
        with (home / "server.log").open("ab") as log:
            return subprocess.Popen(
                self.command(port), cwd=ROOT, env=self._environment(home, port), stdout=log, stderr=log
            )

    def _environment(self, home: Path, port: int) -> dict[str, str]:
        own = {
            inside.DETECTOR: self.pair.detector.resolve(),
            inside.EMBEDDER: self.pair.embedder.resolve(),
            inside.CACHE: home / "cache",
            inside.COPIES: self.copies,
            inside.THREADS: self.threads,
            inside.PORT: port,
            inside.PREPARED: int(self.prepared),
            inside.PROVIDER: self.pair.provider,
            "PYTHONPATH": ROOT,
            "BENTOML_HOME": home / "bentoml",
            "BENTOML_DO_NOT_TRACK": "true",
        }
        return {**os.environ, **{name: str(value) for name, value in own.items()}}


def fastapi(pair: ModelPair, copies: int, threads: int) -> Peer:
    command = (str(PEER_PYTHON), "-m", "bench.peers.fastapi_app")
    return Peer("FastAPI", pair, copies, threads, lambda _: command, _http)


def litserve(pair: ModelPair, copies: int, threads: int) -> Peer:
    command = (str(PEER_PYTHON), "-m", "bench.peers.litserve_app")
    return Peer("LitServe", pair, copies, threads, lambda _: command, _named_form)


def mlserver(pair: ModelPair, copies: int, threads: int) -> Peer:
    command = (str(PEER_PYTHON), "-m", "bench.peers.mlserver_app")
    return Peer("MLServer", pair, copies, threads, lambda _: command, _v2)


def bentoml(pair: ModelPair, copies: int, threads: int) -> Peer:
    """Runs beside ours, in our environment: it is the BentoML that ours is hosted by."""

    def command(port: int) -> Sequence[str]:
        service = "bench.peers.bentoml_app:Photos"
        return (sys.executable, "-m", "bentoml", "serve", service, "--host", "127.0.0.1", "--port", str(port))

    return Peer("BentoML", pair, copies, threads, command, _form)


def peers(pair: ModelPair, kinds: Sequence[str]) -> list[Target]:
    """Each kind twice: one copy with all cores, and a single-threaded copy for each core."""
    cores = cpu_count()
    makers = {"fastapi": fastapi, "litserve": litserve, "mlserver": mlserver, "bentoml": bentoml}
    return [makers[kind](pair, *shape) for kind in kinds for shape in ((1, cores), (cores, 1))]


def peer_versions() -> str:
    """Of the packages in the peers' environment."""
    names = ("fastapi", "uvicorn", "litserve", "mlserver", "onnxruntime", "numpy")
    code = (
        f"from importlib.metadata import version as v; print(*(f'{{n}} {{v(n)}}' for n in {names}), sep=', ')"
    )
    done = subprocess.run([str(PEER_PYTHON), "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _http(port: int) -> Line:
    return HttpLine(f"http://127.0.0.1:{port}")


def _form(port: int) -> Line:
    return HttpLine(f"http://127.0.0.1:{port}", form=True)


def _named_form(port: int) -> Line:
    return HttpLine(f"http://127.0.0.1:{port}", form=True, path="/predict")


def _v2(port: int) -> Line:
    return GrpcLine(f"127.0.0.1:{port + 1}", v2_requests)


def _wait_for_answers(
    line: Line, rpcs: Sequence[str], photo: bytes, process: subprocess.Popen[bytes]
) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    for rpc in rpcs:
        while not line.answers(rpc, photo):
            if process.poll() is not None:
                raise ServerFailed(f"the server ended with status {process.returncode}")
            if time.monotonic() > deadline:
                raise ServerFailed(f"no good answer to {rpc} in {START_TIMEOUT_S:g} s")
            time.sleep(POLL_S)


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, then SIGKILL to what is left of it and of those it started."""
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(family, timeout=STOP_TIMEOUT_S)
    for left in alive:
        left.kill()
