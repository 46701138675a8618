"""Rows that callers submit come back as output rows, or fail for a reason of their own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calls import CURRENT_CALL
from domain.errors import DeadlineExceeded, FailedPrecondition, Overloaded, Unavailable
from services.inference.batching.batcher import Batcher, BatchModel, BatchRun
from services.inference.batching.device import Device, ModelRun
from services.inference.batching.entries import Array, Priority, RunResult
from services.inference.batching.options import BatchingOptions
from tests.turns import begun, turn
from tests.unit.clock import Clock
from tests.unit.services.inference.doubler import Doubler, rows, settle, values


def batcher_of(
    run: ModelRun,
    device: Device,
    options: BatchingOptions = BatchingOptions(),
    run_exclusive: ModelRun | None = None,
) -> Batcher:
    return Batcher(BatchModel("m", run, run_exclusive), device, options)


async def busy(batcher: Batcher, model: Doubler) -> asyncio.Task[RunResult]:
    """A call of the row 0, once it has begun to run behind the model's closed gate."""
    call = asyncio.create_task(batcher.submit(rows(0)))
    await model.wait_started()
    return call


async def test_an_idle_device_runs_a_single_row_at_once() -> None:
    model, device = Doubler(), Device(1)
    result = await batcher_of(model, device).submit(rows(21))
    assert values(result.outputs) == [42]
    assert result.run_ns > 0
    assert model.batches == [[21]]
    await device.close()


async def test_rows_that_arrive_together_ride_together() -> None:
    model, device = Doubler(), Device(1)
    batcher = batcher_of(model, device)
    for lap in range(20):
        await asyncio.gather(*(batcher.submit(rows(lap, number)) for number in range(3)))
    assert [len(batch) for batch in model.batches] == [6] * 20
    await device.close()


async def test_what_gathers_while_the_device_is_busy_leaves_as_one_batch() -> None:
    model, device = Doubler(open_gate=False), Device(1)
    batcher = batcher_of(model, device)
    first = await busy(batcher, model)
    others = []
    for value in (2, 3, 4):
        others.append(asyncio.create_task(batcher.submit(rows(value))))
        await settle()
    assert batcher.waiting_rows == 3
    model.gate.set()
    await asyncio.gather(first, *others)
    assert model.batches == [[0], [2, 3, 4]]
    await device.close()


async def test_free_slots_share_what_waits() -> None:
    model, device = Doubler(together=2), Device(2)
    result = await batcher_of(model, device).submit(rows(1, 2, 3, 4))
    assert values(result.outputs) == [2, 4, 6, 8]
    assert sorted(map(len, model.batches)) == [2, 2]
    await device.close()


async def test_a_large_request_does_not_hold_up_a_small_one() -> None:
    model, device = Doubler(open_gate=False), Device(1)
    batcher = batcher_of(model, device, BatchingOptions(max_batch=4))
    first = await busy(batcher, model)
    large = asyncio.create_task(batcher.submit(rows(*range(100, 112))))
    await settle()
    small = asyncio.create_task(batcher.submit(rows(7)))
    await settle()
    model.gate.set()
    await asyncio.gather(first, large, small)
    assert 7 in model.batches[1]
    await device.close()


async def test_interactive_rows_go_first() -> None:
    model, device = Doubler(open_gate=False), Device(1)
    batcher = batcher_of(model, device, BatchingOptions(max_batch=1, bulk_every=4))
    first = await busy(batcher, model)
    calls = [asyncio.create_task(batcher.submit(rows(99), priority=Priority.BULK))]
    await settle()
    calls += [asyncio.create_task(batcher.submit(rows(value))) for value in range(1, 9)]
    await settle()
    model.gate.set()
    await asyncio.gather(first, *calls)
    assert model.batches == [[value] for value in (0, 1, 2, 3, 99, 4, 5, 6, 7, 8)]
    await device.close()


async def test_a_deadline_that_passes_in_the_queue_keeps_rows_from_the_model() -> None:
    clock, model = Clock(), Doubler(open_gate=False)
    device = Device(1, clock=clock)
    batcher = batcher_of(model, device)
    first = await busy(batcher, model)
    late = asyncio.create_task(batcher.submit(rows(1), deadline=clock() + 1))
    in_time = asyncio.create_task(batcher.submit(rows(2), deadline=clock() + 3))
    await settle()
    clock.advance(2)
    model.gate.set()
    with pytest.raises(DeadlineExceeded):
        await late
    assert values((await in_time).outputs) == [4]
    await first
    assert model.batches == [[0], [2]]
    await device.close()


async def test_a_deadline_that_passes_during_the_run_fails_what_is_not_complete() -> None:
    """What is complete is answered; rows that still wait do not reach the model."""
    clock, model = Clock(), Doubler(open_gate=False)
    device = Device(1, clock=clock)
    batcher = batcher_of(model, device, BatchingOptions(max_batch=3))
    large = asyncio.create_task(batcher.submit(rows(1, 2, 3, 4), deadline=clock() + 1))
    small = asyncio.create_task(batcher.submit(rows(5), deadline=clock() + 1))
    await model.wait_started()
    clock.advance(2)
    model.gate.set()
    with pytest.raises(DeadlineExceeded):
        await large
    assert values((await small).outputs) == [10]
    assert [sorted(batch) for batch in model.batches] == [[1, 2, 5]]
    await device.close()


async def test_a_late_entry_in_a_failing_batch_fails_because_of_its_deadline() -> None:
    clock, begun, gate = Clock(), threading.Event(), threading.Event()

    def fail(_rows: Array) -> Array:
        begun.set()
        assert gate.wait(60)
        raise RuntimeError("no such kernel")

    device = Device(1, clock=clock)
    batcher = batcher_of(fail, device)
    late = asyncio.create_task(batcher.submit(rows(1), deadline=clock() + 1))
    beside = asyncio.create_task(batcher.submit(rows(2)))
    assert await asyncio.to_thread(begun.wait, 60)
    clock.advance(2)
    gate.set()
    with pytest.raises(DeadlineExceeded):
        await late
    with pytest.raises(RuntimeError, match="no such kernel"):
        await beside
    await device.close()


async def test_cancelled_rows_never_reach_the_model() -> None:
    model, device = Doubler(open_gate=False), Device(1)
    batcher = batcher_of(model, device)
    first = await busy(batcher, model)
    gone = asyncio.create_task(batcher.submit(rows(1)))
    await settle()
    gone.cancel()
    model.gate.set()
    await first
    assert values((await batcher.submit(rows(2))).outputs) == [4]
    assert model.batches == [[0], [2]]
    await device.close()


async def test_a_caller_who_goes_in_the_turn_in_which_it_came_leaves_nothing() -> None:
    model, device = Doubler(), Device(1)
    batcher = batcher_of(model, device)
    gone = await begun(batcher.submit(rows(1)))
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    await batcher.submit(rows(2))
    assert batcher.waiting_rows == 0
    await device.close()


@pytest.mark.parametrize(
    ("options", "limit"),
    [
        (BatchingOptions(max_queue_rows=2), "max_queue_rows"),
        (BatchingOptions(max_queue_rows=4, max_queue_bytes=16), "max_queue_bytes"),
    ],
)
async def test_a_full_queue_refuses_and_says_when_to_come_back(options: BatchingOptions, limit: str) -> None:
    model, device = Doubler(open_gate=False), Device(1)
    batcher = batcher_of(model, device, options)
    first = await busy(batcher, model)
    waiting = asyncio.create_task(batcher.submit(rows(2, 3)))
    await settle()
    times = []
    for priority in (Priority.INTERACTIVE, Priority.INTERACTIVE, Priority.BULK):
        with pytest.raises(Overloaded, match="which has too little room now") as refusal:
            await batcher.submit(rows(4), priority=priority)
        assert set(refusal.value.metadata) == {limit}
        times.append(refusal.value.retry_after_s)
    assert times[1] > 1.5 * times[0]
    assert times[2] < 1.5 * times[0]
    model.gate.set()
    await asyncio.gather(first, waiting)
    assert values((await batcher.submit(rows(4))).outputs) == [8]
    await device.close()


async def test_rows_that_arrive_in_one_turn_count_against_the_limit() -> None:
    model, device = Doubler(), Device(1)
    batcher = batcher_of(model, device, BatchingOptions(max_queue_rows=3))
    calls = [batcher.submit(rows(number)) for number in range(5)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(result, Overloaded) for result in results] == [False] * 3 + [True] * 2
    await device.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            BatchingOptions(max_queue_rows=2),
            "adds 3 rows to the queue of the m model, which takes at most 2; send less at once",
        ),
        (
            BatchingOptions(max_queue_bytes=16),
            "adds 24 bytes to the queue of the m model, which takes at most 16; send less at once",
        ),
    ],
)
async def test_a_request_that_never_has_room_is_told_so(options: BatchingOptions, message: str) -> None:
    device = Device(1)
    with pytest.raises(FailedPrecondition, match=message):
        await batcher_of(Doubler(), device, options).submit(rows(1, 2, 3))
    await device.close()


async def test_rows_that_nobody_waits_for_make_room_at_once() -> None:
    model, device = Doubler(open_gate=False), Device(1)
    batcher = batcher_of(model, device, BatchingOptions(max_queue_rows=2))
    first = await busy(batcher, model)
    for _ in range(50):
        waiting = asyncio.create_task(batcher.submit(rows(1, 2)))
        await settle()
        assert batcher.waiting_rows == 2
        waiting.cancel()
        await settle()
        assert batcher.waiting_rows == 0
    follower = asyncio.create_task(batcher.submit(rows(3, 4)))
    await settle()
    model.gate.set()
    await asyncio.gather(first, follower)
    assert model.batches == [[0], [3, 4]]
    await device.close()


async def test_batches_are_padded_to_the_sizes_that_the_model_knows() -> None:
    seen: list[int] = []

    def model(batch: Array) -> Array:
        seen.append(len(batch))
        return batch * 2

    device = Device(1)
    batcher = batcher_of(model, device, BatchingOptions(max_batch=8, batch_sizes=(1, 4, 8)))
    assert values((await batcher.submit(rows(1, 2, 3))).outputs) == [2, 4, 6]
    assert values((await batcher.submit(rows(5))).outputs) == [10]
    assert seen == [4, 1]
    await device.close()


async def test_batches_are_formed_in_the_staging_memory() -> None:
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
    batcher = batcher_of(model, device, BatchingOptions(max_batch=3, batch_sizes=(1, 2, 4)))
    results = await asyncio.gather(*(batcher.submit(rows(each, each + 1)) for each in range(1, 9, 2)))
    assert [values(each.outputs) for each in results] == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert ran_in_it == [True] * 3
    await device.close()


@pytest.mark.parametrize(("spare", "expected"), [(True, [[1, 2]]), (False, [])])
async def test_a_batch_that_would_leave_slots_empty_runs_exclusively(
    spare: bool, expected: list[list[int]]
) -> None:
    shared, exclusive = Doubler(together=1 if spare else 2), Doubler()
    device = Device(3 if spare else 2)
    batcher = batcher_of(shared, device, run_exclusive=exclusive)
    await batcher.submit(rows(1, 2))
    assert exclusive.batches == expected
    assert sorted(shared.batches) == ([] if spare else [[1], [2]])
    await device.close()


async def test_a_failing_model_fails_its_batch_and_no_other() -> None:
    def model(batch: Array) -> Array:
        if (batch == 13).any():
            raise RuntimeError("unlucky")
        return batch * 2

    device = Device(1)
    batcher = batcher_of(model, device)
    with pytest.raises(RuntimeError, match="unlucky"):
        await batcher.submit(rows(13))
    assert values((await batcher.submit(rows(1))).outputs) == [2]
    await device.close()


async def test_rows_of_a_request_that_has_failed_do_not_run() -> None:
    class Unlucky(Doubler):
        def __call__(self, batch: Array) -> Array:
            super().__call__(batch)
            if (batch == 13).any():
                raise RuntimeError("unlucky")
            return batch

    model, device = Unlucky(), Device(1)
    batcher = batcher_of(model, device, BatchingOptions(max_batch=1))
    calls = [batcher.submit(rows(13, 14, 15)), batcher.submit(rows(1))]
    failed, answered = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(failed, RuntimeError)
    assert isinstance(answered, RunResult)
    assert model.batches == [[13], [1]]
    assert batcher.waiting_rows == 0
    await device.close()


async def test_an_error_that_is_no_exception_leaves_the_thread_alive() -> None:
    """Such as the panic of a native library."""

    class Panic(BaseException):
        pass

    def model(batch: Array) -> Array:
        if (batch == 13).any():
            raise Panic
        return batch

    device = Device(1)
    batcher = batcher_of(model, device)
    with pytest.raises(Panic):
        await batcher.submit(rows(13))
    assert values((await batcher.submit(rows(1))).outputs) == [1]
    await device.close()


async def test_rows_of_another_shape_fail_their_batch_and_no_other() -> None:
    model, device = Doubler(), Device(1)
    batcher = batcher_of(model, device)
    odd = batcher.submit(np.zeros((1, 2), np.int64))
    results = await asyncio.gather(batcher.submit(rows(1)), odd, return_exceptions=True)
    assert all(isinstance(result, ValueError) for result in results)
    assert values((await batcher.submit(rows(1))).outputs) == [2]
    await device.close()


async def test_a_model_that_answers_too_few_rows_is_an_error() -> None:
    device = Device(1)
    with pytest.raises(RuntimeError, match="m returned 1 rows for 2"):
        await batcher_of(lambda batch: batch[:1], device).submit(rows(1, 2))
    await device.close()


async def test_batches_are_observed() -> None:
    seen: list[BatchRun] = []
    clock = Clock()

    def model(batch: Array) -> Array:
        clock.advance(0.25)
        return batch

    device = Device(1, clock=clock)
    batch_model = BatchModel("m", model, version="v1")
    await Batcher(batch_model, device, observe=seen.append).submit(rows(1, 2))
    assert seen == [BatchRun("m", "v1", rows=2, input_s=0.0, infer_s=0.25, output_s=0.0)]
    await device.close()


async def test_an_observer_that_fails_leaves_nobody_waiting() -> None:
    failures: list[dict[str, object]] = []

    def observe(_run: BatchRun) -> None:
        raise ValueError("no such metric")

    device = Device(1)
    batcher = Batcher(BatchModel("m", Doubler()), device, observe=observe)
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failures.append(context))
    assert values((await batcher.submit(rows(1, 2))).outputs) == [2, 4]
    assert [str(failure["exception"]) for failure in failures] == ["no such metric"]
    await device.close()


async def test_closing_fails_what_waits_and_finishes_what_runs() -> None:
    model, device = Doubler(open_gate=False), Device(1)
    batcher = batcher_of(model, device)
    running = await busy(batcher, model)
    waiting = asyncio.create_task(batcher.submit(rows(2)))
    await settle()
    arriving = await begun(batcher.submit(rows(3)))
    closing = asyncio.create_task(device.close())
    for refused in (waiting, arriving):
        with pytest.raises(Unavailable):
            await refused
    model.gate.set()
    await closing
    assert values((await running).outputs) == [0]
    with pytest.raises(Unavailable):
        await batcher.submit(rows(3))


async def test_no_rows_are_refused() -> None:
    device = Device(1)
    with pytest.raises(ValueError, match="at least one row"):
        await batcher_of(Doubler(), device).submit(rows())
    await device.close()


POISON = -1
FATES = (
    "answered", "answered", "cancelled at once", "cancelled soon", "cancelled as it runs",
    "late", "late as others run", "poisoned",
)  # fmt: skip
CALLS = st.lists(
    st.tuples(st.integers(1, 7), st.sampled_from(Priority), st.sampled_from(FATES), st.booleans()),
    min_size=1,
    max_size=25,
)


class Fragile(Doubler):
    """Fails on POISON, remembers the batches it failed on, and calls back when a number runs first."""

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


@settings(max_examples=150, deadline=None)
@given(
    calls=CALLS,
    slots=st.integers(1, 3),
    max_batch=st.integers(1, 6),
    exclusive=st.booleans(),
    closes=st.booleans(),
)
async def test_every_entry_is_answered_exactly_once(
    calls: list[tuple[int, Priority, str, bool]], slots: int, max_batch: int, exclusive: bool, closes: bool
) -> None:
    """With its own rows or with an error that is its own, whatever its neighbours do."""
    loop, clock, model = asyncio.get_running_loop(), Clock(), Fragile()
    device = Device(slots, clock=clock)
    options = BatchingOptions(max_batch=max_batch, max_queue_rows=60, bulk_every=3)
    batchers = [batcher_of(model, device, options, model if exclusive else None) for _ in range(2)]
    tasks: list[tuple[asyncio.Task[RunResult], list[int], str]] = []
    for index, (size, priority, fate, second) in enumerate(calls):
        numbers = [index * 10 + k for k in range(size)]
        asked = [POISON, *numbers] if fate == "poisoned" else numbers
        deadline = {"late": clock(), "late as others run": clock() + 1}.get(fate)
        submitted = batchers[second].submit(rows(*asked), priority=priority, deadline=deadline)
        task = asyncio.create_task(submitted)
        tasks.append((task, numbers, fate))
        if fate == "cancelled at once":
            task.cancel()
        elif fate == "cancelled soon":
            loop.call_soon(task.cancel)
        elif fate == "cancelled as it runs":
            model.calls[numbers[-1]] = partial(loop.call_soon_threadsafe, task.cancel)
        elif fate == "late as others run":
            model.calls[numbers[0]] = partial(clock.advance, 2)
        if index % 3 == 0:
            await turn()
    if closes:
        await device.close()
    outcomes = await asyncio.wait_for(
        asyncio.gather(*(task for task, _, _ in tasks), return_exceptions=True), timeout=60
    )
    spoiled = {number for batch in model.failed for number in batch}
    for (_, numbers, fate), outcome in zip(tasks, outcomes, strict=True):
        match outcome:
            case Unavailable():
                assert closes
            case Overloaded() as error:
                assert error.retry_after_s > 0
            case RuntimeError():
                assert fate == "poisoned" or spoiled.intersection(numbers)
            case DeadlineExceeded():
                assert fate.startswith("late")
            case asyncio.CancelledError():
                assert fate.startswith("cancelled")
            case RunResult():
                assert fate not in ("late", "poisoned", "cancelled at once")
                assert values(outcome.outputs) == [2 * number for number in numbers]
            case _:
                raise AssertionError(outcome)
    ran = [number for batch in [*model.batches, *model.failed] for number in batch if number != POISON]
    assert len(ran) == len(set(ran))
    assert max(map(len, [*model.batches, *model.failed]), default=0) <= max_batch
    late = {number for _, numbers, fate in tasks if fate == "late" for number in numbers}
    assert not late.intersection(ran)
    assert [batcher.waiting_rows for batcher in batchers] == [0, 0]
    await device.close()


@settings(max_examples=60, deadline=None)
@given(priorities=st.lists(st.sampled_from(Priority), min_size=1, max_size=30), every=st.integers(1, 4))
async def test_within_a_priority_the_first_to_come_is_the_first_to_go(
    priorities: list[Priority], every: int
) -> None:
    model, device = Doubler(), Device(1)
    batcher = batcher_of(model, device, BatchingOptions(max_batch=1, bulk_every=every))
    calls: list[Awaitable[RunResult]] = [
        batcher.submit(rows(number), priority=priority) for number, priority in enumerate(priorities)
    ]
    await asyncio.gather(*calls)
    ran = [number for (number,) in model.batches]
    for priority in Priority:
        of_it = [number for number in ran if priorities[number] is priority]
        assert of_it == sorted(of_it)
    await device.close()


async def test_a_run_knows_when_nobody_waits_for_its_batch_any_longer() -> None:
    model, device, clock = Doubler(open_gate=False), Device(1), time.monotonic
    seen: list[float | None] = []

    def run(batch: Array) -> Array:
        outputs = model(batch)
        seen.append(CURRENT_CALL.get().deadline)
        return outputs

    batcher = batcher_of(run, device)
    first = await busy(batcher, model)
    latest = clock() + 3000
    both = [batcher.submit(rows(value), deadline=end) for value, end in ((1, latest), (2, latest - 1000))]
    together = asyncio.gather(*both)
    await settle()
    model.gate.set()
    await asyncio.gather(first, together)
    assert seen == [None, latest]
    await device.close()
