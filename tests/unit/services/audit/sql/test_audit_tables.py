"""The tables of audit records, beside those of the catalogue and of access."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from services.access.sql.access_database import access_database
from services.audit.sql.audit_tables import MIGRATIONS, VERSION_TABLE
from services.audit.sql.tables import AuditTable
from services.catalog.sql.catalog_database import MIGRATIONS as CATALOG
from services.catalog.sql.catalog_database import catalog_database
from services.sql.database import Database
from tests.unit.services.schema import differences


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Of an empty database."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def tables(connection: Connection) -> set[str]:
    return {name for name in inspect(connection).get_table_names() if name.startswith("audit")}


async def test_migrations_make_the_tables_that_the_code_describes(database: Database) -> None:
    found = await database.read(lambda session: differences(session, AuditTable.metadata, VERSION_TABLE))
    assert found == []


def test_the_way_there_and_back(engine: Engine) -> None:
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection)
        MIGRATIONS.upgrade(connection)
        assert tables(connection) == {"audit_record", VERSION_TABLE}
        command.downgrade(MIGRATIONS.config(connection), "base")
        assert tables(connection) == {VERSION_TABLE}
        MIGRATIONS.upgrade(connection)


async def test_a_catalogue_of_before_gets_them(engine: Engine, database_url: str) -> None:
    with engine.begin() as connection:
        CATALOG.upgrade(connection)
        assert tables(connection) == set()
    for database in (catalog_database(database_url), access_database(database_url)):
        await database.open()
        await database.close()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_record")).scalar() == 0
