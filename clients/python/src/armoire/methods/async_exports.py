"""The calls that take the catalogue and its reviews out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from armoire.async_caller import AsyncCaller
from armoire.calls import exports
from armoire.calls.exports import DATASET_PAGE, DatasetFilter
from armoire.deadlines import WAIT_TIMEOUT_S
from armoire.values.exports import DatasetPhoto
from armoire.values.operations import Operation


class AsyncExportMethods:
    """The calls that take the catalogue and its reviews out."""

    _caller: AsyncCaller

    async def export_dataset(
        self,
        *,
        after_image_id: str = "",
        shares: tuple[float, float, float] = (0.8, 0.1, 0.1),
        include_partly_reviewed: bool = False,
        include_rejected: bool = False,
        include_rejected_detections: bool = False,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        timeout_s: float = WAIT_TIMEOUT_S,
    ) -> AsyncIterator[DatasetPhoto]:
        """The photos whose items people have reviewed, the oldest first, behind `after_image_id`.

        `shares` are those of training, validation and test photos; the photos of a product are in one split,
        and stay there as long as the shares are the same. With `include_partly_reviewed`, photos some of
        whose items nobody has reviewed are among them, without those items; with `include_rejected`, items
        that people have rejected; with `include_rejected_detections`, what was found and became no item.
        `get_image_content` has the pixels. `timeout_s` is for 500 photos.
        """
        which = DatasetFilter(
            shares,
            include_partly_reviewed,
            include_rejected,
            created_from,
            created_before,
            include_rejected_detections,
        )
        count = DATASET_PAGE
        while count == DATASET_PAGE:
            page: dict[str, DatasetPhoto] = {}
            call = exports.export_dataset(which, after_image_id)
            async for photo in self._caller.stream(call, timeout_s):
                if photo is not None:
                    page[photo.image_id] = photo  # a stream that broke begins anew
            for photo in page.values():
                after_image_id = photo.image_id
                yield photo
            count = len(page)

    async def start_catalog_export(
        self, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> Operation:
        """Begins to write the whole catalogue in parts: its response is a `CatalogExport`.

        The same key begins once; without one the client makes a fresh one.
        """
        return await self._caller.run(exports.start_catalog_export(idempotency_key), timeout_s)

    async def get_catalog_export_part(
        self, operation_id: str, part: str, *, timeout_s: float | None = None
    ) -> bytes:
        """A part of an exported catalogue by its name: lines of JSON."""
        return await self._caller.run(exports.get_catalog_export_part(operation_id, part), timeout_s)
