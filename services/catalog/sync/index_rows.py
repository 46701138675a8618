"""The fields of items and products in the vector index."""

from __future__ import annotations

from collections.abc import Sequence

from domain.clock import MICROSECONDS
from domain.taxonomy import Taxonomy
from services.catalog.records.searchable import SearchableItem
from services.catalog.vectors.row import Columns, Value, VectorRow

COLOR_COLUMNS = ("color_1", "color_2", "color_3", "color_4")
_PRODUCT_COLUMNS = (
    *("product_id", "external_id", "brand", "product_category", "product_type"),
    *("availability", "currency"),
)
_TIMES = ("create_time", "update_time", "product_create_time", "product_update_time")
PRODUCT_ATTRIBUTES = "product_attributes"
"""The column with the attributes of the product, a token each."""


def attribute_column(name: str) -> str:
    """The column of a taxonomy attribute."""
    return "attribute_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in name)


def attribute_token(name: str, value: str) -> str:
    """The token of a product's attribute; the name counts as it is written, the value without its case."""
    return f"{name}={value.casefold()}"


class RowWriter:
    """Writes items as vector rows; texts are case-folded, as filters fold theirs."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        names = [attribute.name for attribute in taxonomy.attributes if attribute.name != "color"]
        self._attributes = {name: attribute_column(name) for name in names}
        self.columns = Columns(
            texts=(*self._attributes.values(), *COLOR_COLUMNS, "label", *_PRODUCT_COLUMNS),
            numbers=("price", "garment_score", *_TIMES),
            flags=("has_price", "has_garment_score", "has_product", "primary_in_image", "primary_in_product"),
            output=(attribute_column("category"), "label", "product_id"),
            tokens=(PRODUCT_ATTRIBUTES,),
        )

    def row(self, item: SearchableItem) -> VectorRow:
        price = item.price
        values: dict[str, Value] = {
            "label": item.label.casefold(),
            "product_id": item.product_id.casefold(),
            "external_id": item.external_id.casefold(),
            "brand": item.brand.casefold(),
            "product_category": item.product_category.casefold(),
            "product_type": item.product_type.casefold(),
            "availability": item.availability,
            "currency": price.currency.casefold() if price else "",
            "price": price.amount if price else 0.0,
            "has_price": price is not None,
            "garment_score": item.garment_score or 0.0,
            "has_garment_score": item.garment_score is not None,
            "create_time": _seconds(item.create_us),
            "update_time": _seconds(item.update_us),
            "product_create_time": _seconds(item.product_create_us),
            "product_update_time": _seconds(item.product_update_us),
            "has_product": item.product_create_us is not None,
            PRODUCT_ATTRIBUTES: tuple(
                attribute_token(name, value) for name, value in item.product_attributes.items()
            ),
            "primary_in_image": item.primary_in_image,
            "primary_in_product": item.primary_in_product,
        }
        for name, column in self._attributes.items():
            values[column] = item.attributes.get(name, "").casefold()
        colors = _colors(item)
        for index, column in enumerate(COLOR_COLUMNS):
            values[column] = colors[index].casefold() if index < len(colors) else ""
        return VectorRow(item.id, item.tenant_id, item.revision, values, item.vector)


def _seconds(moment_us: int | None) -> float:
    return (moment_us or 0) / MICROSECONDS


def _colors(item: SearchableItem) -> Sequence[str]:
    """The colours of an item, largest first; the attribute's answer where none was measured."""
    if item.colors:
        return item.colors
    return (item.attributes["color"],) if "color" in item.attributes else ()
