"""One try at indexing a photo."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import ArmoireError, InvalidInput, NotFound, Unavailable
from domain.quota import Quota, TenantUse, no_quota
from domain.taxonomy import Taxonomy, TaxonomyOf
from domain.types import AnalyzedItem, Box, ImageAnalysis
from imaging.pdq import PhotoHash
from services.background.log_throttle import LogThrottle
from services.catalog.analyzer import OnDetected
from services.catalog.blobs.rejected_crops import RejectedCrops
from services.catalog.blobs.store import BlobStore, crop_key, original_key
from services.catalog.collection_analyzer import CollectionAnalyzer, EmbedderNotLoaded
from services.catalog.indexing.item_descriptions import DescribedItems, ItemDescriptions, embedding_of
from services.catalog.indexing.matches import Assigned, match_items, seen_by_own_box
from services.catalog.indexing.photo_hasher import PhotoHasher
from services.catalog.records.claims import Claim, advance_job, complete_job
from services.catalog.records.collections import CURRENT, read_aliases
from services.catalog.records.found_items import FoundItem, put_items, write_items
from services.catalog.records.image_primary import update_image_primary
from services.catalog.records.images import RejectedCrop, lock_image_of_product, write_findings
from services.catalog.records.indexed_photos import ImageKey, IndexedPhoto, is_there
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import JobState, Progress
from services.catalog.records.kept_items import FormerItem, KeptItem, read_former, read_kept
from services.catalog.records.photo_hashes import put_hash
from services.catalog.records.primary import best_fit, choose_primary, product_target, target_category
from services.catalog.records.product_primary import choose_primary_item
from services.catalog.records.products import Product
from services.catalog.records.tenant_use import add_use, check_items
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_BOXES = 64
"""Boxes of one photo that are looked at in one call."""


class LeaseLost(Exception):
    """Another try has taken the job over, or the photo is gone, so what this one did does not count."""


class CorrectedMeanwhile(Unavailable):
    """A person has changed an item of the photo since this try has read it; the next try reads it again."""

    def __init__(self) -> None:
        super().__init__("a person has corrected an item of the photo during the try")


class OriginalMissing(ArmoireError):
    """The stored photo is gone."""

    reason = "ORIGINAL_MISSING"


@dataclass(frozen=True, slots=True)
class _Try:
    """One try at a photo.

    `complete` is called in the transaction that writes the items; where it returns False, the try does not
    count. `on_detected` is awaited after detection.
    """

    photo: IndexedPhoto
    complete: Callable[[Session, int], bool]
    on_detected: OnDetected | None = None

    @property
    def tenant_id(self) -> str:
        return self.photo.tenant_id

    @property
    def image_id(self) -> str:
        return self.photo.image_id


@dataclass(frozen=True, slots=True)
class _KnownItems:
    """The items of a photo before it is indexed: those that people have changed, and the others."""

    kept: tuple[KeptItem, ...]
    former: tuple[FormerItem, ...]

    @property
    def state(self) -> object:
        """Changes with everything that people do to the items."""
        return {(item.id, item.etag) for item in self.kept}, self.former


class Indexer:
    """Analyzes one photo and stores its items; everything before the last transaction may be repeated."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        analyzer: CollectionAnalyzer,
        collections: OpenCollections,
        taxonomy_of: TaxonomyOf,
        job_events: JobEvents,
        wake_drainer: Callable[[], None],
        rejected: RejectedCrops,
        hasher: PhotoHasher,
        quota_of: Callable[[str], Quota] = no_quota,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._rejected = rejected
        self._hasher = hasher
        self._analyzer = analyzer
        self._collections = collections
        self._described = ItemDescriptions(analyzer, taxonomy_of)
        self._throttle = LogThrottle()
        self._taxonomy_of = taxonomy_of
        self._job_events = job_events
        self._wake_drainer = wake_drainer
        self._quota_of = quota_of

    async def index(self, claim: Claim) -> None:
        """Bring the claim's job to COMPLETE: of the whole photo, or of the item that the claim names.

        Items that people have changed are kept: what is found of them is theirs.

        Raises:
            InvalidInput: the photo or a box is invalid, so a retry cannot help.
            OriginalMissing: the photo is no longer stored.
            QuotaExceeded: the tenant may not keep so many items.
            LeaseLost: another try took over.
            CorrectedMeanwhile: a person has changed an item meanwhile.
            ArmoireError: another failure; a retry may help.
        """
        on_detected = None if claim.bulk else partial(self._advance, claim, JobState.ANALYZING)
        attempt = _Try(claim.photo, lambda session, us: complete_job(session, claim, us), on_detected)
        try:
            if not await self._index(attempt):
                await self._complete(claim)
        except InvalidInput as error:
            raise error.within("image") from None

    async def index_again(self, photo: IndexedPhoto) -> None:
        """Index a photo of the catalogue anew, without a job.

        Raises:
            InvalidInput, OriginalMissing, QuotaExceeded, CorrectedMeanwhile, ArmoireError: as `index`.
            LeaseLost: the photo was deleted.
        """
        tenant_id, image_id = photo.tenant_id, photo.image_id
        await self._index(_Try(photo, lambda session, _: is_there(session, tenant_id, image_id)))

    async def hash_again(self, photo: ImageKey) -> None:
        """Hash a photo of the catalogue anew, and leave its items as they are.

        Raises:
            InvalidInput, OriginalMissing: as `index`.
            LeaseLost: the photo was deleted.
        """
        tenant_id, image_id = photo.tenant_id, photo.image_id
        found = await self._hasher.hash(await self._original(tenant_id, image_id))

        def put(session: Session) -> None:
            if not is_there(session, tenant_id, image_id):
                raise LeaseLost
            add_use(session, tenant_id, TenantUse())  # locks it, as `put_hash` needs
            put_hash(session, tenant_id, image_id, found)

        await self._database.write(put)

    async def _index(self, attempt: _Try) -> bool:
        """Index the photo or the item; False where the item is gone, so that there is nothing to do."""
        tenant_id, image_id = attempt.tenant_id, attempt.image_id
        await self._collections.searched()  # opens the first one
        known, written = await self._database.read(
            lambda session: (_read_known(session, tenant_id, image_id), read_aliases(session))
        )
        if not attempt.photo.item_id:
            await self._index_photo(attempt, known, written)
            return True
        item = next((each for each in known.kept if each.id == attempt.photo.item_id), None)
        if item is not None:
            await self._index_item(attempt, item, written)
        return item is not None

    async def _index_photo(
        self, attempt: _Try, known: _KnownItems, written: Mapping[str, Collection]
    ) -> None:
        searched, content = written[CURRENT], await self._original(attempt.tenant_id, attempt.image_id)
        analysis = await self._analysis(attempt, searched, content, attempt.photo.boxes)
        accepted = _checked(searched, _accepted(analysis))
        matches = match_items(attempt.image_id, accepted, known.kept, known.former)
        assigned = [*matches.assigned, *await self._looked_at(attempt, searched, content, matches.unseen)]
        rejected = {item.id for item in known.kept if item.rejected}
        ordered = sorted(assigned, key=lambda each: each.ordinal)
        found = await self._found(attempt, searched, ordered, rejected)
        await self._store_crops(attempt, found)
        crops = _rejected(analysis)
        pictures = await self._rejected.store(attempt.tenant_id, attempt.image_id, content, crops)
        others = await self._others(attempt, written, content, attempt.photo.boxes, found)
        photo_hash = await self._hasher.hash(content)
        await self._finish(attempt, analysis, found, known, written, others, photo_hash, pictures=pictures)

    async def _index_item(self, attempt: _Try, item: KeptItem, written: Mapping[str, Collection]) -> None:
        """Describe one item anew, by its own box."""
        searched, content = written[CURRENT], await self._original(attempt.tenant_id, attempt.image_id)
        analysis = await self._analysis(attempt, searched, content, [item.box])
        (accepted,) = _checked(searched, _accepted(analysis)).values()
        found = FoundItem(item.id, item.ordinal, seen_by_own_box(item, accepted), item.primary)
        await self._store_crops(attempt, [found])
        others = await self._others(attempt, written, content, [item.box], [found])
        await self._finish_item(attempt, analysis, found, item, written, others)

    async def _others(
        self,
        attempt: _Try,
        written: Mapping[str, Collection],
        content: bytes,
        boxes: Sequence[Box],
        found: Sequence[FoundItem],
    ) -> list[DescribedItems]:
        """What the embedders of the other collections say of the items.

        One that is not loaded is left out: a back-fill adds what its collection lacks.
        """
        described: list[DescribedItems] = []
        for alias, collection in written.items():
            if alias == CURRENT:
                continue
            try:
                described.append(
                    await self._described.of(attempt.tenant_id, collection, content, boxes, found)
                )
            except EmbedderNotLoaded as error:
                self._throttle.warn(_LOG, "the collection %r is not written", collection.name, error=error)
        return described

    async def _analysis(
        self, attempt: _Try, collection: Collection, content: bytes, boxes: Sequence[Box]
    ) -> ImageAnalysis:
        return await self._analyzer.analyze(
            collection,
            content,
            boxes,
            include_crops=True,
            bulk=True,
            on_detected=attempt.on_detected,
            taxonomy=self._taxonomy_of(attempt.tenant_id),
        )

    async def _looked_at(
        self, attempt: _Try, collection: Collection, content: bytes, items: Sequence[KeptItem]
    ) -> list[Assigned]:
        """What is found in the boxes of kept items; crops that the quality filter rejects are left out."""
        seen: list[Assigned] = []
        for start in range(0, len(items), _BOXES):
            chunk = items[start : start + _BOXES]
            again = await self._analysis(attempt, collection, content, [item.box for item in chunk])
            usable = {index: item for index, item in enumerate(again.items) if item.accepted}
            for index, found in _checked(collection, usable).items():
                item = chunk[index]
                seen.append(Assigned(item.id, item.ordinal, seen_by_own_box(item, found)))
        return seen

    async def _original(self, tenant_id: str, image_id: str) -> bytes:
        try:
            return await self._blobs.get(original_key(tenant_id, image_id))
        except NotFound:
            raise OriginalMissing("the photo is no longer stored") from None

    async def _advance(self, claim: Claim, state: JobState) -> None:
        moment_us = now_us()
        if not await self._database.write(lambda session: advance_job(session, claim, state, moment_us)):
            raise LeaseLost
        self._job_events.publish(claim.tenant_id, claim.job_id, Progress(state, claim.attempts, moment_us))

    async def _found(
        self, attempt: _Try, collection: Collection, assigned: Sequence[Assigned], rejected: set[str]
    ) -> list[FoundItem]:
        """The items of the photo; one of those that are not rejected represents it."""
        candidates = [each for each in assigned if each.id not in rejected]
        primary = await self._primary(attempt, [each.analyzed for each in candidates], collection)
        chosen = candidates[primary].id if candidates else ""
        return [FoundItem(each.id, each.ordinal, each.analyzed, each.id == chosen) for each in assigned]

    async def _primary(self, attempt: _Try, items: Sequence[AnalyzedItem], collection: Collection) -> int:
        if len(items) < 2:
            return 0
        photo, name = attempt.photo, attempt.photo.product_name
        taxonomy = self._taxonomy_of(attempt.tenant_id)
        category = target_category(name, photo.product_category, photo.product_type, taxonomy)
        name_embedding = None
        if name and best_fit(items, category, taxonomy) is None:
            name_embedding = await self._analyzer.embed_text(collection, name, bulk=True)
        return choose_primary(items, category, name_embedding, taxonomy)

    async def _store_crops(self, attempt: _Try, found: Sequence[FoundItem]) -> None:
        crops = {
            crop_key(attempt.tenant_id, entry.id): entry.analyzed.crop
            for entry in found
            if entry.analyzed.crop is not None
        }
        await self._blobs.put_all(crops)

    async def _finish(
        self,
        attempt: _Try,
        analysis: ImageAnalysis,
        found: Sequence[FoundItem],
        known: _KnownItems,
        written: Mapping[str, Collection],
        others: Sequence[DescribedItems],
        photo_hash: PhotoHash,
        *,
        pictures: bool,
    ) -> None:
        moment_us = now_us()
        tenant_id, image_id = attempt.tenant_id, attempt.image_id
        rejected, quota = _rejected(analysis), self._quota_of(tenant_id)
        taxonomy = self._taxonomy_of(tenant_id)

        def finish(session: Session) -> None:
            product = lock_image_of_product(session, tenant_id, image_id)
            if not attempt.complete(session, moment_us):
                raise LeaseLost
            if _read_known(session, tenant_id, image_id).state != known.state:
                raise CorrectedMeanwhile
            _check_written(session, written)
            kept_ids, versions = [item.id for item in known.kept], analysis.versions
            more = write_items(session, tenant_id, image_id, found, versions, moment_us, kept_ids, others)
            if known.kept or _is_other_target(product, attempt.photo, taxonomy):
                update_image_primary(session, tenant_id, image_id, product, taxonomy, moment_us)
            write_findings(
                session, tenant_id, image_id, analysis.warnings, rejected, moment_us, pictures=pictures
            )
            if product is not None:
                queued = {entry.id for entry in found}
                choose_primary_item(session, tenant_id, product, taxonomy, moment_us, queued)
            use = add_use(session, tenant_id, TenantUse(items=more))
            if more > 0:
                check_items(tenant_id, quota, use)
            put_hash(session, tenant_id, image_id, photo_hash)

        await self._database.write(finish)
        self._wake_drainer()  # which tells the watchers when Search finds the items

    async def _finish_item(
        self,
        attempt: _Try,
        analysis: ImageAnalysis,
        found: FoundItem,
        item: KeptItem,
        written: Mapping[str, Collection],
        others: Sequence[DescribedItems],
    ) -> None:
        moment_us, tenant_id, image_id = now_us(), attempt.tenant_id, attempt.image_id
        taxonomy = self._taxonomy_of(tenant_id)

        def finish(session: Session) -> None:
            product = lock_image_of_product(session, tenant_id, image_id)
            if not attempt.complete(session, moment_us):
                raise LeaseLost
            now = {each.id: each.etag for each in read_kept(session, tenant_id, image_id)}
            if now.get(item.id) != item.etag:
                raise CorrectedMeanwhile
            _check_written(session, written)
            put_items(session, tenant_id, image_id, [found], analysis.versions, moment_us, others)
            update_image_primary(session, tenant_id, image_id, product, taxonomy, moment_us)
            if product is not None:
                choose_primary_item(session, tenant_id, product, taxonomy, moment_us, {found.id})

        await self._database.write(finish)
        self._wake_drainer()

    async def _complete(self, claim: Claim) -> None:
        moment_us = now_us()
        if not await self._database.write(lambda session: complete_job(session, claim, moment_us)):
            raise LeaseLost
        self._job_events.publish(claim.tenant_id, claim.job_id)


def _is_other_target(product: Product | None, photo: IndexedPhoto, taxonomy: Taxonomy) -> bool:
    """Whether another category is looked for in the photo than when the try began."""
    known = (photo.product_name, photo.product_category, photo.product_type)
    return product is not None and product_target(product, taxonomy) != target_category(*known, taxonomy)


def _read_known(session: Session, tenant_id: str, image_id: str) -> _KnownItems:
    return _KnownItems(read_kept(session, tenant_id, image_id), read_former(session, tenant_id, image_id))


def _check_written(session: Session, written: Mapping[str, Collection]) -> None:
    """Raises Unavailable if other collections are written by now."""
    if set(read_aliases(session).values()) != set(written.values()):
        raise Unavailable("another collection is written since", reason="COLLECTIONS_CHANGED")


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


def _checked(collection: Collection, accepted: Mapping[int, AnalyzedItem]) -> dict[int, AnalyzedItem]:
    """The items with normalised embeddings."""
    return {
        index: replace(item, embedding=collection.check_own_vector(embedding_of(item)))
        for index, item in accepted.items()
    }
