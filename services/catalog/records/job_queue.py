"""The queue of jobs: what comes into it, comes back to it, or leaves it without a try."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, case, insert, literal, select, update
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS
from domain.error_record import error_to_record
from domain.errors import ArmoireError, FailedPrecondition
from services.catalog.records.end_events import job_ended
from services.catalog.records.jobs import OPEN, Job, JobPriority, JobState, read_job
from services.catalog.sql.tables import ImageRow, JobRow
from services.catalog.sql.upsert import table_of

RETRYABLE = (JobState.FAILED, JobState.CANCELLED)
BULK_WAIT_US = 600 * MICROSECONDS
"""A bulk job lets interactive ones pass that come within this time, and no later ones: none starves."""
_REASON_CHARS = 64
DELETED = "IMAGE_DELETED"
"""The reason of jobs that the deletion of their photo has ended."""
_JOB = table_of(JobRow)
_INSERT = insert(_JOB)
_PRIORITY_WAIT_US = case((_JOB.c.priority == JobPriority.BULK, BULK_WAIT_US), else_=0)


def insert_job(
    session: Session,
    tenant_id: str,
    job_id: str,
    image_id: str,
    idempotency_key: str,
    fingerprint: str,
    moment_us: int,
    item_id: str = "",
    priority: JobPriority = JobPriority.INTERACTIVE,
) -> None:
    """Queue the indexing of an image, or only of one of its items."""
    values = {
        "tenant_id": tenant_id,
        "id": job_id,
        "image_id": image_id,
        "item_id": item_id or None,
        "state": JobState.QUEUED,
        "attempts": 0,
        "failures": 0,
        "interruptions": 0,
        "run_after_us": moment_us,
        "idempotency_key": idempotency_key or None,
        "fingerprint": fingerprint,
        "create_us": moment_us,
        "update_us": moment_us,
        "priority": priority,
        "queue_us": moment_us + (BULK_WAIT_US if priority is JobPriority.BULK else 0),
    }
    session.execute(_INSERT, values)


def queue_again(
    session: Session, tenant_id: str, job: Job, states: Collection[JobState], moment_us: int
) -> bool:
    """Queue a job that is in one of the states and has a live photo; returns whether it was queued."""
    image = session.get(ImageRow, (tenant_id, job.image_id), with_for_update=True)
    if image is None or image.delete_us is not None:
        return False
    values = queued_anew(moment_us) | {"queue_us": literal(moment_us, BigInteger) + _PRIORITY_WAIT_US}
    return _change_job(session, tenant_id, job.id, states, values)


def queued_anew(moment_us: int) -> dict[str, Any]:
    """The values of a job that is tried as if it never had been."""
    fresh = {"run_after_us": moment_us, "failures": 0, "interruptions": 0}
    return without_lease(JobState.QUEUED, None, moment_us) | fresh


def queue_image_again(session: Session, tenant_id: str, image_id: str, moment_us: int) -> bool:
    """Queue the newest job of an image, unless it is open; whether the photo is going to be indexed."""
    job = _newest_job(session, tenant_id, image_id)
    if job is None:
        return False
    return queue_again(session, tenant_id, job, (JobState.COMPLETE, JobState.FAILED), moment_us)


def queue_deleted(session: Session, tenant_id: str, image_ids: Sequence[str], moment_us: int) -> None:
    """Queue the jobs that the deletion of their images has ended."""
    for image_id in image_ids:
        job = _newest_job(session, tenant_id, image_id)
        if job is not None and job.error is not None and job.error.reason == DELETED:
            queue_again(session, tenant_id, job, (JobState.FAILED,), moment_us)


def _newest_job(session: Session, tenant_id: str, image_id: str) -> Job | None:
    """The newest job of a photo as a whole."""
    of_photo = (JobRow.tenant_id == tenant_id, JobRow.image_id == image_id, JobRow.item_id.is_(None))
    job_id = session.scalar(select(JobRow.id).where(*of_photo).order_by(JobRow.id.desc()).limit(1))
    return None if job_id is None else read_job(session, tenant_id, job_id)


def retry_job(session: Session, tenant_id: str, job_id: str, moment_us: int) -> Job:
    """Queue a FAILED or CANCELLED job again.

    Raises:
        NotFound: this tenant has none of that id.
        FailedPrecondition: the job is in another state, or its photo was deleted.
    """
    job = read_job(session, tenant_id, job_id)
    if not queue_again(session, tenant_id, job, RETRYABLE, moment_us):
        raise FailedPrecondition(
            f"job {job_id!r} is {job.state.name} and cannot be retried: only a FAILED or CANCELLED job whose "
            "photo was not deleted can",
            reason="JOB_NOT_RETRYABLE",
        )
    return read_job(session, tenant_id, job_id)


def cancel_job(session: Session, tenant_id: str, job_id: str, moment_us: int) -> Job:
    """Cancel an open job; a running try loses its lease.

    Raises:
        NotFound: this tenant has none of that id.
        FailedPrecondition: the job has ended.
    """
    values = without_lease(JobState.CANCELLED, None, moment_us)
    changed = _change_job(session, tenant_id, job_id, OPEN, values)
    job = read_job(session, tenant_id, job_id)
    if not changed:
        raise FailedPrecondition(f"job {job_id!r} has ended: it is {job.state.name}", reason="JOB_ENDED")
    job_ended(session, tenant_id, job_id, JobState.CANCELLED, "", moment_us)
    return job


def _change_job(
    session: Session, tenant_id: str, job_id: str, states: Collection[JobState], values: dict[str, Any]
) -> bool:
    """Change a job that is in one of the states; False where it is in none of them."""
    where = (JobRow.tenant_id == tenant_id, JobRow.id == job_id, JobRow.state.in_(states))
    changed = session.execute(update(JobRow).where(*where).values(values).returning(JobRow.id))
    return changed.first() is not None


def end_open_jobs(
    session: Session, tenant_id: str, image_ids: Sequence[str], error: ArmoireError, moment_us: int
) -> list[str]:
    """Set open jobs of images to FAILED; running tries lose their lease. Returns the jobs' ids."""
    query = select(JobRow).where(
        JobRow.tenant_id == tenant_id, JobRow.image_id.in_(image_ids), JobRow.state.in_(OPEN)
    )
    rows = session.scalars(query.with_for_update()).all()
    for row in rows:
        _end(row, error, moment_us)
        job_ended(session, tenant_id, row.id, JobState.FAILED, error.reason, moment_us)
    return [row.id for row in rows]


def _end(row: JobRow, error: ArmoireError, moment_us: int) -> None:
    for name, value in without_lease(JobState.FAILED, error, moment_us).items():
        setattr(row, name, value)


def without_lease(state: JobState, error: ArmoireError | None, moment_us: int) -> dict[str, Any]:
    return {
        "state": state,
        "error": None if error is None else error_to_record(error),
        "reason": None if error is None else error.reason[:_REASON_CHARS],
        "lease_token": None,
        "lease_expires_us": None,
        "update_us": moment_us,
    }
