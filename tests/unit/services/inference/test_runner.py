from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from services.inference.batching.batcher import BatchingOptions, Device, ModelRun
from services.inference.batching.entries import Array
from services.inference.runner import LocalRunner

ROW = np.zeros(1, np.float32)


class TimedDevice(Device):
    """A device whose runs take what `seconds_of` says of their rows; it notes their sizes."""

    def __init__(self, seconds_of: Callable[[int], Iterator[float]]) -> None:
        super().__init__(1)
        self._seconds_of = seconds_of
        self._started: dict[int, Iterator[float]] = {}
        self.sizes: list[int] = []

    async def time(self, model: ModelRun, rows: Array) -> float:
        self.sizes.append(len(rows))
        return next(self._started.setdefault(len(rows), self._seconds_of(len(rows))))


def steadily(seconds_of: Callable[[int], float]) -> Callable[[int], Iterator[float]]:
    def repeated(rows: int) -> Iterator[float]:
        while True:
            yield seconds_of(rows)

    return repeated


@asynccontextmanager
async def timed(seconds_of: Callable[[int], Iterator[float]]) -> AsyncIterator[TimedDevice]:
    device = TimedDevice(seconds_of)
    yield device
    await device.close()


def runner_on(device: Device, options: BatchingOptions, seen: list[int] | None = None) -> LocalRunner:
    def run(rows: Array) -> Array:
        if seen is not None:
            seen.append(len(rows))
        return rows

    return LocalRunner("model", run, ROW, device, options)


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
    async with timed(steadily(seconds_of)) as device:
        assert await runner_on(device, BatchingOptions(max_batch=12)).warm_up() == largest
        assert max(device.sizes) == tried


async def test_only_sizes_that_batches_are_padded_to_are_tried() -> None:
    async with timed(steadily(lambda rows: 0.001 * rows)) as device:
        options = BatchingOptions(max_batch=6, batch_sizes=(2, 6))
        assert await runner_on(device, options).warm_up() == 6
        assert device.sizes == [2, 6]


async def test_a_slow_first_run_has_a_second_chance() -> None:
    def late(rows: int) -> Iterator[float]:
        yield 1.0
        yield 0.01

    async with timed(late) as device:
        assert await runner_on(device, BatchingOptions(max_batch=4)).warm_up() == 4
        assert device.sizes == [1, 1, 2, 2, 4, 4]


async def test_no_batch_is_larger_than_warm_up_allowed() -> None:
    seen: list[int] = []
    async with timed(steadily(lambda rows: 0.1 * rows)) as device:
        runner = runner_on(device, BatchingOptions(max_batch=8), seen)
        await runner.warm_up()
        answered = await runner.submit(np.arange(5, dtype=np.float32)[:, None], deadline=None)
        assert answered.outputs[:, 0].tolist() == [0, 1, 2, 3, 4]
        assert seen == [1] * 5
