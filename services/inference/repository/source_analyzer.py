"""The catalogue's view of inference in this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from domain.taxonomy import Taxonomy
from domain.types import Box, Embedder, FloatArray, ImageAnalysis, ItemVersions, ModelVersion
from services.inference.repository.model_repository import ModelRepository
from services.inference.repository.pipeline_source import ModelChoice, PipelineSource


class SourceAnalyzer:
    """An `Analyzer` of the catalogue that uses the default models of the moment for each call.

    Calls may name another embedder. Models are held in the repository, where this process has one.
    """

    def __init__(self, source: PipelineSource, repository: ModelRepository | None = None) -> None:
        self._source = source
        self._repository = repository

    async def embedder(self, name: str | None = None, *, refresh: bool = False) -> Embedder:
        """The embedder of that version or alias, or the default; `refresh` is for remote analyzers."""
        with self._source.use(embedder=_embedder(name)) as pipeline:
            return await pipeline.embedder()

    async def versions(self) -> ItemVersions:
        """What the default models of the moment answer with."""
        with self._source.use() as pipeline:
            return pipeline.versions

    async def hold(self, versions: Sequence[str]) -> None:
        """See `ModelRepository.hold`; the models of an edge are fixed."""
        if self._repository is not None:
            await self._repository.hold(versions)

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: Callable[[], Awaitable[None]] | None = None,
        embedder: ModelVersion | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> ImageAnalysis:
        """See `Pipeline.analyze`; crops have the margin of the version that `embedder` names."""
        with self._source.use(embedder=_version(embedder)) as pipeline:
            return await pipeline.with_margin_of(embedder).analyze(
                content,
                boxes,
                include_crops=include_crops,
                bulk=bulk,
                min_score=min_score,
                on_detected=on_detected,
                taxonomy=taxonomy,
            )

    async def embed_text(
        self, text: str, *, bulk: bool = False, embedder: ModelVersion | None = None
    ) -> FloatArray:
        """See `Pipeline.embed_text`."""
        with self._source.use(embedder=_version(embedder)) as pipeline:
            return await pipeline.embed_text(text, bulk=bulk)


def _embedder(name: str | None) -> ModelChoice:
    return ModelChoice("embedder_version", name)


def _version(version: ModelVersion | None) -> ModelChoice:
    return _embedder(None if version is None else version.model_version)
