"""Attribute values as predictions store them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from domain.types import AttributeValue, ScoredValue, ValueSource

StoredAttribute: TypeAlias = Mapping[str, Any] | list[Any]
"""What `attribute_to_json` makes, or the pair [value, score] of older rows."""


def attribute_to_json(attribute: AttributeValue) -> dict[str, Any]:
    """Omit a number that is None and a source that is MODEL."""
    stored: dict[str, Any] = {"values": [[entry.value, float(entry.score)] for entry in attribute.values]}
    if attribute.number is not None:
        stored["number"] = float(attribute.number)
    if attribute.source is not ValueSource.MODEL:
        stored["source"] = attribute.source.value
    return stored


def attribute_from_json(stored: StoredAttribute) -> AttributeValue:
    """The value that was stored."""
    if isinstance(stored, list):
        return AttributeValue.one(*stored)
    return AttributeValue(
        tuple([ScoredValue(value, score) for value, score in stored["values"]]),
        stored.get("number"),
        ValueSource(stored["source"]) if "source" in stored else ValueSource.MODEL,
    )


def top_value(stored: StoredAttribute) -> str:
    """The `value` of a stored attribute, without the rest."""
    if isinstance(stored, list):
        value: str = stored[0]
        return value
    return stored["values"][0][0] if stored["values"] else ""
