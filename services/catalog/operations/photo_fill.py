"""One photo of a back-fill: what another embedder says of its items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.types import ItemVersions
from services.catalog.blobs.store import BlobStore, original_key
from services.catalog.indexing.item_descriptions import DescribedItems, ItemDescriptions
from services.catalog.operations.photo_walk import Outcome
from services.catalog.records import outbox
from services.catalog.records.backfill import StoredPhoto, read_etags, read_photo
from services.catalog.records.collections import is_written
from services.catalog.records.found_items import write_version
from services.catalog.records.images import lock_image
from services.catalog.records.indexed_photos import ImageKey
from services.catalog.vectors.collection import Collection
from services.sql.database import Database


class PhotoFill:
    """Embeds stored originals anew. A photo is one transaction, so several processes may share the work."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        descriptions: ItemDescriptions,
        wake_drainer: Callable[[], None],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._descriptions = descriptions
        self._wake_drainer = wake_drainer

    async def fill(self, collection: Collection, key: ImageKey) -> Outcome:
        """Write the items of a photo for the collection.

        Raises:
            FailedPrecondition: the collection was dropped.
            Overloaded, Unavailable: later.
        """
        photo = await self._database.read(lambda session: read_photo(session, key))
        if photo is None:
            return Outcome.CHANGED
        try:
            content = await self._blobs.get(original_key(key.tenant_id, key.image_id))
            found, versions = await self._descriptions.of(
                key.tenant_id, collection, content, photo.boxes, photo.items
            )
        except (NotFound, InvalidInput):  # the original is gone, or can no longer be read
            return Outcome.FAILED
        described = (found, _with_stored(versions, photo.versions))
        outcome = await self._database.write(lambda session: _write(session, collection, photo, described))
        self._wake_drainer()
        return outcome


def _with_stored(versions: ItemVersions, stored: ItemVersions | None) -> ItemVersions:
    """The versions of items whose boxes and colours stay as they were stored."""
    if stored is None:
        return versions
    return replace(versions, detector=stored.detector, vocabulary=stored.vocabulary)


def _write(
    session: Session, collection: Collection, photo: StoredPhoto, described: DescribedItems
) -> Outcome:
    """Write the items of a photo for the collection, unless they were changed meanwhile.

    Raises:
        FailedPrecondition: the collection was dropped.
    """
    tenant_id, (found, versions), moment_us = photo.key.tenant_id, described, now_us()
    lock_image(session, tenant_id, photo.key.image_id)
    if read_etags(session, photo.key) != photo.etags:
        return Outcome.CHANGED
    if not is_written(session, collection.version):
        raise FailedPrecondition(
            f"the collection {collection.name!r} was dropped meanwhile", reason="COLLECTION_DROPPED"
        )
    write_version(session, tenant_id, found, versions, moment_us)
    keys = [outbox.ItemKey(tenant_id, entry.id) for entry in found]
    outbox.enqueue_for(session, collection.name, keys, "upsert", moment_us)
    return Outcome.DONE if len(found) == len(photo.items) else Outcome.FAILED
