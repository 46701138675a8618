from __future__ import annotations

import pytest
from sqlalchemy import text

from services.catalog.sql.database import Database
from services.catalog.sync.leadership import Leadership


async def test_one_leads_until_it_lets_go(database: Database) -> None:
    first, second = Leadership(database.url), Leadership(database.url)
    assert await first.held()
    assert await first.held()
    assert await second.held() is database.embedded  # an SQLite file has one process
    await first.release()
    assert await second.held()
    await second.release()


async def test_the_lead_goes_with_its_connection(database: Database) -> None:
    if database.embedded:
        pytest.skip("a matter of PostgreSQL's")
    first, second = Leadership(database.url), Leadership(database.url)
    assert await first.held()
    end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    await database.write(lambda session: session.execute(text(end)).all())
    assert not await first.held()
    assert await second.held()
    assert not await first.held()
    await first.release()
    await second.release()


async def test_nobody_leads_while_the_database_is_away(database: Database) -> None:
    if database.embedded:
        pytest.skip("a matter of PostgreSQL's")
    assert not await Leadership(database.url.set(port=9)).held()
