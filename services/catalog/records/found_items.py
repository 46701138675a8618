"""Found items: what an analysis has found in a photo, written as its items."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.types import AnalyzedItem, AttributeValue, FloatArray, ItemVersions
from services.catalog.ids import new_etag
from services.catalog.records import outbox
from services.catalog.records.attributes import alternatives_to_json, attribute_to_json, uncertainty_of
from services.catalog.sql.tables import CORRECTED_COLUMNS, EmbeddingRow, ItemRow, PredictionRow
from services.catalog.sql.upsert import table_of, upsert_rows

_ITEM = table_of(ItemRow)
_LIVE = select(_ITEM.c.id).where(
    _ITEM.c.tenant_id == bindparam("of_tenant"),
    _ITEM.c.image_id == bindparam("of_image"),
    _ITEM.c.delete_us.is_(None),
)
_RETIRE = update(_ITEM).where(
    _ITEM.c.tenant_id == bindparam("of_tenant"), _ITEM.c.id.in_(bindparam("gone", expanding=True))
)


@dataclass(frozen=True, slots=True, eq=False)
class FoundItem:
    """An accepted item of an analysis, with the id it gets; `primary` says that it represents its photo."""

    id: str
    ordinal: int
    analyzed: AnalyzedItem
    primary: bool


def write_items(
    session: Session,
    tenant_id: str,
    image_id: str,
    found: Sequence[FoundItem],
    versions: ItemVersions,
    moment_us: int,
    kept: Collection[str] = (),
    others: Sequence[tuple[Sequence[FoundItem], ItemVersions]] = (),
) -> int:
    """Write the items of a photo with their predictions and embeddings; returns how many more there are now.

    `others` has what other embedders say of the same items. Where the photo was indexed before, its items are
    changed in place and those that are neither found again nor `kept` are deleted; predictions of other
    versions stay.
    """
    ids = {entry.id for entry in found}
    live = set(session.scalars(_LIVE, {"of_tenant": tenant_id, "of_image": image_id}))
    gone = live - ids - set(kept)
    if gone:
        _retire_items(session, tenant_id, sorted(gone), moment_us)
    put_items(session, tenant_id, image_id, found, versions, moment_us, others)
    return len(ids - live) - len(gone)


def put_items(
    session: Session,
    tenant_id: str,
    image_id: str,
    found: Sequence[FoundItem],
    versions: ItemVersions,
    moment_us: int,
    others: Sequence[tuple[Sequence[FoundItem], ItemVersions]] = (),
) -> None:
    """Write items of a photo with their predictions and embeddings, and leave its others as they are."""
    ids = [entry.id for entry in found]
    upsert_rows(
        session,
        ItemRow,
        [_item_values(tenant_id, image_id, entry, moment_us) for entry in found],
        keep=("create_us", *CORRECTED_COLUMNS),
    )
    for described, of_version in ((found, versions), *others):
        write_version(session, tenant_id, described, of_version, moment_us)
    outbox.enqueue(session, tenant_id, ids, "upsert", moment_us)


def write_version(
    session: Session, tenant_id: str, found: Sequence[FoundItem], versions: ItemVersions, moment_us: int
) -> None:
    """Write what a model says of items, for its version; what others said of them stays."""
    keys = {
        entry.id: {
            "tenant_id": tenant_id,
            "item_id": entry.id,
            "model_version": versions.embedder.model_version,
            "preprocess_version": versions.embedder.preprocess_version,
            "create_us": moment_us,
        }
        for entry in found
    }
    predictions = [keys[entry.id] | _prediction_values(entry.analyzed, versions) for entry in found]
    upsert_rows(session, PredictionRow, predictions)
    embeddings = [
        keys[entry.id] | _embedding_values(entry.analyzed.embedding)
        for entry in found
        if entry.analyzed.embedding is not None
    ]
    upsert_rows(session, EmbeddingRow, embeddings)


def _retire_items(session: Session, tenant_id: str, gone: Sequence[str], moment_us: int) -> None:
    values = {"of_tenant": tenant_id, "gone": gone, "delete_us": moment_us, "update_us": moment_us}
    session.execute(_RETIRE, values)
    outbox.enqueue(session, tenant_id, gone, "delete", moment_us)


def _item_values(tenant_id: str, image_id: str, found: FoundItem, moment_us: int) -> dict[str, Any]:
    box = found.analyzed.box
    return {
        "tenant_id": tenant_id,
        "id": found.id,
        "image_id": image_id,
        "ordinal": found.ordinal,
        "x1": float(box.x1),
        "y1": float(box.y1),
        "x2": float(box.x2),
        "y2": float(box.y2),
        "whole_image": found.analyzed.whole_image,
        "primary_in_image": found.primary,
        "etag": new_etag(),
        "create_us": moment_us,
        "update_us": moment_us,
        "delete_us": None,
    }


def _prediction_values(analyzed: AnalyzedItem, versions: ItemVersions) -> dict[str, Any]:
    detector, classifier = versions.detector, versions.classifier
    category = analyzed.attributes.get("category", AttributeValue())
    return {
        "alternatives": alternatives_to_json(analyzed.attributes),
        "category": category.value,
        "uncertainty": uncertainty_of(category),
        "detector_version": detector.model_version,
        "detector_preprocess_version": detector.preprocess_version,
        "classifier_version": classifier.model_version if classifier else "",
        "classifier_preprocess_version": classifier.preprocess_version if classifier else "",
        "vocabulary_version": versions.vocabulary,
        "garment_score": analyzed.garment_score,
        "categories": [[entry.value, float(entry.score)] for entry in analyzed.categories],
        "score": float(analyzed.score),
        "label": analyzed.label,
        "attributes": {name: attribute_to_json(value) for name, value in analyzed.attributes.items()},
        "colors": [[c.name, float(c.fraction), int(c.rgb)] for c in analyzed.colors],
        "warnings": [issue.value for issue in analyzed.warnings],
    }


def _embedding_values(embedding: FloatArray) -> dict[str, Any]:
    return {"width": len(embedding), "vector": embedding.astype("<f4").tobytes()}
