"""The threads of a device, which take batches from the queues of its models and run them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeAlias, TypeVar

import numpy as np

from domain.errors import Unavailable
from services.inference.batching.entries import Array
from services.inference.batching.model_queue import ModelQueue
from services.inference.batching.schedule import Batch, Schedule
from services.inference.cores import MODEL_NICENESS, lower_priority

ModelRun: TypeAlias = Callable[[Array], Array]
"""Rows (N, ...) in, output rows (N, ...) out."""
Staging: TypeAlias = Callable[[tuple[int, ...], np.dtype[Any]], Array]
"""Takes shape and dtype, and returns an array. The next call from the same thread overwrites the array."""

T = TypeVar("T")


class Device:
    """A CPU or GPU that runs models. It has one thread for each slot, and a slot runs one batch at a time.

    A free thread takes the next batch itself. One lock guards the queues of all models.

    `low_priority` lowers the scheduling priority of the threads, because models on a CPU would otherwise
    delay the event loop. `staging`, if given, provides the arrays in which batches are formed: page-locked
    memory, for a GPU.
    """

    def __init__(
        self,
        slots: int,
        *,
        low_priority: bool = True,
        staging: Staging | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if slots < 1:
            raise ValueError("a device needs at least one slot")
        self.staging = staging
        self.clock = clock
        self.closed = False
        self.lock = threading.Condition()
        """Guards the queues; it is notified when there may be work for another thread."""
        self._low_priority = low_priority
        self._schedule = Schedule(slots)
        self._run_batch: dict[ModelQueue, Callable[[Batch], None]] = {}
        self._calls: deque[Callable[[], None]] = deque()
        """Functions that the threads run before the next batch."""
        self._admission_planned = False
        names = (f"device-{index}" for index in range(slots))
        self._threads = [threading.Thread(target=self._serve, name=name, daemon=True) for name in names]
        for thread in self._threads:
            thread.start()

    def attach(self, queue: ModelQueue, run_batch: Callable[[Batch], None]) -> None:
        """Serve `queue`: a thread takes its batches and gives each to `run_batch`, which must not raise."""
        with self.lock:
            self._run_batch[queue] = run_batch
            self._schedule.attach(queue)

    def detach(self, queue: ModelQueue) -> None:
        """Serve `queue` no longer; entries that wait in it fail with Unavailable."""
        with self.lock:
            self._run_batch.pop(queue, None)
            waiting = self._schedule.detach(queue)
        for entry in waiting:
            entry.fail(Unavailable("the model was unloaded", reason="MODEL_UNLOADED"))

    def admit_soon(self) -> None:
        """At the end of this iteration of the event loop, let threads take the entries added during it.

        Entries that arrive together are thus batched together, and only one notification is sent for them.
        """
        if not self._admission_planned:
            self._admission_planned = True
            asyncio.get_running_loop().call_soon(self._admit)

    def _admit(self) -> None:
        self._admission_planned = False
        with self.lock:
            self._schedule.admit()
            self.lock.notify()

    def _serve(self) -> None:
        if self._low_priority:
            lower_priority(MODEL_NICENESS)
        while self._serve_once():
            pass

    def _serve_once(self) -> bool:
        """Wait for a batch and run it. Return False once the device is closed.

        This is a method of its own so that no local variable keeps the last batch while the thread waits.
        """
        with self.lock:
            while (work := self._next_work()) is None:
                if self.closed:
                    return False
                self.lock.wait()
            if self._calls or self._schedule.ready_rows:
                self.lock.notify()  # each thread notifies the next one while there is work
        work()
        return True

    def _next_work(self) -> Callable[[], None] | None:
        if self._calls:
            return self._calls.popleft()
        batch = self._schedule.take(self.clock())
        return None if batch is None else partial(self._run, batch, self._run_batch[batch.queue])

    def _run(self, batch: Batch, run_batch: Callable[[Batch], None]) -> None:
        try:
            run_batch(batch)
        finally:
            with self.lock:
                self._schedule.release(batch)

    def allocate(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Uninitialised memory for a batch, valid until the same thread calls `allocate` again."""
        return (self.staging or np.empty)(shape, dtype)

    async def run_on_every_thread(self, call: Callable[[], T]) -> list[T]:
        """Run `call` on all threads at the same time and return all results (for warm-up).

        Raises:
            Unavailable: the device is closed.
        """
        together = threading.Barrier(len(self._threads))
        runs = [Future[T]() for _ in self._threads]
        for run in runs:
            run.set_running_or_notify_cancel()  # not cancellable: the barrier needs all threads
        with self.lock:
            self.require_open()
            self._calls.extend(partial(_run_call, call, together, run) for run in runs)
            self.lock.notify()
        return await asyncio.gather(*map(asyncio.wrap_future, runs))

    def require_open(self) -> None:
        """Raise Unavailable if the device is closed."""
        if self.closed:
            raise Unavailable("the server is shutting down")

    async def close(self) -> None:
        """Refuse new rows, fail those that wait, and let running batches finish."""
        with self.lock:
            self.closed = True
            waiting = self._schedule.clear()
            self.lock.notify_all()
        for entry in waiting:
            entry.fail(Unavailable("the server is shutting down"))
        await asyncio.to_thread(self._join)

    def _join(self) -> None:
        for thread in self._threads:
            thread.join()


def _run_call(call: Callable[[], T], together: threading.Barrier, run: Future[T]) -> None:
    together.wait()
    try:
        run.set_result(call())
    except BaseException as error:
        run.set_exception(error)
