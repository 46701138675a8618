"""The orders that lists may have beside the newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from domain.errors import InvalidInput
from services.catalog.records.paging import Cursor
from services.catalog.sql.tables import ImageRow, ProductRow

Fields: TypeAlias = Mapping[str, Callable[[bool], ColumnElement[Any]]]
"""What rows are ordered by, by the name of the field; told whether the order descends."""


@dataclass(frozen=True, slots=True)
class Order:
    """By a field, and by id where two rows have the same."""

    field: str = "create_time"
    descending: bool = True


def read_order(order_by: str, fields: Fields) -> Order:
    """ "FIELD", "FIELD asc" or "FIELD desc"; the newest first where it is empty. Raises InvalidInput."""
    if not order_by:
        return Order()
    field, _, direction = order_by.partition(" ")
    if field not in fields or direction not in ("", "asc", "desc"):
        known = ", ".join(fields)
        raise InvalidInput("order_by", f'must be one of {known}, and may have " desc" behind it')
    return Order(field, direction == "desc")


def page_of(
    session: Session,
    tenant_id: str,
    query: Select[Any],
    table: type[ProductRow] | type[ImageRow],
    by: ColumnElement[Any],
    order: Order,
    cursor: Cursor,
) -> Select[Any]:
    """The rows of `query` in an order, from behind the cursor's; one more than the page's size.

    Raises:
        InvalidInput: that row is gone.
    """
    if cursor.before:
        last = session.execute(
            select(by).where(table.tenant_id == tenant_id, table.id == cursor.before)
        ).one_or_none()
        if last is None:
            raise InvalidInput("page_token", "is of a row that is gone: begin the list again")
        query = query.where(_behind(by, last[0], table, cursor.before, descending=order.descending))
    ways = (by.desc(), table.id.desc()) if order.descending else (by.asc(), table.id.asc())
    return query.order_by(*ways).limit(cursor.size + 1)


def _behind(
    by: ColumnElement[Any], value: Any, table: type[ProductRow] | type[ImageRow], id: str, *, descending: bool
) -> ColumnElement[bool]:
    if descending:
        return or_(by < value, and_(by == value, table.id < id))
    return or_(by > value, and_(by == value, table.id > id))
