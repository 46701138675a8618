"""The schedule: which batch a device runs next.

As soon as a slot is free, a batch is formed from the rows that wait; nothing waits for a batch to fill. If
all slots are free, fewer rows than slots wait, and the model can use all cores for one batch, that batch
occupies all slots (an exclusive run). Otherwise, each batch occupies one slot.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from services.inference.batching.entries import Entry, EntrySlice
from services.inference.batching.model_queue import ModelQueue

URGENT_BATCHES = 8
"""After this many batches with interactive rows, a model that has only bulk rows gets one batch."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Rows that have left the queue of their model, and the slots that their run occupies."""

    queue: ModelQueue
    slices: list[EntrySlice]
    slots: int
    exclusive: bool


class Schedule:
    """The queues of a device, served in turn. Not thread-safe: the lock of the device guards it."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self.free_slots = slots
        self._queues: deque[ModelQueue] = deque()
        self._urgent_batches = 0

    def attach(self, queue: ModelQueue) -> None:
        self._queues.append(queue)

    def detach(self, queue: ModelQueue) -> list[Entry]:
        """Remove a queue, and return the entries that wait in it."""
        if queue not in self._queues:
            return []
        self._queues.remove(queue)
        return queue.clear()

    @property
    def ready_rows(self) -> int:
        """The number of rows that a batch can take."""
        return sum(queue.ready_rows for queue in self._queues)

    def admit(self) -> None:
        """Make the newly added entries of all queues available to batches."""
        for queue in self._queues:
            queue.admit()

    def clear(self) -> list[Entry]:
        """Remove all waiting entries and return them."""
        return [entry for queue in self._queues for entry in queue.clear()]

    def take(self, now: float) -> Batch | None:
        """The next batch, which occupies its slots until `release`.

        It is None if no slot is free or no row is available.
        """
        while self.free_slots and (queue := self._next_queue()) is not None:
            exclusive = self._would_leave_slots_empty() and queue.can_run_exclusive
            if slices := queue.take(1 if exclusive else self.free_slots, now):
                slots = self._slots if exclusive else 1
                self.free_slots -= slots
                return Batch(queue, slices, slots, exclusive)
        return None

    def release(self, batch: Batch) -> None:
        self.free_slots += batch.slots

    def _would_leave_slots_empty(self) -> bool:
        return self.free_slots == self._slots > self.ready_rows

    def _next_queue(self) -> ModelQueue | None:
        """The queue whose turn it is; it moves to the end of the order."""
        waiting = [queue for queue in self._queues if queue.ready_rows]
        if not waiting:
            return None
        queue = self._most_urgent(waiting)
        self._queues.remove(queue)
        self._queues.append(queue)
        return queue

    def _most_urgent(self, waiting: list[ModelQueue]) -> ModelQueue:
        """The first queue with interactive rows; after `URGENT_BATCHES` of them, the first without."""
        urgent = [queue for queue in waiting if queue.has_interactive]
        if not urgent or len(urgent) == len(waiting):
            return waiting[0]
        if self._urgent_batches < URGENT_BATCHES:
            self._urgent_batches += 1
            return urgent[0]
        self._urgent_batches = 0
        return next(queue for queue in waiting if not queue.has_interactive)
