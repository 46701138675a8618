from __future__ import annotations

import asyncio

import numpy as np
import pytest
from sqlalchemy.orm import Session

from domain.preference_rules import Facet
from domain.preferences import Appearance, Preferences, Signal
from domain.types import ModelVersion
from services.catalog.records.preferences import (
    delete_preferences,
    lock_preferences,
    read_preferences,
    write_preferences,
)
from services.sql.database import Database

VERSION = ModelVersion("model-1", "square-1")
HALF_LIFE_US = 1e12
NAVY = Appearance({Facet.COLOR: ("navy", "blue")}, np.array([0.6, 0.8], np.float32))


def add(session: Session, end_user: str, signal: Signal, tenant_id: str = "t") -> None:
    known = lock_preferences(session, tenant_id, end_user)
    write_preferences(session, tenant_id, end_user, known.plus(signal, VERSION, HALF_LIFE_US))


async def read(database: Database, end_user: str, tenant_id: str = "t") -> Preferences:
    return await database.read(lambda session: read_preferences(session, tenant_id, end_user))


async def test_they_are_read_as_they_were_written(database: Database) -> None:
    assert (await read(database, "ann")).signals == 0
    await database.write(lambda session: add(session, "ann", Signal(10, 2.0, NAVY)))
    await database.write(lambda session: add(session, "ann", Signal(20, -1.0, NAVY)))
    known = await read(database, "ann")
    expected = Preferences().plus(Signal(10, 2.0, NAVY), VERSION, HALF_LIFE_US)
    expected = expected.plus(Signal(20, -1.0, NAVY), VERSION, HALF_LIFE_US)
    assert (known.signals, known.as_of_us, known.tallies) == (2, 20, expected.tallies)
    assert known.direction is not None
    assert expected.direction is not None
    assert known.direction.version == VERSION
    assert known.direction.liked.tolist() == expected.direction.liked.tolist()
    assert known.direction.disliked.tolist() == expected.direction.disliked.tolist()
    assert known.direction.liked_weight == expected.direction.liked_weight
    for end_user, tenant_id in (("bob", "t"), ("ann", "other")):
        assert (await read(database, end_user, tenant_id)).signals == 0


async def test_feedback_at_the_same_time_loses_nothing(database: Database) -> None:
    count = 24
    signals = [Signal(10, 1.0, Appearance({Facet.BRAND: (f"brand {n % 3}",)})) for n in range(count)]
    await asyncio.gather(
        *(database.write(lambda session, s=each: add(session, "ann", s)) for each in signals)  # type: ignore[misc]
    )
    known = await read(database, "ann")
    assert known.signals == count
    assert [tally.score for tally in known.tallies[Facet.BRAND].values()] == pytest.approx([8.0] * 3)


async def test_they_are_forgotten(database: Database) -> None:
    for end_user in ("ann", "bob"):
        await database.write(lambda session, u=end_user: add(session, u, Signal(10, 1.0, NAVY)))  # type: ignore[misc]
    await database.write(lambda session: delete_preferences(session, "t", "ann"))
    assert (await read(database, "ann")).signals == 0
    assert (await read(database, "bob")).signals == 1
