"""The queue of one model, and the choice of the rows for its next batch."""

from __future__ import annotations

import math

from services.inference.batching.entries import Entry, EntryQueue, EntrySlice, Priority, row_count


class ModelQueue:
    """The entries that wait for one model. Not thread-safe: the lock of its device guards it.

    An added entry becomes available only at the next `admit`, so that entries which arrive together share a
    batch.
    """

    def __init__(self, max_batch: int, bulk_every: int, *, can_run_exclusive: bool = False) -> None:
        """For `bulk_every` see `BatchingOptions`."""
        self.max_batch = max_batch
        self.can_run_exclusive = can_run_exclusive
        self._bulk_every = bulk_every
        self._interactive_since_bulk = 0
        self._arriving = EntryQueue()
        self._ready = {priority: EntryQueue() for priority in Priority}

    @property
    def rows(self) -> int:
        """The number of waiting rows."""
        return self._arriving.rows + self.ready_rows

    @property
    def bytes(self) -> int:
        """The size of all waiting rows in bytes."""
        return self._arriving.bytes + sum(queue.bytes for queue in self._ready.values())

    @property
    def ready_rows(self) -> int:
        """The number of rows that a batch can take."""
        return sum(queue.rows for queue in self._ready.values())

    @property
    def has_interactive(self) -> bool:
        """Whether a batch can take interactive rows."""
        return self._ready[Priority.INTERACTIVE].rows > 0

    def add(self, entry: Entry) -> None:
        self._arriving.add(entry)

    def admit(self) -> None:
        """Make the newly added entries available to batches."""
        for entry in self._arriving.clear():
            self._ready[entry.priority].add(entry)

    def withdraw(self, entry: Entry) -> None:
        """Remove the waiting rows of an entry, if any."""
        self._arriving.withdraw(entry)
        self._ready[entry.priority].withdraw(entry)

    def clear(self) -> list[Entry]:
        """Remove all entries and return them."""
        self.admit()
        return [entry for queue in self._ready.values() for entry in queue.clear()]

    def take(self, free_slots: int, now: float) -> list[EntrySlice]:
        """Take the rows of the next batch: ready rows divided by free slots, at most `max_batch`.

        The result is empty if all waiting entries have expired or were cancelled.
        """
        room = min(self.max_batch, math.ceil(self.ready_rows / free_slots))
        interactive, bulk = self._ready[Priority.INTERACTIVE], self._ready[Priority.BULK]
        first_bulk = bulk.take(1, now) if self._interactive_since_bulk >= self._bulk_every else []
        urgent = interactive.take(room - len(first_bulk), now)
        rest = bulk.take(room - len(first_bulk) - row_count(urgent), now)
        self._interactive_since_bulk = (
            0 if first_bulk or rest else self._interactive_since_bulk + row_count(urgent)
        )
        return [*first_bulk, *urgent, *rest]
