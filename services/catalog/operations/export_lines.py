"""The lines of an exported catalogue: one JSON object a record. docs/exports.md describes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import datetime
from typing import Any

import orjson

from domain.types import Box
from services.catalog.records.corrections import Correction
from services.catalog.records.exported import ExportedImage, ExportedItem
from services.catalog.records.items import Item
from services.catalog.records.money import Money
from services.catalog.records.products import Product

FORMAT_VERSION = 1
"""It rises when a reader of older lines would misread newer ones; new fields alone do not raise it."""


def lines_of(records: Iterable[Mapping[str, Any]]) -> list[bytes]:
    """Each record as a line with its end."""
    return [orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records]


def product_record(product: Product) -> dict[str, Any]:
    """A product; fields that are empty are left out."""
    fields = {
        "id": product.id,
        "external_id": product.external_id,
        "display_name": product.display_name,
        "description": product.description,
        "brand": product.brand,
        "category": product.category,
        "product_type": product.product_type,
        "price": _price(product.price),
        "list_price": _price(product.list_price),
        "url": product.url,
        "availability": product.availability.value,
        "attributes": dict(product.attributes),
        "primary_item_id": product.primary_item_id,
        "create_time": _time(product.create_time),
        "update_time": _time(product.update_time),
    }
    return _filled(fields)


def image_record(exported: ExportedImage) -> dict[str, Any]:
    """A photo with its items; fields that are empty are left out."""
    image = exported.image
    fields = {
        "id": image.id,
        "product_id": image.product_id,
        "name": image.name,
        "format": image.format,
        "width": image.width,
        "height": image.height,
        "size_bytes": image.size_bytes,
        "sha256": image.sha256,
        "boxes_xyxy": [astuple(box) for box in exported.boxes],
        "create_time": _time(image.create_time),
        "items": [_item_record(entry) for entry in exported.items],
        "corrections": [_correction_record(each) for each in exported.corrections],
    }
    return _filled(fields)


def _item_record(exported: ExportedItem) -> dict[str, Any]:
    item = exported.item
    fields = {
        "id": item.id,
        "box_xyxy": astuple(item.box),
        "whole_image": item.whole_image,
        "score": item.score,
        "label": item.label,
        "attributes": {
            name: _filled({"values": [entry.value for entry in answer.values], "number": answer.number})
            for name, answer in item.attributes.items()
        },
        "colors": [
            {"name": each.name, "fraction": each.fraction, "rgb": f"#{each.rgb:06x}"} for each in item.colors
        ],
        "model_version": item.version.model_version,
        "preprocess_version": item.version.preprocess_version,
        "primary_in_image": item.primary_in_image,
        "primary_in_product": item.primary_in_product,
        "create_time": _time(item.create_time),
        "said": _said_record(item, exported),
    }
    return _filled(fields)


def _said_record(item: Item, exported: ExportedItem) -> dict[str, Any]:
    """What people said; a label that is "" is told, because it says that none is right."""
    said = exported.said
    attributes = {name: _answer_record(answer) for name, answer in (said.attributes or {}).items()}
    fields = {
        "attributes": attributes,
        "box": said.box,
        "detected_box_xyxy": _sides(said.detected_box),
        "added": item.added,
        "reject_reason": item.reject_reason.value if item.reject_reason else "",
        "verify_time": _time(item.verify_time) if item.verify_time else "",
        "primary_in_image": said.primary_in_image,
        "primary_in_product": said.primary_in_product,
    }
    return _filled(fields) | ({} if said.label is None else {"label": said.label})


def _answer_record(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Of an attribute: "values", "not_values" or "number"; nothing where no value applies."""
    if "not" in answer:
        return {"not_values": list(answer["not"])}
    return _filled({"values": [value for value, _ in answer["values"]], "number": answer.get("number")})


def _correction_record(correction: Correction) -> dict[str, Any]:
    """A change as it was made; the history is to be read, imports do not repeat it."""
    fields = {
        "id": correction.id,
        "item_id": correction.item_id,
        "kind": correction.kind.value,
        "author": correction.author,
        "end_user": correction.end_user,
        "changes": [
            {"field": change.field, "before": change.shown_before, "after": change.shown_after}
            for change in correction.changes
        ],
        "model_version": correction.version.model_version,
        "preprocess_version": correction.version.preprocess_version,
        "undone_correction_id": correction.undone_id,
        "create_time": _time(correction.create_time),
    }
    return _filled(fields)


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without those that are empty; a number of 0 is not."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], (), {}, False)}


def _sides(box: Box | None) -> tuple[float, ...]:
    return () if box is None else astuple(box)


def _price(price: Money | None) -> dict[str, Any] | None:
    if price is None:
        return None
    return {"currency_code": price.currency, "units": price.units, "nanos": price.nanos}


def _time(moment: datetime) -> str:
    return moment.isoformat()
