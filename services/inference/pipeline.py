"""The path of a photo: decode, detect, filter, crop, embed, describe. Each room is visited once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar, TypeVarTuple

import cv2
import numpy as np

from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput
from domain.types import (
    AnalyzedItem,
    Box,
    ColorShare,
    Detection,
    FloatArray,
    ImageAnalysis,
    ModelVersion,
    Pixels,
    StageTimings,
)
from imaging.colors import Palette, dominant_colors
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, EncodedImage, ImageInfo, open_image
from imaging.jpeg import encode_jpeg
from imaging.letterbox import LetterboxTransform
from imaging.quality import Quality, QualityLimits, assess
from models.attributes import AttributeClassifier
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.text_encoder import TextEncoder
from services.inference.cores import BULK_NICENESS, lower_priority
from services.inference.pixel_budget import PixelBudget
from services.inference.runner import Runner

_EVERY_PIXEL = 2**31

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """How photos are cut.

    Attributes:
        min_score: detections below it are dropped, 0 to 1; None: as its manifest says.
        iou_threshold: of two boxes of one class that overlap more, the weaker is dropped.
        any_class_iou_threshold: the same for boxes of any class: one garment taken for two things.
        max_detections: boxes kept a photo, best first.
        expand_ratio: every side of a box moves out by this share of the box.
        min_box_side_px: smallest side a caller's box may have.
    """

    min_score: float | None = None
    iou_threshold: float = 0.5
    any_class_iou_threshold: float = 0.7
    max_detections: int = 20
    expand_ratio: float = 0.1
    min_box_side_px: float = 2.0


class _Loan:
    """Pixels lent by a budget to whoever holds this object; they go back with it, whatever ends it."""

    def __init__(self, budget: PixelBudget, pixels: int, loop: asyncio.AbstractEventLoop) -> None:
        self._budget, self._pixels, self._loop = budget, pixels, loop

    def __del__(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._budget.give_back, self._pixels)


@dataclass(frozen=True, slots=True, eq=False)
class _Opened(Generic[T]):
    """A decoded photo and what was made of it on the same thread; `decoded_ns` is when decoding ended."""

    info: ImageInfo
    pixels: Pixels
    prepared: T
    decoded_ns: int
    loan: _Loan


@dataclass(frozen=True, slots=True)
class FoundGarments:
    """Boxes alone, in pixels of the upright photo."""

    width: int
    height: int
    detections: tuple[Detection, ...]
    timings: StageTimings


@dataclass(frozen=True, slots=True, eq=False)
class DetectedPhoto:
    """A decoded photo with its boxes: what `detect` hands to `describe`.

    `exact` says that the boxes are the caller's regions, to be used as they are. The photo's pixels count
    against the pipeline's budget for as long as `loan` lives.
    """

    loan: _Loan
    pixels: Pixels
    detections: tuple[Detection, ...]
    exact: bool
    started_ns: int
    timings: StageTimings

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """An item on its way: where to cut, what the filter said and the encoder's input (H, W, 3) uint8."""

    item: AnalyzedItem
    region: Box
    encoder_row: Pixels | None


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The loaded models, each with the runner that serves it."""

    detector: Detector
    detector_runner: Runner
    image_encoder: ImageEncoder
    image_runner: Runner
    text_encoder: TextEncoder
    text_runner: Runner


class PixelThreads:
    """Threads for pixel work; bulk work has its own, so that interactive work never queues behind it."""

    def __init__(self, count: int, bulk_count: int) -> None:
        cv2.setNumThreads(1)  # these threads are the parallelism
        self._interactive = ThreadPoolExecutor(count, "pixels")
        self._bulk = ThreadPoolExecutor(bulk_count, "bulk-pixels", partial(lower_priority, BULK_NICENESS))

    def of(self, bulk: bool) -> ThreadPoolExecutor:
        return self._bulk if bulk else self._interactive

    def shutdown(self) -> None:
        """Wait for running work."""
        self._interactive.shutdown()
        self._bulk.shutdown()


class Pipeline:
    """Photos and texts in, detections, descriptions and embeddings out.

    Pixel work runs on `threads`, model work on the runners, nothing heavy on the event loop. Decoded
    pixels are held within `budget`. Where a model looks at a whole photo and nothing else is made of it, a
    JPEG is decoded no larger than the model needs.
    """

    def __init__(
        self,
        models: Models,
        classifier: AttributeClassifier,
        palette: Palette,
        threads: PixelThreads,
        *,
        budget: PixelBudget | None = None,
        options: PipelineOptions = PipelineOptions(),
        decode_limits: DecodeLimits = DecodeLimits(),
        quality_limits: QualityLimits = QualityLimits(),
    ) -> None:
        self._models = models
        self._classifier = classifier
        self._palette = palette
        self._threads = threads
        self._budget = budget or PixelBudget(200_000_000)
        self._options = options
        self._decode_limits = decode_limits
        self._quality_limits = quality_limits

    async def version(self) -> ModelVersion:
        return self._models.image_encoder.version

    async def embedding_width(self) -> int:
        return self._models.image_encoder.embedding_width

    async def logit_scale(self) -> float:
        return self._models.text_encoder.logit_scale

    @property
    def detector_version(self) -> ModelVersion:
        return self._models.detector.version

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        exact: bool = True,
        detections_given: bool = False,
        min_score: float | None = None,
        include_crops: bool = False,
        bulk: bool = False,
    ) -> ImageAnalysis:
        """Detect, then describe.

        `exact` false treats the boxes given as a detector's; with `detections_given`, none of them means
        that it found none.

        Raises:
            InvalidInput: the picture or a box is not usable; the field is "content" or "boxes[i]".
            Overloaded, DeadlineExceeded: from the runners.
        """
        detected = await self.detect(
            content, boxes, exact=exact, detections_given=detections_given, min_score=min_score, bulk=bulk
        )
        return await self.describe(detected, include_crops=include_crops, bulk=bulk)

    async def detect(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        exact: bool = True,
        detections_given: bool = False,
        min_score: float | None = None,
        bulk: bool = False,
    ) -> DetectedPhoto:
        """Decode and find garments, or take the boxes given as they are."""
        started_ns = time.monotonic_ns()
        if boxes or detections_given:
            given = await self._open(content, partial(self._given_detections, boxes), bulk, _EVERY_PIXEL)
            timings = StageTimings(decode_ns=given.decoded_ns - started_ns)
            exact = exact and bool(boxes)
            return DetectedPhoto(given.loan, given.pixels, given.prepared, exact, started_ns, timings)
        opened, found, timings = await self._find(content, min_score, bulk, _EVERY_PIXEL)
        return DetectedPhoto(opened.loan, opened.pixels, found, False, started_ns, timings)

    async def find(
        self, content: bytes, *, min_score: float | None = None, bulk: bool = False
    ) -> FoundGarments:
        """Decode and find garments, and keep nothing of the photo; raises as `analyze`."""
        min_decode_px = self._models.detector.manifest.image.min_decode_px
        opened, found, timings = await self._find(content, min_score, bulk, min_decode_px)
        return FoundGarments(opened.info.width, opened.info.height, found, timings)

    async def _open(
        self, content: bytes, prepare: Callable[[Pixels, EncodedImage], T], bulk: bool, min_decode_px: int
    ) -> _Opened[T]:
        """Decode a photo and `prepare` what follows from its pixels, in one visit to a thread.

        A JPEG may be decoded to a longer side of `min_decode_px` or more. Where the budget has no room for
        the pixels, the thread is left and visited again later.
        """
        loop = asyncio.get_running_loop()
        found = await self._on_thread(self._read, content, prepare, min_decode_px, loop, bulk=bulk)
        if isinstance(found, _Opened):
            return found
        await self._budget.take(found.pixel_count)
        loan = _Loan(self._budget, found.pixel_count, loop)
        return await self._on_thread(_decoded, found, loan, prepare, bulk=bulk)

    def _read(
        self,
        content: bytes,
        prepare: Callable[[Pixels, EncodedImage], T],
        min_decode_px: int,
        loop: asyncio.AbstractEventLoop,
    ) -> _Opened[T] | EncodedImage:
        image = open_image(content, self._decode_limits).reduced_to(min_decode_px)
        if not self._budget.take_now(image.pixel_count):
            return image
        return _decoded(image, _Loan(self._budget, image.pixel_count, loop), prepare)

    async def _find(
        self, content: bytes, min_score: float | None, bulk: bool, min_decode_px: int
    ) -> tuple[_Opened[tuple[Pixels, LetterboxTransform]], tuple[Detection, ...], StageTimings]:
        started_ns = time.monotonic_ns()
        detector, options = self._models.detector, self._options
        opened = await self._open(content, detector.preprocess, bulk, min_decode_px)
        rows, transform = opened.prepared
        batched = await self._models.detector_runner.submit(
            rows[None], deadline=CURRENT_CALL.get().deadline, bulk=bulk
        )
        found = detector.postprocess(
            batched.outputs[0],
            transform,
            options.min_score if min_score is None else min_score,
            options.iou_threshold,
            options.max_detections,
            options.any_class_iou_threshold,
        )
        timings = StageTimings(
            decode_ns=opened.decoded_ns - started_ns,
            detect_queue_ns=batched.queue_ns,
            detect_ns=batched.run_ns,
        )
        return opened, tuple(found), timings

    def _given_detections(
        self, boxes: Sequence[Box], pixels: Pixels, _: EncodedImage
    ) -> tuple[Detection, ...]:
        return tuple(self._given_detection(box, i, pixels) for i, box in enumerate(boxes))

    def _given_detection(self, box: Box, index: int, pixels: Pixels) -> Detection:
        height, width = pixels.shape[:2]
        inside = Box(
            max(0.0, box.x1), max(0.0, box.y1), min(float(width), box.x2), min(float(height), box.y2)
        )
        least = self._options.min_box_side_px
        if not (inside.width >= least and inside.height >= least):
            raise InvalidInput(
                f"boxes[{index}]",
                f"must cover at least {least:g} x {least:g} pixels of the {width} x {height} picture, "
                f"got x1={box.x1:g}, y1={box.y1:g}, x2={box.x2:g}, y2={box.y2:g}",
            )
        return Detection(inside, 1.0, "")

    async def describe(
        self, detected: DetectedPhoto, *, include_crops: bool = False, bulk: bool = False
    ) -> ImageAnalysis:
        """Filter, crop, embed and describe the boxes; accepted items carry their embedding (D,) float32."""
        cut_ns = time.monotonic_ns()
        candidates = await self._on_thread(self._cut, detected, bulk=bulk)
        accepted = [candidate for candidate in candidates if candidate.encoder_row is not None]
        timings = replace(detected.timings, crop_ns=time.monotonic_ns() - cut_ns)
        described: dict[int, AnalyzedItem] = {}
        if accepted:
            items, timings = await self._describe_accepted(detected, accepted, include_crops, bulk, timings)
            described = {id(candidate): item for candidate, item in zip(accepted, items, strict=True)}
        return ImageAnalysis(
            detected.width,
            detected.height,
            tuple(described.get(id(candidate), candidate.item) for candidate in candidates),
            self._models.detector.version,
            self._models.image_encoder.version,
            replace(timings, total_ns=time.monotonic_ns() - detected.started_ns),
        )

    async def _describe_accepted(
        self,
        detected: DetectedPhoto,
        accepted: list[_Candidate],
        include_crops: bool,
        bulk: bool,
        timings: StageTimings,
    ) -> tuple[list[AnalyzedItem], StageTimings]:
        """Colours are found on the threads while the encoder works on the device."""
        rows = np.stack(
            [candidate.encoder_row for candidate in accepted if candidate.encoder_row is not None]
        )
        looking = (
            self._on_thread(self._look, detected.pixels, candidate.region, include_crops, bulk=bulk)
            for candidate in accepted
        )
        batched, looks = await asyncio.gather(
            self._models.image_runner.submit(rows, deadline=CURRENT_CALL.get().deadline, bulk=bulk),
            asyncio.gather(*looking),
        )
        started_ns = time.monotonic_ns()
        embeddings: FloatArray = batched.outputs
        answers = self._classifier.describe(embeddings)
        items = [
            replace(
                candidate.item,
                label=candidate.item.label or attributes["category"].value,
                attributes=attributes,
                colors=colors,
                crop=picture,
                embedding=embedding,
            )
            for candidate, attributes, embedding, (colors, picture) in zip(
                accepted, answers, embeddings, looks, strict=True
            )
        ]
        describe_ns = time.monotonic_ns() - started_ns
        return items, replace(
            timings, embed_queue_ns=batched.queue_ns, embed_ns=batched.run_ns, describe_ns=describe_ns
        )

    def _look(
        self, pixels: Pixels, box: Box, include_crop: bool
    ) -> tuple[tuple[ColorShare, ...], bytes | None]:
        region = crop(pixels, box)
        colors = dominant_colors(region, self._palette)
        return colors, encode_jpeg(region) if include_crop else None

    def _cut(self, detected: DetectedPhoto) -> list[_Candidate]:
        candidates = [self._candidate(detected, detection) for detection in detected.detections]
        accepted = any(candidate.item.accepted for candidate in candidates)
        if accepted or detected.exact:
            return candidates
        return [*candidates, self._whole_image(detected)]

    def _candidate(self, detected: DetectedPhoto, detection: Detection) -> _Candidate:
        box = detection.box
        if not detected.exact:
            box = expand(box, self._options.expand_ratio, detected.width, detected.height)
        region = crop(detected.pixels, box)
        quality = assess(region, self._quality_limits)
        item = AnalyzedItem(
            detection.box, detection.score, detection.label, reason=quality.reason, warnings=quality.warnings
        )
        return _Candidate(item, box, self._encoder_row(region) if item.accepted else None)

    def _whole_image(self, detected: DetectedPhoto) -> _Candidate:
        """Stands in where no box was accepted; what would reject a box is a warning here."""
        quality: Quality = assess(detected.pixels, self._quality_limits)
        warnings = (*([quality.reason] if quality.reason else []), *quality.warnings)
        box = Box(0.0, 0.0, float(detected.width), float(detected.height))
        item = AnalyzedItem(box, 0.0, "", whole_image=True, warnings=warnings)
        return _Candidate(item, box, self._encoder_row(detected.pixels))

    def _encoder_row(self, region: Pixels) -> Pixels:
        return self._models.image_encoder.preprocess(region)

    async def embed_image(
        self, content: bytes, boxes: Sequence[Box] = (), *, bulk: bool = False
    ) -> tuple[FloatArray, StageTimings]:
        """Embed the whole photo, or each box of it as given: (N, D) float32, L2-normalised."""
        started_ns = time.monotonic_ns()
        min_decode_px = _EVERY_PIXEL if boxes else self._models.image_encoder.manifest.image.min_decode_px
        opened = await self._open(content, partial(self._rows_of, boxes), bulk, min_decode_px)
        rows, decoded_ns = opened.prepared, opened.decoded_ns
        crop_ns = time.monotonic_ns() - decoded_ns
        del opened
        batched = await self._models.image_runner.submit(
            rows, deadline=CURRENT_CALL.get().deadline, bulk=bulk
        )
        return batched.outputs, StageTimings(
            decode_ns=decoded_ns - started_ns,
            crop_ns=crop_ns,
            embed_queue_ns=batched.queue_ns,
            embed_ns=batched.run_ns,
            total_ns=time.monotonic_ns() - started_ns,
        )

    def _rows_of(self, boxes: Sequence[Box], pixels: Pixels, image: EncodedImage) -> Pixels:
        given = self._given_detections(boxes, pixels, image)
        if not given:
            return self._models.image_encoder.preprocess_photo(pixels)[None]
        return np.stack([self._encoder_row(crop(pixels, detection.box)) for detection in given])

    async def embed_texts(self, texts: Sequence[str]) -> FloatArray:
        """(N, D) float32, L2-normalised."""
        tokens = await self._on_thread(self._models.text_encoder.preprocess, texts)
        batched = await self._models.text_runner.submit(tokens, deadline=CURRENT_CALL.get().deadline)
        outputs: FloatArray = batched.outputs
        return outputs

    async def embed_text(self, text: str) -> FloatArray:
        """(D,) float32, L2-normalised."""
        vector: FloatArray = (await self.embed_texts([text]))[0]
        return vector

    async def _on_thread(self, work: Callable[[*Ts], T], *args: *Ts, bulk: bool = False) -> T:
        CURRENT_CALL.get().check_deadline()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads.of(bulk), work, *args)


def _decoded(image: EncodedImage, loan: _Loan, prepare: Callable[[Pixels, EncodedImage], T]) -> _Opened[T]:
    pixels = image.decode()
    decoded_ns = time.monotonic_ns()
    return _Opened(image.info, pixels, prepare(pixels, image), decoded_ns, loan)
