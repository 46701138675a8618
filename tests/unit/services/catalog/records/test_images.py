from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.orm import Session

from domain.errors import AlreadyExists, Conflict, NotFound
from domain.types import Box, QualityIssue
from services.catalog.records.images import (
    DeletedImages,
    RejectedCrop,
    delete_image,
    delete_images,
    kept_images,
    kept_items,
    known_tenants,
    read_image,
    write_findings,
)
from services.catalog.records.job_queue import queue_again
from services.catalog.records.jobs import JobState, find_job_by_key, read_job
from services.sql.database import Database
from tests.unit.services.catalog.rows import add_items, add_job

MANY = 1201
NOW_US = 1_800_000_000_000_000
"""More than an INTEGER of PostgreSQL holds."""


async def test_very_many_images_are_deleted_in_parts(database: Database) -> None:
    def fill(session: Session) -> tuple[list[str], list[str], list[str]]:
        job_ids = [add_job(session, 1, key=f"k{number}") for number in range(MANY)]
        image_ids = [read_job(session, "t", job_id).image_id for job_id in job_ids]
        return job_ids, image_ids, add_items(session, image_ids[-1], 2)

    job_ids, image_ids, item_ids = await database.write(fill)

    def delete(session: Session) -> DeletedImages:
        if database.embedded:  # as SQLite came before 3.32
            driver = session.connection().connection.driver_connection
            assert driver is not None
            driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
        return delete_images(session, "t", image_ids[1:], 2)

    gone = await database.write(delete)
    assert gone.image_ids == tuple(image_ids[1:])
    assert set(gone.job_ids) == set(job_ids[1:])
    assert set(gone.item_ids) == set(item_ids)
    assert await database.read(lambda session: kept_images(session, "t", [*image_ids[:9], "other"])) == {
        *image_ids[:9]
    }
    assert await database.read(lambda session: kept_items(session, "u", item_ids)) == set()
    with pytest.raises(AlreadyExists) as caught:
        await database.read(lambda session: find_job_by_key(session, "t", f"k{MANY - 1}", "f" * 64))
    assert caught.value.reason == "IDEMPOTENCY_KEY_OF_DELETED"
    assert await database.read(lambda session: find_job_by_key(session, "t", "k0", "f" * 64)) is not None


async def test_a_job_is_queued_again_in_the_states_named_and_while_its_photo_is_kept(
    database: Database,
) -> None:
    def again(session: Session, state: JobState) -> bool:
        return queue_again(session, "t", read_job(session, "t", job_id), (state,), NOW_US)

    job_id = await database.write(lambda session: add_job(session, 1))
    assert not await database.write(lambda session: again(session, JobState.COMPLETE)), "it is open"
    assert await database.write(lambda session: again(session, JobState.QUEUED))
    image_id = (await database.read(lambda session: read_job(session, "t", job_id))).image_id
    await database.write(lambda session: delete_images(session, "t", [image_id], 3))
    assert not await database.write(lambda session: again(session, JobState.FAILED)), "its photo is gone"
    assert await database.read(known_tenants) == {"t"}


async def test_findings_replace_those_of_the_last_time(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 1))
    image_id = (await database.read(lambda session: read_job(session, "t", job_id))).image_id
    before = await database.read(lambda session: read_image(session, "t", image_id))
    assert (before.warnings, before.rejected_crops) == ((), ())
    warnings = (QualityIssue.LOW_RESOLUTION,)
    rejected = (RejectedCrop(Box(1, 2, 3.5, 4), 0.25, "hat", QualityIssue.TOO_SMALL),)
    for findings in ((warnings, rejected), ((), ())):
        await database.write(lambda s, f=findings: write_findings(s, "t", image_id, *f, 2))  # type: ignore[misc]
        after = await database.read(lambda session: read_image(session, "t", image_id))
        assert (after.warnings, after.rejected_crops) == findings
        assert after.etag != before.etag


async def test_an_image_is_deleted_by_its_etag_alone(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 1))
    image_id = (await database.read(lambda session: read_job(session, "t", job_id))).image_id
    image = await database.read(lambda session: read_image(session, "t", image_id))
    with pytest.raises(Conflict):
        await database.write(lambda session: delete_image(session, "t", image_id, "stale", 2))
    gone, product_id = await database.write(
        lambda session: delete_image(session, "t", image_id, image.etag, 2)
    )
    assert (gone.image_ids, product_id) == ((image_id,), "")
    with pytest.raises(NotFound):
        await database.read(lambda session: read_image(session, "t", image_id))
