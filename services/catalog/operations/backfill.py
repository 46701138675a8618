"""Back-fills: what another embedder says of every item, written to a collection of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.types import ModelVersion
from services.catalog.blobs.store import BlobStore, original_key
from services.catalog.indexing.item_descriptions import DescribedItems, ItemDescriptions
from services.catalog.operations.comparison import Comparison
from services.catalog.operations.run import OperationRun
from services.catalog.records import outbox
from services.catalog.records.backfill import (
    ImageKey,
    StoredPhoto,
    count_missing_photos,
    missing_photos,
    read_etags,
    read_photo,
)
from services.catalog.records.collections import begin_collection, is_written, swap_collections
from services.catalog.records.images import lock_image
from services.catalog.records.items import write_version
from services.catalog.records.operations import OperationProgress
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.sql.database import Database

_UNIT = "photos"
_AT_A_TIME = 4
_CHUNK = 16
_MAX_PASSES = 5


class _Outcome(Enum):
    """What came of a photo; CHANGED means that it was changed meanwhile and is looked at again."""

    FILLED = "filled"
    CHANGED = "changed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a back-fill is."""

    done: int = 0
    failed: int = 0
    total: int = 0
    after: ImageKey | None = None

    @classmethod
    def of(cls, checkpoint: Mapping[str, Any]) -> _Place:
        after = checkpoint.get("after")
        counts = {name: int(checkpoint.get(name, 0)) for name in ("done", "failed", "total")}
        return cls(**counts, after=None if after is None else ImageKey(*after))

    @property
    def checkpoint(self) -> Mapping[str, Any]:
        after = None if self.after is None else [self.after.tenant_id, self.after.image_id]
        return {"done": self.done, "failed": self.failed, "total": self.total, "after": after}

    @property
    def progress(self) -> OperationProgress:
        return OperationProgress(_UNIT, self.done, self.failed, max(self.total, self.done + self.failed))

    def passed(self, keys: Sequence[ImageKey], outcomes: Sequence[_Outcome]) -> _Place:
        """The place behind these photos."""
        done, failed = outcomes.count(_Outcome.FILLED), outcomes.count(_Outcome.FAILED)
        return replace(self, done=self.done + done, failed=self.failed + failed, after=keys[-1])


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

    async def _fill(self, run: OperationRun, collection: Collection, photos_per_s: float) -> _Place:
        """Walk until nothing is missing that can be filled."""
        place = _Place.of(run.checkpoint)
        if not run.checkpoint:
            count = await self._database.read(lambda s: count_missing_photos(s, collection.version))
            place = replace(place, total=count)
        await run.save(place.progress, place.checkpoint)
        for _ in range(_MAX_PASSES):
            before = place.done
            place, changed = await self._walk(run, collection, place, photos_per_s)
            if place.after is None or not (changed or place.done > before):
                break
            place = replace(place, after=None, failed=0)
        return place

    async def _walk(
        self, run: OperationRun, collection: Collection, place: _Place, photos_per_s: float
    ) -> tuple[_Place, bool]:
        """Fill the photos behind a place; also says whether some changed meanwhile."""
        changed = False
        version, due_s = collection.version, time.monotonic()
        while True:
            keys = await self._database.read(
                lambda session, after=place.after: missing_photos(session, version, after, _CHUNK)  # type: ignore[misc]
            )
            if not keys:
                return place, changed
            for start in range(0, len(keys), _AT_A_TIME):
                some = keys[start : start + _AT_A_TIME]
                outcomes = await asyncio.gather(*(self._fill_photo(collection, key) for key in some))
                changed |= _Outcome.CHANGED in outcomes
                place = place.passed(some, outcomes)
                await run.save(place.progress, place.checkpoint)
                self._wake_drainer()
                if photos_per_s:
                    due_s += len(some) / photos_per_s
                    await asyncio.sleep(max(0.0, due_s - time.monotonic()))

    async def _fill_photo(self, collection: Collection, key: ImageKey) -> _Outcome:
        photo = await self._database.read(lambda session: read_photo(session, key))
        if photo is None:
            return _Outcome.CHANGED
        try:
            content = await self._blobs.get(original_key(key.tenant_id, key.image_id))
            described = await self._descriptions.of(collection, content, photo.boxes, photo.items)
        except (NotFound, InvalidInput):  # the original is gone, or can no longer be read
            return _Outcome.FAILED
        return await self._database.write(lambda session: _write(session, collection, photo, described))


def _write(
    session: Session, collection: Collection, photo: StoredPhoto, described: DescribedItems
) -> _Outcome:
    """Write the items of a photo for the collection, unless they were changed meanwhile.

    Raises:
        FailedPrecondition: the collection was dropped.
    """
    tenant_id, (found, versions), moment_us = photo.key.tenant_id, described, now_us()
    lock_image(session, tenant_id, photo.key.image_id)
    if read_etags(session, photo.key) != photo.etags:
        return _Outcome.CHANGED
    if not is_written(session, collection.version):
        raise FailedPrecondition(
            f"the collection {collection.name!r} was dropped meanwhile", reason="COLLECTION_DROPPED"
        )
    write_version(session, tenant_id, found, versions, moment_us)
    keys = [outbox.ItemKey(tenant_id, entry.id) for entry in found]
    outbox.enqueue_for(session, collection.name, keys, "upsert", moment_us)
    return _Outcome.FILLED if len(found) == len(photo.items) else _Outcome.FAILED
