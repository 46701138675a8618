"""Stored photos as callers get them: the original, or a thumbnail."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from domain.errors import InvalidInput, NotFound
from imaging.decode import DecodeLimits
from imaging.thumbnail import thumbnail
from services.catalog.blobs.store import THUMBNAIL_SIDES_PX, BlobStore, original_key, thumbnail_key

MIN_SIDE_PX, MAX_SIDE_PX, DEFAULT_SIDE_PX = 16, 2048, 256
THUMBNAIL_TYPE = "image/webp"
_MAX_CONCURRENT = 2
"""Thumbnails being made: each holds a whole photo's pixels."""


@dataclass(frozen=True, slots=True)
class ImageContent:
    """An encoded picture, such as of media type "image/jpeg"."""

    content: bytes
    media_type: str


class Renditions:
    """Reads originals and thumbnails, and makes those thumbnails that are not stored, on threads."""

    def __init__(self, blobs: BlobStore, limits: DecodeLimits) -> None:
        self._blobs = blobs
        self._limits = limits
        self._semaphore = asyncio.Semaphore(_MAX_CONCURRENT)

    async def original(self, tenant_id: str, image_id: str, format: str) -> ImageContent:
        """The photo as it was sent. Raises NotFound, Unavailable."""
        return ImageContent(await self._read(tenant_id, image_id), f"image/{format}")

    async def thumbnail(self, tenant_id: str, image_id: str, max_side_px: int) -> ImageContent:
        """An upright WebP whose longer side is at most `max_side_px`; 0 means 256.

        A size that is not stored is made of the smallest stored one that suffices, or else of the original.

        Raises:
            InvalidInput: a side that is too small or too large.
            NotFound: the photo is no longer stored.
            Unavailable: the blob store cannot be reached.
        """
        side_px = check_side(max_side_px)
        source_px = next((side for side in THUMBNAIL_SIDES_PX if side >= side_px), None)
        stored = None if source_px is None else await self._stored(tenant_id, image_id, source_px)
        if stored is not None and source_px == side_px:
            return ImageContent(stored, THUMBNAIL_TYPE)
        async with self._semaphore:
            content = stored or await self._read(tenant_id, image_id)
            made = await asyncio.to_thread(thumbnail, content, side_px, self._limits)
        return ImageContent(made, THUMBNAIL_TYPE)

    async def _stored(self, tenant_id: str, image_id: str, side_px: int) -> bytes | None:
        """A stored thumbnail; None before it is made, and of a photo that is no larger."""
        try:
            return await self._blobs.get(thumbnail_key(tenant_id, image_id, side_px))
        except NotFound:
            return None

    async def _read(self, tenant_id: str, image_id: str) -> bytes:
        try:
            return await self._blobs.get(original_key(tenant_id, image_id))
        except NotFound:
            raise NotFound("image", image_id) from None  # callers do not know the keys of blobs


def check_side(max_side_px: int) -> int:
    """The longer side that a thumbnail gets. Raises InvalidInput for one that is too small or too large."""
    side_px = max_side_px or DEFAULT_SIDE_PX
    if not MIN_SIDE_PX <= side_px <= MAX_SIDE_PX:
        raise InvalidInput(
            "max_side_px",
            f"must be {MIN_SIDE_PX} to {MAX_SIDE_PX}, or 0 for {DEFAULT_SIDE_PX}, got {max_side_px}",
        )
    return side_px
