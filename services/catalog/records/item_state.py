"""What people have said of an item, field by field, so that it can be changed, compared and taken back.

A field is "label", "attributes.NAME", "box", "reject_reason", "verified", "primary_in_image",
"primary_in_product" or "deleted"; its value is one that JSON has, None where people have said nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.errors import Conflict, NotFound
from domain.types import Box
from services.catalog.records.images import lock_image
from services.catalog.records.items import Item
from services.catalog.sql.tables import ImageRow, ItemRow, ProductRow

_ATTRIBUTE = "attributes."


@dataclass(frozen=True, slots=True, eq=False)
class LockedItem:
    """The rows of an item, its photo and its product, which stay locked until the transaction ends."""

    item: ItemRow
    image: ImageRow
    product: ProductRow | None


def lock_item(
    session: Session, tenant_id: str, item_id: str, etag: str = "", *, deleted: bool = False
) -> LockedItem:
    """Lock an item; with `deleted` one that was deleted, too, as long as its photo is there.

    Raises:
        NotFound: no such item.
        Conflict: `etag` is set and no longer the item's.
    """
    known = session.get(ItemRow, (tenant_id, item_id))
    if known is None:
        raise NotFound("item", item_id)
    product_id = lock_image(session, tenant_id, known.image_id)
    image = session.get_one(ImageRow, (tenant_id, known.image_id))
    item = session.get_one(ItemRow, (tenant_id, item_id), with_for_update=True, populate_existing=True)
    if image.delete_us is not None or (item.delete_us is not None and not deleted):
        raise NotFound("item", item_id)
    if etag and etag != item.etag:
        raise Conflict("the item changed since you read it; read it again and retry")
    product = session.get(ProductRow, (tenant_id, product_id)) if product_id else None
    return LockedItem(item, image, product)


def box_value(box: Box, *, own: bool, whole_image: bool = False) -> list[Any]:
    """A box as a field's value; `own` says that it is a person's."""
    return [box.x1, box.y1, box.x2, box.y2, own, whole_image]


def attribute_field(name: str) -> str:
    return f"{_ATTRIBUTE}{name}"


def read_field(locked: LockedItem, field: str) -> Any:
    """The value of a field."""
    item = locked.item
    if field.startswith(_ATTRIBUTE):
        return item.corrected_attributes.get(field.removeprefix(_ATTRIBUTE))
    if field == "box":
        box = Box(item.x1, item.y1, item.x2, item.y2)
        return box_value(box, own=item.person_box, whole_image=item.whole_image)
    if field == "primary_in_product":
        return locked.product.person_primary_item_id if locked.product else None
    return {
        "label": item.corrected_label,
        "reject_reason": item.reject_reason,
        "verified": item.verify_us is not None,
        "primary_in_image": locked.image.person_primary_item_id,
        "deleted": item.delete_us is not None,
    }[field]


def write_field(locked: LockedItem, field: str, value: Any, moment_us: int) -> None:
    """Set a field."""
    item = locked.item
    if field.startswith(_ATTRIBUTE):
        rest = {name: said for name, said in item.corrected_attributes.items() if _ATTRIBUTE + name != field}
        item.corrected_attributes = rest if value is None else rest | {field.removeprefix(_ATTRIBUTE): value}
    elif field == "box":
        item.x1, item.y1, item.x2, item.y2, item.person_box, item.whole_image = value
    elif field == "label":
        item.corrected_label = value
    elif field == "reject_reason":
        item.reject_reason = value
    elif field == "verified":
        item.verify_us = moment_us if value else None
    elif field == "deleted":
        item.delete_us = moment_us if value else None
    elif field == "primary_in_image":
        locked.image.person_primary_item_id = value
    elif locked.product is not None:
        locked.product.person_primary_item_id = value


def differing(locked: LockedItem, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes that change something."""
    return {field: value for field, value in changes.items() if read_field(locked, field) != value}


def shown_fields(item: Item | None, fields: Sequence[str], locked: LockedItem) -> dict[str, str]:
    """The fields as callers see them; `item` is None where it is not there."""
    if item is None:
        return {field: "true" if field == "deleted" else "" for field in fields}
    return {field: _shown(item, field, locked) for field in fields}


def _shown(item: Item, field: str, locked: LockedItem) -> str:
    if field.startswith(_ATTRIBUTE):
        answer = item.attributes.get(field.removeprefix(_ATTRIBUTE))
        values = [entry.value for entry in answer.values] if answer else []
        wrong = (read_field(locked, field) or {}).get("not", ())
        return ", ".join([*values, *(f"not {value}" for value in wrong)])
    if field == "box":
        return ",".join(f"{side:g}" for side in (item.box.x1, item.box.y1, item.box.x2, item.box.y2))
    if field == "label":
        return item.label
    if field == "reject_reason":
        return item.reject_reason or ""
    if field in ("verified", "deleted"):
        return "true" if read_field(locked, field) else ""
    return read_field(locked, field) or ""
