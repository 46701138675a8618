"""The catalogue's database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from services.audit.sql import audit_tables
from services.catalog.addresses import DATABASE_URL
from services.catalog.sql.tables import Table
from services.sql.database import Database
from services.sql.migrations import Migrations

MIGRATIONS = Migrations(Path(__file__).parent / "migrations", Table.metadata)


def catalog_database(url: str) -> Database:
    """The database at a URL, with the catalogue's tables once it is open.

    Raises:
        InvalidInput: `url` is none of SQLite's or PostgreSQL's.
    """
    return Database(url, _upgrade, DATABASE_URL)


def _upgrade(connection: Connection) -> None:
    MIGRATIONS.upgrade(connection)
    audit_tables.MIGRATIONS.upgrade(connection)
