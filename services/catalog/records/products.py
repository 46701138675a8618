"""Products: what is sold."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from services.catalog.clock import datetime_from_us
from services.catalog.ids import new_etag
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.records import outbox
from services.catalog.records.money import Money, check_price
from services.catalog.records.paging import Cursor
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow

COLUMNS = (
    *("id", "display_name", "description", "brand", "category", "price_currency", "price_units"),
    *("price_nanos", "etag", "create_us", "update_us"),
)
"""What a `Product` shows of its row."""

UPDATABLE = ("display_name", "description", "brand", "category", "price")


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """What a caller says of a product."""

    display_name: str = ""
    description: str = ""
    brand: str = ""
    category: str = ""
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product that exists."""

    id: str
    display_name: str
    description: str
    brand: str
    category: str
    price: Money | None
    etag: str
    create_time: datetime
    update_time: datetime


def check_draft(
    draft: ProductDraft, taxonomy: Taxonomy, limits: CatalogLimits, *, named: bool
) -> ProductDraft:
    """The draft with its category's canonical name; `named` says whether it needs a display name.

    Raises:
        InvalidInput: naming the field and its limit.
    """
    return ProductDraft(
        check_text("display_name", draft.display_name, limits.max_name_chars, required=named),
        check_text("description", draft.description, limits.max_description_chars, multiline=True),
        check_text("brand", draft.brand, limits.max_name_chars),
        check_category("category", check_text("category", draft.category, limits.max_name_chars), taxonomy),
        draft.price and check_price("price", draft.price),
    )


def check_category(field: str, word: str, taxonomy: Taxonomy) -> str:
    """The taxonomy's name for `word`; "" stays "".

    Raises:
        InvalidInput: the taxonomy does not know the word.
    """
    name = taxonomy.canonical_category(word) if word else ""
    if name is None:
        known = ", ".join(category.name for category in taxonomy.categories)
        raise InvalidInput(field, f"{word!r} is not a category; known: {known} and their synonyms")
    return name


def draft_fingerprint(draft: ProductDraft) -> str:
    """Differs where drafts differ."""
    return hashlib.sha256(repr(astuple(draft)).encode()).hexdigest()


def insert_product(
    session: Session,
    tenant_id: str,
    product_id: str,
    draft: ProductDraft,
    idempotency_key: str,
    moment_us: int,
) -> Product:
    """Add a product."""
    row = ProductRow(
        tenant_id=tenant_id,
        id=product_id,
        idempotency_key=idempotency_key or None,
        fingerprint=draft_fingerprint(draft),
        create_us=moment_us,
    )
    _write_draft(row, draft, moment_us)
    session.add(row)
    session.flush()
    return product_from_row(row)


def find_created(session: Session, tenant_id: str, idempotency_key: str, fingerprint: str) -> Product | None:
    """The product that an earlier call with this key created.

    Raises:
        AlreadyExists: that call asked for something else.
    """
    if not idempotency_key:
        return None
    where = (ProductRow.tenant_id == tenant_id, ProductRow.idempotency_key == idempotency_key)
    row = session.scalar(select(ProductRow).where(*where))
    if row is not None and row.fingerprint != fingerprint:
        raise AlreadyExists(
            f"idempotency_key {idempotency_key!r} was used for a different product",
            reason="IDEMPOTENCY_KEY_REUSED",
        )
    return product_from_row(row) if row is not None else None


def read_product(session: Session, tenant_id: str, product_id: str) -> Product:
    """One product.

    Raises:
        NotFound: this tenant has none of that id.
    """
    row = session.get(ProductRow, (tenant_id, product_id))
    if row is None or row.delete_us is not None:
        raise NotFound("product", product_id)
    return product_from_row(row)


def hold_product(session: Session, tenant_id: str, product_id: str) -> None:
    """Keep a product from being deleted until the transaction ends.

    Raises:
        NotFound: no such product.
    """
    _live_row(session, tenant_id, product_id)


def list_products(session: Session, tenant_id: str, cursor: Cursor) -> list[Product]:
    """Newest first, one more than the page's size where there are more."""
    query = select(ProductRow).where(ProductRow.tenant_id == tenant_id, ProductRow.delete_us.is_(None))
    if cursor.before:
        query = query.where(ProductRow.id < cursor.before)
    rows = session.scalars(query.order_by(ProductRow.id.desc()).limit(cursor.size + 1))
    return [product_from_row(row) for row in rows]


def check_mask(fields: Sequence[str], changes: ProductDraft) -> frozenset[str]:
    """The fields to change: those named, all for "*", those filled in where none is named.

    Raises:
        InvalidInput: a name that is none of them.
    """
    unknown = set(fields) - {*UPDATABLE, "*"}
    if unknown:
        raise InvalidInput(
            "update_mask", f"{sorted(unknown)[0]!r} cannot be changed; known: {', '.join(UPDATABLE)}"
        )
    if "*" in fields:
        return frozenset(UPDATABLE)
    return frozenset(fields) or frozenset(name for name in UPDATABLE if getattr(changes, name))


def update_product(
    session: Session,
    tenant_id: str,
    product_id: str,
    changes: ProductDraft,
    fields: Collection[str],
    etag: str,
    moment_us: int,
) -> Product:
    """Change `fields`; the vector rows of the product's items follow.

    Raises:
        NotFound: no such product.
        Conflict: `etag` is set and no longer the product's.
    """
    row = _live_row(session, tenant_id, product_id, etag)
    before = _draft_of(row)
    after = replace(before, **{name: getattr(changes, name) for name in fields})
    if after != before:
        _write_draft(row, after, moment_us)
        session.flush()
        outbox.enqueue(session, tenant_id, _item_ids(session, tenant_id, product_id), "upsert", moment_us)
    return product_from_row(row)


def delete_product(session: Session, tenant_id: str, product_id: str, etag: str, moment_us: int) -> list[str]:
    """Mark a product deleted; returns the ids of its images, which are to follow.

    Raises:
        NotFound: no such product.
        Conflict: `etag` is set and no longer the product's.
    """
    row = _live_row(session, tenant_id, product_id, etag)
    row.delete_us, row.update_us, row.etag = moment_us, moment_us, new_etag()
    row.idempotency_key = None  # a call with this key creates a new product
    where = (ImageRow.tenant_id == tenant_id, ImageRow.product_id == product_id, ImageRow.delete_us.is_(None))
    return list(session.scalars(select(ImageRow.id).where(*where)))


def product_from_row(row: ProductRow) -> Product:
    return product_from_columns([getattr(row, name) for name in COLUMNS])


def product_from_columns(values: Sequence[Any]) -> Product:
    """A product from the values of `COLUMNS`."""
    id, name, description, brand, category, currency, units, nanos, etag, create_us, update_us = values
    price = _price(currency, units, nanos)
    times = (datetime_from_us(create_us), datetime_from_us(update_us))
    return Product(id, name, description, brand, category, price, etag, *times)


def _live_row(session: Session, tenant_id: str, product_id: str, etag: str = "") -> ProductRow:
    row = session.get(ProductRow, (tenant_id, product_id), with_for_update=True)
    if row is None or row.delete_us is not None:
        raise NotFound("product", product_id)
    if etag and etag != row.etag:
        raise Conflict("the product changed since you read it; read it again and retry")
    return row


def _draft_of(row: ProductRow) -> ProductDraft:
    price = _price(row.price_currency, row.price_units, row.price_nanos)
    return ProductDraft(row.display_name, row.description, row.brand, row.category, price)


def _price(currency: str | None, units: int | None, nanos: int | None) -> Money | None:
    return None if currency is None else Money(currency, units or 0, nanos or 0)


def _write_draft(row: ProductRow, draft: ProductDraft, moment_us: int) -> None:
    row.display_name, row.description = draft.display_name, draft.description
    row.brand, row.category = draft.brand, draft.category
    price = draft.price
    row.price_currency = price.currency if price else None
    row.price_units = price.units if price else None
    row.price_nanos = price.nanos if price else None
    row.etag, row.update_us = new_etag(), moment_us


def _item_ids(session: Session, tenant_id: str, product_id: str) -> list[str]:
    query = (
        select(ItemRow.id)
        .join(ImageRow, (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id))
        .where(ItemRow.tenant_id == tenant_id, ImageRow.product_id == product_id, ItemRow.delete_us.is_(None))
    )
    return list(session.scalars(query))
