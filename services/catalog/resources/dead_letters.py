"""Jobs that have ended without their photo being indexed: counted, queued again, removed by callers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import InvalidInput
from domain.types import Principal
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.catalog.limits import CatalogLimits
from services.catalog.records import dead_letters
from services.catalog.records.dead_letters import JobBatch, JobCount, of_dead_letters
from services.catalog.records.job_events import JobEvents
from services.catalog.records.job_queue import RETRYABLE
from services.catalog.records.jobs import JobFilter
from services.catalog.records.paging import Cursor, cut_page, read_cursor
from services.catalog.resources.deletions import Deletions
from services.catalog.resources.jobs import check_job_filter
from services.sql.database import Database

_BATCH = 200
"""Jobs that one call changes: each has locks until the transaction ends."""


@dataclass(frozen=True, slots=True)
class ChangedJobs:
    """How many jobs a call has changed, and images with them; `next_token` is empty after the last page."""

    jobs: int
    images: int
    next_token: str


class DeadLetters:
    """The calls on many ended jobs, each within the caller's tenant."""

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        job_events: JobEvents,
        limits: CatalogLimits,
        deletions: Deletions,
        wake_workers: Callable[[], None],
    ) -> None:
        self._database = database
        self._trail = trail
        self._job_events = job_events
        self._limits = limits
        self._deletions = deletions
        self._wake_workers = wake_workers

    async def count(self, principal: Principal, wanted: JobFilter = JobFilter()) -> Sequence[JobCount]:
        """The jobs by state and reason, the most frequent first. Raises InvalidInput."""
        checked = check_job_filter(wanted)
        return await self._database.read(
            lambda session: dead_letters.count_jobs(session, principal.tenant_id, checked)
        )

    async def retry(self, principal: Principal, wanted: JobFilter, page_token: str = "") -> ChangedJobs:
        """Queue a page of jobs again, FAILED ones where the filter names no state. Raises InvalidInput."""
        cursor, checked = self._cursor(principal, "retried", wanted, page_token)
        batch = await self._change(principal, dead_letters.retry_jobs, "retried", cursor, checked)
        self._wake_workers()
        return _changed(cursor, batch)

    async def delete(self, principal: Principal, wanted: JobFilter, page_token: str = "") -> ChangedJobs:
        """Remove a page of jobs, and photos that have no items with them. Raises as `retry`."""
        cursor, checked = self._cursor(principal, "deleted", wanted, page_token)
        batch = await self._change(principal, dead_letters.delete_jobs, "deleted", cursor, checked)
        if batch.images.image_ids:
            self._deletions.finish(principal.tenant_id, batch.images)
        return _changed(cursor, batch)

    def _cursor(
        self, principal: Principal, what: str, wanted: JobFilter, page_token: str
    ) -> tuple[Cursor, JobFilter]:
        checked = of_dead_letters(check_job_filter(wanted))
        if others := sorted(state.name for state in checked.states - set(RETRYABLE)):
            raise InvalidInput("filter.states", f"must be FAILED or CANCELLED, got {', '.join(others)}")
        size = min(_BATCH, self._limits.max_page_size)
        return read_cursor(self._limits, principal, f"{what} {checked.scope}", size, page_token), checked

    async def _change(
        self,
        principal: Principal,
        change: Callable[[Session, str, Cursor, JobFilter, int], JobBatch],
        what: str,
        cursor: Cursor,
        wanted: JobFilter,
    ) -> JobBatch:
        moment_us, tenant_id = now_us(), principal.tenant_id

        def work(session: Session) -> Changed[JobBatch]:
            batch = change(session, tenant_id, cursor, wanted, moment_us)
            facts = {what: len(batch.changed), "images": list(batch.images.image_ids)}
            facts |= {
                "states": sorted(state.name for state in wanted.states),
                "reasons": sorted(wanted.reasons),
            }
            return batch, Change.between("jobs", {}, facts) if batch.changed else None

        batch = await self._trail.write(principal, work)
        for job_id in batch.changed:
            self._job_events.publish(tenant_id, job_id)
        return batch


def _changed(cursor: Cursor, batch: JobBatch) -> ChangedJobs:
    page = cut_page(cursor, batch.seen, str)
    return ChangedJobs(len(batch.changed), len(batch.images.image_ids), page.next_token)
