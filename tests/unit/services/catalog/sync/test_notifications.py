from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from services.background.backoff import Backoff
from services.catalog.sync.notifications import Notifications, Topic
from services.sql.database import Database

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
END_THE_LISTENER = """
    SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%'
"""
ANYTHING = ("", "")


class Process:
    """Another process on the database, which keeps what it was told about jobs."""

    def __init__(self, database: Database) -> None:
        self.notifications = Notifications(database, Backoff(0.01, 0.05))
        self.told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.woken = asyncio.Event()
        self.notifications.receive({Topic.JOB: lambda *job: self.told.put_nowait(job)})
        self.wake_all = self.notifications.waking(Topic.JOBS_DUE, self.woken.set)


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[Process]:
    process = Process(database)
    task = asyncio.create_task(process.notifications.run())
    try:
        if not database.embedded:
            assert await process.told.get() == ANYTHING  # it listens from now on
            process.woken.clear()
        yield process
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@ON_POSTGRESQL
async def test_what_one_process_tells_the_other_hears_once(database: Database) -> None:
    async with running(database) as one, running(database) as other:
        for job in ("1", "2", "2"):
            one.notifications.send(Topic.JOB, "shop", job)
        assert [await other.told.get() for _ in range(2)] == [("shop", "1"), ("shop", "2")]
        other.notifications.send(Topic.JOB, "shop", "3")
        assert await one.told.get() == ("shop", "3")  # and nothing of what it has sent itself
        assert other.told.empty()


@ON_POSTGRESQL
async def test_a_wake_reaches_both_processes(database: Database) -> None:
    async with running(database) as one, running(database) as other:
        one.wake_all()
        assert one.woken.is_set()
        await other.woken.wait()


@ON_POSTGRESQL
async def test_more_than_one_payload_holds_arrives_whole(database: Database) -> None:
    jobs = [f"{number:036}" for number in range(1000)]
    async with running(database) as one, running(database) as other:
        for job in jobs:
            one.notifications.send(Topic.JOB, "shop", job)
        assert [(await other.told.get())[1] for _ in jobs] == jobs


@ON_POSTGRESQL
async def test_too_much_at_once_is_told_as_anything(database: Database) -> None:
    async with running(database) as one, running(database) as other:
        for number in range(10_001):
            one.notifications.send(Topic.JOB, "shop", str(number))
        assert await other.told.get() == ANYTHING
        assert await other.told.get() == ("shop", "10000")
        await other.woken.wait()


@ON_POSTGRESQL
async def test_a_connection_made_anew_tells_that_anything_may_have_changed(database: Database) -> None:
    async with running(database) as one, running(database) as other:
        await database.write(lambda session: session.execute(text(END_THE_LISTENER)).all())
        assert await other.told.get() == ANYTHING
        assert await one.told.get() == ANYTHING
        one.notifications.send(Topic.JOB, "shop", "1")
        while (heard := await other.told.get()) == ANYTHING:
            pass
        assert heard == ("shop", "1")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_only_process_wakes_itself_and_tells_nobody(database: Database) -> None:
    async with running(database) as one:
        one.wake_all()
        one.notifications.send(Topic.JOB, "shop", "1")
        assert one.woken.is_set()
        assert one.told.empty()
