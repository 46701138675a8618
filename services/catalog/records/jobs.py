"""Jobs: the indexing of one photo, from QUEUED to COMPLETE, FAILED or CANCELLED."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    bindparam,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.error_record import error_from_record
from domain.errors import AlreadyExists, ArmoireError, NotFound
from domain.types import ModelVersion
from services.catalog.records import outbox
from services.catalog.records.collections import CURRENT, IS_CURRENT, SHARED
from services.catalog.records.paging import Cursor
from services.catalog.records.photo_hashes import NearDuplicate, noted_duplicate
from services.catalog.sql.tables import (
    CollectionRow,
    EmbeddingRow,
    ImageRow,
    ItemRow,
    JobRow,
    OutboxRow,
    PredictionRow,
    ProductRow,
)
from services.catalog.sql.upsert import AnyRow, table_of


class JobState(StrEnum):
    """CROPPING is decoding and detecting, ANALYZING embedding and describing; BULK jobs are not ANALYZING."""

    QUEUED = "queued"
    CROPPING = "cropping"
    ANALYZING = "analyzing"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobPriority(StrEnum):
    """Who waits for the job. An INTERACTIVE one passes BULK ones that were queued shortly before."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


OPEN = (JobState.QUEUED, JobState.CROPPING, JobState.ANALYZING)

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class JobItem:
    """An item that a job found; it may represent its photo, and its product."""

    item_id: str
    label: str
    primary_in_image: bool
    primary_in_product: bool = False


@dataclass(frozen=True, slots=True)
class IndexedVersion:
    """How far a photo is indexed for one model version.

    Attributes:
        live: Search uses this version now.
        complete: every item of the photo has an embedding of it.
        searchable: Search finds every item of the photo where it uses this version.
    """

    version: ModelVersion
    live: bool
    complete: bool
    searchable: bool


@dataclass(frozen=True, slots=True)
class JobFilter:
    """A filter of listed jobs; a field that is not set is ignored.

    `created_from_us` is inclusive, `created_before_us` exclusive; microseconds since 1970. `reasons` are
    those of errors.
    """

    states: frozenset[JobState] = frozenset()
    product_id: str = ""
    created_from_us: int | None = None
    created_before_us: int | None = None
    reasons: frozenset[str] = frozenset()
    job_ids: tuple[str, ...] = ()

    @property
    def scope(self) -> str:
        """A text that identifies the filter."""
        others = (self.product_id, self.created_from_us, self.created_before_us)
        return f"{sorted(self.states)} {others} {sorted(self.reasons)} {sorted(self.job_ids)}"

    def lets_through(self, job: Job) -> bool:
        """What `conditions` asks in SQL, of a job whose id is named."""
        reason = "" if job.error is None else job.error.reason
        since, until = map(_datetime, (self.created_from_us, self.created_before_us))
        return (
            (not self.states or job.state in self.states)
            and (not self.reasons or reason in self.reasons)
            and self.product_id in ("", job.product_id)
            and (since is None or job.create_time >= since)
            and (until is None or job.create_time < until)
        )


def _datetime(moment_us: int | None) -> datetime | None:
    return None if moment_us is None else datetime_from_us(moment_us)


@dataclass(frozen=True, slots=True)
class Progress:
    """The state that a try has reached, and when."""

    state: JobState
    attempts: int
    moment_us: int


@dataclass(frozen=True, slots=True)
class Job:
    """The indexing of a photo, as callers see it.

    Attributes:
        error: why it FAILED, or why the last try did not succeed.
        items: what was found, once COMPLETE.
        versions: the model versions that have described its items.
        near_duplicate_of: the most similar earlier photo that its photo is a copy of.
    """

    id: str
    image_id: str
    image_name: str
    product_id: str
    state: JobState
    attempts: int
    error: ArmoireError | None = field(compare=False)  # exceptions are equal only to themselves
    items: tuple[JobItem, ...]
    create_time: datetime
    update_time: datetime
    versions: tuple[IndexedVersion, ...] = ()
    priority: JobPriority = JobPriority.INTERACTIVE
    near_duplicate_of: NearDuplicate | None = None

    @property
    def searchable(self) -> bool:
        """It is COMPLETE and Search finds all its items."""
        return any(version.live and version.searchable for version in self.versions)

    @property
    def outdated(self) -> bool:
        """It is COMPLETE and some item has no embedding of the served model."""
        return bool(self.items) and not any(version.live and version.complete for version in self.versions)

    @property
    def ended(self) -> bool:
        """It is FAILED, CANCELLED, or COMPLETE with no item that still waits for the vector index."""
        if self.state is JobState.COMPLETE:
            return self.searchable or self.outdated or not self.items
        return self.state not in OPEN

    def after(self, progress: Progress) -> Job | None:
        """The job with this progress; None if that is not newer, or the clock was set back meanwhile."""
        moment = datetime_from_us(progress.moment_us)
        if moment <= self.update_time:
            return None
        return replace(self, state=progress.state, attempts=progress.attempts, update_time=moment)


_JOB, _IMAGE, _ITEM, _PRODUCT = table_of(JobRow), table_of(ImageRow), table_of(ItemRow), table_of(ProductRow)
_PREDICTION, _EMBEDDING = table_of(PredictionRow), table_of(EmbeddingRow)
_COLLECTION, _OUTBOX = table_of(CollectionRow), table_of(OutboxRow)
OF_IMAGE = (_IMAGE.c.tenant_id == _JOB.c.tenant_id) & (_IMAGE.c.id == _JOB.c.image_id)
_SELECT_JOBS = (
    select(
        *(_JOB.c.id, _JOB.c.image_id, _JOB.c.state, _JOB.c.attempts, _JOB.c.error, _JOB.c.fingerprint),
        *(_JOB.c.create_us, _JOB.c.update_us, _JOB.c.priority, _IMAGE.c.name, _IMAGE.c.product_id),
        *(_IMAGE.c.delete_us.label("image_delete_us"), _IMAGE.c.near_duplicate_id),
        _IMAGE.c.near_duplicate_distance,
    )
    .join_from(_JOB, _IMAGE, OF_IMAGE)
    .where(_JOB.c.tenant_id == bindparam("tenant_id"))
)
_SELECT_JOB = _SELECT_JOBS.where(_JOB.c.id == bindparam("job_id"))
_SELECT_KEY = _SELECT_JOBS.where(_JOB.c.idempotency_key == bindparam("key"))
_OF_IMAGES = (
    _ITEM.c.tenant_id == bindparam("tenant_id"),
    _ITEM.c.image_id.in_(bindparam("image_ids", expanding=True)),
    _ITEM.c.delete_us.is_(None),
    _ITEM.c.reject_reason.is_(None),
)
_SELECT_ITEMS = (
    select(
        *(_ITEM.c.image_id, _ITEM.c.id),
        func.coalesce(_ITEM.c.corrected_label, _PREDICTION.c.label).label("label"),
        _ITEM.c.primary_in_image,
        _PRODUCT.c.primary_item_id,
    )
    .join_from(
        _ITEM,
        _PREDICTION,
        (_PREDICTION.c.tenant_id == _ITEM.c.tenant_id) & (_PREDICTION.c.item_id == _ITEM.c.id),
    )
    .outerjoin(
        _PRODUCT, (_PRODUCT.c.tenant_id == _ITEM.c.tenant_id) & (_PRODUCT.c.primary_item_id == _ITEM.c.id)
    )
    .where(*_OF_IMAGES)
    .order_by(_ITEM.c.ordinal, _PREDICTION.c.create_us)
)
_OF_VERSION = (
    _COLLECTION.c.model_version == _EMBEDDING.c.model_version,
    _COLLECTION.c.preprocess_version == _EMBEDDING.c.preprocess_version,
)
_LIVE = select(_COLLECTION.c.name).where(IS_CURRENT, *_OF_VERSION).exists()
_STORED = select(_COLLECTION.c.name).where(*_OF_VERSION).exists()
_SEARCHED = _COLLECTION.alias("searched")
_SUPERSEDED = (
    select(_SEARCHED.c.name)
    .where(
        _SEARCHED.c.tenant_id == SHARED,
        _SEARCHED.c.alias == CURRENT,
        _SEARCHED.c.name != _COLLECTION.c.name,
        _SEARCHED.c.model_version == _COLLECTION.c.model_version,
        _SEARCHED.c.preprocess_version == _COLLECTION.c.preprocess_version,
    )
    .exists()
)
"""True for a collection whose vectors are searched in another one, with other columns."""
_WAITING = (
    select(_OUTBOX.c.item_id)
    .join_from(_OUTBOX, _COLLECTION, _COLLECTION.c.name == _OUTBOX.c.collection)
    .where(
        *_OF_VERSION,
        _OUTBOX.c.tenant_id == _ITEM.c.tenant_id,
        _OUTBOX.c.item_id == _ITEM.c.id,
        ~_SUPERSEDED,
    )
    .exists()
)
_SELECT_VERSIONS = (
    select(
        *(_ITEM.c.image_id, _EMBEDDING.c.model_version, _EMBEDDING.c.preprocess_version),
        *(_LIVE.label("live"), _STORED.label("stored"), _WAITING.label("waiting")),
    )
    .join_from(
        _ITEM,
        _EMBEDDING,
        (_EMBEDDING.c.tenant_id == _ITEM.c.tenant_id) & (_EMBEDDING.c.item_id == _ITEM.c.id),
    )
    .where(*_OF_IMAGES)
    .order_by(_EMBEDDING.c.create_us)
)
"""One row for every item and version; the version of the newest embedding comes last."""
_JOBS_OF_ITEMS = (
    select(_JOB.c.id)
    .join_from(_JOB, _ITEM, (_ITEM.c.tenant_id == _JOB.c.tenant_id) & (_ITEM.c.image_id == _JOB.c.image_id))
    .where(
        _ITEM.c.tenant_id == bindparam("tenant_id"),
        _ITEM.c.id.in_(bindparam("item_ids", expanding=True)),
    )
    .distinct()
)


def find_job_by_key(session: Session, tenant_id: str, idempotency_key: str, fingerprint: str) -> Job | None:
    """The job that an earlier call with this key queued.

    Raises:
        AlreadyExists: that call asked for something else, or its photo was deleted.
    """
    if not idempotency_key:
        return None
    row = session.execute(_SELECT_KEY, {"tenant_id": tenant_id, "key": idempotency_key}).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise AlreadyExists(
            f"idempotency_key {idempotency_key!r} was used for a different request",
            resource="job",
            id=row.id,
            reason="IDEMPOTENCY_KEY_REUSED",
        )
    if row.image_delete_us is not None:
        raise AlreadyExists(
            f"idempotency_key {idempotency_key!r} was used for a photo that was deleted; choose another",
            resource="job",
            id=row.id,
            reason="IDEMPOTENCY_KEY_OF_DELETED",
        )
    return _read_jobs(session, tenant_id, [row])[0]


def read_job(session: Session, tenant_id: str, job_id: str) -> Job:
    """One job.

    Raises:
        NotFound: this tenant has none of that id.
    """
    row = session.execute(_SELECT_JOB, {"tenant_id": tenant_id, "job_id": job_id}).first()
    if row is None:
        raise NotFound("job", job_id)
    return _read_jobs(session, tenant_id, [row])[0]


def list_jobs(session: Session, tenant_id: str, cursor: Cursor, wanted: JobFilter) -> list[Job]:
    """Newest first, one more than the page's size where there are more."""
    query = _SELECT_JOBS.where(*conditions(wanted))
    if cursor.before:
        query = query.where(_JOB.c.id < cursor.before)
    query = query.order_by(_JOB.c.id.desc()).limit(cursor.size + 1)
    rows = session.execute(query, {"tenant_id": tenant_id}).all()
    return _read_jobs(session, tenant_id, rows)


def find_jobs(session: Session, tenant_id: str, wanted: JobFilter) -> list[Job]:
    """The jobs that a filter with ids lets through, in the order of their ids."""
    query = _SELECT_JOBS.where(*conditions(wanted)).order_by(_JOB.c.id)
    return _read_jobs(session, tenant_id, session.execute(query, {"tenant_id": tenant_id}).all())


def changed_jobs(
    session: Session, tenant_id: str, wanted: JobFilter, after: tuple[int, str], count: int
) -> list[tuple[int, Job]]:
    """At most `count` jobs that have changed after a moment, or at it with a later id; the longest ago first.

    With each comes the moment of its change, in microseconds since 1970.
    """
    query = _SELECT_JOBS.where(*conditions(wanted), tuple_(_JOB.c.update_us, _JOB.c.id) > tuple_(*after))
    rows = session.execute(
        query.order_by(_JOB.c.update_us, _JOB.c.id).limit(count), {"tenant_id": tenant_id}
    ).all()
    moments = [row.update_us for row in rows]
    return list(zip(moments, _read_jobs(session, tenant_id, rows), strict=True))


def conditions(wanted: JobFilter) -> list[ColumnElement[bool]]:
    """Of a query of jobs and their images."""
    found: list[ColumnElement[bool]] = []
    for column, values in (
        (_JOB.c.id, wanted.job_ids),
        (_JOB.c.state, wanted.states),
        (_JOB.c.reason, wanted.reasons),
    ):
        if values:
            found.append(column.in_(values))
    if wanted.product_id:
        found.append(_IMAGE.c.product_id == wanted.product_id)
    if wanted.created_from_us is not None:
        found.append(_JOB.c.create_us >= wanted.created_from_us)
    if wanted.created_before_us is not None:
        found.append(_JOB.c.create_us < wanted.created_before_us)
    return found


def jobs_of_items(session: Session, items: Collection[outbox.ItemKey]) -> set[tuple[str, str]]:
    """(tenant, job id) of every job that found one of the items."""
    found: set[tuple[str, str]] = set()
    for tenant_id in {item.tenant_id for item in items}:
        ids = [item.item_id for item in items if item.tenant_id == tenant_id]
        for start in range(0, len(ids), _CHUNK):
            of_items = {"tenant_id": tenant_id, "item_ids": ids[start : start + _CHUNK]}
            found |= {(tenant_id, row.id) for row in session.execute(_JOBS_OF_ITEMS, of_items)}
    return found


def _read_jobs(session: Session, tenant_id: str, rows: Sequence[AnyRow]) -> list[Job]:
    done = [row.image_id for row in rows if row.state == JobState.COMPLETE]
    items = _items_of(session, tenant_id, done)
    versions = _versions_of(session, tenant_id, {image_id: len(items[image_id]) for image_id in items})
    return [_job(row, items.get(row.image_id, ()), versions.get(row.image_id, ())) for row in rows]


def _items_of(session: Session, tenant_id: str, image_ids: Sequence[str]) -> dict[str, tuple[JobItem, ...]]:
    """The items by image, in the order of the analysis, with their newest labels."""
    found: dict[str, dict[str, JobItem]] = {}
    for start in range(0, len(image_ids), _CHUNK):
        of_images = {"tenant_id": tenant_id, "image_ids": image_ids[start : start + _CHUNK]}
        for image_id, item_id, label, in_image, product_item in session.execute(_SELECT_ITEMS, of_images):
            item = JobItem(item_id, label, in_image, product_item is not None)
            found.setdefault(image_id, {})[item_id] = item
    return {image_id: tuple(entries.values()) for image_id, entries in found.items()}


def _versions_of(
    session: Session, tenant_id: str, item_counts: Mapping[str, int]
) -> dict[str, tuple[IndexedVersion, ...]]:
    """The versions by image; `item_counts` has its items."""
    rows_of: dict[tuple[str, ModelVersion], list[AnyRow]] = {}
    image_ids = list(item_counts)
    for start in range(0, len(image_ids), _CHUNK):
        of_images = {"tenant_id": tenant_id, "image_ids": image_ids[start : start + _CHUNK]}
        for row in session.execute(_SELECT_VERSIONS, of_images):
            version = ModelVersion(row.model_version, row.preprocess_version)
            rows_of.setdefault((row.image_id, version), []).append(row)
    found: dict[str, tuple[IndexedVersion, ...]] = {}
    for (image_id, version), rows in rows_of.items():
        indexed = _indexed_version(version, rows, item_counts[image_id])
        found[image_id] = (*found.get(image_id, ()), indexed)
    return found


def _indexed_version(version: ModelVersion, rows: Sequence[AnyRow], item_count: int) -> IndexedVersion:
    """`rows` are those of one image and version, one for each item that has an embedding."""
    complete = len(rows) == item_count
    arrived = rows[0].stored and not any(row.waiting for row in rows)
    return IndexedVersion(version, bool(rows[0].live), complete, complete and arrived)


def _job(row: AnyRow, items: tuple[JobItem, ...], versions: tuple[IndexedVersion, ...]) -> Job:
    return Job(
        id=row.id,
        image_id=row.image_id,
        image_name=row.name,
        product_id=row.product_id or "",
        state=JobState(row.state),
        attempts=row.attempts,
        error=None if row.error is None else error_from_record(row.error),
        items=items,
        create_time=datetime_from_us(row.create_us),
        update_time=datetime_from_us(row.update_us),
        versions=versions,
        priority=JobPriority(row.priority),
        near_duplicate_of=noted_duplicate(row.near_duplicate_id, row.near_duplicate_distance),
    )
