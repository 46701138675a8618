"""Back-fills: what another embedder says of every item, written to a collection of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.types import ItemVersions, ModelVersion
from services.catalog.blobs.store import BlobStore, original_key
from services.catalog.indexing.item_descriptions import DescribedItems, ItemDescriptions
from services.catalog.operations.comparison import Comparison
from services.catalog.operations.photo_walk import Outcome, PhotoWalk, Place
from services.catalog.operations.run import OperationRun
from services.catalog.records import outbox
from services.catalog.records.backfill import (
    StoredPhoto,
    count_missing_photos,
    missing_photos,
    read_etags,
    read_photo,
)
from services.catalog.records.collections import begin_collection, is_written, swap_collections
from services.catalog.records.images import lock_image
from services.catalog.records.indexed_photos import ImageKey
from services.catalog.records.items import write_version
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.sql.database import Database

_MAX_PASSES = 5


class Backfill:
    """Walks the photos whose items lack an embedding of a version, and embeds the stored originals anew.

    Photos that are indexed meanwhile are written to both collections by the indexer, so the walk only fills
    what was there before. Every photo is one transaction; a photo that has changed since it was read is left
    for the next pass.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        collections: OpenCollections,
        descriptions: ItemDescriptions,
        comparison: Comparison,
        wake_drainer: Callable[[], None],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._collections = collections
        self._descriptions = descriptions
        self._comparison = comparison
        self._wake_drainer = wake_drainer

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Fill the collection of the version asked for, and compare it; see `OperationWork`."""
        request = run.request
        version = ModelVersion(request["model_version"], request["preprocess_version"])
        collection = await self._collections.of(version, request["width"])
        if not run.checkpoint:
            await self._database.write(lambda session: begin_collection(session, collection))
        await self._collections.follow()
        place = await self._fill(run, collection, float(request.get("photos_per_s", 0.0)))
        await run.save(replace(place.progress, message="comparing the collections"), place.checkpoint)
        report = await self._comparison.of(collection)
        swapped = bool(request.get("swap")) and report.complete
        if swapped:
            await self._database.write(lambda session: swap_collections(session, collection.name))
            await self._collections.follow()
        await run.save(place.progress, place.checkpoint)
        return asdict(report) | {"failed_photos": place.failed, "swapped": swapped}

    async def _fill(self, run: OperationRun, collection: Collection, photos_per_s: float) -> Place:
        """Walk until nothing is missing that can be filled."""
        version, place = collection.version, Place.of(run.checkpoint)
        walk = PhotoWalk(
            run,
            lambda session, after, count: missing_photos(session, version, after, count),
            partial(self._fill_photo, collection),
            photos_per_s,
        )
        if not run.checkpoint:
            count = await self._database.read(lambda s: count_missing_photos(s, version))
            place = replace(place, total=count)
        await run.save(place.progress, place.checkpoint)
        for _ in range(_MAX_PASSES):
            before = place.done
            place, changed = await walk.walk(place)
            if place.after is None or not (changed or place.done > before):
                break
            place = replace(place, after=None, failed=0)
        return place

    async def _fill_photo(self, collection: Collection, key: ImageKey) -> Outcome:
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
