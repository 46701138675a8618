"""Adaptive batching: work waits in a queue, and leaves it in batches when the device can take one.

A `Device` owns a number of slots (threads that run model code) and serves its `Batcher`s in turn. A batcher
never waits to fill a batch: whatever has gathered while the slots were busy is the next batch, so an idle
server adds nothing to a single request and a busy one batches by itself. There is no memory of past load.

Where a model can use several cores for one batch, one that would leave slots empty has the whole device to
itself (`run_exclusive`); with more work than that, every slot runs its own batch.

Everything but the model code itself runs on the event loop, so there are no locks.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from domain.errors import Overloaded, Unavailable
from services.inference.batching.entries import Array, Batched, Job, JobQueue, Priority, Ran, Slice, row_count
from services.inference.batching.retry_after import Pace
from services.inference.cores import MODEL_NICENESS, lower_priority

ModelRun: TypeAlias = Callable[[Array], Array]
Staging: TypeAlias = Callable[[tuple[int, ...], np.dtype[Any]], Array]
BatchObserver: TypeAlias = Callable[[str, int, float], None]
"""Told of every batch: the batcher's name, its rows, its seconds on the device."""


_URGENT_TURNS = 8
"""BatchProfile with interactive rows that go in front of one that has none."""


def observe_nothing(_name: str, _rows: int, _seconds: float) -> None:
    """For a batcher nobody measures."""


@dataclass(frozen=True, slots=True)
class BatchingOptions:
    """Bounds of one batcher.

    Attributes:
        max_batch: rows in one run of the model.
        max_run_s: see `LocalRunner.warm_up`; seconds that one run may take before its rows must pay for it.
        max_queue_rows: rows that may wait; more are refused.
        max_queue_bytes: bytes of rows that may wait; more are refused.
        batch_sizes: sizes the model was warmed for, growing; a batch is padded up to the next one. Empty: run
            exact sizes.
        bulk_every: while bulk work waits, one row of it goes in front of every so many interactive rows.
    """

    max_batch: int = 8
    max_run_s: float = 0.05
    max_queue_rows: int = 256
    max_queue_bytes: int = 256 * 2**20
    batch_sizes: tuple[int, ...] = ()
    bulk_every: int = 8

    def __post_init__(self) -> None:
        if min(self.max_batch, self.max_queue_rows, self.max_queue_bytes, self.bulk_every) < 1:
            raise ValueError("every bound of BatchingOptions must be at least 1")
        if self.batch_sizes and max(self.batch_sizes) < self.max_batch:
            raise ValueError("batch_sizes must reach max_batch")


def doubling_sizes(max_batch: int) -> tuple[int, ...]:
    """1, 2, 4 and so on up to `max_batch`."""
    powers = [2**exponent for exponent in range(max_batch.bit_length()) if 2**exponent < max_batch]
    return (*powers, max_batch)


class Batcher:
    """Turns submitted rows into batches for one model; see the module's text for when they leave."""

    def __init__(
        self,
        name: str,
        run: ModelRun,
        device: Device,
        options: BatchingOptions = BatchingOptions(),
        observe: BatchObserver = observe_nothing,
        run_exclusive: ModelRun | None = None,
    ) -> None:
        """`run_exclusive` runs the model on all cores of the device; None where it cannot."""
        self.name = name
        self._run = run
        self._run_exclusive = run_exclusive
        self._device = device
        self._options = options
        self._observe = observe
        self._queues = {priority: JobQueue() for priority in Priority}
        self._max_batch = options.max_batch
        self.interactive_since_bulk = 0
        self._paces = {priority: Pace(options.max_queue_rows) for priority in Priority}
        device.attach(self)

    @property
    def max_batch(self) -> int:
        """Rows in one run: the option, unless `limit_batch` said less."""
        return self._max_batch

    def limit_batch(self, rows: int) -> None:
        """Form no batch larger than `rows`."""
        self._max_batch = min(rows, self._options.max_batch)

    @property
    def waiting_rows(self) -> int:
        """That no thread has taken up yet."""
        return self.queued_rows + row_count(self._device.laid_ready(self))

    @property
    def queued_rows(self) -> int:
        """Those that are laid ready left out."""
        return sum(queue.rows for queue in self._queues.values())

    @property
    def is_urgent(self) -> bool:
        """Whether interactive rows wait."""
        return self._queues[Priority.INTERACTIVE].rows > 0

    async def submit(
        self,
        rows: Array,
        *,
        priority: Priority = Priority.INTERACTIVE,
        deadline: float | None = None,
    ) -> Batched:
        """Run the model on `rows` (N, ...) and return its output rows (N, ...) in the same order.

        `deadline` is on the clock of `time.monotonic`. Cancelling the awaiting task withdraws rows that
        have not reached the model yet.

        Raises:
            Overloaded: the queue is full.
            DeadlineExceeded: the deadline passed first.
            Unavailable: the device is closed.
        """
        if len(rows) == 0:
            raise ValueError("submit needs at least one row")
        self._check_room(rows, priority)
        future: asyncio.Future[Batched] = asyncio.get_running_loop().create_future()
        job = Job(rows, future, deadline, priority, time.monotonic_ns())
        queue = self._queues[priority]
        queue.add(job)
        self._device.wake()
        try:
            return await future
        finally:
            queue.withdraw(job)
            if future.cancelled():
                self._device.wake()  # others may ride in its place

    def _check_room(self, rows: Array, priority: Priority) -> None:
        if self._device.closed:
            raise Unavailable(f"the {self.name} runner is shutting down")
        laid = self._device.laid_ready(self)
        if self.queued_rows + row_count(laid) + len(rows) > self._options.max_queue_rows:
            raise self._overloaded(rows, priority, "max_queue_rows", self._options.max_queue_rows)
        laid_bytes = sum(piece.rows.nbytes for piece in laid)
        queued_bytes = sum(queue.bytes for queue in self._queues.values())
        if queued_bytes + laid_bytes + rows.nbytes > self._options.max_queue_bytes:
            raise self._overloaded(rows, priority, "max_queue_bytes", self._options.max_queue_bytes)

    def _overloaded(self, rows: Array, priority: Priority, limit: str, value: int) -> Overloaded:
        return Overloaded(
            f"the queue of the {self.name} model is full ({limit} = {value})",
            retry_after_s=self._paces[priority].retry_after_s(len(rows)),
            metadata={limit: str(value)},
        )

    @property
    def can_run_exclusive(self) -> bool:
        return self._run_exclusive is not None

    def is_settled(self, slices: Sequence[Slice]) -> bool:
        """Whether no row of this model could change such a batch: full, interactive, a row of each job."""
        riding = {
            piece.job
            for piece in slices
            if piece.job.priority is Priority.INTERACTIVE and not piece.job.future.done()
        }
        return len(riding) == row_count(slices) == self._max_batch and not self._queues[Priority.BULK].rows

    def put_back(self, slices: Sequence[Slice], interactive_since_bulk: int) -> None:
        """Take back a batch that has not started, as if it had not been made up."""
        for priority, queue in self._queues.items():
            queue.put_back(piece for piece in slices if piece.job.priority is priority)
        self.interactive_since_bulk = interactive_since_bulk

    def next_batch(self, free_slots: int) -> list[Slice]:
        """The rows that leave now: an even part of what waits for each free slot, within max_batch."""
        room = min(self._max_batch, math.ceil(self.queued_rows / free_slots))
        return self._take(room) if room else []

    def _take(self, room: int) -> list[Slice]:
        interactive, bulk = self._queues[Priority.INTERACTIVE], self._queues[Priority.BULK]
        taken: list[Slice] = []
        if self.interactive_since_bulk >= self._options.bulk_every:
            taken += bulk.take(1)
        urgent = interactive.take(room - len(taken))
        taken += urgent
        taken += bulk.take(room - row_count(taken))
        bulk_rows = row_count(taken) - row_count(urgent)
        self.interactive_since_bulk = 0 if bulk_rows else self.interactive_since_bulk + row_count(urgent)
        return taken

    def run_batch(self, slices: Sequence[Slice], exclusive: bool) -> Ran:
        """Run the model on the rows that are still wanted; on a device thread."""
        now_ns = time.monotonic_ns()
        slices = [piece for piece in slices if piece.start_run(now_ns)]
        if not slices:
            return Ran([], None, 0.0)
        count = row_count(slices)
        rows = self._gathered(slices, count)
        run = self._run_exclusive if exclusive and self._run_exclusive is not None else self._run
        started = time.monotonic()
        outputs = run(rows)[:count]
        if len(outputs) != count:
            raise RuntimeError(f"{self.name} returned {len(outputs)} rows for {count}")
        if self._device.staging is not None and np.may_share_memory(outputs, rows):
            outputs = outputs.copy()  # the thread's next batch comes into the same memory
        return Ran(slices, outputs, time.monotonic() - started)

    def _gathered(self, slices: Sequence[Slice], count: int) -> Array:
        """Their rows one after the other, then zeros up to a size that the model was warmed for."""
        padded = next((size for size in self._options.batch_sizes if size >= count), count)
        first = slices[0].rows
        if len(slices) == 1 and padded == count and self._device.staging is None:
            return first
        gathered = (self._device.staging or np.empty)((padded, *first.shape[1:]), first.dtype)
        np.concatenate([piece.rows for piece in slices], out=gathered[:count])
        gathered[count:] = 0
        return gathered

    def deliver(self, ran: Ran) -> None:
        """Hand the output rows back to the jobs they belong to."""
        if ran.outputs is None:
            return
        outputs = ran.outputs
        self._observe(self.name, len(outputs), ran.seconds)
        eased = not self.waiting_rows
        for pace in self._paces.values():
            pace.left(len(outputs))
            if eased:
                pace.eased()
        start = 0
        for piece in ran.slices:
            stop = start + piece.stop - piece.start
            piece.deliver(outputs[start:stop])
            start = stop

    def fail_waiting(self, error: Exception) -> None:
        for queue in self._queues.values():
            queue.fail_all(error)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The batchers in the order of their turns, each with its count, and how many turns were urgent."""

    interactive_since_bulk: dict[Batcher, int]
    urgent_turns: int


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A batch that no thread has taken up yet, and whose turn it was before it was made up."""

    batcher: Batcher
    slices: list[Slice]
    run: Future[Ran]
    before: _Turn


@dataclass(eq=False)
class Device:
    """Threads that run model code, shared fairly by the batchers attached to them.

    Where they only feed a GPU, they are not to `low_priority` to others, and `staging` gives each of them the
    memory in which it puts a batch together (shape and dtype in, array out), until its next one.
    """

    slots: int
    low_priority: bool = True
    staging: Staging | None = None
    closed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if self.slots < 1:
            raise ValueError("a device needs at least one slot")
        self._threads = ThreadPoolExecutor(
            self.slots, "device", partial(lower_priority, MODEL_NICENESS) if self.low_priority else None
        )
        self._batchers: deque[Batcher] = deque()
        self._batches = 0
        """On the device, the one that is laid ready included."""
        self._ready: _Ready | None = None
        self._urgent_turns = 0
        self._exclusive = False
        self._wake_planned = False
        self._idle = asyncio.Event()

    def attach(self, batcher: Batcher) -> None:
        self._batchers.append(batcher)

    def wake(self) -> None:
        """Look for work at the end of this turn of the loop, so that what arrives together rides together."""
        if not self._wake_planned:
            self._wake_planned = True
            asyncio.get_running_loop().call_soon(self._dispatch)

    def _dispatch(self) -> None:
        """Fill the slots, and lay the next batch ready for the thread that is done first.

        That thread goes on at once, where the event loop might take milliseconds to be heard; until then the
        batch is taken back and made up anew whenever somebody comes who may change it.
        """
        self._wake_planned = False
        self._take_back()
        while not self._exclusive and self._batches < self.slots and (found := self._next_batch()):
            batcher, slices, self._exclusive = found
            self._start(batcher, slices)
        if self._batches == self.slots and not self._exclusive:
            self._lay_ready()

    def _lay_ready(self) -> None:
        before = _Turn({each: each.interactive_since_bulk for each in self._batchers}, self._urgent_turns)
        if found := self._next_batch():
            batcher, slices, _ = found
            self._ready = _Ready(batcher, slices, self._start(batcher, slices), before)

    def _start(self, batcher: Batcher, slices: list[Slice]) -> Future[Ran]:
        run = self._threads.submit(batcher.run_batch, slices, self._exclusive)
        self._batches += 1
        loop = asyncio.get_running_loop()

        def tell(ended: Future[Ran]) -> None:
            loop.call_soon_threadsafe(self._finished, batcher, slices, ended)

        run.add_done_callback(tell)
        return run

    def laid_ready(self, batcher: Batcher) -> Sequence[Slice]:
        """The batcher's rows that only wait for a thread, those that nobody wants any more left out."""
        ready = self._ready
        if ready is None or ready.batcher is not batcher or ready.run.running() or ready.run.done():
            return ()
        return [piece for piece in ready.slices if not piece.job.future.done()]

    def _take_back(self) -> None:
        """The batch that is laid ready, unless a thread has it or nobody who waits could change it."""
        ready = self._ready
        if ready is None or self._is_settled(ready):
            return
        self._ready = None
        if ready.run.cancel():
            self._batches -= 1
            self._batchers = deque(ready.before.interactive_since_bulk)
            self._urgent_turns = ready.before.urgent_turns
            ready.batcher.put_back(ready.slices, ready.before.interactive_since_bulk[ready.batcher])
            ready.slices.clear()  # the executor keeps what it was given until a thread passes over it

    def _is_settled(self, ready: _Ready) -> bool:
        others = any(each.queued_rows for each in self._batchers if each is not ready.batcher)
        kept = not (self.closed or others or ready.run.running())
        return kept and ready.batcher.is_settled(ready.slices)

    def _next_batch(self) -> tuple[Batcher, list[Slice], bool] | None:
        """A batch of the batcher whose turn it is, and whether it has the device to itself."""
        free_slots = self.slots - self._batches
        while (batcher := self._whose_turn()) is not None:
            spare = not self._batches and sum(each.queued_rows for each in self._batchers) < self.slots
            exclusive = spare and batcher.can_run_exclusive
            self._batchers.remove(batcher)
            self._batchers.append(batcher)
            if slices := batcher.next_batch(1 if exclusive else max(1, free_slots)):
                return batcher, slices, exclusive
        return None

    def _whose_turn(self) -> Batcher | None:
        """By turns among those with interactive rows; every ninth turn is of one that has bulk rows only."""
        waiting = [batcher for batcher in self._batchers if batcher.queued_rows]
        urgent = [batcher for batcher in waiting if batcher.is_urgent]
        if not urgent or len(urgent) == len(waiting):
            return waiting[0] if waiting else None
        if self._urgent_turns < _URGENT_TURNS:
            self._urgent_turns += 1
            return urgent[0]
        self._urgent_turns = 0
        return next(batcher for batcher in waiting if not batcher.is_urgent)

    def _finished(self, batcher: Batcher, slices: list[Slice], running: Future[Ran]) -> None:
        """The next batch goes first, then the answers; jobs that have failed must not ride in it."""
        if running.cancelled():
            return
        self._batches -= 1
        self._exclusive = False
        if error := running.exception():
            _fail(slices, error)
        try:
            self._dispatch()
        finally:
            if error is None:
                _deliver(batcher, running.result())
            _fail_late(slices)
            if not self._batches:
                self._idle.set()

    async def time(self, model: ModelRun, rows: Array) -> float:
        """Seconds that `model` takes while every slot runs it, outside of any queue (warm-up).

        Slots share the memory's bandwidth: what a large batch spares of it does not show in one alone.
        """

        def timed() -> float:
            batch = rows
            if self.staging is not None:
                batch = self.staging(rows.shape, rows.dtype)
                batch[...] = rows
            started = time.perf_counter()
            model(batch)
            return time.perf_counter() - started

        loop = asyncio.get_running_loop()
        return max(
            await asyncio.gather(*(loop.run_in_executor(self._threads, timed) for _ in range(self.slots)))
        )

    async def close(self) -> None:
        """Refuse new work, fail what waits, let what runs finish."""
        self.closed = True
        self._take_back()
        for batcher in self._batchers:
            batcher.fail_waiting(Unavailable("the server is shutting down"))
        self._idle.clear()
        if self._batches:
            await self._idle.wait()
        self._threads.shutdown(wait=True)


def _deliver(batcher: Batcher, ran: Ran) -> None:
    try:
        batcher.deliver(ran)
    except Exception as error:
        _fail(ran.slices, error)


def _fail(slices: Sequence[Slice], error: BaseException) -> None:
    """Those whose deadline has passed fail with that."""
    _fail_late(slices)
    for piece in slices:
        piece.job.fail(error)


def _fail_late(slices: Sequence[Slice]) -> None:
    now = time.monotonic()
    for piece in slices:
        piece.job.wanted(now)
