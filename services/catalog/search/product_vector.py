"""The vector of a product: that of its primary item, with less weight those of its other photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from domain.types import FloatArray, ModelVersion
from services.catalog.records.items import Item, read_embeddings, read_primary_items
from services.catalog.records.products import Product, ProductKey, read_product

OTHERS_WEIGHT = 0.5
"""The weight of all other items together; the primary item has 1."""
_MAX_ITEMS = 64


@dataclass(frozen=True, slots=True, eq=False)
class ProductViews:
    """A product, the items that represent its photos, its primary item first, and their vectors (D,).

    Only items that have a vector have an entry in `vectors`, in the same order.
    """

    product: Product
    items: Sequence[Item]
    vectors: Sequence[FloatArray]


def read_product_views(
    session: Session, tenant_id: str, product_id: str, version: ModelVersion
) -> ProductViews:
    """The first items of a product, with their vectors of `version`.

    Raises:
        NotFound: no such product.
    """
    product = read_product(session, tenant_id, ProductKey(product_id))
    primary = product.primary_item_id
    items = read_primary_items(session, tenant_id, product_id)
    items = sorted(items, key=lambda item: (item.id != primary, item.id))[:_MAX_ITEMS]
    vectors = read_embeddings(session, tenant_id, [item.id for item in items], version)
    return ProductViews(product, items, [vectors[item.id] for item in items if item.id in vectors])


def product_vector(vectors: Sequence[FloatArray]) -> FloatArray:
    """(D,): the first of the vectors (D,) plus `OTHERS_WEIGHT` times the mean of the others."""
    first, others = vectors[0], vectors[1:]
    return first + np.float32(OTHERS_WEIGHT) * np.mean(others, axis=0) if others else first
