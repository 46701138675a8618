"""python -m bench: the server beside the raw loop, interleaved over several rounds; prints a Markdown table.

Every cell is measured between two runs of the raw loop, and its ratio is to their mean, because shared
machines drift. The load comes from a process on the same cores, so its side of gRPC is the server's loss.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import nan
from pathlib import Path

from armoire.bench.crew import Measurement
from armoire.bench.crew import measure as measure_load
from armoire.bench.load import Load
from armoire.bench.requests import photo_requests
from bench.raw import RawModels, raw_latencies_ms, raw_throughput
from demo.server import ROOT, ServerProcess
from domain.taxonomy import Taxonomy
from services.inference import cpu_count

RPCS = ("detect", "embed", "analyze")
WARM_UP_S = 0.5


@dataclass(frozen=True, slots=True)
class Cell:
    """One RPC at one number of clients, in one round."""

    rpc: str
    clients: int
    throughput_per_s: float
    raw_per_s: float
    p50_ms: float
    p99_ms: float
    errors: int

    @property
    def ratio(self) -> float:
        return self.throughput_per_s / self.raw_per_s


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(argv)
    photos = [path.read_bytes() for path in sorted(arguments.photos.glob("*.jpg"))[:64]]
    taxonomy = Taxonomy.load(ROOT / "taxonomy.toml")
    environment = {
        "ARMOIRE_MODELS__DETECTOR": str(arguments.detector.resolve()),
        "ARMOIRE_MODELS__EMBEDDER": str(arguments.embedder.resolve()),
    }
    home = Path(tempfile.mkdtemp(prefix="armoire-bench-"))
    try:
        models = RawModels.load(arguments.detector, arguments.embedder, taxonomy, home / "cache")
        with ServerProcess(home, "services.app:Inference", environment) as server:
            cells = measure(models, server.address, photos, arguments)
            report(cells, models, photos, arguments)
    finally:
        shutil.rmtree(home)
    return 1 if any(cell.errors for cell in cells) else 0


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Time the server beside the raw loop."
    )
    parser.add_argument("--photos", type=Path, default=ROOT / "samples", help="folder of JPEGs (%(default)s)")
    parser.add_argument("--detector", type=Path, default=ROOT / "artifacts/demo-detector")
    parser.add_argument("--embedder", type=Path, default=ROOT / "artifacts/demo-embedder")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=4.0, help="of every run (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args(argv)


def measure(
    models: RawModels, address: str, photos: Sequence[bytes], arguments: argparse.Namespace
) -> list[Cell]:
    cells: list[Cell] = []
    threads, seconds = cpu_count(), arguments.seconds
    for turn in range(arguments.rounds):
        for rpc in RPCS:
            requests = photo_requests(rpc, photos)
            before = raw_throughput(models, rpc, photos, threads, seconds)
            for clients in arguments.clients:
                load = Load(address, requests, clients, seconds, warm_up_s=WARM_UP_S)
                served = asyncio.run(measure_load(load))
                after = raw_throughput(models, rpc, photos, threads, seconds)
                cells.append(cell(served, raw_per_s=(before + after) / 2))
                before = after
                print(f"round {turn + 1} {rpc} {clients}: {cells[-1].ratio:.2f} of raw", file=sys.stderr)
    return cells


def cell(served: Measurement, raw_per_s: float) -> Cell:
    """NaN where no call went well."""
    load, errors = served.load, served.tally.errors.total()
    p50_ms, p99_ms = (nan if value is None else value for value in map(served.percentile_ms, (50, 99)))
    figures = served.throughput_per_s, raw_per_s, p50_ms, p99_ms, errors
    return Cell(load.requests.rpc, load.clients, *figures)


def report(
    cells: Sequence[Cell], models: RawModels, photos: Sequence[bytes], arguments: argparse.Namespace
) -> None:
    names = ("onnxruntime", "grpcio", "bentoml", "numpy", "opencv-python-headless")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}.")
    print(f"{models.detector.version.model_version}, {models.encoder.version.model_version}.")
    print(
        f"{len(photos)} photos of {arguments.photos.name}, "
        f"{arguments.rounds} rounds of {arguments.seconds:g} s.\n"
    )
    print(
        "| RPC | clients | photos/s | of raw (min–max) | p50 ms | p99 ms "
        "| raw, one at a time, p50 ms | errors |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for rpc in RPCS:
        alone_ms = statistics.median(raw_latencies_ms(models, rpc, photos, arguments.seconds))
        for clients in arguments.clients:
            same = [cell for cell in cells if (cell.rpc, cell.clients) == (rpc, clients)]
            print(row(same, alone_ms))


def row(cells: Sequence[Cell], alone_ms: float) -> str:
    """Medians over the rounds."""
    first, ratios = cells[0], [cell.ratio for cell in cells]
    rate, p50_ms, p99_ms = (
        statistics.median(getattr(cell, name) for cell in cells)
        for name in ("throughput_per_s", "p50_ms", "p99_ms")
    )
    spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
    errors = sum(cell.errors for cell in cells)
    return (
        f"| {first.rpc} | {first.clients} | {rate:.0f} | {spread} | {p50_ms:.1f} | {p99_ms:.1f} "
        f"| {alone_ms:.1f} | {errors} |"
    )


if __name__ == "__main__":
    sys.exit(main())
