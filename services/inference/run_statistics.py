"""Counts what the runners of the graphs have done since their models were loaded."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.calls import CURRENT_CALL
from domain.errors import reason_of
from domain.spans import Attributes
from models.model import Model
from services.inference.batching.batcher import BatchObserver, BatchRun
from services.inference.batching.entries import Array, RunResult
from services.inference.runner import Runner


@dataclass(frozen=True, slots=True)
class RequestRun:
    """Rows that one caller submitted, and what became of them.

    Attributes:
        queue_s: seconds until a batch took the first row; 0 if the request failed.
        reason: why it failed, as errors name it, INTERNAL or CANCELLED; "" if it succeeded.
    """

    model: str
    version: str
    rows: int
    total_s: float
    queue_s: float = 0.0
    reason: str = ""


RequestObserver: TypeAlias = Callable[[RequestRun], None]


def observe_no_request(_run: RequestRun) -> None:
    """A `RequestObserver` that does nothing."""


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

    def __init__(self, observe: RequestObserver = observe_no_request) -> None:
        """`observe` is told of every request, too."""
        self.observe = observe
        self._by_graph: defaultdict[str, RunStatistics] = defaultdict(RunStatistics)

    def of(self, graph: str) -> RunStatistics:
        return self._by_graph[graph]

    def counting(self, observe: BatchObserver) -> BatchObserver:
        """A `BatchObserver` that counts batches here before it tells `observe` of them."""

        def count_and_observe(run: BatchRun) -> None:
            self.of(run.model).batches[run.rows].add(int(run.infer_s * 1e9))
            observe(run)

        return count_and_observe

    def clear(self) -> None:
        """Forget what warm-up did."""
        self._by_graph.clear()


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredRunner:
    """A `Runner` that counts what another one does."""

    graph: str
    version: str
    runner: Runner
    statistics: GraphStatistics

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> RunResult:
        started_ns = time.monotonic_ns()
        try:
            result = await self.runner.submit(rows, deadline=deadline, bulk=bulk)
        except BaseException as error:
            self._observe_failure(len(rows), time.monotonic_ns() - started_ns, error)
            raise
        self._observe_success(len(rows), time.monotonic_ns() - started_ns, result)
        return result

    def _observe_failure(self, rows: int, total_ns: int, error: BaseException) -> None:
        statistics = self.statistics
        statistics.of(self.graph).fail.add(total_ns)
        reason = reason_of(error)
        statistics.observe(RequestRun(self.graph, self.version, rows, total_ns / 1e9, reason=reason))

    def _observe_success(self, rows: int, total_ns: int, result: RunResult) -> None:
        statistics, queue_ns = self.statistics, result.queue_ns
        statistics.of(self.graph).observe_success(rows, queue_ns, result.run_ns, total_ns)
        statistics.observe(RequestRun(self.graph, self.version, rows, total_ns / 1e9, queue_ns / 1e9))
        if (trace := CURRENT_CALL.get().trace) is not None:
            taken_ns = time.time_ns() - total_ns + queue_ns
            attributes: Attributes = {
                "armoire.model": self.graph,
                "armoire.version": self.version,
                "armoire.rows": rows,
            }
            trace.record("queue", taken_ns - queue_ns, taken_ns, attributes)
            trace.record("run", taken_ns, taken_ns + result.run_ns, attributes)


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredRunners:
    """`Runners` that are measured, by graph."""

    runners: Mapping[str, MeasuredRunner]

    def runner(self, graph: str) -> MeasuredRunner:
        return self.runners[graph]


def measured(
    runners: Mapping[str, Runner], models: Mapping[str, Model], statistics: GraphStatistics
) -> dict[str, MeasuredRunner]:
    """The runners by graph, each counted in these statistics under its model's version."""
    return {
        graph: MeasuredRunner(graph, models[graph].version.model_version, runner, statistics)
        for graph, runner in runners.items()
    }
