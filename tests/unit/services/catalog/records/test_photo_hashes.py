"""Photos that are near duplicates by their hashes, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imaging.pdq import MAX_DISTANCE, PhotoHash, distances, to_words
from services.catalog.records.images import delete_image
from services.catalog.records.photo_hashes import NearDuplicate, near_photos, put_hash
from services.catalog.records.removal import remove_images
from services.catalog.sql.tables import PhotoHashPartRow
from tests.unit.services.catalog.hashed_photos import add, bits_of, empty_tables, hashed, image_of


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with empty_tables(database_url) as session:
        yield session


def near(session: Session, bits: bytes, max_distance: int = MAX_DISTANCE, tenant_id: str = "t") -> list[str]:
    return [found.image_id for found, _ in near_photos(session, tenant_id, bits, max_distance)]


def parts(session: Session, tenant_id: str = "t") -> int:
    of_tenant = PhotoHashPartRow.tenant_id == tenant_id
    return session.scalar(select(func.count()).select_from(PhotoHashPartRow).where(of_tenant)) or 0


def test_the_lookup_finds_what_a_scan_of_all_finds(session: Session) -> None:
    random = np.random.default_rng(3)
    query, stored = bits_of(1), {}
    for count in [*range(40), *(random.integers(40, 256, 30))]:
        bits = bits_of(1, *random.choice(256, count, replace=False))
        stored[hashed(session, bits)] = bits
    away = dict(zip(stored, distances(query, to_words([*stored.values()])).tolist(), strict=True))
    for max_distance in (0, 1, 15, 16, 31):
        expected = sorted((d, id) for id, d in away.items() if d <= max_distance)
        assert near(session, query, max_distance) == [id for _, id in expected]


def test_bits_that_are_spread_over_all_parts_are_found(session: Session) -> None:
    """Each part but one differs in two bits: the pigeonhole principle's worst case."""
    turned = [place for place in range(256) if place % 16 in (0, 9)][:31]
    image_id = hashed(session, bits_of(1, *turned))
    assert near(session, bits_of(1)) == [image_id]
    assert near(session, bits_of(1), 30) == []


def test_a_photo_names_its_most_similar_earlier_copy(session: Session) -> None:
    first = hashed(session, bits_of(1))
    second = hashed(session, bits_of(1, *range(10)))
    third = hashed(session, bits_of(1, *range(12)))
    other = hashed(session, bits_of(2))
    named = {id: image_of(session, id).near_duplicate_of for id in (first, second, third, other)}
    assert named == {
        first: None,
        second: NearDuplicate(10, first),
        third: NearDuplicate(2, second),
        other: None,
    }


def test_a_photo_that_is_hashed_late_is_noted_with_later_copies(session: Session) -> None:
    first = add(session)
    second = hashed(session, bits_of(1, 4))
    put_hash(session, "t", first, PhotoHash(bits_of(1), 80))
    assert image_of(session, first).near_duplicate_of is None
    assert image_of(session, second).near_duplicate_of == NearDuplicate(1, first)


def test_a_plain_photo_has_no_hash_and_no_copies(session: Session) -> None:
    plain = [hashed(session, bits_of(1), quality=49) for _ in range(2)]
    images = [image_of(session, id) for id in plain]
    assert [(image.photo_hash, image.hash_quality) for image in images] == [(b"", 49)] * 2
    assert [image.near_duplicate_of for image in images] == [None, None]
    assert near(session, bits_of(1)) == []


def test_a_new_hash_takes_the_place_of_the_former(session: Session) -> None:
    image_id = hashed(session, bits_of(1))
    put_hash(session, "t", image_id, PhotoHash(bits_of(2), 100))
    assert (near(session, bits_of(1)), near(session, bits_of(2))) == ([], [image_id])
    put_hash(session, "t", image_id, PhotoHash(bits_of(2), 10))
    assert (near(session, bits_of(2)), parts(session)) == ([], 0)


def test_tenants_do_not_see_each_other(session: Session) -> None:
    hashed(session, bits_of(1))
    theirs = hashed(session, bits_of(1), tenant_id="u")
    assert image_of(session, tenant_id="u", image_id=theirs).near_duplicate_of is None
    assert near(session, bits_of(1), tenant_id="u") == [theirs]


def test_a_deleted_photo_is_told_last(session: Session) -> None:
    nearest, other = hashed(session, bits_of(1)), hashed(session, bits_of(1, 1, 2))
    delete_image(session, "t", nearest, "", 5)
    assert image_of(session, hashed(session, bits_of(1))).near_duplicate_of == NearDuplicate(2, other)
    delete_image(session, "t", other, "", 6)
    found = near_photos(session, "t", bits_of(1), 0)
    assert [photo.deleted for _, photo in found] == [True, False]


def test_what_is_removed_leaves_nothing(session: Session) -> None:
    first, copy = hashed(session, bits_of(1)), hashed(session, bits_of(1, 3))
    remove_images(session, "t", [first], 9)
    assert near(session, bits_of(1)) == [copy]
    assert parts(session) == 16
    assert image_of(session, copy).near_duplicate_of is None
    remove_images(session, "t", [copy], 9)
    assert parts(session) == 0
