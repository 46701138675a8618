"""Queries and their hits."""

from __future__ import annotations

from collections.abc import Iterable

from armoire.v1 import search_pb2
from domain.errors import InvalidInput, Unimplemented
from domain.types import ModelVersion
from services.catalog.search.filter import Between, Condition, Filter, OneOf
from services.catalog.search.query import (
    EmbeddingQuery,
    ImageQuery,
    ItemQuery,
    Query,
    SearchOptions,
    TextQuery,
)
from services.catalog.search.result import Hit, SearchResult
from services.edge.conversion.items import item_to_proto
from services.edge.conversion.products import product_to_proto
from services.edge.conversion.types import (
    box_to_proto,
    boxes_from_proto,
    content_from_proto,
    embedding_from_proto,
    is_bulk,
    timings_to_proto,
)

_LATER = ("group_by_product", "facets")
_PRODUCT_ATTRIBUTE = "product."
"""The prefix of filter fields that are attributes of a product."""


def query_from_proto(request: search_pb2.SearchRequest) -> Query:
    """Raises InvalidInput where the request holds no query, Unimplemented for one not offered yet."""
    match request.WhichOneof("query"):
        case "image":
            return _image_query(request)
        case "text":
            return TextQuery(request.text)
        case "item_id":
            return ItemQuery(request.item_id)
        case "embedding":
            given = request.embedding
            version = ModelVersion(given.model_version, given.preprocess_version)
            return EmbeddingQuery(embedding_from_proto(given), version)
        case "product_id" | "examples" as later:
            raise Unimplemented(later, "this server cannot search by it yet")
        case _:
            raise InvalidInput("query", "must be one of image, text, item_id or embedding")


def search_options_from_proto(request: search_pb2.SearchRequest) -> SearchOptions:
    """Raises Unimplemented for an option that is not offered yet."""
    _check_offered(request)
    return SearchOptions(
        top_k=request.top_k,
        filter=filter_from_proto(request.filter),
        include_crops=request.include_crops,
        rerank=not request.skip_rerank,
        min_score=request.min_score if request.HasField("min_score") else None,
        min_detection_score=request.min_detection_score if request.HasField("min_detection_score") else None,
        bulk=is_bulk(request.priority),
        model_version=request.model_version if request.HasField("model_version") else None,
        page_token=request.page_token,
    )


def filter_from_proto(filter: search_pb2.Filter, path: str = "filter") -> Filter:
    """Raises Unimplemented for an unsupported condition; `path` is the filter's path in the error."""
    return Filter(
        conditions=tuple(
            _condition_from_proto(condition, f"{path}.conditions[{index}]")
            for index, condition in enumerate(filter.conditions)
        ),
        any_of=_filters_from_proto(filter.any_of, f"{path}.any_of"),
        none_of=_filters_from_proto(filter.none_of, f"{path}.none_of"),
        all_of=_filters_from_proto(filter.all_of, f"{path}.all_of"),
    )


def search_result_to_proto(result: SearchResult) -> search_pb2.SearchResponse:
    """Convert a result. Queries and hits are added in place; passed as arguments they would be copied."""
    response = search_pb2.SearchResponse(
        timings=timings_to_proto(result.timings),
        model_version=result.version.model_version,
        preprocess_version=result.version.preprocess_version,
        next_page_token=result.next_page_token,
    )
    for query in result.queries:
        box = None if query.box is None else box_to_proto(query.box)
        added = response.queries.add(box=box, label=query.label, whole_image=query.whole_image)
        for hit in query.hits:
            _add_hit(added, hit)
    return response


def _image_query(request: search_pb2.SearchRequest) -> ImageQuery:
    try:
        return ImageQuery(content_from_proto(request.image), boxes_from_proto(request.image))
    except Unimplemented as error:
        raise error.within("image") from None


def _check_offered(request: search_pb2.SearchRequest) -> None:
    given = {field.name for field, _ in request.ListFields()}
    for name in _LATER:
        if name in given:
            raise Unimplemented(name, "Search does not take it yet")


def _filters_from_proto(filters: Iterable[search_pb2.Filter], path: str) -> tuple[Filter, ...]:
    return tuple(filter_from_proto(filter, f"{path}[{index}]") for index, filter in enumerate(filters))


def _condition_from_proto(condition: search_pb2.Condition, path: str) -> Condition:
    if condition.field.startswith(_PRODUCT_ATTRIBUTE):
        raise Unimplemented(f"{path}.field", "the attributes of products cannot be searched yet")
    match condition.WhichOneof("test"):
        case "any_of":
            return Condition(condition.field, OneOf(tuple(condition.any_of.values)))
        case "range":
            return Condition(condition.field, _range_from_proto(condition.range))
        case _:
            return Condition(condition.field, None)


def _range_from_proto(bounds: search_pb2.NumberRange) -> Between:
    return Between(**{field.name: value for field, value in bounds.ListFields()})


def _add_hit(query: search_pb2.QueryHits, hit: Hit) -> None:
    added = query.hits.add(
        item=item_to_proto(hit.item),
        score=hit.score,
        rank_score=hit.rank_score,
        crop=hit.crop or b"",
        product=None if hit.product is None else product_to_proto(hit.product),
    )
    for term in hit.terms:
        added.terms.add(name=term.name, value=term.value)
