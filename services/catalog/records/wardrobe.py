"""Wardrobes: the items that end users own, wish for or have bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import FailedPrecondition
from services.catalog.ids import IdSource
from services.catalog.records.money import Money
from services.catalog.records.paging import Cursor
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow, WardrobeEntryRow
from services.catalog.sql.upsert import table_of

OWN_PRODUCT_TYPE = "wardrobe"
"""Of products that are end users' own clothes."""
MAX_ENTRIES = 2000
"""Of an end user."""
_ENTRY = table_of(WardrobeEntryRow)
_NANOS = 10**9


class WardrobeState(StrEnum):
    """How an item belongs to a wardrobe."""

    OWNED = "owned"
    WISHED = "wished"
    BOUGHT = "bought"


AT_HAND = (WardrobeState.OWNED, WardrobeState.BOUGHT)
"""The states of what can be worn."""


@dataclass(frozen=True, slots=True)
class WardrobeDraft:
    """What a caller says of an item in a wardrobe. `acquired` is the day since when it is there."""

    item_id: str
    state: WardrobeState
    price: Money | None = None
    acquired: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WardrobeEntry:
    """An item in a wardrobe, and how often it was worn, as feedback tells."""

    id: str
    draft: WardrobeDraft
    wear_count: int
    last_worn: datetime | None
    create_time: datetime

    @property
    def cost_per_wear(self) -> Money | None:
        """The price by the number of times; None where the price is not known, or it was never worn."""
        price = self.draft.price
        if price is None or not self.wear_count:
            return None
        nanos = round((price.units * _NANOS + price.nanos) / self.wear_count)
        return Money(price.currency, nanos // _NANOS, nanos % _NANOS)


@dataclass(frozen=True, slots=True)
class WardrobeFilter:
    """Which entries to list; those of all states where none is named."""

    states: tuple[WardrobeState, ...] = ()
    never_worn: bool = False

    @property
    def scope(self) -> str:
        """A text that identifies the filter."""
        return f"{' '.join(self.states)} {self.never_worn}"


def put_entries(
    session: Session,
    tenant_id: str,
    end_user: str,
    drafts: Sequence[WardrobeDraft],
    ids: IdSource,
    moment_us: int,
) -> list[WardrobeEntry]:
    """Add entries, or change those of items that are there; returns them in their order.

    Raises:
        FailedPrecondition: the wardrobe would have too many.
        IntegrityError: another transaction has just added one of them.
    """
    rows = _rows_of(session, tenant_id, end_user, [draft.item_id for draft in drafts])
    new = [draft for draft in drafts if draft.item_id not in rows]
    count = count_entries(session, tenant_id, end_user)
    if new and count + len(new) > MAX_ENTRIES:
        raise FailedPrecondition(
            f"a wardrobe has at most {MAX_ENTRIES} items, and this one has {count}", reason="WARDROBE_FULL"
        )
    for draft in new:
        rows[draft.item_id] = WardrobeEntryRow(
            tenant_id=tenant_id,
            id=ids.next(),
            end_user=end_user,
            item_id=draft.item_id,
            wear_count=0,
            create_us=moment_us,
        )
        session.add(rows[draft.item_id])
    for draft in drafts:
        _write_draft(rows[draft.item_id], draft)
    session.flush()
    return [_entry(rows[draft.item_id]) for draft in drafts]


def count_entries(session: Session, tenant_id: str, end_user: str) -> int:
    of_user = (WardrobeEntryRow.tenant_id == tenant_id, WardrobeEntryRow.end_user == end_user)
    return session.scalar(select(func.count()).select_from(WardrobeEntryRow).where(*of_user)) or 0


def list_entries(
    session: Session, tenant_id: str, end_user: str, cursor: Cursor, wanted: WardrobeFilter
) -> list[WardrobeEntry]:
    """Newest first, one more than the page's size where there are more; without those of deleted items."""
    query = _live(tenant_id, end_user, wanted)
    if cursor.before:
        query = query.where(WardrobeEntryRow.id < cursor.before)
    rows = session.scalars(query.order_by(WardrobeEntryRow.id.desc()).limit(cursor.size + 1))
    return [_entry(row) for row in rows]


def all_entries(
    session: Session, tenant_id: str, end_user: str, wanted: WardrobeFilter = WardrobeFilter()
) -> list[WardrobeEntry]:
    """As `list_entries`, of the whole wardrobe, the oldest first."""
    query = _live(tenant_id, end_user, wanted).order_by(WardrobeEntryRow.id)
    return [_entry(row) for row in session.scalars(query)]


def remove_entries(session: Session, tenant_id: str, end_user: str, item_ids: Sequence[str]) -> int:
    """Take items out of a wardrobe; returns how many were in it."""
    of_items = (
        _ENTRY.c.tenant_id == tenant_id,
        _ENTRY.c.end_user == end_user,
        _ENTRY.c.item_id.in_(item_ids),
    )
    result: Any = session.execute(delete(_ENTRY).where(*of_items))
    return int(result.rowcount)


def count_wear(
    session: Session, tenant_id: str, end_user: str, item_ids: Sequence[str], moment_us: int
) -> None:
    """Those of the items that are in the wardrobe were worn once more."""
    of_items = (
        _ENTRY.c.tenant_id == tenant_id,
        _ENTRY.c.end_user == end_user,
        _ENTRY.c.item_id.in_(item_ids),
    )
    session.execute(
        update(_ENTRY).where(*of_items).values(wear_count=_ENTRY.c.wear_count + 1, wear_us=moment_us)
    )


def own_products(session: Session, tenant_id: str, end_user: str) -> list[str]:
    """The ids of the products in a wardrobe that are an end user's own clothes, deleted or not; without those
    in somebody else's wardrobe.
    """
    of_product = (ProductRow.tenant_id == tenant_id, func.lower(ProductRow.product_type) == OWN_PRODUCT_TYPE)
    of_others = _products_in(tenant_id).where(WardrobeEntryRow.end_user != end_user)
    own = _products_in(tenant_id).where(WardrobeEntryRow.end_user == end_user)
    query = select(ProductRow.id).where(*of_product, ProductRow.id.in_(own), ProductRow.id.not_in(of_others))
    return list(session.scalars(query.order_by(ProductRow.id)))


def _products_in(tenant_id: str) -> Select[str | None]:
    """The products whose items are in wardrobes of a tenant."""
    of_item = (ItemRow.tenant_id == WardrobeEntryRow.tenant_id) & (ItemRow.id == WardrobeEntryRow.item_id)
    of_image = (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id)
    return (
        select(ImageRow.product_id)
        .join(ItemRow, of_image)
        .join(WardrobeEntryRow, of_item)
        .where(WardrobeEntryRow.tenant_id == tenant_id, ImageRow.product_id.is_not(None))
    )


def _live(tenant_id: str, end_user: str, wanted: WardrobeFilter) -> Select[WardrobeEntryRow]:
    of_item = (ItemRow.tenant_id == WardrobeEntryRow.tenant_id) & (ItemRow.id == WardrobeEntryRow.item_id)
    query = (
        select(WardrobeEntryRow)
        .join(ItemRow, of_item)
        .where(
            WardrobeEntryRow.tenant_id == tenant_id,
            WardrobeEntryRow.end_user == end_user,
            ItemRow.delete_us.is_(None),
        )
    )
    if wanted.states:
        query = query.where(WardrobeEntryRow.state.in_(wanted.states))
    return query.where(WardrobeEntryRow.wear_count == 0) if wanted.never_worn else query


def _rows_of(
    session: Session, tenant_id: str, end_user: str, item_ids: Sequence[str]
) -> dict[str, WardrobeEntryRow]:
    """The entries of items, locked, by the id of the item."""
    of_items = (
        WardrobeEntryRow.tenant_id == tenant_id,
        WardrobeEntryRow.end_user == end_user,
        WardrobeEntryRow.item_id.in_(item_ids),
    )
    rows = session.scalars(
        select(WardrobeEntryRow).where(*of_items).order_by(WardrobeEntryRow.id).with_for_update()
    )
    return {row.item_id: row for row in rows}


def _write_draft(row: WardrobeEntryRow, draft: WardrobeDraft) -> None:
    row.state, row.note = draft.state.value, draft.note
    row.acquire_date = "" if draft.acquired is None else draft.acquired.isoformat()
    price = draft.price
    row.price_currency = None if price is None else price.currency
    row.price_units = None if price is None else price.units
    row.price_nanos = None if price is None else price.nanos


def _entry(row: WardrobeEntryRow) -> WardrobeEntry:
    price = None
    if row.price_currency is not None:
        price = Money(row.price_currency, row.price_units or 0, row.price_nanos or 0)
    acquired = date.fromisoformat(row.acquire_date) if row.acquire_date else None
    draft = WardrobeDraft(row.item_id, WardrobeState(row.state), price, acquired, row.note)
    last_worn = None if row.wear_us is None else datetime_from_us(row.wear_us)
    return WardrobeEntry(row.id, draft, row.wear_count, last_worn, datetime_from_us(row.create_us))
