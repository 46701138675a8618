from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from services.batching import Array, BatchingOptions, Device, ModelRun
from services.runner import Runner

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


def runner_on(device: Device, options: BatchingOptions, seen: list[int] | None = None) -> Runner:
    def run(rows: Array) -> Array:
        if seen is not None:
            seen.append(len(rows))
        return rows

    return Runner("model", run, ROW, device, options)


@pytest.mark.parametrize(
    ("seconds_of", "largest"),
    [
        (lambda rows: 0.1 * rows, 1),  # a large model on a CPU: nothing is gained
        (lambda rows: 0.005 * rows, 8),  # a small one: as many as fit into 50 ms
        (lambda rows: 0.1 + 0.001 * rows, 12),  # a GPU: a batch costs little more than a row
        (lambda rows: 0.1 * rows if rows < 4 else 0.1 + 0.01 * rows, 1),  # growth ends where it does not pay
    ],
)
async def test_batches_grow_while_they_are_short_or_pay(
    seconds_of: Callable[[int], float], largest: int
) -> None:
    async with timed(steadily(seconds_of)) as device:
        assert await runner_on(device, BatchingOptions(max_batch=12)).warm_up() == largest
        assert max(device.sizes) == min(12, 2 * largest)


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


@pytest.mark.parametrize(("second", "largest"), [(0.170, 2), (0.190, 1)])
async def test_a_gain_near_the_limit_is_measured_again(second: float, largest: int) -> None:
    """One row takes 0.1 s; two take 0.185 s at first, 1.08 times the rows a second."""

    def seconds_of(rows: int) -> Iterator[float]:
        yield from ([0.1] * 3 if rows == 1 else [0.185, 0.185, second])

    async with timed(seconds_of) as device:
        assert await runner_on(device, BatchingOptions(max_batch=2)).warm_up() == largest
        assert device.sizes == [1, 1, 2, 2, 1, 2]


@pytest.mark.parametrize("two_rows_s", [0.15, 0.25])
async def test_a_clear_gain_or_loss_is_not_measured_again(two_rows_s: float) -> None:
    async with timed(steadily(lambda rows: 0.1 if rows == 1 else two_rows_s)) as device:
        await runner_on(device, BatchingOptions(max_batch=2)).warm_up()
        assert device.sizes == [1, 1, 2, 2]


async def test_no_batch_is_larger_than_warm_up_allowed() -> None:
    seen: list[int] = []
    async with timed(steadily(lambda rows: 0.1 * rows)) as device:
        runner = runner_on(device, BatchingOptions(max_batch=8), seen)
        await runner.warm_up()
        answered = await runner.submit(np.arange(5, dtype=np.float32)[:, None])
        assert answered.outputs[:, 0].tolist() == [0, 1, 2, 3, 4]
        assert seen == [1] * 5
