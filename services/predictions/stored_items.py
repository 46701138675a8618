"""Items as the log stores them: JSON, with a number in place of each embedding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from domain.types import AnalyzedItem, Box, ColorShare, FloatArray, QualityIssue, ScoredValue
from services.catalog.records.attributes import attribute_from_json, attribute_to_json
from services.predictions.observation import RequestOptions


def items_to_json(items: Iterable[AnalyzedItem]) -> list[dict[str, Any]]:
    """`embedding` is the number of the item's row among the packed embeddings."""
    stored, embedded = [], 0
    for item in items:
        entry = _item_to_json(item)
        if item.embedding is not None:
            entry["embedding"] = embedded
            embedded += 1
        stored.append(entry)
    return stored


def items_from_json(
    stored: Sequence[Mapping[str, Any]], width: int, packed: bytes
) -> tuple[AnalyzedItem, ...]:
    """The items; `packed` is (N, width) little-endian float16."""
    rows = np.frombuffer(packed, "<f2").astype(np.float32).reshape(-1, width or 1)
    return tuple(_item_from_json(entry, rows) for entry in stored)


def options_to_json(options: RequestOptions) -> dict[str, Any]:
    return {
        "min_score": options.min_score,
        "bulk": options.bulk,
        "boxes": [_box_to_json(box) for box in options.boxes],
    }


def options_from_json(stored: Mapping[str, Any]) -> RequestOptions:
    return RequestOptions(stored["min_score"], stored["bulk"], tuple(Box(*box) for box in stored["boxes"]))


def _item_to_json(item: AnalyzedItem) -> dict[str, Any]:
    return {
        "box": _box_to_json(item.box),
        "score": float(item.score),
        "label": item.label,
        "whole_image": item.whole_image,
        "reason": item.reason,
        "warnings": list(item.warnings),
        "attributes": {name: attribute_to_json(value) for name, value in item.attributes.items()},
        "colors": [[color.name, float(color.fraction), color.rgb] for color in item.colors],
        "categories": [[entry.value, float(entry.score)] for entry in item.categories],
    }


def _item_from_json(stored: Mapping[str, Any], rows: FloatArray) -> AnalyzedItem:
    return AnalyzedItem(
        box=Box(*stored["box"]),
        score=stored["score"],
        label=stored["label"],
        whole_image=stored["whole_image"],
        reason=None if stored["reason"] is None else QualityIssue(stored["reason"]),
        warnings=tuple(map(QualityIssue, stored["warnings"])),
        attributes={name: attribute_from_json(value) for name, value in stored["attributes"].items()},
        colors=tuple(ColorShare(*color) for color in stored["colors"]),
        embedding=rows[stored["embedding"]] if "embedding" in stored else None,
        categories=tuple(ScoredValue(*entry) for entry in stored["categories"]),
    )


def _box_to_json(box: Box) -> list[float]:
    return [float(box.x1), float(box.y1), float(box.x2), float(box.y2)]
