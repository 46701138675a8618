"""The streams of a tenant whose pixels are limited, before a pipeline that is full at first."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from armoire.v1 import inference_pb2, types_pb2
from domain.calls import BACKGROUND, CURRENT_CALL
from domain.errors import Overloaded
from domain.types import Box, ImageAnalysis, ModelVersion, StageTimings
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.inference.service import InferenceService

VERSION = ModelVersion("model-1", "square-1")
ANALYSIS = ImageAnalysis(4, 4, (), VERSION, VERSION, StageTimings(), ())


class LimitedRates:
    """Has no room for the first photo that asks."""

    def __init__(self) -> None:
        self.asked, self.taken = 0, list[tuple[str, int]]()

    def limits_pixels(self, tenant_id: str) -> bool:
        return True

    async def take_pixels(self, tenant_id: str, pixels: int) -> None:
        self.asked += 1
        if self.asked == 1:
            raise Overloaded("too many", retry_after_s=0.0)
        self.taken.append((tenant_id, pixels))


class FullPipeline:
    """Counts 16 pixels a photo; refuses the first one that it is to analyze."""

    analyzed = 0

    async def check_call(self, photos: Sequence[tuple[bytes, Sequence[Box]]], *, bulk: bool) -> None:
        await CURRENT_CALL.get().take_pixels(16 * len(photos))

    async def analyze(self, content: bytes, boxes: Sequence[Box], **_: object) -> ImageAnalysis:
        self.analyzed += 1
        if self.analyzed == 1:
            raise Overloaded("full", retry_after_s=0.0)
        return ANALYSIS


class Source:
    def __init__(self) -> None:
        self.pipeline = FullPipeline()

    @contextmanager
    def use(self, *_: object, **__: object) -> Iterator[FullPipeline]:
        yield self.pipeline


async def requests() -> AsyncGenerator[inference_pb2.AnalyzeStreamRequest, None]:
    yield inference_pb2.AnalyzeStreamRequest(id="a", image=types_pb2.ImageInput(content=b"photo"))


async def test_a_streams_photo_waits_for_its_pixels_and_is_counted_once() -> None:
    source, rates = Source(), LimitedRates()
    inference: Any = SimpleNamespace(source=source)
    servicer = InferenceServicer(cast(InferenceService, inference), InferenceLimits())
    CURRENT_CALL.set(replace(BACKGROUND, rates=rates))
    (response,) = [response async for response in servicer.AnalyzeStream(requests(), None)]
    assert response.analysis.image_width == 4
    assert source.pipeline.analyzed == 2
    assert (rates.asked, rates.taken) == (2, [("default", 16)])
