"""Entries of an import become products, photos and jobs, many in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import AlreadyExists, ArmoireError, FailedPrecondition
from domain.quota import NO_QUOTA, Quota, TenantUse
from domain.taxonomy import Taxonomy
from services.audit.record import Change
from services.catalog.ids import IdSource
from services.catalog.indexing.intake import check_quota
from services.catalog.limits import CatalogLimits
from services.catalog.records import product_drafts, products
from services.catalog.records.facts import job_change, new_image_change, product_facts, product_name
from services.catalog.records.images import NewImage, insert_image
from services.catalog.records.imports import Entry, EntryState, Outcome, ProductChange
from services.catalog.records.job_queue import insert_job, queue_again
from services.catalog.records.jobs import Job, JobPriority, JobState, find_job_by_key
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.product_primary import follow_product
from services.catalog.records.products import Product, ProductKey
from services.catalog.records.tenant_use import add_use, read_use

_DELETED = "IDEMPOTENCY_KEY_OF_DELETED"


@dataclass(slots=True)
class Written:
    """What a transaction has written; `spare` are photos whose products had them already."""

    outcomes: list[Outcome] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    queued: int = 0
    use: TenantUse = TenantUse()


@dataclass(frozen=True, slots=True)
class EntryWriter:
    """Writes entries of one import.

    Attributes:
        quota: what the tenant may keep.
        again: index photos also that were deleted since they were indexed.
        records_photos: whether each photo has an audit record.
    """

    tenant_id: str
    operation_id: str
    taxonomy: Taxonomy
    limits: CatalogLimits
    ids: IdSource
    quota: Quota
    again: bool
    records_photos: bool

    def write(self, session: Session, entries: Sequence[Entry]) -> Written:
        """Write all entries; what stands in the way of one fails that one alone.

        Products are locked in the order of their external ids, so that imports do not wait for each other.

        Raises:
            QuotaExceeded: other transactions have added photos meanwhile, and there is no room for all.
        """
        written = Written(use=read_use(session, self.tenant_id))
        added = written.use
        for entry in sorted(entries, key=lambda each: (each.external_id, each.number)):
            try:
                with session.begin_nested():
                    outcome = self._write(session, entry, written)
            except ArmoireError as error:
                outcome = Outcome(entry.number, EntryState.FAILED, error=error)
            written.outcomes.append(outcome)
        more_bytes = written.use.bytes - added.bytes
        if more_bytes:
            kept = add_use(session, self.tenant_id, TenantUse(bytes=more_bytes))
            check_quota(self.tenant_id, self.quota, kept)
        return written

    def _write(self, session: Session, entry: Entry, written: Written) -> Outcome:
        moment_us = now_us()
        product, change = self._product(session, entry.product, moment_us, written)
        if entry.error is not None:
            return Outcome(entry.number, EntryState.FAILED, change, error=entry.error)
        if entry.image is None:
            return Outcome(entry.number, EntryState.DONE, change)
        image = replace(entry.image, product_id="" if product is None else product.id)
        try:
            job_id, known = self._photo(session, image, entry.external_id, moment_us, written)
        except ArmoireError as error:
            return Outcome(entry.number, EntryState.FAILED, change, error=error)
        return Outcome(entry.number, EntryState.QUEUED, change, job_id, known)

    def _product(
        self, session: Session, draft: ProductDraft | None, moment_us: int, written: Written
    ) -> tuple[Product | None, ProductChange]:
        """The product, created or updated; None where the entry has none."""
        if draft is None:
            return None, ProductChange.NONE
        tenant_id = self.tenant_id
        found = products.lock_by_external_id(session, tenant_id, draft.external_id)
        if found is None:
            named = draft if draft.display_name else replace(draft, display_name=draft.external_id)
            draft = product_drafts.check_new_product(named, self.taxonomy, self.limits)
            made = products.insert_product(session, tenant_id, self.ids.next(), draft, "", moment_us)
            _record(written, None, made)
            return made, ProductChange.CREATED
        key, fields = ProductKey(found.id), product_drafts.check_mask((), draft)
        before, after = products.update_product(
            session, tenant_id, key, draft, fields, "", self.taxonomy, moment_us
        )
        if after.etag == before.etag:
            return after, ProductChange.NONE
        follow_product(session, tenant_id, before, after, self.taxonomy, moment_us)
        _record(written, before, after)
        return after, ProductChange.UPDATED

    def _photo(
        self, session: Session, image: NewImage, external_id: str, moment_us: int, written: Written
    ) -> tuple[str, bool]:
        """The job of a photo, and whether its product had it already."""
        key, earlier = self._find(session, image, external_id)
        if earlier is not None:
            written.spare.append(image.id)
            self._queue_again(session, earlier, moment_us, written)
            return earlier.id, True
        job_id, tenant_id = self.ids.next(), self.tenant_id
        use = replace(written.use, bytes=written.use.bytes + image.size_bytes)
        if self.quota != NO_QUOTA:
            check_quota(tenant_id, self.quota, use)
        insert_image(session, tenant_id, image, moment_us)
        insert_job(session, tenant_id, job_id, image.id, key, key, moment_us, priority=JobPriority.BULK)
        written.use, written.queued = use, written.queued + 1
        change = new_image_change(image, job_id, None) if self.records_photos else None
        if change is not None:
            written.changes.append(change)
        return job_id, False

    def _key(self, image: NewImage, external_id: str, *more: str) -> str:
        """The idempotency key of a photo of a product: the same bytes are indexed once for it."""
        parts = json.dumps(["import", external_id, image.sha256, *more])
        return hashlib.sha256(parts.encode()).hexdigest()

    def _find(self, session: Session, image: NewImage, external_id: str) -> tuple[str, Job | None]:
        """The key of a photo, and its job if it was indexed before.

        Raises:
            FailedPrecondition: it was deleted since, and the import is not `again`.
        """
        key = self._key(image, external_id)
        try:
            return key, find_job_by_key(session, self.tenant_id, key, key)
        except AlreadyExists as error:
            if error.reason != _DELETED:
                raise
        if not self.again:
            raise FailedPrecondition(
                "the photo was indexed for this product before and deleted since; an import with `again` "
                "indexes it once more",
                reason="PHOTO_DELETED",
            )
        key = self._key(image, external_id, self.operation_id)
        return key, find_job_by_key(session, self.tenant_id, key, key)

    def _queue_again(self, session: Session, job: Job, moment_us: int, written: Written) -> None:
        """Index a photo once more that failed before, or lacks an embedding of the served model."""
        states = [JobState.FAILED, JobState.CANCELLED] + [JobState.COMPLETE] * job.outdated
        if job.state in states and queue_again(session, self.tenant_id, job, states, moment_us):
            written.changes.append(job_change(job.id, job.state, JobState.QUEUED))
            written.queued += 1


def _record(written: Written, before: Product | None, after: Product) -> None:
    """Note the change of a product; `before` is None for a new one."""
    facts = {} if before is None else product_facts(before)
    change = Change.between(product_name(after.id), facts, product_facts(after))
    if change is not None:
        written.changes.append(change)
