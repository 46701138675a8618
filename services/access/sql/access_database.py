"""The database of keys."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from services.access.sql.tables import AccessTable
from services.audit.sql import audit_tables
from services.sql.database import Database
from services.sql.migrations import Migrations

VERSION_TABLE = "access_version"
"""Not that of the catalogue, which may be in the same database."""
MIGRATIONS = Migrations(Path(__file__).parent / "migrations", AccessTable.metadata, VERSION_TABLE)
SETTING = "ARMOIRE_AUTH__DATABASE_URL"


def access_database(url: str) -> Database:
    """The database at a URL, with the tables of access once it is open. Processes may share an SQLite file.

    Raises:
        InvalidInput: `url` is none of SQLite's or PostgreSQL's.
    """
    return Database(url, _upgrade, SETTING, threads=1, blocking_readers=0, exclusive=False)


def _upgrade(connection: Connection) -> None:
    MIGRATIONS.upgrade(connection)
    audit_tables.MIGRATIONS.upgrade(connection)
