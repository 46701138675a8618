from __future__ import annotations

import asyncio

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.catalog.records.images import NewImage, insert_image
from services.catalog.records.review_queue import (
    SKIP_US,
    Lease,
    QueueFilter,
    ReviewReason,
    count_open,
    end_lease,
    random_items,
    release_leases,
    renew_leases,
    take_leases,
    uncertain_items,
)
from services.catalog.sql.tables import ItemRow, PredictionRow
from services.sql.database import Database
from tests.unit.services.catalog.rows import IDS, VERSION, add_items

ANYTHING = QueueFilter(VERSION)
ANN, BOB = "user:1 ", "user:2 "


async def items_in(database: Database, count: int) -> list[str]:
    """The ids of items of a new photo."""

    def add(session: Session) -> list[str]:
        image = NewImage(IDS.next(), "", "a.png", "png", 60, 40, 99, "0" * 64)
        insert_image(session, "t", image, 1)
        return add_items(session, image.id, count)

    return await database.write(add)


async def set_uncertainties(database: Database, uncertainties: dict[str, float]) -> None:
    def change(session: Session) -> None:
        for item_id, uncertainty in uncertainties.items():
            of_item = update(PredictionRow).where(PredictionRow.item_id == item_id)
            session.execute(of_item.values(uncertainty=uncertainty))

    await database.write(change)


async def take(database: Database, reviewer: str, item_ids: list[str], now_us: int = 10) -> list[str]:
    """The items that a reviewer gets until 100 us later."""
    wanted = [Lease(item_id, ReviewReason.UNCERTAIN) for item_id in item_ids]
    taken = await database.write(
        lambda session: take_leases(session, "t", reviewer, wanted, now_us + 100, now_us)
    )
    return [lease.item_id for lease in taken]


async def unsure(database: Database, now_us: int = 10) -> list[str]:
    """The items that nobody has, the least sure first."""
    found = await database.read(lambda session: uncertain_items(session, "t", ANYTHING, now_us))
    return [candidate.item_id for candidate in found]


async def test_the_least_sure_come_first_and_those_decided_on_not_at_all(database: Database) -> None:
    one, two, three, four = await items_in(database, 4)
    await set_uncertainties(database, {one: 0.2, two: 0.9, three: 0.5, four: 0.7})
    assert await unsure(database) == [two, four, three, one]

    def decide(session: Session) -> None:
        session.execute(update(ItemRow).where(ItemRow.id == two).values(verify_us=5))
        session.execute(update(ItemRow).where(ItemRow.id == four).values(reject_reason="duplicate"))
        session.execute(update(ItemRow).where(ItemRow.id == three).values(corrected=True))

    await database.write(decide)
    assert await unsure(database) == [three, one]
    never = QueueFilter(VERSION, never_seen=True)
    assert await database.read(lambda session: count_open(session, "t", never)) == 1


async def test_no_two_reviewers_get_an_item_however_they_hurry(database: Database) -> None:
    ids = await items_in(database, 40)
    taken = await asyncio.gather(*(take(database, f"user:{n} ", ids[n : n + 20] + ids[:n]) for n in range(8)))
    held = [item_id for of_one in taken for item_id in of_one]
    assert len(held) == len(set(held))


async def test_a_lease_is_renewed_and_ends_by_itself(database: Database) -> None:
    ids = await items_in(database, 2)
    assert await take(database, ANN, ids) == ids
    assert await take(database, BOB, ids, 109) == []
    assert await unsure(database, 109) == []
    held = await database.write(lambda session: renew_leases(session, "t", ANN, 300, 109))
    assert [lease.item_id for lease in held] == ids
    assert await take(database, BOB, ids, 299) == []
    assert await take(database, BOB, ids[:1], 300) == ids[:1]
    held = await database.write(lambda session: renew_leases(session, "t", ANN, 400, 300))
    assert held == []


async def test_items_are_given_back_or_rest(database: Database) -> None:
    one, two = await items_in(database, 2)
    await take(database, ANN, [one, two])
    of_bob = await database.write(lambda session: release_leases(session, "t", BOB, [], 20, skip=False))
    skipped = await database.write(lambda session: release_leases(session, "t", ANN, [one], 20, skip=True))
    given_back = await database.write(lambda session: release_leases(session, "t", ANN, [], 20, skip=False))
    assert (of_bob, skipped, given_back) == (0, 1, 1)
    assert await unsure(database, 21) == [two]
    assert set(await unsure(database, 20 + SKIP_US)) == {one, two}


async def test_a_decision_ends_the_lease_of_its_author_alone(database: Database) -> None:
    (one,) = await items_in(database, 1)
    await take(database, "user:1 window-1", [one])
    reasons = [
        await database.write(lambda session, by=by: end_lease(session, "t", one, by, 20))  # type: ignore[misc]
        for by in ("user:2", "user:1", "user:1")
    ]
    assert reasons == ["", "uncertain", ""]


async def test_an_audit_draws_all_items_in_an_order_of_its_own(database: Database) -> None:
    ids = await items_in(database, 30)
    await set_uncertainties(database, {item_id: place / 30 for place, item_id in enumerate(ids)})
    drawn = await database.read(lambda session: random_items(session, "t", ANYTHING, 10, 30))
    order = [candidate.item_id for candidate in drawn]
    assert sorted(order) == sorted(ids)
    assert order == sorted(ids, key=lambda item_id: item_id[24:])
