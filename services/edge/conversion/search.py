"""Queries and their hits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from armoire.v1 import search_pb2, types_pb2
from domain.clock import MICROSECONDS
from domain.errors import InvalidInput, Unimplemented
from domain.types import ModelVersion
from services.catalog.limits import CatalogLimits, check_box_count
from services.catalog.resources.links import PictureUrls
from services.catalog.search.filter import Between, Condition, Filter, OneOf, Period
from services.catalog.search.query import (
    EmbeddingQuery,
    Example,
    ExamplesQuery,
    ImageQuery,
    ItemQuery,
    ProductQuery,
    Query,
    SearchOptions,
    SingleQuery,
    TextQuery,
)
from services.catalog.search.result import Hit, SearchResult
from services.edge.conversion.items import item_to_proto
from services.edge.conversion.products import product_to_proto
from services.edge.conversion.tenant_settings import weights_from_proto
from services.edge.conversion.types import (
    box_to_proto,
    boxes_from_proto,
    content_from_proto,
    embedding_from_proto,
    is_bulk,
    time_to_proto,
    timings_to_proto,
)

_KINDS = ("image", "text", "item_id", "product_id", "embedding")


def query_from_proto(request: search_pb2.SearchRequest, limits: CatalogLimits) -> Query:
    """Raises InvalidInput where there is no query or it is too large, Unimplemented for a photo by name."""
    match request.WhichOneof("query"):
        case "image" | "text" | "item_id" | "product_id" | "embedding" as kind:
            return _single_query(kind, request, limits)
        case "examples":
            return _examples_query(request.examples, limits)
        case _:
            raise InvalidInput("query", f"must be one of {', '.join(_KINDS)} or examples")


def search_options_from_proto(request: search_pb2.SearchRequest, limits: CatalogLimits) -> SearchOptions:
    """Raises InvalidInput for a filter or a list that is too large."""
    if len(request.facets) > limits.max_facets:
        text = f"must hold at most {limits.max_facets} fields, got {len(request.facets)}"
        raise InvalidInput("facets", text)
    return SearchOptions(
        top_k=request.top_k,
        filter=filter_from_proto(request.filter, limits),
        include_crops=request.include_crops,
        rerank=not request.skip_rerank,
        min_score=request.min_score if request.HasField("min_score") else None,
        min_detection_score=request.min_detection_score if request.HasField("min_detection_score") else None,
        bulk=is_bulk(request.priority),
        model_version=request.model_version if request.HasField("model_version") else None,
        page_token=request.page_token,
        group_by_product=request.group_by_product,
        facets=tuple(request.facets),
        collapse_copies=request.collapse_near_duplicates,
        rank_weights=weights_from_proto(request.rank_weights) if request.HasField("rank_weights") else None,
    )


def filter_from_proto(filter: search_pb2.Filter, limits: CatalogLimits) -> Filter:
    """The request's field `filter`. Raises InvalidInput where it holds too much."""
    return _FilterConversion(limits).filter(filter, "filter")


@dataclass(slots=True)
class _FilterConversion:
    """Converts one filter with those nested in it, and counts them and their conditions before.

    The other rules of filters are `FilterRules`.
    """

    limits: CatalogLimits
    conditions: int = 0
    filters: int = 0

    def filter(self, filter: search_pb2.Filter, path: str) -> Filter:
        """Raises InvalidInput where there are too many."""
        self._count(filter)
        return Filter(
            conditions=tuple(
                self._condition(condition, f"{path}.conditions[{index}]")
                for index, condition in enumerate(filter.conditions)
            ),
            any_of=self._nested(filter.any_of, f"{path}.any_of"),
            none_of=self._nested(filter.none_of, f"{path}.none_of"),
            all_of=self._nested(filter.all_of, f"{path}.all_of"),
        )

    def _count(self, filter: search_pb2.Filter) -> None:
        most = self.limits.max_filter_conditions
        self.conditions += len(filter.conditions)
        if self.conditions > most:
            text = f"must hold at most {most} conditions in all, got {self.conditions}"
            raise InvalidInput("filter", text)
        most *= self.limits.max_filter_depth  # those of as many branches, each as deep as it may be
        self.filters += len(filter.any_of) + len(filter.none_of) + len(filter.all_of)
        if self.filters > most:
            raise InvalidInput("filter", f"must hold at most {most} filters in all, got {self.filters}")

    def _nested(self, filters: Iterable[search_pb2.Filter], path: str) -> tuple[Filter, ...]:
        return tuple(self.filter(filter, f"{path}[{index}]") for index, filter in enumerate(filters))

    def _condition(self, condition: search_pb2.Condition, path: str) -> Condition:
        match condition.WhichOneof("test"):
            case "any_of":
                values, most = condition.any_of.values, self.limits.max_filter_values
                if len(values) > most:
                    raise InvalidInput(f"{path}.any_of.values", f"must hold 1 to {most}, got {len(values)}")
                return Condition(condition.field, OneOf(tuple(values)))
            case "range":
                return Condition(condition.field, _range_from_proto(condition.range))
            case "time_range":
                return Condition(condition.field, _period_from_proto(condition.time_range))
            case _:
                return Condition(condition.field, None)


def search_result_to_proto(
    result: SearchResult, urls: PictureUrls | None = None
) -> search_pb2.SearchResponse:
    """Convert a result; `urls` makes those of crops.

    Queries and hits are added in place; passed as arguments they would be copied.
    """
    response = search_pb2.SearchResponse(
        timings=timings_to_proto(result.timings),
        model_version=result.version.model_version,
        preprocess_version=result.version.preprocess_version,
        next_page_token=result.next_page_token,
        crop_url_expire_time=None if urls is None else time_to_proto(urls.expire_time),
    )
    for facet in result.facets:
        values = response.facets.add(field=facet.field).values
        for each in facet.values:
            values.add(value=each.value, count=each.count)
    for query in result.queries:
        box = None if query.box is None else box_to_proto(query.box)
        added = response.queries.add(box=box, label=query.label, whole_image=query.whole_image)
        if not query.applied_filter.is_empty:
            added.applied_filter.CopyFrom(_filter_to_proto(query.applied_filter))
        for hit in query.hits:
            _add_hit(added, hit, "" if urls is None else urls.crop(hit.item.id))
    return response


def _single_query(
    kind: str, given: search_pb2.SearchRequest | search_pb2.Example, limits: CatalogLimits
) -> SingleQuery:
    match kind:
        case "image":
            check_box_count(given.image.boxes, limits)
            return _image_query(given.image)
        case "text":
            return TextQuery(given.text)
        case "item_id":
            return ItemQuery(given.item_id)
        case "product_id":
            return ProductQuery(given.product_id)
    version = ModelVersion(given.embedding.model_version, given.embedding.preprocess_version)
    return EmbeddingQuery(embedding_from_proto(given.embedding), version)


def _image_query(image: types_pb2.ImageInput) -> ImageQuery:
    try:
        return ImageQuery(content_from_proto(image), boxes_from_proto(image))
    except Unimplemented as error:
        raise error.within("image") from None


def _examples_query(examples: search_pb2.ExampleSet, limits: CatalogLimits) -> ExamplesQuery:
    count = len(examples.positive) + len(examples.negative)
    if count > limits.max_examples:
        raise InvalidInput("examples", f"must hold at most {limits.max_examples} in all, got {count}")
    return ExamplesQuery(
        tuple(_example(f"examples.positive[{i}]", each, limits) for i, each in enumerate(examples.positive)),
        tuple(_example(f"examples.negative[{i}]", each, limits) for i, each in enumerate(examples.negative)),
    )


def _example(path: str, example: search_pb2.Example, limits: CatalogLimits) -> Example:
    kind = example.WhichOneof("kind")
    if kind is None:
        raise InvalidInput(path, f"must be one of {' or '.join(_KINDS)}")
    try:
        query = _single_query(kind, example, limits)
    except (InvalidInput, Unimplemented) as error:
        raise error.within(path) from None
    return Example(query, example.weight if example.HasField("weight") else 1.0)


def _range_from_proto(bounds: search_pb2.NumberRange) -> Between:
    return Between(**{field.name: value for field, value in bounds.ListFields()})


def _filter_to_proto(filter: Filter) -> search_pb2.Filter:
    """Convert a filter of conditions and `none_of` with values, which is all that words ask for."""
    return search_pb2.Filter(
        conditions=[
            search_pb2.Condition(
                field=condition.field, any_of=search_pb2.StringSet(values=condition.test.values)
            )
            for condition in filter.conditions
            if isinstance(condition.test, OneOf)
        ],
        none_of=map(_filter_to_proto, filter.none_of),
    )


def _period_from_proto(bounds: search_pb2.TimeRange) -> Period:
    moments = {
        field.name: (moment.seconds * MICROSECONDS + moment.nanos / 1000) / MICROSECONDS
        for field, moment in bounds.ListFields()
    }
    return Period(Between(**moments))


def _add_hit(query: search_pb2.QueryHits, hit: Hit, crop_url: str) -> None:
    added = query.hits.add(
        item=item_to_proto(hit.item, crop_url=crop_url),
        score=hit.score,
        rank_score=hit.rank_score,
        crop=hit.crop or b"",
        product=None if hit.product is None else product_to_proto(hit.product),
        same_photo=hit.same_photo,
    )
    for term in hit.terms:
        added.terms.add(name=term.name, value=term.value)
