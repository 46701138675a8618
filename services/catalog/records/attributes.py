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


def alternatives_to_json(attributes: Mapping[str, AttributeValue]) -> dict[str, Any]:
    """The alternatives of the attributes that have any; four digits of a score are enough to choose by."""
    return {
        name: [[entry.value, round(float(entry.score), 4)] for entry in answer.alternatives]
        for name, answer in attributes.items()
        if answer.alternatives
    }


def alternatives_from_json(stored: Mapping[str, Any]) -> dict[str, tuple[ScoredValue, ...]]:
    """By attribute, the surest first."""
    return {name: tuple([ScoredValue(*entry) for entry in values]) for name, values in stored.items()}


def uncertainty_of(answer: AttributeValue) -> float:
    """1 less the lead of the first choice over the second, 0 to 1; 1 where there is no answer.

    Source: Scheffer et al., "Active Hidden Markov Models for Information Extraction" (2001): margin sampling.
    """
    second = answer.alternatives[1].score if len(answer.alternatives) > 1 else 0.0
    return min(1.0, max(0.0, 1.0 - float(answer.score) + float(second)))


def top_value(stored: StoredAttribute) -> str:
    """The `value` of a stored attribute, without the rest."""
    if isinstance(stored, list):
        value: str = stored[0]
        return value
    return stored["values"][0][0] if stored["values"] else ""
