"""Runners, through which models are called."""

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
"""The gain in rows per second that justifies a batch that takes longer than `max_run_s`."""
_MAX_RUNS = 10
"""The longest run of a batch, as a multiple of `max_run_s`."""


class Runner(Protocol):
    """Runs a model: rows in, output rows out.

    Rows are plain arrays, so that the model may be in another process.
    """

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> RunResult:
        """Run `rows` (N, ...) before the deadline, which is on the clock of `time.monotonic`.

        Raises:
            FailedPrecondition: there are more rows than the queue ever holds.
            Overloaded: the queue is full.
            DeadlineExceeded: the deadline passed before the rows had run.
            Unavailable: the device is closed or gone.
        """


class LocalRunner:
    """A `Runner` of a model in this process: one model, one batcher, warmed up before it answers."""

    def __init__(
        self,
        model: BatchModel,
        row: Array,
        device: Device,
        options: BatchingOptions,
        observe: BatchObserver = observe_nothing,
    ) -> None:
        """`row` is a valid input row, which warm-up uses."""
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
        """The number of rows that no batch has taken yet."""
        return self._batcher.waiting_rows

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> RunResult:
        priority = Priority.BULK if bulk else Priority.INTERACTIVE
        return await self._batcher.submit(rows, priority=priority, deadline=deadline)

    @property
    def max_batch(self) -> int:
        """The most rows of a batch."""
        return self._batcher.max_batch

    def close(self) -> None:
        """Refuse all further rows."""
        self._batcher.close()

    def limit_batch(self, rows: int) -> None:
        """Set the largest batch to `rows`, which an earlier `warm_up` has found."""
        self._batcher.limit_batch(rows)

    async def warm_up(self) -> int:
        """Run batches of growing size, so that first-run work is done; returns the largest batch to form.

        The sizes are those that batches are padded to, or powers of two if there are none. A batch that takes
        longer than `max_run_s` must answer 5 % more rows per second than the best one before it, and none is
        tried that would take about ten times `max_run_s`.
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
        """Seconds for a batch of `size`; the second run counts if the first is slow, as first runs may be."""
        seconds = await self._run_everywhere_s(size)
        if seconds <= self._options.max_run_s:
            return seconds
        return min(seconds, await self._run_everywhere_s(size))

    async def _run_everywhere_s(self, size: int) -> float:
        """Seconds of the slowest of concurrent batches of `size` on all slots.

        Slots share the memory bandwidth, and what a large batch saves of it does not show in a single run.
        """
        rows = np.repeat(self.row[None], size, axis=0)
        return max(await self._device.run_on_every_thread(partial(self._run_s, rows)))

    def _run_s(self, rows: Array) -> float:
        batch = self._device.allocate(rows.shape, rows.dtype)
        batch[...] = rows
        started = self._device.clock()
        self._model.run(batch)
        return self._device.clock() - started
