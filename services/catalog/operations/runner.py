"""The runner claims operations and runs each try to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.clock import MICROSECONDS, now_us
from domain.errors import ArmoireError, Overloaded, Unavailable
from services.background.backoff import Backoff
from services.background.log_throttle import LogThrottle
from services.background.retry import retry
from services.catalog.operations.run import OperationRun, OperationStopped, OperationWaits, OperationWork
from services.catalog.records.job_events import JobEvents
from services.catalog.records.operations import (
    OperationClaim,
    OperationKind,
    OperationState,
    claim_operation,
    end_operation,
    next_operation_us,
    renew_operation,
    requeue_operation,
)
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_INTERNAL = "internal error; the server's log has the details under this operation's id"


@dataclass(frozen=True, slots=True)
class RunnerOptions:
    """How operations are worked on.

    Attributes:
        concurrency: operations that run at a time; with 0, other processes work on them.
        lease_s: an operation whose lease has not been renewed for this long is taken over.
        renew_s: pause between renewals, at which a cancellation is noticed at the latest.
        max_failures: tries that may end in an unexpected error before the operation is FAILED.
        max_interruptions: processes that may die with it before it is FAILED.
        retry: pauses between the tries at one operation, and between attempts to claim one.
        look_s: the longest pause between looks for operations that another process has queued.
    """

    concurrency: int = 2
    lease_s: float = 30.0
    renew_s: float = 5.0
    max_failures: int = 3
    max_interruptions: int = 5
    retry: Backoff = Backoff(0.5, 60.0, jitter=0.5)
    look_s: float = 5.0

    @property
    def lease_us(self) -> int:
        return int(self.lease_s * MICROSECONDS)


class OperationRunner:
    """Claims operations as they become due; rests while there are none."""

    def __init__(
        self,
        database: Database,
        events: JobEvents,
        work: Mapping[OperationKind, OperationWork],
        options: RunnerOptions = RunnerOptions(),
    ) -> None:
        self._database = database
        self._events = events
        self._work = work
        self._options = options
        self._wake = asyncio.Event()
        self._free = options.concurrency
        self._throttle = LogThrottle()

    def wake(self) -> None:
        """Look for due operations now."""
        self._wake.set()

    async def run(self) -> None:
        """Work for ever; once cancelled, put the operations in progress back into the queue."""
        async with asyncio.TaskGroup() as tries:
            while True:
                self._wake.clear()
                while (claim := await self._next()) is not None:
                    self._free -= 1
                    tries.create_task(self._try(claim))
                await self._rest()

    async def _next(self) -> OperationClaim | None:
        return await retry(self._claim, self._options.retry, self._claiming_failed)

    async def _claim(self) -> OperationClaim | None:
        if not self._free:
            return None
        kinds, options = frozenset(self._work), self._options
        claimed = await self._database.write(
            lambda session: claim_operation(
                session, kinds, options.lease_us, now_us(), options.max_interruptions
            )
        )
        for tenant_id, operation_id in claimed.interrupted:
            self._events.publish(tenant_id, operation_id)
        return claimed.claim

    def _claiming_failed(self, error: Exception, pause_s: float) -> None:
        self._throttle.warn(_LOG, "claiming operations failed; next attempt in %.1f s", pause_s, error=error)

    async def _rest(self) -> None:
        """Wait until an operation was queued or has ended, one becomes due, or a lease may have run out."""
        try:
            async with asyncio.timeout(await self._pause_s()):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _pause_s(self) -> float:
        try:
            due_us = await self._database.read(next_operation_us) if self._free else None
        except Unavailable:
            due_us = None
        most_s = min(self._options.lease_s, self._options.look_s)
        if due_us is None:
            return most_s
        return min(max((due_us - now_us()) / MICROSECONDS, 0.05), most_s)

    async def _try(self, claim: OperationClaim) -> None:
        self._events.publish(claim.tenant_id, claim.id)
        try:
            await self._run(claim)
        except Exception as error:  # the lease runs out and another try follows
            self._throttle.warn(_LOG, "the outcome of operation %s was not stored", claim.id, error=error)
        finally:
            self._events.publish(claim.tenant_id, claim.id)
            self._free += 1
            self._wake.set()

    async def _run(self, claim: OperationClaim) -> None:
        """Do the work, and store the outcome."""
        try:
            response = await self._work_with_lease(claim)
        except asyncio.CancelledError:
            await self._requeue(claim, 0.0, counts=False)
            raise
        except OperationStopped:  # where the lease was lost, this changes nothing
            await self._end(claim, OperationState.CANCELLED)
        except OperationWaits as waits:
            await self._requeue(claim, waits.pause_s, counts=False)
        except (Overloaded, Unavailable) as error:
            self._throttle.warn(_LOG, "operation %s is delayed", claim.id, error=error)
            await self._requeue(claim, self._options.retry.pause_s(1), counts=False)
        except ArmoireError as error:
            await self._end(claim, OperationState.FAILED, error=error)
        except Exception as error:
            await self._record_failure(claim, error)
        else:
            await self._end(claim, OperationState.SUCCEEDED, response)

    async def _work_with_lease(self, claim: OperationClaim) -> Mapping[str, Any]:
        """The response of the work, during which the lease is kept.

        Raises:
            OperationStopped: the work must end.
        """
        run = OperationRun(self._database, self._events, claim)
        work = asyncio.ensure_future(self._work[claim.kind].run(run))
        keeper = asyncio.create_task(self._keep_lease(claim))
        try:
            await asyncio.wait((work, keeper), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise OperationStopped
            return work.result()
        finally:
            for task in (work, keeper):
                task.cancel()
            await asyncio.gather(work, keeper, return_exceptions=True)

    async def _keep_lease(self, claim: OperationClaim) -> None:
        """Renew the lease; returns when the work must stop."""
        stop: bool | None = False
        while stop is False:
            await asyncio.sleep(self._options.renew_s)
            expires_us = now_us() + self._options.lease_us
            try:
                stop = await self._database.write(
                    lambda session, until_us=expires_us: renew_operation(session, claim, until_us)  # type: ignore[misc]
                )
            except Unavailable as error:
                self._throttle.warn(_LOG, "renewing the lease of operation %s failed", claim.id, error=error)

    async def _record_failure(self, claim: OperationClaim, error: Exception) -> None:
        self._throttle.warn(_LOG, "a try at operation %s failed", claim.id, error=error)
        if claim.failures + 1 >= self._options.max_failures:
            await self._end(claim, OperationState.FAILED, error=ArmoireError(_INTERNAL))
        else:
            await self._requeue(claim, self._options.retry.pause_s(claim.failures + 1), counts=True)

    async def _end(
        self,
        claim: OperationClaim,
        state: OperationState,
        response: Mapping[str, Any] | None = None,
        error: ArmoireError | None = None,
    ) -> None:
        await self._database.write(
            lambda session: end_operation(session, claim, state, now_us(), response, error)
        )

    async def _requeue(self, claim: OperationClaim, pause_s: float, *, counts: bool) -> None:
        moment_us = now_us()
        due_us = moment_us + int(pause_s * MICROSECONDS)
        await self._database.write(
            lambda session: requeue_operation(session, claim, due_us, moment_us, counts=counts)
        )
