"""Searching by several examples, and by a picture with words beside it."""

from __future__ import annotations

import numpy as np
import pytest

from domain.errors import InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL, FloatArray, ModelVersion
from imaging.main_color import MainColor
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.items import Item
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.search.examples import NEGATIVE_WEIGHT, REST_WEIGHT
from services.catalog.search.filter import Filter
from services.catalog.search.query import (
    EmbeddingQuery,
    Example,
    ExamplesQuery,
    ImageQuery,
    ItemQuery,
    ProductQuery,
    Query,
    SearchOptions,
    TextQuery,
)
from services.catalog.search.rank_terms import NAMED_COLOR
from services.catalog.search.result import QueryHits
from tests.integration.catalog.fake_analyzer import TAXONOMY, bad_photo, direction, garment, photo
from tests.integration.catalog.flows import index_all, is_any, items_of

SERVED = ModelVersion("fake-embedder-1", "square-1")
EVERY = SearchOptions(top_k=100, rerank=False)
UNKNOWN = "01a1fd28-59fa-7859-95d7-d9983decee98"


@pytest.fixture
async def shop(catalog: Catalog) -> list[Item]:
    """The items of sixteen photos, each of a product of its own."""
    requests = [IndexRequest(photo(seed), product=ProductDraft(f"product {seed}")) for seed in range(16)]
    return [item for job in await index_all(catalog, requests) for item in await items_of(catalog, job)]


def vector_of(item: Item) -> FloatArray:
    assert item.embedding is not None
    return item.embedding


async def search(catalog: Catalog, query: Query, options: SearchOptions = EVERY) -> QueryHits:
    (found,) = (await catalog.search(DEFAULT_PRINCIPAL, query, options)).queries
    return found


def ids_by(items: list[Item], probe: FloatArray) -> list[str]:
    return [item.id for item in sorted(items, key=lambda item: -float(vector_of(item) @ probe))]


async def test_examples_of_all_kinds_are_one_query(catalog: Catalog, shop: list[Item]) -> None:
    liked, disliked, product = shop[0], shop[1], shop[-1].product_id
    (seen,) = (item for item in shop if item.product_id == product and item.primary_in_product)
    query = ExamplesQuery(
        (
            Example(ItemQuery(liked.id), 2.0),
            Example(ProductQuery(product)),
            Example(EmbeddingQuery(direction("y") * 3, SERVED)),
            Example(ImageQuery(photo(99)), 0.5),
        ),
        (Example(ItemQuery(disliked.id)),),
    )
    whole = garment(photo(99), 0).embedding
    assert whole is not None
    probe = 2 * vector_of(liked) + vector_of(seen) + direction("y") + 0.5 * whole
    probe -= NEGATIVE_WEIGHT * vector_of(disliked)
    rest = [item for item in shop if item.id not in (liked.id, disliked.id) and item.product_id != product]
    found = await search(catalog, query)
    assert [hit.item.id for hit in found.hits] == ids_by(rest, probe)
    first = next(item for item in shop if item.id == found.hits[0].item.id)
    assert found.hits[0].score == pytest.approx(
        float(vector_of(first) @ probe / np.linalg.norm(probe)), abs=1e-5
    )
    assert found.applied_filter == Filter()


async def test_texts_alone_are_examples_like_others(catalog: Catalog, shop: list[Item]) -> None:
    query = ExamplesQuery((Example(TextQuery("red")), Example(TextQuery("dress"), 0.5)))
    found = await search(catalog, query)
    assert [hit.item.id for hit in found.hits] == ids_by(shop, direction("red") + 0.5 * direction("dress"))


async def test_words_beside_a_picture_filter_and_the_vector_is_the_picture(
    catalog: Catalog, shop: list[Item]
) -> None:
    own = shop[0]
    category = own.attributes["category"].value
    colors = {item.colors[0].name for item in shop if item.attributes["category"].value == category}
    (color, *_) = colors - {own.colors[0].name}
    query = ExamplesQuery((Example(ItemQuery(own.id)), Example(TextQuery(f"this, but in {color}"))))
    found = await search(catalog, query)
    main = found.applied_filter.conditions[0]
    assert main.field == "main_color"
    assert found.applied_filter.conditions[1] == is_any("category", category)
    passing = [
        item
        for item in shop
        if item.id != own.id
        and item.attributes["category"].value == category
        and item.colors[0].name in TAXONOMY.shades_of(color)
    ]
    assert passing
    assert [hit.item.id for hit in found.hits] == ids_by(passing, vector_of(own))


async def test_words_that_are_left_count_half(catalog: Catalog, shop: list[Item]) -> None:
    query = ExamplesQuery((Example(ItemQuery(shop[0].id)), Example(TextQuery("fluffy"))))
    found = await search(catalog, query)
    category = shop[0].attributes["category"].value
    rest = [item for item in shop[1:] if item.attributes["category"].value == category]
    assert [hit.item.id for hit in found.hits] == ids_by(
        rest, vector_of(shop[0]) + np.float32(REST_WEIGHT) * direction("fluffy")
    )


async def test_what_follows_a_negation_is_excluded(catalog: Catalog, shop: list[Item]) -> None:
    own, color = shop[0], shop[1].colors[0].name
    category = own.attributes["category"].value
    shades = TAXONOMY.shades_of(color)
    query = ExamplesQuery((Example(ItemQuery(own.id)), Example(TextQuery(f"this, but not in {color}"))))
    found = await search(catalog, query)
    passing = [
        item
        for item in shop
        if item.id != own.id
        and item.attributes["category"].value == category
        and item.colors[0].name not in shades
    ]
    assert [hit.item.id for hit in found.hits] == ids_by(passing, vector_of(own))

    by_words = await search(catalog, TextQuery(f"something soft, not {color}, without a hood"))
    left = [item for item in shop if item.colors[0].name not in shades]
    assert [hit.item.id for hit in by_words.hits] == ids_by(left, direction("something soft"))
    (excluded,) = by_words.applied_filter.none_of
    assert excluded.conditions == (is_any("main_color", color),)


async def test_negative_words_exclude(catalog: Catalog, shop: list[Item]) -> None:
    color = shop[1].colors[0].name
    query = ExamplesQuery((Example(ItemQuery(shop[0].id)),), (Example(TextQuery(f"in {color}")),))
    found = await search(catalog, query)
    (excluded,) = found.applied_filter.none_of
    assert excluded.conditions == (is_any("main_color", color),)
    expected = [item for item in shop[1:] if item.colors[0].name not in TAXONOMY.shades_of(color)]
    assert [hit.item.id for hit in found.hits] == ids_by(expected, vector_of(shop[0]))


@pytest.mark.parametrize(
    ("example", "field"),
    [
        (Example(TextQuery(" ")), "examples.positive[1].text"),
        (Example(ItemQuery("no id")), "examples.positive[1].item_id"),
        (Example(ProductQuery("no id")), "examples.positive[1].product_id"),
        (Example(ImageQuery(b"no photo")), "examples.positive[1].image.content"),
        (Example(ImageQuery(bad_photo(1))), "examples.positive[1].image.content"),
        (Example(EmbeddingQuery(np.ones(3, np.float32), SERVED)), "examples.positive[1].embedding.values"),
        (Example(TextQuery("x"), 0.0), "examples.positive[1].weight"),
    ],
)
async def test_a_bad_example_is_named(catalog: Catalog, example: Example, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await search(catalog, ExamplesQuery((Example(TextQuery("x")), example)))
    assert caught.value.violations[0].field == field


async def test_an_unknown_example_is_not_found(catalog: Catalog) -> None:
    with pytest.raises(NotFound):
        await search(catalog, ExamplesQuery((Example(ItemQuery(UNKNOWN)),)))


async def test_pages_of_examples_hold_every_item_once(catalog: Catalog, shop: list[Item]) -> None:
    query = ExamplesQuery((Example(ItemQuery(shop[0].id)), Example(TextQuery("fluffy hat"))))
    options, ids = SearchOptions(top_k=2), list[str]()
    while True:
        result = await catalog.search(DEFAULT_PRINCIPAL, query, options)
        ids += [hit.item.id for hit in result.queries[0].hits]
        if not result.next_page_token:
            break
        options = SearchOptions(top_k=2, page_token=result.next_page_token)
    assert sorted(ids) == sorted(hit.item.id for hit in (await search(catalog, query)).hits)


async def test_the_nearest_to_a_colour_that_is_named_come_first(catalog: Catalog, shop: list[Item]) -> None:
    color = shop[1].colors[0].name
    beside = ExamplesQuery((Example(EmbeddingQuery(direction("y"), SERVED)), Example(TextQuery(color))))
    words: list[Query] = [beside, TextQuery(f"a {color} thing")]
    for query in words:
        found = await search(catalog, query, SearchOptions(top_k=100))
        assert found.hits
        for hit in found.hits:
            assert [term.name for term in hit.terms] == ["similarity", "same_category", "color"]
            agreement = MainColor.named(color, TAXONOMY).agreement(MainColor.of(hit.item.colors, TAXONOMY))
            assert hit.terms[2].value == pytest.approx(NAMED_COLOR.color * agreement)
        ranks = [hit.rank_score for hit in found.hits]
        assert ranks == sorted(ranks, reverse=True)
        plain = await search(catalog, query)
        assert all(len(hit.terms) == 2 for hit in plain.hits)


async def test_the_pattern_that_words_beside_a_picture_name_has_a_term(
    catalog: Catalog, shop: list[Item]
) -> None:
    pattern = shop[1].attributes["pattern"].value
    like = Example(EmbeddingQuery(direction("y"), SERVED))
    found = await search(
        catalog, ExamplesQuery((like, Example(TextQuery(f"this, but {pattern}")))), SearchOptions(top_k=100)
    )
    assert found.hits
    for hit in found.hits:
        answer = hit.item.attributes["pattern"]
        assert [term.name for term in hit.terms] == ["similarity", "same_category", "same_attributes"]
        expected = 0.25 * answer.score if answer.value == pattern else 0.0
        assert hit.terms[2].value == pytest.approx(expected)
        assert sum(term.value for term in hit.terms) == pytest.approx(hit.rank_score)
    alone = await search(catalog, TextQuery(f"a {pattern} thing"), SearchOptions(top_k=100))
    assert all(len(hit.terms) == 2 for hit in alone.hits)
