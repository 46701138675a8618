"""A person's answers to the questions about a garment, checked against the taxonomy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from services.catalog.records.item_state import attribute_field
from services.catalog.records.overlay import values_excluded, values_said

_SHOWN = 20
"""Values that an error names."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says of an attribute: its values, wrong ones, that none applies, or the model's again."""

    values: tuple[str, ...] = ()
    not_values: tuple[str, ...] = ()
    cleared: bool = False
    reset: bool = False


def check_answers(label: str, attributes: Mapping[str, Answer], taxonomy: Taxonomy) -> dict[str, Any]:
    """The values of the fields of an item that change; its label and its category follow each other.

    Raises:
        InvalidInput: an attribute or a value that the taxonomy has not, or an answer of no kind or several.
    """
    changes: dict[str, Any] = {}
    if label:
        if "category" in attributes:
            raise InvalidInput("attributes.category", "must not be set where label is: they say the same")
        attributes = {**attributes, "category": Answer((_canonical("label", label, taxonomy),))}
    for name, answer in attributes.items():
        changes |= _changes(name, answer, taxonomy)
    return changes


def _changes(name: str, answer: Answer, taxonomy: Taxonomy) -> dict[str, Any]:
    field = attribute_field(name)
    if name not in {attribute.name for attribute in taxonomy.attributes}:
        known = ", ".join(attribute.name for attribute in taxonomy.attributes)
        raise InvalidInput(field[:100], f"is no attribute of the taxonomy, which has {known}")
    if [bool(answer.values), bool(answer.not_values), answer.cleared, answer.reset].count(True) != 1:
        raise InvalidInput(field, "must have exactly one of values, not_values, cleared and reset")
    canonical = _canonical_of(name, taxonomy)
    values = _checked(f"{field}.values", answer.values, canonical)
    wrong = _checked(f"{field}.not_values", answer.not_values, canonical)
    if name == "category":
        return _category_changes(answer, values, wrong, taxonomy)
    if answer.reset:
        return {field: None}
    return {field: values_excluded(wrong) if wrong else values_said(values)}


def _category_changes(
    answer: Answer, values: Sequence[str], wrong: Sequence[str], taxonomy: Taxonomy
) -> dict[str, Any]:
    field = attribute_field("category")
    if answer.reset:
        return {field: None, "label": None}
    if wrong:  # with synonyms, which labels of detectors may be
        words = {category.name: (category.name, *category.synonyms) for category in taxonomy.categories}
        return {field: values_excluded([word for name in wrong for word in words[name]]), "label": None}
    if len(values) > 1:
        raise InvalidInput(f"{field}.values", f"must hold one category, got {len(values)}")
    return {field: values_said(values), "label": values[0] if values else ""}


def _canonical_of(name: str, taxonomy: Taxonomy) -> Callable[[str, str], str]:
    """Makes of a field and its text the value that is meant."""
    if name == "category":
        return lambda field, value: _canonical(field, value, taxonomy)
    known = {value.casefold(): value for value in taxonomy.attribute(name).values}

    def canonical(field: str, value: str) -> str:
        word = (taxonomy.canonical_color(value) if name == "color" else None) or value
        if word.casefold() not in known:
            raise InvalidInput(field, _unknown(value, list(known.values())))
        return known[word.casefold()]

    return canonical


def _checked(field: str, values: Sequence[str], canonical: Callable[[str, str], str]) -> list[str]:
    checked = [canonical(f"{field}[{index}]", value) for index, value in enumerate(values)]
    if len(set(checked)) < len(checked):
        raise InvalidInput(field, "must not hold a value twice")
    return checked


def _canonical(field: str, word: str, taxonomy: Taxonomy) -> str:
    found = taxonomy.canonical_category(word)
    if found is None:
        raise InvalidInput(field, _unknown(word, [category.name for category in taxonomy.categories]))
    return found


def _unknown(value: str, known: Sequence[str]) -> str:
    more = ", ..." if len(known) > _SHOWN else ""
    return f"{value[:40]!r} must be one of {', '.join(known[:_SHOWN])}{more}"
