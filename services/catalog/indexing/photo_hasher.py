"""Hashes photos, on threads."""

from __future__ import annotations

import asyncio

from imaging.decode import DecodeLimits
from imaging.pdq import PhotoHash, hash_photo

_MAX_CONCURRENT = 2
"""Photos being hashed: each may hold a whole photo's pixels."""


class PhotoHasher:
    """Hashes a few photos at a time."""

    def __init__(self, limits: DecodeLimits) -> None:
        self._limits = limits
        self._semaphore = asyncio.Semaphore(_MAX_CONCURRENT)

    async def hash(self, content: bytes) -> PhotoHash:
        """The hash of an encoded photo. Raises InvalidInput where it cannot be decoded."""
        async with self._semaphore:
            return await asyncio.to_thread(hash_photo, content, self._limits)
