"""The plain loop of Pillow and floats, beside the quicker one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bench.comparison import TRY_S
from bench.figures import Spread
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
from bench.plain import PlainModels
from bench.raw import LoopSetting, best_setting, loop_throughput, raw_throughput
from bench.report import Table, publish
from services.inference.cores import cpu_count

HEADERS = (
    "call",
    "loop of floats, photos/s",
    "raw loop, photos/s",
    "floats / raw",
    "95 % of the mean",
    "raw is quickest with",
)


@dataclass(frozen=True, slots=True)
class Round:
    """The loop of floats between two runs of the raw loop."""

    rpc: str
    floats_per_s: float
    raw_per_s: float
    setting: str

    @property
    def ratio(self) -> float:
        return self.floats_per_s / self.raw_per_s


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "loops", run, "The raw loop beside a loop of Pillow and floats.")
    add_runs(parser, seconds=3.0, rounds=5)


def run(arguments: argparse.Namespace) -> bool:
    photos, pair = read_photos(arguments), pair_of(arguments)
    with scratch() as home:
        raw = load_raw(arguments, home)
        graphs = pair.detector / "detector.onnx", pair.embedder / "image.onnx"
        plain = PlainModels.load(raw, *graphs, home / "floats")
        every = LoopSetting(cpu_count(), 1)
        rounds: list[Round] = []
        for rpc, work in plain.works().items():
            setting = best_setting(raw, rpc, photos, TRY_S)
            before = raw_throughput(raw, rpc, photos, setting, arguments.seconds)
            for _ in range(arguments.rounds):
                floats = loop_throughput(work, photos, every, arguments.seconds)
                after = raw_throughput(raw, rpc, photos, setting, arguments.seconds)
                rounds.append(Round(rpc, floats, (before + after) / 2, str(setting)))
                before = after
    publish(table(rounds, inputs_note(arguments, len(photos))), arguments.json)
    return True


def table(rounds: Sequence[Round], note: str) -> Table:
    rpcs = dict.fromkeys(each.rpc for each in rounds)
    rows = [row([each for each in rounds if each.rpc == rpc]) for rpc in rpcs]
    return Table("loops", HEADERS, rows, [note], [asdict(each) for each in rounds])


def row(rounds: Sequence[Round]) -> list[str]:
    ratio = Spread.of(each.ratio for each in rounds)
    return [
        rounds[0].rpc,
        Spread.of(each.floats_per_s for each in rounds).show(1),
        Spread.of(each.raw_per_s for each in rounds).show(1),
        ratio.show(),
        ratio.show_interval(),
        rounds[0].setting,
    ]
