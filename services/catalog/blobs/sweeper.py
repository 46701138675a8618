"""The sweeper: removes blobs that no row refers to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.clock import MICROSECONDS
from services.background.log_throttle import LogThrottle
from services.catalog.addresses import BLOB_URL
from services.catalog.blobs.ownership import Ownership
from services.catalog.blobs.store import Blob, BlobStore, owner_of
from services.catalog.records.images import kept_images, kept_items, known_tenants
from services.catalog.records.imports import waiting_images
from services.catalog.records.operations import kept_operations
from services.catalog.records.uploads import delete_expired_uploads, kept_uploads
from services.sql.database import Database

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """When left-over blobs are removed.

    Attributes:
        every_s: pause between sweeps of the blob store.
        grace_s: blobs younger than this are never removed, because their rows may still be written.
        exports_s: how long the parts of an exported catalogue are kept.
    """

    every_s: float = 3600.0
    grace_s: float = 3600.0
    exports_s: float = 259_200.0


class Sweeper:
    """Blobs are written before their rows, and rows deleted before their blobs: a crash leaves blobs only.

    Other files in the store are never removed, and none if the store is marked as another database's.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        ownership: Ownership,
        options: SweepOptions = SweepOptions(),
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._ownership = ownership
        self._every_s = options.every_s
        self._throttle = LogThrottle()
        self._grace = timedelta(seconds=options.grace_s)
        self._exports = timedelta(seconds=options.exports_s)

    async def run(self) -> None:
        """Sweep every `every_s` seconds."""
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await self.sweep(datetime.now(UTC))
            except Exception as error:
                self._throttle.warn(_LOG, "sweeping the blob store failed", error=error)

    async def sweep(self, now: datetime) -> int:
        """Remove orphans older than the grace period, which running writes need; returns how many."""
        if not await self._ownership.is_owner():
            _LOG.error("%s is not swept: it is no longer marked as this database's", BLOB_URL)
            return 0
        tenants = await self._database.read(known_tenants)
        moment_us = int(now.timestamp() * MICROSECONDS)
        await self._database.write(lambda session: delete_expired_uploads(session, moment_us))
        removed = 0
        async for chunk in self._blobs.list():
            old = [blob for blob in chunk if blob.last_modified < now - self._grace]
            orphans = await self._orphans(old, tenants, now - self._exports)
            await self._blobs.delete(orphans)
            removed += len(orphans)
        return removed

    async def _orphans(
        self, blobs: Sequence[Blob], tenants: Collection[str], exports_since: datetime
    ) -> list[str]:
        """The keys of known tenants' blobs that no row refers to, and of exports that ended before a time."""
        owners: dict[tuple[str, str], dict[str, list[str]]] = {}
        for blob in blobs:
            owner = owner_of(blob.key)
            if owner is not None and owner.tenant_id in tenants:
                of_kind = owners.setdefault((owner.tenant_id, owner.kind), {})
                of_kind.setdefault(owner.id, []).append(blob.key)
        orphans: list[str] = []
        for (tenant_id, kind), keys in owners.items():
            kept = await self._kept(tenant_id, kind, list(keys), exports_since)
            orphans += [key for owner, found in keys.items() if owner not in kept for key in found]
        return orphans

    async def _kept(self, tenant_id: str, kind: str, ids: list[str], exports_since: datetime) -> set[str]:
        if kind == "items":
            return await self._database.read(lambda session: kept_items(session, tenant_id, ids))
        if kind == "uploads":
            return await self._database.read(lambda session: kept_uploads(session, tenant_id, ids))
        if kind == "exports":
            since_us = int(exports_since.timestamp() * MICROSECONDS)
            return await self._database.read(lambda s: kept_operations(s, tenant_id, ids, since_us))
        return await self._database.read(
            lambda session: kept_images(session, tenant_id, ids) | waiting_images(session, tenant_id, ids)
        )
