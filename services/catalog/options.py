"""What the catalogue is given: its stores, how it works, and who is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.spans import TracedWork, untraced
from imaging.decode import DecodeLimits
from services.audit.options import AuditOptions
from services.background.backoff import Backoff
from services.catalog.blobs.store import BlobObserver
from services.catalog.blobs.store import observe_nothing as observe_no_blob
from services.catalog.blobs.sweeper import SweepOptions
from services.catalog.blobs.url_options import UrlOptions
from services.catalog.indexing.workers import WorkerOptions
from services.catalog.limits import CatalogLimits
from services.catalog.operations.audit import AuditObserver
from services.catalog.operations.audit import observe_nothing as observe_no_audit
from services.catalog.operations.runner import RunnerOptions
from services.catalog.retention import PurgeObserver, RetentionOptions
from services.catalog.retention import observe_nothing as observe_no_purge
from services.catalog.search.searcher import SearchObserver, observe_nothing
from services.catalog.web.fetcher import FetchOptions
from services.catalog.webhooks.dispatcher import DispatchOptions
from services.catalog.webhooks.sender import SendOptions


@dataclass(frozen=True, slots=True)
class CatalogOptions:
    """The stores of the catalogue, and how it works.

    Attributes:
        database_url: an SQLAlchemy URL, of SQLite (one process only) or PostgreSQL.
        blob_url: a folder, a file:// or an s3:// URL.
        milvus_uri: a file for Milvus Lite (one process only), or a server's http:// URI.
        drain_batch_rows: outbox rows that are written to the vector index at a time.
        drain_pause_s: how long to let rows gather after a batch that was not full.
        retry: pauses before a failed background loop starts again.
        recheck_s: how often idle parts check for changes without an event.
        sweep: when left-over blobs are removed.
        retention: how long what was deleted is kept.
        thumbnails: whether this process makes them in the background.
        operations: how operations are worked on.
        audit_every_s: how often the stores are compared; 0 means never.
        webhooks: where events may be sent.
        dispatch: how they are sent.
        job_retention_days: how long jobs that have ended are kept; 0 means as long as their photos.
        category_bonus: the bonus, in logits, of a hit that certainly has the query's category; its cosine
            rises by this divided by the model's logit scale.
        s3_instance_role: whether a bucket without keys may ask the instance metadata of the machine.
        audit: how long the records of changes are kept, and which are made.
        s3_keys: the id and the secret of a key, instead of those in the environment.
        s3_public_endpoint: the URL under which callers reach S3, where it is not the server's.
        urls: how URLs of pictures are made.
        fetch: which URLs imports may fetch, and how.
    """

    database_url: str = field(repr=False)
    blob_url: str
    milvus_uri: str = field(repr=False)
    workers: WorkerOptions = field(default_factory=WorkerOptions)
    limits: CatalogLimits = field(default_factory=CatalogLimits)
    decode_limits: DecodeLimits = field(default_factory=DecodeLimits)
    drain_batch_rows: int = 1000
    drain_pause_s: float = 0.2
    retry: Backoff = Backoff(0.2, 30.0)
    recheck_s: float = 5.0
    sweep: SweepOptions = SweepOptions()
    retention: RetentionOptions = RetentionOptions()
    thumbnails: bool = True
    operations: RunnerOptions = RunnerOptions()
    category_bonus: float = 3.0
    s3_instance_role: bool = False
    audit: AuditOptions = AuditOptions()
    audit_every_s: float = 86_400.0
    job_retention_days: int = 0
    webhooks: SendOptions = SendOptions()
    dispatch: DispatchOptions = DispatchOptions()
    s3_keys: tuple[str, str] | None = field(default=None, repr=False)
    s3_public_endpoint: str = ""
    urls: UrlOptions = field(default_factory=UrlOptions)
    fetch: FetchOptions = FetchOptions()


@dataclass(frozen=True, slots=True)
class CatalogObservers:
    """What is told of searches, operations of the blob store, audits and purges, and what traces background
    work.
    """

    search: SearchObserver = observe_nothing
    blobs: BlobObserver = observe_no_blob
    traced: TracedWork = untraced
    audit: AuditObserver = observe_no_audit
    purge: PurgeObserver = observe_no_purge
