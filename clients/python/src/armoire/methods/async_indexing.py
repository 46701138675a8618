"""The calls that upload and index photos, and on indexing jobs."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from armoire.async_bulk import INDEX_WINDOW, AsyncIndexRun, OnProgress, RunOptions
from armoire.async_caller import AsyncCaller
from armoire.calls import indexing, uploads
from armoire.deadlines import BULK_TIMEOUT_S, WAIT_TIMEOUT_S
from armoire.errors import ArmoireError, Unavailable
from armoire.photos import (
    BlobUri,
    Photo,
    PhotoSource,
    PhotoToIndex,
    Upload,
    name_of,
    read_content,
    read_photo,
)
from armoire.values.indexing import IndexingJob, IndexingJobCount, IndexingJobFilter, IndexingJobState
from armoire.values.products import Product
from armoire.values.types import Page, Priority
from armoire.values.uploads import UploadTarget

ToIndex = TypeVar("ToIndex", bound=PhotoSource | Photo | PhotoToIndex)


class AsyncIndexingMethods:
    """The calls that upload and index photos, and on indexing jobs."""

    _caller: AsyncCaller

    async def index(
        self,
        photo: PhotoSource | Photo,
        *,
        image_name: str | None = None,
        product_id: str = "",
        product: Product | None = None,
        idempotency_key: str | None = None,
        priority: Priority = Priority.INTERACTIVE,
        upload: bool = False,
        timeout_s: float | None = None,
    ) -> IndexingJob:
        """Stores a photo and queues it, for a product that exists or one to create with it.

        The same key queues once and gets the first job; without one the client makes a fresh one, or an
        uploaded photo has its upload's. With `upload` the photo is uploaded first, so that it may be larger
        than a message. Where a product has the external_id of `product` already, the photo joins that one.
        `image_name` is the file's name unless given. Interactive jobs are worked on before bulk ones that
        came at most 10 minutes earlier.
        """
        if upload:
            image_name = name_of(photo) if image_name is None else image_name
            photo = await self._uploaded(photo, timeout_s)
        call = indexing.index(photo, image_name, product_id, product, idempotency_key, priority)
        return await self._caller.run(call, timeout_s)

    async def create_upload(
        self, media_type: str, size_bytes: int, sha256: str = "", *, timeout_s: float | None = None
    ) -> UploadTarget:
        """Announces a photo that someone else sends, such as a browser; see `upload`."""
        return await self._caller.run(uploads.create_upload(media_type, size_bytes, sha256), timeout_s)

    async def upload(
        self, photo: bytes | str | os.PathLike[str], *, timeout_s: float | None = None
    ) -> Upload:
        """Sends a photo beside the calls, over HTTP; it may be larger than a message.

        The upload stands for the photo in `index`, `search`, `analyze` and the like, until it expires.
        `timeout_s` is for the announcement and again for the bytes.
        """
        content = read_content(photo)
        target = await self._caller.run(uploads.create_upload_of(content), timeout_s)
        send_s = self._caller.timeout_s if timeout_s is None else timeout_s
        await self._caller.transport.send_photo(target, content, send_s, self._caller.upload_tls)
        return Upload(target.upload_id)

    def index_many(
        self,
        photos: Iterable[ToIndex],
        *,
        window: int = INDEX_WINDOW,
        on_progress: OnProgress | None = None,
        timeout_s: float = BULK_TIMEOUT_S,
    ) -> AsyncIterator[tuple[ToIndex, IndexingJob | ArmoireError]]:
        """Stores any number of photos and queues them: each with its job or error, in their order.

        A `PhotoToIndex` names a product, or has an idempotency key of its own. The photos go out in groups of
        `window` or 16 MiB, and their jobs come when the group is stored. A group that breaks is sent again
        with the same keys, so nothing is queued twice. `timeout_s` is how long a group may take.
        """
        options = RunOptions(window, timeout_s, self._caller.metadata, on_progress)
        return AsyncIndexRun[ToIndex](self._caller.transport, photos, options).outcomes()

    async def get_indexing_job(self, job_id: str, *, timeout_s: float | None = None) -> IndexingJob:
        """The job with this id."""
        return await self._caller.run(indexing.get_indexing_job(job_id), timeout_s)

    async def list_indexing_jobs(
        self,
        *,
        states: Sequence[IndexingJobState] = (),
        product_id: str = "",
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        reasons: Sequence[str] = (),
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[IndexingJob]:
        """A page of jobs, newest first: those in one of the states, of the product, of the time, with an
        error of one of the reasons, where given."""
        which = IndexingJobFilter((), states, reasons, product_id, created_from, created_before)
        return await self._caller.run(indexing.list_indexing_jobs(which, page_size, page_token), timeout_s)

    def iter_indexing_jobs(
        self,
        *,
        states: Sequence[IndexingJobState] = (),
        product_id: str = "",
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        reasons: Sequence[str] = (),
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[IndexingJob]:
        """Like `list_indexing_jobs`, page after page; `timeout_s` is for each."""
        which = IndexingJobFilter((), states, reasons, product_id, created_from, created_before)
        return self._caller.each(
            lambda token: indexing.list_indexing_jobs(which, page_size, token), timeout_s
        )

    def watch_indexing_job(
        self, job_id: str, *, timeout_s: float = WAIT_TIMEOUT_S
    ) -> AsyncIterator[IndexingJob]:
        """The job now and after every change, until it has ended."""
        return self._caller.stream(indexing.watch_indexing_job(job_id), timeout_s)

    def watch_indexing_jobs(
        self,
        which: IndexingJobFilter = IndexingJobFilter(),
        *,
        changed_from: datetime | None = None,
        timeout_s: float = WAIT_TIMEOUT_S,
    ) -> AsyncIterator[IndexingJob]:
        """Jobs after each change: with `job_ids` until all of them have ended, otherwise for `timeout_s`.

        `changed_from` begins with jobs that have changed since, such as the `update_time` of the last that
        an earlier watch has given.
        """
        call = indexing.watch_indexing_jobs(which, changed_from)
        return self._caller.stream(call, timeout_s)

    async def count_indexing_jobs(
        self, which: IndexingJobFilter = IndexingJobFilter(), *, timeout_s: float | None = None
    ) -> tuple[IndexingJobCount, ...]:
        """How many jobs there are by state and reason, the most frequent first."""
        return await self._caller.run(indexing.count_indexing_jobs(which), timeout_s)

    async def retry_indexing_jobs(self, which: IndexingJobFilter, *, timeout_s: float | None = None) -> int:
        """Queues jobs again that pass the filter, FAILED ones where it names no states; returns how many.

        They wait behind interactive jobs. `timeout_s` is for each call, which takes some hundred.
        """
        changed, token = await self._caller.run(indexing.retry_indexing_jobs(which, ""), timeout_s)
        while token:
            more, token = await self._caller.run(indexing.retry_indexing_jobs(which, token), timeout_s)
            changed += more
        return changed

    async def delete_indexing_jobs(self, which: IndexingJobFilter, *, timeout_s: float | None = None) -> int:
        """Removes all jobs that pass the filter, FAILED ones where it names no states; returns how many.

        Their idempotency keys go with them, and photos that have no items. `timeout_s` is for each call.
        """
        changed, token = await self._caller.run(indexing.delete_indexing_jobs(which, ""), timeout_s)
        while token:
            more, token = await self._caller.run(indexing.delete_indexing_jobs(which, token), timeout_s)
            changed += more
        return changed

    async def wait_for_indexing_job(self, job_id: str, *, timeout_s: float = WAIT_TIMEOUT_S) -> IndexingJob:
        """The job once it has ended: COMPLETE, CANCELLED, or FAILED with its error.

        The items of a complete job can be found, unless it is not `searchable`: its photo is gone, or another
        model is served now.
        """
        async for job in self.watch_indexing_job(job_id, timeout_s=timeout_s):
            if job.state.final:
                return job
        raise Unavailable(f"the watch of job {job_id} ended before the job did", code="UNAVAILABLE")

    async def cancel_indexing_job(self, job_id: str, *, timeout_s: float | None = None) -> IndexingJob:
        """Ends a job that is queued or under way; its photo stays."""
        return await self._caller.run(indexing.cancel_indexing_job(job_id), timeout_s)

    async def retry_indexing_job(self, job_id: str, *, timeout_s: float | None = None) -> IndexingJob:
        """Queues a job again that FAILED or was CANCELLED."""
        return await self._caller.run(indexing.retry_indexing_job(job_id), timeout_s)

    async def _uploaded(self, photo: PhotoSource | Photo, timeout_s: float | None) -> Photo:
        """The photo, which is uploaded unless it was before."""
        read = read_photo(photo)
        if isinstance(read.source, Upload | BlobUri):
            return read
        return Photo(await self.upload(read.source, timeout_s=timeout_s), read.boxes)
