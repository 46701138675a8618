"""The command `indexing`: how many photos are indexed a second, beside Analyze."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from armoire.bench.requests import photo_requests
from bench.endpoints import GrpcEndpoint
from bench.indexing_load import AT_A_TIME, Indexing, index_for, indexing
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, log, publish
from bench.spread import Spread
from demo.server import ServerProcess

HEADERS = ("round", "Analyze, photos/s, before and after", "indexed, photos/s", "ratio")
LEAD_S = 1.0
"""Of indexing that is not counted."""


@dataclass(frozen=True, slots=True)
class IndexRound:
    """Indexing between two measurements of Analyze with as many clients as photos are indexed at a time."""

    analyze_before_per_s: float
    analyze_after_per_s: float
    indexed: Indexing

    @property
    def ratio(self) -> float:
        return self.indexed.per_s * 2 / (self.analyze_before_per_s + self.analyze_after_per_s)


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "indexing", run, "Indexing beside Analyze.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0, help="of every run (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    with scratch() as home, ServerProcess(home, environment=pair_of(arguments).environment) as server:
        index_for(server.address, photos, LEAD_S)
        rounds = [index_round(server.address, photos, arguments.seconds) for _ in range(arguments.rounds)]
    publish(table(rounds, inputs_note(arguments, len(photos))), arguments.json)
    return True


def index_round(address: str, photos: Sequence[bytes], seconds: float) -> IndexRound:
    line = GrpcEndpoint(address, photo_requests)
    before = line.measure("analyze", photos, AT_A_TIME, seconds)
    with indexing(address, photos, seconds) as indexed:
        found = indexed.result()
    after = line.measure("analyze", photos, AT_A_TIME, seconds)
    done = IndexRound(before.answered / seconds, after.answered / seconds, found)
    log(f"indexing {done.ratio:.2f} of Analyze")
    return done


def table(rounds: Sequence[IndexRound], note: str) -> Table:
    rows = [
        [
            str(number + 1),
            f"{each.analyze_before_per_s:.1f}, {each.analyze_after_per_s:.1f}",
            f"{each.indexed.per_s:.1f}",
            f"{each.ratio:.2f}",
        ]
        for number, each in enumerate(rounds)
    ]
    rows.append(["all", "", "", Spread.of(each.ratio for each in rounds).show()])
    return Table("indexing", HEADERS, rows, [note], [asdict(each) for each in rounds])
