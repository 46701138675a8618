"""A second embedder that answers what calls have sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import pytest

from domain.calls import CURRENT_CALL, Call
from domain.errors import Overloaded
from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, Box, ImageAnalysis, ModelVersion, ScoredValue
from services.inference.pipeline.pipeline import Pipeline
from services.inference.repository.pipeline_source import ModelChoice
from services.predictions.observation import Observation, RequestOptions, observed_analysis
from services.shadow import shadow as module
from services.shadow.shadow import ALIAS, Shadow
from tests.turns import until

LIVE, NEW = ModelVersion("live", "p"), ModelVersion("new", "p")
DETECTOR = ModelVersion("detector", "p")
BOX = Box(0, 0, 100, 100)
VECTOR = np.array([1, 0], np.float32)


def item(category: str, box: Box = BOX) -> AnalyzedItem:
    attributes = {"category": AttributeValue((ScoredValue(category, 0.9),))}
    return AnalyzedItem(box, 0.9, "garment", attributes=attributes, embedding=VECTOR)


def analysis(embedder: ModelVersion, *items: AnalyzedItem) -> ImageAnalysis:
    return ImageAnalysis(100, 100, items, DETECTOR, embedder, cast(Any, None))


def observed(*items: AnalyzedItem, embedder: ModelVersion = LIVE, content: bytes = b"photo") -> Observation:
    return observed_analysis(content, analysis(embedder, *items), RequestOptions(0.3))


@dataclass(eq=False)
class AnsweringPipeline:
    """Answers with these items, or with an error, once `released`."""

    embedder_version: ModelVersion
    items: Sequence[AnalyzedItem] = ()
    error: Exception | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.released.set()

    async def analyze(self, content: bytes, boxes: Sequence[Box], **options: Any) -> ImageAnalysis:
        self.asked.append({"content": content, "boxes": boxes, **options})
        await self.released.wait()
        if self.error is not None:
            raise self.error
        return analysis(self.embedder_version, *self.items)

    async def embed_image(self, content: bytes, boxes: Sequence[Box], *, bulk: bool) -> tuple[Any, None]:
        self.asked.append({"content": content, "boxes": boxes, "bulk": bulk})
        return np.stack([VECTOR]), None


@dataclass(eq=False)
class Models:
    """A `PipelineSource` with a default and a candidate, and the shadow around them."""

    live: AnsweringPipeline
    candidate: AnsweringPipeline
    outcomes: list[str] = field(default_factory=list)

    @contextmanager
    def use(self, embedder: ModelChoice = ModelChoice()) -> Iterator[Pipeline]:
        yield cast(Pipeline, self.candidate if embedder.name == ALIAS else self.live)

    def version(self) -> str:
        return self.candidate.embedder_version.model_version if self.candidate else ""

    def taxonomy(self, tenant_id: str) -> Taxonomy | None:
        return None


@pytest.fixture
def models() -> Models:
    return Models(AnsweringPipeline(LIVE), AnsweringPipeline(NEW))


@asynccontextmanager
async def running(models: Models, ratio: float = 1.0) -> AsyncIterator[Shadow]:
    """A shadow that compares, for a call of Analyze."""
    ratios = {"Analyze": ratio}
    shadow = Shadow(cast(Any, models), models.version, ratios, models.outcomes.append, models.taxonomy)
    token = CURRENT_CALL.set(Call("call-1", method="Analyze"))
    loop = asyncio.create_task(shadow.run())
    try:
        yield shadow
    finally:
        CURRENT_CALL.reset(token)
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop


async def test_answers_are_compared_as_bulk_work_with_the_options_of_the_call(models: Models) -> None:
    models.candidate.items = [item("dress"), item("shirt", Box(0, 0, 50, 50))]
    async with running(models) as shadow:
        assert shadow.wants("0")
        shadow.record(observed(item("dress"), item("hat", Box(0, 0, 50, 50))))
        await until(lambda: models.outcomes)
        figures = shadow.figures
    assert figures is not None
    assert (figures.live, figures.candidate, figures.photos) == (LIVE, NEW, 1)
    assert (figures.garments, figures.same_labels) == (2, 1)
    (asked,) = models.candidate.asked
    assert (asked["bulk"], asked["min_score"], asked["boxes"]) == (True, 0.3, ())
    assert models.live.asked == []


async def test_only_a_share_is_wanted_and_only_where_there_is_a_candidate(models: Models) -> None:
    async with running(models, 0.0) as shadow:
        assert not shadow.wants("0")
    async with running(models) as shadow:
        CURRENT_CALL.set(Call("call-1", method="EmbedText"))
        assert not shadow.wants("0")
        CURRENT_CALL.set(Call("call-1", method="Analyze"))
        models.candidate = cast(Any, None)
        assert not shadow.wants("0")
        assert shadow.figures is None


async def test_what_does_not_fit_is_dropped_and_nobody_waits(models: Models) -> None:
    models.candidate.released.clear()
    async with running(models) as shadow:
        for _ in range(module.MAX_WAITING + 3):
            shadow.record(observed(item("dress")))
        assert models.outcomes == ["dropped"] * 3
        models.candidate.items = [item("dress")]
        models.candidate.released.set()
        await until(lambda: models.outcomes.count("compared") == module.MAX_WAITING)
        shadow.record(observed(item("dress"), content=b"x" * (module.MAX_WAITING_BYTES + 1)))
        assert models.outcomes[-1] == "dropped"
        figures = shadow.figures
    assert figures is not None
    assert (figures.photos, figures.dropped) == (module.MAX_WAITING, 1)


async def test_failures_are_counted_and_the_next_photo_is_compared(models: Models) -> None:
    models.candidate.error = Overloaded("too many rows wait")
    async with running(models) as shadow:
        shadow.record(observed(item("dress")))
        await until(lambda: models.outcomes == ["failed"])
        models.candidate.error = None
        shadow.record(observed(item("dress")))  # the candidate finds nothing
        await until(lambda: models.outcomes == ["failed"] * 2)
        models.candidate.items = [item("dress")]
        shadow.record(observed(item("dress")))
        await until(lambda: models.outcomes[-1] == "compared")
        figures = shadow.figures
    assert figures is not None
    assert (figures.photos, figures.failed, figures.garments) == (1, 2, 1)


async def test_another_pair_of_embedders_is_counted_anew(models: Models) -> None:
    models.candidate.items = [item("dress")]
    async with running(models) as shadow:
        shadow.record(observed(item("dress")))
        await until(lambda: len(models.outcomes) == 1)
        models.candidate.embedder_version = ModelVersion("newer", "p")
        assert shadow.figures is None
        shadow.record(observed(item("dress")))
        await until(lambda: len(models.outcomes) == 2)
        figures = shadow.figures
    assert figures is not None
    assert (figures.candidate.model_version, figures.photos) == ("newer", 1)


async def test_answers_of_another_embedder_than_the_default_are_left_out(models: Models) -> None:
    models.candidate.items = [item("dress")]
    async with running(models) as shadow:
        shadow.record(observed(item("dress"), embedder=NEW))
        shadow.record(observed(item("dress")))
        await until(lambda: models.outcomes)
        figures = shadow.figures
    assert figures is not None
    assert figures.photos == 1


async def test_embeddings_of_photos_are_compared_without_labels(models: Models) -> None:
    bare = AnalyzedItem(Box(0, 0, 0, 0), 0.0, "", whole_image=True, embedding=VECTOR)
    async with running(models) as shadow:
        shadow.record(replace(observed(bare), method="EmbedImage"))
        await until(lambda: models.outcomes == ["compared"])
        figures = shadow.figures
    assert figures is not None
    assert (figures.photos, figures.garments) == (1, 0)
