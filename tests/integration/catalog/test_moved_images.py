"""Photos that are renamed, or moved from one product to another."""

from __future__ import annotations

import asyncio

import pytest

from domain.errors import Conflict, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL
from services.audit.audit_filter import AuditFilter
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.image_changes import ImageChanges
from services.catalog.records.images import Image
from services.catalog.records.jobs import Job
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import Product, ProductKey
from services.catalog.search.query import TextQuery
from tests.integration.catalog.fake_analyzer import photo
from tests.integration.catalog.flows import OTHER, found_ids, index, is_any


async def product(catalog: Catalog, name: str) -> Product:
    return await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(name, brand=name))


async def primary(catalog: Catalog, owner: Product) -> str:
    return (await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(owner.id))).primary_item_id


def ids(job: Job) -> set[str]:
    return {item.item_id for item in job.items}


async def move(catalog: Catalog, image_id: str, product_id: str, etag: str = "") -> Image:
    changes = ImageChanges(product_id=product_id)
    return await catalog.images.update(DEFAULT_PRINCIPAL, image_id, changes, ["product_id"], etag)


async def test_items_follow_their_photo_to_another_product(catalog: Catalog) -> None:
    first, second = await product(catalog, "first"), await product(catalog, "second")
    jobs = [await index(catalog, IndexRequest(photo(seed), product_id=first.id)) for seed in (1, 2)]
    stays, goes = jobs
    assert await primary(catalog, first)
    moved = await move(catalog, goes.image_id, second.id)
    assert moved.product_id == second.id
    assert await primary(catalog, first) in ids(stays)
    assert await primary(catalog, second) in ids(goes)
    await index(catalog, IndexRequest(photo(99)), OTHER)  # by then what was queued before is written
    for owner, job in ((first, stays), (second, goes)):
        assert set(await found_ids(catalog, TextQuery("x"), is_any("brand", owner.brand))) == ids(job)
    record = (await catalog.trail.list(AuditFilter(), 2))[1]
    assert (record.before, record.after) == ({"product_id": first.id}, {"product_id": second.id})

    alone = await move(catalog, goes.image_id, "")
    assert alone.product_id == ""
    assert await primary(catalog, second) == ""
    await catalog.products.delete(DEFAULT_PRINCIPAL, second.id)
    assert (await catalog.images.get(DEFAULT_PRINCIPAL, goes.image_id)).product_id == ""


async def test_moves_back_and_forth_at_the_same_time_end_with_one_of_them(catalog: Catalog) -> None:
    first, second = await product(catalog, "first"), await product(catalog, "second")
    job = await index(catalog, IndexRequest(photo(1), product_id=first.id))
    targets = [first.id, second.id] * 5
    moves = await asyncio.gather(
        *(move(catalog, job.image_id, target) for target in targets), return_exceptions=True
    )
    assert all(isinstance(each, Image | Conflict) for each in moves)
    owner = (await catalog.images.get(DEFAULT_PRINCIPAL, job.image_id)).product_id
    primaries = {each.id: await primary(catalog, each) for each in (first, second)}
    assert primaries[owner] in ids(job)
    assert [id for id, item in primaries.items() if item] == [owner]


async def test_a_photo_is_renamed(catalog: Catalog) -> None:
    job = await index(catalog, IndexRequest(photo(1), image_name="a.png"))
    image = await catalog.images.get(DEFAULT_PRINCIPAL, job.image_id)
    named = ImageChanges(" b.png ")
    renamed = await catalog.images.update(DEFAULT_PRINCIPAL, image.id, named, (), image.etag)
    assert (renamed.name, renamed.product_id) == ("b.png", "")
    assert renamed.etag != image.etag
    again = await catalog.images.update(DEFAULT_PRINCIPAL, image.id, named)
    assert again == renamed
    with pytest.raises(Conflict):
        await catalog.images.update(DEFAULT_PRINCIPAL, image.id, ImageChanges("c.png"), (), image.etag)


async def test_what_cannot_be_is_refused(catalog: Catalog) -> None:
    owner = await product(catalog, "first")
    job = await index(catalog, IndexRequest(photo(1)))
    for changes, mask, told in (
        (ImageChanges(product_id="x"), (), r"image\.product_id"),
        (ImageChanges("x" * 201), (), r"image\.name"),
        (ImageChanges(), ("width",), "update_mask"),
    ):
        with pytest.raises(InvalidInput, match=told):
            await catalog.images.update(DEFAULT_PRINCIPAL, job.image_id, changes, mask)
    with pytest.raises(NotFound, match="product"):
        await move(catalog, job.image_id, job.image_id)
    with pytest.raises(NotFound, match="image"):
        await catalog.images.update(OTHER, job.image_id, ImageChanges("x"))
    await catalog.products.delete(DEFAULT_PRINCIPAL, owner.id)
    with pytest.raises(NotFound, match="product"):
        await move(catalog, job.image_id, owner.id)
