"""Hashes of photos, and near duplicates: photos whose hashes differ in so few bits that they are copies.

A hash of 256 bits has 16 parts of 16 bits. Of two hashes that differ in at most 31 bits, at least one part
differs in at most one bit (pigeonhole principle), so photos with such a part are all that must be compared.

Source: M. Norouzi, A. Punjani, D. Fleet, "Fast search in Hamming space with multi-index hashing", 2012.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from imaging.pdq import BITS, MAX_DISTANCE, PhotoHash, distances, to_words
from services.catalog.sql.tables import ImageRow, PhotoHashPartRow
from services.catalog.sql.upsert import AnyRow, table_of

_PART_BITS = 16
_PARTS = BITS // _PART_BITS
_CHUNK = 500
_IMAGE, _PART = table_of(ImageRow), table_of(PhotoHashPartRow)
_HASHED = (_IMAGE.c.id, _IMAGE.c.pdq, _IMAGE.c.product_id, _IMAGE.c.near_duplicate_id, _IMAGE.c.delete_us)
_OF_IDS = (
    _IMAGE.c.tenant_id == bindparam("tenant"),
    _IMAGE.c.id.in_(bindparam("ids", expanding=True)),
)
_SELECT_BITS = select(_IMAGE.c.id, _IMAGE.c.pdq).where(*_OF_IDS, _IMAGE.c.pdq.is_not(None))
_SELECT_HASHED = select(*_HASHED).where(*_OF_IDS, _IMAGE.c.pdq.is_not(None))
_SELECT_UNLOCKED = select(_IMAGE.c.id).where(*_OF_IDS).with_for_update(skip_locked=True)
_WITH_PARTS = {
    count: select(_PART.c.photo_id)
    .where(
        _PART.c.tenant_id == bindparam("tenant"),
        _PART.c.part.in_([bindparam(f"part_{number}") for number in range(count)]),
    )
    .distinct()
    for count in (_PARTS, _PARTS * (1 + _PART_BITS))
}
"""Photos with one of so many parts; a list of any length is made into SQL anew each time."""
_INSERT = insert(_PART)
_UPDATE = update(_IMAGE).where(*_OF_IDS)


@dataclass(frozen=True, slots=True, order=True)
class NearDuplicate:
    """A photo that looks like another one: in how many of 256 bits their hashes differ."""

    distance: int
    image_id: str


@dataclass(frozen=True, slots=True)
class HashedPhoto:
    """A photo with a usable hash; `noted` says that an earlier photo is known that it is a copy of."""

    id: str
    bits: bytes
    product_id: str
    noted: bool
    deleted: bool


def put_hash(session: Session, tenant_id: str, image_id: str, found: PhotoHash) -> None:
    """Keep the hash of a photo, and of which earlier photo it is a near duplicate.

    Later photos that are like it are noted as its near duplicates, unless they are noted as another's. Call
    it where the tenant's use is locked, so that of two photos that are added at once, one sees the other.
    """
    before = read_bits(session, tenant_id, [image_id]).get(image_id)
    bits = found.bits if found.usable else None
    if bits != before:
        _replace_parts(session, tenant_id, image_id, before, bits)
    near = [] if bits is None else near_photos(session, tenant_id, bits, MAX_DISTANCE)
    near.sort(key=lambda pair: pair[1].deleted)
    earlier = next((each for each, photo in near if photo.id < image_id), None)
    values = {"pdq": bits, "pdq_quality": found.quality} | _noted(earlier)
    _update(session, tenant_id, [image_id], values)
    later = [each for each, photo in near if photo.id > image_id and not photo.noted]
    free = _unlocked(session, tenant_id, [each.image_id for each in later])
    for each in later:
        if each.image_id in free:
            _update(session, tenant_id, [each.image_id], _noted(NearDuplicate(each.distance, image_id)))


def remove_hashes(session: Session, tenant_id: str, image_ids: Sequence[str]) -> int:
    """Remove the parts of photos that are about to be removed; returns how many rows.

    Photos that are noted as their near duplicates name none any more, and stay noted.
    """
    removed = 0
    for image_id, bits in read_bits(session, tenant_id, image_ids).items():
        removed += _remove_parts(session, tenant_id, image_id, bits)
    copies = select(ImageRow.id).where(
        ImageRow.tenant_id == tenant_id, ImageRow.near_duplicate_id.in_(image_ids)
    )
    _update(session, tenant_id, session.scalars(copies).all(), _noted(NearDuplicate(0, "")))
    return removed


def read_bits(session: Session, tenant_id: str, image_ids: Collection[str]) -> dict[str, bytes]:
    """The hashes of those of the photos that have a usable one, deleted or not."""
    found: dict[str, bytes] = {}
    ids = list(image_ids)
    for start in range(0, len(ids), _CHUNK):
        of_ids = {"tenant": tenant_id, "ids": ids[start : start + _CHUNK]}
        found |= {row.id: row.pdq for row in session.execute(_SELECT_BITS, of_ids)}
    return found


def near_photos(
    session: Session, tenant_id: str, bits: bytes, max_distance: int
) -> list[tuple[NearDuplicate, HashedPhoto]]:
    """The photos within a distance of a hash, 0 to 31, nearest first; deleted ones are among them."""
    parts = _similar_parts(bits, max_distance)
    named = {f"part_{number}": part for number, part in enumerate(parts)}
    ids = session.scalars(_WITH_PARTS[len(parts)], named | {"tenant": tenant_id}).all()
    found: list[tuple[NearDuplicate, HashedPhoto]] = []
    for start in range(0, len(ids), _CHUNK):
        of_ids = {"tenant": tenant_id, "ids": ids[start : start + _CHUNK]}
        photos = [_hashed(row) for row in session.execute(_SELECT_HASHED, of_ids)]
        away = distances(bits, to_words([photo.bits for photo in photos])).tolist()
        pairs = ((NearDuplicate(d, photo.id), photo) for d, photo in zip(away, photos, strict=True))
        found += [pair for pair in pairs if pair[0].distance <= max_distance]
    return sorted(found, key=lambda pair: pair[0])


def read_hashed(
    session: Session, tenant_id: str, which: ColumnElement[bool], most: int | None = None
) -> list[HashedPhoto]:
    """The photos with a usable hash of which a condition holds, oldest first, deleted ones among them."""
    query = select(*_HASHED).where(_IMAGE.c.tenant_id == tenant_id, _IMAGE.c.pdq.is_not(None), which)
    return [_hashed(row) for row in session.execute(query.order_by(_IMAGE.c.id).limit(most))]


def _hashed(row: AnyRow) -> HashedPhoto:
    noted, deleted = row.near_duplicate_id is not None, row.delete_us is not None
    return HashedPhoto(row.id, row.pdq, row.product_id or "", noted, deleted)


def noted_duplicate(image_id: str | None, distance: int | None) -> NearDuplicate | None:
    """The earlier photo that a row names, if any."""
    return NearDuplicate(distance or 0, image_id) if image_id else None


def _similar_parts(bits: bytes, max_distance: int) -> list[int]:
    """The parts that a hash within a distance may have: those of this one, and with few bits turned."""
    parts = parts_of(bits)
    if max_distance < _PARTS:
        return parts
    return [*parts, *(part ^ (1 << bit) for part in parts for bit in range(_PART_BITS))]


def parts_of(bits: bytes) -> list[int]:
    """The 16 parts of a hash, each with its place in the bits above its own."""
    values: list[int] = np.frombuffer(bits, ">u2").tolist()
    return [(place << _PART_BITS) + value for place, value in enumerate(values)]


def _replace_parts(
    session: Session, tenant_id: str, image_id: str, before: bytes | None, bits: bytes | None
) -> None:
    if before is not None:
        _remove_parts(session, tenant_id, image_id, before)
    if bits is not None:
        of_photo = {"tenant_id": tenant_id, "photo_id": image_id}
        session.execute(_INSERT, [of_photo | {"part": part} for part in parts_of(bits)])


def _remove_parts(session: Session, tenant_id: str, image_id: str, bits: bytes) -> int:
    of_photo = (
        _PART.c.tenant_id == tenant_id,
        _PART.c.photo_id == image_id,
        _PART.c.part.in_(parts_of(bits)),
    )
    result: Any = session.execute(delete(_PART).where(*of_photo))
    return int(result.rowcount)


def _unlocked(session: Session, tenant_id: str, image_ids: Sequence[str]) -> set[str]:
    """Lock those of the photos that no other transaction holds: it may wait for what this one holds."""
    of_ids = {"tenant": tenant_id, "ids": image_ids}
    return set(session.scalars(_SELECT_UNLOCKED, of_ids)) if image_ids else set()


def _noted(earlier: NearDuplicate | None) -> dict[str, Any]:
    return {
        "near_duplicate_id": None if earlier is None else earlier.image_id,
        "near_duplicate_distance": None if earlier is None else earlier.distance,
    }


def _update(session: Session, tenant_id: str, image_ids: Sequence[str], values: dict[str, Any]) -> None:
    for start in range(0, len(image_ids), _CHUNK):
        of_ids = {"tenant": tenant_id, "ids": image_ids[start : start + _CHUNK]}
        session.execute(_UPDATE, values | of_ids)
