"""A decoded photo: its pixels are decoded within a budget and freed at the end of a scope."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar, TypeVarTuple

from domain.types import Pixels
from imaging.decode import DecodeLimits, EncodedImage, ImageInfo, open_image
from services.inference.pipeline.pixel_budget import PixelBudget, PixelPermit
from services.inference.pipeline.threads import PixelThreads

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")
Ts = TypeVarTuple("Ts")

EVERY_PIXEL = 2**31
"""A `min_decode_px` larger than any photo, so that all pixels are decoded."""

Plan: TypeAlias = Callable[[EncodedImage], Callable[[Pixels], T]]
"""Takes a photo whose header was read, and may refuse it; returns the function that prepares its pixels."""


@dataclass(frozen=True, slots=True)
class PhotoJobs:
    """Runs jobs on the pixels of one photo, which count as in use until all jobs have ended."""

    threads: PixelThreads
    permit: PixelPermit
    bulk: bool

    async def run(self, work: Callable[[*Ts], R], *args: *Ts) -> R:
        job = self.threads.submit(self.bulk, work, *args)
        self.permit.hold_during(job)
        return await asyncio.wrap_future(job)


@dataclass(frozen=True, slots=True, eq=False)
class Photo(Generic[T_co]):
    """A decoded photo; its pixels exist within the scope that decoded it.

    `prepared` was made of them on the thread that decoded them. `decode_ns` is the time from the request
    until the pixels were decoded, `prepare_ns` the time that `prepared` took.
    """

    info: ImageInfo
    prepared: T_co
    decode_ns: int
    prepare_ns: int
    jobs: PhotoJobs

    async def run(self, work: Callable[[Pixels, *Ts], R], *args: *Ts) -> R:
        """Run `work` on the pixels, on a thread. Raises DeadlineExceeded, or what the work raises."""
        return await self.jobs.run(self._apply, work, *args)

    def _apply(self, work: Callable[[Pixels, *Ts], R], *args: *Ts) -> R:
        return work(self.jobs.permit.pixels, *args)


@dataclass(frozen=True, slots=True, eq=False)
class _Opened(Generic[T]):
    """A photo whose header was accepted."""

    image: EncodedImage
    prepare: Callable[[Pixels], T]
    started_ns: int

    def decode(self, jobs: PhotoJobs) -> Photo[T]:
        pixels = self.image.decode()
        decoded_ns = time.monotonic_ns()
        prepared = self.prepare(pixels)
        prepare_ns = time.monotonic_ns() - decoded_ns
        jobs.permit.keep(pixels)
        return Photo(self.image.info, prepared, decoded_ns - self.started_ns, prepare_ns, jobs)


class PhotoDecoder:
    """Decodes photos on `threads`, within a budget of pixels that are in use."""

    def __init__(self, threads: PixelThreads, budget: PixelBudget, limits: DecodeLimits) -> None:
        self._threads = threads
        self._budget = budget
        self._limits = limits

    @asynccontextmanager
    async def decoded(
        self, content: bytes, plan: Plan[T], *, min_decode_px: int = EVERY_PIXEL, bulk: bool = False
    ) -> AsyncIterator[Photo[T]]:
        """Decode a photo for the scope; a JPEG may be reduced to a longer side of at least `min_decode_px`.

        Raises:
            InvalidInput: the photo cannot be used; the field is "content", or one that the plan names.
            DeadlineExceeded: the deadline of the current call has passed.
        """
        permit = PixelPermit(self._budget)
        try:
            yield await self._decode(content, plan, min_decode_px, PhotoJobs(self._threads, permit, bulk))
        finally:
            permit.release()

    async def prepare(
        self, content: bytes, plan: Plan[T], *, min_decode_px: int = EVERY_PIXEL, bulk: bool = False
    ) -> Photo[T]:
        """Decode a photo, prepare it and free the pixels; raises as `decoded`."""
        async with self.decoded(content, plan, min_decode_px=min_decode_px, bulk=bulk) as photo:
            return photo

    async def _decode(self, content: bytes, plan: Plan[T], min_decode_px: int, jobs: PhotoJobs) -> Photo[T]:
        """Decode in one job on a thread, or in two if the budget has no room at first."""
        started_ns = time.monotonic_ns()

        def open_and_decode() -> Photo[T] | _Opened[T]:
            image = open_image(content, self._limits).reduced_to(min_decode_px)
            opened = _Opened(image, plan(image), started_ns)
            return opened.decode(jobs) if jobs.permit.try_acquire(image.pixel_count) else opened

        photo = await jobs.run(open_and_decode)
        if isinstance(photo, _Opened):
            await jobs.permit.acquire(photo.image.pixel_count)
            photo = await jobs.run(photo.decode, jobs)
        return photo
