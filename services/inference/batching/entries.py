"""What waits for a model: an entry is the rows of one request, a slice is its part in one batch.

The rows of an entry may be split over several batches. Times are seconds on the clock of the device.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from domain.errors import DeadlineExceeded

Array: TypeAlias = npt.NDArray[Any]


class Priority(IntEnum):
    """Interactive rows come first; bulk rows get the rest and a small guaranteed share."""

    INTERACTIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """The model's output rows for the submitted rows, in their order.

    `queue_ns` is the time from `submit` until a batch took the first row. `run_ns` is the time from then
    until the last output row was there; if the rows were split, it includes the wait of the later slices.
    """

    outputs: Array
    queue_ns: int
    run_ns: int


@dataclass(slots=True, eq=False)
class Entry:
    """The rows (N, ...) of one request; `future` resolves when the last of them has its output row.

    `taken` counts the rows that batches have taken; it changes only under the device's lock. `outputs` and
    `returned` change only on the event loop.
    """

    rows: Array
    future: asyncio.Future[RunResult]
    priority: Priority
    deadline: float | None
    submitted_at: float
    taken: int = 0
    first_taken_at: float = 0.0
    outputs: Array | None = None
    returned: int = 0

    @property
    def waiting(self) -> int:
        """The number of rows that no batch has taken yet."""
        return len(self.rows) - self.taken

    @property
    def row_bytes(self) -> int:
        return self.rows.nbytes // len(self.rows)

    def is_expired(self, now: float) -> bool:
        return self.deadline is not None and self.deadline <= now

    def take(self, count: int, now: float) -> EntrySlice:
        if not self.taken:
            self.first_taken_at = now
        start = self.taken
        self.taken += count
        return EntrySlice(self, start, self.taken)

    def fail(self, error: BaseException) -> None:
        """Fail the entry, on the event loop; no effect if it has been answered or cancelled."""
        if not self.future.done():
            self.future.set_exception(error)

    def expire(self) -> None:
        """Fail the entry with DeadlineExceeded, on the event loop."""
        self.fail(DeadlineExceeded("the deadline passed before the model had answered"))


@dataclass(frozen=True, slots=True, eq=False)
class EntrySlice:
    """Rows `start` to `stop` of an entry, in one batch."""

    entry: Entry
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def rows(self) -> Array:
        return self.entry.rows[self.start : self.stop]

    def deliver(self, outputs: Array, now: float) -> None:
        """Store the output rows of this slice, on the event loop. The last delivery answers the entry."""
        entry = self.entry
        if entry.future.done():
            return
        if entry.outputs is None:
            entry.outputs = np.empty((len(entry.rows), *outputs.shape[1:]), outputs.dtype)
        entry.outputs[self.start : self.stop] = outputs
        entry.returned += len(self)
        if entry.returned == len(entry.rows):
            queue_ns = int((entry.first_taken_at - entry.submitted_at) * 1e9)
            run_ns = int((now - entry.first_taken_at) * 1e9)
            entry.future.set_result(RunResult(entry.outputs, queue_ns, run_ns))


class EntryQueue:
    """The entries of one priority, oldest first, with the number and size of their waiting rows."""

    def __init__(self) -> None:
        self._entries: dict[Entry, None] = {}
        self.rows = 0
        self.bytes = 0

    def add(self, entry: Entry) -> None:
        self._entries[entry] = None
        self._add_to_totals(entry, entry.waiting)

    def withdraw(self, entry: Entry) -> None:
        """Remove the waiting rows of an entry, if any."""
        if entry in self._entries:
            del self._entries[entry]
            self._add_to_totals(entry, -entry.waiting)

    def clear(self) -> list[Entry]:
        """Remove all entries and return them."""
        entries = list(self._entries)
        self._entries.clear()
        self.rows = self.bytes = 0
        return entries

    def take(self, room: int, now: float) -> list[EntrySlice]:
        """Remove up to `room` rows and return their slices.

        First each entry gives at most an equal share, then the oldest entries fill the room that is left.
        Expired and cancelled entries are removed; the expired ones fail.
        """
        share = max(1, room // max(1, len(self._entries)))
        taken: list[EntrySlice] = []
        for entry in tuple(self._entries):
            if not room:
                break
            if self._is_live(entry, now):
                room -= self._take_from(entry, min(share, room), now, taken)
        for piece in tuple(taken):
            room -= self._take_from(piece.entry, room, now, taken)
        return taken

    def _is_live(self, entry: Entry, now: float) -> bool:
        """Whether a caller still waits for the entry. If not, the entry is removed."""
        expired = entry.is_expired(now)
        if not expired and not entry.future.done():
            return True
        self.withdraw(entry)
        if expired:
            entry.future.get_loop().call_soon_threadsafe(entry.expire)
        return False

    def _take_from(self, entry: Entry, room: int, now: float, taken: list[EntrySlice]) -> int:
        """Append a slice of at most `room` rows to `taken`, and return the number of its rows."""
        count = min(entry.waiting, room)
        if count:
            taken.append(entry.take(count, now))
            self._add_to_totals(entry, -count)
        if not entry.waiting:
            self._entries.pop(entry, None)
        return count

    def _add_to_totals(self, entry: Entry, rows: int) -> None:
        self.rows += rows
        self.bytes += rows * entry.row_bytes


def row_count(slices: Sequence[EntrySlice]) -> int:
    return sum(map(len, slices))
