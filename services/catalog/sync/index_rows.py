"""What of an item and its product the vector store knows."""

from __future__ import annotations

from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from services.catalog.records.items import Item, StoredItem
from services.catalog.records.products import Product
from services.catalog.vectors.row import Columns, VectorRow

COLOR_COLUMNS = ("color_1", "color_2", "color_3", "color_4")


def attribute_column(name: str) -> str:
    """The column of a taxonomy attribute."""
    return "attribute_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in name)


class RowWriter:
    """Writes items as vector rows; texts are case-folded, as filters fold theirs."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        names = [attribute.name for attribute in taxonomy.attributes if attribute.name != "color"]
        self._attributes = {name: attribute_column(name) for name in names}
        texts = (*self._attributes.values(), *COLOR_COLUMNS, "label", *_product_texts(None))
        self.columns = Columns(
            texts=texts,
            numbers=("price",),
            flags=("has_price", "is_primary"),
            shown=(attribute_column("category"), "label"),
        )

    def row(self, tenant_id: str, stored: StoredItem, vector: FloatArray) -> VectorRow:
        """`vector` is (D,) float32 of length one."""
        item, product = stored.item, stored.product
        texts = self._item_texts(item) | _product_texts(product) | {"product_id": item.product_id}
        price = product.price if product else None
        values: dict[str, str | float | bool] = {name: text.casefold() for name, text in texts.items()}
        values["price"] = price.amount if price else 0.0
        values["has_price"] = price is not None
        values["is_primary"] = item.primary
        return VectorRow(item.id, tenant_id, stored.revision, values, vector)

    def _item_texts(self, item: Item) -> dict[str, str]:
        answers = {
            column: item.attributes[name].value if name in item.attributes else ""
            for name, column in self._attributes.items()
        }
        shown = (*item_colors(item), *[""] * len(COLOR_COLUMNS))
        return answers | {"label": item.label} | dict(zip(COLOR_COLUMNS, shown, strict=False))


def item_colors(item: Item) -> tuple[str, ...]:
    """The colours of an item, largest first; the attribute's answer where none was measured."""
    if item.colors:
        return tuple(color.name for color in item.colors)
    return (item.attributes["color"].value,) if "color" in item.attributes else ()


def _product_texts(product: Product | None) -> dict[str, str]:
    if product is None:
        return dict.fromkeys(("product_id", "brand", "product_category", "currency"), "")
    return {
        "product_id": product.id,
        "brand": product.brand,
        "product_category": product.category,
        "currency": product.price.currency if product.price else "",
    }
