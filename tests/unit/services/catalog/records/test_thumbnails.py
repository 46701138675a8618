from __future__ import annotations

from sqlalchemy.orm import Session

from services.catalog.records.images import delete_images
from services.catalog.records.jobs import read_job
from services.catalog.records.thumbnails import claim_photos, has_due_photos, note_thumbnails
from services.sql.database import Database
from tests.unit.services.catalog.rows import add_job


async def is_due(database: Database, moment_us: int) -> bool:
    return await database.read(lambda session: has_due_photos(session, moment_us))


async def test_a_claim_that_was_not_finished_is_taken_again(database: Database) -> None:
    def fill(session: Session) -> tuple[str, str]:
        first, second = (read_job(session, "t", add_job(session, 1)).image_id for _ in range(2))
        delete_images(session, "t", [second], 2)
        return first, second

    image_id, _ = await database.write(fill)
    claimed = await database.write(lambda session: claim_photos(session, 100, 200, 9))
    assert claimed == [("t", image_id)], "the other one is deleted"
    assert await database.write(lambda session: claim_photos(session, 150, 300, 9)) == []
    assert not await is_due(database, 150)
    assert await is_due(database, 201)
    assert await database.write(lambda session: claim_photos(session, 201, 300, 9)) == claimed
    await database.write(lambda session: note_thumbnails(session, claimed, 210))
    assert not await is_due(database, 10**18)


async def test_at_most_so_many_are_claimed(database: Database) -> None:
    await database.write(lambda session: [add_job(session, 1, tenant_id=each) for each in "tuv"])
    first = await database.write(lambda session: claim_photos(session, 100, 200, 2))
    second = await database.write(lambda session: claim_photos(session, 100, 200, 2))
    assert (len(first), len({*first, *second})) == (2, 3)
