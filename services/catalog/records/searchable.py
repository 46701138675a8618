"""The fields of items that the vector index has, read without those that are only displayed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Text, bindparam, cast, func, select
from sqlalchemy.orm import Session

from domain.types import AttributeValue, FloatArray, ModelVersion
from services.catalog.records.attributes import StoredAttribute, attribute_from_json, top_value
from services.catalog.records.items import revision_of
from services.catalog.records.money import Money
from services.catalog.records.overlay import attributes_over, color_names_over, label_over
from services.catalog.sql.tables import EmbeddingRow, ImageRow, ItemRow, PredictionRow, ProductRow
from services.catalog.sql.upsert import AnyRow, table_of

_CHUNK = 500
_ITEM, _IMAGE, _PRODUCT = table_of(ItemRow), table_of(ImageRow), table_of(ProductRow)
_PREDICTION, _EMBEDDING = table_of(PredictionRow), table_of(EmbeddingRow)
_OF_VERSION = (
    _EMBEDDING.c.model_version == bindparam("model_version"),
    _EMBEDDING.c.preprocess_version == bindparam("preprocess_version"),
    _EMBEDDING.c.width == bindparam("width"),
)
_ALL = (
    select(
        *(_ITEM.c.tenant_id, _ITEM.c.id, _ITEM.c.etag, _ITEM.c.primary_in_image, _IMAGE.c.product_id),
        *(_ITEM.c.create_us, _ITEM.c.update_us, _PREDICTION.c.label, _EMBEDDING.c.vector),
        cast(_PREDICTION.c.attributes, Text).label("attributes"),
        cast(_ITEM.c.corrected_attributes, Text).label("corrected_attributes"),
        _ITEM.c.corrected_label,
        cast(_PREDICTION.c.colors, Text).label("colors"),
        _PREDICTION.c.garment_score,
        cast(_PRODUCT.c.attributes, Text).label("product_attributes"),
        *(_PRODUCT.c.etag.label("product_etag"), _PRODUCT.c.primary_item_id, _PRODUCT.c.external_id),
        *(_PRODUCT.c.create_us.label("product_create_us"), _PRODUCT.c.update_us.label("product_update_us")),
        *(_PRODUCT.c.brand, _PRODUCT.c.category, _PRODUCT.c.product_type, _PRODUCT.c.availability),
        *(_PRODUCT.c.price_currency, _PRODUCT.c.price_units, _PRODUCT.c.price_nanos),
    )
    .join_from(
        _EMBEDDING,
        _ITEM,
        (_ITEM.c.tenant_id == _EMBEDDING.c.tenant_id) & (_ITEM.c.id == _EMBEDDING.c.item_id),
    )
    .join(
        _PREDICTION,
        (_PREDICTION.c.tenant_id == _EMBEDDING.c.tenant_id)
        & (_PREDICTION.c.item_id == _EMBEDDING.c.item_id)
        & (_PREDICTION.c.model_version == _EMBEDDING.c.model_version)
        & (_PREDICTION.c.preprocess_version == _EMBEDDING.c.preprocess_version),
    )
    .join(_IMAGE, (_IMAGE.c.tenant_id == _ITEM.c.tenant_id) & (_IMAGE.c.id == _ITEM.c.image_id))
    .outerjoin(
        _PRODUCT, (_PRODUCT.c.tenant_id == _IMAGE.c.tenant_id) & (_PRODUCT.c.id == _IMAGE.c.product_id)
    )
    .where(*_OF_VERSION, _ITEM.c.delete_us.is_(None), _ITEM.c.reject_reason.is_(None))
)
_BY_IDS = _ALL.where(
    _EMBEDDING.c.tenant_id == bindparam("tenant_id"),
    _EMBEDDING.c.item_id.in_(bindparam("item_ids", expanding=True)),
)
_COUNT = select(func.count()).select_from(_EMBEDDING).where(*_OF_VERSION)
_COUNT_LIVE = _COUNT.join_from(
    _EMBEDDING,
    _ITEM,
    (_ITEM.c.tenant_id == _EMBEDDING.c.tenant_id) & (_ITEM.c.id == _EMBEDDING.c.item_id),
).where(_ITEM.c.delete_us.is_(None), _ITEM.c.reject_reason.is_(None))


@dataclass(frozen=True, slots=True, eq=False)
class SearchableItem:
    """An item as one model version or people describe it, with the fields of its product that filters use.

    Attributes:
        revision: changes with the item and with its product.
        create_us, update_us: microseconds since 1970; those of the product are None without one.
        primary_in_image: it represents its photo.
        primary_in_product: it represents its product.
        attributes: the value with the highest score, by attribute.
        answers: all that is said, by attribute, as it is stored; see `answer`.
        colors: names, the largest share first.
        garment_score: 0 to 1; None where the model was not asked.
        vector: (D,) float32 of length one.
    """

    tenant_id: str
    id: str
    revision: str
    label: str
    primary_in_image: bool
    primary_in_product: bool
    attributes: Mapping[str, str]
    answers: Mapping[str, StoredAttribute]
    colors: Sequence[str]
    garment_score: float | None
    vector: FloatArray
    product_id: str
    external_id: str
    brand: str
    product_category: str
    product_type: str
    availability: str
    price: Money | None
    create_us: int
    update_us: int
    product_create_us: int | None
    product_update_us: int | None
    product_attributes: Mapping[str, str]

    def answer(self, name: str) -> AttributeValue:
        """What is said of an attribute; empty where nothing is."""
        return attribute_from_json(self.answers[name]) if name in self.answers else AttributeValue()


def count_searchable(session: Session, version: ModelVersion, width: int) -> int:
    """How many items have a vector of that version; those that were deleted since count, too."""
    return session.scalar(_COUNT, asdict(version) | {"width": width}) or 0


def count_live(session: Session, version: ModelVersion, width: int) -> int:
    """How many items that are live and not rejected have a vector of that version."""
    return session.scalar(_COUNT_LIVE, asdict(version) | {"width": width}) or 0


def stream_searchable(session: Session, version: ModelVersion, width: int) -> Iterator[SearchableItem]:
    """Every item with a vector of that version that is live and not rejected."""
    options = {"yield_per": _CHUNK}
    found = session.execute(_ALL, asdict(version) | {"width": width}, execution_options=options)
    return chain.from_iterable(map(_searchable_items, found.partitions()))


def read_searchable(
    session: Session, tenant_id: str, item_ids: Sequence[str], version: ModelVersion, width: int
) -> list[SearchableItem]:
    """Those of the items that are live, not rejected and have a vector of that version."""
    found: list[SearchableItem] = []
    for start in range(0, len(item_ids), _CHUNK):
        wanted = {"tenant_id": tenant_id, "item_ids": item_ids[start : start + _CHUNK], "width": width}
        found += _searchable_items(session.execute(_BY_IDS, wanted | asdict(version)).all())
    return found


def _searchable_items(rows: Sequence[AnyRow]) -> Iterator[SearchableItem]:
    """Decode the JSON of all rows in one call, which is quicker than one for each row."""
    attributes = orjson.loads(f"[{','.join([row.attributes for row in rows])}]")
    colors = orjson.loads(f"[{','.join([row.colors for row in rows])}]")
    of_products = orjson.loads(f"[{','.join([row.product_attributes or '{}' for row in rows])}]")
    said = orjson.loads(f"[{','.join([row.corrected_attributes for row in rows])}]")
    return map(_searchable_item, rows, attributes, colors, of_products, said)


def _searchable_item(
    row: AnyRow,
    attributes: Mapping[str, StoredAttribute],
    colors: Sequence[Sequence[Any]],
    product_attributes: Mapping[str, str],
    said: Mapping[str, Any],
) -> SearchableItem:
    tenant_id, id, etag, primary_in_image, product_id, create_us, update_us, *rest = row
    label, vector, _, _, corrected_label, _, garment_score, _, *of_product = rest
    product_etag, primary_item_id, external_id, product_create_us, product_update_us, *of_product = of_product
    brand, category, product_type, availability, *price = of_product
    effective = attributes_over(attributes, said, colors)
    return SearchableItem(
        tenant_id=tenant_id,
        id=id,
        revision=revision_of(etag, product_etag),
        label=label_over(label, corrected_label, said),
        primary_in_image=primary_in_image,
        primary_in_product=primary_item_id == id,
        attributes={name: top_value(stored) for name, stored in effective.items()},
        answers=effective,
        colors=color_names_over([color[0] for color in colors], said),
        garment_score=garment_score,
        vector=np.frombuffer(vector, "<f4").astype(np.float32, copy=False),
        product_id=product_id or "",
        external_id=external_id or "",
        brand=brand or "",
        product_category=category or "",
        product_type=product_type or "",
        availability=availability or "",
        price=_price(*price),
        create_us=create_us,
        update_us=update_us,
        product_create_us=product_create_us,
        product_update_us=product_update_us,
        product_attributes=product_attributes,
    )


def _price(currency: str | None, units: Any, nanos: Any) -> Money | None:
    return None if currency is None else Money(currency, units or 0, nanos or 0)
