"""Photos into a catalogue: until it holds so many items, or as fast as they go for a time."""

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
BOXES = 64
MIN_SIDE_PX = 48
HIGHEST_PRICE = 100
WARM_UP_S = 2.0
"""Until as many photos are on their way as will be, and leave as fast as they come."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """Photos whose indexing ended within the seconds."""

    photos: int
    seconds: float

    @property
    def per_s(self) -> float:
        return self.photos / self.seconds


async def fill(address: str, photos: Sequence[bytes], items: int) -> list[str]:
    """Ids of at least so many items: regions of the photos, of products that cost 0 to 100.

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
    """The photo with random boxes, the same for the same seed."""
    chance, info = random.Random(seed), probe(content, DecodeLimits())
    return Photo(content, tuple(_box(chance, info.width, info.height) for _ in range(BOXES)))


def _box(chance: random.Random, width: int, height: int) -> Box:
    side = chance.uniform(MIN_SIDE_PX, min(width, height))
    x, y = chance.uniform(0, width - side), chance.uniform(0, height - side)
    return Box(x, y, x + side, y + side)


@contextmanager
def indexing(address: str, photos: Sequence[bytes], seconds: float) -> Iterator[Future[Indexing]]:
    """Indexes in another process meanwhile; the future is what came of it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool.submit(index_for, address, photos, seconds)


def index_for(address: str, photos: Sequence[bytes], seconds: float) -> Indexing:
    return asyncio.run(_index_for(address, photos, seconds))


async def _index_for(address: str, photos: Sequence[bytes], seconds: float) -> Indexing:
    """Keeps enough photos on their way that every worker of the server is busy; counts once it is."""
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
