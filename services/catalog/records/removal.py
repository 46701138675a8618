"""Rows that are removed for good, with all that belongs to them.

A table that has a column `item_id`, `image_id` or `product_id` belongs to items, images or products; so a
table that is added later is covered, too. Rows of the outbox stay until their vectors are gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, delete, or_, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from services.catalog.records import outbox
from services.catalog.records.photo_hashes import remove_hashes
from services.catalog.sql.tables import ImageRow, ItemRow, OutboxRow, ProductRow, Table
from services.catalog.sql.upsert import table_of

_OUTBOX, _PRODUCT = table_of(OutboxRow), table_of(ProductRow)
_IMAGE, _ITEM = table_of(ImageRow), table_of(ItemRow)
_TABLES = [each for each in reversed(Table.metadata.sorted_tables) if each is not _OUTBOX]
"""Tables before those that they point at."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class RemovedRows:
    """Images and items without rows, whose blobs can be removed.

    Attributes:
        count: how many images, items or products were to be removed.
        rows: rows of all tables.
    """

    image_ids: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    count: int = 0
    rows: int = 0


def expired_images(session: Session, before_us: int, most: int) -> list[tuple[str, str]]:
    """(tenant, id) of at most so many images that were deleted before a time, locked."""
    query = select(ImageRow.tenant_id, ImageRow.id).where(ImageRow.delete_us < before_us)
    rows = session.execute(query.limit(most).with_for_update(skip_locked=True))
    return [(tenant_id, image_id) for tenant_id, image_id in rows]


def expired_items(session: Session, before_us: int, most: int) -> list[tuple[str, str]]:
    """(tenant, id) of at most so many items that were deleted before a time, locked.

    Those that were deleted with their image come back with it, so they stay as long as it does.
    """
    of_image = (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id)
    by_itself = or_(ImageRow.delete_us.is_(None), ImageRow.delete_us != ItemRow.delete_us)
    query = (
        select(ItemRow.tenant_id, ItemRow.id)
        .join(ImageRow, of_image)
        .where(ItemRow.delete_us < before_us, by_itself)
        .limit(most)
        .with_for_update(of=ItemRow, skip_locked=True)
    )
    return [(tenant_id, item_id) for tenant_id, item_id in session.execute(query)]


def expired_products(session: Session, before_us: int, most: int) -> list[tuple[str, str]]:
    """(tenant, id) of at most so many products that were deleted before a time and have no image, locked."""
    has_image = (
        select(ImageRow.id)
        .where(ImageRow.tenant_id == ProductRow.tenant_id, ImageRow.product_id == ProductRow.id)
        .exists()
    )
    query = (
        select(ProductRow.tenant_id, ProductRow.id)
        .where(ProductRow.delete_us < before_us, ~has_image)
        .limit(most)
        .with_for_update(of=ProductRow, skip_locked=True)
    )
    return [(tenant_id, product_id) for tenant_id, product_id in session.execute(query)]


def remove_images(session: Session, tenant_id: str, image_ids: Sequence[str], moment_us: int) -> RemovedRows:
    """Remove images with their items, jobs and all that belongs to them; their vectors follow."""
    of_images = (ItemRow.tenant_id == tenant_id, ItemRow.image_id.in_(image_ids))
    item_ids = session.scalars(select(ItemRow.id).where(*of_images)).all()
    removed = remove_items(session, tenant_id, item_ids, moment_us)
    rows = remove_hashes(session, tenant_id, image_ids)
    rows += _remove(session, tenant_id, "image_id", image_ids)
    rows += _delete(session, _IMAGE, _IMAGE.c.id, tenant_id, image_ids)
    return RemovedRows(tuple(image_ids), removed.item_ids, len(image_ids), removed.rows + rows)


def remove_items(session: Session, tenant_id: str, item_ids: Sequence[str], moment_us: int) -> RemovedRows:
    """Remove items with their predictions, embeddings and corrections; their vectors follow."""
    outbox.enqueue(session, tenant_id, item_ids, "delete", moment_us)
    rows = _remove(session, tenant_id, "item_id", item_ids)
    rows += _delete(session, _ITEM, _ITEM.c.id, tenant_id, item_ids)
    return RemovedRows((), tuple(item_ids), len(item_ids), rows)


def remove_products(
    session: Session, tenant_id: str, product_ids: Sequence[str], _moment_us: int
) -> RemovedRows:
    """Remove products that have no images."""
    rows = _remove(session, tenant_id, "product_id", product_ids)
    rows += _delete(session, _PRODUCT, _PRODUCT.c.id, tenant_id, product_ids)
    return RemovedRows(count=len(product_ids), rows=rows)


def _remove(session: Session, tenant_id: str, column: str, ids: Sequence[str]) -> int:
    """Remove the rows of each table that has such a column, where it has one of the ids."""
    of_owner = [table for table in _TABLES if column in table.c]
    return sum(_delete(session, table, table.c[column], tenant_id, ids) for table in of_owner)


def _delete(
    session: Session, table: SqlTable, column: Column[Any], tenant_id: str, ids: Sequence[str]
) -> int:
    """Remove the rows of a table with one of the ids in a column; returns how many."""
    removed = 0
    for start in range(0, len(ids), _CHUNK):
        of_ids = (table.c.tenant_id == tenant_id, column.in_(ids[start : start + _CHUNK]))
        result: Any = session.execute(delete(table).where(*of_ids))
        removed += int(result.rowcount)
    return removed
