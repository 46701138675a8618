from __future__ import annotations

import pytest

from services.catalog.records import suggested_outfits
from services.catalog.records.suggested_outfits import (
    forget_outfits,
    outfit_digest,
    purge_outfits,
    recent_outfits,
    remember_outfits,
)
from services.sql.database import Database


async def shown(database: Database, digests: list[str], at: int, user: str = "ann") -> None:
    await database.write(lambda session: remember_outfits(session, "t", user, digests, at))


async def recent(database: Database, since_us: int = 0, user: str = "ann", tenant_id: str = "t") -> set[str]:
    return set(await database.read(lambda session: recent_outfits(session, tenant_id, user, since_us)))


def test_an_outfit_is_its_items_in_whatever_order() -> None:
    assert outfit_digest(["a", "b"]) == outfit_digest(iter("ba")) != outfit_digest(["a"])
    assert len(outfit_digest([])) == 32


async def test_what_was_shown_is_known_for_a_while(database: Database) -> None:
    await shown(database, ["one", "two", "two"], 10)
    await shown(database, ["two", "three"], 20)
    await shown(database, ["four"], 20, "bob")
    await shown(database, [], 20)
    assert await recent(database) == {"one", "two", "three"}
    assert await recent(database, 11) == {"two", "three"}
    assert await recent(database, tenant_id="other") == set()
    assert await database.write(lambda session: purge_outfits(session, 20, 100)) == 1
    assert await recent(database) == {"two", "three"}
    await database.write(lambda session: forget_outfits(session, "t", "ann"))
    assert (await recent(database), await recent(database, user="bob")) == (set(), {"four"})


async def test_the_oldest_are_forgotten_first(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggested_outfits, "MAX_OUTFITS", 2)
    for at, digest in enumerate(["one", "two", "three"]):
        await shown(database, [digest], at)
    await shown(database, ["four"], 0, "bob")
    assert await recent(database) == {"two", "three"}
    assert await recent(database, user="bob") == {"four"}
