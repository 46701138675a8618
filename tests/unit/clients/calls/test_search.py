"""Searches, through both clients."""

from __future__ import annotations

from typing import Any

import pytest

from armoire import (
    AnyOf,
    Box,
    Condition,
    Embedding,
    Example,
    ExampleSet,
    Facet,
    FacetValue,
    Filter,
    InvalidInput,
    NumberRange,
    Photo,
    Priority,
    RankWeights,
    ScoreTerm,
)
from armoire.v1 import (
    items_pb2,
    products_pb2,
    search_pb2,
    types_pb2,
)

EMBEDDING = Embedding((1.0, 0.0), "clip@1", "square@1")


@pytest.fixture
def found(item: items_pb2.Item, product: products_pb2.Product) -> search_pb2.SearchResponse:
    terms = [{"name": "similarity", "value": 0.75}, {"name": "same_category", "value": 0.125}]
    hit = search_pb2.Hit(
        item=item, score=0.75, rank_score=0.875, product=product, terms=terms, same_photo=True
    )
    return search_pb2.SearchResponse(
        queries=[{"box": {"x2": 5, "y2": 6}, "label": "dress", "hits": [hit]}],
        model_version="clip@1",
        facets=[{"field": "color", "values": [{"value": "red", "count": 3}]}],
        next_page_token="more",
    )


def test_search_by_photo(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    result = client.search(b"photo", top_k=3, where="category=dress|skirt,price<=50", rerank=False)
    ((hit,),) = (query.hits for query in result.queries)
    assert (hit.item.id, hit.score, hit.rank_score, hit.product.brand) == (
        "item-1",
        0.75,
        0.875,
        "Smith, Sons",
    )
    assert hit.same_photo
    assert hit.terms == (ScoreTerm("similarity", 0.75), ScoreTerm("same_category", 0.125))
    assert result.queries[0].box == Box(0, 0, 5, 6)
    assert result.facets == (Facet("color", (FacetValue("red", 3),)),)
    assert result.next_page_token == "more"
    (request,) = server.requests["Search"]
    assert (request.image.content, request.top_k, request.skip_rerank) == (b"photo", 3, True)
    category, price = request.filter.conditions
    assert (category.field, list(category.any_of.values)) == ("category", ["dress", "skirt"])
    assert (price.field, price.range.at_most, price.range.HasField("less_than")) == ("price", 50, False)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"text": "red dress"}, "text"),
        ({"item_id": "item-1"}, "item_id"),
        ({"product_id": "product-1"}, "product_id"),
        ({"embedding": EMBEDDING}, "embedding"),
        ({"examples": ExampleSet((Example(text="red"),))}, "examples"),
    ],
)
def test_search_by_other_things(
    client: Any, server: Any, found: search_pb2.SearchResponse, query: dict[str, Any], kind: str
) -> None:
    server.say("Search", found)
    client.search(**query)
    (request,) = server.requests["Search"]
    assert request.WhichOneof("query") == kind
    assert (request.top_k, request.HasField("filter"), request.skip_rerank) == (10, False, False)


def test_search_takes_conditions(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    where = [Condition("color", AnyOf(("red",))), Condition("price", NumberRange(more_than=1, less_than=2))]
    client.search(text="dress", where=where)
    color, price = server.requests["Search"][0].filter.conditions
    assert list(color.any_of.values) == ["red"]
    assert (price.range.more_than, price.range.less_than) == (1, 2)


@pytest.mark.parametrize("queries", [{}, {"text": "a", "item_id": "b"}])
def test_search_wants_one_query(client: Any, queries: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        client.search(**queries)


def test_search_sends_its_options(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    client.search(
        text="dress",
        page_token="here",
        min_score=0.25,
        min_detection_score=0.5,
        group_by_product=True,
        collapse_near_duplicates=True,
        facets=["color"],
        priority=Priority.BULK,
        model_version="clip@2",
    )
    client.search(text="dress")
    options, plain = server.requests["Search"]
    assert (options.page_token, options.min_score, options.min_detection_score) == ("here", 0.25, 0.5)
    assert (options.group_by_product, list(options.facets)) == (True, ["color"])
    assert options.collapse_near_duplicates
    assert (options.priority, options.model_version) == (types_pb2.PRIORITY_BULK, "clip@2")
    assert plain.priority == types_pb2.PRIORITY_INTERACTIVE
    unset = ("min_score", "min_detection_score", "model_version")
    assert not any(plain.HasField(name) for name in unset)


def test_search_takes_nested_filters(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    red, cheap = Condition("color", AnyOf(("red",))), Condition("price", NumberRange(less_than=9))
    either = Filter(any_of=(Filter((red,)), Filter((cheap,))))
    client.search(text="dress", where=Filter((red,), none_of=(Filter((cheap,)),), all_of=(either,)))
    sent = server.requests["Search"][0].filter
    assert [condition.field for condition in sent.conditions] == ["color"]
    assert [each.conditions[0].field for each in sent.none_of] == ["price"]
    assert [each.conditions[0].field for each in sent.all_of[0].any_of] == ["color", "price"]


def test_search_by_examples(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    positive = (Example(photo=Photo(b"photo", (Box(1, 2, 3, 4),)), weight=2.0), Example(embedding=EMBEDDING))
    client.search(examples=ExampleSet(positive, (Example(item_id="item-1"),)))
    sent = server.requests["Search"][0].examples
    assert (sent.positive[0].image.content, sent.positive[0].image.boxes[0].x2) == (b"photo", 3)
    assert [each.weight for each in sent.positive] == [2.0, 1.0]
    assert [each.WhichOneof("kind") for each in sent.positive] == ["image", "embedding"]
    assert sent.negative[0].item_id == "item-1"


@pytest.mark.parametrize("kinds", [{}, {"text": "a", "item_id": "b"}])
def test_an_example_is_of_one_kind(kinds: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Example(**kinds)


def test_a_vector_of_no_model_is_refused(client: Any, server: Any) -> None:
    with pytest.raises(TypeError, match="must be an Embedding, which names its model, not a list"):
        client.search(embedding=[1.0, 0.0])


def test_a_filter_that_cannot_be_read(client: Any) -> None:
    with pytest.raises(InvalidInput, match="expected a number"):
        client.search(text="dress", where="price<cheap")


def test_search_takes_times(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    client.search(text="dress", where="create_time>=2026-11-01T10:00:00+02:00,product.fit=slim")
    moment, fit = server.requests["Search"][0].filter.conditions
    assert moment.time_range.at_least.ToJsonString() == "2026-11-01T08:00:00Z"
    assert not moment.time_range.HasField("less_than")
    assert (fit.field, list(fit.any_of.values)) == ("product.fit", ["slim"])


def test_what_words_ask_for_is_read(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    red = {"field": "main_color", "any_of": {"values": ["red", "coral"]}}
    found.queries[0].applied_filter.CopyFrom(
        search_pb2.Filter(conditions=[red], none_of=[search_pb2.Filter(conditions=[red])])
    )
    server.say("Search", found)
    applied = client.search(text="x").queries[0].applied_filter
    condition = Condition("main_color", AnyOf(("red", "coral")))
    assert applied == Filter((condition,), none_of=(Filter((condition,)),))


def test_search_sends_weights(client: Any, server: Any, found: search_pb2.SearchResponse) -> None:
    server.say("Search", found)
    client.search(text="x", rank_weights=RankWeights(color=0.5))
    client.search(text="x")
    weighed, plain = server.requests["Search"]
    assert (weighed.rank_weights.color, weighed.rank_weights.HasField("category")) == (0.5, False)
    assert not plain.HasField("rank_weights")
