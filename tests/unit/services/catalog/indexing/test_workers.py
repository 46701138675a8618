from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import ArmoireError, DeadlineExceeded, Overloaded, Unavailable
from services.background.backoff import Backoff
from services.catalog.indexing import workers
from services.catalog.indexing.workers import WorkerOptions, Workers
from services.catalog.records.claims import Claim, ClaimedJobs, LeaseTerms, claim_jobs, complete_job
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import Job, JobState, Progress, read_job
from services.catalog.sql.catalog_database import catalog_database
from services.sql.database import Database
from tests.unit.services.catalog.rows import add_job

QUICK = Backoff(0.001, 60.0)


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    database = catalog_database(f"sqlite:///{tmp_path / 'catalog.db'}")
    await database.open()
    yield database
    await database.close()


@asynccontextmanager
async def working(
    database: Database, index: Callable[[Claim], Awaitable[None]], options: WorkerOptions
) -> AsyncIterator[JobEvents]:
    job_events = JobEvents()

    async def telling(claim: Claim) -> None:
        await index(claim)
        job_events.publish(claim.tenant_id, claim.job_id)

    task = asyncio.create_task(Workers(database, telling, job_events, options).run())
    try:
        yield job_events
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def end_of(database: Database, job_events: JobEvents, job_id: str) -> Job:
    with job_events.watch("t", job_id) as watch:
        while True:
            job = await database.read(lambda session: read_job(session, "t", job_id))
            if job.ended:
                return job
            await watch.wait(60.0)


async def test_a_long_try_keeps_its_lease(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of the lease passes with each renewal, three leases before the try ends."""
    options = WorkerOptions(lease_s=0.03)
    begun_us = now_us()
    moment_us, renew_lease = [begun_us], workers.renew_lease
    enough, loop = asyncio.Event(), asyncio.get_running_loop()

    def renew(session: Session, claim: Claim, expires_us: int) -> bool:
        moment_us[0] += options.lease_us // 3
        if moment_us[0] >= begun_us + 3 * options.lease_us:
            loop.call_soon_threadsafe(enough.set)
        return renew_lease(session, claim, expires_us)

    async def index(claim: Claim) -> None:
        await enough.wait()
        assert await sqlite.write(lambda session: complete_job(session, claim, moment_us[0]))

    monkeypatch.setattr(workers, "renew_lease", renew)
    monkeypatch.setattr(workers, "now_us", lambda: moment_us[0])
    job_id = await sqlite.write(lambda session: add_job(session, 1))
    async with working(sqlite, index, options) as job_events:
        job = await end_of(sqlite, job_events, job_id)
    assert (job.state, job.attempts) == (JobState.COMPLETE, 1)


async def test_an_outcome_is_stored_as_soon_as_the_database_answers(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is longer than the test, so only its holder can queue the job again."""
    tries, failures = [0], [2]
    requeue_job = workers.requeue_job

    def requeue(*arguments: Any, **named: Any) -> bool:
        if failures[0]:
            failures[0] -= 1
            raise Unavailable("the database cannot be reached")
        return requeue_job(*arguments, **named)

    async def index(claim: Claim) -> None:
        tries[0] += 1
        if tries[0] == 1:
            raise Unavailable("the database cannot be reached")
        assert await sqlite.write(lambda session: complete_job(session, claim, now_us()))

    monkeypatch.setattr(workers, "requeue_job", requeue)
    job_id = await sqlite.write(lambda session: add_job(session, 1))
    options = WorkerOptions(lease_s=3600.0, retry=QUICK, claim_retry=QUICK)
    async with working(sqlite, index, options) as job_events:
        job = await end_of(sqlite, job_events, job_id)
    assert (job.state, failures) == (JobState.COMPLETE, [0])


async def test_a_try_that_hangs_is_ended_and_counts(sqlite: Database) -> None:
    async def index(claim: Claim) -> None:
        await asyncio.Event().wait()

    job_id = await sqlite.write(lambda session: add_job(session, 1))
    options = WorkerOptions(try_timeout_s=0.01, max_failures=2, retry=QUICK)
    async with working(sqlite, index, options) as job_events:
        job = await end_of(sqlite, job_events, job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, 2)
    assert job.error is not None
    assert job.error.reason == "TRY_TIMED_OUT"


async def test_a_photo_that_always_takes_too_long_elsewhere_fails(sqlite: Database) -> None:
    async def index(claim: Claim) -> None:
        if claim.attempts > 9:
            await sqlite.write(lambda session: complete_job(session, claim, now_us()))
            return
        raise DeadlineExceeded("the photo took longer than 30 s")

    job_id = await sqlite.write(lambda session: add_job(session, 1))
    async with working(sqlite, index, WorkerOptions(max_failures=2, retry=QUICK)) as job_events:
        job = await end_of(sqlite, job_events, job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, 2)
    assert isinstance(job.error, DeadlineExceeded)


async def test_no_more_tries_at_a_time_than_said(sqlite: Database) -> None:
    running, most, full = [0], [0], asyncio.Event()

    async def index(claim: Claim) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        if running[0] == 3:
            full.set()
        await full.wait()
        await sqlite.write(lambda session: complete_job(session, claim, now_us()))
        running[0] -= 1

    ids = [await sqlite.write(lambda session: add_job(session, 1)) for _ in range(12)]
    async with working(sqlite, index, WorkerOptions(concurrency=3)) as job_events:
        for job_id in ids:
            assert (await end_of(sqlite, job_events, job_id)).state is JobState.COMPLETE
    assert most[0] == 3


async def test_a_database_that_was_away_is_asked_again(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures, claim_jobs = [3], workers.claim_jobs

    def flaky(*args: Any, **others: bool) -> ClaimedJobs:
        failures[0] -= 1
        if failures[0] >= 0:
            raise Unavailable("the database cannot be reached")
        return claim_jobs(*args, **others)

    async def index(claim: Claim) -> None:
        await sqlite.write(lambda session: complete_job(session, claim, now_us()))

    monkeypatch.setattr(workers, "claim_jobs", flaky)
    job_id = await sqlite.write(lambda session: add_job(session, 1))
    async with working(sqlite, index, WorkerOptions(claim_retry=QUICK)) as job_events:
        assert (await end_of(sqlite, job_events, job_id)).state is JobState.COMPLETE


async def test_a_try_comes_back_when_it_is_told_to(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses_us: list[int] = []
    requeue_job = workers.requeue_job

    def retry(
        session: Session, claim: Claim, error: ArmoireError, due_us: int, moment_us: int, *, counts: bool
    ) -> bool:
        pauses_us.append(due_us - moment_us)
        return requeue_job(session, claim, error, due_us, moment_us, counts=counts)

    async def index(claim: Claim) -> None:
        if not pauses_us:
            raise Overloaded("full", retry_after_s=0.05)
        await sqlite.write(lambda session: complete_job(session, claim, now_us()))

    monkeypatch.setattr(workers, "requeue_job", retry)
    job_id = await sqlite.write(lambda session: add_job(session, 1))
    async with working(sqlite, index, WorkerOptions(retry=QUICK)) as job_events:
        job = await end_of(sqlite, job_events, job_id)
    assert (job.state, job.attempts) == (JobState.COMPLETE, 2)
    assert pauses_us == [50_000]


async def test_the_watchers_of_a_job_that_was_interrupted_too_often_are_told(sqlite: Database) -> None:
    class NotedEvents(JobEvents):
        def publish(self, tenant_id: str, job_id: str, progress: Progress | None = None) -> None:
            published.append((tenant_id, job_id, progress))

    async def index(claim: Claim) -> None:
        raise AssertionError

    published: list[tuple[str, str, Progress | None]] = []
    job_id = await sqlite.write(lambda session: add_job(session, 1))
    lease = LeaseTerms(lease_us=1, max_failures=1, max_interruptions=1)
    await sqlite.write(lambda session: claim_jobs(session, 1, lease, 1))  # by a process that ended
    options = WorkerOptions(max_interruptions=0)
    assert await Workers(sqlite, index, NotedEvents(), options)._claim() == ()
    assert published == [("t", job_id, None)]
