"""Products: what is sold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, bindparam, cast, func, insert, or_, select
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import AlreadyExists, Conflict, NotFound
from domain.taxonomy import Taxonomy
from services.catalog.ids import new_etag
from services.catalog.records import outbox
from services.catalog.records.money import Money
from services.catalog.records.ordering import Fields, Order, page_of
from services.catalog.records.paging import Cursor
from services.catalog.records.product_drafts import (
    Availability,
    ProductDraft,
    check_list_price,
    draft_fingerprint,
    with_known_category,
)
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow
from services.catalog.sql.upsert import table_of

COLUMNS = (
    *("id", "external_id", "display_name", "description", "brand", "category", "product_type"),
    *("price_currency", "price_units", "price_nanos", "list_price_units", "list_price_nanos"),
    *("url", "availability", "attributes", "etag", "create_us", "update_us", "delete_us", "primary_item_id"),
)
"""The columns that make a `Product`."""

_PRODUCT = table_of(ProductRow)
_OF_TENANT = select(*(_PRODUCT.c[name] for name in COLUMNS)).where(
    _PRODUCT.c.tenant_id == bindparam("tenant_id")
)
_LOCK = _OF_TENANT.where(_PRODUCT.c.id == bindparam("product_id")).with_for_update()
_LOCK_EXTERNAL = _OF_TENANT.where(_PRODUCT.c.external_id == bindparam("external_id")).with_for_update()
_INSERT = insert(_PRODUCT)
_TEXTS = (
    *(ProductRow.display_name, ProductRow.brand, ProductRow.category, ProductRow.product_type),
    func.coalesce(ProductRow.external_id, ""),
)
_NO_PRICE = 1e18


def _amount(descending: bool) -> ColumnElement[float]:
    amount = cast(ProductRow.price_units, Float(53)) + cast(ProductRow.price_nanos, Float(53)) / 1e9
    return func.coalesce(amount, -1.0 if descending else _NO_PRICE)


PRODUCT_FIELDS: Fields = {
    "create_time": lambda _: ProductRow.id.expression,
    "update_time": lambda _: ProductRow.update_us.expression,
    "display_name": lambda _: func.lower(ProductRow.display_name),
    "brand": lambda _: func.lower(ProductRow.brand),
    "price": _amount,
}
"""What products may be ordered by; ids are in the order in which they were made."""


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products a list has: those with `text` in what names them; and in which order."""

    text: str = ""
    order: Order = Order()
    show_deleted: bool = False
    only_deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product that exists; `primary_item_id` is "" before a photo of it is indexed."""

    id: str
    external_id: str
    display_name: str
    description: str
    brand: str
    category: str
    product_type: str
    price: Money | None
    list_price: Money | None
    url: str
    availability: Availability
    attributes: Mapping[str, str]
    etag: str
    create_time: datetime
    update_time: datetime
    delete_time: datetime | None
    primary_item_id: str


@dataclass(frozen=True, slots=True)
class ProductKey:
    """A product by its id or, where that is "", by the shop's own id."""

    id: str = ""
    external_id: str = ""


def insert_product(
    session: Session,
    tenant_id: str,
    product_id: str,
    draft: ProductDraft,
    idempotency_key: str,
    moment_us: int,
) -> Product:
    """Add a product.

    Raises:
        IntegrityError: another one has its external id or its key, perhaps since this transaction looked.
    """
    values = _draft_values(draft, moment_us) | {
        "tenant_id": tenant_id,
        "id": product_id,
        "idempotency_key": idempotency_key or None,
        "fingerprint": draft_fingerprint(draft),
        "create_us": moment_us,
    }
    session.execute(_INSERT, values)
    return product_from_columns(values | {"delete_us": None, "primary_item_id": None})


def insert_missing(
    session: Session, tenant_id: str, product_id: str, draft: ProductDraft, etag: str, moment_us: int
) -> Product:
    """Add a product that an update did not find.

    Raises:
        Conflict: `etag` is set, but the product it was read from does not exist.
        IntegrityError: as `insert_product`.
    """
    if etag:
        raise Conflict("the product that this etag was read from does not exist")
    return insert_product(session, tenant_id, product_id, draft, "", moment_us)


def find_product_by_key(
    session: Session, tenant_id: str, idempotency_key: str, fingerprint: str
) -> Product | None:
    """The product that an earlier call with this key created.

    Raises:
        AlreadyExists: that call asked for something else, or its product was deleted.
    """
    if not idempotency_key:
        return None
    where = (ProductRow.tenant_id == tenant_id, ProductRow.idempotency_key == idempotency_key)
    row = session.scalar(select(ProductRow).where(*where))
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise AlreadyExists(
            f"idempotency_key {idempotency_key!r} was used for a different product",
            resource="product",
            id=row.id,
            reason="IDEMPOTENCY_KEY_REUSED",
        )
    if row.delete_us is not None:
        raise AlreadyExists(
            f"idempotency_key {idempotency_key!r} was used for a product that was deleted; choose another",
            resource="product",
            id=row.id,
            reason="IDEMPOTENCY_KEY_OF_DELETED",
        )
    return product_from_row(row)


def read_product(session: Session, tenant_id: str, key: ProductKey) -> Product:
    """One product.

    Raises:
        NotFound: this tenant has none of that key.
    """
    return product_from_row(_live_row(session, tenant_id, key))


def lock_product(session: Session, tenant_id: str, product_id: str) -> Product:
    """Read a product and lock it until the transaction ends.

    Raises:
        NotFound: no such product.
    """
    product = lock_any_product(session, tenant_id, product_id)
    if product is None or product.delete_time is not None:
        raise NotFound("product", product_id)
    return product


def lock_any_product(session: Session, tenant_id: str, product_id: str) -> Product | None:
    """As `lock_product`, also where it is deleted; None where there is no such product."""
    return _lock(session, _LOCK, {"tenant_id": tenant_id, "product_id": product_id})


def lock_by_external_id(session: Session, tenant_id: str, external_id: str) -> Product | None:
    """The product with this external id, locked until the transaction ends.

    Raises:
        AlreadyExists: a deleted product holds that id.
    """
    if not external_id:
        return None
    product = _lock(session, _LOCK_EXTERNAL, {"tenant_id": tenant_id, "external_id": external_id})
    if product is not None and product.delete_time is not None:
        raise _external_id_taken(external_id, product)
    return product


def _lock(session: Session, query: Select[*tuple[Any, ...]], key: Mapping[str, str]) -> Product | None:
    session.flush()  # queries of tables do not see what the session has not written yet
    row = session.execute(query, key).first()
    return None if row is None else product_from_columns(dict(zip(COLUMNS, row, strict=True)))


def list_products(
    session: Session,
    tenant_id: str,
    cursor: Cursor,
    wanted: ProductFilter,
    condition: ColumnElement[bool] | None = None,
) -> list[Product]:
    """In the order asked for, one more than the page's size where there are more. Raises InvalidInput."""
    query = select(ProductRow).where(ProductRow.tenant_id == tenant_id)
    if condition is not None:
        query = query.where(condition)
    if wanted.only_deleted:
        query = query.where(ProductRow.delete_us.is_not(None))
    elif not wanted.show_deleted:
        query = query.where(ProductRow.delete_us.is_(None))
    if wanted.text:
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in _TEXTS)))
    by = PRODUCT_FIELDS[wanted.order.field](wanted.order.descending)
    rows = session.scalars(page_of(session, tenant_id, query, ProductRow, by, wanted.order, cursor))
    return [product_from_row(row) for row in rows]


def update_product(
    session: Session,
    tenant_id: str,
    key: ProductKey,
    changes: ProductDraft,
    fields: Collection[str],
    etag: str,
    taxonomy: Taxonomy,
    moment_us: int,
) -> tuple[Product, Product]:
    """Change `fields`, and queue the vector rows of the product's items; returns it before and after.

    Raises:
        NotFound: no such product.
        Conflict: `etag` is set and no longer the product's.
        InvalidInput: the list price would not fit the price.
        AlreadyExists: another product has the new external id.
    """
    row = _live_row(session, tenant_id, key, etag, lock=True)
    earlier, before = product_from_row(row), draft_of(row)
    after = replace(before, **{name: getattr(changes, name) for name in fields})
    if "category" in fields:
        after = with_known_category(after, taxonomy)
    check_list_price(after)
    if after.external_id != before.external_id:
        check_external_id(session, tenant_id, after.external_id)
    if after != before:
        for name, value in _draft_values(after, moment_us).items():
            setattr(row, name, value)
        session.flush()
        outbox.enqueue(session, tenant_id, _item_ids(session, tenant_id, row.id), "upsert", moment_us)
    return earlier, product_from_row(row)


def delete_product(session: Session, tenant_id: str, product_id: str, etag: str, moment_us: int) -> list[str]:
    """Mark a product deleted; returns the ids of its images, for `delete_images`.

    Its external id and its idempotency key stay taken.

    Raises:
        NotFound: no such product.
        Conflict: `etag` is set and no longer the product's.
    """
    row = _live_row(session, tenant_id, ProductKey(product_id), etag, lock=True)
    row.delete_us, row.update_us, row.etag = moment_us, moment_us, new_etag()
    row.primary_item_id = None
    where = (ImageRow.tenant_id == tenant_id, ImageRow.product_id == product_id, ImageRow.delete_us.is_(None))
    return list(session.scalars(select(ImageRow.id).where(*where)))


def product_from_row(row: ProductRow) -> Product:
    return product_from_columns({name: getattr(row, name) for name in COLUMNS})


def product_from_columns(values: Mapping[str, Any]) -> Product:
    """A product from the values of `COLUMNS`, by name."""
    deleted_us = values["delete_us"]
    return Product(
        id=values["id"],
        external_id=values["external_id"] or "",
        display_name=values["display_name"],
        description=values["description"],
        brand=values["brand"],
        category=values["category"],
        product_type=values["product_type"],
        price=_price(values["price_currency"], values["price_units"], values["price_nanos"]),
        list_price=_price(values["price_currency"], values["list_price_units"], values["list_price_nanos"]),
        url=values["url"],
        availability=Availability(values["availability"]),
        attributes=values["attributes"],
        etag=values["etag"],
        create_time=datetime_from_us(values["create_us"]),
        update_time=datetime_from_us(values["update_us"]),
        delete_time=None if deleted_us is None else datetime_from_us(deleted_us),
        primary_item_id=values["primary_item_id"] or "",
    )


def draft_of(row: ProductRow) -> ProductDraft:
    """The product's fields as a draft."""
    return ProductDraft(
        display_name=row.display_name,
        description=row.description,
        brand=row.brand,
        category=row.category,
        price=_price(row.price_currency, row.price_units, row.price_nanos),
        external_id=row.external_id or "",
        product_type=row.product_type,
        list_price=_price(row.price_currency, row.list_price_units, row.list_price_nanos),
        url=row.url,
        availability=Availability(row.availability),
        attributes=row.attributes,
    )


def _row_of(session: Session, tenant_id: str, key: ProductKey, *, lock: bool) -> ProductRow | None:
    """The product's row, deleted or not."""
    if key.id:
        return session.get(ProductRow, (tenant_id, key.id), with_for_update=lock or None)
    query = select(ProductRow).where(
        ProductRow.tenant_id == tenant_id, ProductRow.external_id == key.external_id
    )
    return session.scalar(query.with_for_update() if lock else query)


def _live_row(
    session: Session, tenant_id: str, key: ProductKey, etag: str = "", *, lock: bool = False
) -> ProductRow:
    row = _row_of(session, tenant_id, key, lock=lock)
    if row is None or row.delete_us is not None:
        raise NotFound("product", key.id or key.external_id)
    if etag and etag != row.etag:
        raise Conflict("the product changed since you read it; read it again and retry")
    return row


def check_external_id(session: Session, tenant_id: str, external_id: str, idempotency_key: str = "") -> None:
    """Raises AlreadyExists where a product has that id, deleted or not, unless it was made with the key."""
    if not external_id:
        return
    row = _row_of(session, tenant_id, ProductKey(external_id=external_id), lock=False)
    if row is not None and not (idempotency_key and row.idempotency_key == idempotency_key):
        raise _external_id_taken(external_id, product_from_row(row))


def _external_id_taken(external_id: str, holder: Product) -> AlreadyExists:
    owner = "a deleted product" if holder.delete_time is not None else f"product {holder.id}"
    return AlreadyExists(
        f"external_id {external_id!r} belongs to {owner}",
        resource="product",
        id=holder.id,
        reason="EXTERNAL_ID_TAKEN",
        metadata={"external_id": external_id, "product_id": holder.id},
    )


def _price(currency: str | None, units: int | None, nanos: int | None) -> Money | None:
    return None if currency is None or units is None else Money(currency, units, nanos or 0)


def _draft_values(draft: ProductDraft, moment_us: int) -> dict[str, Any]:
    """The columns that a draft sets, with a new etag."""
    price, before = draft.price, draft.list_price
    return {
        "external_id": draft.external_id or None,
        "display_name": draft.display_name,
        "description": draft.description,
        "brand": draft.brand,
        "category": draft.category,
        "product_type": draft.product_type,
        "price_currency": price.currency if price else None,
        "price_units": price.units if price else None,
        "price_nanos": price.nanos if price else None,
        "list_price_units": before.units if before else None,
        "list_price_nanos": before.nanos if before else None,
        "url": draft.url,
        "availability": draft.availability,
        "attributes": dict(draft.attributes),
        "etag": new_etag(),
        "update_us": moment_us,
    }


def _item_ids(session: Session, tenant_id: str, product_id: str) -> list[str]:
    query = (
        select(ItemRow.id)
        .join(ImageRow, (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id))
        .where(ItemRow.tenant_id == tenant_id, ImageRow.product_id == product_id, ItemRow.delete_us.is_(None))
    )
    return list(session.scalars(query))
