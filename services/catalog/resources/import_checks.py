"""What an import would refuse, found by doing it and taking it back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import ArmoireError, InvalidInput
from domain.quota import NO_QUOTA
from domain.types import Principal
from services.catalog.operations.import_entries import EntryWriter
from services.catalog.parts import CatalogParts
from services.catalog.records.imports import Entry
from services.catalog.resources.import_reading import EntryReader, IncomingEntry, check_number
from services.catalog.web.allowed_hosts import AllowedHosts

MAX_FAILURES = 1000
_CHUNK = 64
_TRIES = 3


@dataclass(frozen=True, slots=True)
class CheckedEntries:
    """The entries that an import would refuse, and the number that follows the last one looked at."""

    failures: Sequence[Entry]
    next_number: int


class ImportChecks:
    """Checks entries as an import does, within the caller's tenant, and keeps nothing."""

    def __init__(self, parts: CatalogParts, reader: EntryReader, hosts: AllowedHosts) -> None:
        self._database = parts.database
        self._taxonomy_of = parts.taxonomy_of
        self._limits = parts.limits
        self._ids = parts.ids
        self._reader = reader
        self._hosts = hosts

    async def check(
        self, principal: Principal, incoming: AsyncGenerator[IncomingEntry, None], *, again: bool = False
    ) -> CheckedEntries:
        """The entries that would fail, in their order, until there are `MAX_FAILURES`.

        Raises:
            InvalidInput: a number is wrong, or the text of an entry could not be kept.
        """
        failures, chunk, last = list[Entry](), list[Entry](), 0
        async with aclosing(incoming):
            async for each in incoming:
                check_number(each.number, last)
                last = each.number
                chunk.append(await asyncio.to_thread(self._read, each))
                if len(chunk) == _CHUNK:
                    failures += await self._failing(principal, chunk, again)
                    chunk = []
                if len(failures) >= MAX_FAILURES:
                    break
        failures += await self._failing(principal, chunk, again)
        return CheckedEntries(failures[:MAX_FAILURES], last + 1)

    def _read(self, incoming: IncomingEntry) -> Entry:
        """The entry, with what is wrong with it; the host of a URL is one that may be fetched from."""
        entry = self._reader.read(incoming)
        if not entry.url:
            return entry
        try:
            self._hosts.check(entry.url, self._limits.max_url_chars)
        except InvalidInput as error:
            return replace(entry, error=error)
        return entry

    async def _failing(self, principal: Principal, entries: Sequence[Entry], again: bool) -> list[Entry]:
        """Those of the entries that cannot be written."""
        tenant_id = principal.tenant_id
        taxonomy, ids = self._taxonomy_of(tenant_id), self._ids
        writer = EntryWriter(
            tenant_id, "", taxonomy, self._limits, ids, NO_QUOTA, again, records_photos=False
        )
        errors: Mapping[int, ArmoireError] = {}
        for attempt in range(1, _TRIES + 1):
            try:
                errors = await self._database.write(lambda session: _errors(session, writer, entries))
                break
            except IntegrityError:  # others wrote meanwhile, which the next try sees
                if attempt == _TRIES:
                    raise
        return [replace(each, error=errors[each.number]) for each in entries if each.number in errors]


def _errors(session: Session, writer: EntryWriter, entries: Sequence[Entry]) -> dict[int, ArmoireError]:
    """By number, what stands in the way of entries; all that they have written is taken back."""
    point = session.begin_nested()
    try:
        written = writer.write(session, entries)
    finally:
        point.rollback()
    return {each.number: each.error for each in written.outcomes if each.error is not None}
