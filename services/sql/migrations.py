"""Steps that bring tables up to date, run by Alembic."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, text

from domain.errors import Unavailable

_LOG = logging.getLogger(__name__)
_LOCK_KEY = 0x61726D6F697265  # "armoire"
_ALEMBIC = threading.Lock()
"""Alembic runs one command of a process at a time: it keeps the one that runs in module variables."""


@dataclass(frozen=True, slots=True)
class Migrations:
    """The steps in `folder`, which has Alembic's `env.py` and `versions`, to what `tables` describes."""

    folder: Path
    tables: MetaData
    version_table: str = "alembic_version"

    def upgrade(self, connection: Connection, revision: str = "head") -> None:
        """Run the missing steps inside the connection's transaction: all of them or none.

        Tables of a newer release stay as they are, if they have what this one needs: a process may start
        again while a site is updated, and a site may go back to the release before.

        Raises:
            Unavailable: they have not.
        """
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        with _ALEMBIC:
            config = self.config(connection)
            if newer := self._unknown_revision(connection, ScriptDirectory.from_config(config)):
                self._go_on_with(connection, newer)
            else:
                command.upgrade(config, revision)

    def config(self, connection: Connection) -> Config:
        """The configuration for Alembic's commands, which run on the connection."""
        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        return config

    def _unknown_revision(self, connection: Connection, steps: ScriptDirectory) -> str | None:
        """The revision that the tables have, where no step of this release leads to it."""
        options = {"version_table": self.version_table}
        found = MigrationContext.configure(connection, opts=options).get_current_revision()
        return None if found in {None, *(step.revision for step in steps.walk_revisions())} else found

    def _go_on_with(self, connection: Connection, revision: str) -> None:
        if problems := list(self._problems(connection)):
            raise Unavailable(
                f"its tables are of a newer release (revision {revision}) that this one cannot use: "
                f"{', '.join(problems)}; start that release, or restore the backup of before the update",
                reason="DATABASE_UNAVAILABLE",
            )
        _LOG.warning(
            "%s is %s, of a newer release; its tables are used as they are", self.version_table, revision
        )

    def _problems(self, connection: Connection) -> Iterator[str]:
        """What the database lacks, and the columns that it wants and this release does not fill."""
        inspector = inspect(connection)
        there = set(inspector.get_table_names())
        yield from (f"{name} is missing" for name in self.tables.tables if name not in there)
        for table in (table for table in self.tables.tables.values() if table.name in there):
            columns = {column["name"]: column for column in inspector.get_columns(table.name)}
            yield from (f"{column} is missing" for column in table.columns if column.name not in columns)
            yield from (
                f"{table.name}.{name} has no default"
                for name, column in columns.items()
                if name not in table.columns and not column["nullable"] and column["default"] is None
            )
