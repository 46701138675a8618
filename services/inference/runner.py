"""Runners: the way to a model at run time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import numpy as np

from services.inference.batching.batcher import Batcher, BatchModel, BatchObserver, observe_nothing
from services.inference.batching.device import Device
from services.inference.batching.entries import Array, Priority, RunResult
from services.inference.batching.options import BatchingOptions, doubling_sizes

_MIN_GAIN = 1.05
"""How many times the rows a second a larger batch must answer, where it takes long."""
_MAX_RUNS = 10
"""How many times `max_run_s` a batch may take, whatever it answers."""


class Runner(Protocol):
    """The only way to a model at run time: rows in, output rows out.

    Plain arrays, so that the model may live in another process.
    """

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> RunResult:
        """Run `rows` (N, ...) before the deadline, which is on the clock of `time.monotonic`.

        Raises:
            FailedPrecondition: there are more rows than the queue ever holds.
            Overloaded: the queue is full.
            DeadlineExceeded: the deadline passed first.
            Unavailable: the device is closed or gone.
        """


class LocalRunner:
    """A `Runner` whose model is in this process: one model behind one batcher, warmed before it answers."""

    def __init__(
        self,
        model: BatchModel,
        row: Array,
        device: Device,
        options: BatchingOptions,
        observe: BatchObserver = observe_nothing,
    ) -> None:
        """`row` is a valid input row: what warm-up feeds the model."""
        self.row = row
        self._model = model
        self._device = device
        self._options = options
        self._batcher = Batcher(model, device, options, observe)

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def waiting_rows(self) -> int:
        """Rows that no batch has taken."""
        return self._batcher.waiting_rows

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> RunResult:
        priority = Priority.BULK if bulk else Priority.INTERACTIVE
        return await self._batcher.submit(rows, priority=priority, deadline=deadline)

    def limit_batch(self, rows: int) -> None:
        """Run no more than `rows` at a time, as `warm_up` has found before."""
        self._batcher.limit_batch(rows)

    async def warm_up(self) -> int:
        """Run growing batches, so that callers pay for little first-run work; return the largest to form.

        Their sizes are those that batches are padded to; where none are given they double, and the sizes
        between them are not run. A batch that takes longer than `max_run_s` must answer 5 % more rows a
        second than the best before it, and none is tried that would take about ten times `max_run_s`.
        """
        sizes = self._options.batch_sizes or doubling_sizes(self._options.max_batch)
        largest = await self._largest_that_pays(sizes)
        self.limit_batch(largest)
        return largest

    async def _largest_that_pays(self, sizes: Sequence[int]) -> int:
        short_s = self._options.max_run_s
        largest, rows_per_s = sizes[0], 0.0
        for size in sizes:
            if rows_per_s and size / rows_per_s > _MAX_RUNS * short_s:
                break
            seconds = await self._measure_s(size)
            if seconds <= short_s or size / seconds >= _MIN_GAIN * rows_per_s:
                largest, rows_per_s = size, size / seconds
        return largest

    async def _measure_s(self, size: int) -> float:
        """Seconds for a batch of `size`; of two where the first takes long, which may be first-run work."""
        seconds = await self._run_everywhere_s(size)
        if seconds <= self._options.max_run_s:
            return seconds
        return min(seconds, await self._run_everywhere_s(size))

    async def _run_everywhere_s(self, size: int) -> float:
        """Seconds for a batch of `size` on every slot at once, the slowest of them.

        Slots share the memory's bandwidth: what a large batch saves of it does not show in one run alone.
        """
        rows = np.repeat(self.row[None], size, axis=0)
        return max(await self._device.run_on_every_thread(partial(self._run_s, rows)))

    def _run_s(self, rows: Array) -> float:
        batch = self._device.allocate(rows.shape, rows.dtype)
        batch[...] = rows
        started = self._device.clock()
        self._model.run(batch)
        return self._device.clock() - started
