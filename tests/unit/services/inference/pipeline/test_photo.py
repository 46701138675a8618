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
from services.inference.pipeline.photo import PhotoDecoder
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

    def plan(self, image: EncodedImage) -> Callable[[Pixels], int]:
        return self

    def __call__(self, pixels: Pixels) -> int:
        self.seen.append(weakref.ref(pixels))
        self.started.set()
        assert self.may_end.wait(60)
        return 1

    async def until_started(self) -> None:
        with ThreadPoolExecutor(1) as waiter:
            await asyncio.get_running_loop().run_in_executor(waiter, self.started.wait)


def plan_mean(image: EncodedImage) -> Callable[[Pixels], float]:
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
    async with decoder.decoded(content, plan_mean) as photo:
        assert budget.in_use == PIXELS
        assert (photo.info.width, photo.prepared) == (SIDE, 200)
        assert await photo.run(lambda pixels, factor: pixels.max() * factor, 2.0) == 400
        pixels = await photo.run(weakref.ref)
        assert pixels() is not None
    assert budget.in_use == 0
    assert pixels() is None
    with pytest.raises(RuntimeError, match="within its scope"):
        await photo.run(np.shape)
    assert photo.prepared == 200
    assert min(photo.decode_ns, photo.prepare_ns) > 0


async def test_a_scope_that_raises_gives_its_pixels_back(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    async def fail() -> None:
        async with decoder.decoded(content, plan_mean):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert budget.in_use == 0


def refuse(image: EncodedImage) -> Callable[[Pixels], int]:
    raise InvalidInput("boxes[0]", "lies outside")


def break_down(pixels: Pixels) -> int:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("plan", "error"), [(refuse, InvalidInput), (lambda _: break_down, ZeroDivisionError)]
)
async def test_a_photo_that_cannot_be_prepared_keeps_no_pixels(
    decoder: PhotoDecoder,
    budget: PixelBudget,
    content: bytes,
    plan: Callable[[EncodedImage], Callable[[Pixels], int]],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        await decoder.prepare(content, plan)
    await until_free(budget)


async def test_errors_that_are_kept_do_not_stop_the_photos_that_wait(
    decoder: PhotoDecoder, content: bytes
) -> None:
    refused = [decoder.prepare(content, refuse) for _ in range(3)]
    done = await asyncio.wait_for(
        asyncio.gather(*refused, decoder.prepare(content, plan_mean), return_exceptions=True), 60
    )
    assert [type(each).__name__ for each in done] == ["InvalidInput"] * 3 + ["Photo"]


async def test_a_photo_waits_for_the_pixels_of_another(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    async with decoder.decoded(content, plan_mean):
        waiting = asyncio.create_task(decoder.prepare(content, plan_mean))
        await until(lambda: budget._waiting)
        assert budget.in_use == PIXELS
    assert (await waiting).prepared == 200
    assert budget.in_use == 0


async def test_a_cancelled_wait_leaves_nothing_behind(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    async with decoder.decoded(content, plan_mean):
        waiting = asyncio.create_task(decoder.prepare(content, plan_mean))
        await until(lambda: budget._waiting)
        waiting.cancel()
        await asyncio.wait([waiting])
    assert budget.in_use == 0


@pytest.mark.parametrize("has_to_wait", [False, True])
async def test_pixels_of_a_cancelled_task_are_in_use_until_its_thread_has_ended(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes, has_to_wait: bool
) -> None:
    held = Held()
    if has_to_wait:
        async with decoder.decoded(content, plan_mean):
            task = asyncio.create_task(decoder.prepare(content, held.plan))
            await until(lambda: budget._waiting)
    else:
        task = asyncio.create_task(decoder.prepare(content, held.plan))
    await held.until_started()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert budget.in_use == PIXELS
    held.may_end.set()
    await until_free(budget)


async def test_pixels_are_in_use_while_a_job_of_a_cancelled_scope_still_runs(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    held = Held()

    async def work() -> None:
        async with decoder.decoded(content, plan_mean) as photo:
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


async def test_a_job_that_never_began_keeps_no_pixels(budget: PixelBudget, content: bytes) -> None:
    threads, held = PixelThreads(1, 1), Held()
    decoder = PhotoDecoder(threads, budget, DecodeLimits())
    busy = asyncio.create_task(threads.run(held, np.zeros((1, 1, 3), np.uint8)))
    await held.until_started()
    queued = await begun(decoder.prepare(content, plan_mean))
    queued.cancel()
    await asyncio.wait([queued])
    held.may_end.set()
    await busy
    assert budget.in_use == 0
    assert (await decoder.prepare(content, plan_mean)).prepared == 200
    threads.shutdown()


async def test_bulk_work_has_threads_of_its_own(decoder: PhotoDecoder, content: bytes) -> None:
    def plan_name(image: EncodedImage) -> Callable[[Pixels], str]:
        return lambda _: threading.current_thread().name

    names = [(await decoder.prepare(content, plan_name, bulk=bulk)).prepared for bulk in (False, True)]
    assert [name.partition("pixels")[0] for name in names] == ["", "bulk-"]


async def test_a_jpeg_is_decoded_as_small_as_asked(
    threads: PixelThreads, encode: Callable[..., bytes]
) -> None:
    decoder = PhotoDecoder(threads, PixelBudget(10**6), DecodeLimits())
    large = encode(np.full((640, 480, 3), 200, np.uint8))

    def plan_shape(image: EncodedImage) -> Callable[[Pixels], tuple[int, ...]]:
        return partial(np.shape)

    photo = await decoder.prepare(large, plan_shape, min_decode_px=160)
    assert (photo.prepared, photo.info.height) == ((160, 120, 3), 640)
    assert (await decoder.prepare(large, plan_shape)).prepared == (640, 480, 3)
