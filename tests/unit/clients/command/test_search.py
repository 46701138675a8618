from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import grpc
import pytest
from PIL import Image

from armoire.v1 import catalog_pb2, inference_pb2, items_pb2, products_pb2, search_pb2
from tests.unit.clients.command.outcomes import PRODUCT, REFUSED, documents


@pytest.fixture
def found(item: items_pb2.Item, product: products_pb2.Product) -> search_pb2.SearchResponse:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 40), "green").save(buffer, "JPEG")
    terms = [{"name": "similarity", "value": 0.75}, {"name": "same_category", "value": 0.125}]
    hit = search_pb2.Hit(
        item=item, score=0.75, rank_score=0.875, terms=terms, product=product, crop=buffer.getvalue()
    )
    query = search_pb2.QueryHits(box={"x1": 10, "y1": 5, "x2": 90, "y2": 95}, label="dress", hits=[hit])
    return search_pb2.SearchResponse(queries=[query], model_version="clip@1", next_page_token="more")


HIT = {
    "item_id": "item-1",
    "image_id": "image-1",
    "image": "dress.jpg",
    "same_photo": False,
    "rank_score": 0.875,
    "terms": {"similarity": 0.75, "same_category": 0.125},
    "score": 0.75,
    "label": "dress",
    "attributes": {"color": {"value": "red", "score": 0.25, "source": "model"}},
    "colors": [{"name": "red", "fraction": 1.0}],
    "product_id": "product-1",
    "product": PRODUCT,
}


def test_search_by_photo(armoire: Any, server: Any, photos: list[str], found: Any) -> None:
    server.say("Search", found)
    status, out, _ = armoire(
        "search", photos[0], "--top-k", "3", "--where", "category=dress,price<50", "--json"
    )
    assert status == 0
    query = {"box_xyxy": [10, 5, 90, 95], "label": "dress", "hits": [HIT]}
    assert documents(out) == [{"queries": [query], "model_version": "clip@1", "next_page_token": "more"}]
    (request,) = server.requests["Search"]
    assert (request.top_k, len(request.filter.conditions), request.include_crops) == (3, 2, False)
    heading, header, row = armoire("search", photos[0])[1].splitlines()
    assert heading == "dress at 10 5 90 95"
    assert header.startswith("#  rank score  similarity  label  attributes  colors")
    assert row.split()[:7] == ["1", "0.875", "0.750", "dress", "red", "red", "100%"]
    assert "19.90 EUR" in row


@pytest.mark.parametrize(
    ("option", "kind"), [("--text", "text"), ("--item", "item_id"), ("--product", "product_id")]
)
def test_search_by_other_things(armoire: Any, server: Any, found: Any, option: str, kind: str) -> None:
    found.queries[0].ClearField("box")
    found.queries[0].ClearField("label")
    server.say("Search", found)
    (document,) = documents(armoire("search", option, "x", "--json")[1])
    assert document["queries"] == [{"box_xyxy": None, "label": None, "hits": [HIT]}]
    assert server.requests["Search"][0].WhichOneof("query") == kind


def test_options_of_a_search(armoire: Any, server: Any, found: Any) -> None:
    server.say("Search", found)
    options = ("--min-score", "-0.5", "--min-detection-score", "0.5", "--no-rerank", "--page-token", "more")
    options += ("--group-by-product", "--collapse-duplicates")
    assert armoire("search", "--text", "x", *options)[0] == 0
    (request,) = server.requests["Search"]
    assert (request.min_score, request.min_detection_score) == (-0.5, 0.5)
    assert (request.skip_rerank, request.page_token, request.group_by_product) == (True, "more", True)
    assert request.collapse_near_duplicates


def test_search_that_finds_nothing(armoire: Any, server: Any) -> None:
    server.say("Search", search_pb2.SearchResponse(queries=[{}]))
    assert armoire("search", "--text", "x")[:2] == (0, "no hits\n")


def test_a_search_that_finds_nothing_tells_what_the_words_asked_for(armoire: Any, server: Any) -> None:
    asked = {"field": "color", "any_of": {"values": ["red", "pink"]}}
    excluded = {"conditions": [{"field": "category", "any_of": {"values": ["bag"]}}]}
    query = {"applied_filter": {"conditions": [asked], "none_of": [excluded]}}
    server.say("Search", search_pb2.SearchResponse(queries=[query]))
    assert armoire("search", "--text", "x")[1] == "no hits that are color=red|pink, category!=bag\n"


@pytest.mark.parametrize(
    "arguments",
    [[], ["a.jpg", "--item", "b"], ["--text", "b", "--top-k", "none"], ["--text", "b", "--min-score", "x"]],
)
def test_search_wants_one_query(armoire: Any, arguments: list[str]) -> None:
    assert armoire("search", *arguments)[0] == 2


def test_too_many_hits_are_refused_in_the_options_words(armoire: Any, server: Any, fail: Any) -> None:
    bad = fail(grpc.StatusCode.INVALID_ARGUMENT, "top_k: or 0", fields={"top_k": "must be 1 to 100, or 0"})
    server.say("Search", bad)
    server.say("GetInferenceLimits", inference_pb2.GetInferenceLimitsResponse())
    server.say("GetCatalogLimits", catalog_pb2.GetCatalogLimitsResponse(max_top_k=100))
    status, out, err = armoire("search", "--text", "x", "--top-k", "101")
    assert (status, out) == (2, "")
    assert err == "armoire search: error: --top-k must be 1 to 100, not 101\n"


def test_a_bad_filter_is_pointed_at(armoire: Any) -> None:
    status, _, err = armoire("search", "--text", "x", "--where", "category=dress,price<cheap")
    assert status == 2
    assert err.endswith("  category=dress,price<cheap\n" + " " * 23 + "^^^^^\n")


def test_a_search_that_fails(armoire: Any, server: Any, refusal: Any) -> None:
    server.say("Search", refusal)
    status, out, err = armoire("search", "--text", "x", "--json")
    assert status == 1
    assert documents(out) == [{"error": REFUSED}]
    assert err == "armoire: content: must be a picture (request id request-1)\n"


def test_a_sheet_shows_query_and_hits(
    armoire: Any, server: Any, photos: list[str], tmp_path: Path, found: Any, item: items_pb2.Item
) -> None:
    server.say("Search", found)
    server.say("GetItem", items_pb2.GetItemResponse(item={"crop": found.queries[0].hits[0].crop}))
    sizes = set()
    for query in ([photos[0]], ["--text", "a red dress"], ["--item", "item-1"]):
        out = tmp_path / "sheet.png"
        assert armoire("search", *query, "--sheet", str(out))[0] == 0
        with Image.open(out) as sheet:
            sizes.add(sheet.size)
            pixels = {color for _, color in sheet.getcolors(10**6)}
        assert (0, 128, 1) in pixels  # the hit
        assert ((255, 0, 0) in pixels) == (query == [photos[0]])
    assert sizes == {(396, 268)}
    assert all(request.include_crops for request in server.requests["Search"])


def test_search_with_facets(armoire: Any, server: Any, found: Any) -> None:
    found.facets.add(field="brand", values=[{"value": "Acme", "count": 3}, {"value": "Bee", "count": 1}])
    server.say("Search", found)
    (document,) = documents(armoire("search", "--text", "x", "--facets", "brand,color", "--json")[1])
    assert document["facets"] == {"brand": {"Acme": 3, "Bee": 1}}
    assert list(server.requests["Search"][0].facets) == ["brand", "color"]
    lines = armoire("search", "--text", "x", "--facets", "brand")[1].splitlines()
    assert lines[-3:] == ["brand  items", "Acme   3", "Bee    1"]


def test_a_photo_with_words_is_examples(armoire: Any, server: Any, photos: list[str], found: Any) -> None:
    server.say("Search", found)
    assert armoire("search", photos[0], "--text", "in red", "--unlike", "a", "--unlike", "b")[0] == 0
    examples = server.requests["Search"][0].examples
    assert [each.WhichOneof("kind") for each in examples.positive] == ["image", "text"]
    assert [each.item_id for each in examples.negative] == ["a", "b"]


def test_an_item_with_words_is_examples(armoire: Any, server: Any, found: Any) -> None:
    server.say("Search", found)
    armoire("search", "--item", "i", "--text", "in red")
    examples = server.requests["Search"][0].examples
    assert [(each.item_id, each.text) for each in examples.positive] == [("i", ""), ("", "in red")]


def test_a_search_without_a_query_is_refused(armoire: Any) -> None:
    status, _, error = armoire("search", "--unlike", "a")
    assert status != 0
    assert "give a PHOTO, --text, --item or --product" in error


def test_weights_of_a_search(armoire: Any, server: Any, found: Any) -> None:
    server.say("Search", found)
    assert armoire("search", "--text", "x", "--rank", "color=0.5,category=0")[0] == 0
    weights = server.requests["Search"][0].rank_weights
    assert (weights.color, weights.category, weights.HasField("category")) == (0.5, 0.0, True)


@pytest.mark.parametrize("weights", ["color", "colour=1", "color=red", "color=1=2", ""])
def test_bad_weights_of_a_search(armoire: Any, weights: str) -> None:
    status, _, error = armoire("search", "--text", "x", "--rank", weights)
    assert status == 2
    assert "must be weights such as color=0.3,shape=0.1" in error


def test_a_hit_of_the_same_photo_is_said_to_be_one(armoire: Any, server: Any, found: Any) -> None:
    found.queries[0].hits[0].same_photo = True
    server.say("Search", found)
    assert "dress.jpg (same photo)" in armoire("search", "--text", "dress")[1]
