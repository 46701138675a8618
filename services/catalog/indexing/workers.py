"""The workers claim jobs and run each try to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.calls import background_work
from domain.clock import MICROSECONDS, now_us
from domain.errors import ArmoireError, InvalidInput, Overloaded, QuotaExceeded, Unavailable
from domain.spans import TracedWork, untraced
from services.background.backoff import Backoff
from services.background.log_throttle import LogThrottle
from services.background.retry import retry
from services.catalog.indexing.indexer import LeaseLost, OriginalMissing
from services.catalog.records.claims import (
    Claim,
    LeaseTerms,
    claim_jobs,
    fail_job,
    next_due_us,
    renew_lease,
    requeue_job,
)
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import JobState, Progress
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_PERMANENT = (InvalidInput, OriginalMissing, QuotaExceeded)
_TEMPORARY = (Overloaded, Unavailable)
"""Errors after which a job is tried again without end: they pass, and the photo does not cause them."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How jobs are worked on.

    Attributes:
        concurrency: tries that run at a time; with 0, other processes work on the jobs.
        lease_s: a try whose lease has not been renewed for this long is taken over.
        try_timeout_s: the longest that one try may take.
        max_failures: tries that may end in an error before the job is FAILED.
        max_interruptions: tries that may end with the process before the job is FAILED.
        retry: pauses between the tries at one job.
        claim_retry: pauses between attempts to claim jobs, and to store outcomes, while the database does
            not answer.
        look_s: the longest pause between looks for jobs that another process has queued.
    """

    concurrency: int = 8
    lease_s: float = 30.0
    try_timeout_s: float = 300.0
    max_failures: int = 5
    max_interruptions: int = 5
    retry: Backoff = Backoff(0.5, 60.0, jitter=0.5)
    claim_retry: Backoff = Backoff(0.5, 5.0)
    look_s: float = 5.0

    @property
    def lease_us(self) -> int:
        return int(self.lease_s * MICROSECONDS)


class Workers:
    """Claims jobs as they become due; rests while there are none."""

    def __init__(
        self,
        database: Database,
        index: Callable[[Claim], Awaitable[None]],
        job_events: JobEvents,
        options: WorkerOptions,
        traced: TracedWork = untraced,
    ) -> None:
        self._database = database
        self._index = index
        self._job_events = job_events
        self._options = options
        self._traced = traced
        self._terms = LeaseTerms(options.lease_us, options.max_failures, options.max_interruptions)
        self._wake = asyncio.Event()
        self._free = options.concurrency
        self._suspects = 0
        self._throttle = LogThrottle()

    def wake(self) -> None:
        """Look for due jobs now."""
        self._wake.set()

    async def run(self) -> None:
        """Work for ever; once cancelled, put the jobs that were being tried back into the queue."""
        async with asyncio.TaskGroup() as tries:
            while True:
                self._wake.clear()
                for claim in await retry(self._claim, self._options.claim_retry, self._claiming_failed):
                    self._free -= 1
                    self._suspects += claim.suspect
                    tries.create_task(self._try(claim))
                await self._rest()

    async def _claim(self) -> Sequence[Claim]:
        if not self._free:
            return ()
        moment_us = now_us()
        claimed = await self._database.write(
            lambda session: claim_jobs(
                session, self._free, self._terms, moment_us, suspects=not self._suspects
            )
        )
        for claim in claimed.claims:
            progress = Progress(JobState.CROPPING, claim.attempts, moment_us)
            self._job_events.publish(claim.tenant_id, claim.job_id, progress)
        for tenant_id, job_id in claimed.interrupted:
            self._job_events.publish(tenant_id, job_id)
        return claimed.claims

    def _claiming_failed(self, error: Exception, pause_s: float) -> None:
        self._throttle.warn(_LOG, "claiming jobs failed; next attempt in %.1f s", pause_s, error=error)

    async def _rest(self) -> None:
        """Wait until a job was queued or has ended, one becomes due, or a lease may have run out."""
        try:
            async with asyncio.timeout(await self._pause_s()):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _pause_s(self) -> float:
        try:
            due_us = await self._database.read(self._next_due_us) if self._free else None
        except Unavailable:
            due_us = None
        most_s = min(self._options.lease_s, self._options.look_s)
        if due_us is None:
            return most_s
        return min(max((due_us - now_us()) / MICROSECONDS, 0.01), most_s)

    def _next_due_us(self, session: Session) -> int | None:
        return next_due_us(session, suspects=not self._suspects)

    async def _try(self, claim: Claim) -> None:
        keeper = asyncio.create_task(self._keep_lease(claim))
        try:
            await self._run(claim)
        except Exception as error:  # the lease runs out and another try follows
            self._throttle.warn(_LOG, "the outcome of job %s could not be stored", claim.job_id, error=error)
        finally:
            keeper.cancel()
            self._free += 1
            self._suspects -= claim.suspect
            self._wake.set()

    async def _run(self, claim: Claim) -> None:
        """Index the photo, and store the outcome."""
        try:
            with background_work(self._traced, "job"):
                async with asyncio.timeout(self._options.try_timeout_s):
                    await self._index(claim)
        except asyncio.CancelledError:
            await self._requeue(claim)
            raise
        except LeaseLost:
            _LOG.info("job %s was taken over or ended elsewhere", claim.job_id)
        except _PERMANENT as error:
            await self._fail(claim, error)
        except _TEMPORARY as error:
            attempts = claim.attempts
            self._throttle.warn(_LOG, "job %s is delayed after try %d", claim.job_id, attempts, error=error)
            await self._retry(claim, error, counts=False)
        except Exception as error:
            await self._record_failure(claim, self._to_domain_error(error, claim))

    def _to_domain_error(self, error: Exception, claim: Claim) -> ArmoireError:
        self._throttle.warn(_LOG, "a try at job %s failed", claim.job_id, error=error)
        if isinstance(error, ArmoireError):
            return error
        if isinstance(error, TimeoutError):
            return ArmoireError(
                f"the photo took longer than {self._options.try_timeout_s:g} s", reason="TRY_TIMED_OUT"
            )
        return ArmoireError("internal error; the server's log has the details under this job's id")

    async def _record_failure(self, claim: Claim, error: ArmoireError) -> None:
        if claim.failures + 1 >= self._options.max_failures:
            await self._fail(claim, error)
        else:
            await self._retry(claim, error, counts=True)

    async def _fail(self, claim: Claim, error: ArmoireError) -> None:
        await self._store(lambda session: fail_job(session, claim, error, now_us()))
        self._job_events.publish(claim.tenant_id, claim.job_id)

    async def _retry(self, claim: Claim, error: ArmoireError, *, counts: bool) -> None:
        asked_s = error.retry_after_s if isinstance(error, Overloaded) else 0.0
        pause_us = int(max(self._options.retry.pause_s(claim.attempts), asked_s) * MICROSECONDS)

        def requeue(session: Session) -> None:
            moment_us = now_us()
            requeue_job(session, claim, error, moment_us + pause_us, moment_us, counts=counts)

        await self._store(requeue)
        self._job_events.publish(claim.tenant_id, claim.job_id)

    async def _store(self, outcome: Callable[[Session], object]) -> None:
        """Store the outcome of a try once the database answers; its lease need not run out for that."""
        await retry(
            lambda: self._database.write(outcome),
            self._options.claim_retry,
            self._storing_failed,
            Unavailable,
        )

    def _storing_failed(self, error: Exception, pause_s: float) -> None:
        self._throttle.warn(_LOG, "storing an outcome failed; next attempt in %.1f s", pause_s, error=error)

    async def _requeue(self, claim: Claim) -> None:
        moment_us = now_us()
        await self._database.write(
            lambda session: requeue_job(session, claim, None, moment_us, moment_us, counts=False)
        )

    async def _keep_lease(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(self._options.lease_s / 3)
            expires_us = now_us() + self._options.lease_us
            try:
                if not await self._database.write(
                    lambda session, until_us=expires_us: renew_lease(session, claim, until_us)  # type: ignore[misc]
                ):
                    return
            except Unavailable as error:
                self._throttle.warn(_LOG, "renewing the lease of job %s failed", claim.job_id, error=error)
