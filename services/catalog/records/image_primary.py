"""The item that represents a photo, after its items or its product have changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.taxonomy import Taxonomy
from services.catalog.records.items import Item, read_items, touch_items
from services.catalog.records.primary import category_fit, choose_primary, product_target
from services.catalog.records.products import Product
from services.catalog.sql.tables import ImageRow, ItemRow


def update_image_primary(
    session: Session,
    tenant_id: str,
    image_id: str,
    product: Product | None,
    taxonomy: Taxonomy,
    moment_us: int,
) -> None:
    """Choose the item that represents a photo again, and queue the vector rows that differ.

    A person's choice comes first, then the best fit to the category of the photo's product; where nothing
    fits, the present one stays as long as it is there. Rejected items represent nothing.
    """
    of_image = (ItemRow.tenant_id == tenant_id, ItemRow.image_id == image_id, ItemRow.delete_us.is_(None))
    ids = session.scalars(select(ItemRow.id).where(*of_image)).all()
    items = [entry.item for entry in read_items(session, tenant_id, ids).values()]
    image = session.get_one(ImageRow, (tenant_id, image_id))
    chosen = _choose([item for item in items if item.reject_reason is None], image, product, taxonomy)
    changed = [item.id for item in items if item.primary_in_image != (item.id == chosen)]
    for item_id in changed:
        row = (ItemRow.tenant_id == tenant_id, ItemRow.id == item_id)
        session.execute(update(ItemRow).where(*row).values(primary_in_image=item_id == chosen))
    touch_items(session, tenant_id, changed, moment_us)


def update_photo_primaries(
    session: Session, tenant_id: str, product: Product, taxonomy: Taxonomy, moment_us: int
) -> None:
    """As `update_image_primary`, of all photos of a product that show several items."""
    of_product = (ImageRow.tenant_id == tenant_id, ImageRow.product_id == product.id)
    item_of = (ItemRow.tenant_id == ImageRow.tenant_id) & (ItemRow.image_id == ImageRow.id)
    query = (
        select(ImageRow.id)
        .join(ItemRow, item_of)
        .where(*of_product, ImageRow.delete_us.is_(None), ItemRow.delete_us.is_(None))
        .group_by(ImageRow.id)
        .having(func.count() > 1)
        .order_by(ImageRow.id)
    )
    for image_id in session.scalars(query).all():
        update_image_primary(session, tenant_id, image_id, product, taxonomy, moment_us)


def _choose(items: Sequence[Item], image: ImageRow, product: Product | None, taxonomy: Taxonomy) -> str:
    """The id of the item that represents the photo, "" where it has none."""
    if image.person_primary_item_id in {item.id for item in items}:
        return image.person_primary_item_id or ""
    category = product_target(product, taxonomy) if product else ""
    fits = bool(category) and any(category_fit(item, category, taxonomy) > 0.0 for item in items)
    present = [item.id for item in items if item.primary_in_image]
    if present and not fits:
        return present[0]
    return items[choose_primary(items, category, None, taxonomy)].id if items else ""
