from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.types import Pixels
from imaging.decode import DecodeLimits, EncodedImage
from services.inference.pipeline.photo import PhotoDecoder, PreprocessFactory
from services.inference.pipeline.pixel_budget import PixelBudget
from services.inference.pipeline.threads import PixelThreads
from tests.turns import begun, until

SIDE = 32
PIXELS = SIDE * SIDE


class Held:
    """Work on pixels that waits until the test lets it end."""

    def __init__(self) -> None:
        self.started, self.may_end = threading.Event(), threading.Event()
        self.seen: list[weakref.ref[Pixels]] = []

    def make(self, image: EncodedImage) -> Callable[[Pixels], int]:
        return self

    def __call__(self, pixels: Pixels) -> int:
        self.seen.append(weakref.ref(pixels))
        self.started.set()
        assert self.may_end.wait(60)
        return 1

    async def until_started(self) -> None:
        with ThreadPoolExecutor(1) as waiter:
            await asyncio.get_running_loop().run_in_executor(waiter, self.started.wait)


def make_mean(image: EncodedImage) -> Callable[[Pixels], float]:
    return lambda pixels: float(pixels.mean())


@pytest.fixture
def threads() -> Iterator[PixelThreads]:
    made = PixelThreads(2, 1)
    yield made
    made.shutdown()


@pytest.fixture
def budget() -> PixelBudget:
    """Enough for one photo of these tests."""
    return PixelBudget(PIXELS)


@pytest.fixture
def decoder(threads: PixelThreads, budget: PixelBudget) -> PhotoDecoder:
    return PhotoDecoder(threads, budget, DecodeLimits())


@pytest.fixture(scope="module")
def content(encode: Callable[..., bytes]) -> bytes:
    return encode(np.full((SIDE, SIDE, 3), 200, np.uint8), format="PNG")


async def until_free(budget: PixelBudget) -> None:
    """Return once all pixels are given back."""
    async with asyncio.timeout(60):
        await budget.acquire(10 * PIXELS)  # more than all: it is admitted when nothing is in use
    budget.release(10 * PIXELS)


async def test_pixels_are_in_use_within_the_scope_alone(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    async with decoder.decoded(content, make_mean) as photo:
        assert budget.in_use == PIXELS
        assert (photo.info.width, photo.preprocessed) == (SIDE, 200)
        assert await photo.run(lambda pixels, factor: pixels.max() * factor, 2.0) == 400
        pixels = await photo.run(weakref.ref)
        assert pixels() is not None
    assert budget.in_use == 0
    assert pixels() is None
    with pytest.raises(RuntimeError, match="after the photo was released"):
        await photo.run(np.shape)
    assert photo.preprocessed == 200
    assert min(photo.decode_ns, photo.preprocess_ns) > 0


async def test_a_scope_that_raises_gives_its_pixels_back(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    async def fail() -> None:
        async with decoder.decoded(content, make_mean):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert budget.in_use == 0


def refuse(image: EncodedImage) -> Callable[[Pixels], int]:
    raise InvalidInput("boxes[0]", "lies outside")


def break_down(pixels: Pixels) -> int:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("factory", "error"), [(refuse, InvalidInput), (lambda _: break_down, ZeroDivisionError)]
)
async def test_a_photo_that_cannot_be_preprocessed_keeps_no_pixels(
    decoder: PhotoDecoder,
    budget: PixelBudget,
    content: bytes,
    factory: PreprocessFactory[int],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        await decoder.preprocess(content, factory)
    await until_free(budget)


async def test_errors_that_are_kept_do_not_stop_the_photos_that_wait(
    decoder: PhotoDecoder, content: bytes
) -> None:
    refused = [decoder.preprocess(content, refuse) for _ in range(3)]
    done = await asyncio.wait_for(
        asyncio.gather(*refused, decoder.preprocess(content, make_mean), return_exceptions=True), 60
    )
    assert [type(each).__name__ for each in done] == ["InvalidInput"] * 3 + ["Photo"]


async def test_a_photo_waits_for_the_pixels_of_another(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    async with decoder.decoded(content, make_mean):
        waiting = asyncio.create_task(decoder.preprocess(content, make_mean))
        await until(lambda: budget.waiting)
        assert budget.in_use == PIXELS
    assert (await waiting).preprocessed == 200
    assert budget.in_use == 0


async def test_a_cancelled_wait_leaves_nothing_behind(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    async with decoder.decoded(content, make_mean):
        waiting = asyncio.create_task(decoder.preprocess(content, make_mean))
        await until(lambda: budget.waiting)
        waiting.cancel()
        await asyncio.wait([waiting])
    assert budget.in_use == 0


@pytest.mark.parametrize("has_to_wait", [False, True])
async def test_pixels_of_a_cancelled_task_are_in_use_until_its_thread_has_ended(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes, has_to_wait: bool
) -> None:
    held = Held()
    if has_to_wait:
        async with decoder.decoded(content, make_mean):
            task = asyncio.create_task(decoder.preprocess(content, held.make))
            await until(lambda: budget.waiting)
    else:
        task = asyncio.create_task(decoder.preprocess(content, held.make))
    await held.until_started()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert budget.in_use == PIXELS
    held.may_end.set()
    await until_free(budget)


async def test_pixels_are_in_use_while_a_function_of_a_cancelled_scope_still_runs(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    held = Held()

    async def work() -> None:
        async with decoder.decoded(content, make_mean) as photo:
            await photo.run(held)

    task = asyncio.create_task(work())
    await held.until_started()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert budget.in_use == PIXELS
    held.may_end.set()
    await until_free(budget)
    assert held.seen[0]() is None


async def test_a_function_that_never_began_keeps_no_pixels(budget: PixelBudget, content: bytes) -> None:
    threads, held = PixelThreads(1, 1), Held()
    decoder = PhotoDecoder(threads, budget, DecodeLimits())
    busy = asyncio.create_task(threads.run(held, np.zeros((1, 1, 3), np.uint8)))
    await held.until_started()
    queued = await begun(decoder.preprocess(content, make_mean))
    queued.cancel()
    await asyncio.wait([queued])
    held.may_end.set()
    await busy
    assert budget.in_use == 0
    assert (await decoder.preprocess(content, make_mean)).preprocessed == 200
    threads.shutdown()


async def test_bulk_work_has_threads_of_its_own(decoder: PhotoDecoder, content: bytes) -> None:
    def make_name(image: EncodedImage) -> Callable[[Pixels], str]:
        return lambda _: threading.current_thread().name

    names = [(await decoder.preprocess(content, make_name, bulk=bulk)).preprocessed for bulk in (False, True)]
    assert [name.partition("pixels")[0] for name in names] == ["", "bulk-"]


async def test_a_jpeg_is_decoded_as_small_as_asked(
    threads: PixelThreads, encode: Callable[..., bytes]
) -> None:
    decoder = PhotoDecoder(threads, PixelBudget(10**6), DecodeLimits())
    large = encode(np.full((640, 480, 3), 200, np.uint8))

    def make_shape(image: EncodedImage) -> Callable[[Pixels], tuple[int, ...]]:
        return partial(np.shape)

    photo = await decoder.preprocess(large, make_shape, min_decode_px=160)
    assert (photo.preprocessed, photo.info.height) == ((160, 120, 3), 640)
    assert (await decoder.preprocess(large, make_shape)).preprocessed == (640, 480, 3)
