"""Watches whether the stores are still those that were opened."""

from __future__ import annotations

import asyncio
import logging

from domain.errors import Unavailable
from services.catalog.addresses import BLOB_URL
from services.catalog.blobs.ownership import Ownership
from services.catalog.blobs.store import BlobStore, StoreMissing, crop_key, original_key
from services.catalog.records.images import newest_images, newest_items
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_PAUSE_S = 1.0
_SAMPLE = 20


class StoreWatch:
    """Finds stores that are no longer in their place: a deleted home, an unmounted volume, lost pictures.

    Each fault is logged once, and so is its end. Nothing is accepted while a store is not in its place: the
    stores see to that themselves with every write.
    """

    def __init__(self, database: Database, blobs: BlobStore, ownership: Ownership) -> None:
        self._database = database
        self._blobs = blobs
        self._ownership = ownership
        self._fault = ""
        self._has_pictures = False

    @property
    def in_order(self) -> bool:
        """Whether the stores have what calls need."""
        return self._has_pictures and self._database.in_place and self._blobs.in_place

    async def run(self) -> None:
        """Look every second."""
        while True:
            await self.look()
            await asyncio.sleep(_PAUSE_S)

    async def look(self) -> None:
        """Look once; logs what has changed."""
        try:
            fault = await self._find()
        except Unavailable:  # a store that does not answer is told by those who ask it
            return
        if fault != self._fault:
            self._fault = fault
            if fault:
                _LOG.error("not ready: %s", fault)
            else:
                _LOG.info("all stores are in their places again")

    async def _find(self) -> str:
        """What is wrong; "" if nothing is."""
        if not self._database.in_place:
            return (
                f"{self._database.name} was deleted, moved or unmounted while the server runs: put it back, "
                "or restore a backup and start the server again"
            )
        try:
            if not self._blobs.in_place:
                self._has_pictures = False
                await self._ownership.claim()
        except StoreMissing as error:
            return error.message
        return "" if self._has_pictures else await self._find_pictures()

    async def _find_pictures(self) -> str:
        """Look for the newest pictures; a store without any of them does not serve."""
        images = await self._database.read(lambda session: newest_images(session, _SAMPLE))
        items = await self._database.read(lambda session: newest_items(session, _SAMPLE))
        keys = [original_key(*image) for image in images] + [crop_key(*item) for item in items]
        missing = await self._blobs.missing(keys)
        if missing and len(missing) == len(keys):
            return f"the blob store of {BLOB_URL} has none of the newest photos and crops: restore them"
        if missing:
            _LOG.error(
                "the blob store of %s lacks %d of the %d newest photos and crops, such as %s: restore them, "
                "or index those photos again",
                *(BLOB_URL, len(missing), len(keys), missing[0]),
            )
        self._has_pictures = True
        return ""
