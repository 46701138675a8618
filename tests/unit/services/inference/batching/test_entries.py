from __future__ import annotations

import asyncio

import pytest

from domain.errors import DeadlineExceeded
from services.inference.batching.entries import Entry, EntryQueue, EntrySlice, Priority
from tests.unit.services.inference.doubler import rows, settle, values

NOW = 100.0


def entry(*numbers: int, deadline: float | None = None) -> Entry:
    future = asyncio.get_running_loop().create_future()
    return Entry(rows(*numbers), future, Priority.INTERACTIVE, deadline, submitted_at=NOW - 2)


def queue_of(*entries: Entry) -> EntryQueue:
    queue = EntryQueue()
    for each in entries:
        queue.add(each)
    return queue


def numbers(slices: list[EntrySlice]) -> list[list[int]]:
    return [values(piece.rows) for piece in slices]


async def test_every_entry_has_an_even_share_and_the_oldest_the_rest() -> None:
    queue = queue_of(entry(1, 2, 3, 4), entry(5), entry(6, 7, 8))
    assert numbers(queue.take(7, NOW)) == [[1, 2], [5], [6, 7], [3, 4]]
    assert (queue.rows, queue.bytes) == (1, 8)
    assert numbers(queue.take(7, NOW)) == [[8]]
    assert (queue.rows, queue.bytes) == (0, 0)


async def test_with_less_room_than_entries_the_oldest_go_first() -> None:
    queue = queue_of(*(entry(number, -number) for number in range(1, 5)))
    assert numbers(queue.take(2, NOW)) == [[1], [2]]
    assert queue.rows == 6


async def test_a_late_entry_is_failed_and_its_room_goes_to_others() -> None:
    late, last_moment = entry(1, deadline=NOW), entry(2, deadline=NOW + 0.001)
    queue = queue_of(late, last_moment, entry(3))
    assert numbers(queue.take(2, NOW)) == [[2], [3]]
    assert queue.rows == 0
    with pytest.raises(DeadlineExceeded):
        await late.future
    assert not last_moment.future.done()


async def test_an_entry_whose_caller_has_gone_is_dropped() -> None:
    gone = entry(1, 2)
    queue = queue_of(gone, entry(3))
    gone.future.cancel()
    assert numbers(queue.take(8, NOW)) == [[3]]
    assert queue.rows == 0


async def test_a_caller_who_has_gone_is_not_told_of_the_deadline() -> None:
    gone = entry(1, deadline=NOW)
    queue = queue_of(gone)
    gone.future.cancel()
    assert queue.take(8, NOW) == []
    await settle()
    assert gone.future.cancelled()


async def test_withdrawn_rows_leave_the_counts() -> None:
    first, second = entry(1, 2, 3), entry(4)
    queue = queue_of(first, second)
    queue.take(2, NOW)
    queue.withdraw(first)
    queue.withdraw(first)
    assert (queue.rows, queue.bytes) == (0, 0)
    assert queue.clear() == []


async def test_clearing_returns_what_waits() -> None:
    first, second = entry(1, 2), entry(3)
    queue = queue_of(first, second)
    assert queue.clear() == [first, second]
    assert (queue.rows, queue.bytes) == (0, 0)


async def test_an_entry_is_answered_with_its_last_slice() -> None:
    """In the order of its rows, whatever the order in which its slices come back."""
    work = entry(1, 2, 3)
    head, tail = work.take(2, NOW), work.take(1, NOW + 5)
    tail.deliver(tail.rows * 2, NOW + 6)
    assert not work.future.done()
    head.deliver(head.rows * 2, NOW + 7)
    result = await work.future
    assert values(result.outputs) == [2, 4, 6]
    assert (result.queue_ns, result.run_ns) == (2 * 10**9, 7 * 10**9)


async def test_what_comes_after_a_failure_changes_nothing() -> None:
    work = entry(1)
    piece = work.take(1, NOW)
    work.fail(RuntimeError("no such kernel"))
    piece.deliver(piece.rows, NOW)
    work.expire()
    with pytest.raises(RuntimeError, match="no such kernel"):
        await work.future
