"""Groups of near duplicates, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from imaging.pdq import MAX_DISTANCE
from services.catalog.records.duplicate_groups import GroupFilter, list_groups
from services.catalog.records.images import delete_image
from services.catalog.records.paging import Cursor
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import insert_product
from services.catalog.records.removal import remove_images
from tests.unit.services.catalog.hashed_photos import bits_of, empty_tables, hashed
from tests.unit.services.catalog.rows import IDS


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with empty_tables(database_url) as session:
        yield session


def groups(
    session: Session, product_id: str = "", max_distance: int = MAX_DISTANCE, tenant_id: str = "t"
) -> list[list[str]]:
    """The photos of all groups, read in pages of two."""
    found: list[list[str]] = []
    before: str | None = None
    while True:
        cursor = Cursor(2, before, "")
        page = list_groups(session, tenant_id, cursor, GroupFilter(product_id, max_distance))
        found += [[near.image_id for near in group.photos] for group in page[:2]]
        if len(page) <= 2:
            return found
        before = page[1].place


def test_photos_are_grouped_with_their_copies(session: Session) -> None:
    alone = hashed(session, bits_of(0))
    expected = [[hashed(session, bits_of(seed, *range(i))) for i in range(3)] for seed in range(1, 6)]
    assert groups(session) == expected
    assert all(alone not in group for group in groups(session))
    assert groups(session, tenant_id="u") == []


def test_distances_are_from_the_oldest(session: Session) -> None:
    ids = [hashed(session, bits_of(1, *turned)) for turned in ((), (5, 6), (7,))]
    (group,) = list_groups(session, "t", Cursor(9, None, ""), GroupFilter("", MAX_DISTANCE))
    assert [(near.image_id, near.distance) for near in group.photos] == [*zip(ids, (0, 2, 1), strict=True)]


def test_a_chain_of_copies_is_one_group(session: Session) -> None:
    """The first and the last differ in more bits than copies may; so do the two that are hashed first."""
    ends = [hashed(session, bits_of(1)), hashed(session, bits_of(1, *range(50)))]
    assert groups(session) == []
    middle = hashed(session, bits_of(1, *range(25)))
    assert groups(session) == [[*ends, middle]]


def test_a_smaller_distance_leaves_nearer_copies(session: Session) -> None:
    ids = [hashed(session, bits_of(1, *range(count))) for count in (0, 3, 25)]
    assert groups(session, max_distance=20) == [ids[:2]]
    assert groups(session, max_distance=2) == []


def test_deleted_and_removed_photos_leave_their_groups(session: Session) -> None:
    ids = [hashed(session, bits_of(1, place)) for place in range(4)]
    delete_image(session, "t", ids[0], "", 5)
    assert groups(session) == [ids[1:]]
    remove_images(session, "t", [ids[0], ids[1]], 9)
    assert groups(session) == [ids[2:]]
    delete_image(session, "t", ids[3], "", 5)
    assert groups(session) == []


def test_many_equal_photos_are_one_group(session: Session) -> None:
    ids = [hashed(session, bits_of(1)) for _ in range(30)]
    assert groups(session) == [ids]


def test_the_groups_of_a_product_have_one_of_its_photos(session: Session) -> None:
    one, other = (insert_product(session, "t", IDS.next(), ProductDraft(name), "", 1).id for name in "ab")
    of_one = [hashed(session, bits_of(1, place), product_id=one) for place in range(2)]
    of_both = [hashed(session, bits_of(2), product_id=id) for id in (other, one)]
    of_other = [hashed(session, bits_of(3, place), product_id=other) for place in range(2)]
    assert groups(session, one) == [of_one, of_both]
    assert groups(session, other) == [of_both, of_other]
    assert groups(session, IDS.next()) == []
