"""A change that a person makes of an item, with all that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.quota import TenantUse
from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from services.catalog.records.corrections import Correction, CorrectionKind, FieldChange, insert_correction
from services.catalog.records.image_primary import update_image_primary
from services.catalog.records.item_state import (
    LockedItem,
    differing,
    read_field,
    shown_fields,
    write_field,
)
from services.catalog.records.items import Item, read_items, touch_items
from services.catalog.records.job_queue import insert_job
from services.catalog.records.product_primary import choose_primary_item
from services.catalog.records.products import product_from_row
from services.catalog.records.tenant_use import add_use

_SIDES = slice(0, 4)


@dataclass(frozen=True, slots=True)
class Made:
    """The circumstances of a correction; `job_id` is the id of its job, if it needs one.

    `review_reason` and `batch_id` are those of the correction.
    """

    id: str
    job_id: str
    kind: CorrectionKind
    author: str
    end_user: str
    moment_us: int
    undone_id: str = ""
    review_reason: str = ""
    batch_id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Corrected:
    """An item after a correction.

    Attributes:
        item: None where it is gone.
        correction: None where nothing has changed.
        job_id: the job that makes its new crop and embedding, "" where none is needed.
        use: what the tenant keeps, where that has changed.
    """

    item: Item | None
    correction: Correction | None = None
    job_id: str = ""
    use: TenantUse | None = None


def change_item(
    session: Session, locked: LockedItem, changes: Mapping[str, Any], made: Made, taxonomy: Taxonomy
) -> Corrected:
    """Set fields of an item, and queue its vector row and, where its box is another one, its job.

    The items that represent its photo and its product are chosen again.
    """
    changes = differing(locked, changes)
    tenant_id, item_id = locked.item.tenant_id, locked.item.id
    known = _item(session, locked)
    if not changes:
        return Corrected(known)
    before = {field: read_field(locked, field) for field in changes}
    shown = shown_fields(known, list(changes), locked)
    for field, value in changes.items():
        write_field(locked, field, value, made.moment_us)
    locked.item.corrected = True
    session.flush()
    _follow(session, locked, taxonomy, made.moment_us)
    job_id = _queue(session, locked, before, changes, made)
    item = _item(session, locked)
    shown_after = shown_fields(item, list(changes), locked)
    of_fields = tuple(
        [
            FieldChange(field, before[field], value, shown[field], shown_after[field])
            for field, value in changes.items()
        ]
    )
    correction = _correction(item_id, of_fields, made, known or item)
    insert_correction(session, tenant_id, correction, made.moment_us)
    more = before["deleted"] - changes["deleted"] if "deleted" in changes else 0
    use = add_use(session, tenant_id, TenantUse(items=more)) if more else None
    return Corrected(item, correction, job_id, use)


def confirm_item(session: Session, locked: LockedItem, made: Made) -> Corrected:
    """A person has looked at an item again, of which nothing changes: keep that they did, and when."""
    locked.item.verify_us = made.moment_us
    session.flush()
    item = _item(session, locked)
    correction = _correction(locked.item.id, (), made, item)
    insert_correction(session, locked.item.tenant_id, correction, made.moment_us)
    return Corrected(item, correction)


def _item(session: Session, locked: LockedItem) -> Item | None:
    """The item as callers see it; None where it is deleted."""
    stored = read_items(session, locked.item.tenant_id, [locked.item.id])
    return stored[locked.item.id].item if locked.item.id in stored else None


def _follow(session: Session, locked: LockedItem, taxonomy: Taxonomy, moment_us: int) -> None:
    """Queue the item's vector row, and choose what represents its photo and its product."""
    tenant_id, image_id = locked.item.tenant_id, locked.item.image_id
    touch_items(session, tenant_id, [locked.item.id], moment_us)
    product = product_from_row(locked.product) if locked.product is not None else None
    update_image_primary(session, tenant_id, image_id, product, taxonomy, moment_us)
    if product is not None:
        choose_primary_item(session, tenant_id, product, taxonomy, moment_us)


def _queue(
    session: Session, locked: LockedItem, before: Mapping[str, Any], changes: Mapping[str, Any], made: Made
) -> str:
    """Queue the item's job if it needs a crop and an embedding; returns the job's id, or ""."""
    redrawn = "box" in changes and changes["box"][_SIDES] != before["box"][_SIDES]
    if locked.item.delete_us is not None or not (redrawn or "deleted" in changes):
        return ""
    item = locked.item
    insert_job(session, item.tenant_id, made.job_id, item.image_id, "", "", made.moment_us, item.id)
    return made.job_id


def _correction(
    item_id: str, changes: tuple[FieldChange, ...], made: Made, described: Item | None
) -> Correction:
    return Correction(
        id=made.id,
        item_id=item_id,
        kind=made.kind,
        author=made.author,
        end_user=made.end_user,
        changes=changes,
        version=described.version if described else ModelVersion("", ""),
        undone_id=made.undone_id,
        create_time=datetime_from_us(made.moment_us),
        review_reason=made.review_reason,
        batch_id=made.batch_id,
    )
