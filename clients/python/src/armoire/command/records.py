"""Commands on what the catalogue keeps: products, images, items and jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from armoire.command.console import Console
from armoire.command.documents import Document
from armoire.command.pipelining import in_order
from armoire.errors import ArmoireError

T = TypeVar("T")

_CONCURRENCY = 4
_MAX_PAGE = 50


@dataclass(frozen=True, slots=True)
class RecordKind(Generic[T]):
    """How records of a kind are shown: as a JSON document, or as a row under headers.

    `id_key` is the key of the id in the document.
    """

    id_key: str
    document: Callable[[T], Document]
    headers: Sequence[str]
    row: Callable[[T], Sequence[object]]

    def show(self, records: Iterable[T], console: Console) -> None:
        shown = list(records)
        console.show_table(map(self.document, shown), self.headers, map(self.row, shown))

    def show_change(self, record: T, console: Console) -> None:
        """The record in a line."""
        console.show(self.document(record), "  ".join(str(cell) for cell in self.row(record) if cell))


def with_column(kind: RecordKind[T], header: str, cell: Callable[[T], object]) -> RecordKind[T]:
    """The kind with a column more."""
    return replace(
        kind, headers=(*kind.headers, header), row=lambda record: (*kind.row(record), cell(record))
    )


def with_deletion(kind: RecordKind[T], delete_time: Callable[[T], datetime | None]) -> RecordKind[T]:
    """The kind with a column of when records were deleted."""

    def cell(record: T) -> str:
        deleted = delete_time(record)
        return deleted.isoformat(timespec="seconds") if deleted else ""

    return with_column(kind, "deleted", cell)


async def show_newest(
    kind: RecordKind[T], list_all: Callable[[int], AsyncIterator[T]], limit: int, console: Console
) -> None:
    """The first `limit` records; `list_all` takes the size of a page."""
    found: list[T] = []
    async for record in list_all(min(limit, _MAX_PAGE)):
        found.append(record)
        if len(found) == limit:
            break
    kind.show(found, console)


async def show_each(
    kind: RecordKind[T], call: Callable[[str], Awaitable[T]], ids: Sequence[str], console: Console
) -> None:
    """What `call` returns for each id. One that fails does not keep the others from being shown."""
    found: list[T] = []
    async for record_id, outcome in in_order(call, ids, _CONCURRENCY):
        if isinstance(outcome, ArmoireError):
            console.show_failure({kind.id_key: record_id}, record_id, outcome)
        else:
            found.append(outcome)
    if found:
        kind.show(found, console)


async def show_lines(
    id_key: str,
    call: Callable[[str], Awaitable[T]],
    document: Callable[[T], Document],
    text: Callable[[T], str],
    ids: Sequence[str],
    console: Console,
) -> None:
    """What `call` returns for each id, a line each, which scripts can read. One that fails does not keep the
    others from being shown."""
    async for record_id, outcome in in_order(call, ids, _CONCURRENCY):
        if isinstance(outcome, ArmoireError):
            console.show_failure({id_key: record_id}, record_id, outcome)
        else:
            console.show({id_key: record_id, **document(outcome)}, text(outcome))


async def watch_each(
    kind: RecordKind[T], watch: Callable[[str], AsyncIterator[T]], ids: Sequence[str], console: Console
) -> None:
    """Each record at every change, one id after the other. One that fails does not keep the next from it."""
    for record_id in ids:
        try:
            async for record in watch(record_id):
                kind.show_change(record, console)
        except ArmoireError as error:
            console.show_failure({kind.id_key: record_id}, record_id, error)


async def delete_each(
    id_key: str, delete: Callable[[str], Awaitable[None]], ids: Sequence[str], console: Console
) -> None:
    """Deletes each; one that fails does not keep the others."""
    async for record_id, outcome in in_order(delete, ids, _CONCURRENCY):
        if isinstance(outcome, ArmoireError):
            console.show_failure({id_key: record_id}, record_id, outcome)
        else:
            console.show({id_key: record_id, "deleted": True}, f"deleted {record_id}")


async def restore_each(
    kind: RecordKind[T], restore: Callable[[str], Awaitable[T]], ids: Sequence[str], console: Console
) -> None:
    """Restores each; one that fails does not keep the others."""
    async for record_id, outcome in in_order(restore, ids, _CONCURRENCY):
        if isinstance(outcome, ArmoireError):
            console.show_failure({kind.id_key: record_id}, record_id, outcome)
        else:
            console.show(kind.document(outcome), f"restored {record_id}")
