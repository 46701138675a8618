"""Jobs that wait for a model, and the slices of them that ride in its batches.

Jobs and their queue are the event loop's; a device thread asks slices for their rows, and whether they are
still wanted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from domain.errors import DeadlineExceeded

Array: TypeAlias = npt.NDArray[Any]


class Priority(IntEnum):
    """Interactive work goes first; bulk work gets what is left and a small guaranteed share."""

    INTERACTIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True, eq=False)
class Batched:
    """The model's rows for the submitted rows, and the job's time in the queue and on the device."""

    outputs: Array
    queue_ns: int
    run_ns: int


@dataclass(slots=True, eq=False)
class Job:
    """Rows of one caller. They may ride in several batches; the future resolves with the last of them."""

    rows: Array
    future: asyncio.Future[Batched]
    deadline: float | None
    priority: Priority
    submitted_ns: int
    taken: int = 0
    returned: int = 0
    first_taken_ns: int = 0
    outputs: Array | None = None

    @property
    def waiting(self) -> int:
        return len(self.rows) - self.taken

    def take(self, count: int) -> Slice:
        start = self.taken
        self.taken += count
        return Slice(self, start, start + count)

    def fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)

    def is_late(self, now: float) -> bool:
        return self.deadline is not None and self.deadline <= now

    def wanted(self, now: float) -> bool:
        """Whether somebody still waits for it; fails it where its deadline has passed."""
        if self.is_late(now):
            self.fail(DeadlineExceeded("the deadline passed while the request waited for the model"))
        return not self.future.done()


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """Rows `start` to `stop` of a job, riding in one batch."""

    job: Job
    start: int
    stop: int

    @property
    def rows(self) -> Array:
        return self.job.rows[self.start : self.stop]

    def start_run(self, now_ns: int) -> bool:
        """Whether the rows are still wanted as their batch starts."""
        if self.job.future.done() or self.job.is_late(now_ns / 1e9):
            return False
        if self.start == 0:
            self.job.first_taken_ns = now_ns
        return True

    def deliver(self, outputs: Array) -> None:
        job = self.job
        if job.future.done():
            return
        if job.outputs is None:
            job.outputs = np.empty((len(job.rows), *outputs.shape[1:]), outputs.dtype)
        job.outputs[self.start : self.stop] = outputs
        job.returned += self.stop - self.start
        if job.returned == len(job.rows):
            queue_ns = job.first_taken_ns - job.submitted_ns
            run_ns = time.monotonic_ns() - job.first_taken_ns
            job.future.set_result(Batched(job.outputs, queue_ns, run_ns))


@dataclass(frozen=True, slots=True, eq=False)
class Ran:
    """What came of a batch: the slices that ran, their output rows, seconds; None where nobody wanted any."""

    slices: Sequence[Slice]
    outputs: Array | None
    seconds: float


class JobQueue:
    """Jobs of one priority in order of arrival; `rows` and `bytes` are what waits in them."""

    def __init__(self) -> None:
        self.rows = 0
        self.bytes = 0
        self._jobs: dict[Job, None] = {}

    def add(self, job: Job) -> None:
        self._jobs[job] = None
        self._count(job, job.waiting)

    def withdraw(self, job: Job) -> None:
        """Its waiting rows are not wanted any more; nothing where none wait."""
        self._count(job, -job.waiting)
        job.taken = len(job.rows)
        self._jobs.pop(job, None)

    def take(self, room: int) -> list[Slice]:
        """Up to `room` rows: first an even share for every job, then the oldest jobs first."""
        now = time.monotonic()
        share = max(1, room // max(1, len(self._jobs)))
        taken: list[Slice] = []
        served: list[Job] = []
        for job in tuple(self._jobs):
            if not room:
                break
            if job.wanted(now):
                room -= self._take_from(job, min(share, room), taken)
                served.append(job)
            else:
                self.withdraw(job)
        for job in served:
            room -= self._take_from(job, room, taken)
        return taken

    def put_back(self, slices: Iterable[Slice]) -> None:
        """As if they had not been taken; those of jobs that are over stay away."""
        wanted = [piece for piece in slices if not piece.job.future.done()]
        for piece in wanted:
            piece.job.taken -= piece.stop - piece.start
            self._count(piece.job, piece.stop - piece.start)
            self._jobs[piece.job] = None
        if wanted:
            self._jobs = dict.fromkeys(sorted(self._jobs, key=lambda job: job.submitted_ns))

    def fail_all(self, error: Exception) -> None:
        for job in tuple(self._jobs):
            job.fail(error)
            self.withdraw(job)

    def _take_from(self, job: Job, room: int, taken: list[Slice]) -> int:
        count = min(job.waiting, room)
        if count:
            self._count(job, -count)
            taken.append(job.take(count))
        if not job.waiting:
            self._jobs.pop(job, None)
        return count

    def _count(self, job: Job, rows: int) -> None:
        self.rows += rows
        self.bytes += rows * (job.rows.nbytes // len(job.rows))


def row_count(slices: Sequence[Slice]) -> int:
    return sum(piece.stop - piece.start for piece in slices)
