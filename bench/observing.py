"""The command `observing`: what metrics and traces add to the CPU of a call."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from armoire.bench.requests import photo_requests, text_requests
from bench.endpoints import GrpcEndpoint
from bench.model_pair import ROOT
from bench.options import Commands, add_command, add_runs
from bench.overhead import Cell, Kind, measure, table
from bench.process_tree import ProcessTree
from bench.report import log, publish
from demo.server import ServerProcess

RATIOS = {"traces off": None, "traces of 1 %": "0.01", "traces of 100 %": "1"}
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


def add_to(commands: Commands) -> None:
    summary = "CPU that metrics and traces add to a call; servers with the demo models, in turn."
    parser = add_command(commands, "observing", run, summary)
    add_runs(parser, seconds=2.0, rounds=9)
    parser.add_argument("--clients", type=int, default=8, help="(%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    cells: list[Cell] = []
    note = f"The metrics of one Analyze take {metrics_us():.0f} us of CPU, in files that processes share."
    with ExitStack() as open_servers:
        receiver = open_servers.enter_context(trace_receiver())
        servers = {name: open_servers.enter_context(server(receiver, RATIOS[name])) for name in RATIOS}
        for _ in range(arguments.rounds):
            for call in calls():
                for name, process in servers.items():
                    assert process.process is not None
                    kind = Kind(f"{call.name}, {name}", call.requests)
                    endpoint, tree = (
                        GrpcEndpoint(process.address, kind.make),
                        ProcessTree(process.process.pid),
                    )
                    cells.append(measure(kind, tree, endpoint, arguments.clients, arguments.seconds))
                    log(f"{kind.name}: {cells[-1].cpu_ms:.3f} ms")
    publish(table("observing", cells, [note]), arguments.json)
    return not any(cell.errors for cell in cells)


def calls() -> list[Kind]:
    photo = sorted((ROOT / "samples").glob("*.jpg"))[0].read_bytes()
    return [
        Kind("EmbedText", text_requests(["a red summer dress"])),
        Kind("Analyze", photo_requests("analyze", [photo])),
    ]


def metrics_us() -> float:
    """Microseconds of CPU that the metrics of a call take, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": folder}
        command = [sys.executable, "-c", METRICS]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


@contextmanager
def server(receiver: str, ratio: str | None) -> Iterator[ServerProcess]:
    traced = {"ARMOIRE_TRACING__ENDPOINT": receiver, "ARMOIRE_TRACING__SAMPLE_RATIO": ratio} if ratio else {}
    with (
        tempfile.TemporaryDirectory(prefix="armoire-observing-") as home,
        ServerProcess(Path(home), "services.app:Inference", traced) as process,
    ):
        yield process


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
