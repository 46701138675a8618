"""What an audit expects the stores to hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog.records.imports import waiting_images
from services.catalog.records.job_queue import queue_image_again
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow

_CHUNK = 500


def audited_tenants(session: Session) -> list[str]:
    """The tenants that have, or had, a product or a photo."""
    of_products = session.scalars(select(ProductRow.tenant_id).distinct())
    return sorted({*of_products, *session.scalars(select(ImageRow.tenant_id).distinct())})


def live_pictures(session: Session, tenant_id: str) -> tuple[set[str], set[str]]:
    """The ids of the images and items that are not deleted, and of photos that wait in imports."""
    images = select(ImageRow.id).where(ImageRow.tenant_id == tenant_id, ImageRow.delete_us.is_(None))
    items = select(ItemRow.id).where(ItemRow.tenant_id == tenant_id, ItemRow.delete_us.is_(None))
    waiting = waiting_images(session, tenant_id)
    return waiting.union(session.scalars(images)), set(session.scalars(items))


def deleted_pictures(session: Session, tenant_id: str) -> tuple[set[str], set[str]]:
    """The ids of the images and of the items that are deleted and still kept, with their pictures."""
    images = select(ImageRow.id).where(ImageRow.tenant_id == tenant_id, ImageRow.delete_us.is_not(None))
    items = select(ItemRow.id).where(ItemRow.tenant_id == tenant_id, ItemRow.delete_us.is_not(None))
    return set(session.scalars(images)), set(session.scalars(items))


def index_again(
    session: Session, tenant_id: str, item_ids: Sequence[str], gone: Collection[str], moment_us: int
) -> int:
    """Queue the photos of items whose crops are missing; returns the number of these items.

    Photos whose originals are missing, too, are left out: `gone` has their ids.
    """
    queued: dict[str, bool] = {}
    mended = 0
    for start in range(0, len(item_ids), _CHUNK):
        chunk = item_ids[start : start + _CHUNK]
        query = select(ItemRow.image_id).where(ItemRow.tenant_id == tenant_id, ItemRow.id.in_(chunk))
        for image_id in session.scalars(query).all():
            if image_id not in queued:
                wanted = image_id not in gone
                queued[image_id] = wanted and queue_image_again(session, tenant_id, image_id, moment_us)
            mended += queued[image_id]
    return mended
