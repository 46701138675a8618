"""Databases of one process are brought up to date side by side."""

from __future__ import annotations

import asyncio
from pathlib import Path

from services.access.sql.access_database import access_database
from services.catalog.sql.catalog_database import catalog_database
from services.predictions.sql.prediction_database import prediction_database


async def test_several_databases_may_be_opened_at_once(tmp_path: Path) -> None:
    """Alembic keeps the migration that runs in variables of the process."""
    kinds = (access_database, catalog_database, prediction_database)
    databases = [kind(f"sqlite:///{tmp_path / kind.__name__}-{n}.db") for n in range(4) for kind in kinds]
    await asyncio.gather(*(database.open() for database in databases))
    for database in databases:
        await database.close()
