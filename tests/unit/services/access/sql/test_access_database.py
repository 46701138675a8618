"""The tables of access are made and removed by migrations."""

from __future__ import annotations

from dataclasses import replace

from alembic import command
from sqlalchemy import Connection, inspect
from sqlalchemy.orm import Session

from services.access.sql.access_database import MIGRATIONS
from services.access.sql.tables import AccessTable
from services.access.sql.users import insert_user, list_users
from services.access.user import Role, User
from services.sql.database import Database

ANN = User("0123456789abcdef", "shop", "ann@shop.example", "Ann", Role.VIEWER, 1)


async def test_the_migrations_go_down_and_up_again(keys_database: Database) -> None:
    def work(session: Session) -> None:
        insert_user(session, ANN)
        connection: Connection = session.connection()
        command.downgrade(MIGRATIONS.config(connection), "base")
        assert not set(AccessTable.metadata.tables) & set(inspect(connection).get_table_names())
        MIGRATIONS.upgrade(connection)
        assert set(AccessTable.metadata.tables) <= set(inspect(connection).get_table_names())
        session.expire_all()
        assert list_users(session, None, 10, None) == []
        insert_user(session, replace(ANN, id="1"))

    await keys_database.write(work)
