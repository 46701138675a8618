from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from domain.errors import AlreadyExists, ArmoireError, NotFound
from services.catalog.records import outbox
from services.catalog.records.claims import Claim, LeaseTerms, claim_jobs, complete_job
from services.catalog.records.collections import CURRENT, point_alias, register_collection
from services.catalog.records.job_queue import end_open_jobs
from services.catalog.records.jobs import JobState, find_job_by_key, jobs_of_items, read_job
from services.catalog.vectors.collection import Collection
from services.sql.database import Database
from tests.unit.services.catalog.rows import VERSION, add_items, add_job

TERMS = LeaseTerms(lease_us=100, max_failures=3, max_interruptions=2)


async def claim(database: Database, moment_us: int, max_jobs: int = 10) -> list[Claim]:
    claimed = await database.write(lambda session: claim_jobs(session, max_jobs, TERMS, moment_us))
    return list(claimed.claims)


async def test_jobs_of_deleted_images_fail_and_ended_ones_stay(database: Database) -> None:
    open_id = await database.write(lambda session: add_job(session, 0))
    (entry,) = await claim(database, 0)
    done_id = await database.write(lambda session: add_job(session, 0))
    (done,) = await claim(database, 0)
    await database.write(lambda session: complete_job(session, done, 1))
    images = [entry.photo.image_id, done.photo.image_id]
    gone = ArmoireError("gone", reason="GONE")
    assert await database.write(lambda session: end_open_jobs(session, "t", images, gone, 2)) == [open_id]
    assert await database.write(lambda session: complete_job(session, entry, 3)) is False
    states = await database.read(
        lambda session: [read_job(session, "t", job_id).state for job_id in (open_id, done_id)]
    )
    assert states == [JobState.FAILED, JobState.COMPLETE]


async def test_a_job_is_searchable_once_no_item_waits(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 0))
    (entry,) = await claim(database, 0)

    def finish(session: Session) -> list[outbox.ItemKey]:
        register_collection(session, Collection("c", VERSION, 4), 1)
        point_alias(session, CURRENT, Collection("c", VERSION, 4))
        complete_job(session, entry, 1)
        return [outbox.ItemKey("t", id) for id in add_items(session, entry.photo.image_id, 2)]

    keys = await database.write(finish)
    job = await database.read(lambda session: read_job(session, "t", job_id))
    assert (job.state, job.searchable, job.ended) == (JobState.COMPLETE, False, False)
    assert [(item.item_id, item.primary_in_image) for item in job.items] == [
        (keys[0].item_id, True),
        (keys[1].item_id, False),
    ]
    assert await database.read(lambda session: jobs_of_items(session, keys)) == {("t", job_id)}
    for expected in (False, True):

        def drain_one(session: Session) -> None:
            batch = outbox.read_batch(session, 1)
            assert batch is not None
            outbox.delete_batch(session, batch)

        await database.write(drain_one)
        job = await database.read(lambda session: read_job(session, "t", job_id))
        assert job.searchable is expected


async def test_rows_of_other_columns_than_those_searched_are_not_waited_for(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 0))
    (entry,) = await claim(database, 0)

    def finish(session: Session) -> None:
        for name in ("before", "searched"):
            register_collection(session, Collection(name, VERSION, 4), 1)
        point_alias(session, CURRENT, Collection("searched", VERSION, 4))
        complete_job(session, entry, 1)
        add_items(session, entry.photo.image_id, 2)

    def drain_searched(session: Session) -> None:
        batch = outbox.read_batch(session, 10, ["before"])
        assert batch is not None
        outbox.delete_batch(session, batch)

    await database.write(finish)
    assert not (await database.read(lambda session: read_job(session, "t", job_id))).searchable
    await database.write(drain_searched)
    assert await database.read(lambda session: outbox.waiting_keys(session, "before"))
    assert (await database.read(lambda session: read_job(session, "t", job_id))).searchable


async def test_a_key_finds_its_job(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 0, key="k"))
    found = await database.read(lambda session: find_job_by_key(session, "t", "k", "f" * 64))
    assert found is not None
    assert found.id == job_id
    assert await database.read(lambda session: find_job_by_key(session, "u", "k", "f" * 64)) is None
    assert await database.read(lambda session: find_job_by_key(session, "t", "", "f" * 64)) is None
    with pytest.raises(AlreadyExists):
        await database.read(lambda session: find_job_by_key(session, "t", "k", "0" * 64))
    with pytest.raises(NotFound):
        await database.read(lambda session: read_job(session, "u", job_id))
