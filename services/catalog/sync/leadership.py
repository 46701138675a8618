"""Leader election: of several catalogues on one PostgreSQL, one drains the outbox."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from services.catalog.addresses import driver_message

_LOG = logging.getLogger(__name__)
_KEY = 0x61726D6F69726501  # "armoire", 1


class Leadership:
    """A session-level advisory lock of PostgreSQL, on a separate connection.

    An SQLite file has only one process, which is always the leader. On PostgreSQL, the connection must not go
    through a pooler in transaction mode, in which session locks do not work.
    """

    def __init__(self, url: URL) -> None:
        self._exclusive = url.get_backend_name() == "sqlite"
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    async def held(self) -> bool:
        """Whether this process is the leader; it becomes the leader if there is none.

        False if the database does not answer.
        """
        return self._exclusive or await asyncio.to_thread(self._held)

    async def release(self) -> None:
        """Let another process lead."""
        await asyncio.to_thread(self._disconnect)

    def _held(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))  # the lock ends with its connection
                return True
            return self._take()
        except SQLAlchemyError as error:
            if self._connection is not None:
                _LOG.warning("this process no longer drains the outbox: %s", driver_message(error))
            self._disconnect()
            return False

    def _take(self) -> bool:
        connection = self._engine.connect()
        try:
            taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}))
        except SQLAlchemyError:
            connection.close()
            raise
        if not taken:
            connection.close()
            return False
        self._connection = connection
        _LOG.info("this process drains the outbox")
        return True

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except SQLAlchemyError as error:
            _LOG.debug("the leader's connection was already closed: %s", driver_message(error))
