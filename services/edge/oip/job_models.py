"""The whole jobs as models: encoded photos or texts in, the results of the pipeline out.

Results of varying number are padded: with zeros, and with empty texts.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from google.protobuf import json_format

from domain.errors import InvalidInput
from domain.types import (
    AnalyzedItem,
    Detection,
    FloatArray,
    ImageAnalysis,
    ImageDetections,
    StageTimings,
)
from services.edge.conversion.inference import analysis_to_proto
from services.edge.oip.models import CodingTimes, ModelDescription, TensorSpec, versions_of
from services.edge.oip.parameters import RunOptions
from services.edge.oip.tensors import input_field, stacked_bytes
from services.edge.validation import RequestLimits, check_text
from services.inference.batching.entries import Array
from services.inference.pipeline.pipeline import Pipeline
from services.inference.repository.listing import ListedGraph
from services.inference.run_statistics import RunStatistics
from services.oip.datatypes import BYTES, DATATYPES

T = TypeVar("T")
IMAGE, TEXT = "image", "text"
_FP32, _INT32 = DATATYPES["FP32"], DATATYPES["INT32"]


@dataclass(frozen=True, slots=True, eq=False)
class JobModel(ABC):
    """A job of the pipeline. Its statistics count the requests of this protocol."""

    description: ModelDescription
    pipeline: Pipeline
    runs: RunStatistics = field(default_factory=RunStatistics)
    coding: CodingTimes = field(default_factory=CodingTimes)

    async def run(self, rows: Array, options: RunOptions) -> Mapping[str, Array]:
        """Do the job for each element (N,). The first error fails the request."""
        started_ns = time.monotonic_ns()
        try:
            outputs, timings = await self._run(rows.ravel().tolist(), options)
        except BaseException:
            self.runs.fail.add(time.monotonic_ns() - started_ns)
            raise
        self._observe(timings, time.monotonic_ns() - started_ns)
        return outputs

    @abstractmethod
    async def _run(
        self, elements: Sequence[bytes], options: RunOptions
    ) -> tuple[Mapping[str, Array], Sequence[StageTimings]]:
        """The outputs, and the timings of each element."""

    def _observe(self, timings: Sequence[StageTimings], total_ns: int) -> None:
        """The elements run at the same time, so the slowest counts."""
        queue_ns = max(each.detect_queue_ns + each.embed_queue_ns for each in timings)
        run_ns = max(each.total_ns for each in timings) - queue_ns
        self.runs.observe_success(len(timings), queue_ns, run_ns, total_ns)
        for each in timings:
            self.runs.batches[1].add(each.total_ns)


@dataclass(frozen=True, slots=True, eq=False)
class DetectModel(JobModel):
    """Photos to boxes."""

    max_detections: int = 0

    async def _run(
        self, elements: Sequence[bytes], options: RunOptions
    ) -> tuple[Mapping[str, Array], Sequence[StageTimings]]:
        async def detect(photo: bytes) -> ImageDetections:
            return await self.pipeline.detect(photo, min_score=options.min_score, bulk=options.bulk)

        await _check_pixels(self.pipeline, elements, options)
        found = await _each(IMAGE, detect, elements)
        outputs = _boxes([each.detections for each in found], self.max_detections)
        outputs["image_size"] = np.array([(each.width, each.height) for each in found], np.int32)
        return outputs, [each.timings for each in found]


@dataclass(frozen=True, slots=True, eq=False)
class EmbedModel(JobModel):
    """Photos to embeddings."""

    async def _run(
        self, elements: Sequence[bytes], options: RunOptions
    ) -> tuple[Mapping[str, Array], Sequence[StageTimings]]:
        async def embed(photo: bytes) -> tuple[FloatArray, StageTimings]:
            return await self.pipeline.embed_image(photo, bulk=options.bulk)

        await _check_pixels(self.pipeline, elements, options)
        found = await _each(IMAGE, embed, elements)
        return {"embedding": np.concatenate([rows for rows, _ in found])}, [timings for _, timings in found]


@dataclass(frozen=True, slots=True, eq=False)
class EmbedTextModel(JobModel):
    """Texts to embeddings."""

    max_chars: int = 0

    async def _run(
        self, elements: Sequence[bytes], options: RunOptions
    ) -> tuple[Mapping[str, Array], Sequence[StageTimings]]:
        started_ns = time.monotonic_ns()
        texts = [self._text(index, element) for index, element in enumerate(elements)]
        vectors = await self.pipeline.embed_texts(texts, bulk=options.bulk)
        timings = StageTimings(total_ns=time.monotonic_ns() - started_ns)
        return {"embedding": vectors}, [timings] * len(texts)

    def _text(self, index: int, element: bytes) -> str:
        where = f"{input_field(TEXT)}[{index}]"
        try:
            text = element.decode()
        except UnicodeDecodeError as error:
            raise InvalidInput(where, "must be UTF-8") from error
        try:
            check_text(text, self.max_chars)
        except InvalidInput as error:
            raise error.within(where) from error
        return text


@dataclass(frozen=True, slots=True, eq=False)
class AnalyzeModel(JobModel):
    """Photos to described garments; `max_items` is the most that one photo may have."""

    max_items: int = 0
    embedding_width: int = 0

    async def _run(
        self, elements: Sequence[bytes], options: RunOptions
    ) -> tuple[Mapping[str, Array], Sequence[StageTimings]]:
        async def analyze(photo: bytes) -> ImageAnalysis:
            return await self.pipeline.analyze(photo, min_score=options.min_score, bulk=options.bulk)

        await _check_pixels(self.pipeline, elements, options)
        found = await _each(IMAGE, analyze, elements)
        outputs = _boxes([each.items for each in found], self.max_items)
        outputs["embeddings"] = self._embeddings(found)
        outputs["image_size"] = np.array([(each.width, each.height) for each in found], np.int32)
        outputs["analysis"] = stacked_bytes([[_analysis_json(each)] for each in found], (len(found), 1))
        return outputs, [each.timings for each in found]

    def _embeddings(self, found: Sequence[ImageAnalysis]) -> FloatArray:
        """(N, M, D) float32; zeros for a rejected item."""
        rows = np.zeros((len(found), self.max_items, self.embedding_width), np.float32)
        for index, analysis in enumerate(found):
            for place, item in enumerate(analysis.items):
                if item.embedding is not None:
                    rows[index, place] = item.embedding
        return rows


def _analysis_json(analysis: ImageAnalysis) -> bytes:
    """An armoire.v1.ImageAnalysis in proto3 JSON, without embeddings."""
    message = analysis_to_proto(analysis, include_embeddings=False)
    return json_format.MessageToJson(message, indent=None).encode()


async def _check_pixels(pipeline: Pipeline, elements: Sequence[bytes], options: RunOptions) -> None:
    """Raises InvalidInput where the photos of a request have too many pixels together."""
    try:
        await pipeline.check_call([(photo, ()) for photo in elements], bulk=options.bulk)
    except InvalidInput as error:
        raise error.within(input_field(IMAGE)) from None


async def _each(name: str, work: Callable[[bytes], Awaitable[T]], elements: Sequence[bytes]) -> list[T]:
    """The result of each element, all at the same time; the first error ends the others."""

    async def one(index: int, element: bytes) -> T:
        try:
            return await work(element)
        except InvalidInput as error:
            raise error.within(f"{input_field(name)}[{index}]") from error

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(index, element)) for index, element in enumerate(elements)]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def _boxes(found: Sequence[Sequence[Detection | AnalyzedItem]], most: int) -> dict[str, Array]:
    """Boxes (N, M, 4) and scores (N, M) float32, labels (N, M), and how many there are (N, 1) int32."""
    boxes = np.zeros((len(found), most, 4), np.float32)
    scores = np.zeros((len(found), most), np.float32)
    for index, each in enumerate(found):
        for place, item in enumerate(each):
            box = item.box
            boxes[index, place] = box.x1, box.y1, box.x2, box.y2
            scores[index, place] = item.score
    labels = [[item.label.encode() for item in each] + [b""] * (most - len(each)) for each in found]
    return {
        "count": np.array([[len(each)] for each in found], np.int32),
        "boxes": boxes,
        "scores": scores,
        "labels": stacked_bytes(labels, (len(found), most)),
    }


def job_models(
    pipeline: Pipeline, graphs: Mapping[str, ListedGraph], limits: RequestLimits, max_detections: int
) -> list[JobModel]:
    """The jobs that the pipeline does with these graphs."""
    detector, image = graphs["detector"], graphs["image"]
    (width,) = image.output_shape
    max_items = max_detections + 1  # the whole photo comes last where no box is accepted
    embedding = TensorSpec("embedding", _FP32, (width,))
    size = TensorSpec("image_size", _INT32, (2,))

    def about(name: str, given: str, outputs: Sequence[TensorSpec], versions: dict[str, str]) -> Any:
        most = limits.max_texts_per_call if given == TEXT else limits.max_images_per_call
        spec = TensorSpec(given, BYTES, (1,), flat=True)
        return ModelDescription(name, "armoire", spec, tuple(outputs), most, versions)

    one, other = versions_of(detector.version), versions_of(image.version)
    both = {**versions_of(detector.version, "detector"), **versions_of(image.version, "embedder")}
    if classifier := graphs.get("classifier"):
        both |= versions_of(classifier.version, "classifier")
    analysis = [
        *_box_specs(max_items),
        TensorSpec("embeddings", _FP32, (max_items, width)),
        size,
        TensorSpec("analysis", BYTES, (1,)),
    ]
    return [
        DetectModel(
            about("detect", IMAGE, [*_box_specs(max_detections), size], one),
            pipeline,
            max_detections=max_detections,
        ),
        EmbedModel(about("embed", IMAGE, [embedding], other), pipeline),
        EmbedTextModel(
            about("embed_text", TEXT, [embedding], other), pipeline, max_chars=limits.max_text_chars
        ),
        AnalyzeModel(
            about("analyze", IMAGE, analysis, both), pipeline, max_items=max_items, embedding_width=width
        ),
    ]


def _box_specs(most: int) -> list[TensorSpec]:
    return [
        TensorSpec("count", _INT32, (1,)),
        TensorSpec("boxes", _FP32, (most, 4)),
        TensorSpec("scores", _FP32, (most,)),
        TensorSpec("labels", BYTES, (most,)),
    ]
