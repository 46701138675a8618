"""The rules of filters: they are checked and turned into a predicate over rows of the vector index."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.records.products import Availability
from services.catalog.search.filter import Between, Condition, Filter, OneOf
from services.catalog.sync.index_rows import COLOR_COLUMNS, attribute_column
from services.catalog.vectors.predicates import (
    AllOf,
    AnyOf,
    BoolIn,
    Comparison,
    NoneOf,
    Operator,
    Predicate,
    TextIn,
)


class FieldKind(Enum):
    """How a field's values are checked and compared; texts compare without regard to case."""

    TEXT = auto()
    WORD = auto()
    """One of a vocabulary."""
    CATEGORY = auto()
    """One of the taxonomy's categories, or a synonym."""
    NUMBER = auto()
    FLAG = auto()


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field, the columns that hold it (one of them has to match) and, for WORD, its vocabulary."""

    kind: FieldKind
    columns: tuple[str, ...]
    vocabulary: tuple[str, ...] = ()


def filter_fields(taxonomy: Taxonomy) -> dict[str, FilterField]:
    """The fields a filter may name: the taxonomy's attributes and those of items and products."""
    attributes = {
        attribute.name: FilterField(FieldKind.WORD, (attribute_column(attribute.name),), attribute.values)
        for attribute in taxonomy.attributes
    }
    return attributes | {
        "category": FilterField(FieldKind.CATEGORY, (attribute_column("category"),)),
        "color": FilterField(FieldKind.WORD, COLOR_COLUMNS, tuple(taxonomy.colors)),
        "label": FilterField(FieldKind.TEXT, ("label",)),
        "price": FilterField(FieldKind.NUMBER, ("price",)),
        "currency": FilterField(FieldKind.TEXT, ("currency",)),
        "brand": FilterField(FieldKind.TEXT, ("brand",)),
        "product_id": FilterField(FieldKind.TEXT, ("product_id",)),
        "external_id": FilterField(FieldKind.TEXT, ("external_id",)),
        "product_category": FilterField(FieldKind.CATEGORY, ("product_category",)),
        "product_type": FilterField(FieldKind.TEXT, ("product_type",)),
        "availability": FilterField(FieldKind.WORD, ("availability",), tuple(filter(None, Availability))),
        "primary_in_image": FilterField(FieldKind.FLAG, ("primary_in_image",)),
        "primary_in_product": FilterField(FieldKind.FLAG, ("primary_in_product",)),
    }


@dataclass(frozen=True, slots=True)
class FilterRules:
    """What filters may say."""

    fields: Mapping[str, FilterField]
    taxonomy: Taxonomy
    limits: CatalogLimits

    def predicate(self, tenant_id: str, filter: Filter) -> Predicate:
        """What the tenant's rows that meet the filter pass, and no others.

        Raises:
            InvalidInput: naming the part of the filter and what is allowed.
        """
        _check_depth(filter, self.limits.max_filter_depth)
        most, count = self.limits.max_filter_conditions, _count_conditions(filter)
        if count > most:
            raise InvalidInput("filter", f"must hold at most {most} conditions in all, got {count}")
        return AllOf((TextIn(("tenant_id",), (tenant_id,)), *self._parts("filter", filter)))

    def _parts(self, path: str, filter: Filter) -> tuple[Predicate, ...]:
        """What has to hold, all of it."""
        parts = [
            self._condition(f"{path}.conditions[{index}]", condition)
            for index, condition in enumerate(filter.conditions)
        ]
        groups = {name: self._nested(f"{path}.{name}", filters) for name, filters in filter.groups()}
        if groups["any_of"]:
            parts.append(AnyOf(groups["any_of"]))
        if groups["none_of"]:
            parts.append(NoneOf(groups["none_of"]))
        return (*parts, *groups["all_of"])

    def _nested(self, path: str, filters: Sequence[Filter]) -> tuple[Predicate, ...]:
        for index, filter in enumerate(filters):
            if filter.is_empty:
                raise InvalidInput(f"{path}[{index}]", "must hold a condition")
        return tuple(AllOf(self._parts(f"{path}[{index}]", filter)) for index, filter in enumerate(filters))

    def _condition(self, path: str, condition: Condition) -> Predicate:
        known = self.fields.get(condition.field)
        if known is None:
            names = ", ".join(sorted(self.fields))
            raise InvalidInput(f"{path}.field", f"{condition.field!r} is unknown; known fields: {names}")
        if condition.test is None:
            raise InvalidInput(path, "must have a test: any_of or range")
        if isinstance(condition.test, Between):
            return self._range(path, condition.field, known, condition.test)
        return self._any_of(path, condition.field, known, condition.test)

    def _any_of(self, path: str, name: str, known: FilterField, test: OneOf) -> Predicate:
        if known.kind is FieldKind.NUMBER:
            raise InvalidInput(f"{path}.any_of", f"{name} is a number; use range")
        most = self.limits.max_filter_values
        if not 1 <= len(test.values) <= most:
            raise InvalidInput(f"{path}.any_of.values", f"must be 1 to {most}, got {len(test.values)}")
        values = [
            self._value(f"{path}.any_of.values[{i}]", known, value) for i, value in enumerate(test.values)
        ]
        if known.kind is FieldKind.FLAG:
            return BoolIn(known.columns[0], tuple(value == "true" for value in values))
        return TextIn(known.columns, tuple(dict.fromkeys(values)))

    def _value(self, path: str, known: FilterField, value: str) -> str:
        value = check_text(path, value, self.limits.max_filter_value_chars, required=True)
        if known.kind is FieldKind.CATEGORY:
            value = self._category(path, value)
        folded = value.casefold()
        if known.kind is FieldKind.FLAG and folded not in ("true", "false"):
            raise InvalidInput(path, f"must be true or false, got {value!r}")
        if known.kind is FieldKind.WORD and folded not in {word.casefold() for word in known.vocabulary}:
            raise InvalidInput(path, f"{value!r} is unknown; known values: {', '.join(known.vocabulary)}")
        return folded

    def _category(self, path: str, word: str) -> str:
        name = self.taxonomy.canonical_category(word)
        if name is None:
            known = ", ".join(category.name for category in self.taxonomy.categories)
            raise InvalidInput(path, f"{word!r} is not a category; known: {known} and their synonyms")
        return name

    def _range(self, path: str, name: str, known: FilterField, test: Between) -> Predicate:
        if known.kind is not FieldKind.NUMBER:
            raise InvalidInput(f"{path}.range", f"{name} is not a number; use any_of")
        bounds: dict[str, tuple[Operator, float | None]] = {
            "at_least": (">=", test.at_least),
            "more_than": (">", test.more_than),
            "at_most": ("<=", test.at_most),
            "less_than": ("<", test.less_than),
        }
        parts: list[Predicate] = [BoolIn(f"has_{name}", (True,))]
        for bound, (operator, number) in bounds.items():
            if number is not None and not math.isfinite(number):
                raise InvalidInput(f"{path}.range.{bound}", f"must be a finite number, got {number}")
            if number is not None:
                parts.append(Comparison(known.columns[0], operator, number))
        if len(parts) == 1:
            raise InvalidInput(f"{path}.range", "must set a bound: at_least, more_than, at_most, less_than")
        return AllOf(tuple(parts))


def _check_depth(filter: Filter, most: int, path: str = "filter", depth: int = 1) -> None:
    """Raises InvalidInput for the first filter that lies deeper than `most` levels."""
    if depth > most:
        raise InvalidInput(path, f"must be nested at most {most} levels deep")
    for name, filters in filter.groups():
        for index, each in enumerate(filters):
            _check_depth(each, most, f"{path}.{name}[{index}]", depth + 1)


def _count_conditions(filter: Filter) -> int:
    """How many conditions there are at all levels."""
    nested = (_count_conditions(each) for _, filters in filter.groups() for each in filters)
    return len(filter.conditions) + sum(nested)
