"""Attribute values as predictions store them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from domain.types import AttributeValue, ScoredValue, ValueSource

KeptAttribute: TypeAlias = Mapping[str, Any] | list[Any]
"""What `attribute_to_json` makes, or the pair [value, score] of older rows."""


def attribute_to_json(attribute: AttributeValue) -> dict[str, Any]:
    """Omit a number that is None and a source that is MODEL."""
    kept: dict[str, Any] = {"values": [[entry.value, float(entry.score)] for entry in attribute.values]}
    if attribute.number is not None:
        kept["number"] = float(attribute.number)
    if attribute.source is not ValueSource.MODEL:
        kept["source"] = attribute.source.value
    return kept


def attribute_from_json(kept: KeptAttribute) -> AttributeValue:
    """The value that was kept."""
    if isinstance(kept, list):
        return AttributeValue.one(*kept)
    return AttributeValue(
        tuple(ScoredValue(*pair) for pair in kept["values"]),
        kept.get("number"),
        ValueSource(kept.get("source", ValueSource.MODEL)),
    )


def surest_value(kept: KeptAttribute) -> str:
    """The `value` of a stored attribute, without the rest."""
    if isinstance(kept, list):
        value: str = kept[0]
        return value
    return kept["values"][0][0] if kept["values"] else ""
