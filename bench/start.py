"""The command `start`: time and CPU from the start of a server to its first answers, and its memory."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median

from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, log, publish
from bench.spread import Spread
from bench.targets import Armoire, Running, Target, bentoml, fastapi
from services.inference.cores import cpu_count

RPCS = ("detect", "embed", "analyze")
HEADERS = (
    "server",
    "first answers, s",
    "CPU s until then",
    "PSS MB, idle",
    "PSS MB after load",
    "of which",
    "rounds",
)
LOAD_CLIENTS, LOAD_S = 32, 3.0


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a server: seconds until it answered each call, memory before and after a load."""

    target: str
    first_answers_s: float
    cpu_s: float
    idle_mb: float
    loaded_mb: float
    errors: int
    loaded_mb_by_process: dict[str, float] = field(default_factory=dict)


def add_to(commands: Commands) -> None:
    summary = "Time from the start of a server to its first answers, and its memory, beside other servers."
    parser = add_command(commands, "start", run, summary)
    parser.add_argument("--rounds", type=int, default=5, help="starts of each server (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos, pair, cores = read_photos(arguments), pair_of(arguments), cpu_count()
    targets: list[Target] = [
        Armoire(pair, "armoire, models alone"),
        Armoire(pair, "armoire, with the catalogue", "services.app:Armoire"),
        bentoml(pair, 1, cores),
        replace(bentoml(pair, 1, cores), optimized=False),
        replace(fastapi(pair, 1, cores), optimized=False),
    ]
    with scratch() as home:
        for target in targets:  # not counted: optimizes graphs, compiles modules
            start(target, home, photos)
        starts = [start(target, home, photos) for _ in range(arguments.rounds) for target in targets]
    publish(table(starts, inputs_note(arguments, len(photos))), arguments.json)
    return not any(each.errors for each in starts)


def start(target: Target, home: Path, photos: Sequence[bytes]) -> Start:
    folder = home / target.name.replace(" ", "-").replace(",", "")
    with target.running(folder, RPCS, photos[0]) as running:
        cpu_s, idle_mb = running.tree.cpu_s(), running.tree.pss_mb()
        errors = sum(load(running, rpc, photos) for rpc in RPCS)
        members = running.tree.pss_by_process_mb()
        seconds, loaded_mb = running.first_answer_s, sum(members.values())
        found = Start(target.name, seconds, cpu_s, idle_mb, loaded_mb, errors, members)
    log(f"{found.target}: {seconds:.2f} s, {cpu_s:.2f} s of CPU, {loaded_mb:.0f} MB")
    return found


def load(running: Running, rpc: str, photos: Sequence[bytes]) -> int:
    return running.endpoint.measure(rpc, photos, LOAD_CLIENTS, LOAD_S).errors.total()


def table(starts: Sequence[Start], note: str) -> Table:
    names = dict.fromkeys(each.target for each in starts)
    notes = (
        note,
        f"First answers to {', '.join(RPCS)}; optimized graphs and compiled modules exist already, as in "
        f"any start but the first. Load: {LOAD_CLIENTS} clients for {LOAD_S:g} s of each call. PSS of the "
        'whole process tree; "of which": by process, after the load.',
    )
    rows = [row([each for each in starts if each.target == name]) for name in names]
    return Table("start", HEADERS, rows, notes, [asdict(each) for each in starts])


def row(starts: Sequence[Start]) -> list[str]:
    return [
        starts[0].target,
        Spread.of(each.first_answers_s for each in starts).show(),
        Spread.of(each.cpu_s for each in starts).show(),
        Spread.of(each.idle_mb for each in starts).show(0),
        Spread.of(each.loaded_mb for each in starts).show(0),
        members(starts),
        str(len(starts)),
    ]


def members(starts: Sequence[Start]) -> str:
    """Median memory of each process that all starts had in common."""
    names = [name for name in starts[0].loaded_mb_by_process if name in _of_all(starts)]
    parts = ((name, median(each.loaded_mb_by_process[name] for each in starts)) for name in names)
    return ", ".join(f"{name.partition(' ')[2]} {mb:.0f}" for name, mb in parts)


def _of_all(starts: Sequence[Start]) -> set[str]:
    return set.intersection(*(set(each.loaded_mb_by_process) for each in starts))
