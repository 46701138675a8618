from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.errors import ArmoireError, InvalidInput
from services.catalog.records.claims import (
    Claim,
    ClaimedJobs,
    LeaseTerms,
    advance_job,
    claim_jobs,
    complete_job,
    fail_job,
    next_due_us,
    release_all_leases,
    renew_lease,
    requeue_job,
)
from services.catalog.records.dead_letters import count_jobs
from services.catalog.records.job_queue import BULK_WAIT_US
from services.catalog.records.jobs import JobFilter, JobPriority, JobState, read_job
from services.sql.database import Database
from tests.unit.services.catalog.rows import add_job

TERMS = LeaseTerms(lease_us=100, max_failures=3, max_interruptions=2)


async def claim(database: Database, moment_us: int, max_jobs: int = 10) -> list[Claim]:
    claimed = await database.write(lambda session: claim_jobs(session, max_jobs, TERMS, moment_us))
    return list(claimed.claims)


async def test_a_queued_job_is_claimed_once(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 10))
    assert await claim(database, 9) == []
    (first,) = await claim(database, 10)
    assert (first.job_id, first.attempts, first.photo.boxes) == (job_id, 1, ())
    assert await claim(database, 11) == []
    job = await database.read(lambda session: read_job(session, "t", job_id))
    assert (job.state, job.attempts) == (JobState.CROPPING, 1)


async def test_claims_are_bounded_and_oldest_first(database: Database) -> None:
    ids = [await database.write(lambda session, at=at: add_job(session, at)) for at in (3, 1, 2)]  # type: ignore[misc]
    assert [entry.job_id for entry in await claim(database, 10, 2)] == [ids[1], ids[2]]
    assert [entry.job_id for entry in await claim(database, 10, 2)] == [ids[0]]


async def test_concurrent_claims_never_share_a_job(database: Database) -> None:
    for _ in range(20):
        await database.write(lambda session: add_job(session, 1))
    claims: list[Claim] = []
    while len(claims) < 20:
        for found in await asyncio.gather(*(claim(database, 10, 2) for _ in range(5))):
            claims += found
    assert len({entry.job_id for entry in claims}) == 20


async def test_an_expired_lease_is_taken_over_and_the_first_try_is_void(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 10))
    (first,) = await claim(database, 10)
    assert await claim(database, 110) == []
    (second,) = await claim(database, 111)
    assert (second.job_id, second.attempts) == (job_id, 2)
    for change in (
        lambda session: renew_lease(session, first, 500),
        lambda session: advance_job(session, first, JobState.ANALYZING, 112),
        lambda session: complete_job(session, first, 112),
        lambda session: fail_job(session, first, ArmoireError("x"), 112),
        lambda session: requeue_job(session, first, None, 0, 112, counts=True),
    ):
        assert await database.write(change) is False
    assert await database.write(lambda session: complete_job(session, second, 113)) is True
    job = await database.read(lambda session: read_job(session, "t", job_id))
    assert (job.state, job.error, job.searchable, job.ended) == (JobState.COMPLETE, None, False, True)


async def test_a_renewed_lease_holds(database: Database) -> None:
    await database.write(lambda session: add_job(session, 10))
    (first,) = await claim(database, 10)
    assert await database.write(lambda session: renew_lease(session, first, 200))
    assert await claim(database, 200) == []
    assert len(await claim(database, 201)) == 1


async def test_a_job_left_behind_too_often_fails(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 0))
    for moment in (0, 1000, 2000):
        assert len(await claim(database, moment)) == 1
    claimed = await database.write(lambda session: claim_jobs(session, 10, TERMS, 3000))
    assert claimed == ClaimedJobs(interrupted=(("t", job_id),))
    job = await database.read(lambda session: read_job(session, "t", job_id))
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert job.error.reason == "INTERRUPTED"


async def test_a_job_given_back_was_not_left_behind(database: Database) -> None:
    await database.write(lambda session: add_job(session, 0))
    for moment in range(0, 9000, 1000):
        (entry,) = await claim(database, moment)
        assert entry.failures == 0
        assert await database.write(
            lambda session, c=entry, m=moment: requeue_job(session, c, None, m, m, counts=False)  # type: ignore[misc]
        )


async def test_a_retry_waits_and_tells_its_error(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 0))
    (entry,) = await claim(database, 0)
    error = InvalidInput("image.content", "is odd")
    await database.write(lambda session: requeue_job(session, entry, error, 500, 1, counts=True))
    job = await database.read(lambda session: read_job(session, "t", job_id))
    assert job.state is JobState.QUEUED
    assert isinstance(job.error, InvalidInput)
    assert await claim(database, 499) == []
    (again,) = await claim(database, 500)
    assert (again.attempts, again.failures) == (2, 1)


async def test_the_next_due_moment_is_the_earliest_of_pauses_and_leases(database: Database) -> None:
    assert await database.read(next_due_us) is None
    await database.write(lambda session: add_job(session, 70))
    assert await database.read(next_due_us) == 70
    (entry,) = await claim(database, 70)
    assert await database.read(next_due_us) == 170
    await database.write(lambda session: add_job(session, 90))
    assert await database.read(next_due_us) == 90
    (other,) = await claim(database, 90)
    await database.write(lambda session: complete_job(session, other, 91))
    await database.write(lambda session: complete_job(session, entry, 91))
    assert await database.read(next_due_us) is None


async def test_all_leases_can_be_let_go(database: Database) -> None:
    await database.write(lambda session: add_job(session, 0))
    await claim(database, 0)
    await database.write(lambda session: release_all_leases(session, 5))
    assert len(await claim(database, 5)) == 1


YEAR_US = 365 * 86_400 * 1_000_000


async def test_a_clock_that_is_set_back_keeps_no_job_waiting(database: Database) -> None:
    ids = {await database.write(lambda session: add_job(session, YEAR_US)) for _ in range(2)}
    (running,) = await claim(database, YEAR_US, 1)
    back_us = 1_000_000
    assert {entry.job_id for entry in await claim(database, back_us)} == ids
    assert await database.write(lambda session: complete_job(session, running, back_us)) is False
    assert await claim(database, back_us + 1) == []


async def test_a_try_that_is_delayed_by_minutes_is_not_taken_for_one_of_a_clock_set_back(
    database: Database,
) -> None:
    await database.write(lambda session: add_job(session, 600_000_000))
    assert await claim(database, 1) == []
    assert len(await claim(database, 600_000_000)) == 1


async def test_interactive_jobs_pass_bulk_ones_for_a_while(database: Database) -> None:
    def add(moment_us: int, priority: JobPriority) -> Callable[[Session], str]:
        return lambda session: add_job(session, moment_us, priority=priority)

    bulk = await database.write(add(0, JobPriority.BULK))
    soon = await database.write(add(BULK_WAIT_US - 1, JobPriority.INTERACTIVE))
    late = await database.write(add(BULK_WAIT_US + 1, JobPriority.INTERACTIVE))
    order = [(await claim(database, 2 * BULK_WAIT_US, 1))[0].job_id for _ in range(3)]
    assert order == [soon, bulk, late]
    job = await database.read(lambda session: read_job(session, "t", bulk))
    assert job.priority is JobPriority.BULK


async def test_a_job_with_which_processes_die_is_tried_without_others_of_its_kind(
    database: Database,
) -> None:
    first, second, third = [
        await database.write(lambda session, at=at: add_job(session, at))  # type: ignore[misc]
        for at in (0, 1, 2)
    ]
    for moment_us in (10, 1000):  # both times the process dies with all three
        assert {entry.job_id for entry in await claim(database, moment_us)} == {first, second, third}
    fresh = await database.write(lambda session: add_job(session, 5))
    found = await claim(database, 2000)
    assert {entry.job_id: entry.suspect for entry in found} == {first: True, fresh: False}
    held = await database.write(lambda session: claim_jobs(session, 10, TERMS, 2001, suspects=False))
    assert held == ClaimedJobs()
    assert await database.read(lambda session: next_due_us(session, suspects=False)) == 2100
    assert await database.write(lambda session: complete_job(session, found[0], 2002))
    assert [entry.job_id for entry in await claim(database, 2003)] == [second]


async def test_a_job_that_was_interrupted_too_often_fails_beside_others(database: Database) -> None:
    deadly = await database.write(lambda session: add_job(session, 0))
    for moment_us in range(10, 1000 * (TERMS.max_interruptions + 1), 1000):  # each time the process dies
        (entry,) = await claim(database, moment_us)
        assert entry.job_id == deadly
    last_us = 1000 * (TERMS.max_interruptions + 1)
    others = [await database.write(lambda session: add_job(session, last_us)) for _ in range(2)]
    found = await database.write(lambda session: claim_jobs(session, 10, TERMS, last_us))
    assert [entry.job_id for entry in found.claims] == others
    assert found.interrupted == (("t", deadly),)
    job = await database.read(lambda session: read_job(session, "t", deadly))
    assert (job.state, job.error and job.error.reason) == (JobState.FAILED, "INTERRUPTED")
    failed = JobFilter(frozenset([JobState.FAILED]), reasons=frozenset(["INTERRUPTED"]))
    counted = await database.read(lambda session: count_jobs(session, "t", failed))
    assert [each.count for each in counted] == [1]
