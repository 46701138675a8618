"""Photos that are renamed, or moved to another product."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Conflict, InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from services.catalog.ids import new_etag
from services.catalog.records.image_primary import update_image_primary
from services.catalog.records.images import Image, read_image
from services.catalog.records.items import touch_items
from services.catalog.records.product_primary import choose_primary_item
from services.catalog.records.products import Product, lock_product
from services.catalog.sql.tables import ImageRow, ItemRow

UPDATABLE = ("name", "product_id")


@dataclass(frozen=True, slots=True)
class ImageChanges:
    """What a photo is to have; a field that is not named by the mask stays."""

    name: str = ""
    product_id: str = ""


def check_mask(fields: Sequence[str], changes: ImageChanges) -> frozenset[str]:
    """The fields to change: those named, or those filled in where none is named.

    Raises:
        InvalidInput: there are more names than fields, or one is no updatable field.
    """
    if len(fields) > len(UPDATABLE):
        raise InvalidInput("update_mask", f"must hold at most {len(UPDATABLE)} names, got {len(fields)}")
    unknown = set(fields) - set(UPDATABLE)
    if unknown:
        known = ", ".join(UPDATABLE)
        raise InvalidInput("update_mask", f"{sorted(unknown)[0][:100]!r} cannot be changed; known: {known}")
    return frozenset(fields) or frozenset(name for name in UPDATABLE if getattr(changes, name))


def update_image(
    session: Session,
    tenant_id: str,
    image_id: str,
    changes: ImageChanges,
    fields: Collection[str],
    etag: str,
    taxonomy: Taxonomy,
    moment_us: int,
) -> tuple[Image, Image]:
    """Change a photo, and queue the vector rows of its items; returns it before and after.

    Raises:
        NotFound: no such image, or product.
        Conflict: `etag` is set and no longer the image's, or it was moved at the same time.
    """
    before = read_image(session, tenant_id, image_id)
    moved_to = changes.product_id if "product_id" in fields else before.product_id
    owners = sorted({before.product_id, moved_to} - {""})
    products = {id: lock_product(session, tenant_id, id) for id in owners}
    row = session.get(ImageRow, (tenant_id, image_id), with_for_update=True)
    if row is None or row.delete_us is not None:
        raise NotFound("image", image_id)
    if (etag and etag != row.etag) or (row.product_id or "") != before.product_id:
        raise Conflict("the image changed since you read it; read it again and retry")
    name = changes.name if "name" in fields else row.name
    if (name, moved_to) == (row.name, before.product_id):
        return before, before
    row.name, row.product_id = name, moved_to or None
    row.etag, row.update_us = new_etag(), moment_us
    session.flush()
    touch_items(session, tenant_id, _item_ids(session, tenant_id, image_id), moment_us)
    if moved_to != before.product_id:
        _choose_again(session, tenant_id, image_id, products, moved_to, taxonomy, moment_us)
    return before, read_image(session, tenant_id, image_id)


def _choose_again(
    session: Session,
    tenant_id: str,
    image_id: str,
    products: dict[str, Product],
    moved_to: str,
    taxonomy: Taxonomy,
    moment_us: int,
) -> None:
    """Choose what represents the photo and both products."""
    update_image_primary(session, tenant_id, image_id, products.get(moved_to), taxonomy, moment_us)
    for product in products.values():
        choose_primary_item(session, tenant_id, product, taxonomy, moment_us)


def _item_ids(session: Session, tenant_id: str, image_id: str) -> list[str]:
    of_image = (ItemRow.tenant_id == tenant_id, ItemRow.image_id == image_id, ItemRow.delete_us.is_(None))
    return list(session.scalars(select(ItemRow.id).where(*of_image)))
