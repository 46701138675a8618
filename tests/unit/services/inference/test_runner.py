from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest

from domain.errors import DeadlineExceeded
from services.inference.batching.batcher import BatchModel
from services.inference.batching.device import Device
from services.inference.batching.entries import Array
from services.inference.batching.options import BatchingOptions
from services.inference.runner import LocalRunner
from tests.unit.clock import Clock
from tests.unit.services.inference.doubler import Doubler, rows, settle

ROW = np.full(1, 7, np.float32)


@dataclass(eq=False)
class TimedModel:
    """A model whose runs take what `seconds_of` says of their rows, by its own clock."""

    seconds_of: Callable[[int], Iterator[float]]
    clock: Clock = field(default_factory=Clock)
    sizes: list[int] = field(default_factory=list)
    _runs: dict[int, Iterator[float]] = field(default_factory=dict)

    def run(self, rows: Array) -> Array:
        self.sizes.append(len(rows))
        self.clock.advance(next(self._runs.setdefault(len(rows), self.seconds_of(len(rows)))))
        return rows


def steadily(seconds_of: Callable[[int], float]) -> TimedModel:
    def repeated(rows: int) -> Iterator[float]:
        while True:
            yield seconds_of(rows)

    return TimedModel(repeated)


@asynccontextmanager
async def runner_of(model: TimedModel, options: BatchingOptions) -> AsyncIterator[LocalRunner]:
    device = Device(1, clock=model.clock)
    yield LocalRunner(BatchModel("model", model.run), ROW, device, options)
    await device.close()


@pytest.mark.parametrize(
    ("seconds_of", "largest", "tried"),
    [
        (lambda rows: 0.1 * rows, 1, 4),  # a large model on a CPU: nothing is gained
        (lambda rows: 0.004 * rows, 12, 12),  # a small one: it is short
        (lambda rows: 0.005 * rows, 8, 12),  # as many as fit into 50 ms
        (lambda rows: 0.1 + 0.001 * rows, 12, 12),  # a GPU: a batch costs little more than a row
        (lambda rows: 0.1 * rows if rows < 4 else 0.09 * rows, 4, 4),  # what pays comes late
        (lambda rows: 0.1 * rows if rows < 8 else 0.09 * rows, 1, 4),  # and too late
        (lambda rows: 0.6 * rows**0.5, 1, 1),  # a very large model
    ],
)
async def test_batches_grow_while_they_are_short_or_pay(
    seconds_of: Callable[[int], float], largest: int, tried: int
) -> None:
    model = steadily(seconds_of)
    async with runner_of(model, BatchingOptions(max_batch=12)) as runner:
        assert await runner.warm_up() == largest
    assert max(model.sizes) == tried


async def test_only_sizes_that_batches_are_padded_to_are_tried() -> None:
    model = steadily(lambda rows: 0.001 * rows)
    async with runner_of(model, BatchingOptions(max_batch=6, batch_sizes=(2, 6))) as runner:
        assert await runner.warm_up() == 6
    assert model.sizes == [2, 6]


async def test_a_slow_first_run_has_a_second_chance() -> None:
    def slow_at_first(rows: int) -> Iterator[float]:
        yield 1.0
        yield 0.01

    model = TimedModel(slow_at_first)
    async with runner_of(model, BatchingOptions(max_batch=4)) as runner:
        assert await runner.warm_up() == 4
    assert model.sizes == [1, 1, 2, 2, 4, 4]


async def test_no_batch_is_larger_than_warm_up_allowed() -> None:
    model = steadily(lambda rows: 0.1 * rows)
    async with runner_of(model, BatchingOptions(max_batch=8)) as runner:
        await runner.warm_up()
        model.sizes.clear()
        result = await runner.submit(np.arange(5, dtype=np.float32)[:, None], deadline=None)
    assert result.outputs[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert model.sizes == [1] * 5


async def test_every_slot_is_busy_with_a_valid_row_while_a_batch_is_timed() -> None:
    together = threading.Barrier(3)

    def run(rows: Array) -> Array:
        together.wait(60)
        assert rows.tolist() == [[7.0]] * len(rows)
        return rows

    device = Device(3)
    runner = LocalRunner(BatchModel("model", run), ROW, device, BatchingOptions(max_batch=2))
    assert await runner.warm_up() == 2
    await device.close()


async def test_bulk_rows_come_after_interactive_ones() -> None:
    model, device = Doubler(open_gate=False), Device(1)
    runner = LocalRunner(BatchModel("model", model), ROW, device, BatchingOptions(max_batch=1))
    first = asyncio.create_task(runner.submit(rows(0), deadline=None))
    await model.wait_started()
    bulk = asyncio.create_task(runner.submit(rows(1), deadline=None, bulk=True))
    await settle()
    interactive = asyncio.create_task(runner.submit(rows(2), deadline=None))
    await settle()
    model.gate.set()
    await asyncio.gather(first, bulk, interactive)
    assert model.batches == [[0], [2], [1]]
    await device.close()


async def test_a_deadline_is_kept() -> None:
    device = Device(1, clock=Clock(100.0))
    runner = LocalRunner(BatchModel("model", Doubler()), ROW, device, BatchingOptions())
    with pytest.raises(DeadlineExceeded):
        await runner.submit(rows(1), deadline=100.0)
    await device.close()
