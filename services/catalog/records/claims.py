"""Tries at jobs. A try is claimed with a lease; only its holder may change the job."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS
from domain.errors import ArmoireError
from domain.types import Box
from services.catalog.records.end_events import job_ended
from services.catalog.records.indexed_photos import IndexedPhoto
from services.catalog.records.job_queue import without_lease
from services.catalog.records.jobs import OF_IMAGE, OPEN, JobPriority, JobState
from services.catalog.sql.tables import ImageRow, JobRow, ProductRow
from services.catalog.sql.upsert import AnyRow, table_of

_JOB, _IMAGE, _PRODUCT = table_of(JobRow), table_of(ImageRow), table_of(ProductRow)


@dataclass(frozen=True, slots=True)
class Claim:
    """One try at a job. It holds the lease as long as its token is the job's.

    Of a suspect, processes have died. `bulk` says that nobody waits for the job.
    """

    photo: IndexedPhoto
    job_id: str
    token: str
    attempts: int
    failures: int
    suspect: bool = False
    bulk: bool = False

    @property
    def tenant_id(self) -> str:
        return self.photo.tenant_id


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """The duration of a lease, and how often a job may fail or be interrupted by the end of a process."""

    lease_us: int
    max_failures: int
    max_interruptions: int


@dataclass(frozen=True, slots=True)
class ClaimedJobs:
    """The claims, and (tenant, job id) of the jobs that failed because they were interrupted too often."""

    claims: tuple[Claim, ...] = ()
    interrupted: tuple[tuple[str, str], ...] = ()


_AHEAD_US = 600 * MICROSECONDS
"""No try is delayed by this much: a moment further ahead was written before the clock was set back."""
_SELECT_DUE = (
    select(
        *(_JOB.c.tenant_id, _JOB.c.id, _JOB.c.image_id, _JOB.c.item_id, _JOB.c.lease_token, _JOB.c.error),
        *(_JOB.c.reason, _JOB.c.attempts, _JOB.c.failures, _JOB.c.interruptions, _JOB.c.priority),
        *(_IMAGE.c.boxes, _PRODUCT.c.display_name, _PRODUCT.c.category, _PRODUCT.c.product_type),
    )
    .join_from(_JOB, _IMAGE, OF_IMAGE)
    .outerjoin(
        _PRODUCT, (_PRODUCT.c.tenant_id == _IMAGE.c.tenant_id) & (_PRODUCT.c.id == _IMAGE.c.product_id)
    )
    .where(
        _JOB.c.state.in_(OPEN),
        or_(_JOB.c.run_after_us <= bindparam("moment_us"), _JOB.c.run_after_us > bindparam("latest_us")),
        or_(
            _JOB.c.lease_expires_us.is_(None),
            _JOB.c.lease_expires_us < bindparam("moment_us"),
            _JOB.c.lease_expires_us > bindparam("latest_us"),
        ),
    )
    .order_by(_JOB.c.queue_us, _JOB.c.id)
    .limit(bindparam("max_jobs"))
    .with_for_update(skip_locked=True, of=_JOB)
)
_INTERRUPTED = "INTERRUPTED"
_SUSPECT_AFTER = 2
"""Processes that have died with a job before it is a suspect."""
_INTERRUPTIONS = _JOB.c.interruptions + case((_JOB.c.lease_token.is_not(None), 1), else_=0)
_SELECT_UNSUSPECTED = _SELECT_DUE.where(_INTERRUPTIONS < _SUSPECT_AFTER)
_NEXT_DUE = select(func.min(func.coalesce(_JOB.c.lease_expires_us, _JOB.c.run_after_us))).where(
    _JOB.c.state.in_(OPEN)
)
_NEXT_UNSUSPECTED_DUE = _NEXT_DUE.where(_INTERRUPTIONS < _SUSPECT_AFTER)
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


def claim_jobs(
    session: Session, max_jobs: int, terms: LeaseTerms, moment_us: int, *, suspects: bool = True
) -> ClaimedJobs:
    """Take jobs that are due, or whose lease ran out; the first in the queue first.

    A job that was interrupted too often is set to FAILED instead. Before that it is a suspect: at most one is
    taken, or none where `suspects` is false, so that a photo that ends processes does not bring the jobs
    beside it into suspicion again and again. After the clock was set back, jobs whose moments are far ahead
    are due, too.
    """
    latest_us = moment_us + max(_AHEAD_US, 2 * terms.lease_us)
    values = {"moment_us": moment_us, "latest_us": latest_us, "max_jobs": max_jobs}
    due = session.execute(_SELECT_DUE if suspects else _SELECT_UNSUSPECTED, values).all()
    suspected = [row for row in due if _interruptions(row) >= _SUSPECT_AFTER]
    if len(suspected) > 1:
        others = session.execute(_SELECT_UNSUSPECTED, values | {"max_jobs": max_jobs - 1}).all()
        due = [suspected[0], *others]
    taken = [_take_lease(row, terms, moment_us) for row in due]
    if taken:
        session.execute(_TAKE, [values for values, _ in taken])
    interrupted = [(values["of_tenant"], values["of_job"]) for values, claim in taken if claim is None]
    for tenant_id, job_id in interrupted:
        job_ended(session, tenant_id, job_id, JobState.FAILED, _INTERRUPTED, moment_us)
    return ClaimedJobs(tuple(claim for _, claim in taken if claim is not None), tuple(interrupted))


def next_due_us(session: Session, *, suspects: bool = True) -> int | None:
    """When the next open job is due or its lease runs out, or None; of suspects, too, or not."""
    moment: int | None = session.scalar(_NEXT_DUE if suspects else _NEXT_UNSUSPECTED_DUE)
    return moment


def release_all_leases(session: Session, moment_us: int) -> None:
    """Expire every lease; only for the only process on the database."""
    session.execute(
        update(JobRow).where(JobRow.lease_token.is_not(None)).values(lease_expires_us=moment_us - 1)
    )


def renew_lease(session: Session, claim: Claim, expires_us: int) -> bool:
    """Extend the claim's lease; returns False if it was lost."""
    return _change(session, claim, {"lease_expires_us": expires_us})


def advance_job(session: Session, claim: Claim, state: JobState, moment_us: int) -> bool:
    """Set the job's state; returns False if the claim has lost its lease."""
    return _change(session, claim, {"state": state, "update_us": moment_us})


def requeue_job(
    session: Session,
    claim: Claim,
    error: ArmoireError | None,
    run_after_us: int,
    moment_us: int,
    *,
    counts: bool,
) -> bool:
    """Queue the job again; `counts` says whether the try counts as a failure."""
    values = without_lease(JobState.QUEUED, error, moment_us)
    return _change(
        session, claim, values | {"run_after_us": run_after_us, "failures": claim.failures + int(counts)}
    )


def fail_job(session: Session, claim: Claim, error: ArmoireError, moment_us: int) -> bool:
    """Set the job to FAILED."""
    failed = _change(session, claim, without_lease(JobState.FAILED, error, moment_us))
    if failed:
        job_ended(session, claim.tenant_id, claim.job_id, JobState.FAILED, error.reason, moment_us)
    return failed


def complete_job(session: Session, claim: Claim, moment_us: int) -> bool:
    """Set the job to COMPLETE; if False, the transaction with its items must be rolled back."""
    completed = _change(session, claim, without_lease(JobState.COMPLETE, None, moment_us))
    if completed:
        job_ended(session, claim.tenant_id, claim.job_id, JobState.COMPLETE, "", moment_us)
    return completed


def _take_lease(row: AnyRow, terms: LeaseTerms, moment_us: int) -> tuple[dict[str, Any], Claim | None]:
    """The job's new values, of the same columns for every job, and the claim.

    The claim is None if the job was interrupted too often.
    """
    interruptions = _interruptions(row)
    values = {"of_tenant": row.tenant_id, "of_job": row.id, "interruptions": interruptions}
    if interruptions > terms.max_interruptions:
        message = f"the server stopped {interruptions} times while it worked on this photo"
        error = ArmoireError(message, reason=_INTERRUPTED)
        ended = without_lease(JobState.FAILED, error, moment_us)
        return values | {"attempts": row.attempts} | ended, None
    claim = _claim(row)
    leased = {
        "state": JobState.CROPPING,
        "error": row.error,
        "reason": row.reason,
        "lease_token": claim.token,
        "lease_expires_us": moment_us + terms.lease_us,
        "update_us": moment_us,
    }
    return values | {"attempts": claim.attempts} | leased, claim


def _interruptions(row: AnyRow) -> int:
    """With the end of the process whose lease ran out, if one did."""
    return int(row.interruptions) + (row.lease_token is not None)


def _claim(row: AnyRow) -> Claim:
    photo = IndexedPhoto(
        tenant_id=row.tenant_id,
        image_id=row.image_id,
        boxes=tuple(Box(*sides) for sides in row.boxes),
        product_name=row.display_name or "",
        product_category=row.category or "",
        product_type=row.product_type or "",
        item_id=row.item_id or "",
    )
    suspect = _interruptions(row) >= _SUSPECT_AFTER
    bulk = row.priority == JobPriority.BULK
    return Claim(photo, row.id, str(uuid.uuid4()), row.attempts + 1, row.failures, suspect, bulk)


def _change(session: Session, claim: Claim, values: dict[str, Any]) -> bool:
    """Change the claim's job; False where another try has its lease by now."""
    of_claim = {"of_tenant": claim.tenant_id, "of_job": claim.job_id, "of_token": claim.token}
    changed = session.execute(_CHANGE, values | of_claim)
    return changed.first() is not None
