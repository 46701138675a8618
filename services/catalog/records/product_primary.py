"""The item that represents a product, kept with the product."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.taxonomy import Taxonomy
from services.catalog.records.image_primary import update_photo_primaries
from services.catalog.records.items import primary_item_ids, read_items, touch_items
from services.catalog.records.primary import choose_product_primary, product_target
from services.catalog.records.products import Product, lock_product
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow
from services.catalog.sql.upsert import table_of

_ITEM, _IMAGE, _PRODUCT = table_of(ItemRow), table_of(ImageRow), table_of(ProductRow)
_OF_ID = (_PRODUCT.c.tenant_id == bindparam("of_tenant"), _PRODUCT.c.id == bindparam("of_product"))
_PERSON_CHOICE = (
    select(_ITEM.c.id)
    .join_from(
        _PRODUCT,
        _ITEM,
        (_ITEM.c.tenant_id == _PRODUCT.c.tenant_id) & (_ITEM.c.id == _PRODUCT.c.person_primary_item_id),
    )
    .join(_IMAGE, (_IMAGE.c.tenant_id == _ITEM.c.tenant_id) & (_IMAGE.c.id == _ITEM.c.image_id))
    .where(
        *_OF_ID,
        _IMAGE.c.product_id == _PRODUCT.c.id,
        _ITEM.c.delete_us.is_(None),
        _ITEM.c.reject_reason.is_(None),
    )
)
"""The item that a person has chosen, where it is among the product's and not rejected."""
_UPDATE = update(_PRODUCT).where(*_OF_ID)


def follow_product(
    session: Session, tenant_id: str, before: Product, after: Product, taxonomy: Taxonomy, moment_us: int
) -> None:
    """Choose anew what represents the photos of a product that was changed, and the product itself."""
    if product_target(before, taxonomy) != product_target(after, taxonomy):
        update_photo_primaries(session, tenant_id, after, taxonomy, moment_us)
    choose_primary_item(session, tenant_id, after, taxonomy, moment_us)


def update_primary_item(
    session: Session, tenant_id: str, product_id: str, taxonomy: Taxonomy, moment_us: int
) -> None:
    """As `choose_primary_item`, of a product that is not locked yet.

    Raises:
        NotFound: no such product.
    """
    product = lock_product(session, tenant_id, product_id)
    choose_primary_item(session, tenant_id, product, taxonomy, moment_us)


def choose_primary_item(
    session: Session,
    tenant_id: str,
    product: Product,
    taxonomy: Taxonomy,
    moment_us: int,
    queued: Collection[str] = (),
) -> None:
    """Choose a locked product's primary item again after a change, and queue the vector rows that differ.

    A person's choice stays as long as the item is among those of the product. The transaction has `queued`
    items itself.
    """
    session.flush()  # queries of tables do not see what the session has not written yet
    of_product = {"of_tenant": tenant_id, "of_product": product.id}
    chosen = session.scalar(_PERSON_CHOICE, of_product) or _best(session, tenant_id, product, taxonomy)
    if chosen == product.primary_item_id:
        return
    session.execute(_UPDATE, of_product | {"primary_item_id": chosen or None})
    changed = {product.primary_item_id, chosen} - {"", *queued}
    touch_items(session, tenant_id, sorted(changed), moment_us)


def _best(session: Session, tenant_id: str, product: Product, taxonomy: Taxonomy) -> str:
    """The item that represents the product where no person has chosen one, or ""."""
    ids = primary_item_ids(session, tenant_id, product.id)
    if len(ids) < 2:
        return ids[0] if ids else ""
    items = [entry.item for entry in read_items(session, tenant_id, ids).values()]
    return choose_product_primary(items, product, taxonomy)
