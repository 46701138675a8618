"""A runner: one model behind one batcher, warmed before it answers."""

from __future__ import annotations

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
    observe_nothing,
)
from services.calls import CURRENT_CALL


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
        self._warm_sizes = options.batch_sizes or (1, options.max_batch)
        self._batcher = Batcher(name, run, device, options, observe, run_alone)

    async def warm_up(self) -> None:
        """Run every batch size the model will often see, so that no caller pays for first-run work."""
        for size in sorted(set(self._warm_sizes)):
            await self._device.run(self._run, np.repeat(self._row[None], size, axis=0))
        if self._run_alone is not None:
            await self._device.run(self._run_alone, self._row[None])

    async def submit(self, rows: Array, *, bulk: bool = False) -> Batched:
        """Run `rows` (N, ...) before the current call's deadline; see `Batcher.submit` for the errors."""
        return await self._batcher.submit(
            rows,
            priority=Priority.BULK if bulk else Priority.INTERACTIVE,
            deadline=CURRENT_CALL.get().deadline,
        )
