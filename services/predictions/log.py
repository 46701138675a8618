"""The prediction log: takes what calls were told, and writes it later."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from domain.calls import CURRENT_CALL
from domain.clock import MICROSECONDS, now_us
from domain.errors import ArmoireError
from services.background.backoff import Backoff
from services.background.log_throttle import LogThrottle
from services.background.retry import repeat
from services.catalog.ids import IdSource
from services.predictions.observation import Observation
from services.predictions.prediction import Prediction, Waiting
from services.predictions.recorder import SampleRatio, is_sampled

if TYPE_CHECKING:
    from services.predictions.store import PredictionStore

LOG = logging.getLogger("armoire.predictions")
DAY_US = 86_400 * MICROSECONDS
PURGE_EVERY_S = 3600.0
LogObserver: TypeAlias = Callable[[int, int], None]
"""Called with the numbers of entries that were written, and that were dropped."""
StoreOpener: TypeAlias = "Callable[[], Awaitable[PredictionStore]]"
"""Returns the open store, or raises Unavailable."""


@dataclass(frozen=True, slots=True)
class LogOptions:
    """What is logged, and how much may wait to be written.

    Attributes:
        keep_inputs: whether photos and texts are kept.
        embeddings: whether embeddings are kept.
        retention_days: after which entries are removed.
        batch: entries that are written at a time.
        pause_s: for which the writer lets entries gather, if there are fewer.
        flush_s: that the last writing has when the process ends.
    """

    keep_inputs: bool = False
    embeddings: bool = True
    retention_days: int = 30
    max_waiting: int = 1024
    max_waiting_bytes: int = 64 * 2**20
    batch: int = 128
    pause_s: float = 1.0
    flush_s: float = 5.0
    retry: Backoff = Backoff(0.5, 30.0)


def observe_nothing(_logged: int, _dropped: int) -> None:
    """A `LogObserver` that does nothing."""


class PredictionLog:
    """A `Recorder` with a bounded queue: what does not fit is dropped and counted. `run` writes, in batches.

    While the store does not answer, entries wait until it does, as many as fit.
    """

    def __init__(
        self,
        ratio: SampleRatio,
        open_store: StoreOpener,
        options: LogOptions = LogOptions(),
        observe: LogObserver = observe_nothing,
    ) -> None:
        self._ratio = ratio
        self._open_store = open_store
        self._options = options
        self._observe = observe
        self._ids = IdSource()
        self._waiting: deque[Waiting] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._batch_full = asyncio.Event()
        self._throttle = LogThrottle()

    def wants(self, element: str) -> bool:
        """See `Recorder`."""
        return is_sampled(self._ratio(CURRENT_CALL.get().principal.tenant_id), element)

    def record(self, observation: Observation) -> None:
        """See `Recorder`."""
        full = len(self._waiting) >= self._options.max_waiting
        if full or self._waiting_bytes + observation.size_bytes > self._options.max_waiting_bytes:
            self._drop(1)
            return
        self._waiting.append(Waiting(observation, CURRENT_CALL.get(), self._ids.next(), now_us()))
        self._waiting_bytes += observation.size_bytes
        self._arrived.set()
        if len(self._waiting) >= self._options.batch:
            self._batch_full.set()

    async def run(self) -> None:
        """Write what arrives, until cancelled."""
        await repeat(self._step, self._options.retry, self._log_failure)

    async def purge(self) -> None:
        """Remove what is older than the retention, every hour until cancelled."""
        while True:
            try:
                store = await self._open_store()
                await store.purge(now_us() - self._options.retention_days * DAY_US)
            except ArmoireError as error:
                self._throttle.warn(
                    LOG, "old entries of the prediction log could not be removed", error=error
                )
            await asyncio.sleep(PURGE_EVERY_S)

    async def flush(self) -> None:
        """Write what waits; what cannot be written in time is dropped. `run` must have ended."""
        try:
            async with asyncio.timeout(self._options.flush_s):
                while self._waiting:
                    await self._write_batch()
        except (ArmoireError, TimeoutError) as error:
            LOG.warning("%d entries of the prediction log were not written: %s", len(self._waiting), error)
            self._drop(len(self._waiting))
            self._waiting.clear()

    async def _step(self) -> None:
        """Wait for entries, let some gather, and write them all."""
        await self._arrived.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._options.pause_s):
                await self._batch_full.wait()
        while self._waiting:
            await self._write_batch()
        self._arrived.clear()
        self._batch_full.clear()

    async def _write_batch(self) -> None:
        """Write the oldest entries. Raises Unavailable; what fails otherwise is dropped."""
        store = await self._open_store()
        batch = list(islice(self._waiting, self._options.batch))
        try:
            await store.write(await asyncio.to_thread(self._predictions, batch))
        except ArmoireError:
            raise
        except Exception as error:
            self._throttle.warn(LOG, "entries of the prediction log cannot be stored", error=error)
            self._observe(0, len(batch))
        else:
            self._observe(len(batch), 0)
        for done in batch:
            self._waiting.popleft()
            self._waiting_bytes -= done.observation.size_bytes

    def _predictions(self, batch: Sequence[Waiting]) -> list[Prediction]:
        options = self._options
        return [
            each.prediction(keep_inputs=options.keep_inputs, embeddings=options.embeddings) for each in batch
        ]

    def _drop(self, count: int) -> None:
        self._observe(0, count)
        if (more := self._throttle.admit("dropped")) is not None:
            LOG.warning(
                "entries of the prediction log are dropped, because too many wait; %d since the last line",
                more + 1,
            )

    def _log_failure(self, error: Exception, _pause_s: float) -> None:
        self._throttle.warn(LOG, "the prediction log could not be written and is tried again", error=error)
