"""Which batch leaves next, without threads: the device's part is played by the tests."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.inference.batching.entries import Entry, Priority, row_count
from services.inference.batching.model_queue import ModelQueue
from services.inference.batching.schedule import URGENT_BATCHES, Batch, Schedule
from tests.unit.services.inference.doubler import rows, values

NOW = 100.0


def entry(*numbers: int, priority: Priority = Priority.INTERACTIVE, deadline: float | None = None) -> Entry:
    future = asyncio.get_running_loop().create_future()
    return Entry(rows(*numbers), future, priority, deadline, submitted_at=NOW)


def queue_with(*entries: Entry, max_batch: int = 8, exclusive: bool = False) -> ModelQueue:
    queue = ModelQueue(max_batch, bulk_every=8, can_run_exclusive=exclusive)
    for each in entries:
        queue.add(each)
    queue.admit()
    return queue


def schedule_of(slots: int, *queues: ModelQueue) -> Schedule:
    schedule = Schedule(slots)
    for queue in queues:
        schedule.attach(queue)
    return schedule


def taken(schedule: Schedule) -> Batch:
    batch = schedule.take(NOW)
    assert batch is not None
    return batch


def numbers(batch: Batch) -> list[int]:
    return [value for piece in batch.slices for value in values(piece.rows)]


async def test_free_slots_share_what_waits() -> None:
    schedule = schedule_of(3, queue_with(entry(1, 2, 3, 4, 5, 6, 7)))
    assert [numbers(taken(schedule)) for _ in range(3)] == [[1, 2, 3], [4, 5], [6, 7]]
    assert schedule.take(NOW) is None


async def test_no_batch_is_larger_than_the_largest() -> None:
    schedule = schedule_of(1, queue_with(entry(*range(5)), max_batch=3))
    first = taken(schedule)
    assert numbers(first) == [0, 1, 2]
    schedule.release(first)
    assert numbers(taken(schedule)) == [3, 4]


async def test_what_has_arrived_is_taken_once_it_is_admitted() -> None:
    queue = queue_with()
    schedule = schedule_of(1, queue)
    queue.add(entry(1))
    queue.add(entry(2))
    assert (queue.rows, queue.bytes, schedule.ready_rows) == (2, 16, 0)
    assert schedule.take(NOW) is None
    schedule.admit()
    assert numbers(taken(schedule)) == [1, 2]


async def test_a_batch_that_would_leave_slots_empty_occupies_all() -> None:
    queue = queue_with(entry(1, 2), exclusive=True)
    schedule = schedule_of(3, queue)
    batch = taken(schedule)
    assert (batch.exclusive, batch.slots, numbers(batch)) == (True, 3, [1, 2])
    queue.add(entry(3))
    queue.admit()
    assert schedule.take(NOW) is None
    schedule.release(batch)
    assert taken(schedule).exclusive


async def test_a_batch_beside_another_is_never_exclusive() -> None:
    queue = queue_with(entry(1, 2, 3), exclusive=True)
    schedule = schedule_of(3, queue)
    batches = [taken(schedule) for _ in range(3)]
    assert [numbers(batch) for batch in batches] == [[1], [2], [3]]
    queue.add(entry(4))
    queue.admit()
    schedule.release(batches[0])
    last = taken(schedule)
    assert not any(batch.exclusive for batch in [*batches, last])


async def test_rows_of_all_models_decide_whether_a_batch_is_exclusive() -> None:
    queues = [queue_with(entry(number), exclusive=True) for number in range(2)]
    assert not taken(schedule_of(2, *queues)).exclusive


async def test_a_model_that_cannot_use_all_cores_shares() -> None:
    schedule = schedule_of(3, queue_with(entry(1, 2)))
    assert [numbers(taken(schedule)) for _ in range(2)] == [[1], [2]]


async def test_models_take_turns() -> None:
    schedule = schedule_of(1, *(queue_with(entry(*[model] * 3), max_batch=1) for model in range(2)))
    order = []
    while batch := schedule.take(NOW):
        order += numbers(batch)
        schedule.release(batch)
    assert order == [0, 1, 0, 1, 0, 1]


async def test_bulk_rows_of_one_model_let_interactive_rows_of_another_pass() -> None:
    bulk = queue_with(entry(*[0] * 4, priority=Priority.BULK), max_batch=1)
    urgent = queue_with(entry(*[1] * 18), max_batch=1)
    schedule = schedule_of(1, bulk, urgent)
    order = []
    while batch := schedule.take(NOW):
        order += numbers(batch)
        schedule.release(batch)
    assert order == ([1] * URGENT_BATCHES + [0]) * 2 + [1, 1, 0, 0]


async def test_a_bulk_row_goes_in_front_of_every_so_many_interactive_rows() -> None:
    queue = ModelQueue(max_batch=2, bulk_every=4)
    schedule = schedule_of(1, queue)
    queue.add(entry(*range(100, 103), priority=Priority.BULK))
    queue.add(entry(*range(11)))
    queue.admit()
    order = []
    while batch := schedule.take(NOW):
        order.append(numbers(batch))
        schedule.release(batch)
    assert order == [[0, 1], [2, 3], [100, 4], [5, 6], [7, 8], [101, 9], [10, 102]]


async def test_entries_that_nobody_waits_for_leave_no_batch() -> None:
    gone, late = entry(1), entry(2, deadline=NOW)
    gone.future.cancel()
    schedule = schedule_of(1, queue_with(gone, late), queue_with(entry(3)))
    assert numbers(taken(schedule)) == [3]
    assert schedule.ready_rows == 0


# What holds for any arrivals, cancellations, deadlines and ends of batches.

SUBMIT = st.tuples(
    st.just("submit"),
    st.integers(0, 1),  # model
    st.integers(1, 7),  # rows
    st.sampled_from(Priority),
    st.sampled_from([None, None, None, 1, 3]),  # steps until the deadline
)
CANCEL = st.tuples(st.just("cancel"), st.integers(0, 99))
STEPS = st.lists(
    SUBMIT | CANCEL | st.sampled_from([("admit",), ("take",), ("take",), ("release",), ("tick",)]),
    max_size=60,
)


@dataclass(eq=False)
class Simulation:
    """A schedule with two queues, and what a device and its callers know of it."""

    schedule: Schedule
    queues: list[ModelQueue]
    slots: int
    max_batch: int
    now: float = NOW
    entries: list[tuple[int, Entry]] = field(default_factory=list)
    admitted: int = 0
    running: deque[Batch] = field(default_factory=deque)
    ran: dict[Entry, int] = field(default_factory=dict)

    @classmethod
    def start(cls, slots: int, max_batch: int, exclusive: bool) -> Simulation:
        queues = [ModelQueue(max_batch, bulk_every=3, can_run_exclusive=exclusive) for _ in range(2)]
        return cls(schedule_of(slots, *queues), queues, slots, max_batch)

    def submit(self, model: int, count: int, priority: Priority, patience: int | None) -> None:
        deadline = None if patience is None else self.now + patience
        new = entry(*range(count), priority=priority, deadline=deadline)
        self.entries.append((model, new))
        self.queues[model].add(new)

    def cancel(self, index: int) -> None:
        if self.entries:
            model, chosen = self.entries[index % len(self.entries)]
            chosen.future.cancel()
            self.queues[model].withdraw(chosen)

    def admit(self) -> None:
        self.schedule.admit()
        self.admitted = len(self.entries)

    def wanted_rows(self) -> int:
        """Rows that can be taken and that somebody waits for."""
        return sum(
            each.waiting
            for _, each in self.entries[: self.admitted]
            if not each.future.done() and not each.is_expired(self.now)
        )

    def tick(self) -> None:
        self.now += 1

    def release(self) -> None:
        if self.running:
            self.schedule.release(self.running.popleft())

    def take(self) -> None:
        free, wanted_rows = self.schedule.free_slots, self.wanted_rows()
        batch = self.schedule.take(self.now)
        if batch is None:
            assert free == 0 or wanted_rows == 0
            return
        assert 1 <= row_count(batch.slices) <= self.max_batch
        assert batch.exclusive == (batch.slots > 1)
        assert free >= batch.slots
        if batch.exclusive:
            assert not self.running
            assert wanted_rows < self.slots
        for piece in batch.slices:
            assert piece.start == self.ran.get(piece.entry, 0)
            assert not piece.entry.future.done()
            assert not piece.entry.is_expired(self.now)
            self.ran[piece.entry] = piece.stop
        self.require_order(batch)
        self.running.append(batch)

    def require_order(self, batch: Batch) -> None:
        """An older entry of the same model and priority has begun before a newer one."""
        for priority in Priority:
            of_it = [
                each
                for model, each in self.entries
                if self.queues[model] is batch.queue
                and each.priority is priority
                and not each.future.done()
                and not each.is_expired(self.now)
            ]
            begun = [each in self.ran for each in of_it]
            assert begun == sorted(begun, reverse=True)

    def require_counts(self) -> None:
        for model, queue in enumerate(self.queues):
            waiting = sum(
                each.waiting for its, each in self.entries if its == model and not each.future.cancelled()
            )
            late = sum(
                each.waiting
                for its, each in self.entries
                if its == model and not each.future.cancelled() and each.is_expired(self.now)
            )
            assert waiting - late <= queue.rows <= waiting
            assert queue.bytes == 8 * queue.rows
        assert self.schedule.free_slots == self.slots - sum(batch.slots for batch in self.running)

    def drain(self) -> None:
        self.admit()
        while self.running or self.schedule.ready_rows:
            self.take()
            self.release()


@settings(max_examples=300, deadline=None)
@given(steps=STEPS, slots=st.integers(1, 4), max_batch=st.integers(1, 6), exclusive=st.booleans())
async def test_a_schedule_keeps_its_promises(
    steps: list[tuple[object, ...]], slots: int, max_batch: int, exclusive: bool
) -> None:
    simulation = Simulation.start(slots, max_batch, exclusive)
    for name, *arguments in steps:
        getattr(simulation, str(name))(*arguments)
        simulation.require_counts()
    simulation.drain()
    assert [queue.rows for queue in simulation.queues] == [0, 0]
    for _, each in simulation.entries:
        wanted = not each.future.cancelled() and not each.is_expired(simulation.now)
        assert simulation.ran.get(each, 0) == len(each.rows) or not wanted


@settings(max_examples=100, deadline=None)
@given(
    max_batch=st.integers(1, 5),
    bulk_every=st.integers(1, 5),
    bulk_rows=st.integers(1, 6),
    many=st.integers(1, 9),
)
async def test_bulk_rows_do_not_starve_under_endless_interactive_rows(
    max_batch: int, bulk_every: int, bulk_rows: int, many: int
) -> None:
    queue = ModelQueue(max_batch, bulk_every)
    schedule = schedule_of(1, queue)
    bulk = entry(*range(bulk_rows), priority=Priority.BULK)
    queue.add(bulk)
    interactive_rows = 0
    while bulk.waiting:
        for _ in range(max_batch):
            queue.add(entry(*range(many)))
        queue.admit()
        batch = taken(schedule)
        interactive_rows += row_count([p for p in batch.slices if p.entry is not bulk])
        schedule.release(batch)
        assert interactive_rows <= (bulk.taken + 1) * (bulk_every + 2 * (max_batch - 1))


@settings(max_examples=100, deadline=None)
@given(ahead=st.integers(0, 12), max_batch=st.integers(1, 5), large=st.integers(1, 40))
async def test_an_entry_waits_only_for_those_before_it(ahead: int, max_batch: int, large: int) -> None:
    """Where a batch has room for a row of each of them, it waits for none."""
    queue = queue_with(*(entry(*range(large)) for _ in range(ahead)), max_batch=max_batch)
    schedule = schedule_of(1, queue)
    small = entry(0)
    queue.add(small)
    batches = 0
    while small.waiting:
        queue.add(entry(*range(large)))
        queue.admit()
        schedule.release(taken(schedule))
        batches += 1
    assert batches <= (1 if ahead < max_batch else ahead * large // max_batch + 1)


@pytest.mark.parametrize("bulk_first", [True, False])
async def test_a_model_with_bulk_rows_does_not_starve_beside_one_with_interactive_rows(
    bulk_first: bool,
) -> None:
    bulk = entry(*range(3), priority=Priority.BULK)
    queues = [queue_with(bulk, max_batch=1), queue_with(max_batch=1)]
    schedule = schedule_of(1, *(queues if bulk_first else reversed(queues)))
    batches = 0
    while bulk.waiting:
        queues[1].add(entry(0))
        queues[1].admit()
        schedule.release(taken(schedule))
        batches += 1
    assert batches == 3 * (URGENT_BATCHES + 1)
