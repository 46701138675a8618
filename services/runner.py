"""A runner: one model behind one batcher, warmed before it answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.batching import (
    Array,
    Batched,
    Batcher,
    BatchingOptions,
    BatchObserver,
    Device,
    ModelRun,
    Priority,
    doubling_sizes,
    observe_nothing,
)
from services.calls import CURRENT_CALL

_WORTH = 1.1
"""How many times the rows a second a larger batch must answer, where it takes long."""


class Runner:
    """The only way to a model at run time: `submit` rows, await output rows.

    `submit` takes and returns plain arrays so that the model may live in another process.
    """

    def __init__(
        self,
        name: str,
        run: ModelRun,
        row: Array,
        device: Device,
        options: BatchingOptions,
        observe: BatchObserver = observe_nothing,
        run_alone: ModelRun | None = None,
    ) -> None:
        """`row` is a valid input row: what warm-up feeds the model. `run_alone`: as in `Batcher`."""
        self._run = run
        self._run_alone = run_alone
        self._row = row
        self._device = device
        self._options = options
        self._batcher = Batcher(name, run, device, options, observe, run_alone)

    async def warm_up(self) -> int:
        """Run every batch size that can occur, so that no caller pays for first-run work; return the largest.

        Sizes double. One that takes longer than `max_run_s` must answer a tenth more rows a second than the
        one before it, or growth ends there.
        """
        sizes = self._options.batch_sizes or doubling_sizes(self._options.max_batch)
        largest = await self._largest_that_pays(sizes)
        self.limit_batch(largest)
        return largest

    def limit_batch(self, rows: int) -> None:
        """Run no more than `rows` at a time, as `warm_up` has found before."""
        self._batcher.limit_batch(rows)

    async def _largest_that_pays(self, sizes: Sequence[int]) -> int:
        largest, rows_per_s = 0, 0.0
        for size in sizes:
            seconds = await self._seconds_of(size)
            if largest and seconds > self._options.max_run_s and size / seconds < _WORTH * rows_per_s:
                break
            largest, rows_per_s = size, size / seconds
        return largest

    async def _seconds_of(self, size: int) -> float:
        """A first run that takes long has a second chance: it may have had work that others will not."""
        rows = self._rows(size)
        seconds = await self._device.time(self._run, rows)
        if seconds <= self._options.max_run_s:
            return seconds
        return min(seconds, await self._device.time(self._run, rows))

    def _rows(self, count: int) -> Array:
        return np.repeat(self._row[None], count, axis=0)

    async def submit(self, rows: Array, *, bulk: bool = False) -> Batched:
        """Run `rows` (N, ...) before the current call's deadline; see `Batcher.submit` for the errors."""
        return await self._batcher.submit(
            rows,
            priority=Priority.BULK if bulk else Priority.INTERACTIVE,
            deadline=CURRENT_CALL.get().deadline,
        )
