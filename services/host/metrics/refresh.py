"""Refreshes the metrics that are read at a moment instead of counted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.errors import ArmoireError
from services.background.log_throttle import LogThrottle
from services.host.metrics import definitions as defined
from services.host.metrics.gpu import GpuSampler, loaded_nvml
from services.host.metrics.process import ProcessSampler
from services.host.metrics.prometheus import Metrics

LOG = logging.getLogger("armoire")
PERIOD_S = 5.0
"""For processes without an HTTP port, and for those on which a scrape does not fall."""

PendingRows: TypeAlias = Callable[[], Iterable[tuple[str, str, int]]]
"""Returns the model, the version and the waiting rows of each model."""


@dataclass(eq=False)
class Refresher:
    """Reads this process, its models' queues and the GPUs every few seconds and before each scrape.

    `backlog` sets what only the database knows. It is called before scrapes only, one at a time.
    """

    metrics: Metrics
    pending_rows: PendingRows
    backlog: Callable[[], Awaitable[None]] | None = None
    _pending: dict[tuple[str, str], int] = field(default_factory=dict, init=False)
    _throttle: LogThrottle = field(default_factory=LogThrottle, init=False)

    def __post_init__(self) -> None:
        self._samplers = ProcessSampler(self.metrics), GpuSampler(self.metrics, loaded_nvml())
        self._reading = asyncio.Lock()

    async def run(self) -> None:
        """Sample until cancelled."""
        while True:
            self.sample()
            await asyncio.sleep(PERIOD_S)

    def sample(self) -> None:
        """Read what needs no wait."""
        for sampler in self._samplers:
            sampler.sample()
        self._pending = dict.fromkeys(self._pending, 0)  # a model that was unloaded has none
        for model, version, rows in self.pending_rows():
            self._pending[model, version] = rows
        for (model, version), rows in self._pending.items():
            self.metrics.set(defined.PENDING_ROWS, rows, model, version)

    async def refresh(self) -> None:
        """Read everything. If the database cannot be read, its gauges keep their values."""
        self.sample()
        if self.backlog is None:
            return
        async with self._reading:
            try:
                await self.backlog()
            except ArmoireError as error:
                if self._throttle.admit() is not None:
                    LOG.warning("metrics of the catalogue are old, because it cannot be read: %s", error)
