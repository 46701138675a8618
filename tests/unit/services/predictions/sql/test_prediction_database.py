"""The table of the prediction log, and the way back from it."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from services.predictions.sql.prediction_database import MIGRATIONS, VERSION_TABLE
from services.predictions.sql.tables import PredictionTable
from services.sql.database import Database


async def test_migrations_make_the_table_that_the_code_describes(log_database: Database) -> None:
    def differences(session: Session) -> list[object]:
        options = {"compare_type": True, "version_table": VERSION_TABLE}
        context = MigrationContext.configure(session.connection(), opts=options)
        return list(compare_metadata(context, PredictionTable.metadata))

    assert await log_database.read(differences) == []


async def test_the_way_back_and_forth(log_database: Database) -> None:
    def tables(session: Session) -> set[str]:
        return set(inspect(session.connection()).get_table_names()) - {VERSION_TABLE}

    def back(session: Session) -> None:
        command.downgrade(MIGRATIONS.config(session.connection()), "base")

    assert await log_database.read(tables) == {"logged_prediction"}
    await log_database.write(back)
    assert await log_database.read(tables) == set()
    await log_database.write(lambda session: MIGRATIONS.upgrade(session.connection()))
    assert await log_database.read(tables) == {"logged_prediction"}
