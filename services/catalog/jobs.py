"""Jobs: the indexing of one photo, from QUEUED to COMPLETE or FAILED."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from domain.errors import AlreadyExists, ArmoireError, NotFound
from domain.types import Box
from services.catalog import outbox
from services.catalog.clock import datetime_from_us
from services.catalog.collection import read_current
from services.catalog.failures import error_from_json, error_to_json
from services.catalog.items import embedded_items
from services.catalog.paging import Cursor
from services.catalog.tables import ImageRow, ItemRow, JobRow, PredictionRow, ProductRow


class JobState(StrEnum):
    """CROPPING is decoding and detecting, ANALYZING embedding and describing."""

    QUEUED = "queued"
    CROPPING = "cropping"
    ANALYZING = "analyzing"
    COMPLETE = "complete"
    FAILED = "failed"


_OPEN = (JobState.QUEUED, JobState.CROPPING, JobState.ANALYZING)


@dataclass(frozen=True, slots=True)
class JobItem:
    """An item that a job found."""

    item_id: str
    label: str
    primary: bool


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
    row = JobRow(
        tenant_id=tenant_id,
        id=job_id,
        image_id=image_id,
        state=JobState.QUEUED,
        attempts=0,
        failures=0,
        interruptions=0,
        run_after_us=moment_us,
        idempotency_key=idempotency_key or None,
        fingerprint=fingerprint,
        create_us=moment_us,
        update_us=moment_us,
    )
    session.add(row)
    session.flush()


def find_queued(session: Session, tenant_id: str, idempotency_key: str, fingerprint: str) -> Job | None:
    """The job that an earlier call with this key queued.

    Raises:
        AlreadyExists: that call asked for something else.
    """
    if not idempotency_key:
        return None
    where = (JobRow.tenant_id == tenant_id, JobRow.idempotency_key == idempotency_key)
    row = session.scalar(select(JobRow).where(*where))
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
    row = session.get(JobRow, (tenant_id, job_id))
    if row is None:
        raise NotFound("job", job_id)
    return _read_jobs(session, tenant_id, [row])[0]


def list_jobs(session: Session, tenant_id: str, cursor: Cursor, states: Collection[JobState]) -> list[Job]:
    """Newest first, one more than the page's size where there are more."""
    query = select(JobRow).where(JobRow.tenant_id == tenant_id)
    if states:
        query = query.where(JobRow.state.in_(states))
    if cursor.before:
        query = query.where(JobRow.id < cursor.before)
    rows = session.scalars(query.order_by(JobRow.id.desc()).limit(cursor.size + 1)).all()
    return _read_jobs(session, tenant_id, rows)


def jobs_of_items(session: Session, items: Collection[outbox.ItemKey]) -> set[tuple[str, str]]:
    """(tenant, job id) of every job that found one of the items."""
    found: set[tuple[str, str]] = set()
    for tenant_id in {item.tenant_id for item in items}:
        ids = [item.item_id for item in items if item.tenant_id == tenant_id]
        query = (
            select(JobRow.tenant_id, JobRow.id)
            .join(ItemRow, (ItemRow.tenant_id == JobRow.tenant_id) & (ItemRow.image_id == JobRow.image_id))
            .where(ItemRow.tenant_id == tenant_id, ItemRow.id.in_(ids))
        )
        found |= {(tenant, job_id) for tenant, job_id in session.execute(query)}
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
    query = (
        select(JobRow)
        .where(JobRow.state.in_(_OPEN), JobRow.run_after_us <= moment_us, _unleased(moment_us))
        .order_by(JobRow.run_after_us, JobRow.id)
        .limit(max_jobs)
        .with_for_update(skip_locked=True)
    )
    rows = [row for row in session.scalars(query).all() if _take_lease(row, terms, moment_us)]
    session.flush()
    return [_claim(session, row) for row in rows]


def next_due_us(session: Session) -> int | None:
    """When the next open job is due or its lease runs out; None where no job is open."""
    due = func.coalesce(JobRow.lease_expires_us, JobRow.run_after_us)
    moment: int | None = session.scalar(select(func.min(due)).where(JobRow.state.in_(_OPEN)))
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
        session, claim, values | {"run_after_us": run_after_us, "failures": JobRow.failures + int(counts)}
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


def _unleased(moment_us: int) -> Any:
    return or_(JobRow.lease_expires_us.is_(None), JobRow.lease_expires_us < moment_us)


def _take_lease(row: JobRow, terms: LeaseTerms, moment_us: int) -> bool:
    if row.lease_token is not None:
        row.interruptions += 1
    if row.interruptions > terms.max_interruptions:
        message = f"the server stopped {row.interruptions} times while it worked on this photo"
        _end(row, ArmoireError(message, reason="INTERRUPTED"), moment_us)
        return False
    row.state, row.attempts = JobState.CROPPING, row.attempts + 1
    row.lease_token, row.lease_expires_us = str(uuid.uuid4()), moment_us + terms.lease_us
    row.update_us = moment_us
    return True


def _end(row: JobRow, error: ArmoireError, moment_us: int) -> None:
    for name, value in _without_lease(JobState.FAILED, error, moment_us).items():
        setattr(row, name, value)


def _claim(session: Session, row: JobRow) -> Claim:
    image = session.get_one(ImageRow, (row.tenant_id, row.image_id))
    product = session.get(ProductRow, (row.tenant_id, image.product_id)) if image.product_id else None
    assert row.lease_token is not None
    return Claim(
        tenant_id=row.tenant_id,
        job_id=row.id,
        image_id=row.image_id,
        token=row.lease_token,
        boxes=tuple(Box(*sides) for sides in image.boxes),
        product_name=product.display_name if product else "",
        product_category=product.category if product else "",
        attempts=row.attempts,
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
    where = and_(
        JobRow.tenant_id == claim.tenant_id, JobRow.id == claim.job_id, JobRow.lease_token == claim.token
    )
    changed = session.execute(update(JobRow).where(where).values(values).returning(JobRow.id))
    return changed.first() is not None


def _read_jobs(session: Session, tenant_id: str, rows: Sequence[JobRow]) -> list[Job]:
    images = _images_of(session, tenant_id, [row.image_id for row in rows])
    done = [row.image_id for row in rows if row.state == JobState.COMPLETE]
    items = _items_of(session, tenant_id, done)
    ids = [item.item_id for found in items.values() for item in found]
    current = read_current(session)
    seen = embedded_items(session, tenant_id, ids, current.version) if current else set()
    waiting = outbox.waiting_items(session, tenant_id, ids, current.name) if current else set()
    return [_job(row, images[row.image_id], items.get(row.image_id, ()), seen, waiting) for row in rows]


def _images_of(session: Session, tenant_id: str, image_ids: Sequence[str]) -> dict[str, ImageRow]:
    query = select(ImageRow).where(ImageRow.tenant_id == tenant_id, ImageRow.id.in_(image_ids))
    return {image.id: image for image in session.scalars(query)}


def _items_of(session: Session, tenant_id: str, image_ids: Sequence[str]) -> dict[str, tuple[JobItem, ...]]:
    """By image, in the order of the analysis."""
    if not image_ids:
        return {}
    query = (
        select(ItemRow.image_id, ItemRow.id, PredictionRow.label, ItemRow.is_primary)
        .join(
            PredictionRow,
            (PredictionRow.tenant_id == ItemRow.tenant_id) & (PredictionRow.item_id == ItemRow.id),
        )
        .where(ItemRow.tenant_id == tenant_id, ItemRow.image_id.in_(image_ids), ItemRow.delete_us.is_(None))
        .order_by(ItemRow.ordinal, PredictionRow.create_us)
    )
    found: dict[str, dict[str, JobItem]] = {}
    for image_id, item_id, label, primary in session.execute(query):
        found.setdefault(image_id, {})[item_id] = JobItem(item_id, label, primary)
    return {image_id: tuple(entries.values()) for image_id, entries in found.items()}


def _job(
    row: JobRow,
    image: ImageRow,
    items: Sequence[JobItem],
    seen: Collection[str],
    waiting: Collection[str],
) -> Job:
    """`seen` are items with an embedding of the served model, `waiting` those its collection lacks yet."""
    outdated = any(item.item_id not in seen for item in items)
    return Job(
        id=row.id,
        image_id=row.image_id,
        image_name=image.name,
        product_id=image.product_id or "",
        state=JobState(row.state),
        attempts=row.attempts,
        error=None if row.error is None else error_from_json(row.error),
        items=tuple(items),
        searchable=bool(items) and not outdated and not any(item.item_id in waiting for item in items),
        create_time=datetime_from_us(row.create_us),
        update_time=datetime_from_us(row.update_us),
        outdated=outdated,
    )
