"""The entries of the prediction log in their stores: SQL, and blobs for photos."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from domain.errors import NotFound
from services.catalog.blobs.store import BlobStore
from services.predictions.prediction import Prediction
from services.predictions.sql.predictions import (
    Expired,
    count_predictions,
    delete_predictions,
    insert_predictions,
    read_expired,
    read_predictions,
    read_some,
)
from services.predictions.window import Window
from services.sql.database import Database

PURGE_ROWS = 500
"""Entries that are removed in one transaction."""


class PredictionStore:
    """Writes, reads and removes entries. Photos are written before their rows, and removed before them."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    async def write(self, predictions: Sequence[Prediction]) -> None:
        """Write entries with their photos. Raises Unavailable; then none has a row."""
        pictures = {picture_key(each.tenant_id, each.id): each.picture for each in predictions}
        if kept := {key: picture for key, picture in pictures.items() if picture is not None}:
            await self._blobs.put_all(kept)
        await self._database.write(lambda session: insert_predictions(session, predictions))

    async def page(self, window: Window, size: int) -> Sequence[Prediction]:
        """At most `size` entries, the oldest first. Raises Unavailable."""
        return await self._database.read(lambda session: read_predictions(session, window, size))

    async def picture(self, prediction: Prediction) -> bytes:
        """The photo of an entry, empty where it is not kept, or was removed meanwhile. Raises Unavailable."""
        if not prediction.has_picture:
            return b""
        try:
            return await self._blobs.get(picture_key(prediction.tenant_id, prediction.id))
        except NotFound:
            return b""

    async def purge(self, before_us: int) -> int:
        """Remove what was made before a time; returns how many entries. Raises Unavailable."""
        return await self._remove(lambda session: read_expired(session, before_us, PURGE_ROWS))

    async def erase(self, tenant_id: str) -> int:
        """Remove all entries of a tenant; returns how many. Raises Unavailable."""
        return await self._remove(lambda session: read_some(session, tenant_id, PURGE_ROWS))

    async def count(self, tenant_id: str) -> int:
        """How many entries a tenant has. Raises Unavailable."""
        return await self._database.read(lambda session: count_predictions(session, tenant_id))

    async def compact(self) -> None:
        """Write the database anew, without what was deleted. Raises Unavailable."""
        await self._database.compact()

    async def _remove(self, find: Callable[[Session], Sequence[Expired]]) -> int:
        """Remove what is found, until nothing is found."""
        removed = 0
        while expired := await self._database.read(find):
            keys = [picture_key(each.tenant_id, each.id) for each in expired if each.has_picture]
            await self._blobs.delete(keys)
            await self._database.write(lambda session, gone=expired: delete_predictions(session, gone))  # type: ignore[misc]
            removed += len(expired)
        return removed


def picture_key(tenant_id: str, id: str) -> str:
    """The key of the photo of an entry; the catalogue's sweeper leaves such keys alone."""
    return f"{tenant_id}/predictions/{id}/original"
