"""The catalogue's values to protos and back."""

from __future__ import annotations

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money as MoneyProto

from armoire.v1 import catalog_pb2, types_pb2
from domain.errors import InvalidInput
from domain.types import Box, ModelVersion
from imaging.decode import DecodeLimits
from services.catalog.indexing.intake import IndexRequest
from services.catalog.limits import CatalogLimits
from services.catalog.records.items import Item
from services.catalog.records.jobs import Job, JobState
from services.catalog.records.money import Money
from services.catalog.records.products import Product, ProductDraft
from services.catalog.search.filters import AnyOf, Between, Condition
from services.catalog.search.query import (
    EmbeddingQuery,
    ImageQuery,
    ItemQuery,
    Query,
    SearchOptions,
    TextQuery,
)
from services.catalog.search.result import Hit, QueryHits, SearchResult
from services.edge.conversion import (
    attribute_to_proto,
    box_from_proto,
    box_to_proto,
    color_to_proto,
    embedding_from_proto,
    embedding_to_proto,
    issue_to_proto,
    timings_to_proto,
)
from services.edge.status import status_to_proto

_STATES: dict[JobState, catalog_pb2.JobState] = {
    JobState.QUEUED: catalog_pb2.JOB_STATE_QUEUED,
    JobState.CROPPING: catalog_pb2.JOB_STATE_CROPPING,
    JobState.ANALYZING: catalog_pb2.JOB_STATE_ANALYZING,
    JobState.COMPLETE: catalog_pb2.JOB_STATE_COMPLETE,
    JobState.FAILED: catalog_pb2.JOB_STATE_FAILED,
}
_STATES_BACK = {number: state for state, number in _STATES.items()}


def draft_from_proto(product: catalog_pb2.Product) -> ProductDraft:
    return ProductDraft(
        display_name=product.display_name,
        description=product.description,
        brand=product.brand,
        category=product.category,
        price=money_from_proto(product.price) if product.HasField("price") else None,
    )


def product_to_proto(product: Product) -> catalog_pb2.Product:
    return catalog_pb2.Product(
        id=product.id,
        display_name=product.display_name,
        description=product.description,
        brand=product.brand,
        category=product.category,
        price=None if product.price is None else money_to_proto(product.price),
        etag=product.etag,
        create_time=time_to_proto(product.create_time),
        update_time=time_to_proto(product.update_time),
    )


def money_from_proto(money: MoneyProto) -> Money:
    return Money(money.currency_code, money.units, money.nanos)


def money_to_proto(money: Money) -> MoneyProto:
    return MoneyProto(currency_code=money.currency, units=money.units, nanos=money.nanos)


def time_to_proto(moment: datetime) -> Timestamp:
    proto = Timestamp()
    proto.FromDatetime(moment)
    return proto


def index_request_from_proto(request: catalog_pb2.IndexImageRequest) -> IndexRequest:
    return IndexRequest(
        content=request.image.content,
        boxes=_boxes_from_proto(request.image),
        image_name=request.image_name,
        product_id=request.product_id,
        product=draft_from_proto(request.product) if request.HasField("product") else None,
        idempotency_key=request.idempotency_key,
    )


def states_from_proto(states: list[catalog_pb2.JobState]) -> list[JobState]:
    """Raises InvalidInput where one is no state."""
    for index, state in enumerate(states):
        if state not in _STATES_BACK:
            raise InvalidInput(f"states[{index}]", f"must be one of {', '.join(_STATES)}, got {state}")
    return [_STATES_BACK[state] for state in states]


def job_to_proto(job: Job) -> catalog_pb2.Job:
    return catalog_pb2.Job(
        id=job.id,
        image_id=job.image_id,
        image_name=job.image_name,
        product_id=job.product_id,
        state=_STATES[job.state],
        attempts=job.attempts,
        error=None if job.error is None else status_to_proto(job.error),
        items=[
            catalog_pb2.JobItem(item_id=item.item_id, label=item.label, primary=item.primary)
            for item in job.items
        ],
        create_time=time_to_proto(job.create_time),
        update_time=time_to_proto(job.update_time),
        searchable=job.searchable,
    )


def catalog_item_to_proto(item: Item) -> catalog_pb2.Item:
    return catalog_pb2.Item(
        id=item.id,
        image_id=item.image_id,
        image_name=item.image_name,
        product_id=item.product_id,
        box=box_to_proto(item.box),
        image_width=item.image_width,
        image_height=item.image_height,
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        primary=item.primary,
        attributes={name: attribute_to_proto(value) for name, value in item.attributes.items()},
        colors=[color_to_proto(color) for color in item.colors],
        warnings=[issue_to_proto(issue) for issue in item.warnings],
        model_version=item.version.model_version,
        preprocess_version=item.version.preprocess_version,
        create_time=time_to_proto(item.create_time),
        embedding=None if item.embedding is None else embedding_to_proto(item.embedding, item.version),
        crop=item.crop or b"",
    )


def query_from_proto(request: catalog_pb2.SearchRequest) -> Query:
    """Raises InvalidInput where the request holds no query."""
    match request.WhichOneof("query"):
        case "image":
            return ImageQuery(request.image.content, _boxes_from_proto(request.image))
        case "text":
            return TextQuery(request.text)
        case "item_id":
            return ItemQuery(request.item_id)
        case "embedding":
            given = request.embedding
            version = ModelVersion(given.model_version, given.preprocess_version)
            return EmbeddingQuery(embedding_from_proto(given), version)
        case _:
            raise InvalidInput("query", "must be one of image, text, item_id or embedding")


def search_options_from_proto(request: catalog_pb2.SearchRequest) -> SearchOptions:
    return SearchOptions(
        top_k=request.top_k,
        conditions=tuple(condition_from_proto(condition) for condition in request.filter.conditions),
        include_crops=request.include_crops,
        rerank=not request.skip_rerank,
    )


def condition_from_proto(condition: catalog_pb2.Condition) -> Condition:
    match condition.WhichOneof("test"):
        case "any_of":
            return Condition(condition.field, AnyOf(tuple(condition.any_of.values)))
        case "range":
            return Condition(condition.field, _range_from_proto(condition.range))
        case _:
            return Condition(condition.field, None)


def search_result_to_proto(result: SearchResult) -> catalog_pb2.SearchResponse:
    return catalog_pb2.SearchResponse(
        queries=[_query_hits_to_proto(query) for query in result.queries],
        timings=timings_to_proto(result.timings),
        model_version=result.version.model_version,
        preprocess_version=result.version.preprocess_version,
    )


def hit_to_proto(hit: Hit) -> catalog_pb2.Hit:
    """The crop stands in the hit, not a second time in its item."""
    item = catalog_item_to_proto(hit.item)
    item.ClearField("crop")
    return catalog_pb2.Hit(
        item=item,
        score=hit.score,
        rank_score=hit.rank_score,
        crop=hit.item.crop or b"",
        product=None if hit.product is None else product_to_proto(hit.product),
    )


def limits_to_proto(
    limits: CatalogLimits,
    decode: DecodeLimits,
    embedding_width: int,
    fields: list[str],
) -> catalog_pb2.GetCatalogLimitsResponse:
    return catalog_pb2.GetCatalogLimitsResponse(
        max_top_k=limits.max_top_k,
        max_page_size=limits.max_page_size,
        max_filter_conditions=limits.max_filter_conditions,
        max_filter_values=limits.max_filter_values,
        max_text_chars=limits.max_text_chars,
        max_image_bytes=decode.max_bytes,
        max_image_pixels=decode.max_pixels,
        embedding_width=embedding_width,
        filter_fields=fields,
        max_boxes_per_image=limits.max_boxes,
        max_name_chars=limits.max_name_chars,
        max_description_chars=limits.max_description_chars,
        max_key_chars=limits.max_key_chars,
        max_filter_value_chars=limits.max_filter_value_chars,
        min_image_side_px=decode.min_side_px,
        max_image_frames=decode.max_frames,
    )


def _boxes_from_proto(image: types_pb2.ImageInput) -> tuple[Box, ...]:
    return tuple(box_from_proto(box) for box in image.boxes)


def _range_from_proto(bounds: catalog_pb2.NumberRange) -> Between:
    return Between(**{field.name: value for field, value in bounds.ListFields()})


def _query_hits_to_proto(query: QueryHits) -> catalog_pb2.QueryHits:
    return catalog_pb2.QueryHits(
        box=None if query.box is None else box_to_proto(query.box),
        label=query.label,
        whole_image=query.whole_image,
        hits=[hit_to_proto(hit) for hit in query.hits],
    )
