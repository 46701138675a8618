"""The item that represents a product, kept with the product."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.taxonomy import Taxonomy
from services.catalog.records.image_primary import update_photo_primaries
from services.catalog.records.items import read_primary_items, touch_items
from services.catalog.records.primary import choose_product_primary, product_target
from services.catalog.records.products import Product, lock_product
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow


def follow_product(
    session: Session, tenant_id: str, before: Product, after: Product, taxonomy: Taxonomy, moment_us: int
) -> None:
    """Choose anew what represents the photos of a product that was changed, and the product itself."""
    if product_target(before, taxonomy) != product_target(after, taxonomy):
        update_photo_primaries(session, tenant_id, after, taxonomy, moment_us)
    update_primary_item(session, tenant_id, after.id, taxonomy, moment_us)


def update_primary_item(
    session: Session, tenant_id: str, product_id: str, taxonomy: Taxonomy, moment_us: int
) -> None:
    """Choose the product's primary item again after a change, and queue the vector rows that differ.

    A person's choice stays as long as the item is among those of the product.

    Raises:
        NotFound: no such product.
    """
    product = lock_product(session, tenant_id, product_id)
    chosen = _person_choice(session, tenant_id, product_id)
    if not chosen:
        primary_items = read_primary_items(session, tenant_id, product_id)
        chosen = choose_product_primary(primary_items, product, taxonomy)
    if chosen == product.primary_item_id:
        return
    of_product = (ProductRow.tenant_id == tenant_id, ProductRow.id == product_id)
    session.execute(update(ProductRow).where(*of_product).values(primary_item_id=chosen or None))
    changed = [item_id for item_id in (product.primary_item_id, chosen) if item_id]
    touch_items(session, tenant_id, changed, moment_us)


def _person_choice(session: Session, tenant_id: str, product_id: str) -> str:
    """The item that a person has chosen; "" where it is not among the product's, or rejected."""
    query = (
        select(ItemRow.id)
        .join(ProductRow, (ProductRow.tenant_id == ItemRow.tenant_id))
        .join(ImageRow, (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id))
        .where(
            ProductRow.tenant_id == tenant_id,
            ProductRow.id == product_id,
            ItemRow.id == ProductRow.person_primary_item_id,
            ImageRow.product_id == product_id,
            ItemRow.delete_us.is_(None),
            ItemRow.reject_reason.is_(None),
        )
    )
    return session.scalar(query) or ""
