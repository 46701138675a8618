"""A load that indexes photos as fast as possible for a time."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from armoire import AsyncClient, IndexingJobState

AT_A_TIME = 8
"""Photos that are indexed at a time; twice as many are in flight."""
WARM_UP_S = 2.0
"""Uncounted seconds at the start, in which the server's indexing queue fills to its steady state."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """Photos whose indexing was completed within a number of seconds."""

    photos: int
    seconds: float

    @property
    def per_s(self) -> float:
        return self.photos / self.seconds


@contextmanager
def indexing(address: str, photos: Sequence[bytes], seconds: float) -> Iterator[Future[Indexing]]:
    """Index in another process while the body runs; the future holds the result."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool.submit(index_for, address, photos, seconds)


def index_for(address: str, photos: Sequence[bytes], seconds: float) -> Indexing:
    return asyncio.run(_index_for(address, photos, seconds))


async def _index_for(address: str, photos: Sequence[bytes], seconds: float) -> Indexing:
    """Keep enough photos in flight that every worker of the server is busy; count after the warm-up."""
    begin, done, numbers = time.monotonic() + WARM_UP_S, 0, count()

    async def work(client: AsyncClient) -> None:
        nonlocal done
        while time.monotonic() < begin + seconds:
            job = await client.index(photos[next(numbers) % len(photos)], image_name="bench")
            finished = await client.wait_for_indexing_job(job.id)
            in_time = begin <= time.monotonic() < begin + seconds
            done += in_time and finished.state is IndexingJobState.COMPLETE

    async with AsyncClient(address) as client, asyncio.TaskGroup() as workers:
        for _ in range(2 * AT_A_TIME):
            workers.create_task(work(client))
    return Indexing(done, seconds)
