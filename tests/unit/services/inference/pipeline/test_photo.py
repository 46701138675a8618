from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from domain.calls import BACKGROUND, CURRENT_CALL, Call
from domain.errors import DeadlineExceeded, InvalidInput
from domain.types import Pixels
from imaging.decode import DecodeLimits, EncodedImage
from services.inference.pipeline.photo import Check, PhotoDecoder, PreprocessFactory
from services.inference.pipeline.pixel_budget import PhotoReleased, PixelBudget
from services.inference.pipeline.threads import PixelThreads
from tests.turns import begun, until
from tests.unit.imaging.pictures import webp_header_of

SIDE = 32
PIXELS = SIDE * SIDE


class Held:
    """Work on pixels that waits until the test lets it end."""

    def __init__(self) -> None:
        self.started, self.may_end = threading.Event(), threading.Event()
        self.seen: list[weakref.ref[Pixels]] = []

    def make(self, image: EncodedImage, check: Check) -> Callable[[Pixels], int]:
        return self

    def __call__(self, pixels: Pixels) -> int:
        self.seen.append(weakref.ref(pixels))
        self.started.set()
        assert self.may_end.wait(60)
        return 1

    async def until_started(self) -> None:
        with ThreadPoolExecutor(1) as waiter:
            await asyncio.get_running_loop().run_in_executor(waiter, self.started.wait)


def make_mean(image: EncodedImage, check: Check) -> Callable[[Pixels], float]:
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
    with pytest.raises(PhotoReleased):
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


def refuse(image: EncodedImage, check: Check) -> Callable[[Pixels], int]:
    raise InvalidInput("boxes[0]", "lies outside")


def break_down(pixels: Pixels) -> int:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("factory", "error"), [(refuse, InvalidInput), (lambda *_: break_down, ZeroDivisionError)]
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


class Step:
    """A step of long work: waits until the test lets it go on, and then checks whether it is waited for."""

    def __init__(self) -> None:
        self.held, self.ended = Held(), threading.Event()
        self.error: Exception | None = None

    def make(self, image: EncodedImage, check: Check) -> Callable[[Pixels], int]:
        return partial(self.run, check=check)

    def run(self, pixels: Pixels, check: Check) -> int:
        self.held(pixels)
        try:
            check()
        except Exception as error:
            self.error = error
            raise
        finally:
            self.ended.set()
        return 1


async def test_work_on_a_thread_ends_at_its_next_check_after_its_task_was_cancelled(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes
) -> None:
    step = Step()
    task = asyncio.create_task(decoder.preprocess(content, step.make))
    await step.held.until_started()
    task.cancel()
    await asyncio.wait([task])
    step.held.may_end.set()
    assert await asyncio.to_thread(step.ended.wait, 60)
    assert isinstance(step.error, PhotoReleased)
    await until_free(budget)


async def test_work_on_a_thread_ends_at_its_next_check_after_the_deadline(
    decoder: PhotoDecoder, budget: PixelBudget, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    CURRENT_CALL.set(Call("late", deadline=now + 3600))
    step = Step()
    task = asyncio.create_task(decoder.preprocess(content, step.make))
    await step.held.until_started()
    monkeypatch.setattr("domain.calls.time", SimpleNamespace(monotonic=lambda: now + 3601))
    step.held.may_end.set()
    with pytest.raises(DeadlineExceeded):
        await task
    assert isinstance(step.error, DeadlineExceeded)
    CURRENT_CALL.set(BACKGROUND)
    await until_free(budget)


async def test_a_function_that_waited_past_the_deadline_is_not_begun(
    budget: PixelBudget, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, held, now = PixelThreads(1, 1), Held(), time.monotonic()
    decoder = PhotoDecoder(threads, budget, DecodeLimits())
    busy = asyncio.create_task(threads.run(held, np.zeros((1, 1, 3), np.uint8)))
    await held.until_started()
    CURRENT_CALL.set(Call("late", deadline=now + 3600))
    opened: list[EncodedImage] = []

    def make(image: EncodedImage, check: Check) -> Callable[[Pixels], int]:
        opened.append(image)
        return np.size

    queued = await begun(decoder.preprocess(content, make))
    monkeypatch.setattr("domain.calls.time", SimpleNamespace(monotonic=lambda: now + 3601))
    held.may_end.set()
    await busy
    with pytest.raises(DeadlineExceeded):
        await queued
    assert not opened
    threads.shutdown()


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
    def make_name(image: EncodedImage, check: Check) -> Callable[[Pixels], str]:
        return lambda _: threading.current_thread().name

    names = [(await decoder.preprocess(content, make_name, bulk=bulk)).preprocessed for bulk in (False, True)]
    assert [name.partition("pixels")[0] for name in names] == ["", "bulk-"]


async def test_a_damaged_picture_leaves_no_line_in_the_log(
    decoder: PhotoDecoder, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidInput, match="damaged WEBP"):
        await decoder.preprocess(webp_header_of(SIDE, SIDE), make_mean)
    assert capfd.readouterr().err == ""


async def test_a_jpeg_is_decoded_as_small_as_asked(
    threads: PixelThreads, encode: Callable[..., bytes]
) -> None:
    decoder = PhotoDecoder(threads, PixelBudget(10**6), DecodeLimits())
    large = encode(np.full((640, 480, 3), 200, np.uint8))

    def make_shape(image: EncodedImage, check: Check) -> Callable[[Pixels], tuple[int, ...]]:
        return partial(np.shape)

    photo = await decoder.preprocess(large, make_shape, min_decode_px=160)
    assert (photo.preprocessed, photo.info.height) == ((160, 120, 3), 640)
    assert (await decoder.preprocess(large, make_shape)).preprocessed == (640, 480, 3)
