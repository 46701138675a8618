"""The catalogue's database."""

from __future__ import annotations

from pathlib import Path

from services.catalog.addresses import DATABASE_URL
from services.sql.database import Database
from services.sql.migrations import Migrations

MIGRATIONS = Migrations(Path(__file__).parent / "migrations")


def catalog_database(url: str) -> Database:
    """The database at a URL, with the catalogue's tables once it is open.

    Raises:
        InvalidInput: `url` is none of SQLite's or PostgreSQL's.
    """
    return Database(url, MIGRATIONS.upgrade, DATABASE_URL)
