"""Deleted products and images that come back with what was deleted with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.errors import FailedPrecondition, NotFound
from domain.quota import Quota, TenantUse
from services.catalog.ids import new_etag
from services.catalog.records import outbox
from services.catalog.records.collections import read_aliases
from services.catalog.records.images import lock_image
from services.catalog.records.job_queue import queue_deleted, queue_image_again
from services.catalog.records.tenant_use import add_use, check_bytes, check_items
from services.catalog.sql.tables import EmbeddingRow, ImageRow, ItemRow, ProductRow

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; nothing where it was not deleted."""

    image_ids: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()


def deleted_images(session: Session, tenant_id: str, product_id: str) -> list[str]:
    """The images that were deleted with a product, which all have its moment; none if it is not deleted.

    Raises:
        NotFound: this tenant has no product of that id, not even a deleted one.
    """
    row = session.get(ProductRow, (tenant_id, product_id))
    if row is None:
        raise NotFound("product", product_id)
    if row.delete_us is None:
        return []
    of_product = (ImageRow.tenant_id == tenant_id, ImageRow.product_id == product_id)
    query = select(ImageRow.id).where(*of_product, ImageRow.delete_us == row.delete_us)
    return list(session.scalars(query.order_by(ImageRow.id)))


def restore_product(
    session: Session, tenant_id: str, product_id: str, lost: Sequence[str], quota: Quota, moment_us: int
) -> Restored | None:
    """Bring back a product with the images that were deleted with it, but those that are `lost`.

    None if it is not deleted.

    Raises:
        NotFound: this tenant has no product of that id.
        QuotaExceeded: the tenant has no room for its images.
    """
    row = session.get(ProductRow, (tenant_id, product_id), with_for_update=True)
    image_ids = [each for each in deleted_images(session, tenant_id, product_id) if each not in lost]
    if row is None or row.delete_us is None:
        return None
    deleted_us = row.delete_us
    row.delete_us, row.update_us, row.etag = None, moment_us, new_etag()
    session.flush()
    return _restore_images(session, tenant_id, image_ids, deleted_us, quota, moment_us)


def restore_image(
    session: Session, tenant_id: str, image_id: str, quota: Quota, moment_us: int
) -> tuple[Restored | None, str]:
    """Bring back an image with the items that were deleted with it; also returns its product's id, or "".

    None if it is not deleted.

    Raises:
        NotFound: this tenant has no image of that id.
        FailedPrecondition: its product is deleted.
        QuotaExceeded: the tenant has no room for it.
    """
    product_id = lock_image(session, tenant_id, image_id)
    row = session.get(ImageRow, (tenant_id, image_id))
    if row is None:
        raise NotFound("image", image_id)
    if row.delete_us is None:
        return None, product_id
    product = session.get(ProductRow, (tenant_id, product_id)) if product_id else None
    if product is not None and product.delete_us is not None:
        raise FailedPrecondition(
            f"the product {product_id!r} of this image is deleted; restore the product",
            reason="PRODUCT_DELETED",
            metadata={"product_id": product_id},
        )
    return _restore_images(session, tenant_id, [image_id], row.delete_us, quota, moment_us), product_id


def _restore_images(
    session: Session, tenant_id: str, image_ids: Sequence[str], deleted_us: int, quota: Quota, moment_us: int
) -> Restored:
    """Bring back images and the items that were deleted in the same moment, and count them again."""
    item_ids: list[str] = []
    size_bytes = 0
    for start in range(0, len(image_ids), _CHUNK):
        chunk = image_ids[start : start + _CHUNK]
        size_bytes += sum(_bring_back_images(session, tenant_id, chunk, moment_us))
        item_ids += _bring_back_items(session, tenant_id, chunk, deleted_us, moment_us)
    outbox.enqueue(session, tenant_id, item_ids, "upsert", moment_us)
    queue_deleted(session, tenant_id, image_ids, moment_us)
    for image_id in _lacking(session, tenant_id, item_ids):
        queue_image_again(session, tenant_id, image_id, moment_us)
    use = add_use(session, tenant_id, TenantUse(len(item_ids), size_bytes))
    check_bytes(tenant_id, quota, use)
    check_items(tenant_id, quota, use)
    return Restored(tuple(image_ids), tuple(item_ids))


def _bring_back_images(
    session: Session, tenant_id: str, image_ids: Sequence[str], moment_us: int
) -> Sequence[int]:
    """Returns their sizes in bytes."""
    values = {"delete_us": None, "update_us": moment_us, "etag": new_etag()}
    of_ids = (ImageRow.tenant_id == tenant_id, ImageRow.id.in_(image_ids), ImageRow.delete_us.is_not(None))
    restored = update(ImageRow).where(*of_ids).values(values).returning(ImageRow.size_bytes)
    return session.scalars(restored).all()


def _bring_back_items(
    session: Session, tenant_id: str, image_ids: Sequence[str], deleted_us: int, moment_us: int
) -> Sequence[str]:
    """Returns the ids of the items that were deleted with their image."""
    values = {"delete_us": None, "update_us": moment_us, "etag": new_etag()}
    of_images = (ItemRow.tenant_id == tenant_id, ItemRow.image_id.in_(image_ids))
    restored = update(ItemRow).where(*of_images, ItemRow.delete_us == deleted_us).values(values)
    return session.scalars(restored.returning(ItemRow.id)).all()


def _lacking(session: Session, tenant_id: str, item_ids: Sequence[str]) -> list[str]:
    """The images of items without a vector of a collection that is written: the model changed meanwhile."""
    found: set[str] = set()
    for collection in read_aliases(session).values():
        version = collection.version
        has_vector = (
            select(EmbeddingRow.item_id)
            .where(
                EmbeddingRow.tenant_id == ItemRow.tenant_id,
                EmbeddingRow.item_id == ItemRow.id,
                EmbeddingRow.model_version == version.model_version,
                EmbeddingRow.preprocess_version == version.preprocess_version,
            )
            .exists()
        )
        for start in range(0, len(item_ids), _CHUNK):
            of_ids = (ItemRow.tenant_id == tenant_id, ItemRow.id.in_(item_ids[start : start + _CHUNK]))
            found.update(session.scalars(select(ItemRow.image_id).where(*of_ids, ~has_vector)))
    return sorted(found)
