"""Searching by products, one hit for each, and by what products have."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select

from domain.errors import FailedPrecondition, InvalidInput
from domain.rank_weights import RankWeights
from domain.types import DEFAULT_PRINCIPAL, FloatArray, ModelVersion
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.items import Item
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import Product, ProductKey
from services.catalog.search.filter import Between, Condition, Filter, Period
from services.catalog.search.product_vector import product_vector
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
from services.catalog.sql.tables import ImageRow, ItemRow, PredictionRow, ProductRow
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, direction, photo
from tests.integration.catalog.flows import change_over, found_ids, index, index_all, is_any, items_of

SERVED = ModelVersion("fake-embedder-1", "square-1")
PHOTOS = 24
GROUPED = SearchOptions(group_by_product=True)


@pytest.fixture
async def shop(catalog: Catalog) -> list[Item]:
    """Photos of one to three items: three for each of six products, six without a product."""
    products = [await catalog.products.create(DEFAULT_PRINCIPAL, draft(number)) for number in range(6)]
    requests = [
        IndexRequest(photo(seed), product_id=products[seed % 6].id if seed < 18 else "")
        for seed in range(PHOTOS)
    ]
    return [item for job in await index_all(catalog, requests) for item in await items_of(catalog, job)]


def draft(number: int) -> ProductDraft:
    attributes = {"Material": ("Linen", "Wool")[number % 2], "fit": 'slim="1"'} if number < 4 else {}
    return ProductDraft(f"product {number}", attributes=attributes)


def vector_of(item: Item) -> FloatArray:
    assert item.embedding is not None
    return item.embedding


async def hits_of(catalog: Catalog, query: Query, options: SearchOptions) -> list[Item]:
    """The items of all pages of one query."""
    items, token = list[Item](), ""
    while True:
        result = await catalog.search(DEFAULT_PRINCIPAL, query, replace(options, page_token=token))
        items += [hit.item for hit in result.queries[0].hits]
        if not (token := result.next_page_token):
            return items


def heads(items: list[Item], probe: FloatArray) -> list[str]:
    """Ids by falling cosine, of each product the first alone."""
    ordered = sorted(items, key=lambda item: -float(vector_of(item) @ probe))
    groups = [item.product_id or item.id for item in ordered]
    return [item.id for place, item in enumerate(ordered) if groups[place] not in groups[:place]]


@pytest.mark.parametrize("top_k", [1, 4, 100])
async def test_each_product_has_one_hit_on_all_pages(catalog: Catalog, shop: list[Item], top_k: int) -> None:
    probe = direction("anything")
    options = replace(GROUPED, top_k=top_k, rerank=False)
    found = await hits_of(catalog, EmbeddingQuery(probe, SERVED), options)
    assert [item.id for item in found] == heads(shop, probe)


async def test_each_page_of_products_is_full(catalog: Catalog, shop: list[Item]) -> None:
    result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("a dress"), replace(GROUPED, top_k=6))
    (query,) = result.queries
    assert len(query.hits) == 6
    products = [hit.item.product_id for hit in query.hits if hit.item.product_id]
    assert len(products) == len(set(products))


async def test_a_product_finds_others_by_its_photos(catalog: Catalog, shop: list[Item]) -> None:
    product = await product_of(catalog, shop[0])
    own = [item for item in shop if item.product_id == product.id]
    views = sorted(
        (item for item in own if item.primary_in_image),
        key=lambda item: (item.id != product.primary_item_id, item.id),
    )
    assert len(views) == 3
    probe = product_vector([vector_of(item) for item in views])
    others = [item for item in shop if item.product_id != product.id]
    expected = sorted(others, key=lambda item: -float(vector_of(item) @ probe))
    result = await catalog.search(
        DEFAULT_PRINCIPAL, ProductQuery(product.id), SearchOptions(top_k=100, rerank=False)
    )
    (query,) = result.queries
    assert [hit.item.id for hit in query.hits] == [item.id for item in expected]
    score = float(vector_of(expected[0]) @ probe / np.linalg.norm(probe))
    assert query.hits[0].score == pytest.approx(score, abs=1e-5)
    assert query.label == views[0].label


async def product_of(catalog: Catalog, item: Item) -> Product:
    return await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(item.product_id))


async def test_a_product_without_photos_cannot_be_searched_by(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("bare"))
    with pytest.raises(FailedPrecondition, match="none of its photos is indexed") as caught:
        await catalog.search(DEFAULT_PRINCIPAL, ProductQuery(product.id))
    assert caught.value.reason == "PRODUCT_WITHOUT_ITEMS"


async def test_a_product_of_another_model_is_refused(
    catalog: Catalog, shop: list[Item], analyzer: FakeAnalyzer
) -> None:
    await change_over(catalog, analyzer, ModelVersion("fake-embedder-2", "square-1"))
    with pytest.raises(FailedPrecondition, match=r"product .*fake-embedder-1.*fake-embedder-2"):
        await catalog.search(DEFAULT_PRINCIPAL, ProductQuery(shop[0].product_id))


async def test_attributes_of_products_filter(catalog: Catalog, shop: list[Item]) -> None:
    names = {
        item.product_id: (await product_of(catalog, item)).display_name for item in shop if item.product_id
    }
    wool = {id for id, name in names.items() if name in ("product 1", "product 3")}
    linen = {id for id, name in names.items() if name in ("product 0", "product 2")}
    cases = [
        ([is_any("product.Material", "WOOL")], wool),
        ([is_any("product.Material", "wool", "Linen", "silk")], wool | linen),
        ([is_any("product.material", "wool")], set()),
        ([is_any("product.fit", 'Slim="1"'), is_any("product.Material", "linen")], linen),
    ]
    for conditions, products in cases:
        found = await found_ids(catalog, TextQuery("x"), *conditions, top_k=100)
        assert set(found) == {item.id for item in shop if item.product_id in products}, conditions


async def test_a_changed_attribute_is_found_under_its_new_value(catalog: Catalog, shop: list[Item]) -> None:
    product = await product_of(catalog, shop[0])
    changed = ProductDraft(attributes={"Material": "Silk"})
    await catalog.products.update(DEFAULT_PRINCIPAL, ProductKey(product.id), changed, ("attributes",), "")
    await index(catalog, IndexRequest(photo(99)))  # which is written to the index after it
    silk = await found_ids(catalog, TextQuery("x"), is_any("product.Material", "silk"), top_k=100)
    assert set(silk) == {item.id for item in shop if item.product_id == product.id}


async def test_times_filter(catalog: Catalog, shop: list[Item]) -> None:
    middle = shop[len(shop) // 2].create_time.timestamp()
    product = await product_of(catalog, shop[0])
    made = product.create_time.timestamp()
    cases = [
        (
            Condition("create_time", Period(Between(at_least=middle))),
            lambda i: i.create_time.timestamp() >= middle,
        ),
        (Condition("create_time", Between(less_than=middle)), lambda i: i.create_time.timestamp() < middle),
        (Condition("product_create_time", Between(at_most=made)), lambda i: i.product_id == product.id),
        (Condition("product_update_time", Between(at_least=0)), lambda i: bool(i.product_id)),
    ]
    for condition, passes in cases:
        found = await found_ids(catalog, TextQuery("x"), condition, top_k=100)
        assert set(found) == {item.id for item in shop if passes(item)}, condition


async def test_grouping_belongs_to_the_page_token(catalog: Catalog, shop: list[Item]) -> None:
    options = replace(GROUPED, top_k=2, filter=Filter())
    token = (await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"), options)).next_page_token
    with pytest.raises(Exception, match="page_token"):
        await catalog.search(
            DEFAULT_PRINCIPAL, TextQuery("x"), replace(options, group_by_product=False, page_token=token)
        )


FACETS = (
    *("category", "color", "shade", "label", "product_id", "primary_in_image", "product.Material"),
    "currency",
)


async def test_facets_count_every_item_that_the_filter_lets_through(
    catalog: Catalog, shop: list[Item]
) -> None:
    of_label = is_any("label", shop[0].label, shop[1].label)
    for conditions in ((), (of_label,)):
        options = SearchOptions(1, Filter(conditions), min_score=0.9, facets=FACETS)
        result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"), options)
        assert [facet.field for facet in result.facets] == list(FACETS)
        found = {facet.field: {each.value: each.count for each in facet.values} for facet in result.facets}
        labels = {shop[0].label, shop[1].label}
        passing = [item for item in shop if not conditions or item.label in labels]
        assert found["category"] == Counter(item.attributes["category"].value for item in passing)
        assert found["shade"] == Counter(color.name for item in passing for color in item.colors)
        families = [{TAXONOMY.family_of(color.name) for color in item.colors} for item in passing]
        assert found["color"] == Counter(name for names in families for name in names)
        assert found["label"] == Counter(item.label for item in passing)
        assert found["product_id"] == Counter(item.product_id for item in passing if item.product_id)
        assert found["primary_in_image"] == Counter(str(item.primary_in_image).lower() for item in passing)
        assert found["product.Material"] == await sql_counts(
            catalog, "Material", labels if conditions else None
        )
        assert found["currency"] == {}


async def sql_counts(catalog: Catalog, attribute: str, labels: set[str] | None) -> dict[str, int]:
    """The live items of products by the value of an attribute, counted by SQL."""
    value = ProductRow.attributes[attribute].as_string()
    query = (
        select(value, func.count())
        .select_from(ItemRow)
        .join(ImageRow, ImageRow.id == ItemRow.image_id)
        .join(ProductRow, ProductRow.id == ImageRow.product_id)
        .join(PredictionRow, PredictionRow.item_id == ItemRow.id)
        .where(ItemRow.delete_us.is_(None), value.is_not(None))
        .group_by(value)
    )
    if labels is not None:
        query = query.where(PredictionRow.label.in_(labels))
    return await catalog._database.read(
        lambda session: {str(text): int(count) for text, count in session.execute(query)}
    )


async def test_facets_come_with_the_first_page(catalog: Catalog, shop: list[Item]) -> None:
    options = SearchOptions(top_k=3, facets=("label",))
    first = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"), options)
    second = await catalog.search(
        DEFAULT_PRINCIPAL, TextQuery("x"), replace(options, page_token=first.next_page_token)
    )
    assert first.facets
    assert not second.facets


NAMES_THE_TYPE = {
    "is": Filter((is_any("product_type", "WARDROBE"),)),
    "is not": Filter(none_of=(Filter((is_any("product_type", "shawls"),)),)),
    "deep": Filter(any_of=(Filter((is_any("product_type", "wardrobe"),)), Filter((is_any("label", "x"),)))),
}


async def test_own_clothes_of_end_users_are_found_where_the_filter_names_the_type(
    catalog: Catalog, shop: list[Item]
) -> None:
    drafts = [ProductDraft(kind, product_type=kind) for kind in ("Wardrobe", "wardrobe", "shawls")]
    made = [await catalog.products.create(DEFAULT_PRINCIPAL, each) for each in drafts]
    requests = [IndexRequest(photo(50 + n), product_id=each.id) for n, each in enumerate(made)]
    own, also_own, shawls = [await items_of(catalog, job) for job in await index_all(catalog, requests)]
    owned, sold = [*own, *also_own], {item.id for item in (*shop, *shawls)}
    like_own = Example(ItemQuery(owned[0].id))
    for query in (
        TextQuery("x"),
        EmbeddingQuery(vector_of(owned[0]), SERVED),
        ItemQuery(owned[0].id),
        ProductQuery(made[0].id),
        ImageQuery(photo(50)),
        ExamplesQuery((like_own,)),
    ):
        found = await hits_of(catalog, query, SearchOptions(top_k=100))
        assert {item.id for item in found} == sold, query
        grouped = await hits_of(catalog, query, GROUPED)
        assert not {item.product_id for item in grouped} & {each.id for each in made[:2]}, query
    counts = await facet_counts(catalog, Filter())
    assert counts == {
        "label": Counter(item.label for item in (*shop, *shawls)),
        "product_type": {"shawls": len(shawls)},
    }
    for name, filter in NAMES_THE_TYPE.items():
        found = await hits_of(catalog, TextQuery("x"), SearchOptions(top_k=100, filter=filter))
        assert {item.id for item in owned} <= {item.id for item in found}, name
        assert (await facet_counts(catalog, filter))["label"] == Counter(item.label for item in found), name


async def facet_counts(catalog: Catalog, filter: Filter) -> dict[str, dict[str, int]]:
    options = SearchOptions(1, filter, facets=("label", "product_type"))
    facets = (await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"), options)).facets
    return {facet.field: {each.value: each.count for each in facet.values} for facet in facets}


@pytest.mark.parametrize(
    ("facets", "problem"),
    [
        (("brand",) * 2, "facets: must not name a field twice"),
        (tuple(f"product.{number}" for number in range(9)), "facets: must hold at most 8 fields, got 9"),
        (
            ("brand", "price"),
            r"facets\[1\]: price has too many values to count; use some of age_group, availability",
        ),
        (("create_time",), r"facets\[0\]: create_time has too many values"),
        (("colour",), r"facets\[0\]: 'colour' is unknown; use some of age_group, availability, brand"),
        (("product.",), r"facets\[0\]: must not be empty"),
    ],
)
async def test_bad_facets_are_refused(catalog: Catalog, facets: tuple[str, ...], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"), SearchOptions(facets=facets))


WEIGHTS = RankWeights(category=0.2, attributes=0.3, color=0.4, shape=0.1, brand=0.2, price=0.3)


@pytest.mark.parametrize("top_k", [3, 100])
async def test_weights_rank_hits_and_terms_sum_to_the_score(
    catalog: Catalog, shop: list[Item], top_k: int
) -> None:
    options = SearchOptions(top_k=top_k, rank_weights=WEIGHTS)
    for query in (ItemQuery(shop[0].id), ProductQuery(shop[0].product_id), TextQuery("red dress")):
        result = await catalog.search(DEFAULT_PRINCIPAL, query, options)
        hits = result.queries[0].hits
        assert hits
        for hit in hits:
            assert [term.name for term in hit.terms] == [
                *("similarity", "same_category", "same_attributes", "color", "shape", "same_brand", "price")
            ]
            assert hit.rank_score == pytest.approx(sum(term.value for term in hit.terms))
        ranks = [hit.rank_score for hit in hits]
        assert ranks == sorted(ranks, reverse=True)
    every = await hits_of(catalog, ItemQuery(shop[0].id), options)
    assert sorted(item.id for item in every) == sorted(item.id for item in shop[1:])


async def test_weights_of_0_keep_the_order_of_similarity(catalog: Catalog, shop: list[Item]) -> None:
    plain = await hits_of(catalog, ItemQuery(shop[0].id), SearchOptions(top_k=5, rerank=False))
    options = SearchOptions(top_k=5, rank_weights=RankWeights(category=0.0))
    weighed = await hits_of(catalog, ItemQuery(shop[0].id), options)
    assert [item.id for item in weighed] == [item.id for item in plain]


async def test_weights_without_reranking_are_refused(catalog: Catalog) -> None:
    with pytest.raises(InvalidInput, match="rank_weights: must not be set together with skip_rerank"):
        await catalog.search(
            DEFAULT_PRINCIPAL, TextQuery("x"), SearchOptions(rerank=False, rank_weights=RankWeights())
        )


async def test_searches_and_lists_are_narrowed_to_what_is_hardly_a_garment(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    analyzer.categories, analyzer.garment_scores = ["dress", "hat", "bag"], [0.9, 0.25, None]
    job = await index(catalog, IndexRequest(photo(1)))
    certain, doubtful, _unasked = [item.item_id for item in job.items]
    for bounds, wanted in ((Between(at_most=0.25), {doubtful}), (Between(at_least=0.2), {certain, doubtful})):
        narrowed = SearchOptions(9, Filter((Condition("garment_score", bounds),)))
        result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"), narrowed)
        assert {hit.item.id for hit in result.queries[0].hits} == wanted

    async def listed(at_least: float | None = None, at_most: float | None = None) -> set[str]:
        bounds = {"min_garment_score": at_least, "max_garment_score": at_most}
        return {item.id for item in (await catalog.items.list(DEFAULT_PRINCIPAL, **bounds)).entries}

    assert await listed(at_most=0.25) == {doubtful}
    assert await listed(at_least=0.2) == {certain, doubtful}
    assert await listed(0.3, 0.8) == set()
    assert len(await listed()) == 3
    with pytest.raises(InvalidInput, match="max_garment_score: must be from 0 to 1, got 2"):
        await listed(at_most=2.0)
