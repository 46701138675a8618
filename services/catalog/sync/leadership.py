"""Leader election: of several catalogues on one PostgreSQL with the same columns, one drains the outbox."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from threading import Lock

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from domain.addresses import driver_message

_LOG = logging.getLogger(__name__)


class Leadership:
    """A session-level advisory lock of PostgreSQL, on a separate connection.

    Processes whose vector rows have different columns write different collections, so each kind of them has a
    leader of its own. An SQLite file has only one process, which is always the leader. On PostgreSQL, the
    connection must not go through a pooler in transaction mode, in which session locks do not work.
    """

    def __init__(self, url: URL, columns: Sequence[str]) -> None:
        self._key = _lock_key(columns)
        self._exclusive = url.get_backend_name() == "sqlite"
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None
        self._lock = Lock()
        """A cancelled call may still be connecting while `release` disconnects."""

    async def held(self) -> bool:
        """Whether this process is the leader; it becomes the leader if there is none.

        False if the database does not answer.
        """
        return self._exclusive or await asyncio.to_thread(self._held)

    async def release(self) -> None:
        """Let another process lead."""
        await asyncio.to_thread(self._disconnect)

    def _held(self) -> bool:
        with self._lock:
            try:
                if self._connection is not None:
                    self._connection.execute(text("SELECT 1"))  # the lock ends with its connection
                    return True
                return self._take()
            except SQLAlchemyError as error:
                if self._connection is not None:
                    _LOG.warning("this process no longer drains the outbox: %s", driver_message(error))
                self._close()
                return False

    def _take(self) -> bool:
        connection = self._engine.connect()
        try:
            taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}))
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
        with self._lock:
            self._close()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except SQLAlchemyError as error:
            _LOG.debug("the leader's connection was already closed: %s", driver_message(error))


def _lock_key(columns: Sequence[str]) -> int:
    """A key for these columns; a bigint, as PostgreSQL's advisory locks have them."""
    digest = hashlib.sha256("\n".join(["armoire", *columns]).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
