"""The catalogue's view of inference in this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from domain.types import Box, Embedder, FloatArray, ImageAnalysis
from services.inference.repository.pipeline_source import PipelineSource


class SourceAnalyzer:
    """An `Analyzer` of the catalogue that uses the default models of the moment for each call."""

    def __init__(self, source: PipelineSource) -> None:
        self._source = source

    async def embedder(self, *, refresh: bool = False) -> Embedder:
        """The default embedder; `refresh` is for remote analyzers."""
        with self._source.use() as pipeline:
            return await pipeline.embedder()

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: Callable[[], Awaitable[None]] | None = None,
    ) -> ImageAnalysis:
        """See `Pipeline.analyze`."""
        with self._source.use() as pipeline:
            return await pipeline.analyze(
                content,
                boxes,
                include_crops=include_crops,
                bulk=bulk,
                min_score=min_score,
                on_detected=on_detected,
            )

    async def embed_text(self, text: str, *, bulk: bool = False) -> FloatArray:
        """See `Pipeline.embed_text`."""
        with self._source.use() as pipeline:
            return await pipeline.embed_text(text, bulk=bulk)
