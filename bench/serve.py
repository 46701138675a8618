"""The commands `serve` and `baselines`: this server, and others if named, beside the raw loop."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from statistics import median

from armoire.bench.tally import percentile
from bench import machine_load
from bench.comparison import Cell, Plan, compare
from bench.options import (
    Commands,
    add_command,
    add_runs,
    inputs_note,
    load_raw,
    pair_of,
    read_photos,
    scratch,
)
from bench.report import Table, publish
from bench.spread import Spread
from bench.targets import Armoire, BeforeDevice, Target, baseline_versions, baselines

RPCS = ("detect", "embed", "analyze")
BASELINES = ("fastapi", "litserve", "mlserver", "bentoml")
HEADERS = (
    "server",
    "call",
    "clients",
    "photos/s",
    "of raw",
    "95 % CI of the mean",
    "p50 ms",
    "p50 of raw alone",
    "p99 ms",
    "p99/p50",
    "calls",
    "CPU ms a call",
    "PSS MB",
    *machine_load.HEADERS,
    "errors",
)


def add_to(commands: Commands) -> None:
    for name, kinds, summary in (
        ("serve", (), "This server beside the raw loop."),
        ("baselines", BASELINES, "This server and other servers beside the raw loop."),
    ):
        parser = add_command(commands, name, run, summary)
        add_runs(parser, seconds=4.0, rounds=3)
        parser.add_argument(
            "--rpc", nargs="+", choices=RPCS, default=RPCS, metavar="CALL", help=", ".join(RPCS)
        )
        parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32], help="(%(default)s)")
        parser.add_argument("--min-calls", type=int, default=0, help="lengthen runs to that many calls a row")
        parser.add_argument(
            "--edges", type=int, nargs="*", default=(), help="also with that many edge processes"
        )
        parser.add_argument(
            "--remote", action="store_true", help="also with its graphs in another server, by a Unix socket"
        )
        parser.add_argument("--baselines", nargs="*", choices=BASELINES, default=kinds, help="other servers")


def run(arguments: argparse.Namespace) -> bool:
    photos, pair = read_photos(arguments), pair_of(arguments)
    targets: list[Target] = [
        Armoire(pair),
        *(Armoire.behind_edges(pair, edges) for edges in arguments.edges),
        *([BeforeDevice(pair)] if arguments.remote else []),
        *baselines(pair, arguments.baselines),
    ]
    plan = Plan(
        arguments.rpc,
        arguments.clients,
        photos,
        arguments.seconds,
        arguments.rounds,
        arguments.min_calls,
    )
    with scratch() as home:
        cells = compare(targets, load_raw(arguments, home), plan, home)
    notes = [inputs_note(arguments, len(photos))]
    notes += [f"Baselines: {baseline_versions()}."] if arguments.baselines else []
    publish(table(cells, notes), arguments.json)
    return not any(cell.errors for cell in cells)


def table(cells: Sequence[Cell], notes: Sequence[str]) -> Table:
    keys = dict.fromkeys((cell.rpc, cell.clients, cell.target) for cell in cells)
    same = {key: [c for c in cells if (c.rpc, c.clients, c.target) == key] for key in keys}
    rows = [row(same[key]) for key in sorted(same, key=lambda key: (RPCS.index(key[0]), key[1]))]
    return Table("serve", HEADERS, rows, notes, [asdict(cell) for cell in cells])


def row(cells: Sequence[Cell]) -> list[str]:
    """Medians over the rounds; percentiles of latency are of the calls of all rounds together."""
    first, ratio = cells[0], Spread.of(cell.ratio for cell in cells)
    latencies = [latency for cell in cells for latency in cell.latencies_ms]
    p50_ms, p99_ms = (percentile(latencies, percent) or 0.0 for percent in (50, 99))
    alone = Spread.of(cell.p50_ratio for cell in cells).show() if first.clients == 1 else ""
    return [
        first.target,
        first.rpc,
        str(first.clients),
        f"{median(cell.throughput_per_s for cell in cells):.1f}",
        ratio.show(),
        ratio.show_interval(),
        f"{p50_ms:.1f}",
        alone,
        f"{p99_ms:.1f}",
        f"{p99_ms / p50_ms:.2f}" if p50_ms else "",
        str(len(latencies)),
        f"{median(cell.cpu_ms for cell in cells):.1f}",
        f"{median(cell.pss_mb for cell in cells):.0f}",
        *machine_load.shown(cells),
        str(sum(cell.errors for cell in cells)),
    ]
