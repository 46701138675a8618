"""Items: the garments found in photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.types import (
    AnalyzedItem,
    AttributeValue,
    Box,
    ColorShare,
    FloatArray,
    ModelVersion,
    QualityIssue,
)
from services.catalog import outbox
from services.catalog.clock import datetime_from_us
from services.catalog.ids import new_etag
from services.catalog.paging import Cursor
from services.catalog.products import Product, product_from_row
from services.catalog.tables import EmbeddingRow, ImageRow, ItemRow, PredictionRow, ProductRow

_CHUNK = 500


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A garment with what the model of `version` says of it; sizes in pixels of the upright photo.

    `embedding` is (D,) float32, and `crop` a JPEG, where asked for.
    """

    id: str
    image_id: str
    image_name: str
    product_id: str
    box: Box
    image_width: int
    image_height: int
    score: float
    label: str
    whole_image: bool
    primary: bool
    version: ModelVersion
    create_time: datetime
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    colors: tuple[ColorShare, ...] = ()
    warnings: tuple[QualityIssue, ...] = ()
    embedding: FloatArray | None = None
    crop: bytes | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StoredItem:
    """An item with its product, if any, and a revision that changes with either."""

    item: Item
    product: Product | None
    revision: str


@dataclass(frozen=True, slots=True, eq=False)
class FoundItem:
    """An accepted item of an analysis, with the id it gets."""

    id: str
    ordinal: int
    analyzed: AnalyzedItem
    primary: bool


def write_items(
    session: Session,
    tenant_id: str,
    image_id: str,
    found: Sequence[FoundItem],
    embedder: ModelVersion,
    detector: ModelVersion,
    moment_us: int,
) -> None:
    """Write the items of a photo with their predictions and embeddings.

    Where the photo was indexed before, its items are changed in place and those not found again are deleted;
    what other versions said of them stays.
    """
    _retire_items(session, tenant_id, image_id, [entry.id for entry in found], moment_us)
    for entry in found:
        session.merge(_item_row(session, tenant_id, image_id, entry, moment_us))
    session.flush()
    for entry in found:
        key = {
            "tenant_id": tenant_id,
            "item_id": entry.id,
            "model_version": embedder.model_version,
            "preprocess_version": embedder.preprocess_version,
            "create_us": moment_us,
        }
        session.merge(_prediction_row(entry.analyzed, detector, key))
        if entry.analyzed.embedding is not None:
            session.merge(_embedding_row(entry.analyzed.embedding, key))
    session.flush()
    outbox.enqueue(session, tenant_id, [entry.id for entry in found], "upsert", moment_us)


def _retire_items(
    session: Session, tenant_id: str, image_id: str, kept: Sequence[str], moment_us: int
) -> None:
    """Delete the items of an image but those to keep."""
    of_image = (ItemRow.tenant_id == tenant_id, ItemRow.image_id == image_id, ItemRow.delete_us.is_(None))
    gone = session.scalars(select(ItemRow.id).where(*of_image, ItemRow.id.not_in(kept))).all()
    session.execute(
        update(ItemRow)
        .where(ItemRow.tenant_id == tenant_id, ItemRow.id.in_(gone))
        .values(delete_us=moment_us, update_us=moment_us)
    )
    outbox.enqueue(session, tenant_id, gone, "delete", moment_us)


def read_items(
    session: Session, tenant_id: str, item_ids: Sequence[str], version: ModelVersion | None = None
) -> dict[str, StoredItem]:
    """The items that are there and not deleted, by id, as `version` (or the newest) describes them."""
    stored: dict[str, StoredItem] = {}
    for start in range(0, len(item_ids), _CHUNK):
        query = _select_items(tenant_id, version).where(ItemRow.id.in_(item_ids[start : start + _CHUNK]))
        stored |= {row[0].id: _stored(row) for row in session.execute(query)}
    return stored


def read_item(session: Session, tenant_id: str, item_id: str) -> Item:
    """One item.

    Raises:
        NotFound: this tenant has none of that id.
    """
    stored = read_items(session, tenant_id, [item_id])
    if item_id not in stored:
        raise NotFound("item", item_id)
    return stored[item_id].item


def list_items(
    session: Session, tenant_id: str, cursor: Cursor, product_id: str, image_id: str
) -> list[Item]:
    """Newest first, one more than the page's size where there are more."""
    query = select(ItemRow.id).where(ItemRow.tenant_id == tenant_id, ItemRow.delete_us.is_(None))
    if product_id:
        image_of = (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id)
        query = query.join(ImageRow, image_of).where(ImageRow.product_id == product_id)
    if image_id:
        query = query.where(ItemRow.image_id == image_id)
    if cursor.before:
        query = query.where(ItemRow.id < cursor.before)
    ids = session.scalars(query.order_by(ItemRow.id.desc()).limit(cursor.size + 1)).all()
    stored = read_items(session, tenant_id, ids)
    return [stored[item_id].item for item_id in ids if item_id in stored]


def read_embedding(
    session: Session, tenant_id: str, item_id: str, version: ModelVersion
) -> FloatArray | None:
    """(D,) float32, or None where that version has not seen the item."""
    return read_embeddings(session, tenant_id, [item_id], version).get(item_id)


def read_embeddings(
    session: Session, tenant_id: str, item_ids: Sequence[str], version: ModelVersion
) -> dict[str, FloatArray]:
    """(D,) float32 by item id."""
    vectors: dict[str, FloatArray] = {}
    for start in range(0, len(item_ids), _CHUNK):
        query = select(EmbeddingRow.item_id, EmbeddingRow.vector).where(
            EmbeddingRow.tenant_id == tenant_id,
            EmbeddingRow.item_id.in_(item_ids[start : start + _CHUNK]),
            EmbeddingRow.model_version == version.model_version,
            EmbeddingRow.preprocess_version == version.preprocess_version,
        )
        for item_id, vector in session.execute(query):
            vectors[item_id] = np.frombuffer(vector, dtype="<f4").astype(np.float32)
    return vectors


def count_unseen(session: Session, version: ModelVersion) -> int:
    """How many live items have no embedding of that version."""
    query = select(func.count()).where(ItemRow.delete_us.is_(None), ~_seen_by(version))
    return session.scalar(query) or 0


def _seen_by(version: ModelVersion) -> ColumnElement[bool]:
    return (
        select(EmbeddingRow.item_id)
        .where(
            EmbeddingRow.tenant_id == ItemRow.tenant_id,
            EmbeddingRow.item_id == ItemRow.id,
            EmbeddingRow.model_version == version.model_version,
            EmbeddingRow.preprocess_version == version.preprocess_version,
        )
        .exists()
    )


def embedded_items(
    session: Session, tenant_id: str, item_ids: Sequence[str], version: ModelVersion
) -> set[str]:
    """Those of the items that have an embedding of that version."""
    found: set[str] = set()
    for start in range(0, len(item_ids), _CHUNK):
        query = select(EmbeddingRow.item_id).where(
            EmbeddingRow.tenant_id == tenant_id,
            EmbeddingRow.item_id.in_(item_ids[start : start + _CHUNK]),
            EmbeddingRow.model_version == version.model_version,
            EmbeddingRow.preprocess_version == version.preprocess_version,
        )
        found |= set(session.scalars(query))
    return found


def live_revisions(session: Session, version: ModelVersion) -> dict[tuple[str, str], str]:
    """Revision by (tenant, item id) of every live item with an embedding of that version."""
    query = (
        select(ItemRow.tenant_id, ItemRow.id, ItemRow.etag, ProductRow.etag)
        .join(
            EmbeddingRow, (EmbeddingRow.tenant_id == ItemRow.tenant_id) & (EmbeddingRow.item_id == ItemRow.id)
        )
        .join(ImageRow, (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id))
        .outerjoin(ProductRow, _product_of_image())
        .where(
            ItemRow.delete_us.is_(None),
            EmbeddingRow.model_version == version.model_version,
            EmbeddingRow.preprocess_version == version.preprocess_version,
        )
    )
    return {
        (tenant_id, item_id): _revision(item_etag, product_etag)
        for tenant_id, item_id, item_etag, product_etag in session.execute(query)
    }


def _select_items(
    tenant_id: str, version: ModelVersion | None
) -> Select[ItemRow, ImageRow, PredictionRow, ProductRow]:
    """Rows of (item, image, prediction, product); several predictions of an item come oldest first."""
    prediction_of = (PredictionRow.tenant_id == ItemRow.tenant_id) & (PredictionRow.item_id == ItemRow.id)
    query = (
        select(ItemRow, ImageRow, PredictionRow, ProductRow)
        .join(ImageRow, (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id))
        .join(PredictionRow, prediction_of)
        .outerjoin(ProductRow, _product_of_image())
        .where(ItemRow.tenant_id == tenant_id, ItemRow.delete_us.is_(None))
        .order_by(PredictionRow.create_us)
    )
    if version is not None:
        query = query.where(
            PredictionRow.model_version == version.model_version,
            PredictionRow.preprocess_version == version.preprocess_version,
        )
    return query


def _product_of_image() -> Any:
    return (ProductRow.tenant_id == ImageRow.tenant_id) & (ProductRow.id == ImageRow.product_id)


def _stored(row: Row[ItemRow, ImageRow, PredictionRow, ProductRow]) -> StoredItem:
    item, image, prediction, _ = row
    product: ProductRow | None = row[3]  # an outer join
    return StoredItem(
        _item(item, image, prediction),
        product_from_row(product) if product else None,
        _revision(item.etag, product.etag if product else None),
    )


def _revision(item_etag: str, product_etag: str | None) -> str:
    return f"{item_etag}.{product_etag or ''}"


def _item(item: ItemRow, image: ImageRow, prediction: PredictionRow) -> Item:
    return Item(
        id=item.id,
        image_id=image.id,
        image_name=image.name,
        product_id=image.product_id or "",
        box=Box(item.x1, item.y1, item.x2, item.y2),
        image_width=image.width,
        image_height=image.height,
        score=prediction.score,
        label=prediction.label,
        whole_image=item.whole_image,
        primary=item.is_primary,
        version=ModelVersion(prediction.model_version, prediction.preprocess_version),
        create_time=datetime_from_us(item.create_us),
        attributes={name: AttributeValue(*pair) for name, pair in prediction.attributes.items()},
        colors=tuple(ColorShare(*entry) for entry in prediction.colors),
        warnings=tuple(QualityIssue(name) for name in prediction.warnings),
    )


def _item_row(session: Session, tenant_id: str, image_id: str, found: FoundItem, moment_us: int) -> ItemRow:
    box, earlier = found.analyzed.box, session.get(ItemRow, (tenant_id, found.id))
    return ItemRow(
        tenant_id=tenant_id,
        id=found.id,
        image_id=image_id,
        ordinal=found.ordinal,
        x1=float(box.x1),
        y1=float(box.y1),
        x2=float(box.x2),
        y2=float(box.y2),
        whole_image=found.analyzed.whole_image,
        is_primary=found.primary,
        etag=new_etag(),
        create_us=earlier.create_us if earlier else moment_us,
        update_us=moment_us,
        delete_us=None,
    )


def _prediction_row(analyzed: AnalyzedItem, detector: ModelVersion, key: Mapping[str, Any]) -> PredictionRow:
    return PredictionRow(
        **key,
        detector_version=detector.model_version,
        detector_preprocess_version=detector.preprocess_version,
        score=float(analyzed.score),
        label=analyzed.label,
        attributes={name: [a.value, float(a.score)] for name, a in analyzed.attributes.items()},
        colors=[[c.name, float(c.fraction), int(c.rgb)] for c in analyzed.colors],
        warnings=[issue.value for issue in analyzed.warnings],
    )


def _embedding_row(embedding: FloatArray, key: Mapping[str, Any]) -> EmbeddingRow:
    return EmbeddingRow(**key, width=len(embedding), vector=embedding.astype("<f4").tobytes())
