"""The command `growth`: cost of a photo by number of clients and by photos in a call."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import nan

from armoire.bench.requests import photo_requests
from armoire.bench.tally import percentile
from bench.comparison import TRY_S
from bench.endpoints import GrpcEndpoint
from bench.options import Commands, add_command, add_rpc, inputs_note, load_raw, pair_of, read_photos, scratch
from bench.raw_loop import RawModels, best_setting, raw_throughput
from bench.report import Table, log, publish
from bench.targets import Armoire, Running

HEADERS = (
    "call",
    "clients",
    "photos a call",
    "photos/s",
    "of raw",
    "CPU ms a photo",
    "p50 ms",
    "p99 ms",
    "errors",
)
CLIENTS_OF_MANY_PHOTOS = 4
SETTINGS = {"ARMOIRE_GRPC__MAX_CONCURRENT_CALLS": "512"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of clients and photos in a call; `raw_per_s` is the raw loop's photos per second."""

    rpc: str
    clients: int
    photos_a_call: int
    photos_per_s: float
    raw_per_s: float
    cpu_ms: float
    latencies_ms: Sequence[float]
    errors: int


def add_to(commands: Commands) -> None:
    summary = "Cost of a photo by number of clients and by photos in a call."
    parser = add_command(commands, "growth", run, summary)
    add_rpc(parser, default="analyze")
    parser.add_argument(
        "--clients", type=int, nargs="*", default=[1, 2, 4, 8, 16, 32, 64, 128, 256], help="(%(default)s)"
    )
    parser.add_argument(
        "--photos-a-call", type=int, nargs="*", default=[1, 2, 4, 8, 16, 32], help="(%(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="length of every run (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    with (
        scratch() as home,
        Armoire(pair_of(arguments), settings=SETTINGS).running(home, [arguments.rpc], photos[0]) as running,
    ):
        cells = measure_all(running, load_raw(arguments, home), photos, arguments)
    publish(table(cells, inputs_note(arguments, len(photos))), arguments.json)
    return not any(cell.errors for cell in cells)


def measure_all(
    running: Running, models: RawModels, photos: Sequence[bytes], arguments: argparse.Namespace
) -> list[Cell]:
    """Measure each pair of clients and photos per call between two runs of the raw loop."""
    rpc, seconds = arguments.rpc, arguments.seconds
    setting = best_setting(models, rpc, photos, TRY_S)
    shapes = [(clients, 1) for clients in arguments.clients]
    shapes += [(CLIENTS_OF_MANY_PHOTOS, size) for size in arguments.photos_a_call]
    before, cells = raw_throughput(models, rpc, photos, setting, seconds), []
    for clients, size in shapes:
        cell = measure(running, rpc, photos, clients, size, seconds)
        after = raw_throughput(models, rpc, photos, setting, seconds)
        cells.append(replace(cell, raw_per_s=(before + after) / 2))
        before = after
        log(f"{clients} clients, {size} a call: {cell.photos_per_s:.1f} photos/s")
    return cells


def measure(
    running: Running, rpc: str, photos: Sequence[bytes], clients: int, size: int, seconds: float
) -> Cell:
    assert isinstance(running.endpoint, GrpcEndpoint)
    endpoint = GrpcEndpoint(running.endpoint.address, partial(photo_requests, images_per_call=size))
    used_s = running.tree.cpu_s()
    tally = endpoint.measure(rpc, photos, clients, seconds)
    used_s = running.tree.cpu_s() - used_s
    answered = tally.answered * size
    latencies, errors = tally.latencies_ms.tolist(), tally.errors.total()
    cpu_ms = used_s * 1e3 / max(tally.replies * size, 1)
    return Cell(rpc, clients, size, answered / seconds, nan, cpu_ms, latencies, errors)


def table(cells: Sequence[Cell], note: str) -> Table:
    rows = [
        [
            cell.rpc,
            str(cell.clients),
            str(cell.photos_a_call),
            f"{cell.photos_per_s:.1f}",
            f"{cell.photos_per_s / cell.raw_per_s:.2f}",
            f"{cell.cpu_ms:.1f}",
            f"{percentile(cell.latencies_ms, 50) or 0.0:.1f}",
            f"{percentile(cell.latencies_ms, 99) or 0.0:.1f}",
            str(cell.errors),
        ]
        for cell in cells
    ]
    settings = ", ".join(f"{name}={value}" for name, value in SETTINGS.items())
    return Table("growth", HEADERS, rows, [note, settings], [asdict(cell) for cell in cells])
