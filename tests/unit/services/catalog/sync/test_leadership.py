from __future__ import annotations

import asyncio
from threading import Event

import pytest
from sqlalchemy import Connection, text

from services.catalog.sync.leadership import Leadership
from services.sql.database import Database

END_THE_HOLDER = """
    SELECT pg_terminate_backend(pid, 60000) FROM pg_locks
    JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND datname = current_database()
"""
"""Returns once the connection that holds the lock of this database has ended."""
COLUMNS = ("brand", "price")
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def test_one_leads_until_it_lets_go(database: Database) -> None:
    first, second = (Leadership(database.url, COLUMNS) for _ in range(2))
    assert await first.held()
    assert await first.held()
    assert await second.held() is database.embedded  # an SQLite file has one process
    await first.release()
    assert await second.held()
    await second.release()


async def test_processes_with_other_columns_have_a_leader_of_their_own(database: Database) -> None:
    first, second = Leadership(database.url, COLUMNS), Leadership(database.url, (*COLUMNS, "season"))
    assert await first.held()
    assert await second.held()
    await first.release()
    await second.release()


@ON_POSTGRESQL
async def test_the_lead_goes_with_its_connection(database: Database) -> None:
    first, second = (Leadership(database.url, COLUMNS) for _ in range(2))
    assert await first.held()
    await database.write(lambda session: session.execute(text(END_THE_HOLDER)).one())
    assert not await first.held()
    assert await second.held()
    assert not await first.held()
    await first.release()
    await second.release()


@ON_POSTGRESQL
async def test_nobody_leads_while_the_database_is_away(database: Database) -> None:
    assert not await Leadership(database.url.set(port=9), COLUMNS).held()


@ON_POSTGRESQL
async def test_who_is_cancelled_while_connecting_lets_go_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, other = (Leadership(database.url, COLUMNS) for _ in range(2))
    connect, connecting, may_connect = leader._engine.connect, Event(), Event()

    def slow_connect() -> Connection:
        connecting.set()
        may_connect.wait()
        return connect()

    monkeypatch.setattr(leader._engine, "connect", slow_connect)
    asked = asyncio.create_task(leader.held())
    await asyncio.to_thread(connecting.wait)
    asked.cancel()
    released = asyncio.create_task(leader.release())
    may_connect.set()
    await released
    assert await other.held()
    await other.release()
