"""The tour of a running server: index, look at a person, search in three ways, find every photo again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from armoire import (
    ArmoireError,
    AsyncClient,
    Box,
    Hit,
    ImageAnalysis,
    IndexingJob,
    IndexingJobState,
    Item,
    SearchResult,
)
from demo.photos import DemoPhoto, reencode

T = TypeVar("T")
AT_A_TIME = 8
MIN_SELF_FOUND = 0.97
MIN_WORN = 4
"""So many garments in one picture are those of a person."""
FOUND_IOU = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """A query with its hits and failed checks; `picture` is the encoded query photo, if any."""

    title: str
    found: SearchResult
    complaint: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The picture of a person with what the server found in it, and which of the garments it did not find."""

    photo: DemoPhoto
    analysis: ImageAnalysis
    missed: tuple[str, ...]


@dataclass(slots=True)
class Tour:
    """The result; `complaints` lists the failed checks."""

    person: Person | None = None
    jobs: list[IndexingJob] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    looked_up: int = 0
    self_found: int = 0
    complaints: list[str] = field(default_factory=list)

    @property
    def photos(self) -> int:
        return len(self.jobs)

    @property
    def whole_image_photos(self) -> int:
        """Number of photos in which no box was accepted."""
        return len({item.image_id for item in self.items if item.whole_image})


async def take_tour(client: AsyncClient, photos: Sequence[DemoPhoto], advance: Callable[[str], None]) -> Tour:
    """Run the tour; `advance` is called with the name of the stage after every photo."""
    tour = Tour()
    await _index(client, photos, tour, advance)
    if not tour.complaints:
        await _look_at_person(client, photos, tour)
        tour.items = [item async for item in client.iter_items()]
        await _search(client, photos, tour)
        await _look_up_again(client, photos, tour, advance)
    tour.complaints += [f"{step.title}: {step.complaint}" for step in tour.steps if step.complaint]
    return tour


async def _index(
    client: AsyncClient, photos: Sequence[DemoPhoto], tour: Tour, advance: Callable[[str], None]
) -> None:
    async def index(photo: DemoPhoto) -> IndexingJob | ArmoireError:
        try:
            job = await client.index(photo.path, product=photo.product)
            return await client.wait_for_indexing_job(job.id)
        except ArmoireError as error:
            return error
        finally:
            advance("index")

    for photo, job in zip(photos, await _pipelined(index, photos), strict=True):
        if isinstance(job, ArmoireError):
            tour.complaints.append(f"{photo.path.name}: {job}")
            continue
        tour.jobs.append(job)
        if job.state is not IndexingJobState.COMPLETE:
            tour.complaints.append(f"{photo.path.name} is {job.state.name}: {job.error}")
        elif not job.items:
            tour.complaints.append(f"{photo.path.name} yielded no item")


async def _look_at_person(client: AsyncClient, photos: Sequence[DemoPhoto], tour: Tour) -> None:
    """Analyze the picture with the most garments, if it shows a person, and compare the boxes."""
    photo = max(photos, key=lambda each: len(each.garments))
    if len(photo.garments) < MIN_WORN:
        return
    analysis = await client.analyze(photo.path)
    found = [item.box for item in analysis.items if item.accepted]
    missed = tuple(
        name for name, box in photo.garments if all(_iou(box, other) < FOUND_IOU for other in found)
    )
    tour.person = Person(photo, analysis, missed)
    if missed:
        tour.complaints.append(f"{photo.path.name}: did not find {', '.join(missed)}")


def _iou(first: Box, second: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(first.x2, second.x2) - max(first.x1, second.x1)
    height = min(first.y2, second.y2) - max(first.y1, second.y1)
    shared = max(width, 0.0) * max(height, 0.0)
    areas = ((box.x2 - box.x1) * (box.y2 - box.y1) for box in (first, second))
    return shared / max(sum(areas) - shared, 1e-9)


async def _search(client: AsyncClient, photos: Sequence[DemoPhoto], tour: Tour) -> None:
    tour.steps.append(await _search_by_photo(client, photos, tour))
    tour.steps.append(await _search_by_text(client, tour))
    tour.steps.append(await _search_with_filter(client, tour))


async def _search_by_photo(client: AsyncClient, photos: Sequence[DemoPhoto], tour: Tour) -> Step:
    index = len(photos) // 2
    content = photos[index].path.read_bytes()
    found = await client.search(content, top_k=5, include_crops=True)
    own = tour.jobs[index].image_id
    strangers = [query.label for query in found.queries if not _is_first(query.hits, own)]
    complaint = f"its own item is not first for: {', '.join(strangers)}" if strangers else ""
    return Step(f"photo {photos[index].path.name}", found, complaint, content)


async def _search_by_text(client: AsyncClient, tour: Tour) -> Step:
    category, color = _commonest(tour.items)
    text = f"{color} {category}"
    found = await client.search(text=text, top_k=5, include_crops=True)
    hits = found.queries[0].hits
    right = [hit for hit in hits if category in (hit.item.label, hit.item.attributes["category"].value)]
    return Step(f'text "{text}"', found, "" if right else f"no {category} among the first {len(hits)}")


async def _search_with_filter(client: AsyncClient, tour: Tour) -> Step:
    category, color = _commonest(tour.items)
    priced = any(job.product_id for job in tour.jobs)
    where = f"category={category}" + (",price<60" if priced else f",color={color}")
    found = await client.search(text="something to wear", where=where, top_k=5, include_crops=True)
    hits = found.queries[0].hits
    wrong = [hit.item.image_name for hit in hits if not _satisfies(hit, category, color, priced)]
    complaint = f"does not hold for {', '.join(wrong)}" if wrong else "" if hits else "found nothing"
    return Step(f"where {where}", found, complaint)


def _commonest(items: Sequence[Item]) -> tuple[str, str]:
    """The most common category, and its most common first colour."""
    category = Counter(item.attributes["category"].value for item in items).most_common(1)[0][0]
    colors = Counter(
        item.colors[0].name for item in items if item.colors and item.attributes["category"].value == category
    )
    return category, colors.most_common(1)[0][0]


def _satisfies(hit: Hit, category: str, color: str, priced: bool) -> bool:
    if hit.item.attributes["category"].value != category:
        return False
    if priced:
        price = hit.product.price if hit.product else None
        return price is not None and price.amount < 60
    return color in {share.name for share in hit.item.colors}


async def _look_up_again(
    client: AsyncClient, photos: Sequence[DemoPhoto], tour: Tour, advance: Callable[[str], None]
) -> None:
    """Search with every photo at JPEG quality 60, and count the garments that find their photo first."""

    async def find_itself(pair: tuple[DemoPhoto, IndexingJob]) -> list[bool]:
        photo, job = pair
        content = await asyncio.to_thread(reencode, photo.path)
        found = await client.search(content, top_k=1)
        advance("look up")
        return [_is_first(query.hits, job.image_id) for query in found.queries]

    of_photos = await _pipelined(find_itself, list(zip(photos, tour.jobs, strict=True)))
    outcomes = list(chain.from_iterable(of_photos))
    tour.looked_up, tour.self_found = len(outcomes), sum(outcomes)
    if tour.self_found < MIN_SELF_FOUND * tour.looked_up:
        tour.complaints.append(
            f"only {tour.self_found} of {tour.looked_up} garments found their photo again; "
            f"at least {MIN_SELF_FOUND:.0%} are expected"
        )


def _is_first(hits: Sequence[Hit], image_id: str) -> bool:
    return bool(hits) and hits[0].item.image_id == image_id


S = TypeVar("S")


async def _pipelined(work: Callable[[S], Awaitable[T]], things: Sequence[S]) -> list[T]:
    """Run `work` on several things at a time; results are in the order of `things`."""
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one(thing: S) -> T:
        async with gate:
            return await work(thing)

    return list(await asyncio.gather(*map(one, things)))
