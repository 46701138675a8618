"""Jobs: the indexing of one photo, from QUEUED to COMPLETE or FAILED."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.errors import AlreadyExists, ArmoireError, NotFound
from domain.types import Box
from services.catalog import outbox
from services.catalog.clock import datetime_from_us
from services.catalog.collection import IS_CURRENT
from services.catalog.failures import error_from_json, error_to_json
from services.catalog.paging import Cursor
from services.catalog.rows import AnyRow, table_of
from services.catalog.tables import (
    CollectionRow,
    EmbeddingRow,
    ImageRow,
    ItemRow,
    JobRow,
    OutboxRow,
    PredictionRow,
    ProductRow,
)


class JobState(StrEnum):
    """CROPPING is decoding and detecting, ANALYZING embedding and describing."""

    QUEUED = "queued"
    CROPPING = "cropping"
    ANALYZING = "analyzing"
    COMPLETE = "complete"
    FAILED = "failed"


_CHUNK = 500
_OPEN = (JobState.QUEUED, JobState.CROPPING, JobState.ANALYZING)


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


@dataclass(frozen=True, slots=True)
class Claim:
    """One try at a job, and what it needs to know. It holds the lease as long as its token is the job's."""

    tenant_id: str
    job_id: str
    image_id: str
    token: str
    boxes: tuple[Box, ...]
    product_name: str
    product_category: str
    attempts: int
    failures: int


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """How long a try may go unheard of, and how often a job may fail or be left behind by a dead process."""

    lease_us: int
    max_failures: int
    max_interruptions: int


_JOB, _IMAGE, _ITEM, _PRODUCT = table_of(JobRow), table_of(ImageRow), table_of(ItemRow), table_of(ProductRow)
_PREDICTION, _EMBEDDING = table_of(PredictionRow), table_of(EmbeddingRow)
_COLLECTION, _OUTBOX = table_of(CollectionRow), table_of(OutboxRow)
_OF_IMAGE = (_IMAGE.c.tenant_id == _JOB.c.tenant_id) & (_IMAGE.c.id == _JOB.c.image_id)

_SELECT_JOBS = (
    select(
        *(_JOB.c.id, _JOB.c.image_id, _JOB.c.state, _JOB.c.attempts, _JOB.c.error, _JOB.c.fingerprint),
        *(_JOB.c.create_us, _JOB.c.update_us, _IMAGE.c.name, _IMAGE.c.product_id),
    )
    .join_from(_JOB, _IMAGE, _OF_IMAGE)
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
_SELECT_DUE = (
    select(
        *(_JOB.c.tenant_id, _JOB.c.id, _JOB.c.image_id, _JOB.c.lease_token, _JOB.c.error),
        *(_JOB.c.attempts, _JOB.c.failures, _JOB.c.interruptions),
        *(_IMAGE.c.boxes, _PRODUCT.c.display_name, _PRODUCT.c.category),
    )
    .join_from(_JOB, _IMAGE, _OF_IMAGE)
    .outerjoin(
        _PRODUCT, (_PRODUCT.c.tenant_id == _IMAGE.c.tenant_id) & (_PRODUCT.c.id == _IMAGE.c.product_id)
    )
    .where(
        _JOB.c.state.in_(_OPEN),
        _JOB.c.run_after_us <= bindparam("moment_us"),
        or_(_JOB.c.lease_expires_us.is_(None), _JOB.c.lease_expires_us < bindparam("moment_us")),
    )
    .order_by(_JOB.c.run_after_us, _JOB.c.id)
    .limit(bindparam("max_jobs"))
    .with_for_update(skip_locked=True, of=_JOB)
)
_NEXT_DUE = select(func.min(func.coalesce(_JOB.c.lease_expires_us, _JOB.c.run_after_us))).where(
    _JOB.c.state.in_(_OPEN)
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
_TAKE = update(_JOB).where(_JOB.c.tenant_id == bindparam("of_tenant"), _JOB.c.id == bindparam("of_job"))
_CHANGE = (
    update(_JOB)
    .where(
        _JOB.c.tenant_id == bindparam("of_tenant"),
        _JOB.c.id == bindparam("of_job"),
        _JOB.c.lease_token == bindparam("of_token"),
    )
    .returning(_JOB.c.id)
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
    values = _without_lease(JobState.QUEUED, None, moment_us)
    where = and_(
        JobRow.tenant_id == tenant_id,
        JobRow.id == job_id,
        JobRow.state == JobState.COMPLETE,
        JobRow.idempotency_key == idempotency_key,
    )
    fresh = {"run_after_us": moment_us, "failures": 0, "interruptions": 0}
    changed = session.execute(update(JobRow).where(where).values(values | fresh).returning(JobRow.id))
    return changed.first() is not None


def claim_jobs(session: Session, max_jobs: int, terms: LeaseTerms, moment_us: int) -> list[Claim]:
    """Take jobs that are due, or whose lease ran out; the longest due first.

    A job that dead processes left behind too often is FAILED instead.
    """
    due = session.execute(_SELECT_DUE, {"moment_us": moment_us, "max_jobs": max_jobs})
    taken = [_take_lease(row, terms, moment_us) for row in due]
    if taken:
        session.execute(_TAKE, [values for values, _ in taken])
    return [claim for _, claim in taken if claim is not None]


def next_due_us(session: Session) -> int | None:
    """When the next open job is due or its lease runs out; None where no job is open."""
    moment: int | None = session.scalar(_NEXT_DUE)
    return moment


def release_all_leases(session: Session, moment_us: int) -> None:
    """Let go of every lease: for a process that knows it is the only one."""
    session.execute(
        update(JobRow).where(JobRow.lease_token.is_not(None)).values(lease_expires_us=moment_us - 1)
    )


def renew_lease(session: Session, claim: Claim, expires_us: int) -> bool:
    """Whether the claim still held its lease; if so it is longer now."""
    return _change(session, claim, {"lease_expires_us": expires_us})


def advance_job(session: Session, claim: Claim, state: JobState, moment_us: int) -> bool:
    """Whether the claim still held its lease; if so the job is in `state` now."""
    return _change(session, claim, {"state": state, "update_us": moment_us})


def retry_job(
    session: Session,
    claim: Claim,
    error: ArmoireError | None,
    run_after_us: int,
    moment_us: int,
    *,
    counts: bool,
) -> bool:
    """Queue the job again; `counts` says whether the try counts as a failure."""
    values = _without_lease(JobState.QUEUED, error, moment_us)
    return _change(
        session, claim, values | {"run_after_us": run_after_us, "failures": claim.failures + int(counts)}
    )


def fail_job(session: Session, claim: Claim, error: ArmoireError, moment_us: int) -> bool:
    """End the job for good."""
    return _change(session, claim, _without_lease(JobState.FAILED, error, moment_us))


def complete_job(session: Session, claim: Claim, moment_us: int) -> bool:
    """End the job well; its items belong into the same transaction, undone where this is False."""
    return _change(session, claim, _without_lease(JobState.COMPLETE, None, moment_us))


def cancel_jobs(
    session: Session, tenant_id: str, image_ids: Sequence[str], error: ArmoireError, moment_us: int
) -> list[str]:
    """FAIL the open jobs of images; tries under way lose their lease. Returns the jobs' ids."""
    query = select(JobRow).where(
        JobRow.tenant_id == tenant_id, JobRow.image_id.in_(image_ids), JobRow.state.in_(_OPEN)
    )
    rows = session.scalars(query.with_for_update()).all()
    for row in rows:
        _end(row, error, moment_us)
    return [row.id for row in rows]


def _take_lease(row: AnyRow, terms: LeaseTerms, moment_us: int) -> tuple[dict[str, Any], Claim | None]:
    """The job's new values, and the claim; None where dead processes left it behind too often."""
    interruptions = row.interruptions + (row.lease_token is not None)
    values = {"of_tenant": row.tenant_id, "of_job": row.id, "interruptions": interruptions}
    if interruptions > terms.max_interruptions:
        message = f"the server stopped {interruptions} times while it worked on this photo"
        error = ArmoireError(message, reason="INTERRUPTED")
        ended = _without_lease(JobState.FAILED, error, moment_us)
        return values | {"attempts": row.attempts} | ended, None
    claim = _claim(row)
    leased = {
        "state": JobState.CROPPING,
        "error": row.error,
        "lease_token": claim.token,
        "lease_expires_us": moment_us + terms.lease_us,
        "update_us": moment_us,
    }
    return values | {"attempts": claim.attempts} | leased, claim


def _end(row: JobRow, error: ArmoireError, moment_us: int) -> None:
    for name, value in _without_lease(JobState.FAILED, error, moment_us).items():
        setattr(row, name, value)


def _claim(row: AnyRow) -> Claim:
    return Claim(
        tenant_id=row.tenant_id,
        job_id=row.id,
        image_id=row.image_id,
        token=str(uuid.uuid4()),
        boxes=tuple(Box(*sides) for sides in row.boxes),
        product_name=row.display_name or "",
        product_category=row.category or "",
        attempts=row.attempts + 1,
        failures=row.failures,
    )


def _without_lease(state: JobState, error: ArmoireError | None, moment_us: int) -> dict[str, Any]:
    return {
        "state": state,
        "error": None if error is None else error_to_json(error),
        "lease_token": None,
        "lease_expires_us": None,
        "update_us": moment_us,
    }


def _change(session: Session, claim: Claim, values: dict[str, Any]) -> bool:
    """Change the claim's job; False where another try has its lease by now."""
    of_claim = {"of_tenant": claim.tenant_id, "of_job": claim.job_id, "of_token": claim.token}
    changed = session.execute(_CHANGE, values | of_claim)
    return changed.first() is not None


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
        error=None if row.error is None else error_from_json(row.error),
        items=tuple(entry.item for entry in found),
        searchable=bool(found) and not outdated and not any(entry.waiting for entry in found),
        create_time=datetime_from_us(row.create_us),
        update_time=datetime_from_us(row.update_us),
        outdated=outdated,
    )
