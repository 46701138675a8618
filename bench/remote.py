"""The command `remote`: rows of graphs that run in the server's own process, or in another one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from armoire.bench.requests import Requests
from bench import machine_load
from bench.endpoints import GrpcEndpoint
from bench.machine_load import MachineLoad
from bench.oip_requests import raw_request
from bench.options import Commands, add_command, add_runs, pair_of, scratch
from bench.process_tree import ProcessTree
from bench.report import Table, log, publish
from bench.spread import Spread
from bench.targets import remote_graphs
from demo.server import ServerProcess
from models.artifact import Artifact

HEADERS = (
    "graphs run in",
    "rows",
    "clients",
    "calls/s",
    "of one process",
    "CPU ms a call, all servers",
    "of one process",
    "95 % CI of the mean",
    *machine_load.HEADERS,
    "errors",
)
ONE_PROCESS = "the same process"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A server to call, and all servers whose CPU its calls take."""

    name: str
    address: str
    servers: Sequence[ServerProcess]

    def cpu_s(self) -> float:
        return sum(ProcessTree(server.process.pid).cpu_s() for server in self.servers if server.process)


@dataclass(frozen=True, slots=True)
class Cell:
    """One arrangement, kind of rows and number of clients in one round.

    `cores` and `gpu` are those of MachineLoad.
    """

    arrangement: str
    rows: str
    clients: int
    turn: int
    throughput_per_s: float
    cpu_ms: float
    cores: float
    gpu: float
    errors: int


def add_to(commands: Commands) -> None:
    summary = "Raw rows to graphs in the server's process, in a device process, and in another server."
    parser = add_command(commands, "remote", run, summary)
    add_runs(parser, seconds=2.0, rounds=5)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8], help="(%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    cells: list[Cell] = []
    kinds = kinds_of(arguments)
    with scratch() as home, running(arguments, home) as arrangements:
        for turn in range(arguments.rounds):
            for kind, requests in kinds.items():
                for clients in arguments.clients:
                    for each in arrangements:
                        cells.append(measured(each, kind, requests, clients, turn, arguments.seconds))
                        log(f"round {turn + 1}, {each.name}, {kind}, {clients}: {cells[-1].cpu_ms:.2f} ms")
    notes = [
        f"{pair_of(arguments).describe()} Rows of noise, {arguments.rounds} rounds of {arguments.seconds:g} "
        "s.",
        "The load comes from another process; its CPU is not counted.",
    ]
    records = [asdict(cell) for cell in cells]
    publish(Table("remote", HEADERS, rows(cells), notes, records), arguments.json)
    return not any(cell.errors for cell in cells)


def kinds_of(arguments: argparse.Namespace) -> Mapping[str, Requests]:
    """Requests by what they have: crops for the encoder, and a photo for the detector, all of noise."""
    pair = pair_of(arguments)
    pixels = np.random.default_rng(0)

    def request(model: str, count: int, folder: Path) -> Requests:
        shape = (count, *Artifact.load(folder).manifest.image.shape)
        content = pixels.integers(0, 256, shape, np.uint8).tobytes()
        return raw_request(model, "images", content, shape)

    return {
        "1 crop": request("image_encoder", 1, pair.embedder),
        "8 crops": request("image_encoder", 8, pair.embedder),
        "1 photo": request("detector", 1, pair.detector),
    }


@contextmanager
def running(arguments: argparse.Namespace, home: Path) -> Iterator[list[Arrangement]]:
    """All arrangements at once, so that their rounds can be interleaved; servers that are not called idle."""
    pair = pair_of(arguments)
    models = {
        "ARMOIRE_MODELS__DETECTOR": str(pair.detector.resolve()),
        "ARMOIRE_MODELS__EMBEDDER": str(pair.embedder.resolve()),
        "ARMOIRE_MODELS__PROVIDER": pair.provider,
    }
    socket = home / "oip.sock"
    shared = {"ARMOIRE_GRPC__SHARED_MEMORY": "true", "ARMOIRE_GRPC__SOCKET": str(socket)}
    with ExitStack() as stack:

        def start(name: str, service: str, environment: Mapping[str, str]) -> ServerProcess:
            settings = {**models, **environment}
            server = ServerProcess(
                home / name, f"services.app:{service}", settings, start_timeout_s=pair.start_timeout_s
            )
            return stack.enter_context(server)

        one = start("one", "Inference", shared)
        edges = start("edges", "Edges", {"ARMOIRE_GRPC__EDGES": "1"})
        found = [
            Arrangement(ONE_PROCESS, one.address, [one]),
            Arrangement("a device process", edges.address, [edges]),
        ]
        for name, base, query in (
            ("another server, TCP", f"grpc://{one.address}", ""),
            ("another server, Unix socket", f"unix://{socket}", ""),
            ("another server, shared memory", f"unix://{socket}", "?shared_memory=true"),
        ):
            remotes = remote_graphs(base, query)
            front = start(name.rpartition(" ")[2], "Inference", remotes)
            found.append(Arrangement(name, front.address, [front, one]))
        yield found


def measured(
    arrangement: Arrangement, kind: str, requests: Requests, clients: int, turn: int, seconds: float
) -> Cell:
    """CPU per call: all servers' over the whole run, divided by all calls, those of the warm-up included."""
    endpoint = GrpcEndpoint(arrangement.address, lambda _rpc, _photos: requests)
    used_s = arrangement.cpu_s()
    with MachineLoad() as load:
        tally = endpoint.measure(kind, (), clients, seconds)
    used_s = arrangement.cpu_s() - used_s
    cpu_ms = used_s * 1e3 / max(tally.replies, 1)
    rate = tally.answered / seconds
    errors = tally.errors.total()
    return Cell(arrangement.name, kind, clients, turn, rate, cpu_ms, load.cores, load.gpu, errors)


def rows(cells: Sequence[Cell]) -> list[list[str]]:
    """A row for each arrangement, kind and number of clients; ratios are to one process in the same round."""
    keys = dict.fromkeys((cell.rows, cell.clients, cell.arrangement) for cell in cells)
    one = {(cell.rows, cell.clients, cell.turn): cell for cell in cells if cell.arrangement == ONE_PROCESS}
    return [
        row([cell for cell in cells if (cell.rows, cell.clients, cell.arrangement) == key], one)
        for key in keys
    ]


def row(cells: Sequence[Cell], one: Mapping[tuple[str, int, int], Cell]) -> list[str]:
    first, base = cells[0], [one[cell.rows, cell.clients, cell.turn] for cell in cells]
    pairs = list(zip(cells, base, strict=True))
    cpu = Spread.of(cell.cpu_ms / same.cpu_ms for cell, same in pairs)
    return [
        first.arrangement,
        first.rows,
        str(first.clients),
        Spread.of(cell.throughput_per_s for cell in cells).show(0),
        Spread.of(cell.throughput_per_s / same.throughput_per_s for cell, same in pairs).show(),
        Spread.of(cell.cpu_ms for cell in cells).show(),
        cpu.show(),
        cpu.show_interval(),
        *machine_load.shown(cells),
        str(sum(cell.errors for cell in cells)),
    ]
