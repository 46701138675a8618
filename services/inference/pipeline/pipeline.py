"""Photos and texts in; detections, descriptions and embeddings out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np

from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import (
    AnalyzedItem,
    Box,
    Detection,
    Embedder,
    FloatArray,
    ImageAnalysis,
    ImageDetections,
    ItemVersions,
    ModelVersion,
    Pixels,
    StageTimings,
)
from imaging.decode import EncodedImage
from imaging.letterbox import LetterboxTransform
from imaging.quality import photo_warnings
from services.inference.batching.entries import Array, RunResult
from services.inference.loaded_models import LoadedModels
from services.inference.model_backend import Runners
from services.inference.pipeline.describer import CropDescription, Describer
from services.inference.pipeline.describers import DescriberModels, Describers
from services.inference.pipeline.garment_limit import judged
from services.inference.pipeline.options import PipelineOptions, cropped_version, expand_ratio_of
from services.inference.pipeline.photo import (
    FULL_SIZE,
    Check,
    Photo,
    PhotoAndBoxes,
    PhotoDecoder,
    Preprocess,
)
from services.inference.pipeline.regions import Cropper, Region
from services.inference.pipeline.threads import PixelThreads
from services.inference.runner import Runner

Letterboxed: TypeAlias = tuple[Pixels, LetterboxTransform]
OnDetected: TypeAlias = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _AnalyzeOptions:
    """Options of one call of `analyze`; `detected`: the boxes are a detector's."""

    detected: bool
    include_crops: bool
    bulk: bool
    min_score: float | None
    on_detected: OnDetected | None
    describer: Describer


@dataclass(frozen=True, slots=True, eq=False)
class _CropResults:
    """What the models and the threads have made of the accepted crops, in their order."""

    embedded: RunResult
    classified: RunResult | None
    crops: list[CropDescription]


class Pipeline:
    """Runs pixel work on `threads` and models on `runners`, nothing heavy on the event loop.

    Calls that crop nothing may decode a JPEG at a reduced size.
    """

    def __init__(
        self,
        models: LoadedModels,
        runners: Runners,
        describer: Describer,
        photos: PhotoDecoder,
        threads: PixelThreads,
        options: PipelineOptions,
        describers: Describers | None = None,
    ) -> None:
        """`describers` are those of other taxonomies, which pipelines share."""
        self.runners = runners
        self.derived: dict[object, object] = {}
        """What others have built around this pipeline, by whoever built it; it ends with the pipeline."""
        self._detector, self._detector_runner = models.detector, runners.runner("detector")
        self._image_encoder, self._image_runner = models.image_encoder, runners.runner("image")
        self._text_encoder, self._text_runner = models.text_encoder, runners.runner("text")
        self._embedder = replace(models.embedder, version=cropped_version(models.embedder.version, options))
        self._classifier_runner = None if models.classifier is None else runners.runner("classifier")
        self._classifier_version = (
            None if models.classifier is None else cropped_version(models.classifier.version, options)
        )
        self._models, self._describer = models, describer
        self._describers = describers or Describers()
        self._describer_models = DescriberModels(
            describer,
            models.text_encoder.version,
            self._classifier_version,
            models.text_encoder.logit_scale,
            partial(self.embed_texts, bulk=True),
        )
        self._with_margins: dict[float, Pipeline] = {}
        self._photos = photos
        self._threads = threads
        self._cropper = Cropper(models.image_encoder, options, models.classifier)
        self._options = options

    async def embedder(self, *, refresh: bool = False) -> Embedder:
        """The embedder in use, which never changes; `refresh` is for remote analyzers."""
        return self._embedder

    @property
    def detector_version(self) -> ModelVersion:
        return self._detector.version

    @property
    def embedder_version(self) -> ModelVersion:
        return self._embedder.version

    @property
    def classifier_version(self) -> ModelVersion | None:
        """None where no classifier is served."""
        return self._classifier_version

    @property
    def versions(self) -> ItemVersions:
        """What items are found and described with."""
        versions = self.embedder_version, self.detector_version, self._classifier_version
        return ItemVersions(*versions, self._describer.vocabulary)

    def with_margin_of(self, version: ModelVersion | None) -> Pipeline:
        """This pipeline, or one of the same models that crops with the margin of that embedder's version."""
        margin = None if version is None else expand_ratio_of(version)
        if margin is None or margin == self._options.expand_ratio:
            return self
        if margin not in self._with_margins:
            options = replace(self._options, expand_ratio=margin)
            parts = self._models, self.runners, self._describer, self._photos, self._threads
            self._with_margins[margin] = Pipeline(*parts, options, self._describers)
        return self._with_margins[margin]

    async def check_call(self, photos: Sequence[PhotoAndBoxes], *, bulk: bool = False) -> None:
        """Check and count how many pixels the photos of one call and their boxes have, before any is decoded.

        Raises:
            InvalidInput: they have too many together; the field is "".
            Overloaded: the tenant has sent too many in the last minute.
        """
        call, single = CURRENT_CALL.get(), len(photos) < 2  # a single photo has limits of its own
        if single and not call.counts_pixels:
            return
        pixels, most = await self._photos.count_pixels(photos, bulk=bulk), self._options.max_call_pixels
        if pixels > most and not single:
            raise InvalidInput(
                "", f"have {pixels} pixels together with their boxes; at most {most} are allowed in one call"
            )
        await call.take_pixels(pixels)

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: OnDetected | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> ImageAnalysis:
        """Embed and describe the given boxes, cropped without a margin, or else the detected garments.

        `on_detected` is awaited after detection and cropping, before regions are embedded; an error that it
        raises ends the analysis. `taxonomy` is that of the words, None for the server's.

        Raises:
            InvalidInput: the photo or a box cannot be used; the field is "content" or "boxes[i]".
            FailedPrecondition, Overloaded, DeadlineExceeded, Unavailable: see `Runner.submit`.
        """
        started_ns = time.monotonic_ns()
        describer = await self._describer_of(taxonomy)
        options = _AnalyzeOptions(not boxes, include_crops, bulk, min_score, on_detected, describer)
        analysis = await (
            self._analyze_boxes(content, boxes, options)
            if boxes
            else self._analyze_detections(content, options)
        )
        total_ns = time.monotonic_ns() - started_ns
        return replace(analysis, timings=replace(analysis.timings, total_ns=total_ns))

    async def prepare(self, taxonomy: Taxonomy) -> None:
        """Work out what describes with a taxonomy, before calls need it. Raises as `Describers.of`."""
        await self._describer_of(taxonomy)

    async def _describer_of(self, taxonomy: Taxonomy | None) -> Describer:
        if taxonomy is None or taxonomy.version == self._describer.vocabulary:
            return self._describer
        return await self._describers.of(self._describer_models, taxonomy)

    async def _analyze_boxes(
        self, content: bytes, boxes: Sequence[Box], options: _AnalyzeOptions
    ) -> ImageAnalysis:
        factory = partial(self._cropper.make_box_cropper, boxes)
        async with self._photos.decoded(content, factory, bulk=options.bulk) as photo:
            timings = StageTimings(decode_ns=photo.decode_ns, crop_ns=photo.preprocess_ns)
            return await self._analyze_regions(photo, photo.preprocessed, timings, options)

    async def _analyze_detections(self, content: bytes, options: _AnalyzeOptions) -> ImageAnalysis:
        async with self._photos.decoded(content, self._make_letterbox, bulk=options.bulk) as photo:
            detections, timings = await self._detect(photo, options.min_score, options.bulk)
            started_ns = time.monotonic_ns()
            regions = await photo.run(self._cropper.crop_detections, detections, photo.check)
            timings = replace(timings, crop_ns=time.monotonic_ns() - started_ns)
            return await self._analyze_regions(photo, regions, timings, options)

    async def _analyze_regions(
        self, photo: Photo[object], regions: Sequence[Region], timings: StageTimings, options: _AnalyzeOptions
    ) -> ImageAnalysis:
        if options.on_detected is not None:
            await options.on_detected()
        accepted = [region for region in regions if region.encoder_row is not None]
        described: list[AnalyzedItem] = []
        if accepted:
            described, timings = await self._embed_and_describe(photo, accepted, timings, options)
        remaining = iter(described)
        return ImageAnalysis(
            photo.info.width,
            photo.info.height,
            tuple(next(remaining) if region.item.accepted else region.item for region in regions),
            self._detector.version,
            self._embedder.version,
            timings,
            photo_warnings(photo.info.width, photo.info.height, self._options.quality),
            self._classifier_version,
            options.describer.vocabulary,
        )

    async def _embed_and_describe(
        self,
        photo: Photo[object],
        accepted: Sequence[Region],
        timings: StageTimings,
        options: _AnalyzeOptions,
    ) -> tuple[list[AnalyzedItem], StageTimings]:
        results = await self._run_models_on_crops(photo, accepted, options)
        embedded, classified = results.embedded, results.classified
        started_ns = time.monotonic_ns()
        items = options.describer.describe_items(
            [region.item for region in accepted],
            embedded.outputs,
            results.crops,
            None if classified is None else classified.outputs,
        )
        min_score = self._options.quality.min_garment_score
        return judged(items, min_score, detected=options.detected), replace(
            timings,
            embed_queue_ns=embedded.queue_ns,
            embed_ns=embedded.run_ns,
            classify_queue_ns=classified.queue_ns if classified else 0,
            classify_ns=classified.run_ns if classified else 0,
            describe_ns=time.monotonic_ns() - started_ns,
        )

    async def _run_models_on_crops(
        self, photo: Photo[object], accepted: Sequence[Region], options: _AnalyzeOptions
    ) -> _CropResults:
        """Run encoder and classifier on the device while the threads describe the crops.

        The first error ends all of it.
        """
        try:
            async with asyncio.TaskGroup() as group:
                embedded = group.create_task(
                    self._run(self._image_runner, _stack(r.encoder_row for r in accepted), options.bulk)
                )
                classified = group.create_task(self._classify(accepted, options.bulk))
                crops = [
                    group.create_task(
                        photo.run(options.describer.describe_crop, region.crop_box, options.include_crops)
                    )
                    for region in accepted
                ]
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return _CropResults(embedded.result(), classified.result(), [crop.result() for crop in crops])

    async def _classify(self, accepted: Sequence[Region], bulk: bool) -> RunResult | None:
        """None where no classifier is served."""
        if self._classifier_runner is None:
            return None
        rows = _stack(region.classifier_row for region in accepted)
        return await self._run(self._classifier_runner, rows, bulk)

    async def detect(
        self, content: bytes, *, min_score: float | None = None, bulk: bool = False
    ) -> ImageDetections:
        """Detect the garments of a photo. Raises the same errors as `analyze`."""
        started_ns = time.monotonic_ns()
        min_decode_px = self._detector.manifest.image.min_decode_px
        photo = await self._photos.preprocess(
            content, self._make_letterbox, min_decode_px=min_decode_px, bulk=bulk
        )
        detections, timings = await self._detect(photo, min_score, bulk)
        timings = replace(timings, total_ns=time.monotonic_ns() - started_ns)
        return ImageDetections(photo.info.width, photo.info.height, tuple(detections), timings)

    def _make_letterbox(self, image: EncodedImage, _check: Check) -> Preprocess[Letterboxed]:
        return partial(self._detector.preprocess, source=image)

    async def _detect(
        self, photo: Photo[Letterboxed], min_score: float | None, bulk: bool
    ) -> tuple[list[Detection], StageTimings]:
        row, transform = photo.preprocessed
        result = await self._run(self._detector_runner, row[None], bulk)
        started_ns = time.monotonic_ns()
        options = self._options
        detections = self._detector.postprocess(
            result.outputs[0],
            transform,
            options.min_score if min_score is None else min_score,
            options.iou_threshold,
            options.max_detections,
            options.any_class_iou_threshold,
        )
        postprocess_ns = time.monotonic_ns() - started_ns
        return detections, StageTimings(
            decode_ns=photo.decode_ns,
            detect_queue_ns=result.queue_ns,
            detect_ns=photo.preprocess_ns + result.run_ns + postprocess_ns,
        )

    async def embed_image(
        self, content: bytes, boxes: Sequence[Box] = (), *, bulk: bool = False
    ) -> tuple[FloatArray, StageTimings]:
        """Embed the given boxes, cropped without a margin, or else the whole photo.

        Returns embeddings (N, D) float32, L2-normalised. Raises the same errors as `analyze`.
        """
        started_ns = time.monotonic_ns()
        min_decode_px = FULL_SIZE if boxes else self._image_encoder.manifest.image.min_decode_px
        factory = partial(self._cropper.make_row_preprocess, boxes)
        photo = await self._photos.preprocess(content, factory, min_decode_px=min_decode_px, bulk=bulk)
        result = await self._run(self._image_runner, photo.preprocessed, bulk)
        return result.outputs, StageTimings(
            decode_ns=photo.decode_ns,
            crop_ns=photo.preprocess_ns,
            embed_queue_ns=result.queue_ns,
            embed_ns=result.run_ns,
            total_ns=time.monotonic_ns() - started_ns,
        )

    async def embed_texts(self, texts: Sequence[str], *, bulk: bool = False) -> FloatArray:
        """Embed texts: (N, D) float32, L2-normalised."""
        tokens = await self._threads.run(self._text_encoder.preprocess, texts, bulk=bulk)
        outputs: FloatArray = (await self._run(self._text_runner, tokens, bulk)).outputs
        return outputs

    async def embed_text(self, text: str, *, bulk: bool = False) -> FloatArray:
        """Embed a text: (D,) float32, L2-normalised."""
        vector: FloatArray = (await self.embed_texts([text], bulk=bulk))[0]
        return vector

    @staticmethod
    async def _run(runner: Runner, rows: Array, bulk: bool = False) -> RunResult:
        return await runner.submit(rows, deadline=CURRENT_CALL.get().deadline, bulk=bulk)


def _stack(rows: Iterable[Pixels | None]) -> Array:
    """(N, H, W, 3) uint8 of the rows that are there."""
    return np.stack([row for row in rows if row is not None])
