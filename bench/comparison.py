"""Servers beside the plain loop: cells of one call at one number of clients, round by round.

Every cell is measured between two runs of the loop and compared with their mean, because shared machines
drift. The load comes from a process on the same cores, so its side of a call is the server's loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, nan
from pathlib import Path
from statistics import median

from armoire.bench.tally import Tally, percentile
from bench.lines import WARM_UP_S
from bench.raw import LoopSetting, RawModels, best_setting, raw_latencies_ms, raw_throughput
from bench.report import say
from bench.targets import Running, Target

TRY_S = 0.7
"""For each setting of the loop, to find the best."""
SETTLING_CLIENTS, SETTLING_S = 8, 1.0
"""A load that is not counted: a server with several processes answers when the first is ready."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, and how long.

    `min_calls` lengthens the runs until all rounds of a cell hold that many.
    """

    rpcs: Sequence[str]
    clients: Sequence[int]
    photos: Sequence[bytes]
    seconds: float
    rounds: int
    min_calls: int = 0

    def seconds_at(self, photos_per_s: float) -> float:
        return max(self.seconds, ceil(self.min_calls / self.rounds) / max(photos_per_s, 0.1))


@dataclass(frozen=True, slots=True)
class Cell:
    """One server, call and number of clients in one round, and the loop right before and after.

    `alone_p50_ms` is the loop's time for one photo with all cores, NaN where it was not asked for;
    `cpu_ms` is the server's CPU for a call, `pss_mb` its memory after the run.
    """

    target: str
    rpc: str
    clients: int
    round: int
    throughput_per_s: float
    raw_before_per_s: float
    raw_after_per_s: float
    alone_p50_ms: float
    latencies_ms: Sequence[float]
    errors: int
    cpu_ms: float
    pss_mb: float
    first_answer_s: float

    @property
    def ratio(self) -> float:
        """Of the loop's throughput."""
        return self.throughput_per_s * 2 / (self.raw_before_per_s + self.raw_after_per_s)

    @property
    def p50_ratio(self) -> float:
        """Of the loop's time for one photo."""
        return self.p_ms(50) / self.alone_p50_ms

    def p_ms(self, percent: float) -> float:
        value = percentile(self.latencies_ms, percent)
        return nan if value is None else value


def compare(targets: Sequence[Target], models: RawModels, plan: Plan, home: Path) -> list[Cell]:
    """All cells; in each round every target is started anew and has the machine to itself."""
    bench = _Bench(models, plan, {rpc: best_setting(models, rpc, plan.photos, TRY_S) for rpc in plan.rpcs})
    say(f"the loop is quickest with {', '.join(f'{rpc} {best}' for rpc, best in bench.settings.items())}")
    cells: list[Cell] = []
    for turn in range(plan.rounds):
        for target in targets:
            place = home / target.name.replace(" ", "-").replace(",", "")
            with target.running(place, plan.rpcs, plan.photos[0]) as running:
                running.line.measure(plan.rpcs[0], plan.photos, SETTLING_CLIENTS, SETTLING_S)
                for cell in bench.cells(target.name, running, turn):
                    say(f"round {turn + 1}, {cell.target}, {cell.rpc} {cell.clients}: {cell.ratio:.2f}")
                    cells.append(cell)
    return cells


@dataclass(frozen=True, slots=True)
class _Bench:
    models: RawModels
    plan: Plan
    settings: dict[str, LoopSetting]

    def cells(self, target: str, running: Running, turn: int) -> Iterator[Cell]:
        for rpc in self.plan.rpcs:
            before = self._raw(rpc)
            for clients in self.plan.clients:
                alone_before = self._alone_ms(rpc) if clients == 1 else nan
                tally, cpu_ms = self._serve(running, rpc, clients, before)
                alone_after = self._alone_ms(rpc) if clients == 1 else nan
                after = self._raw(rpc)
                yield Cell(
                    target,
                    rpc,
                    clients,
                    turn,
                    tally.answered / tally.seconds,
                    before,
                    after,
                    (alone_before + alone_after) / 2,
                    tally.latencies_ms.tolist(),
                    tally.errors.total(),
                    cpu_ms,
                    running.tree.pss_mb(),
                    running.first_answer_s,
                )
                before = after

    def _serve(self, running: Running, rpc: str, clients: int, raw_per_s: float) -> tuple[Tally, float]:
        """What came of the load, and CPU milliseconds for a call, those before and after the count included.

        The warm-up lasts until every client has had an answer, or they would all be in step.
        """
        seconds = self.plan.seconds_at(raw_per_s / 2 if clients == 1 else raw_per_s * 0.8)
        warm_up_s = max(WARM_UP_S, 1.5 * clients / raw_per_s)
        used_s = running.tree.cpu_s()
        tally = running.line.measure(rpc, self.plan.photos, clients, seconds, warm_up_s)
        used_s = running.tree.cpu_s() - used_s
        return tally, used_s * 1e3 / max(tally.replies, 1)

    def _raw(self, rpc: str) -> float:
        measure = partial(raw_throughput, self.models, rpc, self.plan.photos)
        return measure(self.settings[rpc], self.plan.seconds)

    def _alone_ms(self, rpc: str) -> float:
        return median(raw_latencies_ms(self.models, rpc, self.plan.photos, self.plan.seconds / 2))
