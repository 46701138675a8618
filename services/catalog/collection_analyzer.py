"""Inference with the embedder of a collection, whichever is the default."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TypeVar

from domain.errors import FailedPrecondition, Unavailable
from domain.taxonomy import Taxonomy
from domain.types import Box, Embedder, FloatArray, ImageAnalysis
from services.catalog.analyzer import Analyzer, OnDetected
from services.catalog.vectors.collection import Collection, describe_version

R = TypeVar("R")


class EmbedderNotLoaded(Unavailable):
    """The embedder of a collection is not loaded."""

    reason = "EMBEDDER_NOT_LOADED"


class CollectionAnalyzer:
    """An `Analyzer` whose calls name a collection. They raise EmbedderNotLoaded, too."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    async def embedder(self, collection: Collection) -> Embedder:
        """The embedder of the collection."""
        name = collection.version.model_version
        return await _loaded(collection, self._analyzer.embedder(name))

    async def analyze(
        self,
        collection: Collection,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: OnDetected | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> ImageAnalysis:
        """See `Analyzer.analyze`."""
        analysis = self._analyzer.analyze(
            content,
            boxes,
            include_crops=include_crops,
            bulk=bulk,
            min_score=min_score,
            on_detected=on_detected,
            embedder=collection.version,
            taxonomy=taxonomy,
        )
        done = await _loaded(collection, analysis)
        if done.embedder != collection.version:
            raise _not_loaded(collection)
        return done

    async def embed_text(self, collection: Collection, text: str, *, bulk: bool = False) -> FloatArray:
        """See `Analyzer.embed_text`."""
        version = collection.version
        return await _loaded(collection, self._analyzer.embed_text(text, bulk=bulk, embedder=version))


async def _loaded(collection: Collection, call: Awaitable[R]) -> R:
    """Await a call of inference that names the embedder of the collection."""
    try:
        return await call
    except FailedPrecondition as error:
        if error.reason != "MODEL_VERSION_MISMATCH":
            raise
        raise _not_loaded(collection) from error


def _not_loaded(collection: Collection) -> EmbedderNotLoaded:
    version = describe_version(collection.version)
    return EmbedderNotLoaded(f"the catalogue searches with {version}, which is not loaded at the moment")
