"""Databases to test transactions on: SQLite always, PostgreSQL where TEST_POSTGRES_URL names one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from services.catalog.sql.database import Database

POSTGRES = "TEST_POSTGRES_URL"


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Empty tables."""
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    if request.param == "postgresql":
        pytest.importorskip("psycopg", reason="psycopg is not installed")
        if POSTGRES not in os.environ:
            pytest.skip(f"{POSTGRES} is not set")
        url = os.environ[POSTGRES]
    database = Database(url)
    if not database.embedded:
        await database.write(lambda s: s.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public")))
    await database.open()
    yield database
    await database.close()
