"""InferenceService: convert, call, convert."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias, TypeVar

import grpc
from google.protobuf.message import Message
from google.rpc.status_pb2 import Status

from armoire.v1 import inference_pb2, inference_pb2_grpc, types_pb2
from domain.calls import CURRENT_CALL
from domain.errors import ArmoireError, InvalidInput, Unimplemented
from domain.taxonomy import Taxonomy
from domain.types import StageTimings
from imaging.decode import DecodeLimits
from imaging.header import ImageFormat
from services.edge.answer_room import AnswerRoom
from services.edge.bulk_streams import BulkStreams, claimed, limit_deadline, wait_for_room
from services.edge.calls import current_principal
from services.edge.conversion.inference import analysis_to_proto, detection_to_proto
from services.edge.conversion.models import graph_to_proto
from services.edge.conversion.types import (
    boxes_from_proto,
    content_from_proto,
    embedding_to_proto,
    is_bulk,
    timings_to_proto,
)
from services.edge.failure_log import FailureLog
from services.edge.taxonomies import Taxonomies
from services.edge.uploaded_images import ReadUpload, UploadedImages, read_no_upload
from services.edge.validation import (
    RequestLimits,
    check_image,
    check_images,
    check_min_score,
    check_text,
    check_texts,
)
from services.inference.pipeline.options import CropLimits, PipelineOptions
from services.inference.pipeline.pipeline import Pipeline
from services.inference.repository.pipeline_source import ModelChoice
from services.inference.service import InferenceService
from services.predictions.observation import (
    RequestOptions,
    observed_analysis,
    observed_detections,
    observed_embeddings,
    observed_text,
)
from services.predictions.recorder import Recorder, record_with

T = TypeVar("T")
StreamRequest: TypeAlias = inference_pb2.AnalyzeStreamRequest | inference_pb2.EmbedStreamRequest
AnalyzeRequest: TypeAlias = inference_pb2.AnalyzeRequest | inference_pb2.AnalyzeStreamRequest
S = TypeVar("S", inference_pb2.AnalyzeStreamRequest, inference_pb2.EmbedStreamRequest)
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


@dataclass(frozen=True, slots=True)
class InferenceLimits:
    """The limits that GetInferenceLimits returns."""

    request: RequestLimits = RequestLimits()
    decode: DecodeLimits = DecodeLimits()
    max_call_pixels: int = PipelineOptions().max_call_pixels
    crops: CropLimits = CropLimits()


class InferenceServicer(inference_pb2_grpc.InferenceServiceServicer):
    """Serves the elements of a request concurrently; the runners batch them."""

    def __init__(
        self,
        inference: InferenceService,
        limits: InferenceLimits,
        bulk: BulkStreams | None = None,
        recorders: Sequence[Recorder] = (),
        taxonomies: Taxonomies = Taxonomies(),
        read_upload: ReadUpload = read_no_upload,
    ) -> None:
        self._inference = inference
        self._source = inference.source
        self._limits = limits
        self._bulk = bulk or BulkStreams()
        self._failures = FailureLog()
        self._recorders = recorders
        self._taxonomies = taxonomies
        self._uploads = UploadedImages(read_upload, limits.request.max_message_bytes)

    async def Detect(
        self, request: inference_pb2.DetectRequest, context: Context
    ) -> inference_pb2.DetectResponse:
        check_images(request.images, self._limits.request)
        min_score, bulk = check_min_score(request), is_bulk(request.priority)
        unread = await self._uploads.load_each(request.images)
        with self._source.use(detector=_choice(request, "model_version")) as pipeline:
            await _check_pixels(pipeline, request.images, bulk)
            outcomes = await self._each(
                "images",
                [
                    self._detect(pipeline, image, RequestOptions(min_score, bulk), str(index))
                    for index, image in enumerate(request.images)
                ],
                unread,
            )
            version = pipeline.detector_version
        return inference_pb2.DetectResponse(
            results=[
                inference_pb2.DetectResult(error=o)
                if isinstance(o, Status)
                else inference_pb2.DetectResult(detections=o)
                for o in outcomes
            ],
            model_version=version.model_version,
            preprocess_version=version.preprocess_version,
        )

    async def EmbedImage(
        self, request: inference_pb2.EmbedImageRequest, context: Context
    ) -> inference_pb2.EmbedImageResponse:
        check_images(request.images, self._limits.request)
        bulk, unread = is_bulk(request.priority), await self._uploads.load_each(request.images)
        with self._source.use(embedder=_choice(request, "model_version")) as pipeline:
            await _check_pixels(pipeline, request.images, bulk)
            outcomes = await self._each(
                "images",
                [
                    self._embed_image(pipeline, image, str(index), bulk=bulk)
                    for index, image in enumerate(request.images)
                ],
                unread,
            )
        return inference_pb2.EmbedImageResponse(
            results=[
                inference_pb2.EmbedImageResult(error=o)
                if isinstance(o, Status)
                else inference_pb2.EmbedImageResult(embeddings=o)
                for o in outcomes
            ]
        )

    async def EmbedText(
        self, request: inference_pb2.EmbedTextRequest, context: Context
    ) -> inference_pb2.EmbedTextResponse:
        check_texts(request.texts, self._limits.request)
        started_ns = time.monotonic_ns()
        errors = [self._text_error(index, text) for index, text in enumerate(request.texts)]
        good = [text for text, error in zip(request.texts, errors, strict=True) if error is None]
        bulk = is_bulk(request.priority)
        with self._source.use(embedder=_choice(request, "model_version")) as pipeline:
            found = await pipeline.embed_texts(good, bulk=bulk) if good else ()
            version = pipeline.embedder_version
        vectors = iter(found)
        for index, (text, vector) in enumerate(zip(good, found, strict=True)):
            observed = partial(observed_text, text, vector, version, RequestOptions(bulk=bulk))
            record_with(self._recorders, str(index), observed)
        timings = StageTimings(total_ns=time.monotonic_ns() - started_ns)
        return inference_pb2.EmbedTextResponse(
            results=[
                inference_pb2.EmbedTextResult(error=error)
                if error is not None
                else inference_pb2.EmbedTextResult(embedding=embedding_to_proto(next(vectors), version))
                for error in errors
            ],
            timings=timings_to_proto(timings),
        )

    def _text_error(self, index: int, text: str) -> Status | None:
        try:
            check_text(text, self._limits.request.max_text_chars)
        except InvalidInput as error:
            return self._failures.status_of(error.within(f"texts[{index}]"))
        return None

    async def Analyze(
        self, request: inference_pb2.AnalyzeRequest, context: Context
    ) -> inference_pb2.AnalyzeResponse:
        check_images(request.images, self._limits.request)
        options = RequestOptions(check_min_score(request), is_bulk(request.priority))
        taxonomy, unread = await self._taxonomy(request), await self._uploads.load_each(request.images)
        with self._source.use(*_analyze_choices(request)) as pipeline:
            await _check_pixels(pipeline, request.images, options.bulk)
            outcomes = await self._each(
                "images",
                [
                    self._analyze(pipeline, image, request, options, str(index), taxonomy)
                    for index, image in enumerate(request.images)
                ],
                unread,
            )
        room = AnswerRoom(self._limits.request.max_message_bytes)
        outcomes = [self._within(room, index, outcome) for index, outcome in enumerate(outcomes)]
        return inference_pb2.AnalyzeResponse(
            results=[
                inference_pb2.AnalyzeResult(error=o)
                if isinstance(o, Status)
                else inference_pb2.AnalyzeResult(analysis=o)
                for o in outcomes
            ]
        )

    def AnalyzeStream(
        self, requests: AsyncGenerator[inference_pb2.AnalyzeStreamRequest, None], context: Context
    ) -> AsyncIterator[inference_pb2.AnalyzeStreamResponse]:
        async def answer(request: inference_pb2.AnalyzeStreamRequest) -> inference_pb2.AnalyzeStreamResponse:
            outcome = await self._stream_outcome(request, taken, self._analyze_streamed)
            if isinstance(outcome, Status):
                return inference_pb2.AnalyzeStreamResponse(id=request.id, error=outcome)
            return inference_pb2.AnalyzeStreamResponse(id=request.id, analysis=outcome)

        taken: set[str] = set()
        return self._bulk.answers(requests, answer)

    def EmbedStream(
        self, requests: AsyncGenerator[inference_pb2.EmbedStreamRequest, None], context: Context
    ) -> AsyncIterator[inference_pb2.EmbedStreamResponse]:
        async def answer(request: inference_pb2.EmbedStreamRequest) -> inference_pb2.EmbedStreamResponse:
            outcome = await self._stream_outcome(request, taken, self._embed_streamed)
            if isinstance(outcome, Status):
                return inference_pb2.EmbedStreamResponse(id=request.id, error=outcome)
            return inference_pb2.EmbedStreamResponse(id=request.id, embeddings=outcome)

        taken: set[str] = set()
        return self._bulk.answers(requests, answer)

    async def ListModels(
        self, request: inference_pb2.ListModelsRequest, context: Context
    ) -> inference_pb2.ListModelsResponse:
        graphs = [graph_to_proto(graph) for graph in self._inference.graphs()]
        if request.include_stored:
            stored = await asyncio.to_thread(self._inference.stored_graphs)
            graphs += [graph_to_proto(graph) for graph in stored]
        return inference_pb2.ListModelsResponse(models=graphs)

    async def GetInferenceLimits(
        self, request: inference_pb2.GetInferenceLimitsRequest, context: Context
    ) -> inference_pb2.GetInferenceLimitsResponse:
        request_limits, decode = self._limits.request, self._limits.decode
        return inference_pb2.GetInferenceLimitsResponse(
            max_message_bytes=request_limits.max_message_bytes,
            max_image_bytes=decode.max_bytes,
            max_image_pixels=decode.max_pixels,
            max_image_frames=decode.max_frames,
            min_image_side_px=decode.min_side_px,
            max_images_per_call=request_limits.max_images_per_call,
            max_boxes_per_image=request_limits.max_boxes_per_image,
            max_texts_per_call=request_limits.max_texts_per_call,
            max_text_chars=request_limits.max_text_chars,
            image_formats=[format.value for format in ImageFormat],
            max_image_side_px=decode.max_side_px,
            max_image_scans=decode.max_scans,
            max_image_scan_pixels=decode.max_scan_pixels,
            max_box_pixels=decode.max_box_pixels,
            max_call_pixels=self._limits.max_call_pixels,
            max_crop_side_px=self._limits.crops.max_side_px,
            max_crop_bytes=self._limits.crops.max_bytes,
        )

    async def _detect(
        self, pipeline: Pipeline, image: types_pb2.ImageInput, options: RequestOptions, element: str
    ) -> inference_pb2.Detections:
        check_image(image, self._limits.request, boxes_allowed=False)
        content = content_from_proto(image)
        found = await pipeline.detect(content, min_score=options.min_score, bulk=options.bulk)
        observed = partial(observed_detections, content, found, pipeline.detector_version, options)
        record_with(self._recorders, element, observed)
        return inference_pb2.Detections(
            image_width=found.width,
            image_height=found.height,
            detections=[detection_to_proto(detection) for detection in found.detections],
            timings=timings_to_proto(found.timings),
        )

    async def _embed_streamed(
        self, request: inference_pb2.EmbedStreamRequest
    ) -> inference_pb2.ImageEmbeddings:
        bulk = _is_bulk_in_stream(request)
        with self._source.use(embedder=_choice(request, "model_version")) as pipeline:
            return await _within_image(self._embed_image(pipeline, request.image, request.id, bulk=bulk))

    async def _embed_image(
        self, pipeline: Pipeline, image: types_pb2.ImageInput, element: str, *, bulk: bool
    ) -> inference_pb2.ImageEmbeddings:
        check_image(image, self._limits.request)
        content, boxes, version = (
            content_from_proto(image),
            boxes_from_proto(image),
            pipeline.embedder_version,
        )
        vectors, timings = await pipeline.embed_image(content, boxes, bulk=bulk)
        options = RequestOptions(bulk=bulk, boxes=boxes)
        record_with(
            self._recorders, element, partial(observed_embeddings, content, vectors, version, options)
        )
        return inference_pb2.ImageEmbeddings(
            embeddings=[embedding_to_proto(vector, version) for vector in vectors],
            timings=timings_to_proto(timings),
        )

    async def _analyze_streamed(
        self, request: inference_pb2.AnalyzeStreamRequest
    ) -> inference_pb2.ImageAnalysis:
        options = RequestOptions(check_min_score(request), _is_bulk_in_stream(request))
        taxonomy = await self._taxonomy(request)
        with self._source.use(*_analyze_choices(request)) as pipeline:
            work = self._analyze(pipeline, request.image, request, options, request.id, taxonomy)
            analysis = await _within_image(work)
        AnswerRoom(self._limits.request.max_message_bytes).take(analysis.ByteSize())
        return analysis

    async def _analyze(
        self,
        pipeline: Pipeline,
        image: types_pb2.ImageInput,
        request: AnalyzeRequest,
        options: RequestOptions,
        element: str,
        taxonomy: Taxonomy | None,
    ) -> inference_pb2.ImageAnalysis:
        check_image(image, self._limits.request)
        content, boxes = content_from_proto(image), boxes_from_proto(image)
        analysis = await pipeline.analyze(
            content,
            boxes,
            min_score=options.min_score,
            include_crops=request.include_crops,
            bulk=options.bulk,
            taxonomy=taxonomy,
        )
        options = replace(options, boxes=boxes)
        record_with(self._recorders, element, partial(observed_analysis, content, analysis, options))
        return analysis_to_proto(
            analysis,
            include_embeddings=request.include_embeddings,
            include_alternatives=request.include_alternatives,
        )

    async def _taxonomy(self, request: AnalyzeRequest) -> Taxonomy | None:
        """The taxonomy that a request names, or that of the caller's tenant; None for the server's."""
        version = request.vocabulary_version if request.HasField("vocabulary_version") else None
        return await self._taxonomies.of_call(current_principal(), version)

    def _within(
        self, room: AnswerRoom, index: int, outcome: inference_pb2.ImageAnalysis | Status
    ) -> inference_pb2.ImageAnalysis | Status:
        """The outcome, or the status of an error where it does not fit into the answer."""
        try:
            room.take(outcome.ByteSize())
        except InvalidInput as error:
            return self._failures.status_of(error.within(f"images[{index}]"))
        return outcome

    async def _stream_outcome(
        self, request: S, taken: set[str], work: Callable[[S], Awaitable[T]]
    ) -> T | Status:
        """The outcome of a stream's request, whose id is in `taken` meanwhile."""
        try:
            with claimed(request.id, taken):
                limit_deadline(request.timeout if request.HasField("timeout") else None)
                await _within_image(self._uploads.load(request.image))
                await wait_for_room(partial(self._take_pixels, request))
                return await wait_for_room(partial(work, request))
        except Exception as error:
            return self._failures.status_of(error)

    async def _take_pixels(self, request: StreamRequest) -> None:
        """Count the pixels of a stream's request, once, however often it is tried."""
        if CURRENT_CALL.get().counts_pixels:
            photo = request.image.content, boxes_from_proto(request.image)
            with self._source.use() as pipeline:
                await _within_image(pipeline.check_call([photo], bulk=_is_bulk_in_stream(request)))

    async def _each(
        self, field: str, work: Sequence[Awaitable[T]], unread: Mapping[int, ArmoireError]
    ) -> list[T | Status]:
        """The outcome of each element: its value, or the status of its error, which `unread` has first."""
        outcomes = await asyncio.gather(*work, return_exceptions=True)
        return [
            self._outcome(f"{field}[{index}]", unread.get(index, outcome))
            for index, outcome in enumerate(outcomes)
        ]

    def _outcome(self, field: str, outcome: T | BaseException) -> T | Status:
        if isinstance(outcome, InvalidInput | Unimplemented):
            outcome = outcome.within(field)
        if isinstance(outcome, Exception):
            return self._failures.status_of(outcome)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def _is_bulk_in_stream(request: StreamRequest) -> bool:
    """Work of streams is bulk unless the request says otherwise."""
    return is_bulk(request.priority, types_pb2.PRIORITY_BULK)


async def _check_pixels(pipeline: Pipeline, images: Sequence[types_pb2.ImageInput], bulk: bool) -> None:
    """Raises InvalidInput where the images of a call have too many pixels together; see `check_call`."""
    try:
        await pipeline.check_call([(image.content, boxes_from_proto(image)) for image in images], bulk=bulk)
    except InvalidInput as error:
        raise error.within("images") from None


async def _within_image(work: Awaitable[T]) -> T:
    """What `work` returns; the fields of its errors are set below "image"."""
    try:
        return await work
    except (InvalidInput, Unimplemented) as error:
        raise error.within("image") from None


def _choice(request: Message, field: str) -> ModelChoice:
    """The model that an optional field of a request names."""
    return ModelChoice(field, getattr(request, field) if request.HasField(field) else None)


def _analyze_choices(request: AnalyzeRequest) -> tuple[ModelChoice, ModelChoice, ModelChoice]:
    """The detector, the embedder and the classifier that a request names."""
    return (
        _choice(request, "detector_version"),
        _choice(request, "embedder_version"),
        _choice(request, "classifier_version"),
    )
