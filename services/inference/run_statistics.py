"""Counts what the runners of the graphs have done since their models were loaded."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.inference.batching.batcher import BatchObserver
from services.inference.batching.entries import Array, RunResult
from services.inference.runner import Runner


@dataclass(slots=True)
class Duration:
    """How many times something took place, and its total time."""

    count: int = 0
    ns: int = 0

    def add(self, ns: int) -> None:
        self.count += 1
        self.ns += ns


@dataclass(slots=True, eq=False)
class RunStatistics:
    """The requests of one graph, and its batches by their size. It changes only on the event loop.

    Attributes:
        rows: of the requests that succeeded.
        last_ms: when the last request succeeded, in milliseconds since 1970.
    """

    success: Duration = field(default_factory=Duration)
    fail: Duration = field(default_factory=Duration)
    queue: Duration = field(default_factory=Duration)
    run: Duration = field(default_factory=Duration)
    rows: int = 0
    last_ms: int = 0
    batches: defaultdict[int, Duration] = field(default_factory=lambda: defaultdict(Duration))

    def observe_success(self, rows: int, queue_ns: int, run_ns: int, total_ns: int) -> None:
        self.success.add(total_ns)
        self.queue.add(queue_ns)
        self.run.add(run_ns)
        self.rows += rows
        self.last_ms = time.time_ns() // 1_000_000


class GraphStatistics:
    """The statistics of each graph of one model, or of those that a process starts with."""

    def __init__(self) -> None:
        self._by_graph: defaultdict[str, RunStatistics] = defaultdict(RunStatistics)

    def of(self, graph: str) -> RunStatistics:
        return self._by_graph[graph]

    def counting(self, observe: BatchObserver) -> BatchObserver:
        """A `BatchObserver` that counts batches here before it tells `observe` of them."""

        def count_and_observe(graph: str, rows: int, seconds: float) -> None:
            self.of(graph).batches[rows].add(int(seconds * 1e9))
            observe(graph, rows, seconds)

        return count_and_observe

    def clear(self) -> None:
        """Forget what warm-up did."""
        self._by_graph.clear()


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredRunner:
    """A `Runner` that counts what another one does."""

    graph: str
    runner: Runner
    statistics: GraphStatistics

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> RunResult:
        started_ns = time.monotonic_ns()
        try:
            result = await self.runner.submit(rows, deadline=deadline, bulk=bulk)
        except BaseException:
            self.statistics.of(self.graph).fail.add(time.monotonic_ns() - started_ns)
            raise
        total_ns = time.monotonic_ns() - started_ns
        self.statistics.of(self.graph).observe_success(len(rows), result.queue_ns, result.run_ns, total_ns)
        return result


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredRunners:
    """`Runners` that are measured, by graph."""

    runners: Mapping[str, MeasuredRunner]

    def runner(self, graph: str) -> MeasuredRunner:
        return self.runners[graph]


def measured(runners: Mapping[str, Runner], statistics: GraphStatistics) -> dict[str, MeasuredRunner]:
    """The runners by graph, each counted in these statistics."""
    return {graph: MeasuredRunner(graph, runner, statistics) for graph, runner in runners.items()}
