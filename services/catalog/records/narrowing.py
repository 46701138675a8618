"""What SQL can tell of a filter without building the rows of the vector index.

An index row has texts case-folded, and what people say laid over what models say. Here every condition is
only a necessary one: what passes is decided on the row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, not_, or_, select, true

from domain.types import ModelVersion
from services.catalog.sql.tables import ImageRow, ItemRow, PredictionRow, ProductRow
from services.catalog.sql.upsert import table_of
from services.catalog.vectors.predicates import AllOf, AnyOf, Comparison, Predicate, TextIn, TokenIn

_ITEM, _IMAGE, _PRODUCT = table_of(ItemRow), table_of(ImageRow), table_of(ProductRow)
_PREDICTION = table_of(PredictionRow)
_ATTRIBUTE, _COLOR = "attribute_", "color_"
_NEAR = 1e-6
"""How far, relatively, sums in SQL and here may lie apart."""
_UNFOLDED = "[^ -~]"
"""Characters that lower-casing in SQL does not fold as Python does."""
_ESCAPE = "\\"
"""What JSON writes before such characters, which it has no others of."""

Condition: TypeAlias = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class _Columns:
    """What SQL has of the columns of the index: texts and numbers by their names there.

    `says` tells of the other texts whether a row may have one of some.
    """

    texts: Mapping[str, ColumnElement[str]]
    numbers: Mapping[str, ColumnElement[float]]
    says: Callable[[str, tuple[str, ...]], Condition]


def necessary(predicate: Predicate) -> Condition:
    """A condition on the tables of items, images, products and predictions that holds for all items that pass
    the predicate, and for few others where it can be told in SQL.
    """
    return _necessary(predicate, _OF_ITEM)


def may_pass_as_item(predicate: Predicate, version: ModelVersion) -> Condition:
    """Of a query on `ItemRow`: holds for all items that pass as a version describes them, and few others."""
    of_item = (_PREDICTION.c.tenant_id == _ITEM.c.tenant_id, _PREDICTION.c.item_id == _ITEM.c.id)
    of_image = (_IMAGE.c.tenant_id == _ITEM.c.tenant_id, _IMAGE.c.id == _ITEM.c.image_id)
    of_product = and_(_PRODUCT.c.tenant_id == _IMAGE.c.tenant_id, _PRODUCT.c.id == _IMAGE.c.product_id)
    described = select(_PREDICTION.c.item_id).select_from(_PREDICTION, _IMAGE.outerjoin(_PRODUCT, of_product))
    passing = described.where(*of_item, *of_image, *_by(version), necessary(predicate))
    return passing.correlate(_ITEM).exists()


def may_pass_as_product(predicate: Predicate, version: ModelVersion) -> Condition:
    """Of a query on `ProductRow`: holds for all products of which an item passes, or which have no item and
    pass themselves, and few others.
    """
    described = select(_ITEM.c.id).where(
        *(_IMAGE.c.tenant_id == _PRODUCT.c.tenant_id, _IMAGE.c.product_id == _PRODUCT.c.id),
        *(_ITEM.c.tenant_id == _IMAGE.c.tenant_id, _ITEM.c.image_id == _IMAGE.c.id),
        *(_ITEM.c.delete_us.is_(None), _ITEM.c.reject_reason.is_(None)),
        *(_PREDICTION.c.tenant_id == _ITEM.c.tenant_id, _PREDICTION.c.item_id == _ITEM.c.id),
        *_by(version),
    )
    by_item = described.where(necessary(predicate)).correlate(_PRODUCT).exists()
    has_none = not_(described.correlate(_PRODUCT).exists())
    return or_(by_item, and_(has_none, _necessary(predicate, _OF_PRODUCT)))


def _by(version: ModelVersion) -> tuple[Condition, Condition]:
    return (
        _PREDICTION.c.model_version == version.model_version,
        _PREDICTION.c.preprocess_version == version.preprocess_version,
    )


def _necessary(predicate: Predicate, columns: _Columns) -> Condition:
    match predicate:
        case TextIn():
            return or_(false(), *(_text_in(name, predicate.texts, columns) for name in predicate.columns))
        case TokenIn():
            values = [token.rpartition("=")[2] for token in predicate.tokens]
            return _has_any(cast(_PRODUCT.c.attributes, Text), [f'{value}"' for value in values])
        case Comparison():
            return _compared(predicate, columns)
        case AllOf():
            return and_(true(), *(_necessary(part, columns) for part in predicate.parts))
        case AnyOf():
            return or_(false(), *(_necessary(part, columns) for part in predicate.parts))
        case _:
            return true()


def _text_in(name: str, texts: tuple[str, ...], columns: _Columns) -> Condition:
    """A text that is not there, "" in the row, is null in SQL."""
    if "" in texts:
        return true()
    if name in columns.texts:
        column = columns.texts[name]
        return or_(func.lower(column).in_(texts), column.regexp_match(_UNFOLDED))
    return columns.says(name, texts)


def _item_says(name: str, texts: tuple[str, ...]) -> Condition:
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


def _compared(predicate: Comparison, columns: _Columns) -> Condition:
    column = columns.numbers.get(predicate.column)
    if column is None:
        return true()
    slack = _NEAR * max(1.0, abs(predicate.number))
    if predicate.operator in (">=", ">"):
        return column >= predicate.number - slack
    return column <= predicate.number + slack


_TEXTS_OF_PRODUCT: Mapping[str, ColumnElement[str]] = {
    "tenant_id": _PRODUCT.c.tenant_id,
    "product_id": _PRODUCT.c.id,
    "external_id": _PRODUCT.c.external_id,
    "brand": _PRODUCT.c.brand,
    "product_category": _PRODUCT.c.category,
    "product_type": _PRODUCT.c.product_type,
    "availability": _PRODUCT.c.availability,
    "currency": _PRODUCT.c.price_currency,
}
_PRICE = {"price": _PRODUCT.c.price_units + _PRODUCT.c.price_nanos / 1e9}
_OF_PRODUCT = _Columns(_TEXTS_OF_PRODUCT, _PRICE, lambda *_: false())
"""Of a product without items, which has no other texts."""
_OF_ITEM = _Columns(
    {
        **_TEXTS_OF_PRODUCT,
        "tenant_id": _PREDICTION.c.tenant_id,
        "product_id": _IMAGE.c.product_id,
        "label": func.coalesce(_ITEM.c.corrected_label, _PREDICTION.c.label),
    },
    {**_PRICE, "garment_score": _PREDICTION.c.garment_score},
    _item_says,
)
