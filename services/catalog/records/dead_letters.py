"""Jobs that have ended without their photo being indexed: counted, queued again, removed; and old jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from services.catalog.records.images import DeletedImages, delete_images, lock_images
from services.catalog.records.job_queue import BULK_WAIT_US, RETRYABLE, queued_anew
from services.catalog.records.jobs import OF_IMAGE, JobFilter, JobState, conditions
from services.catalog.records.paging import Cursor
from services.catalog.sql.tables import ImageRow, ItemRow, JobRow
from services.catalog.sql.upsert import table_of

_JOB, _IMAGE, _ITEM = table_of(JobRow), table_of(ImageRow), table_of(ItemRow)
_ENDED = (JobState.COMPLETE, *RETRYABLE)


@dataclass(frozen=True, slots=True)
class JobCount:
    """How many jobs are in a state with an error of a reason, "" for none; and when the first was created."""

    state: JobState
    reason: str
    count: int
    first_create_time: datetime


@dataclass(frozen=True, slots=True)
class JobBatch:
    """Jobs of a page: `seen` are the ids that the filter let through, `changed` those that were changed.

    `images` are the photos that went with removed jobs.
    """

    seen: tuple[str, ...]
    changed: tuple[str, ...]
    images: DeletedImages = DeletedImages((), (), ())


def count_jobs(session: Session, tenant_id: str, wanted: JobFilter) -> list[JobCount]:
    """The jobs that a filter lets through by state and reason, the most frequent first."""
    number = func.count()
    rows = session.execute(
        select(_JOB.c.state, _JOB.c.reason, number, func.min(_JOB.c.create_us))
        .join_from(_JOB, _IMAGE, OF_IMAGE)
        .where(_JOB.c.tenant_id == tenant_id, *conditions(wanted))
        .group_by(_JOB.c.state, _JOB.c.reason)
    )
    counts = [
        JobCount(JobState(state), reason or "", count, datetime_from_us(first))
        for state, reason, count, first in rows
    ]
    return sorted(counts, key=lambda each: (-each.count, each.state, each.reason))


def retry_jobs(
    session: Session, tenant_id: str, cursor: Cursor, wanted: JobFilter, moment_us: int
) -> JobBatch:
    """Queue a page of ended jobs again, behind interactive ones; those whose photo was deleted stay."""
    found = _page(session, tenant_id, cursor, wanted)
    live = lock_images(session, tenant_id, {image_id for _, image_id in found[: cursor.size]})
    ids = [id for id, image_id in found[: cursor.size] if image_id in live]
    values = queued_anew(moment_us) | {"queue_us": moment_us + BULK_WAIT_US}
    changed = session.scalars(
        update(_JOB)
        .where(_JOB.c.tenant_id == tenant_id, _JOB.c.id.in_(ids), _JOB.c.state.in_(wanted.states))
        .values(values)
        .returning(_JOB.c.id)
    )
    return JobBatch(tuple(id for id, _ in found), tuple(changed.all()))


def delete_jobs(
    session: Session, tenant_id: str, cursor: Cursor, wanted: JobFilter, moment_us: int
) -> JobBatch:
    """Remove a page of ended jobs, and their photos that have neither items nor other jobs."""
    found = _page(session, tenant_id, cursor, wanted)
    image_ids = {image_id for _, image_id in found[: cursor.size]}
    live = lock_images(session, tenant_id, image_ids)
    of_page = (
        _JOB.c.tenant_id == tenant_id,
        _JOB.c.id.in_([id for id, _ in found[: cursor.size]]),
        _JOB.c.state.in_(wanted.states),
    )
    removed = session.execute(delete(_JOB).where(*of_page).returning(_JOB.c.id, _JOB.c.image_id)).all()
    bare = sorted({image_id for _, image_id in removed} & live - _needed(session, tenant_id, image_ids))
    images = delete_images(session, tenant_id, bare, moment_us) if bare else DeletedImages((), (), ())
    return JobBatch(tuple(id for id, _ in found), tuple(id for id, _ in removed), images)


def _needed(session: Session, tenant_id: str, image_ids: set[str]) -> set[str]:
    """The photos that have items, or jobs."""
    items = select(_ITEM.c.image_id).where(
        _ITEM.c.tenant_id == tenant_id, _ITEM.c.image_id.in_(image_ids), _ITEM.c.delete_us.is_(None)
    )
    jobs = select(_JOB.c.image_id).where(_JOB.c.tenant_id == tenant_id, _JOB.c.image_id.in_(image_ids))
    return {*session.scalars(items), *session.scalars(jobs)}


def _page(session: Session, tenant_id: str, cursor: Cursor, wanted: JobFilter) -> Sequence[tuple[str, str]]:
    """(job, image) of a page, newest first, and one more where there are more."""
    query = (
        select(_JOB.c.id, _JOB.c.image_id)
        .join_from(_JOB, _IMAGE, OF_IMAGE)
        .where(_JOB.c.tenant_id == tenant_id, *conditions(wanted))
    )
    if cursor.before:
        query = query.where(_JOB.c.id < cursor.before)
    rows = session.execute(query.order_by(_JOB.c.id.desc()).limit(cursor.size + 1))
    return [(row.id, row.image_id) for row in rows]


def of_dead_letters(wanted: JobFilter) -> JobFilter:
    """The filter, for FAILED jobs where it names no state."""
    return wanted if wanted.states else replace(wanted, states=frozenset({JobState.FAILED}))


def purge_jobs(session: Session, before_us: int, count: int) -> int:
    """Remove at most `count` jobs of all tenants that have ended before a moment; returns how many."""
    old = (
        select(_JOB.c.tenant_id, _JOB.c.id)
        .where(_JOB.c.state.in_(_ENDED), _JOB.c.update_us < before_us)
        .limit(count)
    )
    keys = session.execute(old).all()
    for tenant_id in {key.tenant_id for key in keys}:
        ids = [key.id for key in keys if key.tenant_id == tenant_id]
        ended = (_JOB.c.state.in_(_ENDED), _JOB.c.update_us < before_us)
        session.execute(delete(_JOB).where(_JOB.c.tenant_id == tenant_id, _JOB.c.id.in_(ids), *ended))
    return len(keys)
