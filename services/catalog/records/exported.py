"""What an export of the catalogue has of products and photos, a page at a time and the oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain.types import Box
from services.catalog.records.corrections import Correction, corrections_of
from services.catalog.records.images import Image, image_from_row
from services.catalog.records.items import Item, read_items
from services.catalog.records.products import Product, product_from_row
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow
from services.catalog.sql.upsert import AnyRow, table_of

_ITEM = table_of(ItemRow)
_SAID = (
    select(
        *(_ITEM.c.id, _ITEM.c.image_id, _ITEM.c.corrected_label, _ITEM.c.corrected_attributes),
        *(_ITEM.c.person_box, _ITEM.c.added),
    )
    .where(
        _ITEM.c.tenant_id == bindparam("tenant_id"),
        _ITEM.c.image_id.in_(bindparam("image_ids", expanding=True)),
        _ITEM.c.delete_us.is_(None),
    )
    .order_by(_ITEM.c.image_id, _ITEM.c.ordinal)
)


@dataclass(frozen=True, slots=True)
class Said:
    """What people have said of an item; the fields are those of its row.

    Attributes:
        label: None where nobody has said it.
        attributes: as `overlay` keeps them.
        box: whether the box is a person's; `detected_box` is then the model's, if it had drawn one.
        primary_in_image, primary_in_product: whether a person has chosen it.
    """

    label: str | None = None
    attributes: Mapping[str, Any] | None = None
    box: bool = False
    detected_box: Box | None = None
    primary_in_image: bool = False
    primary_in_product: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ExportedItem:
    """An item as callers see it, and what of that people have said."""

    item: Item
    said: Said


@dataclass(frozen=True, slots=True, eq=False)
class ExportedImage:
    """A photo with the boxes that it came with, its items in their order, and their history, oldest first."""

    image: Image
    boxes: tuple[Box, ...]
    items: tuple[ExportedItem, ...]
    corrections: tuple[Correction, ...]


def count_exported(session: Session, tenant_id: str) -> int:
    """How many products and photos there are to export."""
    return sum(
        session.scalar(
            select(func.count())
            .select_from(table)
            .where(table.tenant_id == tenant_id, table.delete_us.is_(None))
        )
        or 0
        for table in (ProductRow, ImageRow)
    )


def products_after(session: Session, tenant_id: str, after: str, count: int) -> list[Product]:
    """The next products behind an id, in the order of their ids."""
    query = select(ProductRow).where(
        ProductRow.tenant_id == tenant_id, ProductRow.delete_us.is_(None), ProductRow.id > after
    )
    return [product_from_row(row) for row in session.scalars(query.order_by(ProductRow.id).limit(count))]


def images_after(session: Session, tenant_id: str, after: str, count: int) -> list[ExportedImage]:
    """The next photos behind an id, in the order of their ids, with all that belongs to them."""
    query = select(ImageRow).where(
        ImageRow.tenant_id == tenant_id, ImageRow.delete_us.is_(None), ImageRow.id > after
    )
    rows = session.scalars(query.order_by(ImageRow.id).limit(count)).all()
    items = _items_of(session, tenant_id, [row.id for row in rows])
    ids = [row.id for of_image in items.values() for row in of_image]
    stored = read_items(session, tenant_id, ids)
    history = corrections_of(session, tenant_id, ids)
    choices = _product_choices(session, tenant_id, {row.product_id for row in rows if row.product_id})
    return [
        ExportedImage(
            image_from_row(row),
            tuple([Box(*sides) for sides in row.boxes]),
            tuple(
                [
                    ExportedItem(stored[item.id].item, _said(item, row, choices, history.get(item.id, ())))
                    for item in items.get(row.id, ())
                    if item.id in stored
                ]
            ),
            tuple([each for item in items.get(row.id, ()) for each in history.get(item.id, ())]),
        )
        for row in rows
    ]


def _items_of(session: Session, tenant_id: str, image_ids: Sequence[str]) -> dict[str, list[AnyRow]]:
    """What people said of the live items by photo, in their order."""
    found: dict[str, list[AnyRow]] = {}
    for row in session.execute(_SAID, {"tenant_id": tenant_id, "image_ids": image_ids}):
        found.setdefault(row.image_id, []).append(row)
    return found


def _product_choices(session: Session, tenant_id: str, product_ids: set[str]) -> set[str]:
    """The items that people have chosen to represent these products."""
    query = select(ProductRow.person_primary_item_id).where(
        ProductRow.tenant_id == tenant_id,
        ProductRow.id.in_(product_ids),
        ProductRow.person_primary_item_id.is_not(None),
    )
    return {item_id for item_id in session.scalars(query) if item_id}


def _said(item: AnyRow, image: ImageRow, choices: set[str], history: Sequence[Correction]) -> Said:
    return Said(
        label=item.corrected_label,
        attributes=item.corrected_attributes,
        box=item.person_box,
        detected_box=_detected_box(item, history),
        primary_in_image=image.person_primary_item_id == item.id,
        primary_in_product=item.id in choices,
    )


def _detected_box(item: AnyRow, history: Sequence[Correction]) -> Box | None:
    """The model's box before a person has drawn another one: an older correction has it."""
    if item.added or not item.person_box:
        return None
    drawn = [change.before for each in history for change in each.changes if change.field == "box"]
    for *sides, own, _whole_image in drawn:
        if not own:
            return Box(*sides)
    return None
