"""What the tables of the catalogue hold of a tenant, a product or an end user, to remove it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.catalog.records.images import delete_images
from services.catalog.records.operations import OperationKind
from services.catalog.records.products import delete_product
from services.catalog.records.removal import remove_images, remove_products
from services.catalog.sql.tables import (
    CorrectionRow,
    FeedbackRow,
    ImageRow,
    ImportEntryRow,
    ImportSourceRow,
    ItemRow,
    OperationRow,
    OutboxRow,
    PreferenceRow,
    ProductRow,
    SuggestedOutfitRow,
    Table,
    WardrobeEntryRow,
)
from services.catalog.sql.upsert import table_of

_OUTBOX, _ITEM = table_of(OutboxRow), table_of(ItemRow)
_TABLES = [each for each in reversed(Table.metadata.sorted_tables) if "tenant_id" in each.c]
_OF_IMAGES = [each for each in _TABLES if "image_id" in each.c and "id" in each.c]
_FOR_END_USERS = (table_of(CorrectionRow), table_of(ImportSourceRow))
"""Tables of what was done for an end user; an erasure takes the id out of their rows."""
_OF_END_USERS = tuple(
    table_of(rows) for rows in (WardrobeEntryRow, FeedbackRow, PreferenceRow, SuggestedOutfitRow)
)
"""Tables of what belongs to an end user; an erasure removes their rows."""
_AT_A_TIME = 100


def erase_some(session: Session, tenant_id: str, moment_us: int) -> int:
    """Remove some of a tenant's rows, its images first; returns how many rows, 0 once none is left.

    Rows of the outbox stay until their vectors are gone: see `erase_outbox`.
    """
    images = select(ImageRow.id).where(ImageRow.tenant_id == tenant_id).limit(_AT_A_TIME)
    image_ids = session.scalars(images).all()
    if image_ids:
        return remove_images(session, tenant_id, image_ids, moment_us).rows
    removed = 0
    for table in _TABLES:
        if table is not _OUTBOX:
            result: Any = session.execute(delete(table).where(table.c.tenant_id == tenant_id))
            removed += int(result.rowcount)
    return removed


def count_rows(session: Session, tenant_id: str) -> int:
    """How many rows all tables have of a tenant."""
    counts = (
        session.scalar(select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id))
        for table in _TABLES
    )
    return sum(count or 0 for count in counts)


@dataclass(frozen=True, slots=True)
class ProductParts:
    """What belongs to a product, and the names under which audit records tell of it."""

    external_id: str = ""
    image_ids: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


def product_exists(session: Session, tenant_id: str, product_id: str) -> bool:
    """Whether a tenant has a product, deleted or not."""
    return session.get(ProductRow, (tenant_id, product_id)) is not None


def close_product(session: Session, tenant_id: str, product_id: str, moment_us: int) -> ProductParts:
    """Delete a product unless it is deleted, so that nothing is added to it; returns what belongs to it."""
    row = session.get(ProductRow, (tenant_id, product_id), with_for_update=True)
    if row is not None and row.delete_us is None:
        image_ids = delete_product(session, tenant_id, product_id, "", moment_us)
        delete_images(session, tenant_id, image_ids, moment_us)
    of_product = (ImageRow.tenant_id == tenant_id, ImageRow.product_id == product_id)
    image_ids = list(session.scalars(select(ImageRow.id).where(*of_product)))
    resources = [f"products/{product_id}", *(f"images/{image_id}" for image_id in image_ids)]
    of_images = {table.name: _ids_of_images(session, table, tenant_id, image_ids) for table in _OF_IMAGES}
    resources += [f"{name}s/{id}" for name, ids in of_images.items() for id in ids]
    external_id = "" if row is None else row.external_id or ""
    return ProductParts(external_id, tuple(image_ids), tuple(of_images[_ITEM.name]), tuple(resources))


def erase_product(
    session: Session, tenant_id: str, product_id: str, parts: ProductParts, moment_us: int
) -> int:
    """Remove a closed product with what belongs to it; returns how many rows."""
    removed = remove_images(session, tenant_id, parts.image_ids, moment_us)
    products = remove_products(session, tenant_id, [product_id], moment_us)
    return removed.rows + products.rows + _erase_entries(session, tenant_id, parts.external_id)


def _erase_entries(session: Session, tenant_id: str, external_id: str) -> int:
    """Remove the entries of imports that tell of a product; returns how many."""
    if not external_id:
        return 0
    of_product = ImportEntryRow.product["external_id"].as_string() == external_id
    where = (ImportEntryRow.tenant_id == tenant_id, of_product)
    result: Any = session.execute(delete(ImportEntryRow).where(*where))
    return int(result.rowcount)


def count_product(session: Session, tenant_id: str, product_id: str) -> int:
    """How many rows a product and its images have."""
    of_product = (ImageRow.tenant_id == tenant_id, ImageRow.product_id == product_id)
    images = session.scalar(select(func.count()).select_from(ImageRow).where(*of_product)) or 0
    return images + int(product_exists(session, tenant_id, product_id))


def erase_end_user(session: Session, tenant_id: str, end_user: str) -> int:
    """Remove what belongs to an end user, and take the id out of the rows that tell for whom something was
    done; returns how many rows.
    """
    changed = 0
    for table in (*_FOR_END_USERS, *_OF_END_USERS):
        statement = delete(table) if table in _OF_END_USERS else update(table).values(end_user="")
        of_user = (table.c.tenant_id == tenant_id, table.c.end_user == end_user)
        result: Any = session.execute(statement.where(*of_user))
        changed += int(result.rowcount)
    return changed


def count_end_user(session: Session, tenant_id: str, end_user: str) -> int:
    """How many rows have the id of an end user."""
    counts = (
        session.scalar(
            select(func.count())
            .select_from(table)
            .where(table.c.tenant_id == tenant_id, table.c.end_user == end_user)
        )
        for table in (*_FOR_END_USERS, *_OF_END_USERS)
    )
    return sum(count or 0 for count in counts)


def forget_end_user_asked(session: Session, tenant_id: str, operation_id: str) -> None:
    """Take the end user out of what an operation was asked for."""
    row = session.get(OperationRow, (tenant_id, operation_id))
    if row is not None:
        row.request = {**row.request, "end_user": ""}


def waits(session: Session, tenant_id: str, collections: Sequence[str]) -> bool:
    """Whether rows of a tenant wait for one of some collections."""
    of_tenant = (OutboxRow.tenant_id == tenant_id, OutboxRow.collection.in_(collections))
    return session.scalar(select(OutboxRow.sequence).where(*of_tenant).limit(1)) is not None


def erase_outbox(session: Session, tenant_id: str, except_of: Sequence[str]) -> None:
    """Remove the rows of a tenant that wait for collections, except for some of them."""
    of_tenant = (OutboxRow.tenant_id == tenant_id, OutboxRow.collection.not_in(except_of))
    session.execute(delete(OutboxRow).where(*of_tenant))


def erase_findings(session: Session, tenant_id: str) -> None:
    """Take a tenant's ids out of the reports of audits that others have made of all tenants."""
    audits = select(OperationRow).where(
        OperationRow.kind == OperationKind.AUDIT, OperationRow.tenant_id != tenant_id
    )
    for row in session.scalars(audits):
        findings = (row.response or {}).get("findings", [])
        others = [finding for finding in findings if finding["tenant"] != tenant_id]
        if len(others) < len(findings):
            row.response = {**(row.response or {}), "findings": others}


def _ids_of_images(
    session: Session, table: SqlTable, tenant_id: str, image_ids: Sequence[str]
) -> Sequence[str]:
    of_images = (table.c.tenant_id == tenant_id, table.c.image_id.in_(image_ids))
    return session.scalars(select(table.c.id).where(*of_images)).all()
