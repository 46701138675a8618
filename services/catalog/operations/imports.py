"""Imports: entries are worked on as they come, until all have come and their photos are indexed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL, Call
from domain.clock import MICROSECONDS, now_us
from domain.errors import ArmoireError, FailedPrecondition, QuotaExceeded
from domain.types import Principal
from services.audit.record import Change
from services.catalog.blobs.store import original_key
from services.catalog.indexing.new_photo import read_photo
from services.catalog.operations.import_entries import EntryWriter, Written
from services.catalog.operations.run import OperationRun, OperationWaits
from services.catalog.parts import CatalogParts
from services.catalog.records import imports
from services.catalog.records.imports import Entry, EntryState, ImportCounts
from services.catalog.records.operations import OperationProgress
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.web.fetcher import Fetcher

_UNIT = "entries"
_BATCH = 32
"""Entries in one transaction."""
_QUEUED = 128
"""Photos of one import that are queued or under way, which is the longest that others wait for theirs."""
_FETCHES = 8
_PAUSE_S, _BUSY_PAUSE_S, _FETCH_PAUSE_S = 0.1, 0.5, 0.5
"""Between looks at an import: where few photos are queued, where many are, and for photos to fetch."""
_SAVE_S = 1.0
_PATIENCE_S = 5.0
"""How long the work waits for more entries before it lets others run."""
_MAX_PAUSE_S = 60.0
_ABANDONED_US = 24 * 3600 * MICROSECONDS


@dataclass(slots=True)
class _Pace:
    """When the next photos may be queued, and when the work last had something to do."""

    photos_per_s: float
    due_s: float
    busy_s: float

    def room(self, free: int) -> int:
        """How many entries may be written now, of those that there is room for."""
        return free if time.monotonic() >= self.due_s else 0

    def count(self, photos: int) -> None:
        if self.photos_per_s:
            self.due_s = max(self.due_s, time.monotonic() - _PAUSE_S) + photos / self.photos_per_s


@dataclass(frozen=True, slots=True)
class _Look:
    """How an import stands; `queued` photos have not ended."""

    source: imports.ImportSource
    queued: int
    waiting: bool

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do with the entries that have come."""
        return not (self.queued or self.waiting)


class Import:
    """Writes the entries of an import in their order, and follows the jobs of their photos.

    Everything is in the database: a try that is interrupted leaves nothing behind that the next one does not
    find. Photos at URLs are fetched meanwhile.
    """

    def __init__(self, parts: CatalogParts, collections: OpenCollections, fetcher: Fetcher) -> None:
        self._database = parts.database
        self._trail = parts.trail
        self._blobs = parts.blobs
        self._ids = parts.ids
        self._taxonomy_of = parts.taxonomy_of
        self._limits = parts.limits
        self._decode_limits = parts.decode_limits
        self._collections = collections
        self._fetcher = fetcher
        self._wake_workers = parts.wake_workers
        self._quota_of = parts.quota_of

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Import all entries; see `OperationWork`.

        Raises:
            FailedPrecondition: entries have not come for a day, and there is no end of them.
        """
        fetching = asyncio.create_task(self._fetch_all(run))
        try:
            counts = await self._write_all(run, fetching)
        finally:
            fetching.cancel()
            with suppress(asyncio.CancelledError):
                await fetching
        await run.save(replace(_progress(counts, True), message="waiting for the vector store"))
        if (collection := self._collections.current) is not None:
            await self._collections.until_written(collection.name)
        await run.save(_progress(counts, True))
        return _report(counts)

    async def _write_all(self, run: OperationRun, fetching: asyncio.Task[None]) -> ImportCounts:
        """Write entries and follow their photos until nothing is left."""
        pace = _Pace(float(run.request.get("photos_per_s", 0.0)), 0.0, time.monotonic())
        saved_s = 0.0
        while True:
            if fetching.done():
                fetching.result()
            look = await self._look(run)
            if look.idle and look.source.finished:
                return await self._counts(run)
            if look.idle:
                _check_patience(pace, look.source.entries_us)
            else:
                pace.busy_s = time.monotonic()
            if time.monotonic() - saved_s > _SAVE_S:
                await run.save(_progress(await self._counts(run), look.source.finished))
                saved_s = time.monotonic()
            room = pace.room(_room(look.queued))
            if not await self._queue(run, look.source, pace, room):
                await asyncio.sleep(_PAUSE_S if look.queued < _BATCH else _BUSY_PAUSE_S)

    async def _look(self, run: OperationRun) -> _Look:
        """How things stand, once it is noted which photos are indexed, or failed."""
        tenant_id, id = run.tenant_id, run.claim.id

        def look(session: Session) -> tuple[_Look, list[tuple[int, ArmoireError | None]]]:
            ended = imports.ended_photos(session, tenant_id, id)
            source = imports.read_source(session, tenant_id, id)
            queued = imports.count_queued(session, tenant_id, id) - len(ended)
            return _Look(source, queued, imports.has_waiting(session, tenant_id, id)), ended

        found, ended = await self._database.read(look)
        if ended:
            await self._database.write(lambda session: imports.settle_photos(session, tenant_id, id, ended))
        return found

    async def _counts(self, run: OperationRun) -> ImportCounts:
        tenant_id, id = run.tenant_id, run.claim.id
        return await self._database.read(lambda session: imports.read_counts(session, tenant_id, id))

    async def _queue(self, run: OperationRun, source: imports.ImportSource, pace: _Pace, room: int) -> bool:
        """Write the next entries in one transaction; whether there were any."""
        if room <= 0:
            return False
        tenant_id, id = run.tenant_id, run.claim.id
        entries = await self._database.read(
            lambda session: imports.waiting_entries(session, tenant_id, id, _limit(pace, room))
        )
        if not entries:
            return False
        try:
            written = await self._write(run, source, entries)
        except (QuotaExceeded, IntegrityError):  # others wrote meanwhile, which the next try sees
            return True
        pace.count(written.queued)
        if written.queued:
            self._wake_workers()
        if written.spare:
            await self._blobs.delete([original_key(tenant_id, image_id) for image_id in written.spare])
        return True

    async def _write(
        self, run: OperationRun, source: imports.ImportSource, entries: Sequence[Entry]
    ) -> Written:
        tenant_id, id = run.tenant_id, run.claim.id
        writer = EntryWriter(
            tenant_id,
            id,
            self._taxonomy_of(tenant_id),
            self._limits,
            self._ids,
            self._quota_of(tenant_id),
            bool(run.request.get("again")),
            self._trail.options.indexing,
        )

        def write(session: Session) -> tuple[Written, Sequence[Change]]:
            written = writer.write(session, entries)
            imports.write_outcomes(session, tenant_id, id, written.outcomes)
            return written, written.changes

        principal = Principal(tenant_id, source.actor)
        call = Call(id, principal, method="StartImport", end_user=source.end_user)
        token = CURRENT_CALL.set(call)
        try:
            return await self._trail.write_all(principal, write)
        finally:
            CURRENT_CALL.reset(token)

    # Photos at URLs

    async def _fetch_all(self, run: OperationRun) -> None:
        """Fetch photos for ever, and keep them or why they could not be fetched."""
        tenant_id, id = run.tenant_id, run.claim.id
        while True:
            entries = await self._database.read(
                lambda session: imports.entries_to_fetch(session, tenant_id, id, _FETCHES)
            )
            if not entries:
                await asyncio.sleep(_FETCH_PAUSE_S)
                continue
            fetched = await asyncio.gather(*(self._fetch(entry) for entry in entries))
            contents = {
                original_key(tenant_id, entry.image.id): content
                for entry, content in fetched
                if entry.image is not None
            }
            await self._blobs.put_all(contents)
            described = [entry for entry, _ in fetched]
            await self._database.write(
                lambda session, kept=described: imports.write_photos(session, tenant_id, id, kept)  # type: ignore[misc]
            )

    async def _fetch(self, entry: Entry) -> tuple[Entry, bytes]:
        """The entry with its photo, or with the reason why it has none."""
        try:
            fetched = await self._fetcher.fetch(entry.url, self._decode_limits.max_bytes)
            image = await asyncio.to_thread(
                read_photo, self._ids.next(), fetched.content, self._decode_limits, entry.image_name
            )
        except ArmoireError as error:
            return replace(entry, error=error), b""
        return replace(entry, image=image), fetched.content


def _room(queued: int) -> int:
    """How many entries are written next: a whole batch or none, so that few transactions are needed."""
    return _BATCH if queued <= _QUEUED - _BATCH else 0


def _limit(pace: _Pace, room: int) -> int:
    """At a limited rate entries are written one by one."""
    return 1 if pace.photos_per_s else room


def _check_patience(pace: _Pace, entries_us: int) -> None:
    """Called where nothing is to do but more entries may come.

    Raises:
        FailedPrecondition: none has come for a day.
        OperationWaits: none has come for some seconds.
    """
    if now_us() - entries_us > _ABANDONED_US:
        raise FailedPrecondition(
            "entries have not come for a day, and FinishImport was not called; after RetryOperation it "
            "takes more",
            reason="IMPORT_ABANDONED",
        )
    if time.monotonic() - pace.busy_s > _PATIENCE_S:
        idle_s = (now_us() - entries_us) / MICROSECONDS
        raise OperationWaits(min(max(_PATIENCE_S, idle_s / 10), _MAX_PAUSE_S))


def _progress(counts: ImportCounts, finished: bool) -> OperationProgress:
    """The total is known once all entries have come."""
    done, failed = counts.of(EntryState.DONE), counts.of(EntryState.FAILED)
    message = "" if finished else "entries are still coming"
    return OperationProgress(_UNIT, done, failed, counts.entries if finished else 0, message)


def _report(counts: ImportCounts) -> dict[str, Any]:
    """The fields of the message `ImportReport`."""
    return {
        "entries": counts.entries,
        "failed": counts.of(EntryState.FAILED),
        "products_created": counts.changes.get(imports.ProductChange.CREATED, 0),
        "products_updated": counts.changes.get(imports.ProductChange.UPDATED, 0),
        "photos_indexed": counts.indexed,
        "photos_known": counts.known,
    }
