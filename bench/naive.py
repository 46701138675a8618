"""The command `naive`: a naive loop of Pillow and float tensors beside the raw loop."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bench.comparison import TRY_S
from bench.naive_models import NaiveModels
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
from bench.raw_loop import LoopSetting, best_setting, loop_throughput, raw_throughput
from bench.report import Table, publish
from bench.spread import Spread
from services.inference.cores import cpu_count

HEADERS = (
    "call",
    "naive loop, photos/s",
    "raw loop, photos/s",
    "naive / raw",
    "95 % CI of the mean",
    "fastest setting of the raw loop",
)


@dataclass(frozen=True, slots=True)
class Round:
    """One run of the naive loop between two runs of the raw loop; `raw_per_s` is the mean of the two."""

    rpc: str
    naive_per_s: float
    raw_per_s: float
    setting: str

    @property
    def ratio(self) -> float:
        return self.naive_per_s / self.raw_per_s


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "naive", run, "A naive loop of Pillow and floats beside the raw loop.")
    add_runs(parser, seconds=3.0, rounds=5)


def run(arguments: argparse.Namespace) -> bool:
    photos, pair = read_photos(arguments), pair_of(arguments)
    with scratch() as home:
        raw = load_raw(arguments, home)
        graphs = pair.detector / "detector.onnx", pair.embedder / "image.onnx"
        naive = NaiveModels.load(raw, *graphs, home / "naive")
        setting_of_naive = LoopSetting(cpu_count(), 1)
        rounds: list[Round] = []
        for rpc, work in naive.works().items():
            setting = best_setting(raw, rpc, photos, TRY_S)
            before = raw_throughput(raw, rpc, photos, setting, arguments.seconds)
            for _ in range(arguments.rounds):
                naive_per_s = loop_throughput(work, photos, setting_of_naive, arguments.seconds)
                after = raw_throughput(raw, rpc, photos, setting, arguments.seconds)
                rounds.append(Round(rpc, naive_per_s, (before + after) / 2, str(setting)))
                before = after
    publish(table(rounds, inputs_note(arguments, len(photos))), arguments.json)
    return True


def table(rounds: Sequence[Round], note: str) -> Table:
    rpcs = dict.fromkeys(each.rpc for each in rounds)
    rows = [row([each for each in rounds if each.rpc == rpc]) for rpc in rpcs]
    return Table("naive", HEADERS, rows, [note], [asdict(each) for each in rounds])


def row(rounds: Sequence[Round]) -> list[str]:
    ratio = Spread.of(each.ratio for each in rounds)
    return [
        rounds[0].rpc,
        Spread.of(each.naive_per_s for each in rounds).show(1),
        Spread.of(each.raw_per_s for each in rounds).show(1),
        ratio.show(),
        ratio.show_interval(),
        rounds[0].setting,
    ]
