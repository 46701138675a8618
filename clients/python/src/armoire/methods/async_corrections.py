"""The calls by which people correct items."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from armoire.async_caller import AsyncCaller
from armoire.calls import corrections, reviews
from armoire.calls.corrections import Reason, Target
from armoire.values.corrections import Corrected, Correction, Said
from armoire.values.items import Item
from armoire.values.reviews import VerifiedItems
from armoire.values.types import Box, Page


class AsyncCorrectionMethods:
    """The calls by which people correct items."""

    _caller: AsyncCaller

    async def correct_item(
        self,
        item_id: str,
        *,
        label: str = "",
        attributes: Mapping[str, Said] | None = None,
        box: Box | None = None,
        etag: str = "",
        verify: bool = False,
        timeout_s: float | None = None,
    ) -> Corrected:
        """Say what is right of an item: its label, attributes by name, and box, as far as they are given.

        With `etag`, only if the item still has it. With `verify`, agree with all the rest. A new box gets its
        crop and embedding by a job.
        """
        call = corrections.correct_item(item_id, label, attributes or {}, box, etag, verify)
        return await self._caller.run(call, timeout_s)

    async def add_item(
        self,
        image_id: str,
        box: Box,
        *,
        label: str = "",
        attributes: Mapping[str, Said] | None = None,
        timeout_s: float | None = None,
    ) -> Corrected:
        """Add a garment that no model has found; Search finds it once the job has ended."""
        return await self._caller.run(corrections.add_item(image_id, box, label, attributes or {}), timeout_s)

    async def reject_item(
        self, item_id: str, reason: Reason, *, etag: str = "", timeout_s: float | None = None
    ) -> Corrected:
        """Take an item out of search and lists."""
        return await self._caller.run(corrections.reject_item(item_id, reason, etag), timeout_s)

    async def restore_item(
        self, item_id: str, *, etag: str = "", timeout_s: float | None = None
    ) -> Corrected:
        """Take a rejection back."""
        return await self._caller.run(corrections.restore_item(item_id, etag), timeout_s)

    async def set_primary_item(
        self, item_id: str, target: Target, *, etag: str = "", timeout_s: float | None = None
    ) -> Corrected:
        """Let an item represent its "image" or its "product"."""
        return await self._caller.run(corrections.set_primary_item(item_id, target, etag), timeout_s)

    async def verify_item(self, item_id: str, *, etag: str = "", timeout_s: float | None = None) -> Corrected:
        """Agree with an item: its label, attributes and box are a person's from now on."""
        return await self._caller.run(corrections.verify_item(item_id, etag), timeout_s)

    async def verify_items(
        self, items_or_ids: Sequence[Item | str], *, timeout_s: float | None = None
    ) -> VerifiedItems:
        """Agree with several items, all of them or none; of an `Item` only if it has not changed since."""
        return await self._caller.run(reviews.verify_items(items_or_ids), timeout_s)

    async def undo_correction(self, correction_id: str, *, timeout_s: float | None = None) -> Corrected:
        """Bring back what was before a correction."""
        return await self._caller.run(corrections.undo_correction(correction_id), timeout_s)

    async def list_corrections(
        self,
        *,
        item_id: str = "",
        author: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Correction]:
        """A page of corrections, newest first; only those of an item or an author where one is named."""
        call = corrections.list_corrections(page_size, page_token, item_id, author)
        return await self._caller.run(call, timeout_s)

    def iter_corrections(
        self, *, item_id: str = "", author: str = "", page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[Correction]:
        """Like `list_corrections`, page after page; `timeout_s` is for each."""
        return self._caller.each(
            lambda token: corrections.list_corrections(page_size, token, item_id, author), timeout_s
        )
