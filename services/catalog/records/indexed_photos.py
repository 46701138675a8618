"""Photos as indexing takes them, and those of the catalogue that are indexed anew."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.types import Box
from services.catalog.sql.tables import ImageRow, ProductRow


@dataclass(frozen=True, slots=True, order=True)
class ImageKey:
    """A photo of a tenant; the order in which photos are walked."""

    tenant_id: str
    image_id: str


@dataclass(frozen=True, slots=True)
class IndexedPhoto:
    """A photo, and what indexing must know of it; where it names an item, only that one is described anew."""

    tenant_id: str
    image_id: str
    boxes: tuple[Box, ...]
    product_name: str = ""
    product_category: str = ""
    product_type: str = ""
    item_id: str = ""


def read_indexed_photo(session: Session, tenant_id: str, image_id: str) -> IndexedPhoto | None:
    """A photo of the catalogue; None where it is gone."""
    product_of = (ProductRow.tenant_id == ImageRow.tenant_id) & (ProductRow.id == ImageRow.product_id)
    of_product = (ProductRow.display_name, ProductRow.category, ProductRow.product_type)
    query = select(ImageRow.boxes, *of_product).select_from(ImageRow).outerjoin(ProductRow, product_of)
    of_image = (ImageRow.tenant_id == tenant_id, ImageRow.id == image_id, ImageRow.delete_us.is_(None))
    row = session.execute(query.where(*of_image)).one_or_none()
    if row is None:
        return None
    return IndexedPhoto(
        tenant_id,
        image_id,
        tuple(Box(*sides) for sides in row.boxes),
        row.display_name or "",
        row.category or "",
        row.product_type or "",
    )


def is_there(session: Session, tenant_id: str, image_id: str) -> bool:
    """Whether a photo is in the catalogue and not deleted."""
    row = session.get(ImageRow, (tenant_id, image_id))
    return row is not None and row.delete_us is None
