"""The SQL database: transactions as plain functions, run in worker threads."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from domain.addresses import driver_message
from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput, Unavailable
from services.background.log_throttle import LogThrottle

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_FAILURES = (OperationalError, InterfaceError, PoolTimeout)
"""Failures of the database itself, after which a whole transaction may be lost."""
BUSY_MS = 10_000
"""How long a statement waits for another program that has locked the file of SQLite."""
_MODE_PAUSE_S = 0.02
_COMPACT_TRIES = 50
_COMPACT_PAUSE_S = 0.2
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
"""What the driver does not count among failures of the database itself."""
_DRIVER_ERRORS = (
    ("SQLITE_FULL", "has no room: its disk is full", "DATABASE_FULL"),
    ("SQLITE_BUSY", "is busy", "DATABASE_BUSY"),
    ("SQLITE_LOCKED", "is busy", "DATABASE_BUSY"),
    ("SQLITE_READONLY", "cannot be written", "DATABASE_READ_ONLY"),
    ("SQLITE_IOERR", "cannot read or write its file", "DATABASE_IO_FAILED"),
    ("SQLITE_CANTOPEN", "cannot be opened", "DATABASE_UNAVAILABLE"),
    ("SQLITE_NOTADB", "is damaged: its file is none of SQLite's", "DATABASE_DAMAGED"),
    ("SQLITE_CORRUPT", "is damaged", "DATABASE_DAMAGED"),
    ("SQLITE", "cannot answer", "DATABASE_UNAVAILABLE"),
    ("53100", "has no room: its disk is full", "DATABASE_FULL"),
    ("53", "is out of resources", "DATABASE_BUSY"),
    ("40", "is busy", "DATABASE_BUSY"),
    ("55P03", "is busy", "DATABASE_BUSY"),
    ("28", "refused the user or the password", "DATABASE_LOGIN_REFUSED"),
    ("3D000", "does not exist", "DATABASE_UNAVAILABLE"),
    ("08", "cannot be reached", "DATABASE_UNAVAILABLE"),
    ("57P", "is shutting down or starting", "DATABASE_UNAVAILABLE"),
)
"""Beginnings of SQLite's error names and PostgreSQL's SQLSTATEs, the first match counts.

Source: sqlite.org/rescode.html; PostgreSQL, appendix A.
"""


@dataclass(frozen=True, slots=True, eq=False)
class _Write:
    """A transaction that waits for its turn; whoever asked for it may cancel it until then."""

    work: Callable[[Session], Any]
    done: Future[Any] = field(default_factory=Future)


class _Gate:
    """Lets threads pass until it is shut, and counts those that are inside.

    A cancelled task leaves its thread running; a connection that it holds must not outlive the database.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._is_shut = False

    @contextmanager
    def passed(self) -> Iterator[None]:
        """For a `with` block that is inside. Raises Unavailable once the gate is shut."""
        with self._changed:
            if self._is_shut:
                raise Unavailable("the database is closed", reason="DATABASE_UNAVAILABLE")
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def shut(self) -> None:
        """Let nobody pass any more, and wait until nobody is inside."""
        with self._changed:
            self._is_shut = True
            self._changed.wait_for(lambda: not self._inside)


class Database:
    """SQLite or PostgreSQL, by URL.

    A transaction is a function of a `Session`; it commits when the function returns and never spans an await.
    One that only reads sees a single state of the database in all its statements: on PostgreSQL it runs at
    REPEATABLE READ, at which reading never fails.

    SQLite has one writer at a time: write transactions run on one thread, and those that gathered while it
    was busy share one commit. What one of them raises undoes that one alone. Where the database itself fails,
    nothing of the group has happened, and each is run again by itself; so a function may run twice and must
    change nothing but the database.
    """

    def __init__(
        self,
        url: str,
        upgrade: Callable[[Connection], None],
        setting: str,
        *,
        threads: int = 4,
        blocking_readers: int = 8,
        exclusive: bool = True,
    ) -> None:
        """`upgrade` brings the tables up to date, and `setting` names the URL in messages.

        An SQLite file that is `exclusive` belongs to one process at a time.

        Raises:
            InvalidInput: `url` is none of SQLite's or PostgreSQL's.
        """
        self.url = _parse_url(url, setting)
        self._upgrade, self._setting, self._exclusive = upgrade, setting, exclusive
        self.embedded = self.url.get_backend_name() == "sqlite"
        self._lock: IO[bytes] | None = None
        self._file_id: tuple[int, int] | None = None
        self._waiting: deque[_Write] = deque()
        self._log_throttle = LogThrottle()
        self._blocking = _Gate()
        engine = _create_engine(self.url, threads + 1 + blocking_readers)
        self._reader = (
            engine if self.embedded else engine.execution_options(isolation_level="REPEATABLE READ")
        )
        self._writer = engine.execution_options(immediate=True)
        self._read_threads = ThreadPoolExecutor(threads, thread_name_prefix="sql-read")
        self._write_threads = (
            ThreadPoolExecutor(1, thread_name_prefix="sql-write") if self.embedded else self._read_threads
        )

    async def open(self) -> None:
        """Create or migrate the tables.

        Raises:
            Unavailable: it cannot be reached, or another process has the file to itself.
        """
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._write_threads, self._open)
        except Unavailable as error:
            message = f"{self.name}: {error.message}"
            if isinstance(error.__cause__, SQLAlchemyError):
                message += f" ({driver_message(error.__cause__)})"
            if error.reason == "DATABASE_DAMAGED":
                message += "; restore a backup of it, or save what can be read with .recover of sqlite3"
            raise Unavailable(message, reason=error.reason) from error
        except OSError as error:
            raise Unavailable(f"{self.name}: {error.strerror}", reason="DATABASE_UNAVAILABLE") from error

    async def close(self) -> None:
        """Wait for running transactions, also of threads that nobody waits for, and close all connections."""
        await asyncio.to_thread(self._blocking.shut)
        await asyncio.to_thread(self._write_threads.shutdown)
        await asyncio.to_thread(self._read_threads.shutdown)
        self._reader.dispose()
        if self._lock is not None:
            self._lock.close()

    @property
    def in_place(self) -> bool:
        """Whether SQLite's file is still the one that was opened; True on PostgreSQL.

        SQLite does not notice that its file is deleted, moved or replaced, or its volume unmounted: it goes
        on in a file without a name, and what it commits there is lost.
        """
        return self._file_id is None or self._file_id == _file_id(self.url.database)

    @property
    def name(self) -> str:
        """The file, or host and port, and the setting, for messages to the operator."""
        where = self.url.database if self.embedded else f"{self.url.host}:{self.url.port or 5432}"
        return f"the database at {where} ({self._setting})"

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that only reads, all of it the same state of the database.

        Raises:
            Unavailable: the database cannot be reached.
        """
        with CURRENT_CALL.get().span("sql read"):
            return await self._run(self._read_threads, self._reader, work)

    def read_blocking(self, work: Callable[[Session], T]) -> T:
        """As `read`, on the calling thread; `blocking_readers` threads may call it at a time.

        Raises:
            Unavailable: the database cannot be reached, or is closed.
        """
        with self._blocking.passed(), CURRENT_CALL.get().span("sql read"):
            return self._transact(self._reader, work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that writes; its changes are durable once this returns.

        Raises:
            Unavailable: the database cannot be reached.
        """
        with CURRENT_CALL.get().span("sql write"):
            return await self._write(work)

    def write_blocking(self, work: Callable[[Session], T]) -> T:
        """As `write`, on the calling thread, which counts among the `blocking_readers`.

        Raises:
            Unavailable: the database cannot be reached, or is closed.
        """
        with self._blocking.passed(), CURRENT_CALL.get().span("sql write"):
            if not self.embedded:
                return self._transact(self._writer, work)
            result: T = self._enqueue(work).result()
            return result

    async def _write(self, work: Callable[[Session], T]) -> T:
        if not self.embedded:
            return await self._run(self._write_threads, self._writer, work)
        result: T = await asyncio.wrap_future(self._enqueue(work))
        return result

    def _enqueue(self, work: Callable[[Session], T]) -> Future[T]:
        """Let the thread that writes run `work` in its turn."""
        write = _Write(work)
        self._waiting.append(write)
        self._write_threads.submit(self._write_waiting)
        return write.done

    async def compact(self) -> None:
        """Write SQLite's file anew, without the pages of what was deleted, and empty its log.

        On PostgreSQL nothing is done: its autovacuum frees the room of deleted rows.

        Raises:
            Unavailable: the database cannot be reached, or readers keep the log in use for too long.
        """
        if self.embedded:
            loop = asyncio.get_running_loop()
            for _ in range(_COMPACT_TRIES):
                if await loop.run_in_executor(self._write_threads, self._compact):
                    return
                await asyncio.sleep(_COMPACT_PAUSE_S)
            raise Unavailable("the database is busy", reason="DATABASE_BUSY")

    def _compact(self) -> bool:
        """Returns whether the log is empty, too; readers may still need it.

        Source: sqlite.org/lang_vacuum.html; sqlite.org/pragma.html, wal_checkpoint.
        """
        self._require_file()
        with self._translated():
            connection = self._writer.raw_connection()  # without a BEGIN, in which VACUUM is refused
            try:
                cursor = connection.cursor()
                cursor.execute("VACUUM")
                busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
        return not busy

    async def _run(self, threads: ThreadPoolExecutor, engine: Engine, work: Callable[[Session], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, self._transact, engine, work)

    def _open(self) -> None:
        if self.embedded and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            if self._exclusive:
                self._lock = _lock_file(Path(f"{self.url.database}.lock"))
        with self._translated(), self._writer.begin() as connection:
            if not self.embedded:
                _check_encoding(connection)
            self._upgrade(connection)
        self._file_id = _file_id(self.url.database) if self.embedded else None

    def _transact(self, engine: Engine, work: Callable[[Session], T]) -> T:
        self._require_file()  # a new connection would make an empty file
        with self._translated(), Session(engine, expire_on_commit=False) as session, session.begin():
            result = work(session)
        self._require_file()
        return result

    def _require_file(self) -> None:
        if not self.in_place:
            raise Unavailable("the database is no longer in its place", reason="DATABASE_GONE")

    def _write_waiting(self) -> None:
        """Run all waiting writes, unless an earlier call has run them."""
        group: list[_Write] = []
        while self._waiting:
            write = self._waiting.popleft()
            if write.done.set_running_or_notify_cancel():
                group.append(write)
        if len(group) < 2 or not self._write_group(group):
            for write in group:
                self._write_single(write)

    def _write_group(self, group: Sequence[_Write]) -> bool:
        """Run writes in one commit; returns False if the database failed and nothing was changed."""
        try:
            self._require_file()
            with self._writer.begin() as connection:
                outcomes = [_attempt(connection, write.work) for write in group]
            self._require_file()
        except Exception:
            return False
        for write, (result, error) in zip(group, outcomes, strict=True):
            if error is None:
                write.done.set_result(result)
            else:
                write.done.set_exception(error)
        return True

    def _write_single(self, write: _Write) -> None:
        try:
            write.done.set_result(self._transact(self._writer, write.work))
        except Exception as error:
            write.done.set_exception(error)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate failures of the database to `Unavailable`."""
        try:
            yield
        except (*_FAILURES, DatabaseError) as error:
            if not isinstance(error, _FAILURES) and not _code(error).startswith(_DAMAGED):
                raise
            level = logging.DEBUG if self._log_throttle.admit() is None else logging.WARNING
            _LOG.log(level, "the database failed: %s", driver_message(error))
            raise _unavailable(error) from error


def _attempt(connection: Connection, work: Callable[[Session], T]) -> tuple[T | None, Exception | None]:
    """Run `work` in a savepoint; returns its result, or its exception after undoing its changes.

    Raises one of `_FAILURES` where the database failed.
    """
    joining = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    try:
        with joining as session, session.begin():
            return work(session), None
    except _FAILURES:
        raise
    except Exception as error:
        return None, error


def _lock_file(path: Path) -> IO[bytes]:
    """Lock a file until it is closed or the process ends."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise Unavailable(f"another process holds {path}", reason="DATABASE_IN_USE") from error
    return file


def _file_id(path: str | None) -> tuple[int, int] | None:
    """Device and inode of a file; None if there is none."""
    try:
        found = Path(path).stat() if path else None
    except OSError:
        found = None
    return found and (found.st_dev, found.st_ino)


def _unavailable(error: Exception) -> Unavailable:
    code = _code(error)
    for start, message, reason in _DRIVER_ERRORS:
        if code.startswith(start):
            return Unavailable(f"the database {message}", reason=reason)
    return Unavailable("the database cannot be reached", reason="DATABASE_UNAVAILABLE")


def _code(error: Exception) -> str:
    """SQLite's name of the error, or PostgreSQL's SQLSTATE; "" if the driver gives none."""
    orig = getattr(error, "orig", None)
    return getattr(orig, "sqlite_errorname", None) or getattr(orig, "sqlstate", None) or ""


def _parse_url(url: str, setting: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect().import_dbapi()
    except (SQLAlchemyError, ImportError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise InvalidInput(
            setting,
            "must be an SQLAlchemy URL such as sqlite:////folder/catalog.db or postgresql://user@host/name",
        ) from None
    return parsed


def _create_engine(url: URL, connections: int) -> Engine:
    embedded = url.get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=not embedded,
        json_deserializer=orjson.loads,
        connect_args={} if embedded else {"client_encoding": "UTF8"},
    )
    if embedded:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _check_encoding(connection: Connection) -> None:
    """Raises Unavailable unless PostgreSQL keeps texts in UTF-8, which alone has room for all of them."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise Unavailable(
            f"it keeps texts in {encoding}, not in UTF8; make one with CREATE DATABASE ... ENCODING 'UTF8' "
            "TEMPLATE template0",
            reason="DATABASE_UNAVAILABLE",
        )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # `_begin_sqlite` sends BEGIN
    for pragma in (f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")


def _write_ahead(connection: Any) -> None:
    """Give the file a write-ahead log. SQLite does not wait for others that do so at the same moment."""
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(_MODE_PAUSE_S)


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
