from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import InvalidInput, NotFound, Unavailable
from services.catalog.sql.catalog_database import catalog_database
from services.catalog.sql.tables import CollectionRow, OutboxRow, PredictionRow, Table
from services.sql.database import Database
from tests import postgres
from tests.turns import begun
from tests.unit.services.schema import differences

ROW = {"tenant_id": "t", "collection": "c", "item_id": "i", "op": "upsert", "create_us": 1}
SHELF = {
    "tenant_id": "*", "name": "shelf", "width": 4, "create_us": 1,
    "model_version": "m", "preprocess_version": "p",
}  # fmt: skip


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def read_for_ever(database: Database) -> None:
    while True:
        database.read_blocking(count)


async def test_migrations_make_the_tables_that_the_code_describes(database: Database) -> None:
    assert await database.read(lambda session: differences(session, Table.metadata)) == []


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def fail(session: Session) -> None:
        session.execute(insert(OutboxRow).values(ROW))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    assert await database.read(count) == 0


async def test_a_transaction_that_reads_sees_one_state(database: Database) -> None:
    loop = asyncio.get_running_loop()

    def read_around_a_write(session: Session) -> list[int]:
        before = count(session)
        write = database.write(lambda other: other.execute(insert(OutboxRow).values(ROW)))
        asyncio.run_coroutine_threadsafe(write, loop).result()
        return [before, count(session)]

    assert await database.read(read_around_a_write) == [0, 0]
    assert await database.read(count) == 1


async def test_concurrent_writes_all_arrive(database: Database) -> None:
    def write(session: Session) -> None:
        before = count(session)
        session.execute(insert(OutboxRow).values(ROW | {"create_us": before}))

    await asyncio.gather(*(database.write(write) for _ in range(50)))
    assert await database.read(count) == 50


async def test_rows_cannot_point_at_another_tenants(database: Database) -> None:
    def write(session: Session) -> None:
        session.add(
            PredictionRow(
                tenant_id="t",
                item_id="none",
                model_version="m",
                preprocess_version="p",
                detector_version="d",
                detector_preprocess_version="p",
                score=1.0,
                label="x",
                attributes={},
                colors=[],
                warnings=[],
                create_us=1,
            )
        )

    with pytest.raises(IntegrityError):
        await database.write(write)


async def test_sqlite_is_set_up_for_durability(tmp_path: Path) -> None:
    database = catalog_database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'catalog.db'}")
    await database.open()

    def pragmas(session: Session) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [session.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert await database.read(pragmas) == ["wal", 2, 1]
    assert await database.write(pragmas) == ["wal", 2, 1]
    await database.close()


async def test_data_outlive_a_reopening(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    for expected in (0, 1):
        database = catalog_database(url)
        await database.open()
        assert await database.read(count) == expected
        await database.write(lambda session: session.execute(insert(OutboxRow).values(ROW)))
        await database.close()


async def test_a_database_out_of_reach_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    database = catalog_database(f"sqlite:///{tmp_path}")
    with pytest.raises(Unavailable):
        await database.read(count)
    await database.close()


async def test_one_owner_at_a_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    first, second = catalog_database(url), catalog_database(url)
    await first.open()
    with pytest.raises(Unavailable, match="another process holds"):
        await second.open()
    await first.close()
    await second.open()
    await second.close()


async def test_closing_waits_for_threads_that_nobody_waits_for(tmp_path: Path) -> None:
    database = catalog_database(f"sqlite:///{tmp_path / 'catalog.db'}")
    await database.open()
    inside, leave = threading.Event(), threading.Event()

    def stay(session: Session) -> int:
        inside.set()
        leave.wait()
        return count(session)

    reading = asyncio.create_task(asyncio.to_thread(database.read_blocking, stay))
    await asyncio.to_thread(inside.wait)
    closing = asyncio.create_task(database.close())
    with pytest.raises(Unavailable, match="the database is closed"):
        await asyncio.to_thread(read_for_ever, database)
    assert not closing.done()
    leave.set()
    await closing
    assert await reading == 0
    with pytest.raises(Unavailable):
        database.write_blocking(count)


@pytest.mark.parametrize(
    "url", ["nonsense", "", "bogus://x", "mysql://u:S3cret@h/d", "postgresql://u:S3cret@h:port/d"]
)
def test_a_url_of_no_database_names_the_setting(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        catalog_database(url)
    assert caught.value.violations[0].field == "ARMOIRE_CATALOG__DATABASE_URL"
    assert "S3cret" not in str(caught.value)


async def test_an_absent_server_is_told_by_host_and_setting_without_its_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = catalog_database("postgresql://user:S3cret@127.0.0.1:9/d")
    with pytest.raises(Unavailable) as caught:
        await database.open()
    message = "the database at 127.0.0.1:9 (ARMOIRE_CATALOG__DATABASE_URL): the database cannot be reached ("
    assert caught.value.message.startswith(message)
    assert "refused" in caught.value.message
    assert "the database failed: " in caplog.text
    assert "S3cret" not in caught.value.message + caplog.text
    await database.close()


async def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    database = catalog_database(f"sqlite:///{tmp_path / 'catalog.db'}")
    await database.open()

    def fill(session: Session) -> None:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for _ in range(2000):
            session.execute(insert(OutboxRow).values(ROW))

    with pytest.raises(Unavailable, match="disk is full") as caught:
        await database.write(fill)
    assert caught.value.reason == "DATABASE_FULL"
    await database.close()


def write_row(item_id: str) -> Callable[[Session], str]:
    """A transaction that adds a row."""

    def write(session: Session) -> str:
        session.execute(insert(OutboxRow).values(ROW | {"item_id": item_id}))
        return item_id

    return write


async def item_ids(database: Database) -> list[str]:
    query = select(OutboxRow.item_id).order_by(OutboxRow.item_id)
    return await database.read(lambda session: list(session.scalars(query)))


@asynccontextmanager
async def writer_busy(database: Database) -> AsyncIterator[None]:
    """What is written inside gathers; it begins when the block ends."""
    began, free = threading.Event(), threading.Event()
    first = asyncio.create_task(database.write(lambda _session: began.set() or free.wait()))
    await asyncio.to_thread(began.wait)
    try:
        yield
    finally:
        free.set()
        await first


async def test_writes_that_gather_share_a_commit(tmp_path: Path) -> None:
    database = catalog_database(f"sqlite:///{tmp_path / 'catalog.db'}")
    await database.open()
    commits: list[str] = []
    event.listen(database._reader, "commit", lambda _connection: commits.append("commit"))
    async with writer_busy(database):
        writes = [await begun(database.write(write_row(f"i{number}"))) for number in range(5)]
    assert await asyncio.gather(*writes) == ["i0", "i1", "i2", "i3", "i4"]
    assert commits == ["commit"]
    assert await item_ids(database) == ["i0", "i1", "i2", "i3", "i4"]
    await database.close()


async def test_a_write_that_fails_takes_no_other_with_it(tmp_path: Path) -> None:
    database = catalog_database(f"sqlite:///{tmp_path / 'catalog.db'}")
    await database.open()

    def refuse(session: Session) -> str:
        write_row("never")(session)
        raise ValueError("refused")

    async with writer_busy(database):
        works = (write_row("a"), refuse, write_row("b"))
        writes = [await begun(database.write(work)) for work in works]
    ended = await asyncio.gather(*writes, return_exceptions=True)
    assert [ended[0], ended[2]] == ["a", "b"]
    assert isinstance(ended[1], ValueError)
    assert await item_ids(database) == ["a", "b"]
    await database.close()


async def test_refusals_share_the_commit_and_nothing_is_run_again(tmp_path: Path) -> None:
    database = catalog_database(f"sqlite:///{tmp_path / 'catalog.db'}")
    await database.open()
    commits: list[str] = []
    event.listen(database._reader, "commit", lambda _connection: commits.append("commit"))
    runs: list[str] = []

    def refused(name: str, error: Exception) -> Callable[[Session], str]:
        def refuse(session: Session) -> str:
            runs.append(name)
            write_row(name)(session)
            raise error

        return refuse

    def twice_the_same(session: Session) -> str:
        runs.append("twice")
        session.add_all([CollectionRow(**SHELF), CollectionRow(**SHELF)])
        session.flush()
        return "never"

    async with writer_busy(database):
        works = (
            *(write_row("a"), refused("gone", NotFound("image", "x")), twice_the_same),
            *(write_row("b"), refused("odd", ValueError("odd")), write_row("c")),
        )
        writes = [await begun(database.write(work)) for work in works]
    ended = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(end) for end in ended] == [str, NotFound, IntegrityError, str, ValueError, str]
    assert commits == ["commit"]
    assert await item_ids(database) == ["a", "b", "c"]
    assert runs == ["gone", "twice", "odd"]
    await database.close()


async def test_a_database_that_undoes_a_whole_group_loses_none_of_its_writes(tmp_path: Path) -> None:
    database = catalog_database(f"sqlite:///{tmp_path / 'catalog.db'}")
    await database.open()
    transactions: list[bool] = []

    def fill(session: Session) -> None:
        connection = session.connection()
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        try:
            for _ in range(2000):
                session.execute(insert(OutboxRow).values(ROW))
        finally:  # SQLite has rolled back by itself
            transactions.append(connection.connection.driver_connection.in_transaction)  # type: ignore[union-attr]

    async with writer_busy(database):
        works: tuple[Callable[[Session], object], ...] = (write_row("a"), fill, write_row("b"))
        writes = [await begun(database.write(work)) for work in works]
    ended = await asyncio.gather(*writes, return_exceptions=True)
    assert [ended[0], ended[2]] == ["a", "b"]
    assert isinstance(ended[1], Unavailable)
    assert transactions == [False, False]
    assert await item_ids(database) == ["a", "b"]
    await database.close()


async def test_a_cancelled_write_does_not_begin(tmp_path: Path) -> None:
    database = catalog_database(f"sqlite:///{tmp_path / 'catalog.db'}")
    await database.open()
    async with writer_busy(database):
        writes = [await begun(database.write(write_row(name))) for name in ("a", "b", "c")]
        writes[1].cancel()
        await asyncio.wait([writes[1]])
    ended = await asyncio.gather(*writes, return_exceptions=True)
    assert [ended[0], ended[2]] == ["a", "c"]
    assert isinstance(ended[1], asyncio.CancelledError)
    assert await item_ids(database) == ["a", "c"]
    await database.close()


@pytest.mark.parametrize("remove", [Path.unlink, lambda path: path.rename(path.with_suffix(".away"))])
async def test_nothing_is_accepted_in_a_file_that_is_gone(
    tmp_path: Path, remove: Callable[[Path], object]
) -> None:
    path = tmp_path / "catalog.db"
    database = catalog_database(f"sqlite:///{path}")
    await database.open()
    remove(path)
    assert not database.in_place
    for call in (database.write, database.read):
        with pytest.raises(Unavailable, match="no longer in its place") as caught:
            await call(count)
        assert caught.value.reason == "DATABASE_GONE"
    assert not path.exists(), "no empty file takes its place"
    await database.close()


async def test_a_commit_into_a_file_that_went_meanwhile_is_not_acknowledged(tmp_path: Path) -> None:
    path, begin, may_end = tmp_path / "catalog.db", threading.Event(), threading.Event()
    database = catalog_database(f"sqlite:///{path}")
    await database.open()

    def hold(_: Session) -> None:
        begin.set()
        assert may_end.wait(60)

    def insert_and_remove(session: Session) -> None:
        session.execute(insert(OutboxRow).values(ROW))
        path.unlink(missing_ok=True)

    held = await begun(database.write(hold))
    await asyncio.to_thread(begin.wait)
    writes = [await begun(database.write(work)) for work in (insert_and_remove, count)]
    may_end.set()
    await held
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [getattr(outcome, "reason", None) for outcome in outcomes] == ["DATABASE_GONE"] * 2
    await database.close()


async def test_a_file_that_comes_back_is_taken_again(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    database = catalog_database(f"sqlite:///{path}")
    await database.open()
    away = path.rename(tmp_path / "away")
    away.rename(path)
    assert database.in_place
    assert await database.write(count) == 0
    await database.close()


@pytest.mark.parametrize("spoil", ["no header", "a torn page"])
async def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "catalog.db"
    database = catalog_database(f"sqlite:///{path}")
    await database.open()
    await database.close()
    content = bytearray(path.read_bytes())
    start = 0 if spoil == "no header" else 100
    content[start : start + 2000] = b"x" * 2000
    path.write_bytes(content)
    spoiled = catalog_database(f"sqlite:///{path}")
    with pytest.raises(Unavailable, match="restore a backup") as caught:
        await spoiled.open()
    await spoiled.close()
    assert caught.value.reason == "DATABASE_DAMAGED"
    assert f"the database at {path} (ARMOIRE_CATALOG__DATABASE_URL)" in caught.value.message


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_a_database_in_another_encoding_is_named_with_what_to_do(
    postgres_server: str, encoding: str
) -> None:
    with postgres.empty_database(postgres_server, encoding) as url:
        database = catalog_database(url)
        with pytest.raises(Unavailable, match=f"keeps texts in {encoding}.*ENCODING 'UTF8'") as caught:
            await database.open()
        await database.close()
    assert "ARMOIRE_CATALOG__DATABASE_URL" in caught.value.message
