"""Messages of search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from armoire.filters import AnyOf, Condition, Filter, TimeRange
from armoire.messages.items import item_from_proto
from armoire.messages.products import product_from_proto
from armoire.messages.types import (
    box_from_proto,
    embedding_to_proto,
    photo_to_proto,
    time_to_proto,
    timings_from_proto,
)
from armoire.v1 import search_pb2
from armoire.values.search import (
    Example,
    ExampleSet,
    Facet,
    FacetValue,
    Hit,
    QueryHits,
    RankWeights,
    ScoreTerm,
    SearchResult,
)


def examples_to_proto(examples: ExampleSet) -> search_pb2.ExampleSet:
    return search_pb2.ExampleSet(
        positive=map(_example_to_proto, examples.positive), negative=map(_example_to_proto, examples.negative)
    )


def filter_to_proto(where: Filter) -> search_pb2.Filter:
    return search_pb2.Filter(
        conditions=map(_condition_to_proto, where.conditions),
        any_of=map(filter_to_proto, where.any_of),
        none_of=map(filter_to_proto, where.none_of),
        all_of=map(filter_to_proto, where.all_of),
    )


def rank_weights_to_proto(weights: RankWeights) -> search_pb2.RankWeights:
    return search_pb2.RankWeights(**asdict(weights))


def rank_weights_from_proto(weights: search_pb2.RankWeights) -> RankWeights:
    return RankWeights(**{field.name: value for field, value in weights.ListFields()})


def search_result_from_proto(found: search_pb2.SearchResponse) -> SearchResult:
    return SearchResult(
        queries=tuple(map(_query_from_proto, found.queries)),
        timings=timings_from_proto(found.timings),
        model_version=found.model_version,
        preprocess_version=found.preprocess_version,
        facets=tuple(Facet(facet.field, _facet_values(facet.values)) for facet in found.facets),
        next_page_token=found.next_page_token,
    )


def _example_to_proto(example: Example) -> search_pb2.Example:
    embedding = example.embedding
    return search_pb2.Example(
        image=photo_to_proto(example.photo) if example.photo is not None else None,
        text=example.text,
        item_id=example.item_id,
        product_id=example.product_id,
        embedding=embedding_to_proto(embedding) if embedding is not None else None,
        weight=example.weight,
    )


def _condition_to_proto(condition: Condition) -> search_pb2.Condition:
    test = condition.test
    if isinstance(test, AnyOf):
        return search_pb2.Condition(field=condition.field, any_of=search_pb2.StringSet(values=test.values))
    if isinstance(test, TimeRange):
        return search_pb2.Condition(field=condition.field, time_range=_time_range_to_proto(test))
    bounds = search_pb2.NumberRange(
        at_least=test.at_least, more_than=test.more_than, at_most=test.at_most, less_than=test.less_than
    )
    return search_pb2.Condition(field=condition.field, range=bounds)


def _time_range_to_proto(period: TimeRange) -> search_pb2.TimeRange:
    bounds = asdict(period)
    return search_pb2.TimeRange(**{name: time_to_proto(at) for name, at in bounds.items()})


def _query_from_proto(query: search_pb2.QueryHits) -> QueryHits:
    return QueryHits(
        box=box_from_proto(query.box) if query.HasField("box") else None,
        label=query.label,
        whole_image=query.whole_image,
        hits=tuple(map(_hit_from_proto, query.hits)),
        applied_filter=_filter_from_proto(query.applied_filter),
    )


def _filter_from_proto(filter: search_pb2.Filter) -> Filter:
    """A filter of conditions and `none_of` with values, which is all that the server makes."""
    return Filter(
        tuple(Condition(each.field, AnyOf(tuple(each.any_of.values))) for each in filter.conditions),
        none_of=tuple(map(_filter_from_proto, filter.none_of)),
    )


def _hit_from_proto(hit: search_pb2.Hit) -> Hit:
    return Hit(
        item=item_from_proto(hit.item),
        score=hit.score,
        rank_score=hit.rank_score,
        terms=tuple([ScoreTerm(term.name, term.value) for term in hit.terms]),
        product=product_from_proto(hit.product) if hit.HasField("product") else None,
        crop=hit.crop or None,
        same_photo=hit.same_photo,
    )


def _facet_values(values: Iterable[search_pb2.FacetValue]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(each.value, each.count) for each in values)
