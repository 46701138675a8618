"""The loads of a trial: a single client, then a closed loop of several clients, in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TypeAlias

Send: TypeAlias = Callable[[bytes], Awaitable[object]]
Clock: TypeAlias = Callable[[], float]
"""Gives the seconds since some moment."""

MIN_SINGLE_CALLS = 5
MIN_ANSWERS_PER_CLIENT = 2
"""Answers on which the figures of a closed loop rest at least, however long that takes."""


async def measure_latencies(
    send: Send, photos: Sequence[bytes], seconds: float, clock: Clock = time.perf_counter
) -> list[float]:
    """Milliseconds of calls made one after the other, for `seconds` after an uncounted first call."""
    queue = cycle(photos)
    await send(next(queue))
    latencies_ms: list[float] = []
    ends = clock() + seconds
    while len(latencies_ms) < MIN_SINGLE_CALLS or clock() < ends:
        latencies_ms.append(await _timed_ms(send, next(queue), clock))
    return latencies_ms


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The latencies of the calls that were answered within `seconds`."""

    latencies_ms: Sequence[float]
    seconds: float


async def measure_load(
    send: Send, photos: Sequence[bytes], clients: int, seconds: float, clock: Clock = time.perf_counter
) -> LoadResult:
    """Measure a closed loop of `clients`, from when each client has had its first answer.

    It takes longer than `seconds` if there were fewer than two answers per client by then.

    Raises:
        Exception: the first error of a call.
    """
    loop = _ClosedLoop(send, cycle(photos), clients, seconds, clock)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(loop.run_client()) for _ in range(clients)]
            await loop.done.wait()
            for task in tasks:
                task.cancel()
    except ExceptionGroup as error:
        raise error.exceptions[0] from None
    return LoadResult(loop.latencies_ms, loop.last - loop.started)


class _ClosedLoop:
    def __init__(
        self, send: Send, photos: Iterator[bytes], clients: int, seconds: float, clock: Clock
    ) -> None:
        self.done = asyncio.Event()
        self.latencies_ms: list[float] = []
        self.started = 0.0
        self.last = 0.0
        self._send = send
        self._photos = photos
        self._seconds = seconds
        self._clock = clock
        self._min_answers = clients * MIN_ANSWERS_PER_CLIENT
        self._clients_warming_up = clients

    async def run_client(self) -> None:
        await self._send(next(self._photos))
        self._clients_warming_up -= 1
        if self._clients_warming_up == 0:
            self.started = self._clock()
        while True:
            latency_ms = await _timed_ms(self._send, next(self._photos), self._clock)
            if self._clients_warming_up == 0 and not self.done.is_set():
                self._count(latency_ms)

    def _count(self, latency_ms: float) -> None:
        self.latencies_ms.append(latency_ms)
        self.last = self._clock()
        if len(self.latencies_ms) >= self._min_answers and self.last - self.started >= self._seconds:
            self.done.set()


async def _timed_ms(send: Send, photo: bytes, clock: Clock) -> float:
    started = clock()
    await send(photo)
    return (clock() - started) * 1e3
