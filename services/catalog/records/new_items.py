"""Items that people add, before any model has looked at them."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.errors import AlreadyExists
from domain.types import Box, ModelVersion
from services.catalog.ids import item_id, new_etag
from services.catalog.records.kept_items import next_ordinal
from services.catalog.sql.tables import ItemRow, PredictionRow


def insert_blank_item(
    session: Session, tenant_id: str, image_id: str, version: ModelVersion, moment_us: int
) -> str:
    """Add an item without a box to a photo that is locked, as one that is deleted; returns its id.

    The correction that gives it its box makes it live, so that undoing that one deletes it again.
    """
    ordinal = next_ordinal(session, tenant_id, image_id)
    id = item_id(image_id, ordinal)
    key = {"tenant_id": tenant_id, "image_id": image_id, "id": id, "ordinal": ordinal}
    box = {"x1": 0.0, "y1": 0.0, "x2": 0.0, "y2": 0.0, "whole_image": False, "primary_in_image": False}
    times = {"create_us": moment_us, "update_us": moment_us, "delete_us": moment_us}
    session.execute(
        insert(ItemRow).values(**key, **box, **times, etag=new_etag(), added=True, corrected=True)
    )
    session.execute(insert(PredictionRow).values(**_said_by_none(tenant_id, id, version, moment_us)))
    return id


def check_new_box(session: Session, tenant_id: str, image_id: str, box: Box) -> None:
    """Raises AlreadyExists where an item of the photo has this very box."""
    query = select(ItemRow.id).where(
        ItemRow.tenant_id == tenant_id,
        ItemRow.image_id == image_id,
        ItemRow.delete_us.is_(None),
        ItemRow.x1 == box.x1,
        ItemRow.y1 == box.y1,
        ItemRow.x2 == box.x2,
        ItemRow.y2 == box.y2,
    )
    taken = session.scalar(query.limit(1))
    if taken is not None:
        message = f"item {taken!r} of the photo has this box; correct or restore that one"
        raise AlreadyExists(message, resource="item", id=taken, reason="ITEM_EXISTS")


def _said_by_none(tenant_id: str, id: str, version: ModelVersion, moment_us: int) -> dict[str, object]:
    """A prediction that says nothing, until the item's job has one."""
    return {
        "tenant_id": tenant_id,
        "item_id": id,
        "model_version": version.model_version,
        "preprocess_version": version.preprocess_version,
        "detector_version": "",
        "detector_preprocess_version": "",
        "score": 1.0,
        "label": "",
        "attributes": {},
        "colors": [],
        "warnings": [],
        "create_us": moment_us,
    }
