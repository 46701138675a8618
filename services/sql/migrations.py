"""Steps that bring tables up to date, run by Alembic."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

_LOCK_KEY = 0x61726D6F697265  # "armoire"
_ALEMBIC = threading.Lock()
"""Alembic runs one command of a process at a time: it keeps the one that runs in module variables."""


@dataclass(frozen=True, slots=True)
class Migrations:
    """The steps in `folder`, which has Alembic's `env.py` and `versions`."""

    folder: Path

    def upgrade(self, connection: Connection, revision: str = "head") -> None:
        """Run the missing steps inside the connection's transaction: all of them or none."""
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        with _ALEMBIC:
            command.upgrade(self.config(connection), revision)

    def config(self, connection: Connection) -> Config:
        """The configuration for Alembic's commands, which run on the connection."""
        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        return config
