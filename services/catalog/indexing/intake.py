"""The intake of photos: checks, storage of originals, queueing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL
from domain.clock import now_us
from domain.errors import AlreadyExists, InvalidInput, NotFound, QuotaExceeded, Unavailable
from domain.quota import NO_QUOTA, Quota, TenantUse
from domain.types import Box, Principal
from services.audit.trail import Changed
from services.background.log_throttle import LogThrottle
from services.catalog.blobs.store import original_key
from services.catalog.ids import check_id
from services.catalog.indexing.new_photo import read_photo
from services.catalog.limits import check_box_count, check_text
from services.catalog.parts import CatalogParts
from services.catalog.records.facts import job_change, new_image_change
from services.catalog.records.images import NewImage, insert_image, request_fingerprint
from services.catalog.records.job_queue import insert_job, queue_again
from services.catalog.records.jobs import Job, JobPriority, JobState, find_job_by_key, read_job
from services.catalog.records.product_drafts import ProductDraft, check_new_product
from services.catalog.records.products import Product, insert_product, lock_by_external_id, lock_product
from services.catalog.records.tenant_use import add_use, check_bytes, check_items, read_use

_LOG = logging.getLogger(__name__)


ReadUpload: TypeAlias = Callable[[Principal, str], Awaitable[bytes]]
"""The bytes of a caller's upload; raises as `Uploads.read`."""


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """A photo to index, for a product that exists (`product_id`), one to create (`product`), or none.

    Where a product has the draft's external id already, the photo joins it. `upload_id` names the photo's
    upload, if that has its content.
    """

    content: bytes = b""
    boxes: tuple[Box, ...] = ()
    image_name: str = ""
    product_id: str = ""
    product: ProductDraft | None = None
    idempotency_key: str = ""
    priority: JobPriority = JobPriority.INTERACTIVE
    upload_id: str = ""


class Intake:
    """Accepts photos; each is stored durably before the call returns."""

    def __init__(self, parts: CatalogParts, read_upload: ReadUpload) -> None:
        self._database = parts.database
        self._trail = parts.trail
        self._blobs = parts.blobs
        self._ids = parts.ids
        self._taxonomy_of = parts.taxonomy_of
        self._limits = parts.limits
        self._decode_limits = parts.decode_limits
        self._wake_workers = parts.wake_workers
        self._read_upload = read_upload
        self._quota_of = parts.quota_of
        self._throttle = LogThrottle()

    async def take(self, principal: Principal, request: IndexRequest) -> Job:
        """Store the photo and queue its job; a repeated idempotency key returns the first job.

        That job is queued again if an item of it has no embedding of the served model.

        Raises:
            InvalidInput: naming the field and its limit.
            NotFound: the product or the upload does not exist.
            FailedPrecondition: the bytes of the upload were not sent.
            AlreadyExists: the key was used for something else, or for a photo that was deleted; or a deleted
                product has the external id.
            Overloaded: the tenant has sent too many pixels in the last minute.
            QuotaExceeded: the tenant keeps as much as it may.
        """
        tenant_id = principal.tenant_id
        request = await self._uploaded(principal, self._checked(tenant_id, request))
        image = await asyncio.to_thread(self._read_photo, request)
        fingerprint = request_fingerprint(
            image.sha256, request.boxes, request.image_name, request.product_id, request.product
        )
        earlier = await self._earlier(tenant_id, request.idempotency_key, fingerprint)
        if earlier is not None and not earlier.outdated:
            return earlier
        if earlier is None:
            await self._check_room(tenant_id, image)
        await self._take_pixels(image)
        key = original_key(tenant_id, image.id)
        await self._blobs.put(key, request.content)
        try:
            job = await self._queue(principal, request, image, fingerprint)
        except (NotFound, AlreadyExists, QuotaExceeded):
            await self._discard(key)
            raise
        if job.image_id != image.id:
            await self._discard(key)
        self._wake_workers()
        return job

    async def _uploaded(self, principal: Principal, request: IndexRequest) -> IndexRequest:
        """The request with the content of its upload, whose id is the idempotency key where there is none."""
        if not request.upload_id:
            return request
        try:
            content = await self._read_upload(principal, request.upload_id)
        except InvalidInput as error:
            raise error.within("image") from None
        key = request.idempotency_key or f"uploads/{check_id('upload_id', request.upload_id)}"
        return replace(request, content=content, idempotency_key=key)

    async def _check_room(self, tenant_id: str, image: NewImage) -> None:
        """Refuse a photo before it is stored; the transaction that adds it checks again."""
        quota = self._quota_of(tenant_id)
        if quota != NO_QUOTA:
            use = await self._database.read(lambda session: read_use(session, tenant_id))
            check_quota(tenant_id, quota, replace(use, bytes=use.bytes + image.size_bytes))

    async def _take_pixels(self, image: NewImage) -> None:
        try:
            await CURRENT_CALL.get().take_pixels(image.pixels)
        except InvalidInput as error:
            raise error.within("image") from None

    async def _discard(self, key: str) -> None:
        """Delete a photo that no job needs; the sweeper deletes one that cannot be deleted now."""
        try:
            await self._blobs.delete([key])
        except Unavailable as error:
            self._throttle.warn(_LOG, "a photo that no job needs is left to the sweeper", error=error)

    def _checked(self, tenant_id: str, request: IndexRequest) -> IndexRequest:
        limits = self._limits
        check_box_count(request.boxes, limits)
        try:
            taxonomy = self._taxonomy_of(tenant_id)
            draft = request.product and check_new_product(request.product, taxonomy, limits)
        except InvalidInput as error:
            raise error.within("product") from None
        return replace(
            request,
            image_name=check_text("image_name", request.image_name, limits.max_name_chars),
            product_id=check_id("product_id", request.product_id) if request.product_id else "",
            product=draft,
            idempotency_key=check_text("idempotency_key", request.idempotency_key, limits.max_key_chars),
        )

    def _read_photo(self, request: IndexRequest) -> NewImage:
        return read_photo(
            self._ids.next(),
            request.content,
            self._decode_limits,
            request.image_name,
            request.product_id,
            request.boxes,
        )

    async def _earlier(self, tenant_id: str, key: str, fingerprint: str) -> Job | None:
        if not key:
            return None
        return await self._database.read(
            lambda session: find_job_by_key(session, tenant_id, key, fingerprint)
        )

    async def _queue(
        self, principal: Principal, request: IndexRequest, image: NewImage, fingerprint: str
    ) -> Job:
        """One transaction for the product, the image, the job and their audit record."""
        job_id, new_product_id = self._ids.next(), self._ids.next()
        tenant_id = principal.tenant_id
        moment_us, key, quota = now_us(), request.idempotency_key, self._quota_of(tenant_id)

        def queue(session: Session) -> Changed[Job]:
            earlier = find_job_by_key(session, tenant_id, key, fingerprint)
            if earlier is not None:
                return _queued_again(session, tenant_id, earlier, moment_us)
            product = _owner(session, tenant_id, request, new_product_id, moment_us)
            owned = replace(image, product_id="" if product is None else product.id)
            insert_image(session, tenant_id, owned, moment_us)
            priority = request.priority
            insert_job(session, tenant_id, job_id, image.id, key, fingerprint, moment_us, priority=priority)
            made = product if product is not None and product.id == new_product_id else None
            recorded = made is not None or self._trail.options.indexing
            change = new_image_change(owned, job_id, made) if recorded else None
            job = read_job(session, tenant_id, job_id)
            use = add_use(session, tenant_id, TenantUse(bytes=image.size_bytes))
            check_quota(tenant_id, quota, use)
            return job, change

        try:
            return await self._trail.write(principal, queue)
        except IntegrityError:  # the same key or external id, at the same time, from another process
            return await self._trail.write(principal, queue)


def _queued_again(session: Session, tenant_id: str, job: Job, moment_us: int) -> Changed[Job]:
    """The job of an earlier call with the same key; queued again if it is outdated."""
    change = None
    if job.outdated and queue_again(session, tenant_id, job, (JobState.COMPLETE,), moment_us):
        change = job_change(job.id, JobState.COMPLETE, JobState.QUEUED)
    return read_job(session, tenant_id, job.id), change


def _owner(
    session: Session, tenant_id: str, request: IndexRequest, new_product_id: str, moment_us: int
) -> Product | None:
    """The photo's product, which is locked or created; None if the photo has none."""
    if request.product is None:
        return lock_product(session, tenant_id, request.product_id) if request.product_id else None
    product = lock_by_external_id(session, tenant_id, request.product.external_id)
    if product is None:
        product = insert_product(session, tenant_id, new_product_id, request.product, "", moment_us)
    return product


def check_quota(tenant_id: str, quota: Quota, use: TenantUse) -> None:
    """Raises QuotaExceeded where a photo more makes it `use`; it will have an item, at least."""
    check_bytes(tenant_id, quota, use)
    check_items(tenant_id, quota, replace(use, items=use.items + 1))
