"""Calls of the models."""

from __future__ import annotations

from collections.abc import Sequence

from armoire.call import Call, call_of
from armoire.calls.batches import Batch, Outcomes, outcomes
from armoire.messages.enums import priority_to_proto
from armoire.messages.inference import (
    analysis_from_proto,
    detections_from_proto,
    image_embeddings_from_proto,
)
from armoire.messages.types import embedding_from_proto
from armoire.photos import Photo, PhotoSource
from armoire.v1 import inference_pb2
from armoire.values.inference import Detections, ImageAnalysis, ImageEmbeddings
from armoire.values.types import Embedding, Priority


def detect(
    photos: Sequence[PhotoSource | Photo],
    min_score: float | None = None,
    priority: Priority = Priority.INTERACTIVE,
    model_version: str | None = None,
) -> Call[Outcomes[Detections]]:
    batch = Batch.of(photos)

    def parse(reply: inference_pb2.DetectResponse) -> Outcomes[Detections]:
        def read(result: inference_pb2.DetectResult) -> Detections:
            return detections_from_proto(result.detections, reply.model_version, reply.preprocess_version)

        return batch.outcomes(reply.results, read)

    request = inference_pb2.DetectRequest(
        images=batch.images,
        min_score=min_score,
        priority=priority_to_proto(priority),
        model_version=model_version,
    )
    return call_of("armoire.v1.InferenceService/Detect", request, inference_pb2.DetectResponse, parse)


def embed_images(
    photos: Sequence[PhotoSource | Photo],
    priority: Priority = Priority.INTERACTIVE,
    model_version: str | None = None,
) -> Call[Outcomes[ImageEmbeddings]]:
    batch = Batch.of(photos)

    def parse(reply: inference_pb2.EmbedImageResponse) -> Outcomes[ImageEmbeddings]:
        return batch.outcomes(reply.results, lambda result: image_embeddings_from_proto(result.embeddings))

    request = inference_pb2.EmbedImageRequest(
        images=batch.images, priority=priority_to_proto(priority), model_version=model_version
    )
    return call_of("armoire.v1.InferenceService/EmbedImage", request, inference_pb2.EmbedImageResponse, parse)


def embed_texts(
    texts: Sequence[str],
    priority: Priority = Priority.INTERACTIVE,
    model_version: str | None = None,
) -> Call[Outcomes[Embedding]]:
    def parse(reply: inference_pb2.EmbedTextResponse) -> Outcomes[Embedding]:
        return outcomes(reply.results, lambda result: embedding_from_proto(result.embedding))

    request = inference_pb2.EmbedTextRequest(
        texts=texts, priority=priority_to_proto(priority), model_version=model_version
    )
    return call_of("armoire.v1.InferenceService/EmbedText", request, inference_pb2.EmbedTextResponse, parse)


def analyze(
    photos: Sequence[PhotoSource | Photo],
    min_score: float | None = None,
    include_crops: bool = False,
    include_embeddings: bool = False,
    include_alternatives: bool = False,
    priority: Priority = Priority.INTERACTIVE,
    detector_version: str | None = None,
    embedder_version: str | None = None,
    classifier_version: str | None = None,
    vocabulary_version: str | None = None,
) -> Call[Outcomes[ImageAnalysis]]:
    batch = Batch.of(photos)

    def parse(reply: inference_pb2.AnalyzeResponse) -> Outcomes[ImageAnalysis]:
        return batch.outcomes(reply.results, lambda result: analysis_from_proto(result.analysis))

    request = inference_pb2.AnalyzeRequest(
        images=batch.images,
        min_score=min_score,
        include_crops=include_crops,
        include_embeddings=include_embeddings,
        include_alternatives=include_alternatives,
        priority=priority_to_proto(priority),
        detector_version=detector_version,
        embedder_version=embedder_version,
        classifier_version=classifier_version,
        vocabulary_version=vocabulary_version,
    )
    return call_of("armoire.v1.InferenceService/Analyze", request, inference_pb2.AnalyzeResponse, parse)
