"""Predictions in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from domain.types import ModelVersion
from services.predictions.prediction import Prediction, packed_embeddings
from services.predictions.sql.tables import LoggedPredictionRow as Row
from services.predictions.stored_items import (
    items_from_json,
    items_to_json,
    options_from_json,
    options_to_json,
)
from services.predictions.window import Window


@dataclass(frozen=True, slots=True)
class Expired:
    """An entry that is to be removed."""

    tenant_id: str
    id: str
    has_picture: bool


def insert_predictions(session: Session, predictions: Sequence[Prediction]) -> None:
    """Add entries, all of them or none; one that a given-up write has left is replaced."""
    delete_predictions(session, predictions)
    session.execute(insert(Row), [_columns(each) for each in predictions])


def read_predictions(session: Session, window: Window, size: int) -> list[Prediction]:
    """At most `size` entries, by their ids, which is the order in which they were made."""
    wanted = select(Row).where(
        Row.tenant_id == window.tenant_id, Row.id > window.after, Row.create_us >= window.since_us
    )
    if window.until_us is not None:
        wanted = wanted.where(Row.create_us < window.until_us)
    return [_prediction(row) for row in session.scalars(wanted.order_by(Row.id).limit(size))]


def read_expired(session: Session, before_us: int, size: int) -> list[Expired]:
    """At most `size` entries that were made before a time, of all tenants."""
    wanted = select(Row.tenant_id, Row.id, Row.has_picture).where(Row.create_us < before_us).limit(size)
    return [Expired(*row) for row in session.execute(wanted)]


def delete_predictions(session: Session, entries: Sequence[Expired | Prediction]) -> None:
    """Remove entries; those that are not there are no error."""
    keys = [(each.tenant_id, each.id) for each in entries]
    session.execute(delete(Row).where(tuple_(Row.tenant_id, Row.id).in_(keys)))


def read_some(session: Session, tenant_id: str, size: int) -> list[Expired]:
    """At most `size` entries of a tenant."""
    wanted = select(Row.tenant_id, Row.id, Row.has_picture).where(Row.tenant_id == tenant_id).limit(size)
    return [Expired(*row) for row in session.execute(wanted)]


def count_predictions(session: Session, tenant_id: str) -> int:
    """How many entries a tenant has."""
    return session.scalar(select(func.count()).select_from(Row).where(Row.tenant_id == tenant_id)) or 0


def _columns(prediction: Prediction) -> dict[str, object]:
    width, packed = packed_embeddings(prediction.items)
    return {
        "tenant_id": prediction.tenant_id,
        "id": prediction.id,
        "create_us": prediction.create_us,
        "method": prediction.method,
        "request_id": prediction.request_id,
        **_version_columns("detector", prediction.detector),
        **_version_columns("embedder", prediction.embedder),
        **_version_columns("classifier", prediction.classifier),
        "sha256": prediction.sha256,
        "size_bytes": prediction.size_bytes,
        "width": prediction.width,
        "height": prediction.height,
        "has_picture": prediction.has_picture,
        "text": prediction.text,
        "options": options_to_json(prediction.options),
        "items": items_to_json(prediction.items),
        "embedding_width": width,
        "embeddings": packed,
    }


def _version_columns(model: str, version: ModelVersion) -> dict[str, object]:
    return {
        f"{model}_version": version.model_version,
        f"{model}_preprocess_version": version.preprocess_version,
    }


def _prediction(row: Row) -> Prediction:
    return Prediction(
        tenant_id=row.tenant_id,
        id=row.id,
        create_us=row.create_us,
        method=row.method,
        request_id=row.request_id,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        options=options_from_json(row.options),
        items=items_from_json(row.items, row.embedding_width, row.embeddings),
        width=row.width,
        height=row.height,
        detector=ModelVersion(row.detector_version, row.detector_preprocess_version),
        embedder=ModelVersion(row.embedder_version, row.embedder_preprocess_version),
        classifier=ModelVersion(row.classifier_version, row.classifier_preprocess_version),
        text=row.text,
        has_picture=row.has_picture,
    )
