"""The command `observing`: CPU that keys, TLS, metrics, traces and the prediction log add to a call."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

from armoire.bench.requests import photo_requests, text_requests
from armoire.channel import Tls
from bench.endpoints import GrpcEndpoint
from bench.model_pair import ROOT
from bench.options import Commands, add_command, add_runs
from bench.overhead import Cell, Kind, measure
from bench.process_tree import ProcessTree
from bench.report import Table, log, publish
from bench.secured_server import secured_server
from bench.spread import Spread
from demo.server import ServerProcess

HEADERS = (
    *("call", "server", "calls/s", "server's CPU ms a call", "of the first", "95 % CI of the mean"),
    *("p50 ms", "errors"),
)


@dataclass(frozen=True, slots=True)
class Variant:
    """What a server does beside the models' work.

    `ratio` is the part of the calls that is traced, `logged` the part of them in the prediction log, and
    `keep_inputs` whether that keeps photos and texts.
    """

    name: str
    keys: bool = False
    tls: bool = False
    ratio: str = ""
    logged: str = ""
    keep_inputs: bool = False

    def environment(self, receiver: str) -> dict[str, str]:
        set_to: dict[str, str] = {}
        if self.ratio:
            set_to["ARMOIRE_TRACING__ENDPOINT"] = receiver
            set_to["ARMOIRE_TRACING__SAMPLE_RATIO"] = self.ratio
        if self.logged:
            set_to["ARMOIRE_PREDICTIONS__SAMPLE_RATIO"] = self.logged
            set_to["ARMOIRE_PREDICTIONS__KEEP_INPUTS"] = str(self.keep_inputs)
        return set_to


VARIANTS = {
    "traces": (
        Variant("neither keys nor traces"),
        Variant("keys", keys=True),
        Variant("keys, traces of 1 %", keys=True, ratio="0.01"),
        Variant("keys, traces of 100 %", keys=True, ratio="1"),
        Variant("keys, TLS", keys=True, tls=True),
        Variant("keys, TLS, traces of 1 %", keys=True, tls=True, ratio="0.01"),
    ),
    "sampled traces": (
        Variant("neither keys nor traces"),
        Variant("keys, traces of 1 %", keys=True, ratio="0.01"),
    ),
    "predictions": (
        Variant("no prediction log"),
        Variant("1 % logged", logged="0.01"),
        Variant("100 % logged", logged="1"),
        Variant("100 % logged, with photos and texts", logged="1", keep_inputs=True),
    ),
}
"""By what they measure, each beside the first of its group."""
METRICS = """
import time
from services.host.metrics.prometheus import PrometheusMetrics
from services.inference.batching.batcher import BatchRun
from services.inference.run_statistics import RequestRun
metrics, calls = PrometheusMetrics(), 20_000
request, batch = RequestRun("image", "v1", 1, 0.01, 0.001), BatchRun("image", "v1", 1, 1e-5, 0.01, 1e-4)
started = time.process_time()
for _ in range(calls):
    for _ in range(2):
        metrics.observe_request(request)
        metrics.observe_batch(batch)
    metrics.observe_decode(0.004, 300_000)
    metrics.observe_call("/armoire.v1.InferenceService/Analyze", "OK", "", 0.05)
print((time.process_time() - started) / calls * 1e6)
"""
"""What the calls of Analyze observe, if each of their two runs is a batch of its own."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server of a variant, and how to call it."""

    address: str
    tree: ProcessTree
    metadata: tuple[tuple[str, str], ...]
    tls: Tls | None

    def endpoint(self, kind: Kind) -> GrpcEndpoint:
        return GrpcEndpoint(self.address, kind.make, metadata=self.metadata, tls=self.tls)


def add_to(commands: Commands) -> None:
    summary = "CPU that keys, TLS, metrics, traces and the prediction log add to a call; servers in turn."
    parser = add_command(commands, "observing", run, summary)
    add_runs(parser, seconds=2.0, rounds=9)
    parser.add_argument("--clients", type=int, default=8, help="(%(default)s)")
    parser.add_argument("--of", choices=tuple(VARIANTS), default="traces", help="(%(default)s)")
    parser.add_argument(
        "--starts",
        type=int,
        default=1,
        help="starts of the servers: two processes of the same server differ by some percent (%(default)s)",
    )
    names = [kind.name for kind in calls()]
    parser.add_argument("--call", choices=names, action="append", help="measure this call only (all)")


def run(arguments: argparse.Namespace) -> bool:
    variants = VARIANTS[arguments.of]
    cells: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    note = f"The metrics of one Analyze take {metrics_us():.0f} us of CPU, in files that processes share."
    for _ in range(arguments.starts):
        for call, name, cell in measured(variants, arguments):
            cells[call, name].append(cell)
            log(f"{call}, {name}: {cell.cpu_ms:.3f} ms")
    publish(shares(cells, variants[0].name, note), arguments.json)
    return not any(cell.errors for same in cells.values() for cell in same)


def measured(variants: Sequence[Variant], arguments: argparse.Namespace) -> Iterator[tuple[str, str, Cell]]:
    """The call, the server's name and the figures of each measurement of servers that are started for it."""
    with ExitStack() as open_servers:
        receiver = open_servers.enter_context(trace_receiver())
        servers = {one.name: open_servers.enter_context(server(receiver, one)) for one in variants}
        rounds = range(arguments.rounds)
        for _, kind, (name, running) in product(rounds, calls(arguments.call), servers.items()):
            endpoint = running.endpoint(kind)
            yield kind.name, name, measure(kind, running.tree, endpoint, arguments.clients, arguments.seconds)


def shares(cells: Mapping[tuple[str, str], Sequence[Cell]], first: str, note: str) -> Table:
    """A row for each call and server; ratios are those of the same round."""
    rows = [row((call, name), same, cells[call, first]) for (call, name), same in cells.items()]
    records = [asdict(cell) | {"server": name} for (_, name), same in cells.items() for cell in same]
    return Table("observing", HEADERS, rows, [note], records)


def row(names: tuple[str, str], cells: Sequence[Cell], base: Sequence[Cell]) -> list[str]:
    ratios = Spread.of(cell.cpu_ms / first.cpu_ms for cell, first in zip(cells, base, strict=True))
    latencies = sorted(latency for cell in cells for latency in cell.latencies_ms)
    return [
        *names,
        Spread.of(cell.throughput_per_s for cell in cells).show(0),
        Spread.of(cell.cpu_ms for cell in cells).show(),
        ratios.show(3),
        ratios.show_interval(3),
        f"{latencies[len(latencies) // 2]:.2f}",
        str(sum(cell.errors for cell in cells)),
    ]


def calls(names: Sequence[str] | None = None) -> list[Kind]:
    """The calls of these names, or all."""
    photo = sorted((ROOT / "samples").glob("*.jpg"))[0].read_bytes()
    kinds = [
        Kind("EmbedText", text_requests(["a red summer dress"])),
        Kind("Analyze", photo_requests("analyze", [photo])),
    ]
    return [kind for kind in kinds if names is None or kind.name in names]


def metrics_us() -> float:
    """Microseconds of CPU that the metrics of a call take, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": folder}
        command = [sys.executable, "-c", METRICS]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


@contextmanager
def server(receiver: str, variant: Variant) -> Iterator[Running]:
    """A server of models."""
    environment, service = variant.environment(receiver), "services.app:Inference"
    with tempfile.TemporaryDirectory(prefix="armoire-observing-") as folder:
        if not variant.keys:
            with ServerProcess(Path(folder), service, environment) as process:
                yield running(process, "", None)
            return
        secured = secured_server(Path(folder), environment, service, variant.tls)
        with secured.process as process:
            yield running(process, secured.make_key(), secured.tls)


def running(process: ServerProcess, key: str, tls: Tls | None) -> Running:
    assert process.process is not None
    metadata = (("authorization", f"Bearer {key}"),) if key else ()
    return Running(process.address, ProcessTree(process.process.pid), metadata, tls)


class Accept(BaseHTTPRequestHandler):
    """Takes any traces and keeps none."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def trace_receiver() -> Iterator[str]:
    """The address of a receiver of OTLP over HTTP in this process, whose CPU is not counted."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Accept) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{receiver.server_address[1]}/v1/traces"
        receiver.shutdown()
