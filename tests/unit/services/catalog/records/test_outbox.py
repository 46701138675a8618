from __future__ import annotations

from sqlalchemy.orm import Session

from domain.types import ModelVersion
from services.catalog.records import outbox
from services.catalog.records.collections import register_collection
from services.catalog.records.jobs import read_job
from services.catalog.vectors.collection import Collection
from services.sql.database import Database
from tests.unit.services.catalog.rows import VERSION, add_items, add_job

A, B, C = (outbox.ItemKey("t", name) for name in "abc")


async def test_nothing_queued_is_no_batch(database: Database) -> None:
    assert await database.read(lambda session: outbox.read_batch(session, 10)) is None


async def test_a_batch_is_of_one_collection_oldest_first_without_doubles(database: Database) -> None:
    def fill(session: Session) -> None:
        outbox.enqueue_for(session, "one", [A, B, A], "upsert", 1)
        outbox.enqueue_for(session, "two", [C], "upsert", 2)
        outbox.enqueue_for(session, "one", [C], "delete", 3)

    await database.write(fill)
    batch = await database.read(lambda session: outbox.read_batch(session, 10))
    assert batch is not None
    assert (batch.collection, batch.items, len(batch.sequences)) == ("one", (A, B, C), 4)
    other = await database.read(lambda session: outbox.read_batch(session, 10, ["one"]))
    assert other is not None
    assert (other.collection, other.create_us, other.items) == ("two", 2, (C,))
    assert await database.read(lambda session: outbox.read_batch(session, 10, ["one", "two"])) is None
    small = await database.read(lambda session: outbox.read_batch(session, 2))
    assert small is not None
    assert small.sequences == batch.sequences[:2]


async def test_rows_added_since_the_batch_was_read_stay(database: Database) -> None:
    await database.write(lambda session: outbox.enqueue_for(session, "one", [A], "upsert", 1))
    batch = await database.read(lambda session: outbox.read_batch(session, 10))
    assert batch is not None
    await database.write(lambda session: outbox.enqueue_for(session, "one", [A], "delete", 2))
    await database.write(lambda session: outbox.delete_batch(session, batch))
    left = await database.read(lambda session: outbox.read_batch(session, 10))
    assert left is not None
    assert left.items == (A,)
    assert left.sequences > batch.sequences


async def test_sequences_are_never_used_again(database: Database) -> None:
    for _ in range(3):
        await database.write(lambda session: outbox.enqueue_for(session, "one", [A], "upsert", 1))
    seen: list[int] = []
    for _ in range(3):
        batch = await database.read(lambda session: outbox.read_batch(session, 10))
        assert batch is not None
        seen += batch.sequences
        await database.write(lambda session, b=batch: outbox.delete_batch(session, b))  # type: ignore[misc]
        await database.write(lambda session: outbox.enqueue_for(session, "one", [A], "upsert", 1))
    assert len(seen) == len(set(seen))


async def test_every_collection_with_a_vector_of_the_item_follows(database: Database) -> None:
    def fill(session: Session) -> list[str]:
        image_id = read_job(session, "t", add_job(session, 1)).image_id
        ids = add_items(session, image_id, 3)
        for name, version in (("mine", VERSION), ("other", ModelVersion("model-2", "square-1"))):
            register_collection(session, Collection(name, version, 4), 1)
        outbox.enqueue(session, "t", ids[:2], "upsert", 1)
        outbox.enqueue(session, "u", ids, "upsert", 1)
        return ids

    ids = await database.write(fill)
    waiting = await database.read(lambda session: outbox.waiting_keys(session, "mine"))
    assert waiting == {outbox.ItemKey("t", id) for id in ids[:2]}
    assert await database.read(lambda session: outbox.waiting_keys(session, "other")) == set()
