"""The command `overhead`: CPU of a call whose model does nothing."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from statistics import median

from armoire.bench.requests import Requests, empty_request, photo_requests
from bench.endpoints import Endpoint, GrpcEndpoint
from bench.model_pair import ROOT
from bench.null_server import JPEG_BYTES, TENSOR_BYTES, TRANSPORTS
from bench.oip_requests import metadata_request, raw_request
from bench.options import Commands, add_command, add_runs
from bench.process_tree import ProcessTree
from bench.report import Table, log, publish
from bench.spread import Spread
from bench.targets import CONNECTIONS
from demo.server import ServerFailed, free_port

HEADERS = (
    "call",
    "request",
    "clients",
    "calls/s",
    "server's CPU ms a call",
    "95 % CI of the mean",
    "p50 ms",
    "errors",
)
START_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of call at one number of clients; `root_cpu_ms` is the share of the server's first process."""

    call: str
    request_bytes: int
    clients: int
    throughput_per_s: float
    cpu_ms: float
    root_cpu_ms: float
    latencies_ms: Sequence[float]
    errors: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of call, with its name in the table."""

    name: str
    requests: Requests = field(repr=False)

    def make(self, _rpc: str, _photos: Sequence[bytes]) -> Requests:
        return self.requests


def kinds() -> list[Kind]:
    """An empty call, a photo that is not decoded, and a ready tensor as large as a model's input.

    Each is made by the server's own API and by the Open Inference Protocol (OIP), there with raw contents.
    """
    sizes: Mapping[str, int] = {"60 KB photo": JPEG_BYTES, "1.2 MB tensor": TENSOR_BYTES}
    sent = [Kind(name, photo_requests("detect", [bytes(size)])) for name, size in sizes.items()]
    raw = [
        Kind(f"OIP, {name}", raw_request(f"null-{size}", "bytes", bytes(size)))
        for name, size in sizes.items()
    ]
    return [Kind("empty", empty_request()), Kind("OIP, empty", metadata_request()), *sent, *raw]


def add_to(commands: Commands) -> None:
    summary = "CPU of a call whose model does nothing, behind the real gRPC server and batcher."
    parser = add_command(commands, "overhead", run, summary)
    add_runs(parser, seconds=3.0, rounds=3)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32], help="(%(default)s)")
    parser.add_argument(
        "--edges",
        type=int,
        default=0,
        help="edge processes before a device process; 0: one process for all (%(default)s)",
    )
    parser.add_argument("--remote", choices=TRANSPORTS, help="a process before a model server")


def run(arguments: argparse.Namespace) -> bool:
    cells: list[Cell] = []
    with null_server(arguments.remote or arguments.edges) as (process, address):
        for _ in range(arguments.rounds):
            for kind in kinds():
                for clients in arguments.clients:
                    endpoint = GrpcEndpoint(address, kind.make, max(1, CONNECTIONS * arguments.edges))
                    tree = ProcessTree(process.pid)
                    cells.append(measure(kind, tree, endpoint, clients, arguments.seconds))
                    log(f"{kind.name}, {clients}: {cells[-1].cpu_ms:.2f} ms")
    publish(overhead_table(cells, arguments.edges, arguments.remote), arguments.json)
    return not any(cell.errors for cell in cells)


@contextmanager
def null_server(model: int | str = 0) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`model` is a number of edges before a device process, or a transport to a model server."""
    port = free_port()
    command = [sys.executable, "-m", "bench.null_server", str(port), *([str(model)] if model else [])]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        endpoint = GrpcEndpoint(f"127.0.0.1:{port}", kinds()[0].make)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not endpoint.answers("empty", b""):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerFailed("the null server does not answer")
            time.sleep(0.05)
        yield process, endpoint.address
    finally:
        process.terminate()
        process.wait()


def measure(kind: Kind, tree: ProcessTree, endpoint: Endpoint, clients: int, seconds: float) -> Cell:
    """CPU per call: the server's over the whole run, divided by all calls, those of the warm-up included."""
    used_s, root_s = tree.cpu_s(), tree.root_cpu_s()
    tally = endpoint.measure(kind.name, (), clients, seconds)
    used_s, root_s = tree.cpu_s() - used_s, tree.root_cpu_s() - root_s
    calls = max(tally.replies, 1)
    size = len(kind.requests.bodies[0])
    latencies = tally.latencies_ms.tolist()
    errors = tally.errors.total()
    rate, ms = tally.answered / seconds, 1e3 / calls
    return Cell(kind.name, size, clients, rate, used_s * ms, root_s * ms, latencies, errors)


def table(name: str, cells: Sequence[Cell], notes: Sequence[str]) -> Table:
    """A row for each kind of call and number of clients, in the order in which they were measured."""
    rows = [row(cells_of_row) for cells_of_row in _by_row(cells)]
    return Table(name, list(HEADERS), rows, list(notes), [asdict(cell) for cell in cells])


def overhead_table(cells: Sequence[Cell], edges: int, remote: str | None) -> Table:
    served = f"{edges} edge processes before one with the model" if edges else "One process"
    if remote:
        served = f"A process before a model server ({remote})"
    note = f"{served}. The load comes from another process; its CPU is not counted."
    made = table("overhead", cells, [note])
    if not edges and not remote:
        return made
    headers = [*made.headers, "of which the one with the model, ms"]
    shares = [f"{median(cell.root_cpu_ms for cell in same):.2f}" for same in _by_row(cells)]
    rows = [[*shown, share] for shown, share in zip(made.rows, shares, strict=True)]
    return replace(made, headers=headers, rows=rows)


def _by_row(cells: Sequence[Cell]) -> list[list[Cell]]:
    keys = dict.fromkeys((cell.call, cell.clients) for cell in cells)
    return [[cell for cell in cells if (cell.call, cell.clients) == key] for key in keys]


def row(cells: Sequence[Cell]) -> list[str]:
    first, cpu_ms = cells[0], Spread.of(cell.cpu_ms for cell in cells)
    latencies = sorted(latency for cell in cells for latency in cell.latencies_ms)
    return [
        first.call,
        f"{first.request_bytes} bytes",
        str(first.clients),
        Spread.of(cell.throughput_per_s for cell in cells).show(0),
        cpu_ms.show(),
        cpu_ms.show_interval(),
        f"{latencies[len(latencies) // 2]:.2f}",
        str(sum(cell.errors for cell in cells)),
    ]
