"""Which items of a photo here are those that it had at another server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.types import Box
from services.catalog.records.items import RejectReason
from services.catalog.sql.tables import ItemRow

SAME_IOU = 0.5
"""Boxes that overlap by this much, or more, are of one garment."""
_SAME_PX = 0.01
"""Sides that differ by less are the same: messages have fewer digits than rows."""


@dataclass(frozen=True, slots=True)
class ReviewedAttribute:
    """What people said of an attribute: values, wrong ones, or a number.

    Where all are empty, they said that none applies.
    """

    values: tuple[str, ...] = ()
    not_values: tuple[str, ...] = ()
    number: float | None = None


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """An item as it was elsewhere, with what people said of it.

    Attributes:
        detected_box: the model's box, where a person has drawn `box`.
        label: a person's; "" says that none is right, None that nobody said one.
        primary_in_image, primary_in_product: whether a person has chosen it.
    """

    box: Box
    detected_box: Box | None = None
    box_said: bool = False
    whole_image: bool = False
    added: bool = False
    label: str | None = None
    attributes: Mapping[str, ReviewedAttribute] = field(default_factory=dict)
    reject_reason: RejectReason | None = None
    verified: bool = False
    primary_in_image: bool = False
    primary_in_product: bool = False

    @property
    def can_be_added(self) -> bool:
        """Whether it is to be added where nothing here is like it: people made something of it."""
        said = self.box_said or self.added or self.label is not None or bool(self.attributes)
        chosen = self.primary_in_image or self.primary_in_product
        return self.reject_reason is None and (said or self.verified or chosen)


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item that the photo has here."""

    id: str
    box: Box
    whole_image: bool


def known_items(session: Session, tenant_id: str, image_id: str) -> list[KnownItem]:
    """The items of a photo that are not deleted, in their order."""
    of_image = (ItemRow.tenant_id == tenant_id, ItemRow.image_id == image_id, ItemRow.delete_us.is_(None))
    rows = session.scalars(select(ItemRow).where(*of_image).order_by(ItemRow.ordinal))
    return [KnownItem(row.id, Box(row.x1, row.y1, row.x2, row.y2), row.whole_image) for row in rows]


def match_reviewed(items: Sequence[ReviewedItem], known: Sequence[KnownItem]) -> dict[int, KnownItem]:
    """The items here by the index of those from elsewhere, pairs with the greatest overlap first."""
    overlaps = sorted(
        (-overlap, index, position)
        for index, item in enumerate(items)
        for position, here in enumerate(known)
        if (overlap := _overlap(item, here)) >= SAME_IOU
    )
    pairs: dict[int, KnownItem] = {}
    taken: set[int] = set()
    for _, index, position in overlaps:
        if index not in pairs and position not in taken:
            pairs[index] = known[position]
            taken.add(position)
    return pairs


def same_box(one: Box, other: Box) -> bool:
    """Whether the boxes are the same, but for the rounding of messages."""
    pairs = ((one.x1, other.x1), (one.y1, other.y1), (one.x2, other.x2), (one.y2, other.y2))
    return all(abs(left - right) < _SAME_PX for left, right in pairs)


def _overlap(item: ReviewedItem, here: KnownItem) -> float:
    """How much the item here overlaps with the box of the item, or with the one that a model had drawn.

    Both are whole photos, or neither is.
    """
    boxes = [item.box] if item.detected_box is None else [item.box, item.detected_box]
    overlap = max(box.iou(here.box) for box in boxes)
    return overlap if item.whole_image == here.whole_image or item.box_said else 0.0
