"""A load that was sent, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from armoire.bench.load import Load
from armoire.bench.tally import Tally, percentile
from armoire.bench.worker import STOP
from armoire.bench.workers import receive, started, tell

_HEAD_START_S = 0.05
"""So that every worker knows the time to begin before it comes."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A load and what came of it; cut short where `interrupted`.

    `batch_rows` is, by model and largest size, how many batches the server ran meanwhile, where known.
    """

    load: Load
    processes: int
    tally: Tally
    interrupted: bool = False
    batch_rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def throughput_per_s(self) -> float:
        """Good answers a second."""
        return self.tally.answered / self.tally.seconds if self.tally.seconds else 0.0

    def percentile_ms(self, percent: float) -> float | None:
        return percentile(self.tally.latencies_ms, percent)


async def measure(
    load: Load, processes: int = 1, on_second: Callable[[], None] = lambda: None
) -> Measurement:
    """Sends the load from that many processes and counts what comes of it.

    A cancellation once the load has begun stops it and is not passed on: the measurement then says
    `interrupted`.

    Args:
        on_second: called about once a second, warm-up included.

    Raises:
        WorkerLost: a process ended by itself.
    """
    shares = load.split(processes)
    with started(len(shares)) as workers:
        for worker, share in zip(workers, shares, strict=True):
            tell(worker, share)
        await asyncio.gather(*map(receive, workers))  # all are connected
        begin_s = time.monotonic() + _HEAD_START_S
        for worker in workers:
            tell(worker, begin_s)
        tallies = asyncio.gather(*map(receive, workers))
        interrupted = False
        try:
            await _wait(tallies, load.warm_up_s + load.seconds, on_second)
        except asyncio.CancelledError:
            interrupted = True
            for worker in workers:
                tell(worker, STOP)
        tally = _sum(await tallies)
    return Measurement(load, len(workers), tally, interrupted)


async def _wait(work: asyncio.Future[Any], seconds: float, on_second: Callable[[], None]) -> None:
    """Until the work is done, counting the seconds meanwhile. A cancellation leaves the work alone."""
    for _ in range(int(seconds)):
        done, _ = await asyncio.wait([work], timeout=1)
        if done:
            return
        on_second()
    await asyncio.wait([work])


def _sum(tallies: Sequence[Tally]) -> Tally:
    total, *others = tallies
    for other in others:
        total.add(other)
    return total
