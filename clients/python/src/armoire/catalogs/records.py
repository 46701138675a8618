"""Records of an exported catalogue as what the server's calls take."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from armoire.values.exports import ReviewedAttribute, ReviewedItem
from armoire.values.products import Availability, Money, Product
from armoire.values.types import Box

_NANO = Decimal("1e-9")


def product_of(record: Mapping[str, Any]) -> Product:
    """The product with the fields that callers set, and without an id."""
    availability = record.get("availability")
    texts = ("external_id", "description", "brand", "category", "product_type", "url")
    return Product(
        record["display_name"],
        **{name: record.get(name, "") for name in texts},
        price=_money(record.get("price")),
        list_price=_money(record.get("list_price")),
        availability=Availability(availability) if availability else None,
        attributes=record.get("attributes", {}),
    )


def given_boxes(record: Mapping[str, Any]) -> tuple[Box, ...]:
    """The boxes that the photo was indexed with; empty where it was searched for garments."""
    return tuple(Box(*sides) for sides in record.get("boxes_xyxy", ()))


def reviewed_items(record: Mapping[str, Any]) -> tuple[ReviewedItem, ...]:
    """All items of a photo; empty where nobody has said anything of any."""
    items = record.get("items", ())
    return tuple(map(_reviewed_item, items)) if any("said" in item for item in items) else ()


def _reviewed_item(item: Mapping[str, Any]) -> ReviewedItem:
    said = item.get("said", {})
    detected = said.get("detected_box_xyxy")
    return ReviewedItem(
        box=Box(*item["box_xyxy"]),
        detected_box=Box(*detected) if detected else None,
        box_said=said.get("box", False),
        whole_image=item.get("whole_image", False),
        added=said.get("added", False),
        label=said.get("label"),
        attributes={name: _answer(answer) for name, answer in said.get("attributes", {}).items()},
        reject_reason=said.get("reject_reason", ""),
        verified="verify_time" in said,
        primary_in_image=said.get("primary_in_image", False),
        primary_in_product=said.get("primary_in_product", False),
    )


def _answer(answer: Mapping[str, Any]) -> ReviewedAttribute:
    return ReviewedAttribute(
        tuple(answer.get("values", ())), tuple(answer.get("not_values", ())), answer.get("number")
    )


def _money(price: Mapping[str, Any] | None) -> Money | None:
    if price is None:
        return None
    return Money(Decimal(price["units"]) + price["nanos"] * _NANO, price["currency_code"])
