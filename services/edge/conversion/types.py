"""Types of both services: pictures, boxes, attributes, colours, embeddings, timings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp

from armoire.v1 import types_pb2
from domain.errors import InvalidInput, Unimplemented
from domain.types import (
    AttributeValue,
    Box,
    ColorShare,
    FloatArray,
    ModelVersion,
    QualityIssue,
    ScoredValue,
    StageTimings,
    ValueSource,
)

_EPOCH, _DAY_S = datetime.fromtimestamp(0, UTC), 86_400
_ISSUES: dict[QualityIssue, types_pb2.QualityIssue] = {
    QualityIssue.TOO_SMALL: types_pb2.QUALITY_ISSUE_TOO_SMALL,
    QualityIssue.ASPECT_RATIO: types_pb2.QUALITY_ISSUE_ASPECT_RATIO,
    QualityIssue.FLAT_COLOR: types_pb2.QUALITY_ISSUE_FLAT_COLOR,
    QualityIssue.BLURRED: types_pb2.QUALITY_ISSUE_BLURRED,
    QualityIssue.UNDEREXPOSED: types_pb2.QUALITY_ISSUE_UNDEREXPOSED,
    QualityIssue.OVEREXPOSED: types_pb2.QUALITY_ISSUE_OVEREXPOSED,
    QualityIssue.LOW_RESOLUTION: types_pb2.QUALITY_ISSUE_LOW_RESOLUTION,
    QualityIssue.NOT_A_GARMENT: types_pb2.QUALITY_ISSUE_NOT_A_GARMENT,
}
_SOURCES: dict[ValueSource, types_pb2.ValueSource] = {
    ValueSource.MODEL: types_pb2.VALUE_SOURCE_MODEL,
    ValueSource.PERSON: types_pb2.VALUE_SOURCE_PERSON,
}


def content_from_proto(image: types_pb2.ImageInput) -> bytes:
    """The encoded picture, empty where the message has no source, or an upload that the catalogue reads.

    Raises:
        Unimplemented: the picture is named by a URI.
    """
    source = image.WhichOneof("source")
    if source == "uri":
        raise Unimplemented("uri", "this server reads no URIs yet; send the picture in content")
    return image.content


def boxes_from_proto(image: types_pb2.ImageInput) -> tuple[Box, ...]:
    return tuple(box_from_proto(box) for box in image.boxes)


def is_bulk(
    priority: types_pb2.Priority, unspecified: types_pb2.Priority = types_pb2.PRIORITY_INTERACTIVE
) -> bool:
    """Whether the work is bulk; `unspecified` says what it is where the request does not.

    Raises:
        InvalidInput: the number is none of the contract's; such a call would be served at a priority
            that its caller did not mean.
    """
    if priority not in types_pb2.Priority.values():
        raise InvalidInput("priority", f"must be a value of Priority, got {priority}")
    return (priority or unspecified) == types_pb2.PRIORITY_BULK


def box_to_proto(box: Box) -> types_pb2.Box:
    return types_pb2.Box(x1=box.x1, y1=box.y1, x2=box.x2, y2=box.y2)


def box_from_proto(box: types_pb2.Box) -> Box:
    return Box(box.x1, box.y1, box.x2, box.y2)


def issue_to_proto(issue: QualityIssue | None) -> types_pb2.QualityIssue:
    return types_pb2.QUALITY_ISSUE_UNSPECIFIED if issue is None else _ISSUES[issue]


def attribute_to_proto(
    attribute: AttributeValue, *, include_alternatives: bool = False
) -> types_pb2.AttributeValue:
    return types_pb2.AttributeValue(
        values=scored_values_to_proto(attribute.values),
        number=attribute.number,
        source=source_to_proto(attribute.source),
        alternatives=scored_values_to_proto(attribute.alternatives) if include_alternatives else (),
    )


def scored_values_to_proto(values: Iterable[ScoredValue]) -> list[types_pb2.ScoredValue]:
    return [types_pb2.ScoredValue(value=entry.value, score=entry.score) for entry in values]


def color_to_proto(color: ColorShare) -> types_pb2.ColorShare:
    return types_pb2.ColorShare(name=color.name, fraction=color.fraction, rgb=color.rgb)


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
        classify_queue_ns=timings.classify_queue_ns,
        classify_ns=timings.classify_ns,
    )


def source_to_proto(source: ValueSource) -> types_pb2.ValueSource:
    return _SOURCES[source]


def time_from_us(moment_us: int | None) -> Timestamp | None:
    """A time in microseconds since 1970; None if there is none."""
    if moment_us is None:
        return None
    time = Timestamp()
    time.FromMicroseconds(moment_us)
    return time


def time_to_proto(moment: datetime) -> Timestamp:
    passed = moment - _EPOCH
    return Timestamp(seconds=passed.days * _DAY_S + passed.seconds, nanos=passed.microseconds * 1000)
