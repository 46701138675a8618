from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import AlreadyExists
from domain.preference_rules import FeedbackKind
from services.catalog.records.feedback import (
    Feedback,
    ItemWeight,
    NewFeedback,
    delete_feedback,
    find_feedback_by_key,
    insert_feedback,
    item_weights,
    list_feedback,
    prune_feedback,
    purge_feedback,
)
from services.catalog.records.removal import remove_items
from services.sql.database import Database
from tests.unit.services.catalog.rows import IDS, items_in

ANN, BOB = "ann", "bob"


async def give(
    database: Database, *item_ids: str, user: str = ANN, at: int = 10, key: str = "", print: str = "f"
) -> str:
    new = NewFeedback(IDS.next(), user, FeedbackKind.LIKE, item_ids, 0.5, key, print)
    await database.write(lambda session: insert_feedback(session, "t", new, at))
    return new.id


async def kept(database: Database, user: str = ANN) -> list[str]:
    found = await database.read(lambda session: list_feedback(session, "t", user))
    return [each.id for each in found]


async def test_feedback_on_an_outfit_is_one_event(database: Database) -> None:
    one, two = await items_in(database, 2)
    outfit, single = await give(database, one, two), await give(database, one, at=20)
    await give(database, one, user=BOB)
    found = await database.read(lambda session: list_feedback(session, "t", ANN))
    assert found == [
        Feedback(outfit, FeedbackKind.LIKE, tuple(sorted([one, two])), datetime_from_us(10)),
        Feedback(single, FeedbackKind.LIKE, (one,), datetime_from_us(20)),
    ]
    weights = await database.read(lambda session: item_weights(session, "t", ANN))
    assert weights == [*(ItemWeight(id, 0.5, 10) for id in sorted([one, two])), ItemWeight(one, 0.5, 20)]


async def test_keys_are_the_end_users(database: Database) -> None:
    (one,) = await items_in(database, 1)
    id = await give(database, one, key="k")

    def find(session: Session, user: str = ANN, key: str = "k", print: str = "f") -> str | None:
        return find_feedback_by_key(session, "t", user, key, print)

    assert await database.read(find) == id
    assert await database.read(lambda session: find(session, BOB)) is None
    assert await database.read(lambda session: find(session, key="")) is None
    with pytest.raises(AlreadyExists) as raised:
        await database.read(lambda session: find(session, print="g"))
    assert raised.value.reason == "IDEMPOTENCY_KEY_REUSED"


async def test_the_oldest_goes_when_there_is_too_much(database: Database) -> None:
    items = await items_in(database, 2)
    ids = [await give(database, *items), *[await give(database, items[0]) for _ in range(3)]]
    of_bob = await give(database, *items, user=BOB)
    await database.write(lambda session: prune_feedback(session, "t", ANN, 5))
    assert await kept(database) == ids, "five rows"
    await database.write(lambda session: prune_feedback(session, "t", ANN, 4))
    assert await kept(database) == ids[1:], "an event goes as a whole"
    await database.write(lambda session: prune_feedback(session, "t", ANN, 1))
    assert await kept(database) == ids[3:]
    assert await kept(database, BOB) == [of_bob]


async def test_feedback_ends(database: Database) -> None:
    items = await items_in(database, 2)
    old, new = await give(database, *items, at=10), await give(database, *items, at=20)
    assert await database.write(lambda session: purge_feedback(session, 20, 10)) == 1
    assert await kept(database) == [new] != [old]
    await database.write(lambda session: remove_items(session, "t", [items[0]], 30))
    (left,) = await database.read(lambda session: list_feedback(session, "t", ANN))
    assert left.item_ids == (items[1],)
    assert await database.write(lambda session: delete_feedback(session, "t", ANN)) == 1
    assert await kept(database) == []
