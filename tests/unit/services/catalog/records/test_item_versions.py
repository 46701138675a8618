"""Which items are stale, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from domain.types import ItemVersions, ModelVersion
from services.catalog.records.collections import CURRENT, point_alias, register_collection
from services.catalog.records.found_items import write_items
from services.catalog.records.images import NewImage, delete_image, insert_image
from services.catalog.records.indexed_photos import ImageKey
from services.catalog.records.item_versions import (
    all_photos,
    count_photos,
    count_stale_photos,
    count_versions,
    read_versions,
    stale_photos,
)
from services.catalog.vectors.collection import Collection
from services.sql.database import Database
from tests.unit.services.catalog.rows import IDS, VERSION, VERSIONS, found

CLASSIFIED = replace(VERSIONS, classifier=ModelVersion("classifier-1", "square-1"), vocabulary="words-1")


def add_photo(session: Session, tenant_id: str, versions: ItemVersions, items: int = 2) -> ImageKey:
    """A photo whose items these versions have described."""
    image_id = IDS.next()
    insert_image(session, tenant_id, NewImage(image_id, "", "a.png", "png", 60, 40, 99, "0" * 64), 1)
    write_items(session, tenant_id, image_id, found(image_id, items), versions, 1)
    return ImageKey(tenant_id, image_id)


@pytest.fixture
async def photos(database: Database) -> list[ImageKey]:
    """Three photos of a tenant, the second described by other versions, and one of another tenant."""

    def add(session: Session) -> list[ImageKey]:
        collection = Collection("items_a", VERSION, 4)
        register_collection(session, collection, 1)
        point_alias(session, CURRENT, collection)
        versions = (CLASSIFIED, VERSIONS, CLASSIFIED)
        return [*(add_photo(session, "t", each) for each in versions), add_photo(session, "u", CLASSIFIED)]

    return await database.write(add)


async def test_items_are_counted_by_what_has_described_them(
    database: Database, photos: list[ImageKey]
) -> None:
    counted = await database.read(lambda session: count_versions(session, "t", CLASSIFIED))
    assert [(each.versions, each.items, each.stale) for each in counted] == [
        (CLASSIFIED, 4, False),
        (VERSIONS, 2, True),
    ]
    of_all = await database.read(lambda session: count_versions(session, None, CLASSIFIED))
    assert [each.items for each in of_all] == [6, 2]


@pytest.mark.parametrize(
    "served",
    [
        replace(CLASSIFIED, detector=ModelVersion("detector-2", "letterbox-1")),
        replace(CLASSIFIED, detector=ModelVersion("detector-1", "letterbox-2")),
        replace(CLASSIFIED, classifier=None),
        replace(CLASSIFIED, vocabulary="words-2"),
    ],
)
async def test_whatever_else_is_served_makes_photos_stale(
    database: Database, photos: list[ImageKey], served: ItemVersions
) -> None:
    stale = await database.read(lambda session: stale_photos(session, "t", served, None, 10))
    assert set(photos[:3]) - set(stale) <= {photos[1]}
    counted = await database.read(lambda session: count_stale_photos(session, "t", served))
    assert counted == len(stale)


async def test_another_embedder_makes_no_photo_stale(database: Database, photos: list[ImageKey]) -> None:
    served = replace(CLASSIFIED, embedder=ModelVersion("model-2", "square-1"))
    assert await database.read(lambda s: stale_photos(s, None, served, None, 10)) == [photos[1]]


async def test_photos_are_walked_in_order_and_deleted_ones_left_out(
    database: Database, photos: list[ImageKey]
) -> None:
    first = await database.read(lambda session: all_photos(session, None, None, 2))
    rest = await database.read(lambda session: all_photos(session, None, first[-1], 10))
    assert [*first, *rest] == sorted(photos)
    gone = photos[1]
    await database.write(lambda session: delete_image(session, "t", gone.image_id, "", 5))
    assert await database.read(lambda s: stale_photos(s, "t", CLASSIFIED, None, 10)) == []
    assert await database.read(lambda session: count_photos(session, "t")) == 2


async def test_the_versions_of_items_are_read(database: Database, photos: list[ImageKey]) -> None:
    ids = [entry.id for entry in found(photos[1].image_id, 2)]
    assert await database.read(lambda session: read_versions(session, "t", ids)) == VERSIONS
    assert await database.read(lambda session: read_versions(session, "u", ids)) is None
