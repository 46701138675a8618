"""What was deleted is kept for a while, and then removed for good."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS, now_us
from services.background.log_throttle import LogThrottle
from services.catalog.blobs.store import BlobStore, crop_key, image_keys, rejected_key
from services.catalog.records import removal
from services.catalog.records.feedback import purge_feedback
from services.catalog.records.images import expired_rejected, forget_rejected
from services.catalog.records.removal import RemovedRows
from services.catalog.records.suggested_outfits import purge_outfits
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_AT_A_TIME = 100
_DAY_S = 86_400

PurgeObserver: TypeAlias = Callable[[str, int], None]
"""Called with "images", "items", "products", "rejected_crops" or "feedback", and how many were removed; of
rejected crops, the images that had them.
"""

FindExpired: TypeAlias = Callable[[Session, int, int], list[tuple[str, str]]]
Remove: TypeAlias = Callable[[Session, str, Sequence[str], int], RemovedRows]


def observe_nothing(_kind: str, _count: int) -> None:
    """A `PurgeObserver` that does nothing."""


@dataclass(frozen=True, slots=True)
class RetentionOptions:
    """How many days what was deleted is kept; 0: until the next purge.

    Attributes:
        items_days: of items that were deleted by themselves; the others stay as long as their image.
        products_days: a product stays at least as long as its images.
        rejected_crops_days: of the pictures of detections that became no items; with 0 none is stored.
        feedback_days: of the feedback of end users, and of which outfits they were shown.
        every_s: pause between purges.
    """

    images_days: float = 30.0
    items_days: float = 30.0
    products_days: float = 30.0
    rejected_crops_days: float = 30.0
    feedback_days: float = 365.0
    every_s: float = 3600.0


class Purge:
    """Removes deleted images, items and products after their retention: rows first, in one transaction each
    hundred, then their blobs. What a crash leaves between the two is swept.

    Several processes may purge at a time: they take different rows.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        wake_drainer: Callable[[], None],
        options: RetentionOptions = RetentionOptions(),
        observe: PurgeObserver = observe_nothing,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._wake_drainer = wake_drainer
        self._options = options
        self._observe = observe
        self._throttle = LogThrottle()

    async def run(self) -> None:
        """Purge every `every_s` seconds."""
        while True:
            await asyncio.sleep(self._options.every_s)
            try:
                await self.purge(now_us())
            except Exception as error:
                self._throttle.warn(_LOG, "removing what was deleted failed", error=error)

    async def purge(self, moment_us: int) -> Mapping[str, int]:
        """Remove what was deleted before the retention that ends at a moment; returns how many of each kind.

        Raises:
            Unavailable: a store does not answer.
        """
        kinds = {
            "images": (removal.expired_images, removal.remove_images, self._options.images_days),
            "items": (removal.expired_items, removal.remove_items, self._options.items_days),
            "products": (removal.expired_products, removal.remove_products, self._options.products_days),
        }
        counts: dict[str, int] = {}
        for kind, (find, remove, days) in kinds.items():
            before_us = _before(moment_us, days)
            work = partial(
                _remove_expired, find=find, remove=remove, before_us=before_us, moment_us=moment_us
            )
            counts[kind] = await self._remove(work)
            self._observe(kind, counts[kind])
        counts["rejected_crops"] = await self._remove_rejected(
            _before(moment_us, self._options.rejected_crops_days)
        )
        counts["feedback"] = await self._remove_feedback(_before(moment_us, self._options.feedback_days))
        for kind in ("rejected_crops", "feedback"):
            self._observe(kind, counts[kind])
        self._tell(counts)
        return counts

    async def _remove_rejected(self, before_us: int) -> int:
        """Remove the pictures of rejected crops, then what says that there are any; of how many images."""
        count = 0
        while images := await self._database.read(
            lambda session: expired_rejected(session, before_us, _AT_A_TIME)
        ):
            await self._blobs.delete([rejected_key(*image) for image in images])
            await self._database.write(
                lambda session, gone=images: forget_rejected(session, gone, before_us)  # type: ignore[misc]
            )
            count += len(images)
        return count

    async def _remove_feedback(self, before_us: int) -> int:
        """Remove old feedback, and what end users were shown long ago; how many feedbacks."""
        while await self._database.write(lambda session: purge_outfits(session, before_us, _AT_A_TIME)):
            pass
        count, batch = 0, _AT_A_TIME
        while batch:
            batch = await self._database.write(lambda session: purge_feedback(session, before_us, _AT_A_TIME))
            count += batch
        return count

    async def _remove(self, purge: Callable[[Session], Mapping[str, RemovedRows]]) -> int:
        """Remove in batches until nothing is left; returns how many."""
        count, batch = 0, _AT_A_TIME
        while batch:
            removed = await self._database.write(purge)
            self._wake_drainer()
            for tenant_id, rows in removed.items():
                await self._blobs.delete(blob_keys(tenant_id, rows))
            batch = sum(each.count for each in removed.values())
            count += batch
        return count

    def _tell(self, counts: Mapping[str, int]) -> None:
        told = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items() if count)
        if told:
            _LOG.info("what was deleted is removed for good: %s", told)


def blob_keys(tenant_id: str, removed: RemovedRows) -> list[str]:
    """The keys of all blobs of removed images and items."""
    of_images = [key for image_id in removed.image_ids for key in image_keys(tenant_id, image_id)]
    return of_images + [crop_key(tenant_id, item_id) for item_id in removed.item_ids]


def _remove_expired(
    session: Session, find: FindExpired, remove: Remove, before_us: int, moment_us: int
) -> dict[str, RemovedRows]:
    """Remove one batch; returns what was removed, by tenant."""
    expired = _by_tenant(find(session, before_us, _AT_A_TIME))
    return {tenant_id: remove(session, tenant_id, ids, moment_us) for tenant_id, ids in expired.items()}


def _before(moment_us: int, days: float) -> int:
    return moment_us - int(days * _DAY_S * MICROSECONDS)


def _by_tenant(keys: list[tuple[str, str]]) -> dict[str, list[str]]:
    tenants: dict[str, list[str]] = {}
    for tenant_id, id in keys:
        tenants.setdefault(tenant_id, []).append(id)
    return tenants
