"""Domain values to protos and back; shared by both services."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from armoire.v1 import inference_pb2, types_pb2
from domain.types import (
    AnalyzedItem,
    AttributeValue,
    Box,
    ColorShare,
    Detection,
    FloatArray,
    ImageAnalysis,
    ModelVersion,
    QualityIssue,
    StageTimings,
)

_ISSUES: dict[QualityIssue, types_pb2.QualityIssue] = {
    QualityIssue.TOO_SMALL: types_pb2.QUALITY_ISSUE_TOO_SMALL,
    QualityIssue.ASPECT_RATIO: types_pb2.QUALITY_ISSUE_ASPECT_RATIO,
    QualityIssue.FLAT_COLOR: types_pb2.QUALITY_ISSUE_FLAT_COLOR,
    QualityIssue.BLURRED: types_pb2.QUALITY_ISSUE_BLURRED,
    QualityIssue.UNDEREXPOSED: types_pb2.QUALITY_ISSUE_UNDEREXPOSED,
    QualityIssue.OVEREXPOSED: types_pb2.QUALITY_ISSUE_OVEREXPOSED,
}
_ISSUES_BACK = {number: issue for issue, number in _ISSUES.items()}


def box_to_proto(box: Box) -> types_pb2.Box:
    return types_pb2.Box(x1=box.x1, y1=box.y1, x2=box.x2, y2=box.y2)


def box_from_proto(box: types_pb2.Box) -> Box:
    return Box(box.x1, box.y1, box.x2, box.y2)


def detection_to_proto(detection: Detection) -> inference_pb2.Detection:
    return inference_pb2.Detection(
        box=box_to_proto(detection.box), score=detection.score, label=detection.label
    )


def issue_to_proto(issue: QualityIssue | None) -> types_pb2.QualityIssue:
    return types_pb2.QUALITY_ISSUE_UNSPECIFIED if issue is None else _ISSUES[issue]


def issue_from_proto(issue: types_pb2.QualityIssue) -> QualityIssue | None:
    return _ISSUES_BACK.get(issue)


def attribute_to_proto(attribute: AttributeValue) -> types_pb2.AttributeValue:
    return types_pb2.AttributeValue(value=attribute.value, score=attribute.score)


def attribute_from_proto(attribute: types_pb2.AttributeValue) -> AttributeValue:
    return AttributeValue(attribute.value, attribute.score)


def color_to_proto(color: ColorShare) -> types_pb2.ColorShare:
    return types_pb2.ColorShare(name=color.name, fraction=color.fraction, rgb=color.rgb)


def color_from_proto(color: types_pb2.ColorShare) -> ColorShare:
    return ColorShare(color.name, color.fraction, color.rgb)


def embedding_to_proto(vector: FloatArray, version: ModelVersion) -> types_pb2.Embedding:
    """`vector` is (D,) float32."""
    return types_pb2.Embedding(
        values=vector.tolist(),
        model_version=version.model_version,
        preprocess_version=version.preprocess_version,
    )


def embedding_from_proto(embedding: types_pb2.Embedding) -> FloatArray:
    """(D,) float32."""
    return np.asarray(embedding.values, dtype=np.float32)


def timings_to_proto(timings: StageTimings) -> types_pb2.StageTimings:
    return types_pb2.StageTimings(
        decode_ns=timings.decode_ns,
        detect_queue_ns=timings.detect_queue_ns,
        detect_ns=timings.detect_ns,
        crop_ns=timings.crop_ns,
        embed_queue_ns=timings.embed_queue_ns,
        embed_ns=timings.embed_ns,
        describe_ns=timings.describe_ns,
        search_ns=timings.search_ns,
        total_ns=timings.total_ns,
    )


def timings_from_proto(timings: types_pb2.StageTimings) -> StageTimings:
    return StageTimings(**{field.name: value for field, value in timings.ListFields()})


def item_to_proto(
    item: AnalyzedItem, version: ModelVersion, *, include_embedding: bool
) -> inference_pb2.AnalyzedItem:
    proto = inference_pb2.AnalyzedItem(
        box=box_to_proto(item.box),
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        accepted=item.accepted,
        reason=issue_to_proto(item.reason),
        warnings=[issue_to_proto(issue) for issue in item.warnings],
        attributes={name: attribute_to_proto(value) for name, value in item.attributes.items()},
        colors=[color_to_proto(color) for color in item.colors],
        crop=item.crop or b"",
    )
    if include_embedding and item.embedding is not None:
        proto.embedding.CopyFrom(embedding_to_proto(item.embedding, version))
    return proto


def item_from_proto(item: inference_pb2.AnalyzedItem) -> AnalyzedItem:
    return AnalyzedItem(
        box=box_from_proto(item.box),
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        reason=issue_from_proto(item.reason),
        warnings=_known_issues(item.warnings),
        attributes={name: attribute_from_proto(value) for name, value in item.attributes.items()},
        colors=tuple(color_from_proto(color) for color in item.colors),
        embedding=embedding_from_proto(item.embedding) if item.HasField("embedding") else None,
        crop=item.crop or None,
    )


def _known_issues(issues: Sequence[types_pb2.QualityIssue]) -> tuple[QualityIssue, ...]:
    found = (issue_from_proto(issue) for issue in issues)
    return tuple(issue for issue in found if issue is not None)


def analysis_to_proto(analysis: ImageAnalysis, *, include_embeddings: bool) -> inference_pb2.ImageAnalysis:
    return inference_pb2.ImageAnalysis(
        image_width=analysis.width,
        image_height=analysis.height,
        items=[
            item_to_proto(item, analysis.embedder, include_embedding=include_embeddings)
            for item in analysis.items
        ],
        detector_version=analysis.detector.model_version,
        detector_preprocess_version=analysis.detector.preprocess_version,
        embedder_version=analysis.embedder.model_version,
        embedder_preprocess_version=analysis.embedder.preprocess_version,
        timings=timings_to_proto(analysis.timings),
    )


def analysis_from_proto(analysis: inference_pb2.ImageAnalysis) -> ImageAnalysis:
    return ImageAnalysis(
        width=analysis.image_width,
        height=analysis.image_height,
        items=tuple(item_from_proto(item) for item in analysis.items),
        detector=ModelVersion(analysis.detector_version, analysis.detector_preprocess_version),
        embedder=ModelVersion(analysis.embedder_version, analysis.embedder_preprocess_version),
        timings=timings_from_proto(analysis.timings),
    )
