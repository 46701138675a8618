"""Measures one setting: the models are loaded as the server loads them, and called as its edge calls them."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import TypeAlias

import numpy as np

from domain.taxonomy import Taxonomy
from services.inference.batching.batcher import BatchingOptions
from services.inference.options import InferenceOptions
from services.inference.pipeline import Pipeline
from services.inference.service import InferenceService
from services.tuning.setting import Rpc, Setting

Send: TypeAlias = Callable[[bytes], Awaitable[object]]

LEAST_LONE_CALLS = 5
ANSWERS_A_CLIENT = 2
"""That a crowd's figures rest on at least, whatever the time."""
LONE_SHARE = 1 / 3
"""Of a visit's time."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one visit found: one client with nobody beside it, then many, each sending when it has its answer.

    `detector_rows` and `image_rows` are the mean sizes of the batches that the crowd made, `detector_most`
    and `image_most` the largest; 0 for a model that the call does not use.
    """

    lone_p50_ms: float
    throughput_per_s: float
    load_p50_ms: float
    load_p99_ms: float
    lone_calls: int
    load_calls: int
    detector_rows: float
    image_rows: float
    detector_most: int
    image_most: int
    open_s: float


@dataclass(frozen=True, slots=True)
class Workload:
    """A call, the photos it is made with in turn, and the clients of the crowd."""

    rpc: Rpc
    photos: Sequence[bytes]
    clients: int

    def send(self, pipeline: Pipeline) -> Send:
        if self.rpc == "detect":
            return pipeline.find
        return pipeline.embed_image if self.rpc == "embed" else pipeline.analyze


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """`options_of` says what the server would load for a setting."""

    options_of: Callable[[Setting], InferenceOptions]
    taxonomy: Taxonomy
    workload: Workload

    async def visit(self, setting: Setting, seconds: float, *, verify: bool = False) -> Figures:
        """Load, measure for about `seconds`, unload; `verify` also checks the golden outputs.

        Raises:
            ArmoireError: the models cannot be loaded or run so.
        """
        started = time.perf_counter()
        batches = BatchSizes()
        async with self._opened(setting, batches, verify) as pipeline:
            open_s = time.perf_counter() - started
            send = self.workload.send(pipeline)
            lone_ms = await time_lone(send, self.workload.photos, seconds * LONE_SHARE)
            batches.forget()
            crowd = await time_crowd(
                send, self.workload.photos, self.workload.clients, seconds * (1 - LONE_SHARE)
            )
        return Figures(
            lone_p50_ms=float(np.median(lone_ms)),
            throughput_per_s=len(crowd.latencies_ms) / crowd.seconds,
            load_p50_ms=float(np.median(crowd.latencies_ms)),
            load_p99_ms=float(np.percentile(crowd.latencies_ms, 99)),
            lone_calls=len(lone_ms),
            load_calls=len(crowd.latencies_ms),
            detector_rows=batches.mean("detector"),
            image_rows=batches.mean("image"),
            detector_most=batches.most("detector"),
            image_most=batches.most("image"),
            open_s=open_s,
        )

    @asynccontextmanager
    async def _opened(self, setting: Setting, batches: BatchSizes, verify: bool) -> AsyncIterator[Pipeline]:
        """One at a time, so that a small memory holds it; texts are not called, so not warmed in batches."""
        options = replace(
            self.options_of(setting), verify_golden=verify, text_batching=BatchingOptions(max_batch=1)
        )
        inference = await InferenceService.load(options, self.taxonomy, batches.observe)
        try:
            yield inference.pipeline
        finally:
            await inference.close()
            del inference
            gc.collect()  # batchers and their device hold each other, and so the sessions


@dataclass(eq=False)
class BatchSizes:
    """The batches that each model ran."""

    _rows: dict[str, list[int]] = field(default_factory=dict)

    def observe(self, model: str, rows: int, _seconds: float) -> None:
        self._rows.setdefault(model, []).append(rows)

    def forget(self) -> None:
        self._rows.clear()

    def mean(self, model: str) -> float:
        """0 where it ran none."""
        rows = self._rows.get(model, [])
        return sum(rows) / len(rows) if rows else 0.0

    def most(self, model: str) -> int:
        """0 where it ran none."""
        return max(self._rows.get(model, []), default=0)


async def time_lone(send: Send, photos: Sequence[bytes], seconds: float) -> list[float]:
    """Milliseconds of calls made one after the other; the first, uncounted, warms up."""
    queue = cycle(photos)
    await send(next(queue))
    latencies_ms: list[float] = []
    ends = time.perf_counter() + seconds
    while len(latencies_ms) < LEAST_LONE_CALLS or time.perf_counter() < ends:
        latencies_ms.append(await _timed_ms(send, next(queue)))
    return latencies_ms


@dataclass(frozen=True, slots=True)
class CrowdTimes:
    """The calls answered within the seconds."""

    latencies_ms: Sequence[float]
    seconds: float


async def time_crowd(send: Send, photos: Sequence[bytes], clients: int, seconds: float) -> CrowdTimes:
    """A closed loop of so many clients, from when each has had its first answer.

    Takes longer than `seconds` where every client has not had two more by then.

    Raises:
        Exception: the first error of a call.
    """
    crowd = _Crowd(send, cycle(photos), clients, seconds)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(crowd.client()) for _ in range(clients)]
            await crowd.over.wait()
            for task in tasks:
                task.cancel()
    except ExceptionGroup as error:
        raise error.exceptions[0] from None
    return CrowdTimes(crowd.latencies_ms, crowd.last - crowd.started)


class _Crowd:
    def __init__(self, send: Send, photos: Iterator[bytes], clients: int, seconds: float) -> None:
        self.over = asyncio.Event()
        self.latencies_ms: list[float] = []
        self.started = 0.0
        self.last = 0.0
        self._send = send
        self._photos = photos
        self._seconds = seconds
        self._least = clients * ANSWERS_A_CLIENT
        self._first_answers = clients

    async def client(self) -> None:
        await self._send(next(self._photos))
        self._first_answers -= 1
        if self._first_answers == 0:
            self.started = time.perf_counter()
        while True:
            latency_ms = await _timed_ms(self._send, next(self._photos))
            if self._first_answers == 0 and not self.over.is_set():
                self._count(latency_ms)

    def _count(self, latency_ms: float) -> None:
        self.latencies_ms.append(latency_ms)
        self.last = time.perf_counter()
        if len(self.latencies_ms) >= self._least and self.last - self.started >= self._seconds:
            self.over.set()


async def _timed_ms(send: Send, photo: bytes) -> float:
    started = time.perf_counter()
    await send(photo)
    return (time.perf_counter() - started) * 1e3
