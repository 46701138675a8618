"""The steps after the rows of images were marked deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import ArmoireError
from services.catalog.blobs.store import BlobStore, crop_key, original_key
from services.catalog.records.images import DeletedImages
from services.catalog.records.job_events import JobEvents

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Deletions:
    """Wakes the drainer, notifies watchers of jobs, removes blobs."""

    blobs: BlobStore
    job_events: JobEvents
    wake_drainer: Callable[[], None]

    async def finish(self, tenant_id: str, deleted: DeletedImages) -> None:
        """Take the steps for deleted images; the sweeper removes blobs that cannot be removed now."""
        self.wake_drainer()
        for job_id in deleted.job_ids:
            self.job_events.publish(tenant_id, job_id)
        keys = [original_key(tenant_id, image_id) for image_id in deleted.image_ids]
        keys += [crop_key(tenant_id, item_id) for item_id in deleted.item_ids]
        try:
            await self.blobs.delete(keys)
        except ArmoireError as error:
            _LOG.warning("blobs of deleted photos are left to the sweeper", exc_info=error)
