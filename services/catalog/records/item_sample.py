"""Samples of items: a bounded number of each category, drawn in SQL."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from domain.types import ModelVersion
from services.catalog.records.items import revision_of
from services.catalog.records.narrowing import Condition
from services.catalog.records.wardrobe import OWN_PRODUCT_TYPE
from services.catalog.sql.tables import ImageRow, ItemRow, PredictionRow, ProductRow
from services.catalog.sql.upsert import table_of

_CHUNK = 500
_KEY_BITS = 48
_ITEM, _IMAGE, _PRODUCT = table_of(ItemRow), table_of(ImageRow), table_of(ProductRow)
_PREDICTION = table_of(PredictionRow)
_KEY = func.substr(_PREDICTION.c.item_id, literal_column("25"))
"""The last 12 digits of an id, which are random: items in their order are in an order of chance. They are
lower-case hexadecimal, which every collation orders alike. The index of samples has the same expression.
"""
_OF_THE_SHOP = func.lower(func.coalesce(_PRODUCT.c.product_type, "")) != OWN_PRODUCT_TYPE
"""Leaves out what end users own, so that it takes no place of a sample."""
_OF_CATEGORY = (
    select(_PREDICTION.c.item_id, _ITEM.c.etag, _PRODUCT.c.etag)
    .join_from(
        _PREDICTION,
        _ITEM,
        (_ITEM.c.tenant_id == _PREDICTION.c.tenant_id) & (_ITEM.c.id == _PREDICTION.c.item_id),
    )
    .join(_IMAGE, (_IMAGE.c.tenant_id == _ITEM.c.tenant_id) & (_IMAGE.c.id == _ITEM.c.image_id))
    .outerjoin(
        _PRODUCT, (_PRODUCT.c.tenant_id == _IMAGE.c.tenant_id) & (_PRODUCT.c.id == _IMAGE.c.product_id)
    )
    .where(
        _PREDICTION.c.tenant_id == bindparam("tenant_id"),
        _PREDICTION.c.model_version == bindparam("model_version"),
        _PREDICTION.c.preprocess_version == bindparam("preprocess_version"),
        _PREDICTION.c.category == bindparam("category"),
        _ITEM.c.delete_us.is_(None),
        _ITEM.c.reject_reason.is_(None),
        _OF_THE_SHOP,
    )
    .order_by(_KEY)
    .limit(bindparam("most"))
)
_IN_TURN = tuple(
    _OF_CATEGORY.where(_ITEM.c.primary_in_image.is_(represents), part)
    for represents in (True, False)
    for part in (bindparam("start") <= _KEY, bindparam("start") > _KEY)
)
"""First the items that represent their photos, since what a photo shows beside is often no garment; of each
kind those from the start on, and then those before it.
"""
_WORDS = (
    select(_ITEM.c.id, _ITEM.c.corrected_label, _PRODUCT.c.display_name)
    .join_from(_ITEM, _IMAGE, (_IMAGE.c.tenant_id == _ITEM.c.tenant_id) & (_IMAGE.c.id == _ITEM.c.image_id))
    .outerjoin(
        _PRODUCT, (_PRODUCT.c.tenant_id == _IMAGE.c.tenant_id) & (_PRODUCT.c.id == _IMAGE.c.product_id)
    )
    .where(
        _ITEM.c.tenant_id == bindparam("tenant_id"),
        _ITEM.c.id.in_(bindparam("item_ids", expanding=True)),
    )
)


@dataclass(frozen=True, slots=True)
class ItemWords:
    """What people call an item: its label, "" where that is the model's, and its product's name, if any."""

    label: str
    product_name: str


def sample_ids(
    session: Session,
    tenant_id: str,
    version: ModelVersion,
    categories: Sequence[str],
    seed: int,
    most: int,
    condition: Condition,
) -> dict[str, dict[str, str]]:
    """By category, as the model of `version` tells it, at most `most` items of the shop, not of wardrobes,
    that meet a condition: their ids, each with the revision of what is stored of it, see `revision_of`. Those
    that represent their photos come first.

    The same seed draws the same items of the same catalogue, in the same order, on every database.
    """
    found: dict[str, dict[str, str]] = {}
    for category in categories:
        wanted = {
            "tenant_id": tenant_id,
            "model_version": version.model_version,
            "preprocess_version": version.preprocess_version,
            "category": category,
            "start": _start(seed, category),
        }
        drawn: list[Any] = []
        for statement in _IN_TURN:
            if len(drawn) < most:
                drawn += session.execute(statement.where(condition), wanted | {"most": most - len(drawn)})
        found[category] = {item_id: revision_of(*etags) for item_id, *etags in drawn}
    return found


def _start(seed: int, category: str) -> str:
    """The key from which on items are drawn, back to the first behind the last.

    A text seeds `Random` by its SHA-512, so that every process draws the same.
    """
    return f"{random.Random(f'{seed} {category}').getrandbits(_KEY_BITS):012x}"


def read_words(session: Session, tenant_id: str, item_ids: Sequence[str]) -> dict[str, ItemWords]:
    """What people call these items, by id."""
    words: dict[str, ItemWords] = {}
    for start in range(0, len(item_ids), _CHUNK):
        wanted = {"tenant_id": tenant_id, "item_ids": item_ids[start : start + _CHUNK]}
        for item_id, label, product_name in session.execute(_WORDS, wanted):
            words[item_id] = ItemWords(label or "", product_name or "")
    return words
