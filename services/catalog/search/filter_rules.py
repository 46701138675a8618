"""The rules of filters: filters are checked and turned into predicates on rows of the vector index."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy, TaxonomyOf
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.records.product_drafts import Availability
from services.catalog.records.wardrobe import OWN_PRODUCT_TYPE
from services.catalog.search.filter import Between, Condition, Filter, OneOf, Period
from services.catalog.sync.index_rows import (
    COLOR_COLUMNS,
    PRODUCT_ATTRIBUTES,
    attribute_column,
    attribute_token,
)
from services.catalog.vectors.predicates import (
    AllOf,
    AnyOf,
    BoolIn,
    Comparison,
    NoneOf,
    Operator,
    Predicate,
    TextIn,
    TokenIn,
)

_MAX_RULES = 256
_PRODUCT_TYPE = "product_type"
_OF_THE_SHOP = NoneOf((TextIn((_PRODUCT_TYPE,), (OWN_PRODUCT_TYPE,)),))
"""Leaves out what end users own."""
PRODUCT_PREFIX = "product."
"""Begins the fields of filters that are attributes of products."""


class FieldKind(Enum):
    """How the values of a field are checked and compared; the case of texts is ignored."""

    TEXT = auto()
    WORD = auto()
    """A word of the field's vocabulary."""
    CATEGORY = auto()
    """A category of the taxonomy, or a synonym."""
    COLOR = auto()
    """A colour of the taxonomy, or a synonym; a family stands for all its shades."""
    SHADE = auto()
    """A colour of the taxonomy, or a synonym; a family stands for the shade that is named like it."""
    NUMBER = auto()
    TIME = auto()
    """Seconds since 1970."""
    FLAG = auto()


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field that filters may name.

    Attributes:
        columns: the columns of the vector index with its values; a row matches if one of them does.
        vocabulary: the values that a field of kind WORD may have.
        flag: for a number or time, the column that says whether the row has one; "" if every row has.
    """

    kind: FieldKind
    columns: tuple[str, ...]
    vocabulary: tuple[str, ...] = ()
    flag: str = ""


def filter_fields(taxonomy: Taxonomy) -> dict[str, FilterField]:
    """The fields that filters may name: the taxonomy's attributes, and fields of items and products.

    Raises:
        InvalidInput: an attribute of the taxonomy has the name of another field, or the column of another
            attribute.
    """
    of_items = _item_fields()
    _check_attribute_names(taxonomy, of_items)
    attributes = {
        attribute.name: FilterField(FieldKind.WORD, (attribute_column(attribute.name),), attribute.values)
        for attribute in taxonomy.attributes
    }
    return (
        attributes
        | of_items
        | {
            "category": FilterField(FieldKind.CATEGORY, (attribute_column("category"),)),
            "color": FilterField(FieldKind.COLOR, COLOR_COLUMNS),
        }
    )


def _item_fields() -> dict[str, FilterField]:
    """The fields of items and products that are not attributes of the taxonomy."""
    return {
        "main_color": FilterField(FieldKind.COLOR, COLOR_COLUMNS[:1]),
        "shade": FilterField(FieldKind.SHADE, COLOR_COLUMNS),
        "main_shade": FilterField(FieldKind.SHADE, COLOR_COLUMNS[:1]),
        "label": FilterField(FieldKind.TEXT, ("label",)),
        "price": FilterField(FieldKind.NUMBER, ("price",), flag="has_price"),
        "garment_score": FilterField(FieldKind.NUMBER, ("garment_score",), flag="has_garment_score"),
        "create_time": FilterField(FieldKind.TIME, ("create_time",)),
        "update_time": FilterField(FieldKind.TIME, ("update_time",)),
        "product_create_time": FilterField(FieldKind.TIME, ("product_create_time",), flag="has_product"),
        "product_update_time": FilterField(FieldKind.TIME, ("product_update_time",), flag="has_product"),
        "currency": FilterField(FieldKind.TEXT, ("currency",)),
        "brand": FilterField(FieldKind.TEXT, ("brand",)),
        "product_id": FilterField(FieldKind.TEXT, ("product_id",)),
        "external_id": FilterField(FieldKind.TEXT, ("external_id",)),
        "product_category": FilterField(FieldKind.CATEGORY, ("product_category",)),
        _PRODUCT_TYPE: FilterField(FieldKind.TEXT, (_PRODUCT_TYPE,)),
        "availability": FilterField(FieldKind.WORD, ("availability",), tuple(filter(None, Availability))),
        "primary_in_image": FilterField(FieldKind.FLAG, ("primary_in_image",)),
        "primary_in_product": FilterField(FieldKind.FLAG, ("primary_in_product",)),
    }


def _check_attribute_names(taxonomy: Taxonomy, reserved: Collection[str]) -> None:
    names_by_column: dict[str, str] = {}
    for index, attribute in enumerate(taxonomy.attributes):
        path, column = f"taxonomy.attributes[{index}].name", attribute_column(attribute.name)
        if attribute.name in reserved:
            raise InvalidInput(
                path,
                f"must not be {attribute.name!r}, which is another field of filters: rename the attribute",
            )
        if column in names_by_column:
            raise InvalidInput(
                path,
                f"{attribute.name!r} must differ from {names_by_column[column]!r} in an ASCII letter or "
                f"digit: both would be stored in the column {column!r}",
            )
        names_by_column[column] = attribute.name


@dataclass(frozen=True, slots=True)
class FilterRules:
    """Checks filters, and turns them into predicates."""

    fields: Mapping[str, FilterField]
    taxonomy: Taxonomy
    limits: CatalogLimits

    def predicate(self, tenant_id: str, filter: Filter) -> Predicate:
        """A predicate that is true for exactly the tenant's rows that match the filter.

        Raises:
            InvalidInput: a part of the filter is not allowed; the field is the path of the part.
        """
        _check_depth(filter, self.limits.max_filter_depth)
        limit, count = self.limits.max_filter_conditions, _count_conditions(filter)
        if count > limit:
            raise InvalidInput("filter", f"must hold at most {limit} conditions in all, got {count}")
        return AllOf((TextIn(("tenant_id",), (tenant_id,)), *self._parts("filter", filter)))

    def searched(self, tenant_id: str, filter: Filter) -> Predicate:
        """As `predicate`, but without end users' own clothes, unless the filter names `product_type`."""
        predicate = self.predicate(tenant_id, filter)
        return predicate if filter.names(_PRODUCT_TYPE) else AllOf((predicate, _OF_THE_SHOP))

    def _parts(self, path: str, filter: Filter) -> tuple[Predicate, ...]:
        """The predicates that must all be true."""
        parts = [
            self._condition(f"{path}.conditions[{index}]", condition)
            for index, condition in enumerate(filter.conditions)
        ]
        groups = {name: self._nested(f"{path}.{name}", filters) for name, filters in filter.nested()}
        if groups["any_of"]:
            parts.append(AnyOf(groups["any_of"]))
        if groups["none_of"]:
            parts.append(NoneOf(groups["none_of"]))
        return (*parts, *groups["all_of"])

    def _nested(self, path: str, filters: Sequence[Filter]) -> tuple[Predicate, ...]:
        for index, filter in enumerate(filters):
            if filter.is_empty:
                raise InvalidInput(f"{path}[{index}]", "must not be empty")
        return tuple(AllOf(self._parts(f"{path}[{index}]", filter)) for index, filter in enumerate(filters))

    def _condition(self, path: str, condition: Condition) -> Predicate:
        name, test = condition.field, condition.test
        if test is None and (name in self.fields or name.startswith(PRODUCT_PREFIX)):
            raise InvalidInput(path, "must have a test: any_of, range or time_range")
        if name.startswith(PRODUCT_PREFIX):
            return self._product_attribute(path, name.removeprefix(PRODUCT_PREFIX), test)
        field = self.fields.get(name)
        if field is None:
            names = ", ".join(sorted(self.fields))
            text = f"{name!r} is unknown; use one of {names}, or {PRODUCT_PREFIX}NAME"
            raise InvalidInput(f"{path}.field", text)
        match test:
            case Between():
                return _range(f"{path}.range", name, field, test)
            case Period():
                return _period(f"{path}.time_range", name, field, test)
        assert test is not None
        return self._any_of(path, name, field, test)

    def _product_attribute(self, path: str, name: str, test: OneOf | Between | Period | None) -> Predicate:
        limits = self.limits
        check_text(f"{path}.field", name, limits.max_name_chars, required=True)
        if not isinstance(test, OneOf):
            raise InvalidInput(path, f"{PRODUCT_PREFIX}{name} is a text; use any_of")
        self._check_value_count(path, test)
        values = [
            check_text(f"{path}.any_of.values[{i}]", value, limits.max_attribute_chars, required=True)
            for i, value in enumerate(test.values)
        ]
        tokens = [attribute_token(name, value) for value in values]
        return TokenIn(PRODUCT_ATTRIBUTES, tuple(dict.fromkeys(tokens)))

    def _check_value_count(self, path: str, test: OneOf) -> None:
        limit = self.limits.max_filter_values
        if not 1 <= len(test.values) <= limit:
            raise InvalidInput(f"{path}.any_of.values", f"must hold 1 to {limit}, got {len(test.values)}")

    def _any_of(self, path: str, name: str, field: FilterField, test: OneOf) -> Predicate:
        if field.kind is FieldKind.NUMBER:
            raise InvalidInput(f"{path}.any_of", f"{name} is a number; use range")
        if field.kind is FieldKind.TIME:
            raise InvalidInput(f"{path}.any_of", f"{name} is a time; use time_range")
        self._check_value_count(path, test)
        values = [
            text
            for i, value in enumerate(test.values)
            for text in self._texts(f"{path}.any_of.values[{i}]", field, value)
        ]
        if field.kind is FieldKind.FLAG:
            return BoolIn(field.columns[0], tuple(value == "true" for value in values))
        return TextIn(field.columns, tuple(dict.fromkeys(values)))

    def _texts(self, path: str, field: FilterField, value: str) -> Sequence[str]:
        """The texts of the index that a value stands for."""
        value = check_text(path, value, self.limits.max_filter_value_chars, required=True)
        if field.kind is FieldKind.COLOR:
            return [name.casefold() for name in self.taxonomy.shades_of(self._color(path, value))]
        return [self._value(path, field, value)]

    def _value(self, path: str, field: FilterField, value: str) -> str:
        match field.kind:
            case FieldKind.CATEGORY:
                return self._category(path, value).casefold()
            case FieldKind.SHADE:
                return self._color(path, value).casefold()
            case FieldKind.FLAG if value.casefold() not in ("true", "false"):
                raise InvalidInput(path, f"must be true or false, got {value!r}")
            case FieldKind.WORD if value.casefold() not in map(str.casefold, field.vocabulary):
                raise InvalidInput(path, f"{value!r} is unknown; use one of {', '.join(field.vocabulary)}")
        return value.casefold()

    def _category(self, path: str, word: str) -> str:
        name = self.taxonomy.canonical_category(word)
        if name is None:
            names = ", ".join(category.name for category in self.taxonomy.categories)
            raise InvalidInput(path, f"{word!r} is not a category; use one of {names}, or a synonym")
        return name

    def _color(self, path: str, word: str) -> str:
        name = self.taxonomy.canonical_color(word)
        if name is None:
            names = ", ".join(self.taxonomy.colors)
            raise InvalidInput(path, f"{word!r} is not a colour; use one of {names}, or a synonym")
        return name


class TenantRules:
    """The rules of tenants, by their taxonomies."""

    def __init__(self, taxonomy_of: TaxonomyOf, limits: CatalogLimits) -> None:
        self._taxonomy_of = taxonomy_of
        self._limits = limits
        self._rules: dict[int, FilterRules] = {}

    def of(self, tenant_id: str) -> FilterRules:
        """The rules of a tenant at the moment."""
        taxonomy = self._taxonomy_of(tenant_id)
        rules = self._rules.get(id(taxonomy))  # rules hold their taxonomy, so that its id stays its own
        if rules is None:
            rules = FilterRules(filter_fields(taxonomy), taxonomy, self._limits)
            if len(self._rules) >= _MAX_RULES:
                self._rules.clear()
            self._rules[id(taxonomy)] = rules
        return rules


def _range(path: str, name: str, field: FilterField, test: Between) -> Predicate:
    if field.kind not in (FieldKind.NUMBER, FieldKind.TIME):
        raise InvalidInput(path, f"{name} is not a number; use any_of")
    return _within(path, field, test)


def _period(path: str, name: str, field: FilterField, test: Period) -> Predicate:
    if field.kind is not FieldKind.TIME:
        other = "range" if field.kind is FieldKind.NUMBER else "any_of"
        raise InvalidInput(path, f"{name} is not a time; use {other}")
    return _within(path, field, test.bounds)


def _within(path: str, field: FilterField, test: Between) -> Predicate:
    bounds: dict[str, tuple[Operator, float | None]] = {
        "at_least": (">=", test.at_least),
        "more_than": (">", test.more_than),
        "at_most": ("<=", test.at_most),
        "less_than": ("<", test.less_than),
    }
    parts: list[Predicate] = []
    for bound, (operator, number) in bounds.items():
        if number is not None and not math.isfinite(number):
            raise InvalidInput(f"{path}.{bound}", f"must be a finite number, got {number}")
        if number is not None:
            parts.append(Comparison(field.columns[0], operator, number))
    if not parts:
        raise InvalidInput(path, "must set a bound: at_least, more_than, at_most, less_than")
    return AllOf((BoolIn(field.flag, (True,)), *parts) if field.flag else tuple(parts))


def _check_depth(filter: Filter, limit: int, path: str = "filter", depth: int = 1) -> None:
    """Raises InvalidInput for the first filter that is nested deeper than `limit` levels."""
    if depth > limit:
        raise InvalidInput(path, f"must be nested at most {limit} levels deep")
    for name, filters in filter.nested():
        for index, each in enumerate(filters):
            _check_depth(each, limit, f"{path}.{name}[{index}]", depth + 1)


def _count_conditions(filter: Filter) -> int:
    """The number of conditions at all levels."""
    nested = (_count_conditions(each) for _, filters in filter.nested() for each in filters)
    return len(filter.conditions) + sum(nested)
