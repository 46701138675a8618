"""The database of the prediction log."""

from __future__ import annotations

from pathlib import Path

from services.predictions.addresses import DATABASE_URL
from services.predictions.sql.tables import PredictionTable
from services.sql.database import Database
from services.sql.migrations import Migrations

VERSION_TABLE = "prediction_log_version"
"""Not that of the catalogue or of the keys, which may be in the same database."""
MIGRATIONS = Migrations(Path(__file__).parent / "migrations", PredictionTable.metadata, VERSION_TABLE)


def prediction_database(url: str) -> Database:
    """The database at a URL, with the log's table once it is open. Processes may share an SQLite file.

    Raises:
        InvalidInput: `url` is none of SQLite's or PostgreSQL's.
    """
    return Database(url, MIGRATIONS.upgrade, DATABASE_URL, threads=1, blocking_readers=0, exclusive=False)
