"""Items of the catalogue as photos to compare."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

import numpy as np

from armoire import AsyncClient, AttributeValue, Box, ColorShare, Embedding, Item, ScoredValue
from services.drift.catalog_photos import read_catalog
from services.drift.sample import Source
from services.drift.window import Window

FIRST, SECOND, THIRD = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
ITEM = Item(
    id="1",
    image_id="image-1",
    image_name="",
    product_id="",
    box=Box(0, 0, 10, 10),
    image_width=10,
    image_height=10,
    score=0.9,
    label="dress",
    whole_image=False,
    primary_in_image=True,
    primary_in_product=True,
    attributes={"category": AttributeValue((ScoredValue("dress", 0.7),))},
    colors=(ColorShare("navy", 0.6, 0),),
    warnings=(),
    model_version="embedder-1",
    preprocess_version="p",
    etag="",
    create_time=SECOND,
    update_time=None,
    embedding=None,
    crop=None,
)
SOURCE = Source("catalog", "", "embedder-1")


@dataclass
class ItemList:
    """A client whose server has these items, the newest first."""

    items: list[Item]
    read: int = 0

    async def iter_items(self, *, page_size: int) -> AsyncIterator[Item]:
        assert page_size > 0
        for item in self.items:
            self.read += 1
            yield item

    async def get_item(self, item_id: str, *, include_embedding: bool) -> Item:
        assert include_embedding
        (item,) = [item for item in self.items if item.id == item_id]
        return replace(item, embedding=Embedding((0.6, 0.8), "embedder-1", "p"))


async def test_the_photos_of_a_window_have_their_items() -> None:
    found = ItemList(
        [
            replace(ITEM, id="5", create_time=THIRD),
            replace(ITEM, id="4", product_id="product", image_id="image-2"),
            replace(ITEM, id="3", product_id="product"),
            replace(ITEM, id="2", label="hat", product_id="product"),
            replace(ITEM, id="1", added=True),
            replace(ITEM, id="0", create_time=FIRST),
            replace(ITEM, id="00", create_time=FIRST),
        ]
    )
    samples = await read_catalog(cast(AsyncClient, found), Window(SECOND, THIRD), 100)
    sample = samples[SOURCE]
    assert (sample.units, sample.photos) == (1, 2)
    assert sorted(sample.labels.tolist()) == ["dress", "dress", "hat"]
    assert sorted(sample.garment_counts.tolist()) == [1, 2]
    np.testing.assert_allclose(sample.embeddings, [[0.6, 0.8]] * 3, rtol=1e-6)
    assert found.read == 6


async def test_units_are_drawn_from_where_there_are_many() -> None:
    many = [replace(ITEM, id=str(number), image_id=f"image-{number}") for number in range(50)]
    samples = await read_catalog(cast(AsyncClient, ItemList(many)), Window(), 20)
    assert (samples[SOURCE].units, samples[SOURCE].photos) == (20, 20)
