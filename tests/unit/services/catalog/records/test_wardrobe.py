from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from domain.clock import datetime_from_us
from domain.errors import FailedPrecondition, NotFound
from services.catalog.records import wardrobe
from services.catalog.records.items import require_items
from services.catalog.records.money import Money
from services.catalog.records.paging import Cursor
from services.catalog.records.removal import remove_items
from services.catalog.records.wardrobe import (
    WardrobeDraft,
    WardrobeEntry,
    WardrobeFilter,
    WardrobeState,
    all_entries,
    count_wear,
    list_entries,
    put_entries,
    remove_entries,
)
from services.catalog.sql.tables import ItemRow
from services.sql.database import Database
from tests.unit.services.catalog.rows import IDS, items_in

ANN, BOB = "ann", "bob"
OWNED, WISHED, BOUGHT = WardrobeState


async def put(database: Database, *drafts: WardrobeDraft, user: str = ANN) -> list[WardrobeEntry]:
    return await database.write(lambda session: put_entries(session, "t", user, drafts, IDS, 10))


async def listed(database: Database, wanted: WardrobeFilter = WardrobeFilter(), user: str = ANN) -> list[str]:
    cursor = Cursor(50, None, "")
    entries = await database.read(lambda session: list_entries(session, "t", user, cursor, wanted))
    return [entry.draft.item_id for entry in entries]


async def worn(database: Database, *item_ids: str, user: str = ANN, at: int = 20) -> None:
    await database.write(lambda session: count_wear(session, "t", user, item_ids, at))


async def test_entries_are_added_changed_listed_and_removed(database: Database) -> None:
    one, two, three = await items_in(database, 3)
    price = Money("EUR", 90, 500_000_000)
    draft = WardrobeDraft(one, OWNED, price, date(2026, 11, 30), "a gift")
    first, second = await put(database, draft, WardrobeDraft(two, WISHED))
    assert (first.draft, first.wear_count, first.last_worn) == (draft, 0, None)
    assert first.create_time == datetime_from_us(10)
    await put(database, WardrobeDraft(three, BOUGHT))
    await put(database, WardrobeDraft(three, OWNED), user=BOB)
    assert await listed(database) == [three, two, one]
    assert await listed(database, WardrobeFilter((WISHED,))) == [two]
    assert await listed(database, WardrobeFilter(wardrobe.AT_HAND)) == [three, one]
    assert await listed(database, user="nobody") == []

    (changed,) = await put(database, WardrobeDraft(two, BOUGHT, note="at last"))
    assert (changed.id, changed.draft) == (second.id, WardrobeDraft(two, BOUGHT, note="at last"))
    removed = await database.write(lambda session: remove_entries(session, "t", ANN, [two, three, one]))
    assert (removed, await listed(database)) == (3, [])
    assert await listed(database, user=BOB) == [three]


async def test_pages(database: Database) -> None:
    ids = await items_in(database, 3)
    entries = await put(database, *(WardrobeDraft(item_id, OWNED) for item_id in ids))
    page = await database.read(
        lambda session: list_entries(session, "t", ANN, Cursor(1, entries[2].id, ""), WardrobeFilter())
    )
    assert [entry.draft.item_id for entry in page] == [ids[1], ids[0]]


async def test_what_is_worn_is_counted_by_end_user(database: Database) -> None:
    one, two = await items_in(database, 2)
    await put(database, WardrobeDraft(one, OWNED, Money("EUR", 10)), WardrobeDraft(two, OWNED))
    await put(database, WardrobeDraft(one, OWNED), user=BOB)
    assert await listed(database, WardrobeFilter(never_worn=True)) == [two, one]
    for at in (20, 30, 40):
        await worn(database, one, at=at)
    assert await listed(database, WardrobeFilter(never_worn=True)) == [two]
    assert await listed(database, WardrobeFilter(never_worn=True), BOB) == [one]
    entry, _ = await database.read(lambda session: all_entries(session, "t", ANN))
    assert (entry.wear_count, entry.last_worn) == (3, datetime_from_us(40))
    assert entry.cost_per_wear == Money("EUR", 3, 333_333_333)
    (kept,) = await put(database, WardrobeDraft(one, OWNED))
    assert (kept.wear_count, kept.cost_per_wear) == (3, None)


async def test_a_wardrobe_has_so_many_items(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wardrobe, "MAX_ENTRIES", 2)
    one, two, three = await items_in(database, 3)
    await put(database, WardrobeDraft(one, OWNED), WardrobeDraft(two, OWNED))
    with pytest.raises(FailedPrecondition, match="at most 2 items, and this one has 2") as raised:
        await put(database, WardrobeDraft(three, OWNED))
    assert raised.value.reason == "WARDROBE_FULL"
    await put(database, WardrobeDraft(two, WISHED))
    await put(database, WardrobeDraft(three, OWNED), user=BOB)


async def test_items_that_are_gone(database: Database) -> None:
    one, two = await items_in(database, 2)
    (of_other,) = await items_in(database, 1, "other")
    await put(database, WardrobeDraft(one, OWNED), WardrobeDraft(two, OWNED))
    await database.write(
        lambda session: session.execute(update(ItemRow).where(ItemRow.id == one).values(delete_us=5))
    )
    assert await listed(database) == [two], "it comes back with its item"
    for missing in (one, of_other):
        with pytest.raises(NotFound):
            await database.read(lambda session, id=missing: require_items(session, "t", [two, id]))  # type: ignore[misc]
    await database.read(lambda session: require_items(session, "t", [two]))
    await database.write(lambda session: remove_items(session, "t", [two], 9))
    assert await listed(database) == []
