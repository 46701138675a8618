"""Imports: begun, fed and finished by callers."""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL
from domain.clock import now_us
from domain.errors import InvalidInput, Overloaded
from domain.quota import NO_QUOTA, Quota
from domain.types import Principal
from services.audit.record import Change
from services.audit.trail import Changed
from services.catalog.blobs.store import original_key
from services.catalog.ids import check_id
from services.catalog.limits import check_text
from services.catalog.parts import CatalogParts
from services.catalog.records import imports
from services.catalog.records.imports import Entry
from services.catalog.records.operations import Operation, OperationKind, insert_operation
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.records.tenant_use import check_bytes, read_use
from services.catalog.resources.import_reading import (
    MAX_SOURCE_CHARS,
    EntryReader,
    IncomingEntry,
    check_number,
)

_CHUNK = 64
_CHUNK_BYTES = 16 * 2**20
_MAX_RATE = 1e6


@dataclass(frozen=True, slots=True)
class StartedImport:
    """An import, and what it has of its entries."""

    operation: Operation
    next_number: int
    finished: bool


@dataclass(slots=True)
class _Chunk:
    """Entries that are kept in one transaction."""

    entries: list[Entry] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return len(self.entries) >= _CHUNK or sum(map(len, self.contents.values())) >= _CHUNK_BYTES


class Imports:
    """The calls on imports, each within the caller's tenant."""

    def __init__(self, parts: CatalogParts, reader: EntryReader, wake_runner: Callable[[], None]) -> None:
        self._database = parts.database
        self._trail = parts.trail
        self._blobs = parts.blobs
        self._ids = parts.ids
        self._limits = parts.limits
        self._reader = reader
        self._wake_runner = wake_runner
        self._quota_of = parts.quota_of

    async def start(
        self,
        principal: Principal,
        source: str = "",
        photos_per_s: float = 0.0,
        idempotency_key: str = "",
        *,
        again: bool = False,
    ) -> StartedImport:
        """Begin an import, or find the one that was begun with this key.

        Raises:
            InvalidInput, or AlreadyExists where the key was used for something else.
        """
        key = check_text("idempotency_key", idempotency_key, self._limits.max_key_chars)
        if not (math.isfinite(photos_per_s) and 0 <= photos_per_s <= _MAX_RATE):
            raise InvalidInput("photos_per_second", f"must be 0 to {_MAX_RATE:.0f}, got {photos_per_s:g}")
        request = {
            "source": check_text("source", source, MAX_SOURCE_CHARS),
            "photos_per_s": photos_per_s,
            "again": again,
        }
        tenant_id, id, moment_us = principal.tenant_id, self._ids.next(), now_us()
        end_user = CURRENT_CALL.get().end_user

        def start(session: Session) -> Changed[StartedImport]:
            kind = OperationKind.IMPORT
            operation = insert_operation(session, tenant_id, id, kind, request, key, moment_us)
            if operation.id != id:
                known = imports.touch_source(session, tenant_id, operation.id, moment_us)
                following = imports.next_number(session, tenant_id, operation.id)
                return StartedImport(operation, following, known.finished), None
            imports.insert_source(session, tenant_id, id, principal.subject, end_user, moment_us)
            imports.purge_entries(session, tenant_id, moment_us)
            change = Change(f"operations/{id}", {}, {"kind": kind.value, **request})
            return StartedImport(operation, 1, False), change

        started = await self._trail.write(principal, start)
        self._wake_runner()
        return started

    async def keep(
        self,
        principal: Principal,
        incoming: AsyncGenerator[tuple[str, IncomingEntry], None],
    ) -> int:
        """Keep the entries of an import durably, with the id of its operation; returns the next number.

        What is wrong with an entry is kept with it. Entries before an error are kept.

        Raises:
            InvalidInput: an id or a number is wrong.
            NotFound: the tenant has no such import.
            FailedPrecondition: it takes no more entries.
            Overloaded: the tenant has sent too many pixels in the last minute.
        """
        operation_id, chunk, following = "", _Chunk(), 1
        async with aclosing(incoming):
            async for given_id, entry in incoming:
                operation_id = _same_import(operation_id, given_id)
                try:
                    await self._add(principal, chunk, entry)
                except Overloaded:
                    await self._keep_chunk(principal, operation_id, chunk)
                    raise
                if chunk.full:
                    following = await self._keep_chunk(principal, operation_id, chunk)
                    chunk = _Chunk()
        if chunk.entries:
            following = await self._keep_chunk(principal, operation_id, chunk)
        return following

    async def _add(self, principal: Principal, chunk: _Chunk, incoming: IncomingEntry) -> None:
        check_number(incoming.number, chunk.entries[-1].number if chunk.entries else 0)
        entry = await asyncio.to_thread(self._reader.read, incoming)
        if entry.image is not None:
            await CURRENT_CALL.get().take_pixels(entry.image.pixels)
            chunk.contents[original_key(principal.tenant_id, entry.image.id)] = incoming.content or b""
        chunk.entries.append(entry)

    async def _keep_chunk(self, principal: Principal, operation_id: str, chunk: _Chunk) -> int:
        """Store photos and then their entries, so that an entry that is known has its photo."""
        tenant_id, moment_us, quota = principal.tenant_id, now_us(), self._quota_of(principal.tenant_id)
        entries = chunk.entries
        first = await self._database.read(lambda s: _check_known(s, tenant_id, operation_id))
        fresh = {
            original_key(tenant_id, each.image.id) for each in entries if each.number >= first and each.image
        }
        contents = {key: content for key, content in chunk.contents.items() if key in fresh}
        if contents and quota != NO_QUOTA:
            size_bytes = sum(map(len, contents.values()))
            await self._database.read(lambda session: _check_room(session, tenant_id, quota, size_bytes))
        if contents:
            await self._blobs.put_all(contents)

        def keep(session: Session) -> Changed[int]:
            before = imports.next_number(session, tenant_id, operation_id)
            after = imports.insert_entries(session, tenant_id, operation_id, entries, moment_us)
            resource = f"operations/{operation_id}"
            return after, Change.between(resource, {"entries": before - 1}, {"entries": after - 1})

        following = await self._trail.write(principal, keep)
        self._wake_runner()
        return following

    async def finish(self, principal: Principal, operation_id: str) -> Operation:
        """Say that all entries have come. Raises InvalidInput, NotFound."""
        wanted, tenant_id, moment_us = check_id("operation_id", operation_id), principal.tenant_id, now_us()

        def finish(session: Session) -> Changed[Operation]:
            operation = imports.read_import(session, tenant_id, wanted)
            is_new = imports.finish_import(session, tenant_id, wanted, moment_us)
            change = Change(f"operations/{wanted}", {"finished": False}, {"finished": True})
            return operation, change if is_new else None

        operation = await self._trail.write(principal, finish)
        self._wake_runner()
        return operation

    async def failures(
        self, principal: Principal, operation_id: str, page_size: int = 0, page_token: str = ""
    ) -> Page[Entry]:
        """The entries that failed so far, in their order. Raises InvalidInput, NotFound."""
        wanted, tenant_id = check_id("operation_id", operation_id), principal.tenant_id
        cursor = read_cursor(self._limits, principal, f"import {wanted}", page_size, page_token)
        after = uuid.UUID(cursor.before).int if cursor.before else 0

        def read(session: Session) -> Sequence[Entry]:
            imports.read_import(session, tenant_id, wanted)
            return imports.list_failures(session, tenant_id, wanted, after, cursor.size + 1)

        found = await self._database.read(read)
        return cut_page(cursor, found, lambda entry: str(uuid.UUID(int=entry.number)))


def _same_import(known: str, given: str) -> str:
    """The id of the import that a stream is of. Raises InvalidInput where entries are of several."""
    wanted = check_id("operation_id", given)
    if known not in ("", wanted):
        raise InvalidInput("operation_id", "must be the same for all entries of a stream")
    return wanted


def _check_known(session: Session, tenant_id: str, operation_id: str) -> int:
    """The next number of an import. Raises NotFound."""
    imports.read_import(session, tenant_id, operation_id)
    return imports.next_number(session, tenant_id, operation_id)


def _check_room(session: Session, tenant_id: str, quota: Quota, size_bytes: int) -> None:
    """Raises QuotaExceeded where the tenant may not keep so many bytes more, those that wait included."""
    use = read_use(session, tenant_id)
    waiting = imports.waiting_bytes(session, tenant_id)
    check_bytes(tenant_id, quota, replace(use, bytes=use.bytes + waiting + size_bytes))
