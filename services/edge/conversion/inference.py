"""Detections, analyses and models."""

from __future__ import annotations

from armoire.v1 import inference_pb2
from domain.types import AnalyzedItem, Detection, ImageAnalysis, ModelVersion
from services.edge.conversion.types import (
    attribute_to_proto,
    box_to_proto,
    color_to_proto,
    embedding_to_proto,
    issue_to_proto,
    scored_values_to_proto,
    timings_to_proto,
)

NO_MODEL = ModelVersion("", "")
"""Stands in messages for a model that is not served."""


def detection_to_proto(detection: Detection) -> inference_pb2.Detection:
    return inference_pb2.Detection(
        box=box_to_proto(detection.box), score=detection.score, label=detection.label
    )


def analyzed_item_to_proto(
    item: AnalyzedItem, version: ModelVersion, *, include_embedding: bool, include_alternatives: bool = False
) -> inference_pb2.AnalyzedItem:
    proto = inference_pb2.AnalyzedItem(
        box=box_to_proto(item.box),
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        accepted=item.accepted,
        reason=issue_to_proto(item.reason),
        warnings=[issue_to_proto(issue) for issue in item.warnings],
        attributes={
            name: attribute_to_proto(value, include_alternatives=include_alternatives)
            for name, value in item.attributes.items()
        },
        colors=[color_to_proto(color) for color in item.colors],
        crop=item.crop or b"",
        categories=scored_values_to_proto(item.categories),
        garment_score=item.garment_score,
    )
    if include_embedding and item.embedding is not None:
        proto.embedding.CopyFrom(embedding_to_proto(item.embedding, version))
    return proto


def analysis_to_proto(
    analysis: ImageAnalysis, *, include_embeddings: bool, include_alternatives: bool = False
) -> inference_pb2.ImageAnalysis:
    classifier = analysis.classifier or NO_MODEL
    return inference_pb2.ImageAnalysis(
        image_width=analysis.width,
        image_height=analysis.height,
        items=[
            analyzed_item_to_proto(
                item,
                analysis.embedder,
                include_embedding=include_embeddings,
                include_alternatives=include_alternatives,
            )
            for item in analysis.items
        ],
        detector_version=analysis.detector.model_version,
        detector_preprocess_version=analysis.detector.preprocess_version,
        embedder_version=analysis.embedder.model_version,
        embedder_preprocess_version=analysis.embedder.preprocess_version,
        timings=timings_to_proto(analysis.timings),
        warnings=[issue_to_proto(issue) for issue in analysis.warnings],
        classifier_version=classifier.model_version,
        classifier_preprocess_version=classifier.preprocess_version,
        vocabulary_version=analysis.vocabulary,
    )
