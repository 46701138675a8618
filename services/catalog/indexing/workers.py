"""The workers: they claim jobs and see each try to its end."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.errors import ArmoireError, DeadlineExceeded, InvalidInput, Overloaded, Unavailable
from services.background.log_throttle import LogThrottle
from services.catalog.addresses import redact
from services.catalog.clock import MICROSECONDS, now_us
from services.catalog.indexing.indexer import LeaseLost, OriginalMissing
from services.catalog.records.claims import (
    Claim,
    LeaseTerms,
    claim_jobs,
    fail_job,
    next_due_us,
    renew_lease,
    retry_job,
)
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import JobState, Progress
from services.catalog.sql.database import Database

_LOG = logging.getLogger(__name__)
_PERMANENT = (InvalidInput, OriginalMissing)
_NOT_THE_PHOTOS_FAULT = (Overloaded, Unavailable, DeadlineExceeded)


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How jobs are worked on.

    Attributes:
        concurrency: tries at a time.
        lease_s: a try that has not been heard of for so long is taken over.
        try_timeout_s: a try may take so long.
        max_failures: tries that may end in an error before the job is FAILED.
        max_interruptions: tries that may end with the process before the job is FAILED.
        retry_s: pause before the second try; it doubles with every further one.
        retry_max_s: longest pause.
        remind_s: how often the log says that jobs are held back.
    """

    concurrency: int = 8
    lease_s: float = 30.0
    try_timeout_s: float = 300.0
    max_failures: int = 5
    max_interruptions: int = 20
    retry_s: float = 0.5
    retry_max_s: float = 60.0
    remind_s: float = 30.0

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
    ) -> None:
        self._database = database
        self._index = index
        self._job_events = job_events
        self._options = options
        self._terms = LeaseTerms(options.lease_us, options.max_failures, options.max_interruptions)
        self._wake = asyncio.Event()
        self._free = options.concurrency
        self._held_back = LogThrottle(options.remind_s)
        self._unclaimed = LogThrottle(options.remind_s)

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    async def run(self) -> None:
        """Work for ever; once cancelled, gives the jobs under way back."""
        async with asyncio.TaskGroup() as tries:
            while True:
                self._wake.clear()
                moment_us = now_us()
                for claim in await self._claim(moment_us):
                    self._free -= 1
                    progress = Progress(JobState.CROPPING, claim.attempts, moment_us)
                    self._job_events.publish(claim.tenant_id, claim.job_id, progress)
                    tries.create_task(self._try(claim))
                await self._rest()

    async def _claim(self, moment_us: int) -> list[Claim]:
        if not self._free:
            return []
        try:
            return await self._database.write(
                lambda session: claim_jobs(session, self._free, self._terms, moment_us)
            )
        except Exception as error:
            if self._unclaimed.due():
                _LOG.warning("claiming jobs failed", exc_info=error)
            await asyncio.sleep(self._options.retry_s)
            return []

    async def _rest(self) -> None:
        """Until there is news, a job becomes due or a lease may have run out."""
        try:
            async with asyncio.timeout(await self._pause_s()):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _pause_s(self) -> float:
        try:
            due_us = await self._database.read(next_due_us) if self._free else None
        except Unavailable:
            due_us = None
        if due_us is None:
            return self._options.lease_s
        return min(max((due_us - now_us()) / MICROSECONDS, 0.01), self._options.lease_s)

    async def _try(self, claim: Claim) -> None:
        keeper = asyncio.create_task(self._keep_lease(claim))
        try:
            await self._settle(claim)
        except Exception as error:  # the lease runs out and another try follows
            _LOG.warning("job %s could not be settled", claim.job_id, exc_info=error)
        finally:
            keeper.cancel()
            self._free += 1
            self._wake.set()

    async def _settle(self, claim: Claim) -> None:
        try:
            async with asyncio.timeout(self._options.try_timeout_s):
                await self._index(claim)
        except asyncio.CancelledError:
            await self._give_back(claim)
            raise
        except LeaseLost:
            _LOG.info("job %s was taken over or ended elsewhere", claim.job_id)
        except _PERMANENT as error:
            await self._fail(claim, error)
        except _NOT_THE_PHOTOS_FAULT as error:
            self._tell_held_back(claim, error)
            await self._retry(claim, error, counts=False)
        except Exception as error:
            await self._count(claim, self._meaning_of(error, claim))

    def _tell_held_back(self, claim: Claim, error: ArmoireError) -> None:
        if self._held_back.due():
            _LOG.warning(
                "job %s is held back after try %d: %s (%s); %d more tries since the last such line",
                claim.job_id,
                claim.attempts,
                redact(error.message),
                error.reason,
                self._held_back.unsaid(),
            )

    def _meaning_of(self, error: Exception, claim: Claim) -> ArmoireError:
        _LOG.warning("a try at job %s failed", claim.job_id, exc_info=error)
        if isinstance(error, ArmoireError):
            return error
        if isinstance(error, TimeoutError):
            return ArmoireError(
                f"the photo took longer than {self._options.try_timeout_s:g} s", reason="TRY_TIMED_OUT"
            )
        return ArmoireError("indexing failed on the server's side; its log has the details by job id")

    async def _count(self, claim: Claim, error: ArmoireError) -> None:
        if claim.failures + 1 >= self._options.max_failures:
            await self._fail(claim, error)
        else:
            await self._retry(claim, error, counts=True)

    async def _fail(self, claim: Claim, error: ArmoireError) -> None:
        await self._database.write(lambda session: fail_job(session, claim, error, now_us()))
        self._job_events.publish(claim.tenant_id, claim.job_id)

    async def _retry(self, claim: Claim, error: ArmoireError, *, counts: bool) -> None:
        told_s = error.retry_after_s if isinstance(error, Overloaded) else 0.0
        pause_us = int(max(self._backoff_s(claim.attempts), told_s) * MICROSECONDS)

        def retry(session: Session) -> None:
            moment_us = now_us()
            retry_job(session, claim, error, moment_us + pause_us, moment_us, counts=counts)

        await self._database.write(retry)
        self._job_events.publish(claim.tenant_id, claim.job_id)

    def _backoff_s(self, attempts: int) -> float:
        longest_s = self._options.retry_s * 2.0 ** min(attempts - 1, 30)
        return min(longest_s, self._options.retry_max_s) * random.uniform(0.5, 1.0)

    async def _give_back(self, claim: Claim) -> None:
        moment_us = now_us()
        await self._database.write(
            lambda session: retry_job(session, claim, None, moment_us, moment_us, counts=False)
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
                _LOG.warning("renewing the lease of job %s failed", claim.job_id, exc_info=error)
