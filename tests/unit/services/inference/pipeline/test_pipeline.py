from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from domain.calls import CURRENT_CALL, Call
from domain.errors import DeadlineExceeded, Overloaded
from domain.taxonomy import Taxonomy
from domain.types import Box
from imaging.colors import Palette
from models.attributes import AttributeClassifier, Vocabulary
from services.inference.batching.entries import Array, RunResult
from services.inference.loaded_models import LoadedModels
from services.inference.options import InferenceOptions
from services.inference.pipeline.describer import Describer
from services.inference.pipeline.photo import PhotoDecoder
from services.inference.pipeline.pipeline import Pipeline
from services.inference.pipeline.pixel_budget import PixelBudget
from services.inference.pipeline.threads import PixelThreads
from tests.turns import turn

ROOT = Path(__file__).parents[5]
RUN_NS = 1000
WIDTH = 4


class NoSession:
    """The session of a graph that is never run."""

    provider = "none"

    def run(self, inputs: npt.NDArray[np.uint8], *, exclusive: bool = False) -> tuple[()]:
        raise AssertionError("a graph was run")

    def shrink_arena(self, inputs: npt.NDArray[np.uint8]) -> None: ...


class FakeRunner:
    """Answers zeros of `row_shape` for every row, or raises `error`."""

    def __init__(self, row_shape: tuple[int, ...]) -> None:
        self.row_shape = row_shape
        self.error: Exception | None = None

    async def submit(self, rows: Array, *, deadline: float | None, bulk: bool = False) -> RunResult:
        await turn()
        if self.error is not None:
            raise self.error
        return RunResult(np.zeros((len(rows), *self.row_shape), np.float32), 0, RUN_NS)


class FakeBackend:
    """Detects nothing; every embedding is (WIDTH,) zeros."""

    ready = True

    def __init__(self) -> None:
        self.detector, self.encoder = FakeRunner((1, 6)), FakeRunner((WIDTH,))

    def runner(self, graph: str) -> FakeRunner:
        return self.detector if graph == "detector" else self.encoder

    async def close(self) -> None: ...


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
async def pipeline(backend: FakeBackend) -> AsyncIterator[Pipeline]:
    """A pipeline with the demo models, whose graphs are not run."""
    inference = InferenceOptions(ROOT / "artifacts/demo-detector", ROOT / "artifacts/demo-embedder")
    models = LoadedModels.elsewhere(inference, lambda _: NoSession())
    palette = Palette.of(Taxonomy.load(ROOT / "domain/taxonomy.toml"))
    categories = Vocabulary(("dress", "hat"), np.zeros((2, WIDTH), np.float32))
    describer = Describer(AttributeClassifier({"category": categories}, 1.0), palette)
    threads = PixelThreads(2, 1)
    photos = PhotoDecoder(threads, PixelBudget(10**6), inference.pipeline.decode)
    yield Pipeline(models, backend, describer, photos, threads, inference.pipeline)
    threads.shutdown()


@pytest.fixture(scope="module")
def photo(encode: Callable[..., bytes]) -> bytes:
    return encode(np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8))


async def test_letterbox_and_suppression_count_as_detection(pipeline: Pipeline, photo: bytes) -> None:
    detected, analyzed = (await pipeline.detect(photo)).timings, (await pipeline.analyze(photo)).timings
    assert min(detected.detect_ns, analyzed.detect_ns) > RUN_NS


async def test_detect_says_how_long_it_took(pipeline: Pipeline, photo: bytes) -> None:
    timings = (await pipeline.detect(photo)).timings
    assert timings.total_ns >= timings.decode_ns + timings.detect_ns - RUN_NS > 0


@pytest.fixture
async def unretrieved() -> AsyncIterator[list[dict[str, Any]]]:
    """What asyncio reports of errors that nobody retrieved."""
    reports: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, report: reports.append(report))
    yield reports
    asyncio.get_running_loop().set_exception_handler(None)


async def test_of_two_errors_the_first_is_raised_and_none_is_lost(
    pipeline: Pipeline, backend: FakeBackend, photo: bytes, unretrieved: list[dict[str, Any]]
) -> None:
    """The deadline passes after cropping, so no crop can be described, and then the encoder fails, too."""

    async def let_the_deadline_pass() -> None:
        CURRENT_CALL.set(Call("late", deadline=time.monotonic() - 1))
        backend.encoder.error = Overloaded("the queue is full", retry_after_s=1.0)

    boxes = [Box(0, 0, 100, 100), Box(50, 50, 200, 200)]
    with pytest.raises(DeadlineExceeded):
        await asyncio.create_task(pipeline.analyze(photo, boxes, on_detected=let_the_deadline_pass))
    gc.collect()
    await turn()
    assert unretrieved == []


async def test_crops_have_the_margin_of_the_version_that_is_asked_for(
    pipeline: Pipeline, photo: bytes
) -> None:
    own = pipeline.embedder_version
    assert pipeline.with_margin_of(None) is pipeline.with_margin_of(own) is pipeline
    other = replace(own, preprocess_version=own.preprocess_version.replace("grow0.1", "grow0.25"))
    wider = pipeline.with_margin_of(other)
    assert wider is pipeline.with_margin_of(other)
    assert (await wider.analyze(photo)).embedder == other
    assert (await pipeline.analyze(photo)).embedder == own
    unknown = replace(own, preprocess_version="square-1")
    assert pipeline.with_margin_of(unknown) is pipeline
