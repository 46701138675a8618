"""The calls that detect, embed and analyze photos."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TypeVar

from armoire.async_bulk import BULK_WINDOW, AsyncBulkRun, OnProgress, RunOptions
from armoire.async_caller import AsyncCaller
from armoire.calls import bulk as bulk_calls
from armoire.calls import inference
from armoire.calls.batches import only
from armoire.deadlines import BULK_TIMEOUT_S
from armoire.errors import ArmoireError
from armoire.photos import Photo, PhotoSource, read_photo
from armoire.values.inference import Detections, ImageAnalysis, ImageEmbeddings
from armoire.values.types import Embedding, Priority

P = TypeVar("P", bound=PhotoSource | Photo)


class AsyncInferenceMethods:
    """The calls that detect, embed and analyze photos."""

    _caller: AsyncCaller

    async def detect(
        self,
        photo: PhotoSource | Photo,
        *,
        min_score: float | None = None,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> Detections:
        """Finds the garments in a photo that the detector is sure of to `min_score`, 0 to 1."""
        call = inference.detect([read_photo(photo)], min_score, priority, model_version)
        return await self._caller.run(only(call), timeout_s)

    async def detect_batch(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        min_score: float | None = None,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[Detections | ArmoireError, ...]:
        """Like `detect` for several photos in one call: a result or an error for each, in their order."""
        return await self._caller.run(inference.detect(photos, min_score, priority, model_version), timeout_s)

    async def embed_image(
        self,
        photo: PhotoSource | Photo,
        *,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> ImageEmbeddings:
        """Embeds a whole photo, or its boxes where it comes with some."""
        call = inference.embed_images([read_photo(photo)], priority, model_version)
        return await self._caller.run(only(call), timeout_s)

    async def embed_images(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[ImageEmbeddings | ArmoireError, ...]:
        """Like `embed_image` for several photos in one call: a result or an error for each, in their
        order."""
        return await self._caller.run(inference.embed_images(photos, priority, model_version), timeout_s)

    async def embed_text(
        self,
        text: str,
        *,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> Embedding:
        """Embeds a text into the space of the photos."""
        return await self._caller.run(only(inference.embed_texts([text], priority, model_version)), timeout_s)

    async def embed_texts(
        self,
        texts: Sequence[str],
        *,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[Embedding | ArmoireError, ...]:
        """Like `embed_text` for several texts in one call: a result or an error for each, in their order."""
        return await self._caller.run(inference.embed_texts(texts, priority, model_version), timeout_s)

    async def analyze(
        self,
        photo: PhotoSource | Photo,
        *,
        min_score: float | None = None,
        include_crops: bool = False,
        include_embeddings: bool = False,
        include_alternatives: bool = False,
        priority: Priority = Priority.INTERACTIVE,
        detector_version: str | None = None,
        embedder_version: str | None = None,
        classifier_version: str | None = None,
        vocabulary_version: str | None = None,
        timeout_s: float | None = None,
    ) -> ImageAnalysis:
        """Finds, describes and embeds the garments in a photo.

        The words are your tenant's, unless `vocabulary_version` is "default", which is the server's taxonomy.
        """
        call = inference.analyze(
            [read_photo(photo)],
            min_score,
            include_crops,
            include_embeddings,
            include_alternatives,
            priority,
            detector_version,
            embedder_version,
            classifier_version,
            vocabulary_version,
        )
        return await self._caller.run(only(call), timeout_s)

    async def analyze_batch(
        self,
        photos: Sequence[PhotoSource | Photo],
        *,
        min_score: float | None = None,
        include_crops: bool = False,
        include_embeddings: bool = False,
        include_alternatives: bool = False,
        priority: Priority = Priority.INTERACTIVE,
        detector_version: str | None = None,
        embedder_version: str | None = None,
        classifier_version: str | None = None,
        vocabulary_version: str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[ImageAnalysis | ArmoireError, ...]:
        """Like `analyze` for several photos in one call: a result or an error for each, in their order."""
        call = inference.analyze(
            photos,
            min_score,
            include_crops,
            include_embeddings,
            include_alternatives,
            priority,
            detector_version,
            embedder_version,
            classifier_version,
            vocabulary_version,
        )
        return await self._caller.run(call, timeout_s)

    def analyze_many(
        self,
        photos: Iterable[P],
        *,
        min_score: float | None = None,
        include_crops: bool = False,
        include_embeddings: bool = False,
        include_alternatives: bool = False,
        priority: Priority = Priority.BULK,
        detector_version: str | None = None,
        embedder_version: str | None = None,
        classifier_version: str | None = None,
        vocabulary_version: str | None = None,
        window: int = BULK_WINDOW,
        on_progress: OnProgress | None = None,
        timeout_s: float = BULK_TIMEOUT_S,
    ) -> AsyncIterator[tuple[P, ImageAnalysis | ArmoireError]]:
        """Analyzes any number of photos over one stream: each photo with its result or error, in their order.

        The photos are taken and read as the server has room for them. Where the server goes away, the run
        waits for it and sends what has no answer.

        Args:
            window: photos that are taken and not handed out yet.
            on_progress: called before each photo is handed out.
            timeout_s: how long the run goes on without an answer.
        """
        call = bulk_calls.analyze(
            min_score,
            include_crops,
            include_embeddings,
            include_alternatives,
            priority,
            detector_version,
            embedder_version,
            classifier_version,
            vocabulary_version,
        )
        options = RunOptions(window, timeout_s, self._caller.metadata, on_progress)
        return AsyncBulkRun[P, ImageAnalysis](self._caller.transport, call, photos, options).outcomes()

    def embed_many(
        self,
        photos: Iterable[P],
        *,
        priority: Priority = Priority.BULK,
        model_version: str | None = None,
        window: int = BULK_WINDOW,
        on_progress: OnProgress | None = None,
        timeout_s: float = BULK_TIMEOUT_S,
    ) -> AsyncIterator[tuple[P, ImageEmbeddings | ArmoireError]]:
        """Embeds any number of photos, or their boxes; in the manner of `analyze_many`."""
        call = bulk_calls.embed(priority, model_version)
        options = RunOptions(window, timeout_s, self._caller.metadata, on_progress)
        return AsyncBulkRun[P, ImageEmbeddings](self._caller.transport, call, photos, options).outcomes()
