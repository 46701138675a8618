"""What an audit expects the stores to hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog.records.jobs import JobState, queue_again, read_job
from services.catalog.sql.tables import ImageRow, ItemRow, JobRow, ProductRow

_CHUNK = 500


def audited_tenants(session: Session) -> list[str]:
    """The tenants that have, or had, a product or a photo."""
    of_products = session.scalars(select(ProductRow.tenant_id).distinct())
    return sorted({*of_products, *session.scalars(select(ImageRow.tenant_id).distinct())})


def live_pictures(session: Session, tenant_id: str) -> tuple[set[str], set[str]]:
    """The ids of the images and of the items that are not deleted."""
    images = select(ImageRow.id).where(ImageRow.tenant_id == tenant_id, ImageRow.delete_us.is_(None))
    items = select(ItemRow.id).where(ItemRow.tenant_id == tenant_id, ItemRow.delete_us.is_(None))
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
                queued[image_id] = image_id not in gone and _queue(session, tenant_id, image_id, moment_us)
            mended += queued[image_id]
    return mended


def _queue(session: Session, tenant_id: str, image_id: str, moment_us: int) -> bool:
    """Queue the newest job of an image, unless it is open; whether the photo is going to be indexed."""
    of_photo = (JobRow.tenant_id == tenant_id, JobRow.image_id == image_id, JobRow.item_id.is_(None))
    newest = select(JobRow.id).where(*of_photo)
    job_id = session.scalar(newest.order_by(JobRow.id.desc()).limit(1))
    if job_id is None:
        return False
    job = read_job(session, tenant_id, job_id)
    return queue_again(session, tenant_id, job, (JobState.COMPLETE, JobState.FAILED), moment_us)
