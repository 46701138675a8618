"""Decodes photos within a budget of pixels; the pixels are freed at the end of an `async with` block."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar, TypeVarTuple

from domain.calls import CURRENT_CALL, Call
from domain.types import Box, Pixels
from imaging.decode import DecodeLimits, EncodedImage, ImageInfo, open_image
from imaging.price import encoded_pixels
from services.inference.pipeline.pixel_budget import PhotoReleased, PixelBudget, PixelPermit
from services.inference.pipeline.threads import PixelThreads

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")
Ts = TypeVarTuple("Ts")

FULL_SIZE = 2**31
"""A `min_decode_px` larger than any photo, so that a JPEG is decoded at its full size."""

Preprocess: TypeAlias = Callable[[Pixels], T]
"""Runs on the decoded pixels, on the thread that decoded them."""

Check: TypeAlias = Callable[[], None]
"""To be called between the steps of long work: raises DeadlineExceeded or PhotoReleased once its result is
not waited for any more."""

PreprocessFactory: TypeAlias = Callable[[EncodedImage, Check], Preprocess[T]]
"""Called before decoding: checks the request against the photo's header, which may raise InvalidInput, and
returns the function to run on the decoded pixels."""


@dataclass(frozen=True, slots=True)
class PhotoExecutor:
    """Runs functions on the pixels of one photo, on a thread pool.

    The pixels count as in use until every submitted function has ended.
    """

    threads: PixelThreads
    permit: PixelPermit
    bulk: bool

    call: Call = field(default_factory=CURRENT_CALL.get)

    async def run(self, function: Callable[[*Ts], R], *args: *Ts) -> R:
        """Call `function` on a thread. Raises DeadlineExceeded, or what `function` raises."""
        future = self.threads.submit(self.bulk, self._run, function, *args)
        self.permit.retain_until_done(future)
        return await asyncio.wrap_future(future)

    def _run(self, function: Callable[[*Ts], R], *args: *Ts) -> R:
        self.check()
        return function(*args)

    def check(self) -> None:
        """A `Check` of the photo's call and of its `async with` block."""
        self.call.check_deadline()
        if self.permit.ended:
            raise PhotoReleased


@dataclass(frozen=True, slots=True, eq=False)
class Photo(Generic[T_co]):
    """A decoded photo; its pixels are available within the `async with` block that decoded the photo.

    Attributes:
        preprocessed: the result of the `Preprocess` function.
        decode_ns: the time from the call until the pixels were decoded, waiting included.
        preprocess_ns: the time that the `Preprocess` function took.
    """

    info: ImageInfo
    preprocessed: T_co
    decode_ns: int
    preprocess_ns: int
    executor: PhotoExecutor

    @property
    def check(self) -> Check:
        return self.executor.check

    async def run(self, function: Callable[[Pixels, *Ts], R], *args: *Ts) -> R:
        """Call `function` with the pixels on a thread. Raises DeadlineExceeded, or what `function` raises."""
        return await self.executor.run(self._apply, function, *args)

    def _apply(self, function: Callable[[Pixels, *Ts], R], *args: *Ts) -> R:
        return function(self.executor.permit.pixels, *args)


@dataclass(frozen=True, slots=True, eq=False)
class _OpenedPhoto(Generic[T]):
    """A photo whose header was accepted, not decoded yet."""

    image: EncodedImage
    preprocess: Preprocess[T]
    started_ns: int

    def decode(self, executor: PhotoExecutor) -> Photo[T]:
        pixels = self.image.decode()
        executor.check()
        decoded_ns = time.monotonic_ns()
        preprocessed = self.preprocess(pixels)
        preprocess_ns = time.monotonic_ns() - decoded_ns
        executor.permit.store(pixels)
        return Photo(self.image.info, preprocessed, decoded_ns - self.started_ns, preprocess_ns, executor)


PhotoAndBoxes: TypeAlias = tuple[bytes, Sequence[Box]]

DecodeObserver: TypeAlias = Callable[[float, int], None]
"""Called after every photo with the seconds until it was decoded, the wait among them, and its pixels."""


def observe_no_decode(_seconds: float, _pixels: int) -> None:
    """A `DecodeObserver` that does nothing."""


class PhotoDecoder:
    """Decodes photos on `threads`, within a budget of the pixels in use."""

    def __init__(
        self,
        threads: PixelThreads,
        budget: PixelBudget,
        limits: DecodeLimits,
        observe: DecodeObserver = observe_no_decode,
    ) -> None:
        self._threads = threads
        self._budget = budget
        self._limits = limits
        self._observe = observe

    async def count_pixels(self, photos: Sequence[PhotoAndBoxes], *, bulk: bool = False) -> int:
        """The pixels of photos and of their boxes, by the headers; what cannot be decoded has none."""
        return await self._threads.run(lambda: sum(map(self._pixels_of, photos)), bulk=bulk)

    def _pixels_of(self, photo: PhotoAndBoxes) -> int:
        return encoded_pixels(*photo, self._limits)

    @asynccontextmanager
    async def decoded(
        self,
        content: bytes,
        factory: PreprocessFactory[T],
        *,
        min_decode_px: int = FULL_SIZE,
        bulk: bool = False,
    ) -> AsyncIterator[Photo[T]]:
        """Decode a photo for the `async with` block.

        A JPEG may be decoded smaller, with a longer side of at least `min_decode_px`.

        Raises:
            InvalidInput: the photo cannot be used; the field is "content", or one that `factory` names.
            DeadlineExceeded: the deadline of the current call has passed.
        """
        permit = PixelPermit(self._budget, bulk, CURRENT_CALL.get().request_id)
        try:
            executor = PhotoExecutor(self._threads, permit, bulk)
            with CURRENT_CALL.get().span("decode"):
                photo = await self._decode(content, factory, min_decode_px, executor)
            self._observe(photo.decode_ns / 1e9, permit.pixels.size // 3)
            yield photo
        finally:
            permit.end()

    async def preprocess(
        self,
        content: bytes,
        factory: PreprocessFactory[T],
        *,
        min_decode_px: int = FULL_SIZE,
        bulk: bool = False,
    ) -> Photo[T]:
        """Decode and preprocess a photo, and free its pixels. Raises the same errors as `decoded`."""
        async with self.decoded(content, factory, min_decode_px=min_decode_px, bulk=bulk) as photo:
            return photo

    async def _decode(
        self, content: bytes, factory: PreprocessFactory[T], min_decode_px: int, executor: PhotoExecutor
    ) -> Photo[T]:
        """Decode in one visit to a thread, or in two if the photo has to wait for the budget."""
        started_ns = time.monotonic_ns()
        permit = executor.permit

        def open_and_decode() -> Photo[T] | _OpenedPhoto[T]:
            image = open_image(content, self._limits).reduced_to(min_decode_px)
            opened = _OpenedPhoto(image, factory(image, executor.check), started_ns)
            return opened.decode(executor) if permit.try_acquire(image.pixel_count) else opened

        photo = await executor.run(open_and_decode)
        if isinstance(photo, _OpenedPhoto):
            await permit.acquire(photo.image.pixel_count)
            photo = await executor.run(photo.decode, executor)
        return photo
