"""Databases are brought up to date side by side; those of newer releases are used as they are, or refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.errors import Unavailable
from services.access.sql.access_database import access_database
from services.catalog.sql.catalog_database import catalog_database
from services.predictions.sql.prediction_database import prediction_database
from services.sql.database import Database


async def test_several_databases_may_be_opened_at_once(tmp_path: Path) -> None:
    """Alembic keeps the migration that runs in variables of the process."""
    kinds = (access_database, catalog_database, prediction_database)
    databases = [kind(f"sqlite:///{tmp_path / kind.__name__}-{n}.db") for n in range(4) for kind in kinds]
    await asyncio.gather(*(database.open() for database in databases))
    asked = text("SELECT count(*) FROM sqlite_master WHERE name LIKE '%version%'")
    assert all([await each.read(lambda session: session.scalar(asked)) for each in databases])
    for database in databases:
        await database.close()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = catalog_database(url)
    try:
        await database.open()
        yield database
    finally:
        await database.close()


async def change_as_a_newer_release(url: str, *changes: str) -> None:
    async with opened(url) as database:
        for statement in (*changes, "UPDATE alembic_version SET version_num = '9999'"):
            await database.write(lambda session, statement=statement: session.execute(text(statement)))


async def test_tables_of_a_newer_release_are_used_where_it_has_only_added_to_them(database_url: str) -> None:
    await change_as_a_newer_release(
        database_url,
        "ALTER TABLE product ADD COLUMN season TEXT",
        "ALTER TABLE product ADD COLUMN weight INTEGER NOT NULL DEFAULT 0",
        "CREATE TABLE season (id TEXT PRIMARY KEY)",
    )
    asked = text("SELECT version_num FROM alembic_version")
    async with opened(database_url) as database:
        assert await database.read(lambda session: session.scalar(asked)) == "9999"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "ALTER TABLE product RENAME COLUMN brand TO maker",
            "product.brand is missing, product.maker has no default",
        ),
        ("ALTER TABLE outbox RENAME TO changes", "outbox is missing"),
    ],
)
async def test_tables_of_a_newer_release_that_lack_something_stop_the_start(
    database_url: str, change: str, problem: str
) -> None:
    await change_as_a_newer_release(database_url, change)
    with pytest.raises(Unavailable, match=f"newer release \\(revision 9999\\).*: {problem}; start"):
        async with opened(database_url):
            pass
