"""Re-indexing: stored photos are looked at anew with the models that are served now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, replace
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import InvalidInput, QuotaExceeded
from domain.taxonomy import Taxonomy
from domain.types import ItemVersions, ModelVersion
from services.catalog.indexing.indexer import CorrectedMeanwhile, Indexer, LeaseLost, OriginalMissing
from services.catalog.operations.photo_walk import NextPhotos, Outcome, PhotoWalk, Place
from services.catalog.operations.run import OperationRun
from services.catalog.operations.served_versions import ServedVersions, of_tenant
from services.catalog.records.image_primary import update_image_primary
from services.catalog.records.images import lock_image_of_product
from services.catalog.records.indexed_photos import ImageKey, is_there, read_indexed_photo
from services.catalog.records.item_versions import (
    Vocabularies,
    all_photos,
    count_photos,
    count_stale_photos,
    count_versions,
    stale_photos,
)
from services.catalog.records.product_primary import choose_primary_item
from services.sql.database import Database

_TRIES = 5
"""At a photo that people correct meanwhile."""


class ReindexScope(StrEnum):
    """What is done: photos with a stale item, or all, are indexed anew, or primary items chosen again.

    Or photos from before there were hashes get theirs.
    """

    STALE = "stale"
    ALL = "all"
    PRIMARY_ITEMS = "primary_items"
    PHOTO_HASHES = "photo_hashes"


class Reindex:
    """Indexes photos of the catalogue anew, chooses their primary items again, or hashes them.

    Each photo is one transaction. Items keep their ids where their boxes are found again, and what people say
    of them is laid over what the models say.
    """

    def __init__(
        self,
        database: Database,
        indexer: Indexer,
        served: ServedVersions,
        wake_drainer: Callable[[], None],
    ) -> None:
        self._database = database
        self._indexer = indexer
        self._served = served
        self._wake_drainer = wake_drainer

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Re-index the photos of the operation's tenant, or of all; see `OperationWork`."""
        tenant_id = None if run.request.get("all_tenants") else run.tenant_id
        scope, (served, own) = ReindexScope(run.request["scope"]), await self._served.read(tenant_id)
        place = Place.of(run.checkpoint)
        if not run.checkpoint:
            place = replace(place, total=await self._total(scope, tenant_id, served, own))
        await run.save(place.progress, place.checkpoint)
        look = self._look(scope)
        rate = float(run.request.get("photos_per_s", 0.0))
        place, _ = await PhotoWalk(run, _next_photos(scope, tenant_id, served, own), look, rate).walk(place)
        counted = await self._database.read(lambda session: count_versions(session, tenant_id, served, own))
        return {
            "photos": place.done,
            "failed_photos": place.failed,
            "items": sum(each.items for each in counted),
            "stale_items": sum(each.items for each in counted if each.stale),
            "served": _response(of_tenant(tenant_id, served, own)),
        }

    async def _total(
        self, scope: ReindexScope, tenant_id: str | None, served: ItemVersions, own: Vocabularies
    ) -> int:
        if scope is ReindexScope.STALE:
            return await self._database.read(lambda s: count_stale_photos(s, tenant_id, served, own))
        unhashed = scope is ReindexScope.PHOTO_HASHES
        return await self._database.read(lambda session: count_photos(session, tenant_id, unhashed=unhashed))

    def _look(self, scope: ReindexScope) -> Callable[[ImageKey], Awaitable[Outcome]]:
        """What is done with each photo."""
        match scope:
            case ReindexScope.PRIMARY_ITEMS:
                return self._choose
            case ReindexScope.PHOTO_HASHES:
                return self._hash
            case _:
                return self._index

    async def _index(self, key: ImageKey) -> Outcome:
        """Index a photo anew; one that is corrected meanwhile is read again."""
        for last in (*[False] * (_TRIES - 1), True):
            photo = await self._database.read(
                lambda session: read_indexed_photo(session, key.tenant_id, key.image_id)
            )
            if photo is None:
                return Outcome.CHANGED
            try:
                await self._indexer.index_again(photo)
                break
            except CorrectedMeanwhile:
                if last:
                    raise
            except LeaseLost:
                return Outcome.CHANGED
            except (InvalidInput, OriginalMissing, QuotaExceeded):
                return Outcome.FAILED
        return Outcome.DONE

    async def _hash(self, key: ImageKey) -> Outcome:
        """Hash a photo."""
        try:
            await self._indexer.hash_again(key)
        except LeaseLost:
            return Outcome.CHANGED
        except (InvalidInput, OriginalMissing):
            return Outcome.FAILED
        return Outcome.DONE

    async def _choose(self, key: ImageKey) -> Outcome:
        """Choose the items again that represent a photo and its product."""
        taxonomy = self._served.taxonomy_of(key.tenant_id)
        outcome = await self._database.write(partial(_choose_again, key=key, taxonomy=taxonomy))
        self._wake_drainer()
        return outcome


def _next_photos(
    scope: ReindexScope, tenant_id: str | None, served: ItemVersions, own: Vocabularies
) -> NextPhotos:
    if scope is ReindexScope.STALE:
        return lambda session, after, count: stale_photos(session, tenant_id, served, after, count, own)
    unhashed = scope is ReindexScope.PHOTO_HASHES
    return lambda session, after, count: all_photos(session, tenant_id, after, count, unhashed=unhashed)


def _choose_again(session: Session, key: ImageKey, taxonomy: Taxonomy) -> Outcome:
    tenant_id, image_id, moment_us = key.tenant_id, key.image_id, now_us()
    product = lock_image_of_product(session, tenant_id, image_id)
    if not is_there(session, tenant_id, image_id):
        return Outcome.CHANGED
    update_image_primary(session, tenant_id, image_id, product, taxonomy, moment_us)
    if product is not None:
        choose_primary_item(session, tenant_id, product, taxonomy, moment_us)
    return Outcome.DONE


def _response(served: ItemVersions) -> dict[str, str]:
    """The versions in the fields of the message `ItemVersions`."""
    models = {"detector": served.detector, "embedder": served.embedder, "classifier": served.classifier}
    versions = {"vocabulary_version": served.vocabulary}
    for name, model in models.items():
        for field, value in asdict(model or ModelVersion("", "")).items():
            part = "version" if field == "model_version" else field
            versions[f"{name}_{part}"] = value
    return versions
