"""Indexing jobs: how a photo becomes items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from armoire.errors import ArmoireError
from armoire.values.images import NearDuplicate
from armoire.values.types import Priority, WireEnum


class IndexingJobState(WireEnum):
    """How far an indexed photo is."""

    QUEUED = "QUEUED"
    CROPPING = "CROPPING"
    ANALYZING = "ANALYZING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"

    @property
    def final(self) -> bool:
        return self in (IndexingJobState.COMPLETE, IndexingJobState.FAILED, IndexingJobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class IndexedItem:
    """A garment that a job found; see `Item` for what it represents."""

    item_id: str
    label: str
    primary_in_image: bool
    primary_in_product: bool


@dataclass(frozen=True, slots=True)
class IndexedVersion:
    """How far a photo is indexed for one model version.

    `live` says that search uses this version now, `complete` that every item of the photo has an embedding of
    it, `searchable` that search finds every item of the photo where it uses this version.
    """

    model_version: str
    preprocess_version: str
    live: bool
    complete: bool
    searchable: bool


@dataclass(frozen=True, slots=True)
class IndexingJob:
    """The indexing of one photo. `error` says why it FAILED or why the last try did not succeed.

    `near_duplicate_of` is the earlier photo that this one is a copy of, which is known once it is COMPLETE.
    """

    id: str
    image_id: str
    image_name: str
    product_id: str
    state: IndexingJobState
    attempts: int
    error: ArmoireError | None
    items: tuple[IndexedItem, ...]
    versions: tuple[IndexedVersion, ...]
    create_time: datetime | None
    update_time: datetime | None
    priority: Priority = Priority.INTERACTIVE
    near_duplicate_of: NearDuplicate | None = None

    @property
    def searchable(self) -> bool:
        """Search finds the photo's items with the version that is live."""
        return any(version.live and version.searchable for version in self.versions)


@dataclass(frozen=True, slots=True)
class IndexingJobFilter:
    """Which jobs a call is about; a job must pass all parts that are set.

    Attributes:
        job_ids: these jobs, at most 1,000.
        reasons: with an error of one of these reasons, such as "ORIGINAL_MISSING".
        product_id: of this product's photos.
        created_from, created_before: from the first moment on, and before the second one.
    """

    job_ids: Sequence[str] = ()
    states: Sequence[IndexingJobState] = ()
    reasons: Sequence[str] = ()
    product_id: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class IndexingJobCount:
    """How many jobs are in a state with an error of a reason ("" for none); the first was created then."""

    state: IndexingJobState
    reason: str
    count: int
    first_create_time: datetime | None
