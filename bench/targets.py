"""Servers under test: this one, and each baseline as one process or as one process per core."""

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
from bench.baselines import handler
from bench.endpoints import Endpoint, GrpcEndpoint, HttpEndpoint
from bench.model_pair import ROOT, ModelPair
from bench.oip_requests import oip_requests
from bench.process_tree import ProcessTree
from demo.server import ServerFailed, ServerProcess, free_port
from services.inference.cores import cpu_count

BASELINE_PYTHON = ROOT / ".venv-bench/bin/python"
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 10.0
POLL_S = 0.02
GRAPHS = ("detector", "image_encoder", "text_encoder")
CONNECTIONS = 4
"""Connections per edge process, since the kernel assigns each at random; other servers get one."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers; `first_answer_s` is the time from its start to its first answers."""

    tree: ProcessTree
    endpoint: Endpoint
    first_answer_s: float


class Target(Protocol):
    """A server that can be started; `home` is its folder and may be used again."""

    @property
    def name(self) -> str: ...

    def running(self, home: Path, rpcs: Sequence[str], photo: bytes) -> AbstractContextManager[Running]:
        """Start the server, wait until it answers each of the calls, and stop it at the end.

        Raises:
            ServerFailed: the process ended, or did not answer in time.
        """
        ...


@dataclass(frozen=True, slots=True)
class Armoire:
    """This server; `settings` are environment variables beside those that name the models.

    With `edges`, that many edge processes serve the port before one device process.
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
        with ServerProcess(
            home, self.service, environment, start_timeout_s=self.pair.start_timeout_s
        ) as server:
            assert server.process is not None
            connections = max(1, CONNECTIONS * self.edges)
            endpoint = GrpcEndpoint(server.address, photo_requests, connections)
            _wait_for_answers(endpoint, rpcs, photo, server.process)
            seconds = time.monotonic() - started
            yield Running(ProcessTree(server.process.pid), endpoint, seconds)


def remote_graphs(server: str, query: str = "") -> Mapping[str, str]:
    """The settings with which a server asks another one for all graphs."""
    return {f"ARMOIRE_MODELS__REMOTE_{name.upper()}": f"{server}/{name}{query}" for name in GRAPHS}


@dataclass(frozen=True, slots=True)
class BeforeDevice:
    """This server with its graphs in another one, which it asks by a Unix socket."""

    pair: ModelPair
    name: str = "armoire, graphs in another server"

    @contextmanager
    def running(self, home: Path, rpcs: Sequence[str], photo: bytes) -> Iterator[Running]:
        socket = home / "oip.sock"
        started = time.monotonic()
        environment = {**self.pair.environment, "ARMOIRE_GRPC__SOCKET": str(socket)}
        device = ServerProcess(
            home / "device",
            "services.app:Inference",
            environment,
            start_timeout_s=self.pair.start_timeout_s,
        )
        graphs = remote_graphs(f"unix://{socket}")
        with device, Armoire(self.pair, settings=graphs).running(home / "front", rpcs, photo) as front:
            assert device.process is not None
            tree = ProcessTree(front.tree.pid, (device.process.pid,))
            yield Running(tree, front.endpoint, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Another server around the same functions: `copies` processes, each with `threads` in a run.

    `command` starts it on a port, `endpoint_at` gives its endpoint. Unless `optimized`, it opens the graphs
    as they were exported.
    """

    kind: str
    pair: ModelPair
    copies: int
    threads: int
    command: Callable[[int], Sequence[str]]
    endpoint_at: Callable[[int], Endpoint]
    optimized: bool = True

    @property
    def name(self) -> str:
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        graphs = "" if self.optimized else ", graphs as exported"
        return f"{self.kind}, {self.copies} x {threads}{graphs}"

    @contextmanager
    def running(self, home: Path, rpcs: Sequence[str], photo: bytes) -> Iterator[Running]:
        port, started = free_port(), time.monotonic()
        process = self._spawn(home, port)
        try:
            endpoint = self.endpoint_at(port)
            _wait_for_answers(endpoint, rpcs, photo, process)
            yield Running(ProcessTree(process.pid), endpoint, time.monotonic() - started)
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
            handler.DETECTOR: self.pair.detector.resolve(),
            handler.EMBEDDER: self.pair.embedder.resolve(),
            handler.CACHE: home / "cache",
            handler.COPIES: self.copies,
            handler.THREADS: self.threads,
            handler.PORT: port,
            handler.OPTIMIZED: int(self.optimized),
            handler.PROVIDER: self.pair.provider,
            "PYTHONPATH": ROOT,
            "BENTOML_HOME": home / "bentoml",
            "BENTOML_DO_NOT_TRACK": "true",
        }
        return {**os.environ, **{name: str(value) for name, value in own.items()}}


def fastapi(pair: ModelPair, copies: int, threads: int) -> Baseline:
    command = (str(BASELINE_PYTHON), "-m", "bench.baselines.fastapi_app")
    return Baseline("FastAPI", pair, copies, threads, lambda _: command, _http)


def litserve(pair: ModelPair, copies: int, threads: int) -> Baseline:
    command = (str(BASELINE_PYTHON), "-m", "bench.baselines.litserve_app")
    return Baseline("LitServe", pair, copies, threads, lambda _: command, _named_form)


def mlserver(pair: ModelPair, copies: int, threads: int) -> Baseline:
    command = (str(BASELINE_PYTHON), "-m", "bench.baselines.mlserver_app")
    return Baseline("MLServer", pair, copies, threads, lambda _: command, _v2)


def bentoml(pair: ModelPair, copies: int, threads: int) -> Baseline:
    """Runs in our environment, with the BentoML that hosts this server."""

    def command(port: int) -> Sequence[str]:
        service = "bench.baselines.bentoml_app:Photos"
        return (sys.executable, "-m", "bentoml", "serve", service, "--host", "127.0.0.1", "--port", str(port))

    return Baseline("BentoML", pair, copies, threads, command, _form)


def baselines(pair: ModelPair, kinds: Sequence[str]) -> list[Target]:
    """Each kind twice: one process that uses all cores, and a single-threaded process for each core."""
    cores = cpu_count()
    makers = {"fastapi": fastapi, "litserve": litserve, "mlserver": mlserver, "bentoml": bentoml}
    return [makers[kind](pair, *shape) for kind in kinds for shape in ((1, cores), (cores, 1))]


def baseline_versions() -> str:
    """Versions of the packages in the baselines' environment."""
    names = ("fastapi", "uvicorn", "litserve", "mlserver", "onnxruntime", "numpy")
    code = (
        f"from importlib.metadata import version as v; print(*(f'{{n}} {{v(n)}}' for n in {names}), sep=', ')"
    )
    done = subprocess.run([str(BASELINE_PYTHON), "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _http(port: int) -> Endpoint:
    return HttpEndpoint(f"http://127.0.0.1:{port}")


def _form(port: int) -> Endpoint:
    return HttpEndpoint(f"http://127.0.0.1:{port}", form=True)


def _named_form(port: int) -> Endpoint:
    return HttpEndpoint(f"http://127.0.0.1:{port}", form=True, path="/predict")


def _v2(port: int) -> Endpoint:
    return GrpcEndpoint(f"127.0.0.1:{port + 1}", oip_requests)


def _wait_for_answers(
    endpoint: Endpoint, rpcs: Sequence[str], photo: bytes, process: subprocess.Popen[bytes]
) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    for rpc in rpcs:
        while not endpoint.answers(rpc, photo):
            if process.poll() is not None:
                raise ServerFailed(f"the server ended with status {process.returncode}")
            if time.monotonic() > deadline:
                raise ServerFailed(f"no good answer to {rpc} in {START_TIMEOUT_S:g} s")
            time.sleep(POLL_S)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Send SIGTERM, then SIGKILL to the process and descendants that remain."""
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
