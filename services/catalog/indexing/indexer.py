"""One try at indexing a photo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import ArmoireError, InvalidInput, NotFound
from domain.quota import Quota, TenantUse, no_quota
from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, FloatArray, ImageAnalysis
from services.catalog.analyzer import Analyzer
from services.catalog.blobs.store import BlobStore, crop_key, original_key
from services.catalog.ids import item_id
from services.catalog.records.claims import Claim, advance_job, complete_job
from services.catalog.records.images import RejectedCrop, lock_image, write_findings
from services.catalog.records.items import FoundItem, ItemVersions, write_items
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import JobState, Progress
from services.catalog.records.primary import choose_primary, target_category
from services.catalog.records.product_primary import update_primary_item
from services.catalog.records.tenant_use import add_use, check_items
from services.catalog.sync.open_collections import OpenCollections
from services.sql.database import Database


class LeaseLost(Exception):
    """Another try has taken the job over, so what this one did does not count."""


class OriginalMissing(ArmoireError):
    """The stored photo is gone."""

    reason = "ORIGINAL_MISSING"


class Indexer:
    """Analyzes one photo and stores its items; everything before the last transaction may be repeated."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        analyzer: Analyzer,
        collections: OpenCollections,
        taxonomy: Taxonomy,
        job_events: JobEvents,
        wake_drainer: Callable[[], None],
        quota_of: Callable[[str], Quota] = no_quota,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._analyzer = analyzer
        self._collections = collections
        self._taxonomy = taxonomy
        self._job_events = job_events
        self._wake_drainer = wake_drainer
        self._quota_of = quota_of

    async def index(self, claim: Claim) -> None:
        """Bring the claim's job to COMPLETE.

        Raises:
            InvalidInput: the photo or a box is invalid, so a retry cannot help.
            OriginalMissing: the photo is no longer stored.
            QuotaExceeded: the tenant may not keep so many items.
            LeaseLost: another try took over.
            ArmoireError: another failure; a retry may help.
        """
        try:
            analysis = await self._analysis(claim)
            accepted = _accepted(analysis)
        except InvalidInput as error:
            raise error.within("image") from None
        accepted = await self._checked(analysis, accepted)
        found = await self._found(claim, accepted)
        await self._store_crops(claim, found)
        await self._finish(claim, analysis, found)

    async def _analysis(self, claim: Claim) -> ImageAnalysis:
        content = await self._original(claim)
        on_detected = partial(self._advance, claim, JobState.ANALYZING)
        return await self._analyzer.analyze(
            content, claim.boxes, include_crops=True, bulk=True, on_detected=on_detected
        )

    async def _original(self, claim: Claim) -> bytes:
        try:
            return await self._blobs.get(original_key(claim.tenant_id, claim.image_id))
        except NotFound:
            raise OriginalMissing("the photo is no longer stored") from None

    async def _advance(self, claim: Claim, state: JobState) -> None:
        moment_us = now_us()
        if not await self._database.write(lambda session: advance_job(session, claim, state, moment_us)):
            raise LeaseLost
        self._job_events.publish(claim.tenant_id, claim.job_id, Progress(state, claim.attempts, moment_us))

    async def _checked(
        self, analysis: ImageAnalysis, accepted: dict[int, AnalyzedItem]
    ) -> dict[int, AnalyzedItem]:
        """The items with normalised embeddings; their collection is open afterwards."""
        vectors = {index: _embedding(item) for index, item in accepted.items()}
        width = len(next(iter(vectors.values())))
        collection = await self._collections.of(analysis.embedder, width)
        return {
            index: replace(item, embedding=collection.check_own_vector(vectors[index]))
            for index, item in accepted.items()
        }

    async def _found(self, claim: Claim, accepted: dict[int, AnalyzedItem]) -> list[FoundItem]:
        primary = await self._primary(claim, list(accepted.values()))
        return [
            FoundItem(item_id(claim.image_id, index), index, item, position == primary)
            for position, (index, item) in enumerate(accepted.items())
        ]

    async def _primary(self, claim: Claim, items: Sequence[AnalyzedItem]) -> int:
        if len(items) == 1:
            return 0
        category = target_category(claim.product_name, claim.product_category, self._taxonomy)
        name = claim.product_name
        name_embedding = await self._analyzer.embed_text(name, bulk=True) if name else None
        return choose_primary(items, category, name_embedding, self._taxonomy)

    async def _store_crops(self, claim: Claim, found: Sequence[FoundItem]) -> None:
        crops = {
            crop_key(claim.tenant_id, entry.id): entry.analyzed.crop
            for entry in found
            if entry.analyzed.crop is not None
        }
        await self._blobs.put_all(crops)

    async def _finish(self, claim: Claim, analysis: ImageAnalysis, found: Sequence[FoundItem]) -> None:
        moment_us = now_us()

        tenant_id, image_id = claim.tenant_id, claim.image_id
        rejected, quota = _rejected(analysis), self._quota_of(tenant_id)

        def finish(session: Session) -> None:
            product_id = lock_image(session, tenant_id, image_id)
            if not complete_job(session, claim, moment_us):
                raise LeaseLost
            versions = ItemVersions(analysis.embedder, analysis.detector, analysis.classifier)
            more = write_items(session, tenant_id, image_id, found, versions, moment_us)
            write_findings(session, tenant_id, image_id, analysis.warnings, rejected, moment_us)
            if product_id:
                update_primary_item(session, tenant_id, product_id, self._taxonomy, moment_us)
            if more:
                use = add_use(session, tenant_id, TenantUse(items=more))
                if more > 0:
                    check_items(tenant_id, quota, use)

        await self._database.write(finish)
        self._wake_drainer()  # which tells the watchers when Search finds the items


def _accepted(analysis: ImageAnalysis) -> dict[int, AnalyzedItem]:
    """The accepted items by their index in the analysis.

    Raises:
        InvalidInput: there are none, which happens only with given boxes.
    """
    accepted = {index: item for index, item in enumerate(analysis.items) if item.accepted}
    if not accepted:
        reasons = ", ".join(sorted({item.reason.value for item in analysis.items if item.reason}))
        raise InvalidInput("boxes", f"no box holds a usable garment: {reasons}", reason="NO_USABLE_BOX")
    return accepted


def _rejected(analysis: ImageAnalysis) -> list[RejectedCrop]:
    return [
        RejectedCrop(item.box, item.score, item.label, item.reason)
        for item in analysis.items
        if item.reason is not None
    ]


def _embedding(item: AnalyzedItem) -> FloatArray:
    if item.embedding is None:
        raise ArmoireError("the analyzer returned an accepted item without its embedding")
    return item.embedding
