"""The runner on a real database, with work that the test steers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from domain.errors import ArmoireError, InvalidInput, Unavailable
from domain.types import DEFAULT_PRINCIPAL
from services.audit.trail import AuditTrail
from services.background.backoff import Backoff
from services.catalog.ids import IdSource
from services.catalog.limits import CatalogLimits
from services.catalog.operations.run import OperationRun, OperationWaits
from services.catalog.operations.runner import OperationRunner, RunnerOptions
from services.catalog.records.job_events import JobEvents
from services.catalog.records.operations import Operation, OperationKind, OperationProgress, OperationState
from services.catalog.resources.operations import Operations
from services.sql.database import Database

OPTIONS = RunnerOptions(retry=Backoff(0.001, 0.001), max_failures=2)


class Steps:
    """Work of ten steps; `outcomes` has what happens after a step, once each."""

    def __init__(self, **outcomes: Exception | asyncio.Event) -> None:
        self.outcomes = outcomes
        self.done: list[int] = []
        self.reached = asyncio.Event()

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        for step in range(run.checkpoint.get("next", 0), 10):
            self.done.append(step)
            await run.save(OperationProgress("steps", step + 1, 0, 10), {"next": step + 1})
            outcome = self.outcomes.pop(f"after_{step}", None)
            if isinstance(outcome, Exception):
                raise outcome
            if outcome is not None:
                self.reached.set()
                await outcome.wait()
        return {"steps": len(self.done)}


@asynccontextmanager
async def running(
    database: Database, work: Steps, options: RunnerOptions = OPTIONS
) -> AsyncIterator[Operations]:
    """A runner at work, and the calls on its operations; an operation that is read anew has an event."""
    events = JobEvents()
    runner = OperationRunner(database, events, {OperationKind.AUDIT: work}, options)
    task = asyncio.create_task(runner.run())
    yield Operations(database, AuditTrail(database), IdSource(), events, CatalogLimits(), runner.wake, 60.0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def started(operations: Operations) -> str:
    return (await operations.start(DEFAULT_PRINCIPAL, OperationKind.AUDIT, {})).id


async def watched(operations: Operations, operation_id: str) -> list[Operation]:
    return [each async for each in operations.watch(DEFAULT_PRINCIPAL, operation_id)]


async def test_work_is_done_and_watched_to_its_end(database: Database) -> None:
    work = Steps()
    async with running(database, work) as operations:
        seen = await watched(operations, await started(operations))
    last = seen[-1]
    assert (last.state, last.response) == (OperationState.SUCCEEDED, {"steps": 10})
    assert last.progress == OperationProgress("steps", 10, 0, 10)
    done = [each.progress.done for each in seen]
    assert done == sorted(done)


async def test_what_passes_is_tried_again_from_the_checkpoint(database: Database) -> None:
    work = Steps(after_3=Unavailable("gone"), after_5=ValueError("a bug"))
    async with running(database, work) as operations:
        last = (await watched(operations, await started(operations)))[-1]
    assert last.state is OperationState.SUCCEEDED
    assert work.done == list(range(10))


async def test_an_error_of_the_request_ends_it(database: Database) -> None:
    async with running(database, Steps(after_2=InvalidInput("x", "is wrong"))) as operations:
        last = (await watched(operations, await started(operations)))[-1]
    assert last.state is OperationState.FAILED
    assert isinstance(last.error, InvalidInput)


async def test_unexpected_errors_are_counted_and_tell_nothing_of_the_inside(database: Database) -> None:
    work = Steps(after_2=ValueError("a secret"), after_3=ValueError("a secret"))
    async with running(database, work) as operations:
        operation_id = await started(operations)
        last = (await watched(operations, operation_id))[-1]
        assert last.state is OperationState.FAILED
        assert isinstance(last.error, ArmoireError)
        assert "secret" not in last.error.message
        await operations.retry(DEFAULT_PRINCIPAL, operation_id)
        again = (await watched(operations, operation_id))[-1]
    assert again.state is OperationState.SUCCEEDED
    assert work.done == list(range(10))


async def test_a_cancelled_operation_stops_at_its_next_step(database: Database) -> None:
    release = asyncio.Event()
    work = Steps(after_4=release)
    async with running(database, work) as operations:
        operation_id = await started(operations)
        await work.reached.wait()
        asked = await operations.cancel(DEFAULT_PRINCIPAL, operation_id)
        assert asked.state is OperationState.RUNNING
        release.set()
        last = (await watched(operations, operation_id))[-1]
        assert (last.state, last.progress.done) == (OperationState.CANCELLED, 6)
        await operations.retry(DEFAULT_PRINCIPAL, operation_id)
        assert (await watched(operations, operation_id))[-1].state is OperationState.SUCCEEDED
    assert work.done == list(range(10))


async def test_work_that_saves_nothing_is_stopped_when_its_lease_is_renewed(database: Database) -> None:
    work = Steps(after_4=asyncio.Event())
    options = RunnerOptions(renew_s=0.01, retry=OPTIONS.retry)
    async with running(database, work, options) as operations:
        operation_id = await started(operations)
        await work.reached.wait()
        await operations.cancel(DEFAULT_PRINCIPAL, operation_id)
        last = (await watched(operations, operation_id))[-1]
    assert (last.state, last.progress.done) == (OperationState.CANCELLED, 5)


async def test_a_process_that_ends_leaves_its_work_to_the_next(database: Database) -> None:
    work = Steps(after_6=asyncio.Event())
    async with running(database, work) as operations:
        operation_id = await started(operations)
        await work.reached.wait()
    operation = await operations.get(DEFAULT_PRINCIPAL, operation_id)
    assert operation.state is OperationState.QUEUED
    async with running(database, work) as operations:
        assert (await watched(operations, operation_id))[-1].state is OperationState.SUCCEEDED
    assert work.done == list(range(10))


async def test_work_that_waits_lets_others_run_and_goes_on(database: Database) -> None:
    work = Steps(after_3=OperationWaits(0.0))
    async with running(database, work) as operations:
        operation = (await watched(operations, await started(operations)))[-1]
    assert (operation.state, work.done) == (OperationState.SUCCEEDED, list(range(10)))
