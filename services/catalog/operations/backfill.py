"""Back-fills: what another embedder says of every item, written to a collection of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from domain.types import ModelVersion
from services.catalog.operations.comparison import Comparison
from services.catalog.operations.photo_fill import PhotoFill
from services.catalog.operations.photo_walk import PhotoWalk, Place
from services.catalog.operations.run import OperationRun
from services.catalog.records.backfill import count_missing_photos, missing_photos
from services.catalog.records.collections import begin_collection, swap_collections
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.sql.database import Database

_MAX_PASSES = 5


class Backfill:
    """Walks the photos whose items lack an embedding of a version, and embeds the stored originals anew.

    Photos that are indexed meanwhile are written to both collections by the indexer, so the walk only fills
    what was there before. A photo that has changed since it was read is left for the next pass.
    """

    def __init__(
        self,
        database: Database,
        collections: OpenCollections,
        photos: PhotoFill,
        comparison: Comparison,
    ) -> None:
        self._database = database
        self._collections = collections
        self._photos = photos
        self._comparison = comparison

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
            partial(self._photos.fill, collection),
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
