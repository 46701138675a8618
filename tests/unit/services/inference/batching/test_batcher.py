"""Every submitted job resolves exactly once, in the right order, within the bounds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import DeadlineExceeded, Overloaded, Unavailable
from services.inference.batching.batcher import Batcher, BatchingOptions, Device
from services.inference.batching.entries import Array, Priority
from tests.unit.services.inference.doubler import Doubler, rows, settle, values


async def test_an_idle_device_runs_a_single_row_at_once() -> None:
    model = Doubler()
    device = Device(1)
    batched = await Batcher("m", model, device).submit(rows(21))
    assert values(batched.outputs) == [42]
    assert model.batches == [[21]]
    await device.close()


async def test_what_gathers_while_the_device_is_busy_leaves_as_one_batch() -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device)
    first = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    others = [asyncio.create_task(batcher.submit(rows(value))) for value in (2, 3, 4)]
    await settle()
    model.gate.set()
    await asyncio.gather(first, *others)
    assert model.batches == [[1], [2, 3, 4]]
    await device.close()


async def test_free_slots_share_what_waits() -> None:
    model = Doubler()
    device = Device(2)
    batched = await Batcher("m", model, device, BatchingOptions(max_batch=8)).submit(rows(1, 2, 3, 4))
    assert values(batched.outputs) == [2, 4, 6, 8]
    assert sorted(map(len, model.batches)) == [2, 2]
    await device.close()


async def test_a_big_request_does_not_hold_up_a_small_one() -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device, BatchingOptions(max_batch=4))
    blocker = asyncio.create_task(batcher.submit(rows(0)))
    await model.wait_started()
    big = asyncio.create_task(batcher.submit(rows(*range(100, 112))))
    await settle()
    small = asyncio.create_task(batcher.submit(rows(7)))
    await settle()
    model.gate.set()
    await asyncio.gather(blocker, big, small)
    assert 7 in model.batches[1]
    await device.close()


async def test_interactive_goes_first_and_bulk_never_starves() -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device, BatchingOptions(max_batch=1, bulk_every=4))
    blocker = asyncio.create_task(batcher.submit(rows(0)))
    await model.wait_started()
    bulk = asyncio.create_task(batcher.submit(rows(99), priority=Priority.BULK))
    await settle()
    urgent = [asyncio.create_task(batcher.submit(rows(value))) for value in range(1, 9)]
    await settle()
    model.gate.set()
    await asyncio.gather(blocker, bulk, *urgent)
    order = [batch[0] for batch in model.batches]
    assert order[1] == 1
    assert order.index(99) <= 5
    assert [value for value in order if value not in (0, 99)] == list(range(1, 9))
    await device.close()


async def test_two_models_take_turns_on_one_device() -> None:
    first_model, second_model = Doubler(open_gate=False), Doubler()
    device = Device(1)
    order: list[str] = []
    options = BatchingOptions(max_batch=1)
    first = Batcher("first", first_model, device, options, lambda name, *_: order.append(name))
    second = Batcher("second", second_model, device, options, lambda name, *_: order.append(name))
    tasks = [asyncio.create_task(first.submit(rows(0)))]
    await first_model.wait_started()
    tasks += [asyncio.create_task(first.submit(rows(value))) for value in (1, 2, 3)]
    tasks.append(asyncio.create_task(second.submit(rows(9))))
    await settle()
    first_model.gate.set()
    await asyncio.gather(*tasks)
    assert order == ["first", "second", "first", "first", "first"]
    await device.close()


async def test_expired_work_never_reaches_the_model() -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device)
    blocker = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    late = asyncio.create_task(batcher.submit(rows(2), deadline=time.monotonic()))
    await settle()
    model.gate.set()
    with pytest.raises(DeadlineExceeded):
        await late
    await blocker
    assert model.batches == [[1]]
    await device.close()


async def test_cancelled_work_never_reaches_the_model() -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device)
    blocker = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    gone = asyncio.create_task(batcher.submit(rows(2)))
    await settle()
    gone.cancel()
    await settle()
    model.gate.set()
    await blocker
    assert values((await batcher.submit(rows(3))).outputs) == [6]
    assert model.batches == [[1], [3]]
    await device.close()


@pytest.mark.parametrize(
    ("options", "limit"),
    [
        (BatchingOptions(max_queue_rows=2), "max_queue_rows"),
        (BatchingOptions(max_queue_rows=4, max_queue_bytes=16), "max_queue_bytes"),
    ],
)
async def test_a_full_queue_refuses_and_says_when_to_come_back(options: BatchingOptions, limit: str) -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device, options)
    running = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    waiting = asyncio.create_task(batcher.submit(rows(2, 3)))
    await settle()
    told = []
    for priority in (Priority.INTERACTIVE, Priority.INTERACTIVE, Priority.BULK):
        with pytest.raises(Overloaded, match=limit) as refusal:
            await batcher.submit(rows(4), priority=priority)
        told.append(refusal.value.retry_after_s)
    assert told[1] > 1.5 * told[0]
    assert told[2] < 1.5 * told[0]
    model.gate.set()
    await asyncio.gather(running, waiting)
    assert values((await batcher.submit(rows(4))).outputs) == [8]
    await device.close()


async def test_cancelled_work_makes_room_in_a_full_queue() -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device, BatchingOptions(max_queue_rows=1))
    running = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    gone = asyncio.create_task(batcher.submit(rows(2)))
    await settle()
    gone.cancel()
    await settle()
    waiting = asyncio.create_task(batcher.submit(rows(3)))
    await settle()
    model.gate.set()
    await asyncio.gather(running, waiting)
    assert model.batches == [[1], [3]]
    await device.close()


async def test_batches_are_padded_to_the_sizes_the_model_knows() -> None:
    seen: list[int] = []

    def model(batch: Array) -> Array:
        seen.append(len(batch))
        return batch * 2

    device = Device(1)
    batcher = Batcher("m", model, device, BatchingOptions(max_batch=8, batch_sizes=(1, 4, 8)))
    assert values((await batcher.submit(rows(1, 2, 3))).outputs) == [2, 4, 6]
    assert values((await batcher.submit(rows(5))).outputs) == [10]
    assert seen == [4, 1]
    await device.close()


async def test_batches_are_put_together_in_the_devices_own_memory() -> None:
    """It is used again and again: what was in it must not be seen, and answers must outlast it."""
    memory = np.full(64, 99, np.int64)
    ran_in_it: list[bool] = []

    def staging(shape: tuple[int, ...], dtype: np.dtype[np.int64]) -> Array:
        return memory[: shape[0] * shape[1]].view(dtype).reshape(shape)

    def model(batch: Array) -> Array:
        ran_in_it.append(np.shares_memory(batch, memory))
        assert not batch[3:].any()
        return batch

    device = Device(1, staging=staging)
    batcher = Batcher("m", model, device, BatchingOptions(max_batch=3, batch_sizes=(1, 2, 4)))
    answers = await asyncio.gather(*(batcher.submit(rows(each, each + 1)) for each in range(1, 9, 2)))
    assert [values(each.outputs) for each in answers] == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert ran_in_it == [True] * 3
    assert await device.time(model, rows(1, 2)) > 0
    assert ran_in_it[-1]
    await device.close()


async def test_a_failing_model_fails_its_batch_and_no_other() -> None:
    def model(batch: Array) -> Array:
        if (batch == 13).any():
            raise RuntimeError("unlucky")
        return batch * 2

    device = Device(1)
    batcher = Batcher("m", model, device)
    with pytest.raises(RuntimeError, match="unlucky"):
        await batcher.submit(rows(13))
    assert values((await batcher.submit(rows(1))).outputs) == [2]
    await device.close()


async def test_closing_fails_what_waits_and_finishes_what_runs() -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device)
    running = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    waiting = asyncio.create_task(batcher.submit(rows(2)))
    await settle()
    closing = asyncio.create_task(device.close())
    with pytest.raises(Unavailable):
        await waiting
    model.gate.set()
    await closing
    assert values((await running).outputs) == [2]
    with pytest.raises(Unavailable):
        await batcher.submit(rows(3))


POISON = -1
FATES = ("wait", "wait", "cancel now", "cancel soon", "cancel as it runs", "expired", "poison")
JOB = st.tuples(st.integers(1, 7), st.sampled_from(Priority), st.sampled_from(FATES), st.booleans())


class Fragile(Doubler):
    """Fails on POISON, remembers the batches it failed on, and calls back where a number is first run."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[list[int]] = []
        self.calls: dict[int, Callable[[], object]] = {}

    def __call__(self, rows: Array) -> Array:
        numbers = [int(row[0]) for row in rows]
        for number in numbers:
            self.calls.pop(number, lambda: None)()
        if POISON in numbers:
            self.failed.append(numbers)
            raise RuntimeError("poisoned")
        return super().__call__(rows)


@settings(max_examples=80, deadline=None)
@given(
    jobs=st.lists(JOB, min_size=1, max_size=25),
    slots=st.integers(1, 3),
    max_batch=st.integers(1, 6),
    wide=st.booleans(),
)
async def test_every_job_resolves_exactly_once(
    jobs: list[tuple[int, Priority, str, bool]], slots: int, max_batch: int, wide: bool
) -> None:
    loop, device, model = asyncio.get_running_loop(), Device(slots), Fragile()
    run_exclusive = model if wide else None
    batchers = [
        Batcher(name, model, device, BatchingOptions(max_batch=max_batch), run_exclusive=run_exclusive)
        for name in "ab"
    ]
    tasks = []
    for index, (size, priority, fate, second) in enumerate(jobs):
        numbers = [index * 10 + k for k in range(size)]
        asked = [POISON, *numbers] if fate == "poison" else numbers
        deadline = time.monotonic() - 1 if fate == "expired" else None
        work = batchers[second].submit(rows(*asked), priority=priority, deadline=deadline)
        task = asyncio.create_task(work)
        tasks.append((task, numbers, fate))
        if fate == "cancel now":
            task.cancel()
        elif fate == "cancel soon":
            loop.call_soon(task.cancel)
        elif fate == "cancel as it runs":
            model.calls[numbers[-1]] = partial(loop.call_soon_threadsafe, task.cancel)
        if index % 3 == 0:
            await asyncio.sleep(0)
    outcomes = await asyncio.wait_for(
        asyncio.gather(*(task for task, _, _ in tasks), return_exceptions=True), timeout=20
    )
    spoiled = {number for batch in model.failed for number in batch}
    for (_, numbers, fate), outcome in zip(tasks, outcomes, strict=True):
        match outcome:
            case RuntimeError():
                assert fate == "poison" or spoiled.intersection(numbers)
            case DeadlineExceeded():
                assert fate == "expired"
            case asyncio.CancelledError():
                assert fate.startswith("cancel")
            case _:
                assert fate == "wait" or fate.startswith("cancel")
                assert values(outcome.outputs) == [2 * number for number in numbers]  # type: ignore[union-attr]
    ran = [number for batch in [*model.batches, *model.failed] for number in batch if number != POISON]
    assert len(ran) == len(set(ran))
    assert max(map(len, [*model.batches, *model.failed]), default=0) <= max_batch
    assert [batcher.waiting_rows for batcher in batchers] == [0, 0]
    assert not any(queue._jobs or queue.bytes for b in batchers for queue in b._queues.values())
    await device.close()


@settings(max_examples=60, deadline=None)
@given(priorities=st.lists(st.sampled_from(Priority), min_size=1, max_size=30), every=st.integers(1, 4))
async def test_within_a_priority_the_first_to_come_is_the_first_to_go(
    priorities: list[Priority], every: int
) -> None:
    model, device = Doubler(), Device(1)
    batcher = Batcher("m", model, device, BatchingOptions(max_batch=1, bulk_every=every))
    async with asyncio.TaskGroup() as group:
        for number, priority in enumerate(priorities):
            group.create_task(batcher.submit(rows(number), priority=priority))
    ran = [number for (number,) in model.batches]
    for priority in Priority:
        of_it = [number for number in ran if priorities[number] is priority]
        assert of_it == sorted(of_it)
    await device.close()


async def test_bulk_work_of_one_model_lets_interactive_work_of_another_pass() -> None:
    indexing, detecting, device = Doubler(), Doubler(open_gate=False), Device(1)
    order: list[str] = []
    bulk = Batcher(
        "bulk", indexing, device, BatchingOptions(max_batch=1), lambda name, *_: order.append(name)
    )
    urgent = Batcher("urgent", detecting, device, BatchingOptions(max_batch=1), lambda n, *_: order.append(n))
    blocker = asyncio.create_task(urgent.submit(rows(0)))
    await detecting.wait_started()
    waiting = [
        *(asyncio.create_task(bulk.submit(rows(number), priority=Priority.BULK)) for number in range(4)),
        *(asyncio.create_task(urgent.submit(rows(number))) for number in range(10, 28)),
    ]
    await settle()
    detecting.gate.set()
    await asyncio.gather(blocker, *waiting)
    assert order == ["urgent"] * 9 + ["bulk"] + ["urgent"] * 8 + ["bulk"] + ["urgent"] * 2 + ["bulk"] * 2
    await device.close()


async def test_an_observer_that_fails_leaves_nobody_waiting() -> None:
    def observe(_name: str, _rows: int, _seconds: float) -> None:
        raise ValueError("no such metric")

    device = Device(1)
    with pytest.raises(ValueError, match="no such metric"):
        await asyncio.wait_for(Batcher("m", Doubler(), device, observe=observe).submit(rows(1)), 10)
    await device.close()


async def test_cancelled_jobs_leave_nothing_behind() -> None:
    model, device = Doubler(open_gate=False), Device(1)
    batcher = Batcher("m", model, device)
    blocker = asyncio.create_task(batcher.submit(rows(0)))
    await model.wait_started()
    for number in range(50):
        waiting = asyncio.create_task(batcher.submit(rows(number)))
        await settle()
        waiting.cancel()
        await settle()
    assert not batcher._queues[Priority.INTERACTIVE]._jobs
    model.gate.set()
    await blocker
    await device.close()


async def test_one_that_leaves_slots_empty_has_the_device_to_itself() -> None:
    beside, alone = Doubler(), Doubler(open_gate=False)
    device = Device(3)
    batcher = Batcher("m", beside, device, run_exclusive=alone)
    first = asyncio.create_task(batcher.submit(rows(1, 2)))
    await alone.wait_started()
    others = [asyncio.create_task(batcher.submit(rows(value))) for value in (3, 4, 5)]
    await settle()
    assert beside.batches == []
    alone.gate.set()
    await asyncio.gather(first, *others)
    assert alone.batches == [[1, 2]]
    assert sorted(beside.batches) == [[3], [4], [5]]
    await device.close()


async def test_a_batch_beside_another_never_runs_alone() -> None:
    beside, alone = Doubler(open_gate=False), Doubler()
    device = Device(2)
    batcher = Batcher("m", beside, device, run_exclusive=alone)
    first = asyncio.create_task(batcher.submit(rows(1, 2)))
    await beside.wait_started(2)
    second = asyncio.create_task(batcher.submit(rows(3)))
    await settle()
    beside.gate.set()
    await asyncio.gather(first, second)
    assert alone.batches == []
    assert sorted(beside.batches) == [[1], [2], [3]]
    await device.close()


async def test_rows_nobody_waits_for_make_room_at_once() -> None:
    model = Doubler(open_gate=False)
    device = Device(1)
    batcher = Batcher("m", model, device, BatchingOptions(max_queue_rows=2))
    blocker = asyncio.create_task(batcher.submit(rows(0)))
    await model.wait_started()
    waiting = asyncio.create_task(batcher.submit(rows(1, 2)))
    await settle()
    waiting.cancel()
    await settle()
    assert batcher.waiting_rows == 0
    follower = asyncio.create_task(batcher.submit(rows(3, 4)))
    await settle()
    model.gate.set()
    await asyncio.gather(blocker, follower)
    assert model.batches == [[0], [3, 4]]
    await device.close()
