"""Photos and texts in; detections, descriptions and embeddings out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np

from domain.calls import CURRENT_CALL
from domain.types import (
    AnalyzedItem,
    Box,
    Detection,
    Embedder,
    FloatArray,
    ImageAnalysis,
    ImageDetections,
    ModelVersion,
    Pixels,
    StageTimings,
)
from imaging.decode import EncodedImage
from imaging.letterbox import LetterboxTransform
from imaging.quality import photo_warnings
from services.inference.batching.entries import Array, RunResult
from services.inference.loaded_models import LoadedModels
from services.inference.model_backend import ModelBackend
from services.inference.pipeline.candidates import Candidate, Cropper
from services.inference.pipeline.describer import Describer
from services.inference.pipeline.options import PipelineOptions, embedder_version
from services.inference.pipeline.photo import EVERY_PIXEL, Photo, PhotoDecoder
from services.inference.pipeline.threads import PixelThreads
from services.inference.runner import Runner

Letterboxed: TypeAlias = tuple[Pixels, LetterboxTransform]
OnDetected: TypeAlias = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Wish:
    """Options of one call of `analyze`."""

    include_crops: bool
    bulk: bool
    min_score: float | None
    on_detected: OnDetected | None


class Pipeline:
    """Runs pixel work on `threads` and models on the backend's runners, nothing heavy on the event loop.

    If a model needs only the whole photo, a JPEG is decoded no larger than the model needs.
    """

    def __init__(
        self,
        models: LoadedModels,
        backend: ModelBackend,
        describer: Describer,
        photos: PhotoDecoder,
        threads: PixelThreads,
        options: PipelineOptions,
    ) -> None:
        self._detector, self._detector_runner = models.detector, backend.runner("detector")
        self._image_encoder, self._image_runner = models.image_encoder, backend.runner("image")
        self._text_encoder, self._text_runner = models.text_encoder, backend.runner("text")
        self._embedder = replace(models.embedder, version=embedder_version(models.embedder.version, options))
        self._describer = describer
        self._photos = photos
        self._threads = threads
        self._cropper = Cropper(models.image_encoder, options)
        self._options = options

    async def embedder(self) -> Embedder:
        """The embedder that answers."""
        return self._embedder

    @property
    def detector_version(self) -> ModelVersion:
        return self._detector.version

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: OnDetected | None = None,
    ) -> ImageAnalysis:
        """Find the garments of a photo, or take the caller's boxes as they are; describe and embed each.

        `on_detected` is awaited once the garments are found and cut, before they are embedded; what it raises
        ends the analysis.

        Raises:
            InvalidInput: the picture or a box is not usable; the field is "content" or "boxes[i]".
            Overloaded, DeadlineExceeded, Unavailable: from the runners.
        """
        started_ns = time.monotonic_ns()
        wish = _Wish(include_crops, bulk, min_score, on_detected)
        analysis = await (
            self._analyze_regions(content, boxes, wish) if boxes else self._analyze_found(content, wish)
        )
        total_ns = time.monotonic_ns() - started_ns
        return replace(analysis, timings=replace(analysis.timings, total_ns=total_ns))

    async def _analyze_regions(self, content: bytes, boxes: Sequence[Box], wish: _Wish) -> ImageAnalysis:
        plan = partial(self._cropper.plan_regions, boxes)
        async with self._photos.decoded(content, plan, bulk=wish.bulk) as photo:
            timings = StageTimings(decode_ns=photo.decode_ns, crop_ns=photo.prepare_ns)
            return await self._describe(photo, photo.prepared, timings, wish)

    async def _analyze_found(self, content: bytes, wish: _Wish) -> ImageAnalysis:
        async with self._photos.decoded(content, self._plan_letterbox, bulk=wish.bulk) as photo:
            found, timings = await self._find(photo, wish.min_score, wish.bulk)
            started_ns = time.monotonic_ns()
            candidates = await photo.run(self._cropper.crop_detections, found)
            timings = replace(timings, crop_ns=time.monotonic_ns() - started_ns)
            return await self._describe(photo, candidates, timings, wish)

    async def _describe(
        self, photo: Photo[object], candidates: Sequence[Candidate], timings: StageTimings, wish: _Wish
    ) -> ImageAnalysis:
        if wish.on_detected is not None:
            await wish.on_detected()
        accepted = [candidate for candidate in candidates if candidate.encoder_row is not None]
        described: list[AnalyzedItem] = []
        if accepted:
            described, timings = await self._describe_accepted(photo, accepted, timings, wish)
        remaining = iter(described)
        return ImageAnalysis(
            photo.info.width,
            photo.info.height,
            tuple(next(remaining) if each.item.accepted else each.item for each in candidates),
            self._detector.version,
            self._embedder.version,
            timings,
            photo_warnings(photo.info.width, photo.info.height, self._options.quality),
        )

    async def _describe_accepted(
        self, photo: Photo[object], accepted: Sequence[Candidate], timings: StageTimings, wish: _Wish
    ) -> tuple[list[AnalyzedItem], StageTimings]:
        """Embed and describe; colours are computed on the threads while the encoder runs on the device."""
        looking = asyncio.gather(
            *(photo.run(self._describer.look, each.region, wish.include_crops) for each in accepted)
        )
        try:
            rows = np.stack([each.encoder_row for each in accepted if each.encoder_row is not None])
            result = await self._run(self._image_runner, rows, wish.bulk)
            looks = await looking
        finally:
            looking.cancel()
        started_ns = time.monotonic_ns()
        items = self._describer.describe([each.item for each in accepted], result.outputs, looks)
        describe_ns = time.monotonic_ns() - started_ns
        return items, replace(
            timings, embed_queue_ns=result.queue_ns, embed_ns=result.run_ns, describe_ns=describe_ns
        )

    async def detect(
        self, content: bytes, *, min_score: float | None = None, bulk: bool = False
    ) -> ImageDetections:
        """Find the garments of a photo; raises as `analyze`."""
        min_decode_px = self._detector.manifest.image.min_decode_px
        photo = await self._photos.prepare(
            content, self._plan_letterbox, min_decode_px=min_decode_px, bulk=bulk
        )
        found, timings = await self._find(photo, min_score, bulk)
        return ImageDetections(photo.info.width, photo.info.height, tuple(found), timings)

    def _plan_letterbox(self, image: EncodedImage) -> Callable[[Pixels], Letterboxed]:
        return partial(self._detector.preprocess, source=image)

    async def _find(
        self, photo: Photo[Letterboxed], min_score: float | None, bulk: bool
    ) -> tuple[list[Detection], StageTimings]:
        row, transform = photo.prepared
        result = await self._run(self._detector_runner, row[None], bulk)
        options = self._options
        found = self._detector.postprocess(
            result.outputs[0],
            transform,
            options.min_score if min_score is None else min_score,
            options.iou_threshold,
            options.max_detections,
            options.any_class_iou_threshold,
        )
        return found, StageTimings(
            decode_ns=photo.decode_ns, detect_queue_ns=result.queue_ns, detect_ns=result.run_ns
        )

    async def embed_image(
        self, content: bytes, boxes: Sequence[Box] = (), *, bulk: bool = False
    ) -> tuple[FloatArray, StageTimings]:
        """Embed the whole photo, or each box of it as given: (N, D) float32, L2-normalised."""
        started_ns = time.monotonic_ns()
        min_decode_px = EVERY_PIXEL if boxes else self._image_encoder.manifest.image.min_decode_px
        plan = partial(self._cropper.plan_rows, boxes)
        photo = await self._photos.prepare(content, plan, min_decode_px=min_decode_px, bulk=bulk)
        result = await self._run(self._image_runner, photo.prepared, bulk)
        return result.outputs, StageTimings(
            decode_ns=photo.decode_ns,
            crop_ns=photo.prepare_ns,
            embed_queue_ns=result.queue_ns,
            embed_ns=result.run_ns,
            total_ns=time.monotonic_ns() - started_ns,
        )

    async def embed_texts(self, texts: Sequence[str], *, bulk: bool = False) -> FloatArray:
        """(N, D) float32, L2-normalised."""
        tokens = await self._threads.run(self._text_encoder.preprocess, texts, bulk=bulk)
        outputs: FloatArray = (await self._run(self._text_runner, tokens, bulk)).outputs
        return outputs

    async def embed_text(self, text: str, *, bulk: bool = False) -> FloatArray:
        """(D,) float32, L2-normalised."""
        vector: FloatArray = (await self.embed_texts([text], bulk=bulk))[0]
        return vector

    @staticmethod
    async def _run(runner: Runner, rows: Array, bulk: bool = False) -> RunResult:
        return await runner.submit(rows, deadline=CURRENT_CALL.get().deadline, bulk=bulk)
