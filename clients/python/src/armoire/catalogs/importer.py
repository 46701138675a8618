"""Brings the records of an exported catalogue to a server. A step that is repeated changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from armoire.async_client import AsyncClient
from armoire.catalogs.folder import CatalogFolder
from armoire.catalogs.import_log import ImportLog
from armoire.catalogs.records import given_boxes, product_of, reviewed_items
from armoire.errors import AlreadyExists, FailedPrecondition, NotFound
from armoire.photos import Photo
from armoire.values.exports import ReviewImport
from armoire.values.indexing import IndexingJob, IndexingJobState

_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
_NO_REVIEW = ReviewImport(0, 0, 0, ())


@dataclass(frozen=True, slots=True)
class ImportedPhoto:
    """A photo that the server has; `is_new` says that it was sent now."""

    is_new: bool
    review: ReviewImport


class CatalogImporter:
    """Products first, then photos, which name the products that they belong to."""

    def __init__(self, client: AsyncClient, folder: CatalogFolder, log: ImportLog, timeout_s: float) -> None:
        """`timeout_s` is how long the job of a photo may take."""
        self._client = client
        self._folder = folder
        self._log = log
        self._timeout_s = timeout_s
        self._products: dict[str, str] = {}

    async def import_product(self, record: Mapping[str, Any]) -> bool:
        """Bring a product; whether it is new. Raises ArmoireError."""
        product, is_new = product_of(record), False
        if product.external_id:
            brought, is_new = await self._client.upsert_product(product, ["*"])
        else:
            key = f"catalog-{record['id']}"
            try:
                brought = await self._client.create_product(product, idempotency_key=key)
            except AlreadyExists as error:
                if error.reason != _KEY_REUSED:
                    raise
                known = replace(product, id=error.metadata["id"])  # it was brought before, and differs
                brought = await self._client.update_product(known, ["*"])
        self._products[record["id"]] = brought.id
        return is_new

    async def import_photo(self, record: Mapping[str, Any]) -> ImportedPhoto:
        """Bring a photo, wait for its items, and lay over them what people said.

        Raises:
            ArmoireError: the server refuses it, or its job has failed.
            WrongFolder: its file is missing or damaged.
        """
        owner = self._owner_of(record)
        job, is_new = await self._job_of(record, owner)
        name = record.get("name", "")
        if (job.product_id, job.image_name) != (owner, name):  # it was moved or renamed since
            await self._client.update_image(job.image_id, name=name, product_id=owner)
        if not job.state.final or not job.searchable:
            job = await self._client.wait_for_indexing_job(job.id, timeout_s=self._timeout_s)
        if job.state is not IndexingJobState.COMPLETE:
            message = f"its job {job.id} is {job.state.value}"
            raise job.error or FailedPrecondition(message, code="FAILED_PRECONDITION")
        items = reviewed_items(record)
        review = await self._client.import_review(job.image_id, items) if items else _NO_REVIEW
        return ImportedPhoto(is_new, review)

    def _owner_of(self, record: Mapping[str, Any]) -> str:
        """The product of a photo at this server, "" for none. Raises FailedPrecondition."""
        owner = record.get("product_id", "")
        if owner and owner not in self._products:
            message = f"its product {owner} could not be imported"
            raise FailedPrecondition(message, code="FAILED_PRECONDITION")
        return self._products.get(owner, "")

    async def _job_of(self, record: Mapping[str, Any], owner: str) -> tuple[IndexingJob, bool]:
        """The job of a photo, which is sent unless it was; whether it was sent now."""
        known = self._log.job_of(record["id"])
        if known:
            try:
                return await self._retried(known), False
            except NotFound:
                pass  # the server has lost it since
        try:
            job, is_new = await self._send(record, owner), True
        except AlreadyExists as error:
            if error.reason != _KEY_REUSED:
                raise
            job, is_new = await self._retried(error.metadata["id"]), False  # of another product, or name
        self._log.add(record["id"], job.id)
        return job, is_new

    async def _retried(self, job_id: str) -> IndexingJob:
        """A job that is there; one that has failed or was cancelled is tried again."""
        job = await self._client.get_indexing_job(job_id)
        ended_badly = job.state in (IndexingJobState.FAILED, IndexingJobState.CANCELLED)
        return await self._client.retry_indexing_job(job.id) if ended_badly else job

    async def _send(self, record: Mapping[str, Any], owner: str) -> IndexingJob:
        content = await asyncio.to_thread(self._folder.original, record)
        return await self._client.index(
            Photo(content, given_boxes(record)),
            image_name=record.get("name", ""),
            product_id=owner,
            idempotency_key=f"{record['id']}-{record['sha256'][:16]}",
        )
