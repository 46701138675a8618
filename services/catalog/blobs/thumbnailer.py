"""The thumbnailer: makes the thumbnails of photos in the background, one photo at a time."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from domain.clock import now_us
from domain.errors import InvalidInput, NotFound
from imaging.decode import DecodeLimits
from imaging.thumbnail import thumbnails
from services.background.log_throttle import LogThrottle
from services.catalog.blobs.store import THUMBNAIL_SIDES_PX, BlobStore, original_key, thumbnail_key
from services.catalog.records.thumbnails import claim_photos, has_due_photos, note_thumbnails
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_AT_A_TIME = 8
_LEASE_US = 600_000_000
_NICENESS = 19
_GATHER_S = 1.0
"""How long photos gather, so that one transaction claims several."""


class Thumbnailer:
    """Takes photos without thumbnails, also those from before there were any, and stores three sizes of each.

    Its thread has the lowest priority, so that calls and indexing come first. Several processes take
    different photos. What is claimed by a process that ends is taken again after ten minutes.
    """

    def __init__(self, database: Database, blobs: BlobStore, limits: DecodeLimits, recheck_s: float) -> None:
        self._database = database
        self._blobs = blobs
        self._limits = limits
        self._recheck_s = recheck_s
        self._wake = asyncio.Event()
        self._throttle = LogThrottle()
        self._thread = ThreadPoolExecutor(1, "thumbnails", _lower_priority)

    def wake(self) -> None:
        """Look for photos now."""
        self._wake.set()

    async def run(self) -> None:
        """Make thumbnails for ever."""
        while True:
            self._wake.clear()
            try:
                while await self.make_some():
                    pass
            except Exception as error:
                self._throttle.warn(_LOG, "thumbnails could not be made and are tried again", error=error)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._recheck_s):
                    await self._wake.wait()
                    await asyncio.sleep(_GATHER_S)

    async def make_some(self) -> int:
        """Make the thumbnails of some photos; returns of how many. Raises Unavailable."""
        if not await self._database.read(lambda session: has_due_photos(session, now_us())):
            return 0
        moment_us = now_us()
        photos = await self._database.write(
            lambda session: claim_photos(session, moment_us, moment_us + _LEASE_US, _AT_A_TIME)
        )
        for tenant_id, image_id in photos:
            await self._make(tenant_id, image_id)
        await self._database.write(lambda session: note_thumbnails(session, photos, now_us()))
        return len(photos)

    async def _make(self, tenant_id: str, image_id: str) -> None:
        """Store the thumbnails of a photo; of one that is gone, or can no longer be read, there are none."""
        loop = asyncio.get_running_loop()
        try:
            content = await self._blobs.get(original_key(tenant_id, image_id))
            made = await loop.run_in_executor(
                self._thread, thumbnails, content, THUMBNAIL_SIDES_PX, self._limits
            )
        except (NotFound, InvalidInput):
            return
        if made:
            await self._blobs.put_all(
                {thumbnail_key(tenant_id, image_id, side): picture for side, picture in made.items()}
            )


def _lower_priority() -> None:
    """Give the calling thread the lowest priority, where the system lets it."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
