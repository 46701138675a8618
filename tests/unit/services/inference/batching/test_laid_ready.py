"""The batch that waits for a thread is made up anew whenever somebody comes or goes who may change it."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from domain.errors import DeadlineExceeded
from services.inference.batching.batcher import Batcher, BatchingOptions, Device
from services.inference.batching.entries import Array, Priority
from tests.unit.services.inference.doubler import Doubler, rows, settle, values


async def test_a_batch_that_is_laid_ready_still_loses_who_goes() -> None:
    model = Doubler(open_gate=False)
    batcher = Batcher("m", model, Device(1), BatchingOptions(max_batch=3))
    first = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    deadline = time.monotonic() + 0.05
    late = asyncio.create_task(batcher.submit(rows(2), deadline=deadline))
    gone, stays, last = (asyncio.create_task(batcher.submit(rows(value))) for value in (3, 4, 5))
    await settle()
    assert batcher.waiting_rows == 4
    gone.cancel()
    await asyncio.sleep(max(0.0, deadline - time.monotonic()))
    model.gate.set()
    assert [values((await job).outputs) for job in (first, stays, last)] == [[2], [8], [10]]
    with pytest.raises(DeadlineExceeded):
        await late
    assert model.batches == [[1], [4, 5]]


async def test_a_late_job_beside_a_failing_one_is_told_so() -> None:
    def fail(_rows: Array) -> Array:
        assert gate.wait(10)
        raise RuntimeError("no such kernel")

    gate = threading.Event()
    batcher = Batcher("m", fail, Device(1), BatchingOptions(max_batch=2))
    first = asyncio.create_task(batcher.submit(rows(1)))
    await settle()
    deadline = time.monotonic() + 0.05
    late = asyncio.create_task(batcher.submit(rows(2), deadline=deadline))
    beside = asyncio.create_task(batcher.submit(rows(3)))
    await settle()
    await asyncio.sleep(max(0.0, deadline - time.monotonic()))
    gate.set()
    for job, kind in ((first, RuntimeError), (late, DeadlineExceeded), (beside, RuntimeError)):
        with pytest.raises(kind):
            await job


async def test_one_who_comes_rides_in_the_place_of_anothers_second_row() -> None:
    model = Doubler(open_gate=False)
    batcher = Batcher("m", model, Device(1), BatchingOptions(max_batch=4))
    first = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    jobs = [asyncio.create_task(batcher.submit(rows(*values))) for values in ((2, 22), (3,), (4,))]
    await settle()
    jobs.append(asyncio.create_task(batcher.submit(rows(5))))
    await settle()
    model.gate.set()
    await asyncio.gather(first, *jobs)
    assert model.batches == [[1], [2, 3, 4, 5], [22]]


async def test_who_comes_before_the_next_batch_starts_rides_in_it() -> None:
    model = Doubler(open_gate=False)
    batcher = Batcher("m", model, Device(1), BatchingOptions(max_batch=4))
    first = asyncio.create_task(batcher.submit(rows(1)))
    await model.wait_started()
    jobs = [asyncio.create_task(batcher.submit(rows(2, 3), priority=Priority.BULK))]
    await settle()
    jobs += [asyncio.create_task(batcher.submit(rows(value))) for value in (4, 5, 6)]
    await settle()
    jobs.append(asyncio.create_task(batcher.submit(rows(7))))
    await settle()
    model.gate.set()
    await asyncio.gather(first, *jobs)
    assert model.batches == [[1], [4, 5, 6, 7], [2, 3]]
