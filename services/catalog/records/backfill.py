"""What a collection lacks, and how it compares with another one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from domain.types import AnalyzedItem, Box, FloatArray, ItemVersions, ModelVersion
from services.catalog.records.found_items import FoundItem
from services.catalog.records.indexed_photos import ImageKey
from services.catalog.records.item_versions import read_versions
from services.catalog.records.items import Item, read_embeddings, read_items
from services.catalog.sql.tables import EmbeddingRow, ImageRow, ItemRow


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo as it was indexed: the boxes that it came with, and its items with the etag of each.

    `versions` have described the items; None where they are not known.
    """

    key: ImageKey
    boxes: tuple[Box, ...]
    items: tuple[FoundItem, ...]
    etags: tuple[str, ...]
    versions: ItemVersions | None


@dataclass(frozen=True, slots=True)
class PhotoRange:
    """The photos behind `after`, up to `last` and with it; None as `after` means from the first one on."""

    after: ImageKey | None
    last: ImageKey


def missing_ranges(session: Session, version: ModelVersion, count: int) -> list[PhotoRange]:
    """The photos that lack an embedding of that version, in ranges that hold `count` of them or fewer."""
    photos = _missing(version).subquery()
    place = (photos.c.tenant_id, photos.c.image_id)
    numbered = select(*place, func.row_number().over(order_by=place).label("number")).subquery()
    total = select(func.max(numbered.c.number)).scalar_subquery()
    ends = select(numbered.c.tenant_id, numbered.c.image_id).where(
        (numbered.c.number % count == 0) | (numbered.c.number == total)
    )
    keys = [ImageKey(*row) for row in session.execute(ends.order_by(numbered.c.number))]
    return [PhotoRange(after, last) for after, last in zip([None, *keys], keys, strict=False)]


def missing_in(session: Session, version: ModelVersion, photos: PhotoRange) -> list[ImageKey]:
    """The photos of a range with an item that has no embedding of that version."""
    place = tuple_(ItemRow.tenant_id, ItemRow.image_id)
    query = _missing(version).where(place <= tuple_(photos.last.tenant_id, photos.last.image_id))
    if photos.after is not None:
        query = query.where(place > tuple_(photos.after.tenant_id, photos.after.image_id))
    return [ImageKey(*row) for row in session.execute(query)]


def missing_photos(
    session: Session, version: ModelVersion, after: ImageKey | None, count: int
) -> list[ImageKey]:
    """The next photos with an item that has no embedding of that version."""
    query = _missing(version).limit(count)
    if after is not None:
        place = tuple_(ItemRow.tenant_id, ItemRow.image_id)
        query = query.where(place > tuple_(after.tenant_id, after.image_id))
    return [ImageKey(*row) for row in session.execute(query)]


def _missing(version: ModelVersion) -> Select[str, str]:
    """The photos with an item that has no embedding of that version, in their order."""
    return (
        select(ItemRow.tenant_id, ItemRow.image_id)
        .where(ItemRow.delete_us.is_(None), ~_has(version))
        .group_by(ItemRow.tenant_id, ItemRow.image_id)
        .order_by(ItemRow.tenant_id, ItemRow.image_id)
    )


def count_missing_photos(session: Session, version: ModelVersion) -> int:
    """How many photos have an item without an embedding of that version."""
    photos = _missing(version).subquery()
    return session.scalar(select(func.count()).select_from(photos)) or 0


def count_lacking(session: Session, version: ModelVersion, other: ModelVersion) -> int:
    """How many live items have an embedding of `other` but none of `version`."""
    query = select(func.count()).where(ItemRow.delete_us.is_(None), _has(other), ~_has(version))
    return session.scalar(query) or 0


def read_photo(session: Session, key: ImageKey) -> StoredPhoto | None:
    """A photo with its items, in their order; None if it is gone."""
    image = session.get(ImageRow, (key.tenant_id, key.image_id))
    if image is None or image.delete_us is not None:
        return None
    rows = session.execute(_items_of(key)).all()
    # What people say is laid over every version's prediction, so it is no part of one.
    stored = read_items(session, key.tenant_id, [row.id for row in rows], corrected=False)
    found = [
        FoundItem(row.id, row.ordinal, _analyzed(stored[row.id].item), row.primary_in_image)
        for row in rows
        if row.id in stored
    ]
    etags = tuple(row.etag for row in rows if row.id in stored)
    boxes = tuple(Box(*sides) for sides in image.boxes)
    versions = read_versions(session, key.tenant_id, [entry.id for entry in found])
    return StoredPhoto(key, boxes, tuple(found), etags, versions)


def read_etags(session: Session, key: ImageKey) -> tuple[str, ...]:
    """The etags of the items of a photo, in their order."""
    return tuple(row.etag for row in session.execute(_items_of(key)))


def sample_pairs(
    session: Session, version: ModelVersion, other: ModelVersion, count: int
) -> list[tuple[str, FloatArray, FloatArray]]:
    """Items spread over the catalogue: the tenant, and the vectors (D,) float32 of both versions."""
    both = select(ItemRow.tenant_id, ItemRow.id).where(
        ItemRow.delete_us.is_(None), _has(version), _has(other)
    )
    total = session.scalar(select(func.count()).select_from(both.subquery())) or 0
    step = max(1, total // count) if count else 1
    keys = session.execute(both.order_by(ItemRow.tenant_id, ItemRow.id)).all()[::step][:count]
    pairs: list[tuple[str, FloatArray, FloatArray]] = []
    for tenant_id in sorted({key.tenant_id for key in keys}):
        ids = [key.id for key in keys if key.tenant_id == tenant_id]
        of_version = read_embeddings(session, tenant_id, ids, version)
        of_other = read_embeddings(session, tenant_id, ids, other)
        pairs += [
            (tenant_id, of_version[id], of_other[id]) for id in ids if id in of_version.keys() & of_other
        ]
    return pairs


def _items_of(key: ImageKey) -> Select[str, int, str, bool]:
    return (
        select(ItemRow.id, ItemRow.ordinal, ItemRow.etag, ItemRow.primary_in_image)
        .where(
            ItemRow.tenant_id == key.tenant_id,
            ItemRow.image_id == key.image_id,
            ItemRow.delete_us.is_(None),
        )
        .order_by(ItemRow.ordinal)
    )


def _analyzed(item: Item) -> AnalyzedItem:
    return AnalyzedItem(
        box=item.box,
        score=item.score,
        label=item.label,
        attributes=item.attributes,
        colors=item.colors,
        warnings=item.warnings,
        categories=item.categories,
        whole_image=item.whole_image,
    )


def _has(version: ModelVersion) -> ColumnElement[bool]:
    embedding = aliased(EmbeddingRow)
    return exists().where(
        embedding.tenant_id == ItemRow.tenant_id,
        embedding.item_id == ItemRow.id,
        embedding.model_version == version.model_version,
        embedding.preprocess_version == version.preprocess_version,
    )
