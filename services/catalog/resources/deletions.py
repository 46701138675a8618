"""What follows once images are deleted, or brought back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.quota import Quota
from services.catalog.blobs.store import BlobStore, original_key
from services.catalog.records.images import DeletedImages
from services.catalog.records.job_events import JobEvents


@dataclass(frozen=True, slots=True, eq=False)
class Deletions:
    """Wakes the drainer and the workers, and notifies watchers of jobs."""

    blobs: BlobStore
    job_events: JobEvents
    wake_drainer: Callable[[], None]
    wake_workers: Callable[[], None]
    quota_of: Callable[[str], Quota]

    def finish(self, tenant_id: str, deleted: DeletedImages) -> None:
        """Take the steps after images were deleted. Their blobs stay until they are purged."""
        self.wake_drainer()
        for job_id in deleted.job_ids:
            self.job_events.publish(tenant_id, job_id)

    async def lost(self, tenant_id: str, image_ids: Sequence[str]) -> list[str]:
        """Those of the images whose originals are gone. Raises Unavailable."""
        keys = {original_key(tenant_id, image_id): image_id for image_id in image_ids}
        return [keys[key] for key in await self.blobs.missing(list(keys))]

    def restored(self) -> None:
        """Take the steps after images were brought back."""
        self.wake_drainer()
        self.wake_workers()
