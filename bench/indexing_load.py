"""Loads that index photos: until the catalogue holds a number of items, or as fast as possible for a time."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from armoire import AsyncClient, Box, JobState, Money, Photo, Product
from imaging.decode import DecodeLimits, probe

AT_A_TIME = 8
"""Photos that `fill` has in flight; the rate measurement has twice as many."""
BOXES = 64
MIN_SIDE_PX = 48
HIGHEST_PRICE = 100
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


async def fill(address: str, photos: Sequence[bytes], items: int) -> list[str]:
    """Index boxes of the photos until there are at least `items` items, and return their ids.

    Each photo is of a product of its own, with a price of 0 to 99 EUR.

    Raises:
        RuntimeError: a photo could not be indexed.
    """
    found: list[str] = []
    numbers = count()

    async def work(client: AsyncClient) -> None:
        while len(found) < items:
            number = next(numbers)
            photo = with_regions(photos[number % len(photos)], number)
            price = Money(Decimal(number % HIGHEST_PRICE), "EUR")
            product = Product(f"Garment {number}", price=price)
            job = await client.index(photo, image_name=str(number), product=product)
            done = await client.wait(job.id)
            if done.state is not JobState.COMPLETE:
                raise RuntimeError(f"photo {number} is {done.state}: {done.error}")
            found.extend(item.item_id for item in done.items if item.item_id)

    async with AsyncClient(address) as client, asyncio.TaskGroup() as workers:
        for _ in range(AT_A_TIME):
            workers.create_task(work(client))
    return found


def with_regions(content: bytes, seed: int) -> Photo:
    """The photo with random boxes; the same seed gives the same boxes."""
    chance, info = random.Random(seed), probe(content, DecodeLimits())
    return Photo(content, tuple(_box(chance, info.width, info.height) for _ in range(BOXES)))


def _box(chance: random.Random, width: int, height: int) -> Box:
    side = chance.uniform(MIN_SIDE_PX, min(width, height))
    x, y = chance.uniform(0, width - side), chance.uniform(0, height - side)
    return Box(x, y, x + side, y + side)


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
            finished = await client.wait(job.id)
            in_time = begin <= time.monotonic() < begin + seconds
            done += in_time and finished.state is JobState.COMPLETE

    async with AsyncClient(address) as client, asyncio.TaskGroup() as workers:
        for _ in range(2 * AT_A_TIME):
            workers.create_task(work(client))
    return Indexing(done, seconds)
