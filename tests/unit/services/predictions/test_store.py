"""Entries of the prediction log in their stores."""

from __future__ import annotations

import numpy as np
import pytest

from domain.errors import NotFound
from domain.types import (
    AnalyzedItem,
    AttributeValue,
    Box,
    ColorShare,
    ModelVersion,
    QualityIssue,
    ScoredValue,
)
from services.catalog.blobs.store import BlobStore
from services.catalog.ids import IdSource
from services.predictions.observation import RequestOptions
from services.predictions.prediction import Prediction
from services.predictions.store import PURGE_ROWS, PredictionStore, picture_key
from services.predictions.window import Window

IDS = IdSource()
ITEM = AnalyzedItem(
    Box(1.5, 2.0, 30.0, 40.0),
    0.75,
    "dress",
    warnings=(QualityIssue.BLURRED,),
    attributes={"category": AttributeValue.one("dress", 0.5), "formality": AttributeValue(number=2.5)},
    colors=(ColorShare("red", 0.5, 0xFF0000),),
    embedding=np.array([0.6, -0.8], np.float32),
    categories=(ScoredValue("gown", 0.25),),
)
REJECTED = AnalyzedItem(Box(0, 0, 3, 3), 0.5, "hat", reason=QualityIssue.TOO_SMALL)


def entry(tenant: str = "shop", create_us: int = 1, picture: bytes | None = None) -> Prediction:
    return Prediction(
        tenant,
        IDS.next(),
        create_us,
        "Analyze",
        "call-1",
        "0" * 64,
        7,
        RequestOptions(0.25, True, (Box(0, 0, 9, 9),)),
        (REJECTED, ITEM),
        640,
        480,
        ModelVersion("detector-1", "letterbox-1"),
        ModelVersion("embedder-1", "square-1"),
        text="a dress",
        picture=picture,
        has_picture=picture is not None,
    )


def same_but_for_the_embedding(one: AnalyzedItem, other: AnalyzedItem) -> bool:
    names = set(AnalyzedItem.__slots__) - {"embedding"}
    return all(getattr(one, name) == getattr(other, name) for name in names)


async def test_an_entry_is_read_as_it_was_written(store: PredictionStore) -> None:
    written = entry(picture=b"photo")
    await store.write([written])
    (read,) = await store.page(Window("shop"), 10)
    rejected, item = read.items
    assert same_but_for_the_embedding(rejected, REJECTED)
    assert same_but_for_the_embedding(item, ITEM)
    assert rejected.embedding is None
    assert item.embedding is not None
    assert item.embedding.tolist() == np.array([0.6, -0.8], np.float16).tolist()
    assert read.options == written.options
    names = set(Prediction.__slots__) - {"items", "picture"}
    assert {name: getattr(read, name) for name in names} == {name: getattr(written, name) for name in names}
    assert await store.picture(read) == b"photo"


async def test_a_batch_that_is_written_again_is_there_once(store: PredictionStore) -> None:
    """As after a write that was given up while the database committed it."""
    batch = [entry(), entry()]
    await store.write(batch)
    await store.write(batch)
    assert len(await store.page(Window("shop"), 10)) == 2


async def test_entries_are_read_by_tenant_and_time_page_by_page(store: PredictionStore) -> None:
    entries = [entry(create_us=moment) for moment in (10, 20, 30, 40)]
    await store.write([*entries, entry("other", 20)])
    window = Window("shop", since_us=20, until_us=40)
    (first,) = await store.page(window, 1)
    rest = await store.page(window.beginning_after(first.id), 10)
    assert [first.create_us, *(each.create_us for each in rest)] == [20, 30]


async def test_old_entries_are_removed_with_their_photos(store: PredictionStore, blobs: BlobStore) -> None:
    old, new = entry(create_us=10, picture=b"old"), entry(create_us=20, picture=b"new")
    many = [entry("other", 10) for _ in range(PURGE_ROWS)]
    await store.write([old, new, *many])
    assert await store.purge(20) == PURGE_ROWS + 1
    assert [each.id for each in await store.page(Window("shop"), 10)] == [new.id]
    assert await store.picture(new) == b"new"
    assert await store.picture(old) == b""
    with pytest.raises(NotFound):
        await blobs.get(picture_key("shop", old.id))
