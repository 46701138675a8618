"""What a search may hold is counted before anything is built of it."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import timestamp_pb2

from armoire.v1 import search_pb2, types_pb2
from domain.errors import InvalidInput
from domain.rank_weights import RankWeights
from domain.types import Box, ModelVersion, StageTimings
from services.catalog.limits import CatalogLimits
from services.catalog.search.filter import Between, Condition, Filter, OneOf, Period
from services.catalog.search.query import ExamplesQuery, ImageQuery, ItemQuery, ProductQuery, TextQuery
from services.catalog.search.result import Facet, FacetValue, QueryHits, SearchResult
from services.edge.conversion.search import (
    query_from_proto,
    search_options_from_proto,
    search_result_to_proto,
)

LIMITS = CatalogLimits(max_filter_conditions=3, max_filter_depth=2, max_filter_values=2, max_boxes=2)
EMPTY = search_pb2.Filter()
CONDITION = search_pb2.Condition(field="brand")


@pytest.mark.parametrize(
    ("filter", "hint"),
    [
        (
            search_pb2.Filter(conditions=[CONDITION] * 4),
            "filter: must hold at most 3 conditions in all, got 4",
        ),
        (
            search_pb2.Filter(any_of=[search_pb2.Filter(conditions=[CONDITION] * 2)] * 2),
            "filter: must hold at most 3 conditions in all, got 4",
        ),
        (search_pb2.Filter(any_of=[EMPTY] * 7), "filter: must hold at most 6 filters in all, got 7"),
        (
            search_pb2.Filter(
                conditions=[
                    search_pb2.Condition(field="brand", any_of=search_pb2.StringSet(values=["a", "b", "c"]))
                ]
            ),
            r"filter.conditions\[0\].any_of.values: must hold 1 to 2, got 3",
        ),
    ],
)
def test_large_filters_are_refused(filter: search_pb2.Filter, hint: str) -> None:
    with pytest.raises(InvalidInput, match=hint):
        search_options_from_proto(search_pb2.SearchRequest(filter=filter), LIMITS)


def test_a_filter_within_the_limits_is_converted() -> None:
    filter = search_pb2.Filter(
        conditions=[CONDITION] * 2, none_of=[search_pb2.Filter(conditions=[CONDITION])]
    )
    converted = search_options_from_proto(search_pb2.SearchRequest(filter=filter), LIMITS).filter
    assert (len(converted.conditions), len(converted.none_of[0].conditions)) == (2, 1)


def test_many_boxes_are_refused() -> None:
    image = types_pb2.ImageInput(content=b"photo", boxes=[types_pb2.Box()] * 3)
    with pytest.raises(InvalidInput, match=r"image.boxes: must hold at most 2 boxes, got 3"):
        query_from_proto(search_pb2.SearchRequest(image=image), LIMITS)


def test_a_period_is_converted_to_seconds() -> None:
    period = search_pb2.TimeRange(
        at_least=timestamp_pb2.Timestamp(seconds=1_700_000_000, nanos=250_000_000),
        less_than=timestamp_pb2.Timestamp(),
    )
    filter = search_pb2.Filter(conditions=[search_pb2.Condition(field="create_time", time_range=period)])
    (condition,) = search_options_from_proto(
        search_pb2.SearchRequest(filter=filter), LIMITS
    ).filter.conditions
    assert condition.test == Period(Between(at_least=1_700_000_000.25, less_than=0.0))


def test_a_product_is_a_query() -> None:
    assert query_from_proto(search_pb2.SearchRequest(product_id="p"), LIMITS) == ProductQuery("p")


def test_many_facets_are_refused() -> None:
    request = search_pb2.SearchRequest(facets=["brand"] * (LIMITS.max_facets + 1))
    with pytest.raises(InvalidInput, match="facets: must hold at most 8 fields, got 9"):
        search_options_from_proto(request, LIMITS)


def test_facets_are_answered() -> None:
    facets = (Facet("brand", (FacetValue("Acme", 3), FacetValue("Bee", 1))), Facet("label", ()))
    result = SearchResult((), ModelVersion("m", "p"), StageTimings(), facets=facets)
    brand, label = search_result_to_proto(result).facets
    assert [(each.value, each.count) for each in brand.values] == [("Acme", 3), ("Bee", 1)]
    assert (brand.field, label.field, len(label.values)) == ("brand", "label", 0)


def test_examples_are_converted() -> None:
    examples = search_pb2.ExampleSet(
        positive=[
            search_pb2.Example(
                image=types_pb2.ImageInput(content=b"photo", boxes=[types_pb2.Box(x2=3, y2=4)])
            ),
            search_pb2.Example(text="in red", weight=0.5),
        ],
        negative=[search_pb2.Example(item_id="i")],
    )
    query = query_from_proto(search_pb2.SearchRequest(examples=examples), LIMITS)
    assert isinstance(query, ExamplesQuery)
    assert [(each.query, each.weight) for each in (*query.positive, *query.negative)] == [
        (ImageQuery(b"photo", (Box(0, 0, 3, 4),)), 1.0),
        (TextQuery("in red"), 0.5),
        (ItemQuery("i"), 1.0),
    ]


@pytest.mark.parametrize(
    ("examples", "problem"),
    [
        ({"positive": [{}]}, r"examples.positive\[0\]: must be one of image or text"),
        ({"negative": [{"text": "a"}] * 17}, "examples: must hold at most 16 in all, got 17"),
        (
            {"positive": [{"text": "a"}, {"image": {"boxes": [{}] * 3}}]},
            r"examples.positive\[1\].image.boxes: must hold at most 2",
        ),
    ],
)
def test_bad_examples_are_refused(examples: dict[str, Any], problem: str) -> None:
    request = search_pb2.SearchRequest(examples=search_pb2.ExampleSet(**examples))
    with pytest.raises(InvalidInput, match=problem):
        query_from_proto(request, LIMITS)


def test_what_words_ask_for_is_answered() -> None:
    red, hat = (Condition(name, OneOf((value,))) for name, value in (("main_color", "red"), ("label", "hat")))
    applied = Filter((red,), none_of=(Filter((hat,)),))
    result = SearchResult((QueryHits(None, "", False, (), applied),), ModelVersion("m", "p"), StageTimings())
    found = search_result_to_proto(result).queries[0].applied_filter
    assert [(each.field, list(each.any_of.values)) for each in found.conditions] == [("main_color", ["red"])]
    assert found.none_of[0].conditions[0].field == "label"


def test_weights_are_converted() -> None:
    plain = search_options_from_proto(search_pb2.SearchRequest(), LIMITS)
    given = search_pb2.RankWeights(category=0.0, color=0.5)
    weighed = search_options_from_proto(search_pb2.SearchRequest(rank_weights=given), LIMITS)
    assert plain.rank_weights is None
    assert weighed.rank_weights == RankWeights(category=0.0, color=0.5)
