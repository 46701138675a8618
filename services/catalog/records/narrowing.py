"""What SQL can tell of a filter without building the rows of the vector index.

An index row has texts case-folded, and what people say laid over what models say. Here every condition is
only a necessary one: what passes is decided on the row itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, or_, true

from services.catalog.sql.tables import ImageRow, ItemRow, PredictionRow, ProductRow
from services.catalog.sql.upsert import table_of
from services.catalog.vectors.predicates import AllOf, AnyOf, Comparison, Predicate, TextIn, TokenIn

_ITEM, _IMAGE, _PRODUCT = table_of(ItemRow), table_of(ImageRow), table_of(ProductRow)
_PREDICTION = table_of(PredictionRow)
_TEXTS: Mapping[str, ColumnElement[str]] = {
    "tenant_id": _PREDICTION.c.tenant_id,
    "product_id": _IMAGE.c.product_id,
    "external_id": _PRODUCT.c.external_id,
    "brand": _PRODUCT.c.brand,
    "product_category": _PRODUCT.c.category,
    "product_type": _PRODUCT.c.product_type,
    "availability": _PRODUCT.c.availability,
    "currency": _PRODUCT.c.price_currency,
    "label": func.coalesce(_ITEM.c.corrected_label, _PREDICTION.c.label),
}
_NUMBERS: Mapping[str, ColumnElement[float]] = {
    "price": _PRODUCT.c.price_units + _PRODUCT.c.price_nanos / 1e9,
    "garment_score": _PREDICTION.c.garment_score,
}
_ATTRIBUTE, _COLOR = "attribute_", "color_"
_NEAR = 1e-6
"""How far, relatively, sums in SQL and here may lie apart."""
_UNFOLDED = "[^ -~]"
"""Characters that lower-casing in SQL does not fold as Python does."""
_ESCAPE = "\\"
"""What JSON writes before such characters, which it has no others of."""

Condition: TypeAlias = ColumnElement[bool]


def necessary(predicate: Predicate) -> Condition:
    """A condition on the tables of items, images, products and predictions that holds for all items that pass
    the predicate, and for few others where it can be told in SQL.
    """
    match predicate:
        case TextIn():
            return or_(false(), *(_text_in(name, predicate.texts) for name in predicate.columns))
        case TokenIn():
            values = [token.rpartition("=")[2] for token in predicate.tokens]
            return _has_any(cast(_PRODUCT.c.attributes, Text), [f'{value}"' for value in values])
        case Comparison():
            return _compared(predicate)
        case AllOf():
            return and_(true(), *map(necessary, predicate.parts))
        case AnyOf():
            return or_(false(), *map(necessary, predicate.parts))
        case _:
            return true()


def _text_in(name: str, texts: tuple[str, ...]) -> Condition:
    """A text that is not there, "" in the row, is null in SQL."""
    if "" in texts:
        return true()
    if name in _TEXTS:
        column = _TEXTS[name]
        return or_(func.lower(column).in_(texts), column.regexp_match(_UNFOLDED))
    if name.startswith(_ATTRIBUTE):
        return _says(texts, _PREDICTION.c.attributes)
    if name.startswith(_COLOR):
        unmeasured = cast(_PREDICTION.c.colors, Text) == "[]"
        return or_(_says(texts, _PREDICTION.c.colors), unmeasured)
    return true()


def _says(texts: tuple[str, ...], document: ColumnElement[Any]) -> Condition:
    """Whether a document of the model has one of the texts; whatever a person has corrected passes."""
    return or_(_ITEM.c.corrected, _has_any(cast(document, Text), [f'"{text}"' for text in texts]))


def _has_any(document: ColumnElement[str], parts: list[str]) -> Condition:
    """Whether JSON has one of the parts, or characters that cannot be compared here."""
    if any(not part.isascii() or _ESCAPE in part for part in parts):
        return true()
    folded = func.lower(document)
    return or_(*(folded.contains(part, autoescape=True) for part in (*parts, _ESCAPE)))


def _compared(predicate: Comparison) -> Condition:
    column = _NUMBERS.get(predicate.column)
    if column is None:
        return true()
    slack = _NEAR * max(1.0, abs(predicate.number))
    if predicate.operator in (">=", ">"):
        return column >= predicate.number - slack
    return column <= predicate.number + slack
