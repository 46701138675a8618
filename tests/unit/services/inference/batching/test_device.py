"""The threads of a device, with batches that do not run a model."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest

from domain.errors import Unavailable
from services.inference.batching.device import Device
from services.inference.batching.entries import Entry, Priority
from services.inference.batching.model_queue import ModelQueue
from services.inference.batching.schedule import Batch
from services.inference.cores import MODEL_NICENESS
from tests.turns import begun, turn
from tests.unit.services.inference.doubler import rows


class Waiting:
    """Entries of one row that wait for a model whose batches run `work`."""

    def __init__(self, device: Device, work: Callable[[Batch], None], *, exclusive: bool = False) -> None:
        self._device = device
        self._queue = ModelQueue(1, bulk_every=8, can_run_exclusive=exclusive)
        device.attach(self._queue, work)

    def add(self, number: int) -> Entry:
        future = asyncio.get_running_loop().create_future()
        entry = Entry(rows(number), future, Priority.INTERACTIVE, None, submitted_at=0.0)
        with self._device.lock:
            self._queue.add(entry)
        self._device.admit_soon()
        return entry


async def until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 60)


async def test_every_thread_runs_a_batch_at_the_same_time() -> None:
    together = threading.Barrier(3 + 1)
    device = Device(3)
    waiting = Waiting(device, lambda _: together.wait(60))
    for number in range(3):
        waiting.add(number)
    await asyncio.to_thread(together.wait, 60)
    await device.close()


async def test_a_thread_takes_its_next_batch_without_the_event_loop() -> None:
    last = threading.Event()

    def work(batch: Batch) -> None:
        if batch.slices[0].rows[0, 0] == 2:
            last.set()

    device = Device(1)
    waiting = Waiting(device, work)
    for number in range(3):
        waiting.add(number)
    asyncio.get_running_loop().call_soon(last.wait, 60)  # after the admission the loop stands still
    await turn()
    assert last.is_set()
    await device.close()


async def test_nothing_runs_beside_an_exclusive_batch() -> None:
    running, largest = 0, 0
    counting, started, gate, all_done = (
        threading.Lock(),
        threading.Event(),
        threading.Event(),
        threading.Event(),
    )
    left = iter(range(5))

    def work(batch: Batch) -> None:
        nonlocal running, largest
        with counting:
            running += 1
            largest = max(largest, running)
        started.set()
        assert gate.wait(60)
        with counting:
            running -= 1
            if next(left) == 4:
                all_done.set()

    device = Device(6)
    waiting = Waiting(device, work, exclusive=True)
    waiting.add(0)
    await until(started)
    for number in range(4):
        waiting.add(number)
        await turn()
    gate.set()
    await until(all_done)
    assert largest == 1
    await device.close()


async def test_threads_run_at_low_priority_unless_they_feed_a_gpu() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    for low_priority in (True, False):
        device = Device(2, low_priority=low_priority)
        lowered = max(MODEL_NICENESS, os.nice(0))  # the tests may run at a low priority themselves
        expected = lowered if low_priority and sys.platform == "linux" else os.nice(0)
        assert await device.run_on_every_thread(niceness) == [expected] * 2
        await device.close()


async def test_a_call_runs_once_on_every_thread() -> None:
    device = Device(4)
    threads = await device.run_on_every_thread(threading.get_ident)
    assert len(set(threads)) == 4
    await device.close()


async def test_an_error_of_a_call_is_raised_and_leaves_the_threads_alive() -> None:
    def fail() -> None:
        raise ValueError("no such kernel")

    device = Device(2)
    with pytest.raises(ValueError, match="no such kernel"):
        await device.run_on_every_thread(fail)
    assert len(await device.run_on_every_thread(threading.get_ident)) == 2
    await device.close()


async def test_calls_that_are_cancelled_still_end_on_every_thread() -> None:
    gate, ended = threading.Event(), threading.Semaphore(0)

    def wait() -> None:
        assert gate.wait(60)
        ended.release()

    device = Device(2)
    calls = await begun(device.run_on_every_thread(wait))
    calls.cancel()
    gate.set()
    for _ in range(2):
        assert await asyncio.to_thread(ended.acquire, timeout=60)
    assert len(await device.run_on_every_thread(threading.get_ident)) == 2
    await device.close()


async def test_calls_that_overlap_do_not_hold_each_other_up() -> None:
    device = Device(3)
    calls = [device.run_on_every_thread(threading.get_ident) for _ in range(5)]
    assert [len(set(threads)) for threads in await asyncio.gather(*calls)] == [3] * 5
    await device.close()


async def test_closing_fails_what_waits_finishes_what_runs_and_ends_the_threads() -> None:
    started, gate, finished = threading.Event(), threading.Event(), threading.Event()

    def work(_: Batch) -> None:
        started.set()
        assert gate.wait(60)
        finished.set()

    device = Device(1)
    waiting = Waiting(device, work)
    waiting.add(1)
    await until(started)
    later = waiting.add(2)
    closing = asyncio.create_task(device.close())
    with pytest.raises(Unavailable):
        await later.future
    assert not finished.is_set()
    gate.set()
    await closing
    assert finished.is_set()
    assert not any(thread.is_alive() for thread in device._threads)
    with pytest.raises(Unavailable):
        device.require_open()
    with pytest.raises(Unavailable):
        await device.run_on_every_thread(threading.get_ident)
    await device.close()


async def test_batches_have_the_memory_of_the_device() -> None:
    memory = np.zeros(8, np.uint8)
    device = Device(1, staging=lambda shape, dtype: memory[: shape[0]].view(dtype))
    assert np.shares_memory(device.allocate((4,), np.dtype(np.uint8)), memory)
    await device.close()


def test_a_device_without_slots_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one slot"):
        Device(0)
