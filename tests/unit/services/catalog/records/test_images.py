from __future__ import annotations

import sqlite3

from sqlalchemy.orm import Session

from services.catalog.records.images import (
    DeletedImages,
    delete_images,
    known_tenants,
    live_images,
    live_items,
)
from services.catalog.records.jobs import find_queued, read_job, requeue_job
from services.catalog.sql.database import Database
from tests.unit.services.catalog.rows import add_items, add_job

MANY = 1201


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
    assert await database.read(lambda session: live_images(session, "t", image_ids[:9])) == {image_ids[0]}
    assert await database.read(lambda session: live_items(session, "t", item_ids)) == set()
    assert await database.read(lambda session: find_queued(session, "t", f"k{MANY - 1}", "f" * 64)) is None
    assert await database.read(lambda session: find_queued(session, "t", "k0", "f" * 64)) is not None


async def test_a_job_without_its_key_is_not_queued_again(database: Database) -> None:
    job_id = await database.write(lambda session: add_job(session, 1, key="k"))
    assert not await database.write(lambda session: requeue_job(session, "t", job_id, "k", 2)), "it is open"
    assert await database.read(known_tenants) == {"t"}
