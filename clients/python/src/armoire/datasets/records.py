"""A reviewed photo as a line of a dataset's folder, and what people said of its items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from armoire.values.exports import DatasetItem, DatasetPhoto
from armoire.values.images import RejectedCrop
from armoire.values.items import Item
from armoire.values.types import Box, ValueSource

Record: TypeAlias = dict[str, Any]

IGNORE = "ignore"
"""The class of what people said is no garment, and of detections that became no item."""
_SAME_IOU = 0.5
_NO_GARMENT = "not_a_garment"


def photo_record(photo: DatasetPhoto, file: str) -> Record:
    """The photo with the items that are to be trained on; `file` is its place in the folder.

    Rejected items are in it where they are no garment. One that is a duplicate, or has a bad box, is not: it
    shows a garment, which another item stands for. Nor is a detection that became no item where an item is.
    """
    kept = [each for each in photo.items if each.item.reject_reason in ("", _NO_GARMENT)]
    regions = [_region_record(each, photo) for each in photo.rejected_detections if not _is_item(each, photo)]
    return {
        "image_id": photo.image_id,
        "name": photo.image_name,
        "product_id": photo.product_id,
        "split": photo.split.value,
        "file": file,
        "width": photo.width,
        "height": photo.height,
        "fully_reviewed": photo.fully_reviewed,
        "items": [_item_record(each, photo) for each in kept] + regions,
    }


def has_unnamed_item(photo: DatasetPhoto) -> bool:
    """Whether nobody says what an item is, so that a detector would learn that there is nothing."""
    return any(not (each.category or each.item.reject_reason) for each in photo.items)


def class_names(categories: Iterable[str], records: Iterable[Record], with_ignore: bool) -> tuple[str, ...]:
    """The classes in their order: the taxonomy's, then what else the items are, then `ignore` if asked for.

    Those of the taxonomy keep their places when more photos are exported.
    """
    known = tuple(categories)
    found = {item["category"] for record in records for item in record["items"]}
    others = sorted(found - {*known, IGNORE})
    return (*known, *others, *((IGNORE,) if with_ignore else ()))


def said_attributes(item: Item) -> dict[str, list[str]]:
    """The values that people said, by attribute.

    Of a verified item its main colour is among them, which is measured, and was looked at.
    """
    said = {
        name: [entry.value for entry in answer.values]
        for name, answer in item.attributes.items()
        if answer.source is ValueSource.PERSON and answer.values
    }
    if "color" not in said and item.verify_time is not None and item.colors:
        said["color"] = [item.colors[0].name]
    return said


def caption_of(category: str, attributes: Mapping[str, list[str]]) -> str:
    """Such as "red striped dress, casual style"."""
    before = [*attributes.get("color", ()), *attributes.get("pattern", ())]
    garment = " ".join([*(word for word in before if word != "plain"), category])
    rest = [
        f"{' and '.join(values)} {name}"
        for name, values in sorted(attributes.items())
        if name not in ("category", "color", "pattern")
    ]
    return ", ".join([garment, *rest])


def _item_record(each: DatasetItem, photo: DatasetPhoto) -> Record:
    item = each.item
    return {
        "item_id": item.id,
        "category": IGNORE if item.reject_reason else each.category,
        "box_xyxy": _inside(item.box, photo.width, photo.height),
        "attributes": {} if item.reject_reason else said_attributes(item),
    }


def _region_record(rejected: RejectedCrop, photo: DatasetPhoto) -> Record:
    """A detection that became no item, at which nobody has looked."""
    return {
        "item_id": "",
        "category": IGNORE,
        "box_xyxy": _inside(rejected.box, photo.width, photo.height),
        "attributes": {},
        "ignored": True,
    }


def _is_item(rejected: RejectedCrop, photo: DatasetPhoto) -> bool:
    """Whether an item of the photo, rejected or not, has nearly the same box."""
    return any(_iou(rejected.box, each.item.box) >= _SAME_IOU for each in photo.items)


def _iou(first: Box, second: Box) -> float:
    """Intersection over union."""
    width = min(first.x2, second.x2) - max(first.x1, second.x1)
    height = min(first.y2, second.y2) - max(first.y1, second.y1)
    shared = max(width, 0.0) * max(height, 0.0)
    areas = sum((each.x2 - each.x1) * (each.y2 - each.y1) for each in (first, second))
    return shared / (areas - shared) if areas > shared else 0.0


def _inside(box: Box, width: int, height: int) -> list[float]:
    """The part of the box that is in the picture."""
    return [
        min(max(box.x1, 0.0), width),
        min(max(box.y1, 0.0), height),
        min(max(box.x2, 0.0), width),
        min(max(box.y2, 0.0), height),
    ]
