"""Pictures of the detections that became no items, kept for a while as examples of what is no garment."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from domain.errors import NotFound
from imaging.crop import crop
from imaging.decode import DecodeLimits, decode
from imaging.jpeg import encode_jpeg_within
from services.catalog.blobs.store import BlobStore, rejected_key
from services.catalog.records.images import Image, RejectedCrop

_MAX_SIDE_PX, _MAX_BYTES = 1024, 512 * 2**10
_MAX_CONCURRENT = 2
"""Photos being cropped: each holds a whole photo's pixels."""


class RejectedCrops:
    """Cuts them out of photos, on threads, and keeps those of a photo as one zip file of JPEGs."""

    def __init__(self, blobs: BlobStore, limits: DecodeLimits, days: float) -> None:
        """`days` is how long they are kept, by the purge; with 0, none is stored."""
        self._blobs = blobs
        self._limits = limits
        self._days = days
        self._semaphore = asyncio.Semaphore(_MAX_CONCURRENT)

    async def store(
        self, tenant_id: str, image_id: str, content: bytes, rejected: Sequence[RejectedCrop]
    ) -> bool:
        """Keep the pictures of a photo's rejected crops, in place of former ones; whether there are any.

        Raises:
            InvalidInput: the photo cannot be decoded.
            Unavailable: the blob store cannot be reached or is full.
        """
        if not (rejected and self._days):
            return False
        async with self._semaphore:
            packed = await asyncio.to_thread(_packed, content, rejected, self._limits)
        await self._blobs.put(rejected_key(tenant_id, image_id), packed)
        return True

    async def read(self, tenant_id: str, image: Image) -> Image:
        """The photo with the pictures of its rejected crops, as far as they are kept. Raises Unavailable."""
        if not image.rejected_crops:
            return image
        try:
            packed = await self._blobs.get(rejected_key(tenant_id, image.id))
        except NotFound:
            return image
        return replace(image, rejected_crops=await asyncio.to_thread(_unpacked, packed, image.rejected_crops))


def _packed(content: bytes, rejected: Sequence[RejectedCrop], limits: DecodeLimits) -> bytes:
    pixels, buffer = decode(content, limits), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for index, each in enumerate(rejected):
            picture = crop(pixels, each.box)
            if picture.size:
                file.writestr(_name(index, each), encode_jpeg_within(picture, _MAX_SIDE_PX, _MAX_BYTES))
    return buffer.getvalue()


def _unpacked(packed: bytes, rejected: Sequence[RejectedCrop]) -> tuple[RejectedCrop, ...]:
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        names = set(file.namelist())
        return tuple(
            replace(each, crop=file.read(name)) if (name := _name(index, each)) in names else each
            for index, each in enumerate(rejected)
        )


def _name(index: int, rejected: RejectedCrop) -> str:
    """Names the box, too, so that pictures of a former list are not taken for those of this one."""
    box = rejected.box
    return f"{index}-{box.x1:.3f}-{box.y1:.3f}-{box.x2:.3f}-{box.y2:.3f}.jpg"
