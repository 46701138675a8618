"""Indexing jobs: read, watched, cancelled and retried by callers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import InvalidInput
from domain.types import Principal
from services.audit.trail import AuditTrail, Changed
from services.catalog.ids import check_id
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.records import job_queue, jobs
from services.catalog.records.facts import job_change
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import Job, JobFilter, JobState
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.sql.database import Database

MAX_JOB_IDS, _MAX_REASONS, _MAX_REASON_CHARS = 1000, 20, 64


def check_job_filter(wanted: JobFilter, within: str = "filter.") -> JobFilter:
    """The filter with its ids in their usual form. Raises InvalidInput, naming the field below `within`."""
    for field, values, most in (
        ("job_ids", wanted.job_ids, MAX_JOB_IDS),
        ("reasons", wanted.reasons, _MAX_REASONS),
    ):
        if len(values) > most:
            raise InvalidInput(f"{within}{field}", f"must hold at most {most}, got {len(values)}")
    for reason in wanted.reasons:
        check_text(f"{within}reasons", reason, _MAX_REASON_CHARS, required=True)
    product_id = check_id(f"{within}product_id", wanted.product_id) if wanted.product_id else ""
    ids = (check_id(f"{within}job_ids[{index}]", id) for index, id in enumerate(wanted.job_ids))
    return replace(wanted, product_id=product_id, job_ids=tuple(dict.fromkeys(ids)))


class Jobs:
    """The calls on indexing jobs, each within the caller's tenant.

    A job that is watched is read anew after `recheck_s` without an event.
    """

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        job_events: JobEvents,
        limits: CatalogLimits,
        wake_workers: Callable[[], None],
        recheck_s: float,
    ) -> None:
        self._database = database
        self._trail = trail
        self._job_events = job_events
        self._limits = limits
        self._wake_workers = wake_workers
        self._recheck_s = recheck_s

    async def get(self, principal: Principal, job_id: str) -> Job:
        """Raises NotFound."""
        wanted = check_id("job_id", job_id)
        return await self._database.read(lambda session: jobs.read_job(session, principal.tenant_id, wanted))

    async def list(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        wanted: JobFilter = JobFilter(),
    ) -> Page[Job]:
        """Newest first. Raises InvalidInput."""
        wanted = check_job_filter(wanted, within="")
        cursor = read_cursor(self._limits, principal, f"jobs {wanted.scope}", page_size, page_token)
        found = await self._database.read(
            lambda session: jobs.list_jobs(session, principal.tenant_id, cursor, wanted)
        )
        return cut_page(cursor, found, lambda job: job.id)

    async def cancel(self, principal: Principal, job_id: str) -> Job:
        """End an open job. Raises InvalidInput, NotFound, or FailedPrecondition where it has ended."""
        wanted = check_id("job_id", job_id)
        job = await self._change(principal, wanted, job_queue.cancel_job)
        self._job_events.publish(principal.tenant_id, job.id)
        return job

    async def retry(self, principal: Principal, job_id: str) -> Job:
        """Queue a FAILED or CANCELLED job again. Raises InvalidInput, NotFound, FailedPrecondition."""
        wanted = check_id("job_id", job_id)
        job = await self._change(principal, wanted, job_queue.retry_job)
        self._job_events.publish(principal.tenant_id, job.id)
        self._wake_workers()
        return job

    async def _change(
        self, principal: Principal, job_id: str, change: Callable[[Session, str, str, int], Job]
    ) -> Job:
        moment_us = now_us()

        def work(session: Session) -> Changed[Job]:
            before = jobs.read_job(session, principal.tenant_id, job_id)
            after = change(session, principal.tenant_id, job_id, moment_us)
            return after, job_change(job_id, before.state, after.state)

        return await self._trail.write(principal, work)

    async def watch(self, principal: Principal, job_id: str) -> AsyncIterator[Job]:
        """Yield the job now and after every change; COMPLETE is yielded only once it has ended.

        Raises:
            NotFound.
        """
        with self._job_events.watch(principal.tenant_id, check_id("job_id", job_id)) as watch:
            job = await self.get(principal, job_id)
            shown: Job | None = None
            while True:
                if (job.state is not JobState.COMPLETE or job.ended) and job != shown:
                    shown = job
                    yield job
                if job.ended:
                    return
                progress = await watch.wait(self._recheck_s)
                seen = progress and job.after(progress)
                job = seen or await self.get(principal, job_id)
