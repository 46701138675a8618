"""Servers beside the raw loop: one cell for each server, call, number of clients and round.

Every cell is measured between two runs of the raw loop and compared with their mean, because the speed of
shared machines drifts. The load generator runs on the same cores, so its CPU time lowers the server's
throughput.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, nan
from pathlib import Path
from statistics import median

from armoire.bench.tally import Tally, percentile
from bench.endpoints import WARM_UP_S
from bench.machine_load import MachineLoad
from bench.raw_loop import LoopSetting, RawModels, best_setting, raw_latencies_ms, raw_throughput
from bench.report import log
from bench.targets import Running, Target

TRY_S = 0.7
"""Seconds for which each setting of the raw loop is tried."""
SETTLING_CLIENTS, SETTLING_S = 8, 1.0
"""An uncounted load before the first cell: a server of several processes answers once the first is ready."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, and how long; `min_calls` lengthens the runs to that many calls over all rounds."""

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
    """One server, call and number of clients in one round, and the raw loop right before and after.

    `alone_p50_ms` is the raw loop's time for one photo on all cores, NaN unless there is one client;
    `cpu_ms` is the server's CPU time per call, `pss_mb` its memory after the run; `cores` and `gpu` are the
    shares of the machine's cores and of its busiest GPU that all programs kept busy, NaN where not known.
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
    cores: float = nan
    gpu: float = nan

    @property
    def ratio(self) -> float:
        """Throughput, as a share of the raw loop's."""
        return self.throughput_per_s * 2 / (self.raw_before_per_s + self.raw_after_per_s)

    @property
    def p50_ratio(self) -> float:
        """Median latency, as a multiple of the raw loop's time for one photo."""
        return self.p_ms(50) / self.alone_p50_ms

    def p_ms(self, percent: float) -> float:
        value = percentile(self.latencies_ms, percent)
        return nan if value is None else value


def compare(targets: Sequence[Target], models: RawModels, plan: Plan, home: Path) -> list[Cell]:
    """Measure all cells; in each round every target is started anew and runs alone."""
    bench = _Bench(models, plan, {rpc: best_setting(models, rpc, plan.photos, TRY_S) for rpc in plan.rpcs})
    log(f"the raw loop is fastest with {', '.join(f'{rpc} {best}' for rpc, best in bench.settings.items())}")
    cells: list[Cell] = []
    for turn in range(plan.rounds):
        for target in targets:
            folder = home / target.name.replace(" ", "-").replace(",", "")
            with target.running(folder, plan.rpcs, plan.photos[0]) as running:
                running.endpoint.measure(plan.rpcs[0], plan.photos, SETTLING_CLIENTS, SETTLING_S)
                for cell in bench.cells(target.name, running, turn):
                    log(f"round {turn + 1}, {cell.target}, {cell.rpc} {cell.clients}: {cell.ratio:.2f}")
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
                with MachineLoad() as load:
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
                    load.cores,
                    load.gpu,
                )
                before = after

    def _serve(self, running: Running, rpc: str, clients: int, raw_per_s: float) -> tuple[Tally, float]:
        """The tally of the load, and CPU milliseconds per call, calls of the warm-up included.

        The warm-up lasts until every client has had an answer; otherwise the clients would run in step.
        """
        seconds = self.plan.seconds_at(raw_per_s / 2 if clients == 1 else raw_per_s * 0.8)
        warm_up_s = max(WARM_UP_S, 1.5 * clients / raw_per_s)
        used_s = running.tree.cpu_s()
        tally = running.endpoint.measure(rpc, self.plan.photos, clients, seconds, warm_up_s)
        used_s = running.tree.cpu_s() - used_s
        return tally, used_s * 1e3 / max(tally.replies, 1)

    def _raw(self, rpc: str) -> float:
        measure = partial(raw_throughput, self.models, rpc, self.plan.photos)
        return measure(self.settings[rpc], self.plan.seconds)

    def _alone_ms(self, rpc: str) -> float:
        return median(raw_latencies_ms(self.models, rpc, self.plan.photos, self.plan.seconds / 2))
