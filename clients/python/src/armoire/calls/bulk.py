"""Streams of many photos: what is sent for a photo, and how an answer reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from armoire.calls.keys import key_or_fresh
from armoire.errors import ArmoireError
from armoire.messages.enums import priority_to_proto
from armoire.messages.indexing import job_from_proto
from armoire.messages.inference import analysis_from_proto, image_embeddings_from_proto
from armoire.messages.products import product_to_proto
from armoire.messages.types import photo_to_proto
from armoire.photos import Photo, PhotoSource, PhotoToIndex, is_uploaded, name_of
from armoire.status import error_from_status
from armoire.v1 import indexing_pb2, inference_pb2, types_pb2
from armoire.values.indexing import IndexingJob
from armoire.values.inference import ImageAnalysis, ImageEmbeddings
from armoire.values.types import Priority

I_contra = TypeVar("I_contra", contravariant=True)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Answered: TypeAlias = tuple[str, T | ArmoireError]
"""The id of a photo, and its result or error."""


@dataclass(frozen=True, slots=True)
class BulkCall(Generic[I_contra, T_co]):
    """A call that streams photos.

    Attributes:
        method: such as "armoire.v1.InferenceService/AnalyzeStream".
        encode: the message for the id and a photo, whose file is read; InvalidInput where it cannot be.
        encode_unreadable: the message for the id of a photo that cannot be sent; the server answers it with
            an error, so that every photo has an answer.
        parse: what a reply answers.
    """

    method: str
    encode: Callable[[str, I_contra], bytes]
    encode_unreadable: Callable[[str], bytes]
    parse: Callable[[bytes], Sequence[Answered[T_co]]]

    @property
    def path(self) -> str:
        return f"/{self.method}"


def analyze(
    min_score: float | None,
    include_crops: bool,
    include_embeddings: bool,
    include_alternatives: bool,
    priority: Priority,
    detector_version: str | None,
    embedder_version: str | None,
    classifier_version: str | None,
    vocabulary_version: str | None,
) -> BulkCall[PhotoSource | Photo, ImageAnalysis]:
    def encode(id: str, photo: PhotoSource | Photo) -> bytes:
        request = inference_pb2.AnalyzeStreamRequest(
            id=id,
            image=photo_to_proto(photo),
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
        return request.SerializeToString()

    def parse(data: bytes) -> Sequence[Answered[ImageAnalysis]]:
        reply = inference_pb2.AnalyzeStreamResponse.FromString(data)
        if reply.WhichOneof("outcome") == "error":
            return [(reply.id, error_from_status(reply.error))]
        return [(reply.id, analysis_from_proto(reply.analysis))]

    return BulkCall("armoire.v1.InferenceService/AnalyzeStream", encode, _without_content, parse)


def embed(priority: Priority, model_version: str | None) -> BulkCall[PhotoSource | Photo, ImageEmbeddings]:
    def encode(id: str, photo: PhotoSource | Photo) -> bytes:
        request = inference_pb2.EmbedStreamRequest(
            id=id,
            image=photo_to_proto(photo),
            priority=priority_to_proto(priority),
            model_version=model_version,
        )
        return request.SerializeToString()

    def parse(data: bytes) -> Sequence[Answered[ImageEmbeddings]]:
        reply = inference_pb2.EmbedStreamResponse.FromString(data)
        if reply.WhichOneof("outcome") == "error":
            return [(reply.id, error_from_status(reply.error))]
        return [(reply.id, image_embeddings_from_proto(reply.embeddings))]

    return BulkCall("armoire.v1.InferenceService/EmbedStream", encode, _without_content, parse)


def index() -> BulkCall[PhotoToIndex, IndexingJob]:
    return BulkCall(
        "armoire.v1.CatalogService/IndexImages", _encode_photo_to_index, _without_content, _parse_jobs
    )


def to_index(photo: PhotoSource | Photo | PhotoToIndex) -> PhotoToIndex:
    """The photo with an idempotency key: its own, or a fresh one; none where its upload is one.

    Raises:
        ValueError: it names a product twice.
    """
    given = photo if isinstance(photo, PhotoToIndex) else PhotoToIndex(photo)
    if given.product_id and given.product:
        raise ValueError("give product_id or product, not both")
    if given.idempotency_key is None and is_uploaded(given.photo):
        return given.with_key("")
    return given.with_key(key_or_fresh(given.idempotency_key))


def _encode_photo_to_index(id: str, given: PhotoToIndex) -> bytes:
    request = indexing_pb2.IndexImagesRequest(
        id=id,
        image=photo_to_proto(given.photo),
        image_name=name_of(given.photo) if given.image_name is None else given.image_name,
        product_id=given.product_id or None,
        product=product_to_proto(given.product) if given.product else None,
        idempotency_key=given.idempotency_key,
        priority=priority_to_proto(given.priority),
    )
    return request.SerializeToString()


def _parse_jobs(data: bytes) -> Sequence[Answered[IndexingJob]]:
    reply = indexing_pb2.IndexImagesResponse.FromString(data)
    return [
        (result.id, error_from_status(result.error))
        if result.WhichOneof("outcome") == "error"
        else (result.id, job_from_proto(result.job))
        for result in reply.results
    ]


def _without_content(id: str) -> bytes:
    """The fields `id` and `image` have the same numbers in the requests of all streams."""
    request = inference_pb2.EmbedStreamRequest(id=id, image=types_pb2.ImageInput(content=b""))
    return request.SerializeToString()
