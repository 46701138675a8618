"""Runners: the way to a model at run time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from services.inference.batching.batcher import (
    Batcher,
    BatchingOptions,
    BatchObserver,
    Device,
    ModelRun,
    doubling_sizes,
    observe_nothing,
)
from services.inference.batching.entries import Array, Batched, Priority

_WORTH = 1.05
"""How many times the rows a second a larger batch must answer, where it takes long."""
_LONGEST = 10
"""How many times `max_run_s` a batch may take, however well it pays."""


class Runner(Protocol):
    """The only way to a model at run time: rows in, output rows out.

    Plain arrays, so that the model may live in another process.
    """

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> Batched:
        """Run `rows` (N, ...) before the deadline, which is on the clock of `time.monotonic`.

        Raises:
            Overloaded: the queue is full.
            DeadlineExceeded: the deadline passed first.
            Unavailable: the device is closed or gone.
        """


class LocalRunner:
    """A `Runner` whose model is in this process: one model behind one batcher, warmed before it answers."""

    def __init__(
        self,
        name: str,
        run: ModelRun,
        row: Array,
        device: Device,
        options: BatchingOptions,
        observe: BatchObserver = observe_nothing,
        run_exclusive: ModelRun | None = None,
    ) -> None:
        """`row` is a valid input row: what warm-up feeds the model. `run_exclusive`: as in `Batcher`."""
        self._run = run
        self._run_exclusive = run_exclusive
        self.row = row
        self._device = device
        self._options = options
        self._batcher = Batcher(name, run, device, options, observe, run_exclusive)

    @property
    def name(self) -> str:
        return self._batcher.name

    async def warm_up(self) -> int:
        """Run growing batches, so that callers pay for little first-run work; return the largest to form.

        Sizes are those that batches are padded to; where none are given they double, and those between them
        are not run. One that takes longer than `max_run_s` must answer a twentieth more rows a second than
        the best before it, and growth ends where one would take about ten times `max_run_s`.
        """
        sizes = self._options.batch_sizes or doubling_sizes(self._options.max_batch)
        largest = await self._largest_that_pays(sizes)
        self.limit_batch(largest)
        return largest

    def limit_batch(self, rows: int) -> None:
        """Run no more than `rows` at a time, as `warm_up` has found before."""
        self._batcher.limit_batch(rows)

    async def _largest_that_pays(self, sizes: Sequence[int]) -> int:
        short_s = self._options.max_run_s
        largest, rows_per_s = sizes[0], 0.0
        for size in sizes:
            if rows_per_s and size / rows_per_s > _LONGEST * short_s:
                break
            seconds = await self._seconds_of(size)
            if seconds <= short_s or size / seconds >= _WORTH * rows_per_s:
                largest, rows_per_s = size, size / seconds
        return largest

    async def _seconds_of(self, size: int) -> float:
        """A first run that takes long has a second chance: it may have had work that others will not."""
        seconds = await self._time(size)
        if seconds <= self._options.max_run_s:
            return seconds
        return min(seconds, await self._time(size))

    async def _time(self, size: int) -> float:
        return await self._device.time(self._run, np.repeat(self.row[None], size, axis=0))

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> Batched:
        priority = Priority.BULK if bulk else Priority.INTERACTIVE
        return await self._batcher.submit(rows, priority=priority, deadline=deadline)
