"""The catalogue: what its callers see, and the parts it is built from."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from domain.addresses import host_of, redact
from domain.clock import now_us
from domain.errors import ArmoireError, Unavailable
from domain.quota import Quota, TenantUse, no_quota
from domain.rank_weights import WeightsOf, no_weights
from domain.taxonomy import Taxonomy, TaxonomyOf
from domain.types import SERVER, Principal
from services.audit.trail import AuditTrail
from services.background.backoff import Backoff
from services.background.closing import CLOSE_S, close_within
from services.background.log_throttle import LogThrottle
from services.background.retry import retry
from services.background.task_supervisor import TaskSupervisor
from services.catalog.addresses import BLOB_URL
from services.catalog.analyzer import Analyzer
from services.catalog.blobs.own_urls import OwnUrls
from services.catalog.blobs.ownership import Ownership
from services.catalog.blobs.rejected_crops import RejectedCrops
from services.catalog.blobs.renditions import Renditions
from services.catalog.blobs.store import BlobStore, StoreMissing
from services.catalog.blobs.sweeper import Sweeper
from services.catalog.blobs.thumbnailer import Thumbnailer
from services.catalog.collection_analyzer import CollectionAnalyzer
from services.catalog.ids import IdSource
from services.catalog.indexing.indexer import Indexer
from services.catalog.indexing.intake import Intake
from services.catalog.indexing.item_descriptions import ItemDescriptions
from services.catalog.indexing.photo_hasher import PhotoHasher
from services.catalog.indexing.retention import JobRetention
from services.catalog.indexing.workers import Workers
from services.catalog.operations.audit import Audit
from services.catalog.operations.audit_schedule import AuditSchedule
from services.catalog.operations.backfill import Backfill
from services.catalog.operations.catalog_export import CatalogExport
from services.catalog.operations.comparison import Comparison
from services.catalog.operations.end_user_erasure import (
    EndUserErasure,
    EndUserExports,
    EndUserProducts,
    EndUserRecords,
    EndUserRows,
)
from services.catalog.operations.erased_stores import Blobs, CatalogRecords, CatalogRows, Vectors
from services.catalog.operations.erasure import Erasure, ErasureOptions, TenantErasure, TenantStore
from services.catalog.operations.imports import Import
from services.catalog.operations.photo_fill import PhotoFill
from services.catalog.operations.product_erasure import ProductErasure
from services.catalog.operations.reindex import Reindex
from services.catalog.operations.run import OperationWork
from services.catalog.operations.runner import OperationRunner
from services.catalog.operations.served_versions import ServedVersions
from services.catalog.options import CatalogObservers, CatalogOptions
from services.catalog.parts import CatalogParts
from services.catalog.records.backlog import Backlog, read_backlog
from services.catalog.records.claims import release_all_leases
from services.catalog.records.job_events import JobEvents
from services.catalog.records.operations import OperationKind, release_operations
from services.catalog.records.tenant_use import read_use, read_uses
from services.catalog.resources.collections import Collections
from services.catalog.resources.corrections import Corrections
from services.catalog.resources.dead_letters import DeadLetters
from services.catalog.resources.deletions import Deletions
from services.catalog.resources.erasures import Erasures
from services.catalog.resources.exports import Exports
from services.catalog.resources.images import Images
from services.catalog.resources.import_checks import ImportChecks
from services.catalog.resources.import_reading import EntryReader
from services.catalog.resources.imports import Imports
from services.catalog.resources.item_samples import ItemSamples
from services.catalog.resources.items import Items
from services.catalog.resources.job_watch import JobWatch
from services.catalog.resources.jobs import Jobs
from services.catalog.resources.links import Links
from services.catalog.resources.list_filters import ListFilters
from services.catalog.resources.near_duplicates import NearDuplicates
from services.catalog.resources.operations import Operations
from services.catalog.resources.pages import Pages
from services.catalog.resources.products import Products
from services.catalog.resources.reindexing import Reindexing
from services.catalog.resources.review_queue import ReviewQueue
from services.catalog.resources.review_statistics import ReviewStatistics
from services.catalog.resources.reviews import Reviews
from services.catalog.resources.tastes import Tastes
from services.catalog.resources.uploads import Uploads
from services.catalog.resources.wardrobes import Wardrobes
from services.catalog.resources.webhooks import Webhooks
from services.catalog.retention import Purge
from services.catalog.search.filter_rules import TenantRules, filter_fields
from services.catalog.search.query import ItemQuery, Query, SearchOptions
from services.catalog.search.query_vectors import QueryEncoder
from services.catalog.search.result import SearchResult
from services.catalog.search.searcher import Searcher
from services.catalog.sql.catalog_database import catalog_database
from services.catalog.store_watch import StoreWatch
from services.catalog.sync.drainer import Drainer
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.leadership import Leadership
from services.catalog.sync.notifications import Notifications, Topic
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.sync.server_index import ServerIndex
from services.catalog.vectors.flat_index import FlatIndex
from services.catalog.vectors.index import VectorIndex
from services.catalog.vectors.row import Columns
from services.catalog.web.fetcher import Fetcher
from services.catalog.webhooks.dispatcher import Dispatcher
from services.catalog.webhooks.sender import WebhookSender
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
CLOSE_FILES_S = 20.0
"""The most that closing a vector index in files takes."""


class Catalog:
    """Products, images, jobs, items and search, each call within the caller's tenant.

    It builds the parts, starts and stops them; the calls are those of `products`, `images`, `jobs`, `items`,
    `corrections`, `reviews`, `review_queue`, `review_statistics`, `operations`, `links`, `imports`,
    `import_checks`, `exports`, `pages`, `uploads`, `item_samples`, `wardrobes`, `tastes`, `near_duplicates`.
    """

    def __init__(
        self,
        options: CatalogOptions,
        analyzer: Analyzer,
        taxonomy: Taxonomy,
        observers: CatalogObservers = CatalogObservers(),
        quota_of: Callable[[str], Quota] = no_quota,
        taxonomy_of: TaxonomyOf | None = None,
        weights_of: WeightsOf = no_weights,
        fetcher: Fetcher | None = None,
        erasure: ErasureOptions = ErasureOptions(),
    ) -> None:
        """`taxonomy` is the server's; `quota_of` and the like say what is a tenant's at the moment.

        `fetcher` takes the place of the options'. `erasure` is what of a tenant is kept elsewhere.
        """
        self.limits = options.limits
        self.decode_limits = options.decode_limits
        self._options = options
        self._observers = observers
        self._analyzer = analyzer
        self._taxonomy = taxonomy
        self._taxonomy_of: TaxonomyOf = taxonomy_of or (lambda _tenant_id: taxonomy)
        self._weights_of = weights_of
        self._quota_of = quota_of
        self._fetcher = fetcher or Fetcher(options.fetch)
        self._erasure = erasure
        self._ids = IdSource()
        self._ready = asyncio.Event()
        self.filter_fields = filter_fields(taxonomy)
        self._build_stores()
        self._build_sync()
        self._build_indexing()
        self._parts = self._shared_parts()
        self._build_runner()
        self._build_search()
        self._build_loops()

    def _build_stores(self) -> None:
        self._writer = RowWriter(self._taxonomy)
        self._database = catalog_database(self._options.database_url)
        self.trail = AuditTrail(self._database, self._options.audit)
        options = self._options
        self._blobs = BlobStore(
            options.blob_url,
            self._observers.blobs,
            instance_role=options.s3_instance_role,
            keys=options.s3_keys,
            public_endpoint=options.s3_public_endpoint,
        )
        days = self._options.retention.rejected_crops_days
        self._rejected = RejectedCrops(self._blobs, self.decode_limits, days)
        self._index = _vector_index(self._options.milvus_uri, self._writer.columns, self._database)
        self._notifications = notifications = Notifications(self._database, self._options.retry)
        self._job_events = JobEvents(partial(notifications.send, Topic.JOB))
        self._operation_events = JobEvents(partial(notifications.send, Topic.OPERATION))
        notifications.receive(
            {Topic.JOB: self._job_events.deliver, Topic.OPERATION: self._operation_events.deliver}
        )

    def _build_sync(self) -> None:
        """Build what keeps the vector index as the database is."""
        options, drain = self._options, asyncio.Event()
        self._wake_drainer = self._notifications.waking(Topic.OUTBOX, drain.set)
        self._purge = Purge(self._database, self._blobs, drain.set, options.retention, self._observers.purge)
        self._embedders = CollectionAnalyzer(self._analyzer)
        self._served = ServedVersions(self._database, self._analyzer, self._taxonomy, self._taxonomy_of)
        self._collections = OpenCollections(
            self._database, self._index, self._writer, self._analyzer, self._wake_drainer
        )
        self._drainer = Drainer(
            self._database,
            self._index,
            self._collections,
            self._writer,
            self._job_events,
            Leadership(self._database.url, self._writer.columns.names),
            drain,
            batch_rows=options.drain_batch_rows,
            pause_s=options.drain_pause_s,
            retry=options.retry,
            recheck_s=options.recheck_s,
            traced=self._observers.traced,
        )

    def _build_indexing(self) -> None:
        """Build what works on photos, and what looks after their pictures."""
        options, traced = self._options, self._observers.traced
        self._hasher = PhotoHasher(self.decode_limits)
        self._thumbnailer = Thumbnailer(self._database, self._blobs, self.decode_limits, options.recheck_s)
        self._indexer = Indexer(
            self._database,
            self._blobs,
            self._embedders,
            self._collections,
            self._taxonomy_of,
            self._job_events,
            self._wake_indexed,
            self._rejected,
            self._hasher,
            self._quota_of,
        )
        self._workers = Workers(
            self._database, self._indexer.index, self._job_events, options.workers, traced
        )
        self._wake_workers = self._notifications.waking(Topic.JOBS_DUE, self._workers.wake)
        self._ownership = Ownership(self._database, self._blobs, self._ids)
        self._sweeper = Sweeper(self._database, self._blobs, self._ownership, options.sweep)
        self._stores = StoreWatch(self._database, self._blobs, self._ownership)

    def _shared_parts(self) -> CatalogParts:
        return CatalogParts(
            self._database,
            self.trail,
            self._blobs,
            self._ids,
            self.limits,
            self.decode_limits,
            self._taxonomy_of,
            self._quota_of,
            self._wake_drainer,
            self._wake_workers,
        )

    def _build_loops(self) -> None:
        """Build the background loops."""
        options = self._options
        loops = {
            "worker": self._work,
            "operation runner": self._runner.run,
            "drainer": self._drainer.run,
            "collections": self._collections.run,
            "sweeper": self._sweeper.run,
            "purge": self._purge.run,
            "store watch": self._stores.run,
            "audit trail": self.trail.run,
            "notifications": self._notifications.run,
            "sampled items": self.item_samples.recent.run,
        }
        if options.dispatch.concurrency:
            loops["webhook dispatcher"] = self._dispatcher.run
        if options.job_retention_days:
            loops["job retention"] = JobRetention(self._database, options.job_retention_days).run
        if options.thumbnails:
            loops["thumbnailer"] = self._thumbnailer.run
        if options.audit_every_s:
            loops["audit schedule"] = AuditSchedule(self._start_audit, options.audit_every_s).run
        self._loops = TaskSupervisor(loops, options.retry)

    def _wake_indexed(self) -> None:
        """A photo was indexed: its rows wait for the vector index, and it has no thumbnails yet."""
        self._wake_drainer()
        self._thumbnailer.wake()

    def _build_runner(self) -> None:
        """Build what works on operations, and what sends events."""
        self._sender = WebhookSender(self._options.webhooks)
        self._dispatcher = Dispatcher(self._database, self._sender, self._options.dispatch)
        audit = Audit(
            self._database,
            self._blobs,
            self._index,
            self._collections,
            self._wake_workers,
            self._options.sweep.grace_s,
            self._observers.audit,
        )
        work: dict[OperationKind, OperationWork] = {
            OperationKind.AUDIT: audit,
            OperationKind.BACKFILL: self._backfill(),
            OperationKind.IMPORT: Import(self._parts, self._collections, self._fetcher),
            OperationKind.REINDEX: Reindex(self._database, self._indexer, self._served, self._wake_drainer),
            OperationKind.EXPORT: CatalogExport(self._database, self._blobs, self._options.sweep.exports_s),
            OperationKind.ERASE: self._erase(),
        }
        options = self._options.operations
        self._runner = OperationRunner(self._database, self._operation_events, work, options)
        self._wake_runner = self._notifications.waking(Topic.OPERATIONS_DUE, self._runner.wake)

    def _erase(self) -> Erasure:
        vectors, erasure = Vectors(self._database, self._index, self._collections), self._erasure
        rows, records = CatalogRows(self._database), CatalogRecords(self.trail)
        blobs = Blobs(self._blobs)
        self._tenant_stores: list[TenantStore] = [*erasure.stores, rows, records, vectors, blobs]
        tenant = TenantErasure(self._tenant_stores, erasure.gate, erasure.settle_s)
        product = ProductErasure(self._database, blobs, vectors)
        own = EndUserProducts(self._database, product)
        rest = EndUserRows(self._database), EndUserRecords(self.trail), EndUserExports(blobs)
        end_user = EndUserErasure(self._database, [*erasure.of_end_users, own, *rest])
        return Erasure(tenant, end_user, product)

    def _backfill(self) -> Backfill:
        comparison = Comparison(self._database, self._index, self._collections)
        descriptions = ItemDescriptions(self._embedders, self._taxonomy_of)
        photos = PhotoFill(self._database, self._blobs, descriptions, self._collections.wake_drainer)
        return Backfill(self._database, self._collections, photos, comparison)

    def _build_search(self) -> None:
        """Build what answers calls."""
        rules = TenantRules(self._taxonomy_of, self.limits)
        self._searcher = Searcher(
            self._database,
            self._blobs,
            self._index,
            self._collections,
            lambda rules: QueryEncoder(self._embedders, rules, self.limits, self.decode_limits, self._hasher),
            self._embedders,
            rules,
            self.limits,
            self._options.category_bonus,
            self._observers.search,
            self._weights_of,
        )
        self.item_samples = ItemSamples(self._parts, self._collections, rules, self._writer)
        self._build_resources(ListFilters(self._collections, rules, self._writer))

    def _build_resources(self, filters: ListFilters) -> None:
        parts, database, trail, limits = self._parts, self._database, self.trail, self.limits
        deletions = Deletions(
            self._blobs, self._job_events, self._wake_drainer, self._wake_workers, self._quota_of
        )
        self.products = Products(parts, deletions, filters)
        self.items = Items(database, limits, self._searcher.read_crop, filters)
        self.wardrobes, self.tastes = Wardrobes(parts), Tastes(parts)
        self.near_duplicates = NearDuplicates(database, limits)
        self._build_photos(deletions)
        recheck_s = self._options.recheck_s
        self.jobs = Jobs(database, trail, self._job_events, limits, self._wake_workers, recheck_s)
        self.webhooks = Webhooks(database, trail, self._ids, limits, self._sender, self._dispatcher.wake)
        self.job_watch = JobWatch(database, self._job_events, recheck_s)
        self.dead_letters = DeadLetters(
            database, trail, self._job_events, limits, deletions, self._wake_workers
        )
        self.operations = Operations(
            database, trail, self._ids, self._operation_events, limits, self._wake_runner, recheck_s
        )
        self.collections = Collections(database, trail, self._collections, self._analyzer, self.operations)
        self.pages = Pages(self._fetcher, limits)
        reader = EntryReader(self._ids, limits, parts.decode_limits)
        self.imports = Imports(parts, reader, self._wake_runner)
        self.import_checks = ImportChecks(parts, reader, self._fetcher.options.hosts)
        self.reindexing = Reindexing(database, self._served, self.operations)
        self.erasures = Erasures(database, self.operations, self._tenant_stores)
        self.exports = Exports(database, trail, self._blobs, self._taxonomy_of, limits, self.operations)
        self.corrections = Corrections(parts, self._collections)
        self.reviews = Reviews(parts, self._collections)
        self.review_queue = ReviewQueue(parts, self._collections, self._find_similar)
        self.review_statistics = ReviewStatistics(parts, self._collections)

    async def _find_similar(self, principal: Principal, item_id: str, min_score: float) -> list[str]:
        options = SearchOptions(
            top_k=self.limits.max_top_k, rerank=False, min_score=min_score, owned_too=True
        )
        found = await self.search(principal, ItemQuery(item_id), options)
        return [hit.item.id for query in found.queries for hit in query.hits]

    def _build_photos(self, deletions: Deletions) -> None:
        """Build what takes photos and hands them out."""
        parts, blobs, options = self._parts, self._blobs, self._options.urls
        urls = OwnUrls(options)
        self.uploads = Uploads(parts, urls, options)
        intake, renditions = Intake(parts, self.uploads.read), Renditions(blobs, self.decode_limits)
        self.images = Images(
            self._database,
            self.trail,
            intake,
            renditions,
            self._rejected,
            self._taxonomy_of,
            self.limits,
            deletions,
        )
        self.links = Links(self.images, self.items, blobs, urls, options)

    # Life

    async def start(self) -> None:
        """Open the stores and start the loops. It does not wait for inference: see `wait_until_ready`.

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
        await self._stores.look()
        if self._database.embedded:  # its lock allows one process only
            await self._database.write(_release_leases)

    async def _open_blobs(self) -> None:
        try:
            await self._ownership.claim()
        except StoreMissing:
            return  # the watch of the stores reports it, and claims the store when it is there
        except Unavailable as error:
            where = f"{host_of(self._options.blob_url)} ({BLOB_URL})"
            raise Unavailable(f"{error.message} at {where}", reason=error.reason) from error

    async def stop(self) -> None:
        """Queue running jobs again and close the stores."""
        self._ready.clear()
        async with AsyncExitStack() as stores:  # whatever fails, the rest is closed
            stores.push_async_callback(close_within, self._database.name, self._database.close)
            stores.push_async_callback(self._close_index)
            await close_within("the work on the stores", self._end_work)

    async def _end_work(self) -> None:
        await self._loops.stop()
        await self._searcher.close()
        await self._drainer.close()
        await self._fetcher.close()
        await self._sender.close()

    async def _close_index(self) -> None:
        """Files always have their time, so that the next start need not repeat what was not flushed."""
        limit_s = CLOSE_S if self._index.shared else CLOSE_FILES_S
        await close_within("the vector store", partial(asyncio.to_thread, self._index.close), limit_s)

    @property
    def ready(self) -> bool:
        """Whether inference answers, all stores have what calls need, and all background loops run."""
        intact = self._stores.in_order and self._drainer.intact
        return self._ready.is_set() and self._loops.all_running and intact

    async def wait_until_ready(self) -> None:
        """Return once inference has answered and its collection is open."""
        await self._ready.wait()

    async def backlog(self) -> Backlog:
        """The work that waits, of all tenants. Raises Unavailable if the database cannot be reached."""
        return await self._database.read(lambda session: read_backlog(session, now_us()))

    async def use(self, tenant_id: str) -> TenantUse:
        """What a tenant keeps. Raises Unavailable if the database cannot be reached."""
        return await self._database.read(lambda session: read_use(session, tenant_id))

    async def uses(self) -> Mapping[str, TenantUse]:
        """What each tenant keeps, those with most items first. Raises as `use`."""
        return await self._database.read(read_uses)

    async def _start_audit(self, key: str) -> None:
        """Compare the stores of all tenants."""
        await self.operations.start(SERVER, OperationKind.AUDIT, {"all_tenants": True}, key)

    async def _work(self) -> None:
        """Open the collection that is searched as soon as inference answers, then work on jobs."""
        throttle = LogThrottle()

        def log_wait(error: Exception, _pause_s: float) -> None:
            if throttle.admit() is not None:
                _LOG.warning("jobs wait until inference and the vector store answer: %s", redact(str(error)))

        backoff = Backoff(0.1, self._options.recheck_s)
        await retry(self._collections.open_current, backoff, log_wait, ArmoireError)
        self._ready.set()
        await self._workers.run()

    async def embedding_width(self) -> int:
        """The width of the vectors that Search takes."""
        return (await self._collections.searched()).width

    async def search(
        self, principal: Principal, query: Query, options: SearchOptions = SearchOptions()
    ) -> SearchResult:
        """Find the items that are most similar to the query. Raises the same errors as `Searcher.search`."""
        return await self._searcher.search(principal.tenant_id, query, options)


def _release_leases(session: Session) -> None:
    """Expire the leases of the process before; only for the only process on the database."""
    release_all_leases(session, now_us())
    release_operations(session, now_us())


def _vector_index(uri: str, columns: Columns, database: Database) -> VectorIndex:
    """A Milvus server; for a file, a flat index before Milvus Lite."""
    path = uri.removeprefix("file://")
    return ServerIndex(uri, columns, database) if "://" in path else FlatIndex(Path(path), columns)
