"""Every remote call: its request built from plain values, its reply read into plain values.

Nothing here touches a channel; `Client` and `AsyncClient` only send what these functions return.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from google.protobuf import field_mask_pb2
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2

from armoire import messages
from armoire.errors import ArmoireError, ServerError
from armoire.filters import Condition, parse_where
from armoire.photos import Photo, PhotoSource, name_of
from armoire.results import (
    CatalogLimits,
    Detections,
    Embedding,
    ImageAnalysis,
    ImageEmbeddings,
    InferenceLimits,
    Item,
    Job,
    JobState,
    Model,
    Page,
    Product,
    SearchResult,
)
from armoire.status import error_from_status
from armoire.transport import Call
from armoire.v1 import catalog_pb2, inference_pb2, types_pb2

T = TypeVar("T")
Reply = TypeVar("Reply", bound=Message)
Outcomes: TypeAlias = tuple[T | ArmoireError, ...]
Where: TypeAlias = str | Sequence[Condition]

SERVICES = ("armoire.v1.InferenceService", "armoire.v1.CatalogService")


def only(call: Call[Outcomes[T]]) -> Call[T]:
    """The same call for one input: its result, or its error raised."""

    def parse(reply: bytes) -> T:
        outcomes = call.parse(reply)
        if len(outcomes) != 1:
            raise ServerError(f"expected 1 result from {call.path}, got {len(outcomes)}")
        if isinstance(outcomes[0], ArmoireError):
            raise outcomes[0]
        return outcomes[0]

    return Call(call.path, call.request, parse, call.repeatable)


def check_health(service: str) -> Call[str]:
    """The state of a service, such as SERVING; the empty name stands for the whole server."""

    def parse(reply: health_pb2.HealthCheckResponse) -> str:
        return str(health_pb2.HealthCheckResponse.ServingStatus.Name(reply.status))

    request = health_pb2.HealthCheckRequest(service=service)
    path = "grpc.health.v1.Health/Check"
    return _call(path, request, health_pb2.HealthCheckResponse, parse, repeatable=False)


def list_models() -> Call[tuple[Model, ...]]:
    return _inference(
        "ListModels",
        inference_pb2.ListModelsRequest(),
        inference_pb2.ListModelsResponse,
        lambda reply: tuple(map(messages.model_from_proto, reply.models)),
    )


def get_inference_limits() -> Call[InferenceLimits]:
    return _inference(
        "GetInferenceLimits",
        inference_pb2.GetInferenceLimitsRequest(),
        inference_pb2.GetInferenceLimitsResponse,
        messages.inference_limits_from_proto,
    )


def detect(
    photos: Sequence[PhotoSource | Photo],
    min_score: float | None = None,
    model_version: str | None = None,
) -> Call[Outcomes[Detections]]:
    def parse(reply: inference_pb2.DetectResponse) -> Outcomes[Detections]:
        def read(found: inference_pb2.Detections) -> Detections:
            return messages.detections_from_proto(found, reply.model_version, reply.preprocess_version)

        return tuple(
            error_from_status(result.error) if result.HasField("error") else read(result.detections)
            for result in reply.results
        )

    request = inference_pb2.DetectRequest(
        images=map(_image, photos), min_score=min_score, model_version=model_version
    )
    return _inference("Detect", request, inference_pb2.DetectResponse, parse)


def embed_images(
    photos: Sequence[PhotoSource | Photo], model_version: str | None = None
) -> Call[Outcomes[ImageEmbeddings]]:
    def parse(reply: inference_pb2.EmbedImageResponse) -> Outcomes[ImageEmbeddings]:
        return tuple(
            error_from_status(result.error)
            if result.HasField("error")
            else messages.image_embeddings_from_proto(result.embeddings)
            for result in reply.results
        )

    request = inference_pb2.EmbedImageRequest(images=map(_image, photos), model_version=model_version)
    return _inference("EmbedImage", request, inference_pb2.EmbedImageResponse, parse)


def embed_texts(texts: Sequence[str], model_version: str | None = None) -> Call[Outcomes[Embedding]]:
    def parse(reply: inference_pb2.EmbedTextResponse) -> Outcomes[Embedding]:
        return tuple(
            error_from_status(result.error)
            if result.HasField("error")
            else messages.embedding_from_proto(result.embedding)
            for result in reply.results
        )

    request = inference_pb2.EmbedTextRequest(texts=texts, model_version=model_version)
    return _inference("EmbedText", request, inference_pb2.EmbedTextResponse, parse)


def analyze(
    photos: Sequence[PhotoSource | Photo],
    min_score: float | None = None,
    include_crops: bool = False,
    include_embeddings: bool = False,
    detector_version: str | None = None,
    embedder_version: str | None = None,
) -> Call[Outcomes[ImageAnalysis]]:
    def parse(reply: inference_pb2.AnalyzeResponse) -> Outcomes[ImageAnalysis]:
        return tuple(
            error_from_status(result.error)
            if result.HasField("error")
            else messages.analysis_from_proto(result.analysis)
            for result in reply.results
        )

    request = inference_pb2.AnalyzeRequest(
        images=map(_image, photos),
        min_score=min_score,
        include_crops=include_crops,
        include_embeddings=include_embeddings,
        detector_version=detector_version,
        embedder_version=embedder_version,
    )
    return _inference("Analyze", request, inference_pb2.AnalyzeResponse, parse)


def get_catalog_limits() -> Call[CatalogLimits]:
    return _catalog(
        "GetCatalogLimits",
        catalog_pb2.GetCatalogLimitsRequest(),
        catalog_pb2.GetCatalogLimitsResponse,
        messages.catalog_limits_from_proto,
    )


def create_product(product: Product, idempotency_key: str | None = None) -> Call[Product]:
    request = catalog_pb2.CreateProductRequest(
        product=messages.product_to_proto(product), idempotency_key=_key(idempotency_key)
    )
    return _catalog(
        "CreateProduct",
        request,
        catalog_pb2.CreateProductResponse,
        lambda reply: messages.product_from_proto(reply.product),
        repeatable=bool(request.idempotency_key),
    )


def get_product(product_id: str) -> Call[Product]:
    return _catalog(
        "GetProduct",
        catalog_pb2.GetProductRequest(product_id=product_id),
        catalog_pb2.GetProductResponse,
        lambda reply: messages.product_from_proto(reply.product),
    )


def list_products(page_size: int = 0, page_token: str = "") -> Call[Page[Product]]:
    return _catalog(
        "ListProducts",
        catalog_pb2.ListProductsRequest(page_size=page_size, page_token=page_token),
        catalog_pb2.ListProductsResponse,
        lambda reply: Page(tuple(map(messages.product_from_proto, reply.products)), reply.next_page_token),
    )


def update_product(product: Product, fields: Sequence[str]) -> Call[Product]:
    return _catalog(
        "UpdateProduct",
        catalog_pb2.UpdateProductRequest(
            product=messages.product_to_proto(product),
            update_mask=field_mask_pb2.FieldMask(paths=fields),
        ),
        catalog_pb2.UpdateProductResponse,
        lambda reply: messages.product_from_proto(reply.product),
        repeatable=False,
    )


def delete_product(product_id: str, etag: str = "") -> Call[None]:
    return _catalog(
        "DeleteProduct",
        catalog_pb2.DeleteProductRequest(product_id=product_id, etag=etag),
        catalog_pb2.DeleteProductResponse,
        lambda _: None,
        repeatable=False,
    )


def index(
    photo: PhotoSource | Photo,
    image_name: str | None = None,
    product_id: str = "",
    product: Product | None = None,
    idempotency_key: str | None = None,
) -> Call[Job]:
    if product_id and product:
        raise ValueError("give product_id or product, not both")
    source = photo.source if isinstance(photo, Photo) else photo
    request = catalog_pb2.IndexImageRequest(
        image=_image(photo),
        image_name=name_of(source) if image_name is None else image_name,
        product_id=product_id or None,
        product=messages.product_to_proto(product) if product else None,
        idempotency_key=_key(idempotency_key),
    )
    return _catalog(
        "IndexImage",
        request,
        catalog_pb2.IndexImageResponse,
        lambda reply: messages.job_from_proto(reply.job),
        repeatable=bool(request.idempotency_key),
    )


def get_job(job_id: str) -> Call[Job]:
    return _catalog(
        "GetJob",
        catalog_pb2.GetJobRequest(job_id=job_id),
        catalog_pb2.GetJobResponse,
        lambda reply: messages.job_from_proto(reply.job),
    )


def list_jobs(page_size: int = 0, page_token: str = "", states: Sequence[JobState] = ()) -> Call[Page[Job]]:
    request = catalog_pb2.ListJobsRequest(
        page_size=page_size, page_token=page_token, states=[f"JOB_STATE_{state}" for state in states]
    )
    return _catalog(
        "ListJobs",
        request,
        catalog_pb2.ListJobsResponse,
        lambda reply: Page(tuple(map(messages.job_from_proto, reply.jobs)), reply.next_page_token),
    )


def watch_job(job_id: str) -> Call[Job]:
    """A stream: every reply reads as the job."""
    return _catalog(
        "WatchJob",
        catalog_pb2.WatchJobRequest(job_id=job_id),
        catalog_pb2.WatchJobResponse,
        lambda reply: messages.job_from_proto(reply.job),
    )


def get_item(item_id: str, include_embedding: bool = False, include_crop: bool = False) -> Call[Item]:
    request = catalog_pb2.GetItemRequest(
        item_id=item_id, include_embedding=include_embedding, include_crop=include_crop
    )
    return _catalog(
        "GetItem",
        request,
        catalog_pb2.GetItemResponse,
        lambda reply: messages.item_from_proto(reply.item),
    )


def list_items(
    page_size: int = 0, page_token: str = "", product_id: str = "", image_id: str = ""
) -> Call[Page[Item]]:
    request = catalog_pb2.ListItemsRequest(
        page_size=page_size, page_token=page_token, product_id=product_id, image_id=image_id
    )
    return _catalog(
        "ListItems",
        request,
        catalog_pb2.ListItemsResponse,
        lambda reply: Page(tuple(map(messages.item_from_proto, reply.items)), reply.next_page_token),
    )


def delete_image(image_id: str) -> Call[None]:
    return _catalog(
        "DeleteImage",
        catalog_pb2.DeleteImageRequest(image_id=image_id),
        catalog_pb2.DeleteImageResponse,
        lambda _: None,
        repeatable=False,
    )


def search(
    photo: PhotoSource | Photo | None = None,
    text: str | None = None,
    item_id: str | None = None,
    embedding: Embedding | Sequence[float] | None = None,
    where: Where = (),
    top_k: int = 10,
    include_crops: bool = False,
    rerank: bool = True,
) -> Call[SearchResult]:
    if sum(query is not None for query in (photo, text, item_id, embedding)) != 1:
        raise ValueError("give exactly one of photo, text, item_id and embedding")
    conditions = parse_where(where) if isinstance(where, str) else where
    request = catalog_pb2.SearchRequest(
        image=_image(photo) if photo is not None else None,
        text=text,
        item_id=item_id,
        embedding=messages.embedding_to_proto(_vector(embedding)) if embedding is not None else None,
        top_k=top_k,
        filter=messages.filter_to_proto(conditions) if conditions else None,
        include_crops=include_crops,
        skip_rerank=not rerank,
    )
    return _catalog("Search", request, catalog_pb2.SearchResponse, messages.search_result_from_proto)


def _image(photo: PhotoSource | Photo) -> types_pb2.ImageInput:
    return messages.photo_to_proto(photo if isinstance(photo, Photo) else Photo(photo))


def _vector(embedding: Embedding | Sequence[float]) -> Embedding:
    return embedding if isinstance(embedding, Embedding) else Embedding(tuple(embedding))


def _key(idempotency_key: str | None) -> str:
    """The caller's key, or a fresh one where there is none; an empty one stays empty."""
    return str(uuid.uuid4()) if idempotency_key is None else idempotency_key


def _inference(
    rpc: str, request: Message, reply: type[Reply], parse: Callable[[Reply], T], *, repeatable: bool = True
) -> Call[T]:
    return _call(f"armoire.v1.InferenceService/{rpc}", request, reply, parse, repeatable=repeatable)


def _catalog(
    rpc: str, request: Message, reply: type[Reply], parse: Callable[[Reply], T], *, repeatable: bool = True
) -> Call[T]:
    return _call(f"armoire.v1.CatalogService/{rpc}", request, reply, parse, repeatable=repeatable)


def _call(
    path: str, request: Message, reply: type[Reply], parse: Callable[[Reply], T], *, repeatable: bool
) -> Call[T]:
    return Call(
        f"/{path}", request.SerializeToString(), lambda data: parse(reply.FromString(data)), repeatable
    )
