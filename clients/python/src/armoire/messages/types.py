"""Messages that inference and the catalogue share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from google.protobuf import timestamp_pb2

from armoire.messages.enums import value_source_from_proto
from armoire.photos import BlobUri, Photo, PhotoSource, Upload, read_content, read_photo
from armoire.v1 import types_pb2
from armoire.values.types import AttributeValue, Box, ColorShare, Embedding, ScoredValue, StageTimings

_EPOCH = datetime.fromtimestamp(0, UTC)


def photo_to_proto(photo: PhotoSource | Photo) -> types_pb2.ImageInput:
    """Reads the photo's file.

    Raises:
        InvalidInput: the file cannot be read.
    """
    read = read_photo(photo)
    boxes = map(box_to_proto, read.boxes)
    match read.source:
        case Upload(id):
            return types_pb2.ImageInput(upload_id=id, boxes=boxes)
        case BlobUri(uri):
            return types_pb2.ImageInput(uri=uri, boxes=boxes)
        case content:
            return types_pb2.ImageInput(content=read_content(content), boxes=boxes)


def box_to_proto(box: Box) -> types_pb2.Box:
    return types_pb2.Box(x1=box.x1, y1=box.y1, x2=box.x2, y2=box.y2)


def box_from_proto(box: types_pb2.Box) -> Box:
    return Box(box.x1, box.y1, box.x2, box.y2)


def embedding_to_proto(embedding: Embedding) -> types_pb2.Embedding:
    """
    Raises:
        TypeError: it is a bare vector.
    """
    if not isinstance(embedding, Embedding):
        kind = type(embedding).__name__
        raise TypeError(f"embedding must be an Embedding, which names its model, not a {kind}")
    return types_pb2.Embedding(
        values=embedding.values,
        model_version=embedding.model_version,
        preprocess_version=embedding.preprocess_version,
    )


def embedding_from_proto(embedding: types_pb2.Embedding) -> Embedding:
    return Embedding(tuple(embedding.values), embedding.model_version, embedding.preprocess_version)


def attributes_from_proto(attributes: Mapping[str, types_pb2.AttributeValue]) -> dict[str, AttributeValue]:
    return {name: _attribute_from_proto(answer) for name, answer in sorted(attributes.items())}


def colors_from_proto(colors: Iterable[types_pb2.ColorShare]) -> tuple[ColorShare, ...]:
    return tuple([ColorShare(color.name, color.fraction, color.rgb) for color in colors])


def timings_from_proto(timings: types_pb2.StageTimings) -> StageTimings:
    return StageTimings(
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


def time_to_proto(time: datetime | None) -> timestamp_pb2.Timestamp | None:
    """A time without a zone is UTC."""
    if time is None:
        return None
    stamp = timestamp_pb2.Timestamp()
    stamp.FromDatetime(time)
    return stamp


def time_from_proto(time: timestamp_pb2.Timestamp) -> datetime | None:
    """None for the unset time, which reads as the epoch."""
    seconds, nanos = time.seconds, time.nanos
    return _EPOCH + timedelta(0, seconds, nanos // 1000) if seconds or nanos else None


def scored_values_from_proto(values: Iterable[types_pb2.ScoredValue]) -> tuple[ScoredValue, ...]:
    return tuple([ScoredValue(each.value, each.score) for each in values])


def _attribute_from_proto(answer: types_pb2.AttributeValue) -> AttributeValue:
    return AttributeValue(
        values=scored_values_from_proto(answer.values),
        number=answer.number if answer.HasField("number") else None,
        source=value_source_from_proto(answer.source),
        alternatives=scored_values_from_proto(answer.alternatives),
    )
