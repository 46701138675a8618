"""The catalogue: what its callers see, and the parts it is built from."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import ArmoireError, InvalidInput, Unavailable
from domain.taxonomy import Taxonomy
from domain.types import Principal
from imaging.decode import DecodeLimits
from services.background.backoff import Backoff
from services.background.log_throttle import LogThrottle
from services.background.retry import retry
from services.background.task_supervisor import TaskSupervisor
from services.catalog.addresses import BLOB_URL, host_of, redact
from services.catalog.analyzer import Analyzer
from services.catalog.blobs.ownership import Ownership
from services.catalog.blobs.renditions import ImageContent, Renditions
from services.catalog.blobs.store import BlobStore, crop_key, original_key
from services.catalog.blobs.sweeper import Sweeper
from services.catalog.clock import now_us
from services.catalog.ids import IdSource, check_id
from services.catalog.indexing.indexer import Indexer
from services.catalog.indexing.intake import IndexRequest, Intake
from services.catalog.indexing.workers import WorkerOptions, Workers
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.records import images, items, jobs, product_primary, products
from services.catalog.records.claims import release_all_leases
from services.catalog.records.images import Image
from services.catalog.records.items import Item
from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import Job, JobFilter, JobState
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.records.products import Product, ProductDraft, ProductKey
from services.catalog.search.filter_rules import FilterRules, filter_fields
from services.catalog.search.query import Query, SearchOptions
from services.catalog.search.query_vectors import QueryEncoder
from services.catalog.search.result import SearchResult
from services.catalog.search.searcher import Searcher
from services.catalog.sql.database import Database
from services.catalog.sync.drainer import Drainer
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.leadership import Leadership
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.flat_index import FlatIndex
from services.catalog.vectors.index import VectorIndex
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.row import Columns

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CatalogOptions:
    """Where the catalogue keeps things, and how it works.

    Attributes:
        database_url: an SQLAlchemy URL, of SQLite (one process only) or PostgreSQL.
        blob_url: a folder, a file:// or an s3:// URL.
        milvus_uri: a file for Milvus Lite (one process only), or a server's http:// URI.
        drain_batch_rows: outbox rows that are written to the vector index at a time.
        drain_pause_s: how long to let rows gather after a batch that was not full.
        retry: pauses before a loop in the background that has failed starts again.
        recheck_s: how often idle parts look for what nobody told them of.
        sweep_every_s: pause between sweeps of the blob store.
        sweep_grace_s: blobs younger than this are never swept.
        category_bonus: what it is worth to a hit to share the query's category for certain, in the model's
            logits; its cosine rises by this over the model's logit scale.
    """

    database_url: str
    blob_url: str
    milvus_uri: str
    workers: WorkerOptions = field(default_factory=WorkerOptions)
    limits: CatalogLimits = field(default_factory=CatalogLimits)
    decode_limits: DecodeLimits = field(default_factory=DecodeLimits)
    drain_batch_rows: int = 1000
    drain_pause_s: float = 0.05
    retry: Backoff = Backoff(0.2, 30.0)
    recheck_s: float = 5.0
    sweep_every_s: float = 3600.0
    sweep_grace_s: float = 3600.0
    category_bonus: float = 3.0


class Catalog:
    """Products, photos, jobs, items and search, each call within the caller's tenant."""

    def __init__(self, options: CatalogOptions, analyzer: Analyzer, taxonomy: Taxonomy) -> None:
        self.limits = options.limits
        self.decode_limits = options.decode_limits
        self._options = options
        self._analyzer = analyzer
        self._taxonomy = taxonomy
        self._ids = IdSource()
        self._job_events = JobEvents()
        self._ready = asyncio.Event()
        self._build_stores()
        self._build_workshop()
        self._build_counter()

    def _build_stores(self) -> None:
        self._writer = RowWriter(self._taxonomy)
        self._database = Database(self._options.database_url)
        self._blobs = BlobStore(self._options.blob_url)
        self._index = _vector_index(self._options.milvus_uri, self._writer.columns)

    def _build_workshop(self) -> None:
        """What works in the background."""
        options, drain = self._options, asyncio.Event()
        self._collections = OpenCollections(self._database, self._index, self._writer, drain.set)
        self._drainer = Drainer(
            self._database,
            self._index,
            self._collections,
            self._writer,
            self._job_events,
            Leadership(self._database.url),
            drain,
            batch_rows=options.drain_batch_rows,
            pause_s=options.drain_pause_s,
            retry=options.retry,
            recheck_s=options.recheck_s,
        )
        indexer = Indexer(
            self._database,
            self._blobs,
            self._analyzer,
            self._collections,
            self._taxonomy,
            self._job_events,
            drain.set,
        )
        self._workers = Workers(self._database, indexer.index, self._job_events, options.workers)
        self._ownership = Ownership(self._database, self._blobs, self._ids)
        self._sweeper = Sweeper(
            self._database,
            self._blobs,
            self._ownership,
            every_s=options.sweep_every_s,
            grace_s=options.sweep_grace_s,
        )
        loops = {"worker": self._work, "drainer": self._drainer.run, "sweeper": self._sweeper.run}
        self._loops = TaskSupervisor(loops, options.retry)
        self._wake_drainer = drain.set

    def _build_counter(self) -> None:
        """What answers calls."""
        self._renditions = Renditions(self._blobs, self.decode_limits)
        self._intake = Intake(
            self._database,
            self._blobs,
            self._ids,
            self._taxonomy,
            self.limits,
            self.decode_limits,
            self._workers.wake,
        )
        self.filter_fields = filter_fields(self._taxonomy)
        self._searcher = Searcher(
            self._database,
            self._blobs,
            self._index,
            QueryEncoder(self._analyzer, self._collections, self._taxonomy, self.limits),
            self._analyzer,
            self._taxonomy,
            FilterRules(self.filter_fields, self._taxonomy, self.limits),
            self.limits,
            self._options.category_bonus,
        )

    # Life

    async def start(self) -> None:
        """Open the stores and begin to work. Does not wait for inference: see `wait_until_ready`.

        Raises:
            Unavailable: a store cannot be opened.
            FailedPrecondition: the blob store belongs to another database.
        """
        try:
            await self._open_stores()
        except BaseException:
            await self.stop()
            raise
        self._loops.start()

    async def _open_stores(self) -> None:
        await self._database.open()
        await self._open_blobs()
        await asyncio.to_thread(self._index.open)
        if self._database.embedded:  # its lock says that we are the only process
            await self._database.write(lambda session: release_all_leases(session, now_us()))

    async def _open_blobs(self) -> None:
        try:
            await self._ownership.claim()
        except Unavailable as error:
            where = f"{host_of(self._options.blob_url)} ({BLOB_URL})"
            raise Unavailable(f"at {where}: {error.message}", reason=error.reason) from error

    async def stop(self) -> None:
        """Give jobs under way back and close the stores."""
        self._ready.clear()
        async with AsyncExitStack() as stores:  # whatever fails, the rest is closed
            stores.push_async_callback(self._database.close)
            stores.push_async_callback(asyncio.to_thread, self._index.close)
            stores.push_async_callback(self._drainer.close)
            stores.push_async_callback(self._searcher.close)
            await self._loops.stop()

    @property
    def ready(self) -> bool:
        """Inference answers, its collection is open, and everything in the background runs."""
        return self._ready.is_set() and self._loops.all_running

    async def wait_until_ready(self) -> None:
        """Return once inference has answered and its collection is open."""
        await self._ready.wait()

    async def _work(self) -> None:
        """Open the served model's collection as soon as inference answers, then work on jobs."""
        throttle = LogThrottle()

        def log_wait(error: Exception, _pause_s: float) -> None:
            if throttle.admit() is not None:
                _LOG.warning("jobs wait for inference and the vector store: %s", redact(str(error)))

        backoff = Backoff(0.1, self._options.recheck_s)
        await retry(self._open_collection, backoff, log_wait, ArmoireError)
        self._ready.set()
        await self._workers.run()

    async def _open_collection(self) -> None:
        embedder = await self._analyzer.embedder()
        await self._collections.of(embedder.version, embedder.width)

    async def embedding_width(self) -> int:
        """The width of the vectors that Search takes."""
        return (await self._analyzer.embedder()).width

    # Products

    async def create_product(
        self, principal: Principal, draft: ProductDraft, idempotency_key: str = ""
    ) -> Product:
        """Create a product; a call with the same key again gets the same product.

        Raises:
            InvalidInput, or AlreadyExists where the key or the external id is taken.
        """
        tenant_id, product_id, moment_us = principal.tenant_id, self._ids.next(), now_us()
        with _below_product():
            draft = products.check_new_product(draft, self._taxonomy, self.limits)
        key = check_text("idempotency_key", idempotency_key, self.limits.max_key_chars)
        fingerprint = products.draft_fingerprint(draft)

        def create(session: Session) -> Product:
            earlier = products.find_created(session, tenant_id, key, fingerprint)
            return earlier or products.insert_product(session, tenant_id, product_id, draft, key, moment_us)

        try:
            return await self._database.write(create)
        except IntegrityError:  # the same key or external id, at the same time, from another process
            return await self._database.write(create)

    async def get_product(self, principal: Principal, key: ProductKey) -> Product:
        """Raises InvalidInput, NotFound."""
        wanted = self._checked_key(key, "product_id", "external_id")
        return await self._database.read(
            lambda session: products.read_product(session, principal.tenant_id, wanted)
        )

    async def list_products(
        self, principal: Principal, page_size: int = 0, page_token: str = ""
    ) -> Page[Product]:
        """Newest first. Raises InvalidInput."""
        cursor = read_cursor(self.limits, "products", page_size, page_token)
        found = await self._database.read(
            lambda session: products.list_products(session, principal.tenant_id, cursor)
        )
        return cut_page(cursor, found, lambda product: product.id)

    async def update_product(
        self,
        principal: Principal,
        key: ProductKey,
        changes: ProductDraft,
        mask: Sequence[str] = (),
        etag: str = "",
        *,
        allow_missing: bool = False,
    ) -> tuple[Product, bool]:
        """Change the masked fields; returns the product, and whether it was created.

        With `allow_missing`, a product whose external id is not known is created with all fields given.

        Raises:
            InvalidInput, NotFound, AlreadyExists, or Conflict where the etag is stale.
        """
        wanted = self._checked_key(key, "product.id", "product.external_id")
        if allow_missing and wanted.id:
            raise InvalidInput("allow_missing", "needs a product with an external_id and without an id")
        fields = products.check_mask(mask, changes)
        tenant_id, product_id, moment_us = principal.tenant_id, self._ids.next(), now_us()

        def update(session: Session) -> tuple[Product, bool]:
            if allow_missing and products.find_live(session, tenant_id, wanted.external_id) is None:
                draft = products.check_new_product(changes, self._taxonomy, self.limits)
                return products.insert_new(session, tenant_id, product_id, draft, etag, moment_us), True
            checked = products.check_draft(changes, self.limits, named="display_name" in fields)
            changed = products.update_product(
                session, tenant_id, wanted, checked, fields, etag, self._taxonomy, moment_us
            )
            product_primary.update_primary_item(session, tenant_id, changed.id, self._taxonomy, moment_us)
            return products.read_product(session, tenant_id, ProductKey(changed.id)), False

        with _below_product():
            try:
                updated = await self._database.write(update)
            except IntegrityError:  # the same external id, at the same time, from another process
                updated = await self._database.write(update)
        self._wake_drainer()
        return updated

    async def delete_product(self, principal: Principal, product_id: str, etag: str = "") -> None:
        """Delete a product with its photos and items.

        Raises:
            NotFound, or Conflict where the etag is stale.
        """
        wanted = check_id("product_id", product_id)
        tenant_id, moment_us = principal.tenant_id, now_us()

        def delete(session: Session) -> images.DeletedImages:
            image_ids = products.delete_product(session, tenant_id, wanted, etag, moment_us)
            return images.delete_images(session, tenant_id, image_ids, moment_us)

        await self._forget(tenant_id, await self._database.write(delete))

    def _checked_key(self, key: ProductKey, id_field: str, external_field: str) -> ProductKey:
        """By its id, where one is given. Raises InvalidInput where neither is, or one is not well formed."""
        if key.id or not key.external_id:
            return ProductKey(check_id(id_field, key.id))
        return ProductKey("", check_text(external_field, key.external_id, self.limits.max_name_chars))

    # Photos and their jobs

    async def index_image(self, principal: Principal, request: IndexRequest) -> Job:
        """Store a photo durably and queue it. Raises InvalidInput, NotFound, AlreadyExists."""
        return await self._intake.take(principal.tenant_id, request)

    async def get_image(self, principal: Principal, image_id: str) -> Image:
        """Raises InvalidInput, NotFound."""
        wanted = check_id("image_id", image_id)
        return await self._database.read(
            lambda session: images.read_image(session, principal.tenant_id, wanted)
        )

    async def list_images(
        self, principal: Principal, page_size: int = 0, page_token: str = "", *, product_id: str = ""
    ) -> Page[Image]:
        """Newest first. Raises InvalidInput."""
        product = check_id("product_id", product_id) if product_id else ""
        cursor = read_cursor(self.limits, f"images {product}", page_size, page_token)
        found = await self._database.read(
            lambda session: images.list_images(session, principal.tenant_id, cursor, product)
        )
        return cut_page(cursor, found, lambda image: image.id)

    async def image_content(self, principal: Principal, image_id: str) -> ImageContent:
        """A photo as it was sent. Raises InvalidInput, NotFound, Unavailable."""
        image = await self.get_image(principal, image_id)
        return await self._renditions.original(principal.tenant_id, image.id, image.format)

    async def image_thumbnail(
        self, principal: Principal, image_id: str, max_side_px: int = 0
    ) -> ImageContent:
        """A JPEG within `max_side_px`; 0 means 256. Raises InvalidInput, NotFound, Unavailable."""
        image = await self.get_image(principal, image_id)
        return await self._renditions.thumbnail(principal.tenant_id, image.id, max_side_px)

    async def delete_image(self, principal: Principal, image_id: str, etag: str = "") -> None:
        """Delete a photo and its items. Raises NotFound, or Conflict where the etag is stale."""
        wanted = check_id("image_id", image_id)
        tenant_id, moment_us = principal.tenant_id, now_us()

        def delete(session: Session) -> images.DeletedImages:
            deleted, product_id = images.delete_image(session, tenant_id, wanted, etag, moment_us)
            if product_id:
                product_primary.update_primary_item(session, tenant_id, product_id, self._taxonomy, moment_us)
            return deleted

        await self._forget(tenant_id, await self._database.write(delete))

    async def get_job(self, principal: Principal, job_id: str) -> Job:
        """Raises NotFound."""
        wanted = check_id("job_id", job_id)
        return await self._database.read(lambda session: jobs.read_job(session, principal.tenant_id, wanted))

    async def list_jobs(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        wanted: JobFilter = JobFilter(),
    ) -> Page[Job]:
        """Newest first. Raises InvalidInput."""
        if wanted.product_id:
            wanted = replace(wanted, product_id=check_id("product_id", wanted.product_id))
        cursor = read_cursor(self.limits, f"jobs {wanted.scope}", page_size, page_token)
        found = await self._database.read(
            lambda session: jobs.list_jobs(session, principal.tenant_id, cursor, wanted)
        )
        return cut_page(cursor, found, lambda job: job.id)

    async def cancel_job(self, principal: Principal, job_id: str) -> Job:
        """End an open job. Raises InvalidInput, NotFound, or FailedPrecondition where it has ended."""
        wanted = check_id("job_id", job_id)
        job = await self._database.write(
            lambda session: jobs.cancel_job(session, principal.tenant_id, wanted, now_us())
        )
        self._job_events.publish(principal.tenant_id, job.id)
        return job

    async def retry_job(self, principal: Principal, job_id: str) -> Job:
        """Queue a FAILED or CANCELLED job again. Raises InvalidInput, NotFound, FailedPrecondition."""
        wanted = check_id("job_id", job_id)
        job = await self._database.write(
            lambda session: jobs.retry_job(session, principal.tenant_id, wanted, now_us())
        )
        self._job_events.publish(principal.tenant_id, job.id)
        self._workers.wake()
        return job

    async def watch_job(self, principal: Principal, job_id: str) -> AsyncIterator[Job]:
        """The job now and after every change, until it has ended; COMPLETE is not shown before that.

        Raises:
            NotFound.
        """
        with self._job_events.watch(principal.tenant_id, check_id("job_id", job_id)) as watch:
            job = await self.get_job(principal, job_id)
            shown: Job | None = None
            while True:
                if (job.state is not JobState.COMPLETE or job.ended) and job != shown:
                    shown = job
                    yield job
                if job.ended:
                    return
                progress = await watch.hear(self._options.recheck_s)
                job = job.after(progress) if progress else await self.get_job(principal, job_id)

    async def _forget(self, tenant_id: str, deleted: images.DeletedImages) -> None:
        """Tell those concerned, and remove the blobs; the sweeper removes what is left here."""
        self._wake_drainer()
        for job_id in deleted.job_ids:
            self._job_events.publish(tenant_id, job_id)
        keys = [original_key(tenant_id, image_id) for image_id in deleted.image_ids]
        keys += [crop_key(tenant_id, item_id) for item_id in deleted.item_ids]
        try:
            await self._blobs.delete(keys)
        except ArmoireError as error:
            _LOG.warning("blobs of deleted photos are left to the sweeper", exc_info=error)

    # Items and search

    async def get_item(
        self,
        principal: Principal,
        item_id: str,
        *,
        include_embedding: bool = False,
        include_crop: bool = False,
    ) -> Item:
        """Raises NotFound."""
        tenant_id, wanted = principal.tenant_id, check_id("item_id", item_id)

        def read(session: Session) -> Item:
            item = items.read_item(session, tenant_id, wanted)
            if not include_embedding:
                return item
            return replace(item, embedding=items.read_embedding(session, tenant_id, wanted, item.version))

        item = await self._database.read(read)
        if not include_crop:
            return item
        return replace(item, crop=await self._searcher.read_crop(tenant_id, wanted))

    async def list_items(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        *,
        product_id: str = "",
        image_id: str = "",
    ) -> Page[Item]:
        """Newest first. Raises InvalidInput."""
        product = check_id("product_id", product_id) if product_id else ""
        image = check_id("image_id", image_id) if image_id else ""
        cursor = read_cursor(self.limits, f"items {product} {image}", page_size, page_token)
        found = await self._database.read(
            lambda session: items.list_items(session, principal.tenant_id, cursor, product, image)
        )
        return cut_page(cursor, found, lambda item: item.id)

    async def search(
        self, principal: Principal, query: Query, options: SearchOptions = SearchOptions()
    ) -> SearchResult:
        """Find the items most like the query.

        Raises:
            InvalidInput, NotFound, FailedPrecondition, Unavailable.
        """
        return await self._searcher.search(principal.tenant_id, query, options)


def _vector_index(uri: str, columns: Columns) -> VectorIndex:
    """A Milvus server; for a file, memory before Milvus Lite."""
    path = uri.removeprefix("file://")
    return MilvusIndex(uri, columns) if "://" in path else FlatIndex(Path(path), columns)


@contextmanager
def _below_product() -> Iterator[None]:
    """Complaints about a product's fields name them below "product"."""
    try:
        yield
    except InvalidInput as error:
        raise error.within("product") from None
