from __future__ import annotations

import dataclasses

from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import ArmoireError
from services.catalog.records.claims import LeaseTerms, claim_jobs, complete_job, fail_job
from services.catalog.records.dead_letters import (
    JobCount,
    count_jobs,
    delete_jobs,
    purge_jobs,
    retry_jobs,
)
from services.catalog.records.images import delete_image, lock_images
from services.catalog.records.job_queue import BULK_WAIT_US
from services.catalog.records.jobs import JobFilter, JobState, find_jobs, read_job
from services.catalog.records.paging import Cursor
from services.sql.database import Database
from tests.unit.services.catalog.rows import add_items, add_job

TERMS = LeaseTerms(lease_us=100, max_failures=3, max_interruptions=2)
FAILED = JobFilter(states=frozenset({JobState.FAILED}))


async def failed(database: Database, reason: str, *, tenant_id: str = "t", items: int = 0) -> tuple[str, str]:
    """A job that has failed at 2, and its image."""

    def fail(session: Session) -> tuple[str, str]:
        job_id = add_job(session, 1, tenant_id=tenant_id)
        (claim,) = claim_jobs(session, 1, TERMS, 1).claims
        assert claim.job_id == job_id
        add_items(session, claim.photo.image_id, items, tenant_id=tenant_id)
        assert fail_job(session, claim, ArmoireError("x", reason=reason), 2)
        return job_id, claim.photo.image_id

    return await database.write(fail)


def cursor(size: int = 10, before: str | None = None) -> Cursor:
    return Cursor(size, before, "")


async def states(database: Database, tenant_id: str = "t") -> dict[str, JobState]:
    wanted = JobFilter(created_from_us=0)
    found = await database.read(lambda session: find_jobs(session, tenant_id, wanted))
    return {job.id: job.state for job in found}


async def test_jobs_are_counted_by_state_and_reason(database: Database) -> None:
    for reason in ("GONE", "DAMAGED", "GONE"):
        await failed(database, reason)
    await failed(database, "GONE", tenant_id="other")
    await database.write(lambda session: add_job(session, 1))
    counts = await database.read(lambda session: count_jobs(session, "t", JobFilter()))
    first = datetime_from_us(1)
    assert counts == [
        JobCount(JobState.FAILED, "GONE", 2, first),
        JobCount(JobState.FAILED, "DAMAGED", 1, first),
        JobCount(JobState.QUEUED, "", 1, first),
    ]
    gone = dataclasses.replace(FAILED, reasons=frozenset({"GONE"}))
    counts = await database.read(lambda session: count_jobs(session, "t", gone))
    assert [count.count for count in counts] == [2]


async def test_failed_jobs_of_a_reason_are_queued_again_page_by_page(database: Database) -> None:
    gone = [await failed(database, "GONE") for _ in range(3)]
    damaged, _ = await failed(database, "DAMAGED")
    theirs, _ = await failed(database, "GONE", tenant_id="other")
    await database.write(lambda session: delete_image(session, "t", gone[1][1], "", 3))
    wanted = dataclasses.replace(FAILED, reasons=frozenset({"GONE"}))
    first = await database.write(lambda session: retry_jobs(session, "t", cursor(2), wanted, 5))
    assert first.seen == (gone[2][0], gone[1][0], gone[0][0])
    assert first.changed == (gone[2][0],)  # the photo of the other one was deleted
    rest = cursor(2, before=gone[1][0])
    second = await database.write(lambda session: retry_jobs(session, "t", rest, wanted, 5))
    assert second.seen == second.changed == (gone[0][0],)
    expected = {gone[0][0]: JobState.QUEUED, gone[1][0]: JobState.FAILED, gone[2][0]: JobState.QUEUED}
    assert await states(database) == expected | {damaged: JobState.FAILED}
    assert await states(database, "other") == {theirs: JobState.FAILED}
    job = await database.read(lambda session: read_job(session, "t", gone[0][0]))
    assert job.error is None
    late = await database.write(lambda session: add_job(session, BULK_WAIT_US))
    claims = await database.write(lambda session: claim_jobs(session, 3, TERMS, 2 * BULK_WAIT_US))
    assert claims.claims[0].job_id == late  # they stand behind whoever waits


async def test_removed_jobs_take_photos_without_items_along(database: Database) -> None:
    bare, with_items = await failed(database, "GONE"), await failed(database, "GONE", items=2)
    queued = await database.write(lambda session: add_job(session, 1))
    batch = await database.write(lambda session: delete_jobs(session, "t", cursor(), FAILED, 5))
    assert set(batch.changed) == {bare[0], with_items[0]}
    assert batch.images.image_ids == (bare[1],)
    assert await states(database) == {queued: JobState.QUEUED}
    images = [bare[1], with_items[1]]
    assert await database.write(lambda session: lock_images(session, "t", images)) == {with_items[1]}


async def test_only_jobs_that_have_ended_long_ago_are_purged(database: Database) -> None:
    old, _ = await failed(database, "GONE")

    def later(session: Session) -> tuple[str, str]:
        done = add_job(session, 1)
        (claim,) = claim_jobs(session, 1, TERMS, 1).claims
        assert complete_job(session, claim, 10)
        return done, add_job(session, 1)

    done, queued = await database.write(later)
    assert await database.write(lambda session: purge_jobs(session, 10, 5)) == 1
    assert (await states(database)).keys() == {done, queued}
    assert old not in await states(database)
    assert await database.write(lambda session: purge_jobs(session, 11, 5)) == 1
    assert (await states(database)).keys() == {queued}
