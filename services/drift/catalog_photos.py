"""The photos of the catalogue, read over the public API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace

import numpy as np

from armoire import AsyncClient, Item
from services.drift.sample import Garment, ObservedPhoto, Samples, Source, sample_of, unit_hash
from services.drift.window import Window

METHOD = "catalog"
PAGE, AT_A_TIME = 500, 8


async def read_catalog(client: AsyncClient, window: Window, max_units: int) -> Samples:
    """The samples of the photos that were indexed in a window. A unit is a product, or a photo of none.

    Items have the values that people have corrected; those that people have added or rejected are left out.

    Raises:
        ArmoireError of the client: the catalogue cannot be read.
    """
    sources: dict[Source, list[Item]] = {}
    async for item in _items(client, window):
        sources.setdefault(Source(METHOD, "", item.model_version), []).append(item)
    limit = asyncio.Semaphore(AT_A_TIME)
    samples = {}
    for source, items in sorted(sources.items()):
        drawn = _drawn(items, max_units)
        garments = await asyncio.gather(*(_garment(client, item, limit) for item in drawn))
        samples[source] = sample_of(_photos(source, drawn, garments))
    return samples


async def _items(client: AsyncClient, window: Window) -> AsyncIterator[Item]:
    """The items that models have found in the window; the list has the newest first."""
    async for item in client.iter_items(page_size=PAGE):
        if window.since is not None and item.create_time is not None and item.create_time < window.since:
            return
        if window.holds(item.create_time) and not item.added:
            yield item


def _unit(item: Item) -> str:
    return item.product_id or item.image_id


def _drawn(items: Sequence[Item], max_units: int) -> list[Item]:
    """The items of at most so many units, as `Sampler` draws them, photo by photo."""
    units = set(sorted({_unit(item) for item in items}, key=unit_hash)[:max_units])
    kept = [item for item in items if _unit(item) in units]
    return sorted(kept, key=lambda item: (_unit(item), item.image_id))


async def _garment(client: AsyncClient, item: Item, limit: asyncio.Semaphore) -> Garment:
    async with limit:
        found = await client.get_item(item.id, include_embedding=True)
    vector = None if found.embedding is None else np.array(found.embedding.values, np.float32)
    return replace(garment_of_item(item), embedding=vector)


def garment_of_item(item: Item) -> Garment:
    """What the catalogue says of an item, without its embedding."""
    category = item.attributes.get("category")
    return Garment(
        label=item.label,
        color=item.colors[0].name if item.colors else "",
        score=float("nan") if item.whole_image else item.score,
        label_score=float("nan") if category is None else category.score,
    )


def _photos(source: Source, items: Sequence[Item], garments: Iterable[Garment]) -> list[ObservedPhoto]:
    """The items of each photo together; those of one photo are neighbours."""
    by_photo: dict[tuple[str, str], list[Garment]] = {}
    for item, garment in zip(items, garments, strict=True):
        by_photo.setdefault((_unit(item), item.image_id), []).append(garment)
    return [ObservedPhoto(source, unit, tuple(own)) for (unit, _), own in by_photo.items()]
