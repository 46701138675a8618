"""Groups of near duplicates, over the whole catalogue or the photos of a product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_
from sqlalchemy.orm import Session

from imaging.pdq import distances, to_words
from services.catalog.records.paging import Cursor
from services.catalog.records.photo_hashes import HashedPhoto, NearDuplicate, near_photos, read_hashed
from services.catalog.sql.tables import ImageRow

_GROUP_PHOTOS = 1000
"""From so many photos on, a group is not searched for more."""
_SCANNED = 200


@dataclass(frozen=True, slots=True)
class GroupFilter:
    """Which groups a list has: those with a photo of a product, or all for "".

    Photos within `max_distance` of each other, 0 to 31, are near duplicates.
    """

    product_id: str
    max_distance: int

    def goes_through(self, photo: HashedPhoto) -> bool:
        """Whether the group of a photo is looked for when the list comes to it.

        Of the catalogue, it is where the photo is noted as a near duplicate; every group has such a photo.
        """
        return photo.product_id == self.product_id if self.product_id else photo.noted


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Photos each of which is a near duplicate of another one, oldest first, with distances from the oldest.

    `place` is the first of them that the list comes to.
    """

    place: str
    photos: tuple[NearDuplicate, ...]


def list_groups(
    session: Session, tenant_id: str, cursor: Cursor, wanted: GroupFilter
) -> list[DuplicateGroup]:
    """The groups behind the cursor, one more than the page's size where there are more."""
    groups: list[DuplicateGroup] = []
    grouped: set[str] = set()
    for photo in _photos_after(session, tenant_id, cursor.before or "", wanted):
        if photo.id in grouped:
            continue
        group = _group_of(session, tenant_id, photo, wanted)
        if group is not None:
            groups.append(group)
            grouped.update(near.image_id for near in group.photos)
        if len(groups) > cursor.size:
            break
    return groups


def _photos_after(session: Session, tenant_id: str, after: str, wanted: GroupFilter) -> Iterator[HashedPhoto]:
    """The photos that a list goes through, oldest first."""
    of_product = ImageRow.product_id == wanted.product_id
    which = of_product if wanted.product_id else ImageRow.near_duplicate_id.is_not(None)
    while True:
        behind = and_(which, ImageRow.id > after, ImageRow.delete_us.is_(None))
        photos = read_hashed(session, tenant_id, behind, _SCANNED)
        yield from photos
        if len(photos) < _SCANNED:
            return
        after = photos[-1].id


def _group_of(
    session: Session, tenant_id: str, photo: HashedPhoto, wanted: GroupFilter
) -> DuplicateGroup | None:
    """The group of a photo; None where it is alone, or the list comes to another one of the group before."""
    group, unread, read = {photo.id: photo}, [photo.bits], {photo.bits}
    while unread and len(group) < _GROUP_PHOTOS:
        for _, other in near_photos(session, tenant_id, unread.pop(), wanted.max_distance):
            if other.deleted or other.id in group:
                continue
            if other.id < photo.id and wanted.goes_through(other):
                return None
            group[other.id] = other
            if other.bits not in read:
                read.add(other.bits)
                unread.append(other.bits)
    return _group([group[id] for id in sorted(group)], photo.id) if len(group) > 1 else None


def _group(photos: list[HashedPhoto], place: str) -> DuplicateGroup:
    away = distances(photos[0].bits, to_words([photo.bits for photo in photos])).tolist()
    near = (NearDuplicate(d, photo.id) for d, photo in zip(away, photos, strict=True))
    return DuplicateGroup(place, tuple(near))
