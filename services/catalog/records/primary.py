"""Which garment of a photo is the product, and which of a product's photos shows it best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, FloatArray
from services.catalog.records.items import Item
from services.catalog.records.products import Product


def category_of(label: str, attributes: Mapping[str, AttributeValue], taxonomy: Taxonomy) -> str:
    """The taxonomy's category of an item: its attribute's, else its label's, else ""."""
    return canonical_category_of(
        attributes["category"].value if "category" in attributes else "", label, taxonomy
    )


def canonical_category_of(category: str, label: str, taxonomy: Taxonomy) -> str:
    """As `category_of`, from the attribute's value, "" if there is none."""
    return taxonomy.canonical_category(category or label) or category.casefold()


def target_category(name: str, category: str, product_type: str, taxonomy: Taxonomy) -> str:
    """The category to look for in a product's photos: its own, else the first that its type names, else the
    first in its name, else "".
    """
    if category:
        return category
    named = (*taxonomy.categories_in(product_type), *taxonomy.categories_in(name))
    return named[0] if named else ""


def product_target(product: Product, taxonomy: Taxonomy) -> str:
    """As `target_category`, of a product."""
    return target_category(product.display_name, product.category, product.product_type, taxonomy)


def category_fit(item: AnalyzedItem | Item, category: str, taxonomy: Taxonomy) -> float:
    """How well a crop fits a category, 0 to 2: what the attribute and the detector's label say for it."""
    fit = 0.0
    answer = item.attributes.get("category")
    if answer is not None and taxonomy.canonical_category(answer.value) == category:
        fit += answer.score
    if taxonomy.canonical_category(item.label) == category:
        fit += item.score
    return fit


def best_fit(items: Sequence[AnalyzedItem | Item], category: str, taxonomy: Taxonomy) -> int | None:
    """The index of the crop that fits a category best; None where none fits, or the category is ""."""
    fits = [category_fit(item, category, taxonomy) if category else 0.0 for item in items]
    return int(np.argmax(fits)) if max(fits) > 0.0 else None


def choose_primary(
    items: Sequence[AnalyzedItem | Item], category: str, name_embedding: FloatArray | None, taxonomy: Taxonomy
) -> int:
    """The index of the crop that represents its photo; the items are all accepted and at least one.

    The best fit to the category; where there is none, the crop nearest to the product's name (D,); without a
    name, the largest by area times confidence.
    """
    fit = best_fit(items, category, taxonomy)
    if fit is not None:
        return fit
    if name_embedding is not None:
        return int(np.argmax([_cosine(item, name_embedding) for item in items]))
    return int(np.argmax([item.box.width * item.box.height * max(item.score, 1e-6) for item in items]))


def choose_product_primary(items: Sequence[Item], product: Product, taxonomy: Taxonomy) -> str:
    """The id of the item that represents the product, "" where it has none.

    `items` are the primary ones of its photos. The best fit to the product's category counts, then the oldest
    photo: ids of images sort by time.
    """
    category = product_target(product, taxonomy)

    def rank(item: Item) -> tuple[float, str]:
        return (-category_fit(item, category, taxonomy) if category else 0.0, item.image_id)

    return min(items, key=rank).id if items else ""


def _cosine(item: AnalyzedItem | Item, name_embedding: FloatArray) -> float:
    return -1.0 if item.embedding is None else float(item.embedding @ name_embedding)
