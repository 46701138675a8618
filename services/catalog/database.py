"""The SQL database: transactions as plain functions, run in worker threads."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from domain.errors import Unavailable
from services.catalog.migrations.upgrade import upgrade

T = TypeVar("T")


class Database:
    """SQLite or PostgreSQL, by URL.

    A transaction is a function of a `Session`; it commits when the function returns and never spans an await.
    SQLite has one writer at a time: its write transactions run one after the other on one thread.
    """

    def __init__(self, url: str, *, threads: int = 4) -> None:
        self._url = make_url(url)
        self.embedded = self._url.get_backend_name() == "sqlite"
        self._lock: IO[bytes] | None = None
        self._reader = _create_engine(self._url, threads + 1)
        self._writer = self._reader.execution_options(immediate=True)
        self._read_threads = ThreadPoolExecutor(threads, thread_name_prefix="sql-read")
        self._write_threads = (
            ThreadPoolExecutor(1, thread_name_prefix="sql-write") if self.embedded else self._read_threads
        )

    async def open(self) -> None:
        """Create or migrate the tables; an SQLite file belongs to one process at a time.

        Raises:
            Unavailable: it cannot be reached, or another process has the file.
        """
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._write_threads, self._open)

    async def close(self) -> None:
        """Wait for running transactions and let go of all connections."""
        await asyncio.to_thread(self._write_threads.shutdown)
        await asyncio.to_thread(self._read_threads.shutdown)
        self._reader.dispose()
        if self._lock is not None:
            self._lock.close()

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that only reads.

        Raises:
            Unavailable: the database cannot be reached.
        """
        return await self._run(self._read_threads, self._reader, work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that writes; its changes are durable once this returns.

        Raises:
            Unavailable: the database cannot be reached.
        """
        return await self._run(self._write_threads, self._writer, work)

    async def _run(self, threads: ThreadPoolExecutor, engine: Engine, work: Callable[[Session], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, _transact, engine, work)

    def _open(self) -> None:
        if self.embedded and self._url.database:
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
            self._lock = _lock_file(Path(f"{self._url.database}.lock"))
        with _translated(), self._writer.begin() as connection:
            upgrade(connection)


def _lock_file(path: Path) -> IO[bytes]:
    """Held until closed, or until the process ends in whatever way."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise Unavailable(f"another process holds {path}", reason="DATABASE_IN_USE") from error
    return file


@contextmanager
def _translated() -> Iterator[None]:
    """Turns the driver's complaints about reaching the database into `Unavailable`."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise Unavailable("the database cannot be reached", reason="DATABASE_UNAVAILABLE") from error


def _transact(engine: Engine, work: Callable[[Session], T]) -> T:
    with _translated(), Session(engine, expire_on_commit=False) as session, session.begin():
        return work(session)


def _create_engine(url: URL, connections: int) -> Engine:
    engine = create_engine(url, pool_size=connections, max_overflow=0, pool_pre_ping=True)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
