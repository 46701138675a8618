"""The command `raw`: the raw loop with several numbers of threads and sizes of batches."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from bench import machine_load
from bench.machine_load import MachineLoad
from bench.options import Commands, add_command, add_runs, inputs_note, load_raw, read_photos, scratch
from bench.raw_loop import LARGEST_BATCH, LoopSetting, raw_throughput
from bench.report import Table, publish
from bench.spread import Spread
from services.inference.cores import cpu_count

RPCS = ("detect", "embed", "analyze")
HEADERS = ("call", "threads", "batch", "photos/s", *machine_load.HEADERS)


@dataclass(frozen=True, slots=True)
class Run:
    """The raw loop with one setting in one round; `cores` and `gpu` are the shares that were busy."""

    rpc: str
    threads: int
    batch: int
    round: int
    throughput_per_s: float
    cores: float
    gpu: float


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "raw", run, "The raw loop over numbers of threads and sizes of batches.")
    add_runs(parser, seconds=2.0, rounds=2)
    threads = sorted({1, 2, cpu_count()})
    parser.add_argument("--threads", type=int, nargs="+", default=threads, help="(%(default)s)")
    parser.add_argument(
        "--batches", type=int, nargs="+", default=[1, 4, 8, 16, LARGEST_BATCH], help="(%(default)s)"
    )


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    runs = list(measured(arguments, photos))
    publish(table(runs, inputs_note(arguments, len(photos))), arguments.json)
    return True


def measured(arguments: argparse.Namespace, photos: Sequence[bytes]) -> Iterator[Run]:
    """Each setting once a round, so that a drift of the machine's speed meets all of them."""
    settings = [LoopSetting(*pair) for pair in _pairs(arguments)]
    with scratch() as home:
        models = load_raw(arguments, home)
        for turn in range(arguments.rounds):
            for rpc in RPCS:
                for each in settings:
                    with MachineLoad() as load:
                        per_s = raw_throughput(models, rpc, photos, each, arguments.seconds)
                    yield Run(rpc, each.threads, each.batch, turn, per_s, load.cores, load.gpu)


def _pairs(arguments: argparse.Namespace) -> Iterator[tuple[int, int]]:
    for threads in arguments.threads:
        yield from ((threads, batch) for batch in arguments.batches)


def table(runs: Sequence[Run], note: str) -> Table:
    keys = dict.fromkeys((each.rpc, each.threads, each.batch) for each in runs)
    rows = [row([each for each in runs if (each.rpc, each.threads, each.batch) == key]) for key in keys]
    return Table("raw", HEADERS, rows, [note], [asdict(each) for each in runs])


def row(runs: Sequence[Run]) -> list[str]:
    first = runs[0]
    return [
        first.rpc,
        str(first.threads),
        str(first.batch),
        Spread.of(each.throughput_per_s for each in runs).show(1),
        *machine_load.shown(runs),
    ]
