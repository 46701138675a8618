"""An import from its first entry to its report."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.command.documents import Document, error_document
from armoire.command.importing.source_row import SourceRow, entries_of
from armoire.command.tables import counted
from armoire.deadlines import BULK_TIMEOUT_S
from armoire.messages.imports import import_report_from_any
from armoire.values.imports import ImportEntry, ImportFailure, ImportReport, PhotoUrl
from armoire.values.operations import Operation, OperationState

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Attributes:
    rate: photos a second at most; 0 for as many as the server can.
    again: import once more what was imported by the same command.
    wait: wait for the end.
    report: the file that gets a line of JSON for each failure.
    """

    rate: float
    again: bool
    wait: bool
    report: Path | None
    timeout_s: float

    @classmethod
    def of(cls, arguments: Namespace) -> ImportOptions:
        timeout_s = arguments.timeout_s or BULK_TIMEOUT_S
        return cls(arguments.rate, arguments.again, not arguments.no_wait, arguments.report, timeout_s)


async def import_rows(
    client: AsyncClient, name: str, rows: Sequence[SourceRow], options: ImportOptions, console: Console
) -> None:
    """Sends what the server does not have, waits, and reports."""
    entries = list(entries_of(rows))
    key = str(uuid.uuid4()) if options.again else _key_of(name, entries, options.rate)
    operation = await _send(client, name, entries, key, options, console)
    if not options.wait:
        command = f"armoire operations watch {operation.id}"
        console.show({"operation_id": operation.id}, f"{_entries(len(entries))} sent: {command}")
        return
    operation = await _watch(client, operation, len(entries), console)
    await _report(client, operation, options, console)


async def _send(
    client: AsyncClient,
    name: str,
    entries: Sequence[ImportEntry],
    key: str,
    options: ImportOptions,
    console: Console,
) -> Operation:
    started = await client.start_import(
        name, photos_per_second=options.rate, again=options.again, idempotency_key=key
    )
    operation = started.operation
    if operation.state is OperationState.SUCCEEDED:
        console.note("this was imported before, so nothing is sent; --again imports it once more")
        return operation
    if operation.state.final:
        console.note(f"the import {operation.id} was {operation.state.lower()} before; it goes on")
        operation = await client.retry_operation(operation.id)
    rest = [entry for entry in entries if entry.number >= started.next_number]
    if len(rest) < len(entries):
        console.note(f"the import {operation.id} goes on: {_entries(len(entries) - len(rest))} sent before")
    console.start("sending", len(rest))
    async for _ in client.send_entries(operation.id, rest, timeout_s=options.timeout_s):
        console.step()
    console.finish()
    return await client.finish_import(operation.id)


async def _watch(client: AsyncClient, operation: Operation, total: int, console: Console) -> Operation:
    """The operation at its end."""
    console.start("importing", total)
    async for watched in client.watch_operation(operation.id):
        operation = watched
        console.reach(operation.progress.done + operation.progress.failed)
    console.finish()
    return operation


async def _report(
    client: AsyncClient, operation: Operation, options: ImportOptions, console: Console
) -> None:
    """Shows what has come of the import, and each failure."""
    failures = [failure async for failure in client.iter_import_failures(operation.id)]
    if options.report is not None:
        write_report(options.report, failures)
    for failure in failures[:_SHOWN]:
        console.complain(failure_line(failure))
    if len(failures) > _SHOWN:
        more = f"{len(failures) - _SHOWN} more failed"
        where = f"see {options.report}" if options.report else "--report FILE.jsonl keeps them all"
        console.complain(f"{more}; {where}")
    if operation.error is not None:
        raise operation.error
    if operation.state is not OperationState.SUCCEEDED or operation.response is None:
        raise CommandFailed(
            f"the import {operation.id} is {operation.state}; the same command goes on with it"
        )
    report = import_report_from_any(operation.response)
    console.show({"operation_id": operation.id, **asdict(report)}, _text(report))


def write_report(path: Path, failures: Sequence[ImportFailure]) -> None:
    """Writes a JSON object a line. Raises CommandFailed."""
    lines = (json.dumps(failure_document(failure)) + "\n" for failure in failures)
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise CommandFailed(f"cannot write {path}: {error.strerror}") from error


def failure_document(failure: ImportFailure) -> Document:
    fields = ("number", "source", "external_id", "image_name", "url")
    return {**{name: getattr(failure, name) for name in fields}, "error": error_document(failure.error)}


def failure_line(failure: ImportFailure) -> str:
    """Where it comes from, and what is wrong with it."""
    product = f" ({failure.external_id})" if failure.external_id else ""
    return f"{failure.source}{product}: {failure.error.message}"


def _text(report: ImportReport) -> str:
    products = f"{counted(report.products_created, 'product')} created, {report.products_updated} updated"
    photos = f"{counted(report.photos_indexed, 'photo')} indexed, {report.photos_known} known before"
    return f"{_entries(report.entries)}: {products}; {photos}; {report.failed} failed"


def _entries(count: int) -> str:
    return counted(count, "entry", "entries")


def _key_of(name: str, entries: Sequence[ImportEntry], rate: float) -> str:
    """The same for the same command on the same source, so that it finds the import it has begun."""
    digest = hashlib.sha256(json.dumps([name, rate]).encode())
    for entry in entries:
        product = asdict(entry.product) if entry.product else None
        parts = [entry.source, product, entry.problem, _photo_facts(entry)]
        digest.update(json.dumps(parts, default=str).encode())
    return digest.hexdigest()


def _photo_facts(entry: ImportEntry) -> Sequence[object]:
    """What tells a photo from another version of it, without reading it."""
    photo = entry.photo
    if photo is None or isinstance(photo, bytes):
        return []
    if isinstance(photo, PhotoUrl):
        return [photo.url]
    try:
        found = Path(photo).stat()
    except (OSError, ValueError):
        return [os.fspath(photo)]
    return [str(Path(photo).absolute()), found.st_size, found.st_mtime_ns]
