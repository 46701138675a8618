"""Entries of imports on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from domain.errors import FailedPrecondition, NotFound
from services.catalog.ids import IdSource
from services.catalog.records import imports
from services.catalog.records.images import NewImage
from services.catalog.records.imports import Entry, EntryState, Outcome, ProductChange
from services.catalog.records.money import Money
from services.catalog.records.operations import (
    OperationKind,
    OperationState,
    insert_operation,
    request_cancel,
)
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.sql.tables import OperationRow
from services.sql.database import Database

IDS = IdSource()
DAY_US = 86_400_000_000
FULL = ProductDraft(
    "Coat",
    external_id="SKU-1",
    price=Money("EUR", 19, 900_000_000),
    availability=Availability.IN_STOCK,
    attributes={"material": "linen"},
)


def photo() -> NewImage:
    return NewImage(IDS.next(), "", "a.png", "png", 60, 40, 9, "0" * 64)


async def begun(database: Database) -> str:
    operation_id = IDS.next()

    def begin(session: Session) -> None:
        insert_operation(session, "t", operation_id, OperationKind.IMPORT, {}, "", 10)
        imports.insert_source(session, "t", operation_id, "key:1", "shopper", 10)

    await database.write(begin)
    return operation_id


async def keep(database: Database, id: str, *entries: Entry) -> int:
    return await database.write(lambda session: imports.insert_entries(session, "t", id, entries, 20))


async def waiting(database: Database, id: str) -> list[Entry]:
    return await database.read(lambda session: imports.waiting_entries(session, "t", id, 10))


async def test_entries_come_back_as_they_were_kept(database: Database) -> None:
    id, image = await begun(database), photo()
    entry = Entry(1, "row 1", FULL, "a.png", image=image)
    bad = Entry(2, "row 2", FULL, error=FailedPrecondition("gone", reason="ENTRY_UNREADABLE"))
    assert await keep(database, id, entry, bad, Entry(3, url="https://shop.example/a.jpg")) == 4
    first, second = await waiting(database, id)
    assert first == entry
    assert second.error is not None
    assert second.error.reason == "ENTRY_UNREADABLE"
    ids = {image.id}
    assert await database.read(lambda s: imports.waiting_images(s, "t", ids)) == ids
    assert await database.read(lambda s: imports.waiting_images(s, "other")) == set()
    assert await database.read(lambda s: imports.waiting_bytes(s, "t")) == 9


async def test_entries_are_kept_once_and_only_while_the_import_is_open(database: Database) -> None:
    id = await begun(database)
    assert await keep(database, id, Entry(1, product=FULL)) == 2
    assert await keep(database, id, Entry(1), Entry(2, product=FULL)) == 3
    assert [each.product for each in await waiting(database, id)] == [FULL, FULL]
    assert await database.write(lambda session: imports.finish_import(session, "t", id, 30))
    assert not await database.write(lambda session: imports.finish_import(session, "t", id, 31))
    assert (await database.read(lambda session: imports.read_source(session, "t", id))).finished
    assert await keep(database, id, Entry(2)) == 3
    with pytest.raises(FailedPrecondition, match="FinishImport"):
        await keep(database, id, Entry(3))
    other = await begun(database)
    await database.write(lambda session: request_cancel(session, "t", other, 40))
    with pytest.raises(FailedPrecondition, match="CANCELLED"):
        await keep(database, other, Entry(1))
    with pytest.raises(NotFound):
        await database.read(lambda session: imports.read_source(session, "u", id))


async def test_photos_that_are_fetched_are_waited_for_no_longer(database: Database) -> None:
    id, url = await begun(database), "https://shop.example/a.jpg"
    await keep(database, id, Entry(1, url=url), Entry(2, url=url))
    first, second = await database.read(lambda session: imports.entries_to_fetch(session, "t", id, 10))
    assert await waiting(database, id) == []
    fetched = [replace(first, image=photo()), replace(second, error=FailedPrecondition("404"))]
    await database.write(lambda session: imports.write_photos(session, "t", id, fetched))
    assert await database.read(lambda session: imports.entries_to_fetch(session, "t", id, 10)) == []
    assert [each.number for each in await waiting(database, id)] == [1, 2]


async def test_outcomes_are_counted_and_failures_listed(database: Database) -> None:
    id = await begun(database)
    await keep(database, id, *(Entry(number, product=FULL) for number in range(1, 6)))
    outcomes = [
        Outcome(1, EntryState.DONE, ProductChange.CREATED),
        Outcome(2, EntryState.QUEUED, ProductChange.UPDATED, "job-1"),
        Outcome(3, EntryState.QUEUED, ProductChange.NONE, "job-2", known=True),
        Outcome(4, EntryState.FAILED, error=FailedPrecondition("no", reason="PHOTO_DELETED")),
    ]
    await database.write(lambda session: imports.write_outcomes(session, "t", id, outcomes))
    assert await database.read(lambda session: imports.count_queued(session, "t", id)) == 2
    assert await database.read(lambda session: imports.has_waiting(session, "t", id))
    ended = await database.read(lambda session: imports.ended_photos(session, "t", id))
    assert {number: str(error) for number, error in ended} == dict.fromkeys(
        (2, 3), "the photo's job was cancelled or deleted"
    )
    settled = [(2, None), (3, FailedPrecondition("cancelled"))]
    await database.write(lambda session: imports.settle_photos(session, "t", id, settled))
    counts = await database.read(lambda session: imports.read_counts(session, "t", id))
    assert dict(counts.states) == {"done": 2, "failed": 2, "waiting": 1}
    assert (counts.entries, counts.indexed, counts.known) == (5, 1, 1)
    assert (counts.changes["created"], counts.changes["updated"]) == (1, 1)
    failures = await database.read(lambda session: imports.list_failures(session, "t", id, 3, 10))
    assert [(each.number, str(each.error)) for each in failures] == [(4, "no")]


async def test_entries_of_old_imports_are_removed(database: Database) -> None:
    old, new = await begun(database), await begun(database)
    for id in (old, new):
        await keep(database, id, Entry(1, product=FULL))

    def end(session: Session) -> None:
        for id, end_us in ((old, 10), (new, 20 * DAY_US)):
            row = session.get_one(OperationRow, ("t", id))
            row.state, row.end_us = OperationState.SUCCEEDED, end_us

    await database.write(end)
    now_us = (imports.KEPT_DAYS + 1) * DAY_US
    await database.write(lambda session: imports.purge_entries(session, "t", now_us))
    assert await waiting(database, old) == []
    assert len(await waiting(database, new)) == 1
