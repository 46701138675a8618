"""Images: the photos that items are found in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, astuple, dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.errors import FailedPrecondition, NotFound
from domain.types import Box
from services.catalog.ids import new_etag
from services.catalog.records import outbox
from services.catalog.records.jobs import cancel_jobs, free_keys
from services.catalog.records.products import ProductDraft
from services.catalog.sql.tables import ImageRow, ItemRow
from services.catalog.sql.upsert import table_of

_CHUNK = 500
_INSERT = insert(table_of(ImageRow))


@dataclass(frozen=True, slots=True)
class NewImage:
    """A photo to add; width and height are of the upright picture."""

    id: str
    product_id: str
    name: str
    format: str
    width: int
    height: int
    size_bytes: int
    sha256: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletedImages:
    """What went with the images: items, and jobs that were open."""

    image_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    job_ids: tuple[str, ...]


def request_fingerprint(
    sha256: str, boxes: Sequence[Box], name: str, product_id: str, draft: ProductDraft | None
) -> str:
    """Differs where two requests to index a photo differ."""
    said = (sha256, [astuple(box) for box in boxes], name, product_id, draft and asdict(draft))
    return hashlib.sha256(repr(said).encode()).hexdigest()


def insert_image(session: Session, tenant_id: str, image: NewImage, moment_us: int) -> None:
    """Add a photo."""
    values = {
        "tenant_id": tenant_id,
        "id": image.id,
        "product_id": image.product_id or None,
        "name": image.name,
        "format": image.format,
        "width": image.width,
        "height": image.height,
        "size_bytes": image.size_bytes,
        "sha256": image.sha256,
        "boxes": [list(astuple(box)) for box in image.boxes],
        "etag": new_etag(),
        "create_us": moment_us,
        "update_us": moment_us,
    }
    session.execute(_INSERT, values)


def delete_image(session: Session, tenant_id: str, image_id: str, moment_us: int) -> DeletedImages:
    """Mark one image deleted with all that hangs on it.

    Raises:
        NotFound: no such image.
    """
    row = session.get(ImageRow, (tenant_id, image_id))
    if row is None or row.delete_us is not None:
        raise NotFound("image", image_id)
    return delete_images(session, tenant_id, [image_id], moment_us)


def delete_images(
    session: Session, tenant_id: str, image_ids: Sequence[str], moment_us: int
) -> DeletedImages:
    """Mark images deleted, take their items out of search, stop their jobs and free their keys."""
    parts = [
        _delete_chunk(session, tenant_id, image_ids[start : start + _CHUNK], moment_us)
        for start in range(0, len(image_ids), _CHUNK)
    ]
    return DeletedImages(
        tuple(image_ids),
        tuple(item_id for part in parts for item_id in part.item_ids),
        tuple(job_id for part in parts for job_id in part.job_ids),
    )


def _delete_chunk(
    session: Session, tenant_id: str, image_ids: Sequence[str], moment_us: int
) -> DeletedImages:
    # Keys first: this locks the jobs, so that none is queued again in between.
    free_keys(session, tenant_id, image_ids)
    # Jobs first: a try that is about to add items has added them by then, or never will.
    error = FailedPrecondition("the photo was deleted before it was indexed", reason="IMAGE_DELETED")
    job_ids = cancel_jobs(session, tenant_id, image_ids, error, moment_us)
    gone = {"delete_us": moment_us, "update_us": moment_us}
    session.execute(
        update(ImageRow).where(ImageRow.tenant_id == tenant_id, ImageRow.id.in_(image_ids)).values(gone)
    )
    of_images = (ItemRow.tenant_id == tenant_id, ItemRow.image_id.in_(image_ids))
    item_ids = session.scalars(select(ItemRow.id).where(*of_images)).all()
    session.execute(update(ItemRow).where(*of_images).values(gone))
    outbox.enqueue(session, tenant_id, item_ids, "delete", moment_us)
    return DeletedImages(tuple(image_ids), tuple(item_ids), tuple(job_ids))


def known_tenants(session: Session) -> set[str]:
    """Those who have, or had, a photo here."""
    return set(session.scalars(select(ImageRow.tenant_id).distinct()))


def live_images(session: Session, tenant_id: str, image_ids: Collection[str]) -> set[str]:
    """Those of the ids that are images and not deleted."""
    query = select(ImageRow.id).where(
        ImageRow.tenant_id == tenant_id, ImageRow.id.in_(image_ids), ImageRow.delete_us.is_(None)
    )
    return set(session.scalars(query))


def live_items(session: Session, tenant_id: str, item_ids: Collection[str]) -> set[str]:
    """Those of the ids that are items and not deleted."""
    query = select(ItemRow.id).where(
        ItemRow.tenant_id == tenant_id, ItemRow.id.in_(item_ids), ItemRow.delete_us.is_(None)
    )
    return set(session.scalars(query))
