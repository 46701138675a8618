"""From the start of a process to its first good answers, and the memory it then takes under load."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.figures import Spread
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, publish, say
from bench.targets import Armoire, Running, Target, bentoml, fastapi
from services.inference import cpu_count

RPCS = ("detect", "embed", "analyze")
HEADERS = ("server", "first answers, s", "PSS MB, idle", "PSS MB after load", "rounds")
LOAD_CLIENTS, LOAD_S = 32, 3.0


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a server: its first answer to each call, its memory before and after a load."""

    target: str
    first_answers_s: float
    idle_mb: float
    loaded_mb: float
    errors: int


def add_to(commands: Commands) -> None:
    summary = "Time from a process's start to its first answers, and its memory, beside other servers."
    parser = add_command(commands, "start", run, summary)
    parser.add_argument("--rounds", type=int, default=5, help="(%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos, pair, cores = read_photos(arguments), pair_of(arguments), cpu_count()
    targets: list[Target] = [Armoire(pair), bentoml(pair, 1, cores), fastapi(pair, 1, cores)]
    with scratch() as home:
        for target in targets:  # prepares graphs and compiles modules; not counted
            start(target, home, photos)
        starts = [start(target, home, photos) for _ in range(arguments.rounds) for target in targets]
    publish(table(starts, inputs_note(arguments, len(photos))), arguments.json)
    return not any(each.errors for each in starts)


def start(target: Target, home: Path, photos: Sequence[bytes]) -> Start:
    place = home / target.name.replace(" ", "-").replace(",", "")
    with target.running(place, RPCS, photos[0]) as running:
        idle_mb = running.tree.pss_mb()
        errors = sum(load(running, rpc, photos) for rpc in RPCS)
        found = Start(target.name, running.first_answer_s, idle_mb, running.tree.pss_mb(), errors)
    say(f"{found.target}: {found.first_answers_s:.2f} s, {found.loaded_mb:.0f} MB")
    return found


def load(running: Running, rpc: str, photos: Sequence[bytes]) -> int:
    return running.line.measure(rpc, photos, LOAD_CLIENTS, LOAD_S).errors.total()


def table(starts: Sequence[Start], note: str) -> Table:
    names = dict.fromkeys(each.target for each in starts)
    notes = (
        note,
        f"First answers to {', '.join(RPCS)}; prepared graphs and compiled modules are there already. "
        f"Load: {LOAD_CLIENTS} clients for {LOAD_S:g} s of each call. PSS of the whole process tree.",
    )
    rows = [row([each for each in starts if each.target == name]) for name in names]
    return Table("start", HEADERS, rows, notes, [asdict(each) for each in starts])


def row(starts: Sequence[Start]) -> list[str]:
    return [
        starts[0].target,
        Spread.of(each.first_answers_s for each in starts).show(),
        Spread.of(each.idle_mb for each in starts).show(0),
        Spread.of(each.loaded_mb for each in starts).show(0),
        str(len(starts)),
    ]
