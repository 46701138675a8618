"""What people say of an item, laid over what a model says of it.

An item's row keeps a person's label and, by attribute, `{"values": [[value, 1.0], ...], "source": "person"}`,
the same without values (none applies), or `{"not": [value, ...]}`. They are laid over the prediction whenever
it is read, so they hold for every model version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.types import ColorShare, ValueSource
from services.catalog.records.attributes import StoredAttribute


def values_said(values: Sequence[str]) -> dict[str, Any]:
    """A person's answer; none applies where there are no values."""
    return {"values": [[value, 1.0] for value in values], "source": ValueSource.PERSON.value}


def values_excluded(values: Sequence[str]) -> dict[str, Any]:
    """A person says that these are wrong, and not what is right."""
    return {"not": list(values)}


def label_over(predicted: str, said: str | None, attributes: Mapping[str, Any]) -> str:
    """The effective label; empty where the predicted one is a category that a person has excluded."""
    if said is not None:
        return said
    return "" if predicted.casefold() in _excluded(attributes.get("category")) else predicted


def attributes_over(
    predicted: Mapping[str, StoredAttribute], said: Mapping[str, Any], colors: Sequence[Sequence[Any]]
) -> dict[str, StoredAttribute]:
    """The effective attributes, without those to which no value applies.

    `colors` are those that were measured, each its name, its share and more, the largest first: the attribute
    `color` is the first that nobody has excluded. Predictions of earlier releases have an embedder's answer.
    """
    laid = dict(predicted)
    if colors and "color" in laid:
        wrong = _excluded(said.get("color"))
        measured = [[name, share] for name, share, *_ in colors if name.casefold() not in wrong]
        laid["color"] = {"values": measured[:1]}
    for name, answer in said.items():
        if "not" not in answer:
            laid[name] = answer
        elif name in laid:
            laid[name] = _without(laid[name], _excluded(answer))
    return {name: answer for name, answer in laid.items() if _answers(answer)}


def colors_over(measured: Sequence[ColorShare], said: Mapping[str, Any]) -> tuple[ColorShare, ...]:
    """The effective colours, the largest first.

    Where a person has named them, these: with what was measured, else a share of 0 in the largest colour.
    """
    answer = said.get("color")
    if answer is None:
        return tuple(measured)
    if "not" in answer:
        return tuple([color for color in measured if color.name.casefold() not in _excluded(answer)])
    by_name = {color.name: color for color in measured}
    rgb = measured[0].rgb if measured else 0
    return tuple([by_name.get(name, ColorShare(name, 0.0, rgb)) for name, _ in answer["values"]])


def color_names_over(measured: Sequence[str], said: Mapping[str, Any]) -> Sequence[str]:
    """As `colors_over`, of names."""
    if "color" not in said:
        return measured
    return [color.name for color in colors_over([ColorShare(name, 0.0, 0) for name in measured], said)]


def _excluded(answer: Mapping[str, Any] | None) -> set[str]:
    return {value.casefold() for value in (answer or {}).get("not", ())}


def _without(stored: StoredAttribute, excluded: set[str]) -> StoredAttribute:
    if isinstance(stored, list):
        stored = {"values": [stored]}
    return {**stored, "values": [entry for entry in stored["values"] if entry[0].casefold() not in excluded]}


def _answers(stored: StoredAttribute) -> bool:
    return isinstance(stored, list) or bool(stored["values"]) or "number" in stored
