"""Turns the rows of requests into batches for one model, and the outputs of batches into answers.

Rows wait in the model's queue until a thread of the device takes them (see `schedule.py`). The thread forms
the batch, runs the model and hands the output to the event loop, which answers the callers; it takes its next
batch without waiting for the loop.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from domain.calls import CURRENT_CALL, Call
from domain.errors import Unavailable
from services.inference.batching.device import Device, ModelRun
from services.inference.batching.entries import Array, Entry, EntrySlice, Priority, RunResult, row_count
from services.inference.batching.model_queue import ModelQueue
from services.inference.batching.options import BatchingOptions
from services.inference.batching.refusals import no_room, too_large
from services.inference.batching.retry_after import DrainRate, RetryAfter
from services.inference.batching.schedule import Batch


@dataclass(frozen=True, slots=True)
class BatchRun:
    """A batch that has run.

    Attributes:
        model: the model's name, and `version` its version.
        rows: without padding.
        input_s: seconds in which the batch was formed.
        infer_s: seconds of the model.
        output_s: seconds from then until the callers had their rows, which the event loop passes on.
    """

    model: str
    version: str
    rows: int
    input_s: float
    infer_s: float
    output_s: float


BatchObserver: TypeAlias = Callable[[BatchRun], None]
"""Called after every batch."""


def observe_nothing(_run: BatchRun) -> None:
    """An observer that does nothing."""


@dataclass(frozen=True, slots=True)
class BatchModel:
    """The functions with which a batcher runs one model.

    Attributes:
        name: its name in metrics and messages.
        run: runs a batch while other batches may run on the other slots.
        run_exclusive: runs a batch on all cores of the device; None if the model cannot.
        version: its version in metrics.
    """

    name: str
    run: ModelRun
    run_exclusive: ModelRun | None = None
    version: str = ""

    def run_for(self, exclusive: bool) -> ModelRun:
        return self.run_exclusive if exclusive and self.run_exclusive is not None else self.run


@dataclass(frozen=True, slots=True, eq=False)
class _Ran:
    """The output rows of a batch, and when it was taken, when the model started and when it ended."""

    outputs: Array
    taken: float
    started: float
    ended: float

    def observed(self, model: BatchModel, delivered: float) -> BatchRun:
        times = self.started - self.taken, self.ended - self.started, delivered - self.ended
        return BatchRun(model.name, model.version, len(self.outputs), *times)


class Batcher:
    """Queues rows for one model, runs them in batches on a device and answers each request."""

    def __init__(
        self,
        model: BatchModel,
        device: Device,
        options: BatchingOptions = BatchingOptions(),
        observe: BatchObserver = observe_nothing,
    ) -> None:
        self._model = model
        self._device = device
        self._options = options
        self._observe = observe
        self._queue = ModelQueue(
            options.max_batch, options.bulk_every, can_run_exclusive=model.run_exclusive is not None
        )
        self._drain_rate = DrainRate(options.max_queue_rows, device.clock)
        self._retry_after = {priority: RetryAfter(self._drain_rate, device.clock) for priority in Priority}
        self._closed = False
        device.attach(self._queue, self._run_batch)

    def close(self) -> None:
        """Leave the device; rows that wait fail, and later ones are refused with Unavailable."""
        self._closed = True
        self._device.detach(self._queue)

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def max_batch(self) -> int:
        """The most rows of a batch."""
        return self._queue.max_batch

    @property
    def waiting_rows(self) -> int:
        """The number of rows that no batch has taken yet."""
        return self._queue.rows

    def limit_batch(self, rows: int) -> None:
        """Limit batches to `rows`, or to `options.max_batch` if that is less."""
        self._queue.max_batch = min(rows, self._options.max_batch)

    async def submit(
        self,
        rows: Array,
        *,
        priority: Priority = Priority.INTERACTIVE,
        deadline: float | None = None,
    ) -> RunResult:
        """Run the model on `rows` (N, ...) and return its output rows (N, ...) in the same order.

        `deadline` is on the device's clock. Cancelling the awaiting task withdraws the rows that no batch
        has taken.

        Raises:
            FailedPrecondition: the request alone exceeds the queue's limit of rows or of bytes.
            Overloaded: the queue has no room for these rows now.
            DeadlineExceeded: the deadline passed before the rows had run.
            Unavailable: the device is closed, or the model was unloaded.
        """
        if len(rows) == 0:
            raise ValueError("submit needs at least one row")
        future: asyncio.Future[RunResult] = asyncio.get_running_loop().create_future()
        entry = Entry(rows, future, priority, deadline, self._device.clock())
        with self._device.lock:
            self._device.require_open()
            if self._closed:
                raise Unavailable("the model was unloaded", reason="MODEL_UNLOADED")
            self._require_room(entry)
            self._queue.add(entry)
        self._device.admit_soon()
        try:
            return await future
        finally:
            self._withdraw([entry])

    def _require_room(self, entry: Entry) -> None:
        options, queue = self._options, self._queue
        self._require_within(entry, "rows", len(entry.rows), queue.rows, options.max_queue_rows)
        self._require_within(entry, "bytes", entry.rows.nbytes, queue.bytes, options.max_queue_bytes)

    def _require_within(self, entry: Entry, unit: str, needed: int, waiting: int, limit: int) -> None:
        if needed > limit:
            raise too_large(self.name, needed, unit, limit)
        if waiting + needed > limit:
            retry_after_s = self._retry_after[entry.priority].reserve(len(entry.rows))
            raise no_room(self.name, needed, unit, limit, retry_after_s)

    def _withdraw(self, entries: Iterable[Entry]) -> None:
        with self._device.lock:
            for entry in entries:
                self._queue.withdraw(entry)

    def _run_batch(self, batch: Batch) -> None:
        """Run a batch on a thread of the device, and pass its outputs or its error to the event loop."""
        loop = batch.slices[0].entry.future.get_loop()
        try:
            ran = self._run(batch)
        except BaseException as error:
            self._withdraw(piece.entry for piece in batch.slices)
            loop.call_soon_threadsafe(self._fail, batch.slices, error)
        else:
            loop.call_soon_threadsafe(self._deliver, batch.slices, ran)

    def _run(self, batch: Batch) -> _Ran:
        count = row_count(batch.slices)
        taken = self._device.clock()
        rows = self._gather(batch.slices, count)
        started = self._device.clock()
        with _call_until(_latest_deadline(batch.slices)):
            outputs = self._model.run_for(batch.exclusive)(rows)[:count]
        ended = self._device.clock()
        if len(outputs) != count:
            raise RuntimeError(f"{self.name} returned {len(outputs)} rows for {count}")
        if self._device.staging is not None and np.may_share_memory(outputs, rows):
            outputs = outputs.copy()  # the next batch of this thread uses the same memory
        return _Ran(outputs, taken, started, ended)

    def _gather(self, slices: Sequence[EntrySlice], count: int) -> Array:
        """The rows of all slices, padded with zeros to a size that the model was warmed up for."""
        padded = self._options.padded_size(count)
        first = slices[0].rows
        if len(slices) == 1 and padded == count and self._device.staging is None:
            return first
        gathered = self._device.allocate((padded, *first.shape[1:]), first.dtype)
        np.concatenate([piece.rows for piece in slices], out=gathered[:count])
        gathered[count:] = 0
        return gathered

    def _deliver(self, slices: Sequence[EntrySlice], ran: _Ran) -> None:
        """Answer the entries of a batch, on the event loop.

        An entry whose deadline has passed fails, unless this batch delivers its last rows.
        """
        now = self._device.clock()
        try:
            self._observe_drain(len(ran.outputs))
            start = 0
            for piece in slices:
                piece.deliver(ran.outputs[start : start + len(piece)], now)
                start += len(piece)
        except Exception as error:
            self._fail(slices, error)
        _fail_expired(slices, now)
        self._observe(ran.observed(self._model, self._device.clock()))

    def _observe_drain(self, rows: int) -> None:
        self._drain_rate.observe(rows)
        if not self.waiting_rows:
            self._drain_rate.reset()

    def _fail(self, slices: Sequence[EntrySlice], error: BaseException) -> None:
        """Fail the entries of a batch, on the event loop; expired ones fail with DeadlineExceeded."""
        _fail_expired(slices, self._device.clock())
        for piece in slices:
            piece.entry.fail(error)


@contextmanager
def _call_until(deadline: float | None) -> Iterator[None]:
    """Make the run of a batch the current call of this thread, for sessions that heed its deadline."""
    token = CURRENT_CALL.set(Call("", deadline=deadline))
    try:
        yield
    finally:
        CURRENT_CALL.reset(token)


def _latest_deadline(slices: Sequence[EntrySlice]) -> float | None:
    """The time from which on nobody waits for a batch; None if somebody always does."""
    latest = max(math.inf if piece.entry.deadline is None else piece.entry.deadline for piece in slices)
    return None if math.isinf(latest) else latest


def _fail_expired(slices: Sequence[EntrySlice], now: float) -> None:
    for piece in slices:
        if piece.entry.is_expired(now):
            piece.entry.expire()
