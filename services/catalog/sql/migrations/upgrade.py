"""Bring the tables up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

_LOCK_KEY = 0x61726D6F697265  # "armoire"


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the missing steps inside the connection's transaction: all of them or none."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    command.upgrade(alembic_config(connection), revision)


def alembic_config(connection: Connection) -> Config:
    """For Alembic's commands, which run on the connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
