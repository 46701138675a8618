"""Facets: how many items have each value of a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from services.catalog.limits import check_text
from services.catalog.records.items import StoredItem, read_items
from services.catalog.records.products import Product
from services.catalog.search.filter_rules import PRODUCT_PREFIX, FieldKind, FilterRules
from services.catalog.search.result import Facet, FacetValue
from services.catalog.sync.index_rows import PRODUCT_ATTRIBUTES, attribute_token
from services.catalog.vectors.value_counts import CountedColumns, ValueCount

_UNCOUNTED = (FieldKind.NUMBER, FieldKind.TIME)

_Spelling: TypeAlias = Callable[[StoredItem], str]


@dataclass(frozen=True, slots=True)
class FacetField:
    """A field whose values are counted.

    Attributes:
        words: the field's vocabulary by its case-folded words; empty if there is none.
    """

    name: str
    counted: CountedColumns
    words: Mapping[str, str]


def facet_fields(names: Sequence[str], rules: FilterRules) -> tuple[FacetField, ...]:
    """The fields that a request names.

    Raises:
        InvalidInput: there are too many, one is named twice, unknown, or is a number or a time.
    """
    limit = rules.limits.max_facets
    if len(names) > limit:
        raise InvalidInput("facets", f"must hold at most {limit} fields, got {len(names)}")
    if len(set(names)) < len(names):
        raise InvalidInput("facets", "must not name a field twice")
    return tuple(_facet_field(f"facets[{index}]", name, rules) for index, name in enumerate(names))


def _facet_field(path: str, name: str, rules: FilterRules) -> FacetField:
    if name.startswith(PRODUCT_PREFIX):
        attribute = name.removeprefix(PRODUCT_PREFIX)
        check_text(path, attribute, rules.limits.max_name_chars, required=True)
        return FacetField(name, CountedColumns((PRODUCT_ATTRIBUTES,), attribute_token(attribute, "")), {})
    field = rules.fields.get(name)
    countable = sorted(name for name, each in rules.fields.items() if each.kind not in _UNCOUNTED)
    if field is None:
        text = f"{name!r} is unknown; use some of {', '.join(countable)}, or {PRODUCT_PREFIX}NAME"
        raise InvalidInput(path, text)
    if field.kind in _UNCOUNTED:
        raise InvalidInput(path, f"{name} has too many values to count; use some of {', '.join(countable)}")
    vocabulary: Sequence[str] = field.vocabulary
    if field.kind is FieldKind.CATEGORY:
        vocabulary = [category.name for category in rules.taxonomy.categories]
    merged: tuple[tuple[str, str], ...] = ()
    if field.kind in (FieldKind.COLOR, FieldKind.SHADE):
        vocabulary = list(rules.taxonomy.colors)
    if field.kind is FieldKind.COLOR:
        merged = _families(rules.taxonomy)
    counted = CountedColumns(field.columns, merged=merged)
    return FacetField(name, counted, {word.casefold(): word for word in vocabulary})


def _families(taxonomy: Taxonomy) -> tuple[tuple[str, str], ...]:
    """Each shade that is not named like its family, and its family, as the index has them."""
    return tuple(
        (shade.casefold(), name.casefold())
        for name, shades in taxonomy.color_families.items()
        for shade in shades
    )


def read_facets(
    session: Session, tenant_id: str, fields: Sequence[FacetField], counts: Sequence[Sequence[ValueCount]]
) -> tuple[Facet, ...]:
    """The counts of each field, with texts as an item has them, since the index has them case-folded."""
    wanted = [
        counted.item_id
        for field, values in zip(fields, counts, strict=True)
        if field.name in _SPELLINGS or field.name.startswith(PRODUCT_PREFIX)
        for counted in values
    ]
    stored = read_items(session, tenant_id, list(dict.fromkeys(wanted)))
    return tuple(
        Facet(field.name, tuple(_facet_value(field, counted, stored) for counted in values))
        for field, values in zip(fields, counts, strict=True)
    )


def _facet_value(field: FacetField, counted: ValueCount, stored: Mapping[str, StoredItem]) -> FacetValue:
    item, text = stored.get(counted.item_id), field.words.get(counted.value, counted.value)
    if item is not None and not field.words:
        spelled = _spelling_of(field.name)(item)
        if spelled.casefold() == counted.value:  # it may have changed since
            text = spelled
    return FacetValue(text, counted.count)


def _spelling_of(name: str) -> _Spelling:
    if name.startswith(PRODUCT_PREFIX):
        attribute = name.removeprefix(PRODUCT_PREFIX)
        return lambda stored: stored.product.attributes.get(attribute, "") if stored.product else ""
    return _SPELLINGS.get(name, lambda _stored: "")


def _of_product(read: Callable[[Product], str]) -> _Spelling:
    return lambda stored: read(stored.product) if stored.product else ""


_SPELLINGS: Mapping[str, _Spelling] = {
    "label": lambda stored: stored.item.label,
    "brand": _of_product(lambda product: product.brand),
    "currency": _of_product(lambda product: product.price.currency if product.price else ""),
    "external_id": _of_product(lambda product: product.external_id),
    "product_type": _of_product(lambda product: product.product_type),
}
