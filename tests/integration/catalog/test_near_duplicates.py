"""Copies of photos are told when they are indexed, found by their photo, and listed in groups."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.errors import InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.operations.reindex import ReindexScope
from services.catalog.records.jobs import Job, JobState
from services.catalog.records.operations import OperationState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.search.query import ImageQuery, ItemQuery, Query, SearchOptions, TextQuery
from services.catalog.search.result import Hit
from services.catalog.sql.tables import ImageRow, PhotoHashPartRow
from tests.integration.catalog.fake_analyzer import FakeAnalyzer
from tests.integration.catalog.flows import OTHER, index

UNKNOWN_ID = "01a1fd28-59fa-7859-95d7-d9983decee98"


def picture(seed: int, width: int = 300, height: int = 200, quality: int = 95) -> bytes:
    """A JPEG of coarse patches; of the same seed, the same picture at another size."""
    patches = np.random.default_rng(seed).integers(0, 256, (10, 15, 3), np.uint8)
    buffer = io.BytesIO()
    scaled = Image.fromarray(patches).resize((width, height), Image.Resampling.BICUBIC)
    scaled.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def plain(value: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), (value, value, value)).save(buffer, "PNG")
    return buffer.getvalue()


async def add(
    catalog: Catalog, content: bytes, principal: Principal = DEFAULT_PRINCIPAL, **fields: object
) -> Job:
    job = await index(catalog, IndexRequest(content, **fields), principal)  # type: ignore[arg-type]
    assert job.state is JobState.COMPLETE
    return job


async def found(catalog: Catalog, image_id: str, principal: Principal = DEFAULT_PRINCIPAL) -> list[str]:
    near = await catalog.near_duplicates.find(principal, image_id)
    assert near.total == len(near.photos)
    return [each.image.id for each in near.photos]


async def hits_of(catalog: Catalog, query: Query, options: SearchOptions = SearchOptions(50)) -> list[Hit]:
    """The hits of the first query."""
    return list((await catalog.search(DEFAULT_PRINCIPAL, query, options)).queries[0].hits)


async def groups(
    catalog: Catalog, principal: Principal = DEFAULT_PRINCIPAL, product_id: str = ""
) -> list[list[str]]:
    page = await catalog.near_duplicates.list(principal, product_id)
    return [[each.image.id for each in group.photos] for group in page.entries]


async def test_a_copy_is_told_and_found(catalog: Catalog) -> None:
    original = await add(catalog, picture(1))
    other = await add(catalog, picture(2))
    copy = await add(catalog, picture(1, 150, 100, quality=50))
    assert original.near_duplicate_of is None
    assert other.near_duplicate_of is None
    assert copy.near_duplicate_of is not None
    assert copy.near_duplicate_of.image_id == original.image_id
    image = await catalog.images.get(DEFAULT_PRINCIPAL, copy.image_id)
    assert (len(image.photo_hash), image.near_duplicate_of) == (32, copy.near_duplicate_of)
    assert await found(catalog, original.image_id) == [copy.image_id]
    assert await found(catalog, copy.image_id) == [original.image_id]
    assert await found(catalog, other.image_id) == []
    assert await groups(catalog) == [[original.image_id, copy.image_id]]


async def test_plain_photos_are_no_copies(catalog: Catalog) -> None:
    jobs = [await add(catalog, plain(value)) for value in (200, 201)]
    for job in jobs:
        near = await catalog.near_duplicates.find(DEFAULT_PRINCIPAL, job.image_id)
        assert (near.photos, near.total, near.hashed) == ((), 0, False)
        assert job.near_duplicate_of is None
    image = await catalog.images.get(DEFAULT_PRINCIPAL, jobs[0].image_id)
    assert (image.photo_hash, image.hash_quality) == (b"", 0)


async def test_tenants_do_not_see_each_other(catalog: Catalog) -> None:
    ours = await add(catalog, picture(1))
    theirs = await add(catalog, picture(1), OTHER)
    assert theirs.near_duplicate_of is None
    assert await found(catalog, theirs.image_id, OTHER) == []
    assert await groups(catalog, OTHER) == []
    with pytest.raises(NotFound):
        await catalog.near_duplicates.find(OTHER, ours.image_id)


async def test_deleted_photos_are_left_out_until_they_are_restored(catalog: Catalog) -> None:
    first, second = await add(catalog, picture(1)), await add(catalog, picture(1, quality=60))
    await catalog.images.delete(DEFAULT_PRINCIPAL, first.image_id)
    assert await found(catalog, second.image_id) == []
    assert await groups(catalog) == []
    await catalog.images.restore(DEFAULT_PRINCIPAL, first.image_id)
    assert await found(catalog, second.image_id) == [first.image_id]
    assert await groups(catalog) == [[first.image_id, second.image_id]]


async def test_an_erased_product_leaves_no_hash(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("Coat"))
    first = await add(catalog, picture(1), product_id=product.id)
    second = await add(catalog, picture(1, quality=60))
    assert second.near_duplicate_of is not None
    operation = await catalog.erasures.product(DEFAULT_PRINCIPAL, product.id)
    async for watched in catalog.operations.watch(DEFAULT_PRINCIPAL, operation.id):
        operation = watched
    assert operation.state is OperationState.SUCCEEDED
    left = await catalog._database.read(
        lambda session: session.scalars(select(PhotoHashPartRow.photo_id).distinct()).all()
    )
    assert left == [second.image_id]
    image = await catalog.images.get(DEFAULT_PRINCIPAL, second.image_id)
    assert image.near_duplicate_of is None
    assert first.image_id not in str(image)


async def test_photos_from_before_there_were_hashes_get_theirs(catalog: Catalog) -> None:
    jobs = [await add(catalog, picture(seed, quality=q)) for seed, q in ((1, 95), (2, 95), (1, 60))]

    def forget(session: Session) -> None:
        nothing = dict.fromkeys(("pdq", "pdq_quality", "near_duplicate_id", "near_duplicate_distance"))
        session.execute(update(ImageRow).values(nothing))
        session.execute(delete(PhotoHashPartRow))

    await catalog._database.write(forget)
    before = [await catalog.images.get(DEFAULT_PRINCIPAL, job.image_id) for job in jobs]
    assert [image.hash_quality for image in before] == [None] * 3
    reports = []
    for _ in range(2):
        operation = await catalog.reindexing.start(DEFAULT_PRINCIPAL, ReindexScope.PHOTO_HASHES)
        async for watched in catalog.operations.watch(DEFAULT_PRINCIPAL, operation.id):
            operation = watched
        assert operation.state is OperationState.SUCCEEDED
        reports.append(operation.progress.done)
    assert reports == [3, 0]
    after = [await catalog.images.get(DEFAULT_PRINCIPAL, job.image_id) for job in jobs]
    assert [image.etag for image in after] == [image.etag for image in before]
    assert await groups(catalog) == [[jobs[0].image_id, jobs[2].image_id]]


async def test_indexing_again_changes_no_hash(catalog: Catalog) -> None:
    jobs = [await add(catalog, picture(1, quality=quality)) for quality in (95, 60)]
    operation = await catalog.reindexing.start(DEFAULT_PRINCIPAL, ReindexScope.ALL)
    async for _ in catalog.operations.watch(DEFAULT_PRINCIPAL, operation.id):
        pass
    count = select(func.count()).select_from(PhotoHashPartRow)
    assert await catalog._database.read(lambda session: session.scalar(count)) == 32
    assert await groups(catalog) == [[job.image_id for job in jobs]]


@pytest.mark.parametrize("distance", [-1, 32])
async def test_a_distance_is_checked(catalog: Catalog, distance: int) -> None:
    with pytest.raises(InvalidInput, match="max_distance"):
        await catalog.near_duplicates.find(DEFAULT_PRINCIPAL, UNKNOWN_ID, distance)
    with pytest.raises(InvalidInput, match="max_distance"):
        await catalog.near_duplicates.list(DEFAULT_PRINCIPAL, "", distance)


async def test_pages_of_groups_follow_each_other(catalog: Catalog) -> None:
    expected = []
    for seed in range(3):
        expected.append([(await add(catalog, picture(seed, quality=q))).image_id for q in (95, 60)])
    found: list[list[str]] = []
    token = ""
    for _ in expected:
        page = await catalog.near_duplicates.list(DEFAULT_PRINCIPAL, page_size=1, page_token=token)
        found += [[each.image.id for each in group.photos] for group in page.entries]
        token = page.next_token
    assert (found, token) == (expected, "")


async def test_hits_of_the_same_photo_are_told_from_similar_ones(catalog: Catalog) -> None:
    jobs = [await add(catalog, picture(seed)) for seed in (1, 2)]
    copy = await add(catalog, picture(1, quality=60))
    same = {jobs[0].image_id, copy.image_id}
    for query in (ImageQuery(picture(1, 150, 100)), ItemQuery(copy.items[0].item_id)):
        hits = await hits_of(catalog, query)
        assert {hit.item.image_id for hit in hits if not hit.same_photo} == {jobs[1].image_id}
        assert {hit.item.image_id for hit in hits if hit.same_photo} <= same
        assert jobs[0].image_id in {hit.item.image_id for hit in hits if hit.same_photo}
    assert not any(hit.same_photo for hit in await hits_of(catalog, TextQuery("x")))


async def test_items_of_a_plain_photo_are_of_the_same_photo(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.categories = ["dress", "shoes"]
    job, other = await add(catalog, plain(200)), await add(catalog, plain(202))
    hits = await hits_of(catalog, ItemQuery(job.items[0].item_id))
    assert {(hit.item.image_id, hit.same_photo) for hit in hits} == {
        (job.image_id, True),
        (other.image_id, False),
    }


async def test_copies_are_left_out_where_asked_for(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    """One photo of each group stays with all its items, and others take the places of the copies."""
    analyzer.categories = ["dress", "shoes"]
    contents = [picture(seed, quality=quality) for seed in range(4) for quality in (95, 80, 60)]
    jobs = [await add(catalog, content) for content in contents]
    seed_of = {job.image_id: place // 3 for place, job in enumerate(jobs)}
    everything = await hits_of(catalog, TextQuery("x"))
    first_of: dict[int, str] = {}
    for hit in everything:
        first_of.setdefault(seed_of[hit.item.image_id], hit.item.image_id)
    expected = [hit.item.id for hit in everything if hit.item.image_id in first_of.values()]
    assert (len(everything), len(expected)) == (24, 8)
    for top_k in (50, 8, 3):
        found = await hits_of(catalog, TextQuery("x"), SearchOptions(top_k, collapse_copies=True))
        assert [hit.item.id for hit in found] == expected[:top_k]
