"""A person's answers to the questions about a garment, checked against the taxonomy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from services.catalog.limits import check_text
from services.catalog.records.item_state import attribute_field
from services.catalog.records.overlay import values_excluded, values_said
from services.catalog.records.review_matches import ReviewedAttribute, ReviewedItem

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


def check_review(field: str, item: ReviewedItem, taxonomy: Taxonomy, max_chars: int) -> dict[str, Any]:
    """The fields that people said of an item elsewhere, but for its box and what it represents.

    The label may be any text of at most `max_chars` characters, because those of models are, too.

    Raises:
        InvalidInput: an attribute or a value that the taxonomy has not.
    """
    changes: dict[str, Any] = {}
    for name, answer in item.attributes.items():
        changes[attribute_field(name)] = _reviewed(f"{field}.attributes.{name[:100]}", name, answer, taxonomy)
    if item.label is not None:
        changes["label"] = check_text(f"{field}.label", item.label, max_chars)
    if item.reject_reason is not None:
        changes["reject_reason"] = item.reject_reason.value
    if item.verified:
        changes["verified"] = True
    return changes


def _reviewed(field: str, name: str, answer: ReviewedAttribute, taxonomy: Taxonomy) -> dict[str, Any]:
    _check_name(field, name, taxonomy)
    canonical = _canonical_of(name, taxonomy)
    if answer.not_values:
        wrong = [canonical(f"{field}.not_values", value) for value in answer.not_values]
        wrong = list(dict.fromkeys(wrong))  # several synonyms may be of one category
        return values_excluded(_all_meant(name, wrong, taxonomy))
    said = values_said(_checked(f"{field}.values", answer.values, canonical))
    if answer.number is None:
        return said
    if not math.isfinite(answer.number):
        raise InvalidInput(f"{field}.number", "must be a finite number")
    return said | {"number": answer.number}


def _changes(name: str, answer: Answer, taxonomy: Taxonomy) -> dict[str, Any]:
    field = attribute_field(name)
    _check_name(field[:100], name, taxonomy)
    if [bool(answer.values), bool(answer.not_values), answer.cleared, answer.reset].count(True) != 1:
        raise InvalidInput(field, "must have exactly one of values, not_values, cleared and reset")
    canonical = _canonical_of(name, taxonomy)
    values = _checked(f"{field}.values", answer.values, canonical)
    wrong = _checked(f"{field}.not_values", answer.not_values, canonical)
    if name == "category":
        return _category_changes(answer, values, wrong, taxonomy)
    if answer.reset:
        return {field: None}
    return {field: values_excluded(_all_meant(name, wrong, taxonomy)) if wrong else values_said(values)}


def _check_name(field: str, name: str, taxonomy: Taxonomy) -> None:
    """Raises InvalidInput where the taxonomy has no such attribute."""
    if name not in {attribute.name for attribute in taxonomy.attributes}:
        known = ", ".join(attribute.name for attribute in taxonomy.attributes)
        raise InvalidInput(field, f"is no attribute of the taxonomy, which has {known}")


def _all_meant(name: str, wrong: Sequence[str], taxonomy: Taxonomy) -> list[str]:
    """All values that are wrong where these are: a colour that is a family stands for all its shades."""
    if name == "category":
        return _with_synonyms(wrong, taxonomy)
    if name == "color":
        return list(dict.fromkeys(shade for color in wrong for shade in taxonomy.shades_of(color)))
    return list(wrong)


def _with_synonyms(categories: Sequence[str], taxonomy: Taxonomy) -> list[str]:
    """The categories and the words for them, which labels of detectors may be."""
    words = {category.name: category.words for category in taxonomy.categories}
    return [word for name in categories for word in words[name]]


def _category_changes(
    answer: Answer, values: Sequence[str], wrong: Sequence[str], taxonomy: Taxonomy
) -> dict[str, Any]:
    field = attribute_field("category")
    if answer.reset:
        return {field: None, "label": None}
    if wrong:
        return {field: values_excluded(_with_synonyms(wrong, taxonomy)), "label": None}
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
