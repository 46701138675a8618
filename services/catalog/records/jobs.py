"""Jobs: the indexing of one photo, from QUEUED to COMPLETE or FAILED."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.error_record import error_from_record, error_to_record
from domain.errors import AlreadyExists, ArmoireError, NotFound
from services.catalog.clock import datetime_from_us
from services.catalog.records import outbox
from services.catalog.records.collections import IS_CURRENT
from services.catalog.records.paging import Cursor
from services.catalog.sql.tables import (
    CollectionRow,
    EmbeddingRow,
    ImageRow,
    ItemRow,
    JobRow,
    OutboxRow,
    PredictionRow,
    ProductRow,
)
from services.catalog.sql.upsert import AnyRow, table_of


class JobState(StrEnum):
    """CROPPING is decoding and detecting, ANALYZING embedding and describing."""

    QUEUED = "queued"
    CROPPING = "cropping"
    ANALYZING = "analyzing"
    COMPLETE = "complete"
    FAILED = "failed"


_CHUNK = 500


OPEN = (JobState.QUEUED, JobState.CROPPING, JobState.ANALYZING)


@dataclass(frozen=True, slots=True)
class JobItem:
    """An item that a job found."""

    item_id: str
    label: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a try has come, and since when."""

    state: JobState
    attempts: int
    moment_us: int


@dataclass(frozen=True, slots=True)
class Job:
    """The indexing of a photo, as callers see it.

    Attributes:
        error: why it FAILED, or why the last try did not succeed.
        searchable: it is COMPLETE and Search finds all its items.
        outdated: it is COMPLETE and the model served now has not seen one of its items.
    """

    id: str
    image_id: str
    image_name: str
    product_id: str
    state: JobState
    attempts: int
    error: ArmoireError | None = field(compare=False)  # exceptions are equal only to themselves
    items: tuple[JobItem, ...]
    searchable: bool
    create_time: datetime
    update_time: datetime
    outdated: bool = False

    @property
    def ended(self) -> bool:
        """Nothing will change by itself: FAILED, or COMPLETE with no item on its way into search."""
        if self.state is JobState.COMPLETE:
            return self.searchable or self.outdated or not self.items
        return self.state is JobState.FAILED

    def after(self, progress: Progress) -> Job:
        """The job as it is since then; as it is where that is old news."""
        moment = datetime_from_us(progress.moment_us)
        if moment <= self.update_time:
            return self
        return replace(self, state=progress.state, attempts=progress.attempts, update_time=moment)


_JOB, _IMAGE, _ITEM, _PRODUCT = table_of(JobRow), table_of(ImageRow), table_of(ItemRow), table_of(ProductRow)
_PREDICTION, _EMBEDDING = table_of(PredictionRow), table_of(EmbeddingRow)
_COLLECTION, _OUTBOX = table_of(CollectionRow), table_of(OutboxRow)
OF_IMAGE = (_IMAGE.c.tenant_id == _JOB.c.tenant_id) & (_IMAGE.c.id == _JOB.c.image_id)
_SELECT_JOBS = (
    select(
        *(_JOB.c.id, _JOB.c.image_id, _JOB.c.state, _JOB.c.attempts, _JOB.c.error, _JOB.c.fingerprint),
        *(_JOB.c.create_us, _JOB.c.update_us, _IMAGE.c.name, _IMAGE.c.product_id),
    )
    .join_from(_JOB, _IMAGE, OF_IMAGE)
    .where(_JOB.c.tenant_id == bindparam("tenant_id"))
)
_SELECT_JOB = _SELECT_JOBS.where(_JOB.c.id == bindparam("job_id"))
_SELECT_KEY = _SELECT_JOBS.where(_JOB.c.idempotency_key == bindparam("key"))
_SEEN = (
    select(_EMBEDDING.c.item_id)
    .join_from(
        _EMBEDDING,
        _COLLECTION,
        (_COLLECTION.c.model_version == _EMBEDDING.c.model_version)
        & (_COLLECTION.c.preprocess_version == _EMBEDDING.c.preprocess_version),
    )
    .where(IS_CURRENT, _EMBEDDING.c.tenant_id == _ITEM.c.tenant_id, _EMBEDDING.c.item_id == _ITEM.c.id)
    .exists()
)
_WAITING = (
    select(_OUTBOX.c.item_id)
    .join_from(_OUTBOX, _COLLECTION, _COLLECTION.c.name == _OUTBOX.c.collection)
    .where(IS_CURRENT, _OUTBOX.c.tenant_id == _ITEM.c.tenant_id, _OUTBOX.c.item_id == _ITEM.c.id)
    .exists()
)
_SELECT_ITEMS = (
    select(
        *(_ITEM.c.image_id, _ITEM.c.id, _PREDICTION.c.label, _ITEM.c.is_primary),
        *(_SEEN.label("seen"), _WAITING.label("waiting")),
    )
    .join_from(
        _ITEM,
        _PREDICTION,
        (_PREDICTION.c.tenant_id == _ITEM.c.tenant_id) & (_PREDICTION.c.item_id == _ITEM.c.id),
    )
    .where(
        _ITEM.c.tenant_id == bindparam("tenant_id"),
        _ITEM.c.image_id.in_(bindparam("image_ids", expanding=True)),
        _ITEM.c.delete_us.is_(None),
    )
    .order_by(_ITEM.c.ordinal, _PREDICTION.c.create_us)
)
_JOBS_OF_ITEMS = (
    select(_JOB.c.id)
    .join_from(_JOB, _ITEM, (_ITEM.c.tenant_id == _JOB.c.tenant_id) & (_ITEM.c.image_id == _JOB.c.image_id))
    .where(
        _ITEM.c.tenant_id == bindparam("tenant_id"),
        _ITEM.c.id.in_(bindparam("item_ids", expanding=True)),
    )
    .distinct()
)
_INSERT = insert(_JOB)


def insert_job(
    session: Session,
    tenant_id: str,
    job_id: str,
    image_id: str,
    idempotency_key: str,
    fingerprint: str,
    moment_us: int,
) -> None:
    """Queue the indexing of an image."""
    values = {
        "tenant_id": tenant_id,
        "id": job_id,
        "image_id": image_id,
        "state": JobState.QUEUED,
        "attempts": 0,
        "failures": 0,
        "interruptions": 0,
        "run_after_us": moment_us,
        "idempotency_key": idempotency_key or None,
        "fingerprint": fingerprint,
        "create_us": moment_us,
        "update_us": moment_us,
    }
    session.execute(_INSERT, values)


def find_queued(session: Session, tenant_id: str, idempotency_key: str, fingerprint: str) -> Job | None:
    """The job that an earlier call with this key queued.

    Raises:
        AlreadyExists: that call asked for something else.
    """
    if not idempotency_key:
        return None
    row = session.execute(_SELECT_KEY, {"tenant_id": tenant_id, "key": idempotency_key}).first()
    if row is not None and row.fingerprint != fingerprint:
        raise AlreadyExists(
            f"idempotency_key {idempotency_key!r} was used for a different request",
            reason="IDEMPOTENCY_KEY_REUSED",
        )
    return _read_jobs(session, tenant_id, [row])[0] if row is not None else None


def read_job(session: Session, tenant_id: str, job_id: str) -> Job:
    """One job.

    Raises:
        NotFound: this tenant has none of that id.
    """
    row = session.execute(_SELECT_JOB, {"tenant_id": tenant_id, "job_id": job_id}).first()
    if row is None:
        raise NotFound("job", job_id)
    return _read_jobs(session, tenant_id, [row])[0]


def list_jobs(session: Session, tenant_id: str, cursor: Cursor, states: Collection[JobState]) -> list[Job]:
    """Newest first, one more than the page's size where there are more."""
    query = _SELECT_JOBS
    if states:
        query = query.where(_JOB.c.state.in_(states))
    if cursor.before:
        query = query.where(_JOB.c.id < cursor.before)
    query = query.order_by(_JOB.c.id.desc()).limit(cursor.size + 1)
    rows = session.execute(query, {"tenant_id": tenant_id}).all()
    return _read_jobs(session, tenant_id, rows)


def jobs_of_items(session: Session, items: Collection[outbox.ItemKey]) -> set[tuple[str, str]]:
    """(tenant, job id) of every job that found one of the items."""
    found: set[tuple[str, str]] = set()
    for tenant_id in {item.tenant_id for item in items}:
        ids = [item.item_id for item in items if item.tenant_id == tenant_id]
        for start in range(0, len(ids), _CHUNK):
            of_items = {"tenant_id": tenant_id, "item_ids": ids[start : start + _CHUNK]}
            found |= {(tenant_id, row.id) for row in session.execute(_JOBS_OF_ITEMS, of_items)}
    return found


def free_keys(session: Session, tenant_id: str, image_ids: Sequence[str]) -> None:
    """Let the keys of the images' jobs be used again."""
    of_images = (JobRow.tenant_id == tenant_id, JobRow.image_id.in_(image_ids))
    session.execute(update(JobRow).where(*of_images).values(idempotency_key=None))


def requeue_job(session: Session, tenant_id: str, job_id: str, idempotency_key: str, moment_us: int) -> bool:
    """Whether the job was COMPLETE and still has that key; if so it is QUEUED now."""
    values = without_lease(JobState.QUEUED, None, moment_us)
    where = and_(
        JobRow.tenant_id == tenant_id,
        JobRow.id == job_id,
        JobRow.state == JobState.COMPLETE,
        JobRow.idempotency_key == idempotency_key,
    )
    fresh = {"run_after_us": moment_us, "failures": 0, "interruptions": 0}
    changed = session.execute(update(JobRow).where(where).values(values | fresh).returning(JobRow.id))
    return changed.first() is not None


def cancel_jobs(
    session: Session, tenant_id: str, image_ids: Sequence[str], error: ArmoireError, moment_us: int
) -> list[str]:
    """FAIL the open jobs of images; tries under way lose their lease. Returns the jobs' ids."""
    query = select(JobRow).where(
        JobRow.tenant_id == tenant_id, JobRow.image_id.in_(image_ids), JobRow.state.in_(OPEN)
    )
    rows = session.scalars(query.with_for_update()).all()
    for row in rows:
        _end(row, error, moment_us)
    return [row.id for row in rows]


def _end(row: JobRow, error: ArmoireError, moment_us: int) -> None:
    for name, value in without_lease(JobState.FAILED, error, moment_us).items():
        setattr(row, name, value)


def without_lease(state: JobState, error: ArmoireError | None, moment_us: int) -> dict[str, Any]:
    return {
        "state": state,
        "error": None if error is None else error_to_record(error),
        "lease_token": None,
        "lease_expires_us": None,
        "update_us": moment_us,
    }


def _read_jobs(session: Session, tenant_id: str, rows: Sequence[AnyRow]) -> list[Job]:
    done = [row.image_id for row in rows if row.state == JobState.COMPLETE]
    items = _items_of(session, tenant_id, done)
    return [_job(row, items.get(row.image_id, ())) for row in rows]


@dataclass(frozen=True, slots=True)
class _FoundItem:
    """`seen` by the served model; `waiting` to get into its collection."""

    item: JobItem
    seen: bool
    waiting: bool


def _items_of(session: Session, tenant_id: str, image_ids: Sequence[str]) -> dict[str, list[_FoundItem]]:
    """By image, in the order of the analysis."""
    if not image_ids:
        return {}
    rows = session.execute(_SELECT_ITEMS, {"tenant_id": tenant_id, "image_ids": image_ids})
    found: dict[str, dict[str, _FoundItem]] = {}
    for image_id, item_id, label, primary, seen, waiting in rows:
        item = _FoundItem(JobItem(item_id, label, primary), seen, waiting)
        found.setdefault(image_id, {})[item_id] = item
    return {image_id: list(entries.values()) for image_id, entries in found.items()}


def _job(row: AnyRow, found: Sequence[_FoundItem]) -> Job:
    outdated = not all(entry.seen for entry in found)
    return Job(
        id=row.id,
        image_id=row.image_id,
        image_name=row.name,
        product_id=row.product_id or "",
        state=JobState(row.state),
        attempts=row.attempts,
        error=None if row.error is None else error_from_record(row.error),
        items=tuple(entry.item for entry in found),
        searchable=bool(found) and not outdated and not any(entry.waiting for entry in found),
        create_time=datetime_from_us(row.create_us),
        update_time=datetime_from_us(row.update_us),
        outdated=outdated,
    )
