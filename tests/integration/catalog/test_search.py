from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import update

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL, Box, ModelVersion
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.limits import CatalogLimits
from services.catalog.options import CatalogOptions
from services.catalog.records.items import Item
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.search.filter import Condition, Filter
from services.catalog.search.query import (
    EmbeddingQuery,
    ImageQuery,
    ItemQuery,
    Query,
    SearchOptions,
    TextQuery,
)
from services.catalog.sql.tables import ItemRow
from tests.integration.catalog.fake_analyzer import (
    LOGIT_SCALE,
    TAXONOMY,
    WIDTH,
    FakeAnalyzer,
    bad_photo,
    direction,
    garments_in,
    photo,
)
from tests.integration.catalog.flows import (
    OTHER,
    change_over,
    found_ids,
    index,
    index_all,
    is_any,
    items_of,
    within,
)

SERVED = ModelVersion("fake-embedder-1", "square-1")
PRICES = (None, 10, 20, 35, 50, 80)


@pytest.fixture
async def shop(catalog: Catalog) -> list[Item]:
    """Eighteen photos, each of a product with another price, brand and category."""
    requests = []
    for seed in range(18):
        price = PRICES[seed % len(PRICES)]
        draft = ProductDraft(
            f"product {seed}",
            brand=("Acme", 'O"Neil\\', "Grün")[seed % 3],
            category=("dress", "shoes", "")[seed % 3],
            price=None if price is None else Money("EUR" if seed % 2 else "USD", price),
        )
        requests.append(IndexRequest(photo(seed), product=draft))
    return [item for job in await index_all(catalog, requests) for item in await items_of(catalog, job)]


async def test_a_photo_is_one_query_per_garment(catalog: Catalog, shop: list[Item]) -> None:
    result = await catalog.search(DEFAULT_PRINCIPAL, ImageQuery(photo(4)), SearchOptions(top_k=3))
    assert len(result.queries) == garments_in(photo(4))
    own = [item for item in shop if item.image_id == result.queries[0].hits[0].item.image_id]
    for query, item in zip(result.queries, own, strict=True):
        assert (query.box, query.label, query.whole_image) == (item.box, item.label, False)
        assert query.hits[0].item.id == item.id
        assert query.hits[0].score == pytest.approx(1.0, abs=1e-5)
        assert len(query.hits) == 3
    assert result.version == SERVED
    assert result.timings.search_ns > 0
    assert result.timings.total_ns >= result.timings.search_ns


async def test_a_given_box_is_a_query_even_where_it_is_no_use(catalog: Catalog, shop: list[Item]) -> None:
    query = ImageQuery(photo(4), (Box(0, 0, 20, 20), Box(0, 0, 2, 20), Box(20, 0, 40, 40)))
    result = await catalog.search(DEFAULT_PRINCIPAL, query)
    assert [query.box for query in result.queries] == [*query.boxes]
    assert [len(query.hits) for query in result.queries] == [10, 0, 10]


async def test_only_useless_boxes_give_empty_queries(catalog: Catalog, shop: list[Item]) -> None:
    result = await catalog.search(DEFAULT_PRINCIPAL, ImageQuery(photo(4), (Box(0, 0, 2, 20),)))
    assert [query.hits for query in result.queries] == [()]


async def test_a_text_finds_the_category_it_names(catalog: Catalog, shop: list[Item]) -> None:
    wanted = [item.id for item in shop if item.label == "dress"]
    ids = await found_ids(catalog, TextQuery("an elegant evening gown"), top_k=len(wanted))
    assert set(ids) == set(wanted)


async def test_an_item_finds_others_but_not_itself(catalog: Catalog, shop: list[Item]) -> None:
    ids = await found_ids(catalog, ItemQuery(shop[3].id), top_k=100)
    assert set(ids) == {item.id for item in shop} - {shop[3].id}


async def test_hits_are_ordered_by_cosine(catalog: Catalog, shop: list[Item]) -> None:
    probe = direction("anything")
    vectors = {item.id: item.embedding for item in shop if item.embedding is not None}
    expected = sorted(vectors, key=lambda id: -float(vectors[id] @ probe))
    result = await catalog.search(
        DEFAULT_PRINCIPAL, EmbeddingQuery(probe * 7, SERVED), SearchOptions(top_k=100)
    )
    assert [hit.item.id for hit in result.queries[0].hits] == expected
    for hit in result.queries[0].hits:
        assert hit.score == pytest.approx(float(vectors[hit.item.id] @ probe), abs=1e-5)
        assert hit.rank_score == hit.score


async def test_hits_of_the_querys_category_rise_by_the_bonus(
    catalog: Catalog, shop: list[Item], options: CatalogOptions
) -> None:
    result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("dress"), SearchOptions(top_k=100))
    for hit in result.queries[0].hits:
        bonus = options.category_bonus / LOGIT_SCALE if hit.item.label == "dress" else 0.0
        assert hit.rank_score - hit.score == pytest.approx(bonus)
    ranks = [hit.rank_score for hit in result.queries[0].hits]
    assert ranks == sorted(ranks, reverse=True)
    plain = SearchOptions(top_k=100, rerank=False)
    for hit in (await catalog.search(DEFAULT_PRINCIPAL, TextQuery("dress"), plain)).queries[0].hits:
        assert hit.rank_score == hit.score


async def test_items_that_are_gone_leave_their_places_to_the_next(catalog: Catalog, shop: list[Item]) -> None:
    query = EmbeddingQuery(direction("anything"), SERVED)
    ids = await found_ids(catalog, query, top_k=5)
    gone = update(ItemRow).where(ItemRow.id.in_(ids[:2])).values(delete_us=1)
    await catalog._database.write(lambda session: session.execute(gone) and None)
    assert await found_ids(catalog, query, top_k=3) == ids[2:]


async def test_a_hit_carries_its_product_and_its_crop_where_asked(catalog: Catalog, shop: list[Item]) -> None:
    options = SearchOptions(top_k=5, include_crops=True)
    result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("shoes"), options)
    for hit in result.queries[0].hits:
        assert hit.product is not None
        assert hit.product.id == hit.item.product_id
        assert hit.crop == b"\xff\xd8crop of " + hit.item.label.encode()
    result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("shoes"))
    assert all(hit.crop is None for hit in result.queries[0].hits)


async def test_filters_hold_for_all_hits_and_miss_none(catalog: Catalog, shop: list[Item]) -> None:
    seeds = {item.id: seed_of(shop, item) for item in shop}
    prices = {item_id: PRICES[seed % len(PRICES)] for item_id, seed in seeds.items()}
    cases: list[tuple[list[Condition], set[str]]] = [
        ([is_any("category", "dress", "sneakers")], {i.id for i in shop if i.label in ("dress", "shoes")}),
        ([is_any("color", "Red", "blue")], {i.id for i in shop if {"red", "blue"} & families_of(i)}),
        ([is_any("color", "gray", "off-white")], {i.id for i in shop if {"grey", "white"} & families_of(i)}),
        ([is_any("color", "navy")], {i.id for i in shop if "navy" in names_of(i)}),
        ([is_any("shade", "gray", "off-white")], {i.id for i in shop if {"grey", "white"} & names_of(i)}),
        ([is_any("main_shade", "blue")], {i.id for i in shop if i.colors[0].name == "blue"}),
        ([is_any("pattern", "striped")], {i.id for i in shop if i.attributes["pattern"].value == "striped"}),
        ([is_any("style", "casual")], {i.id for i in shop if i.attributes["style"].value == "casual"}),
        ([is_any("label", "hat", "DRESS")], {i.id for i in shop if i.label in ("hat", "dress")}),
        ([is_any("brand", "acme")], {i.id for i in shop if seeds[i.id] % 3 == 0}),
        ([is_any("brand", 'o"neil\\')], {i.id for i in shop if seeds[i.id] % 3 == 1}),
        ([is_any("brand", "GRÜN", "none")], {i.id for i in shop if seeds[i.id] % 3 == 2}),
        ([is_any("product_category", "gown")], {i.id for i in shop if seeds[i.id] % 3 == 0}),
        ([is_any("product_id", shop[0].product_id)], {i.id for i in shop if seeds[i.id] == 0}),
        ([is_any("primary_in_image", "true")], {i.id for i in shop if i.primary_in_image}),
        ([is_any("primary_in_image", "False")], {i.id for i in shop if not i.primary_in_image}),
        ([is_any("primary_in_image", "true", "false")], {i.id for i in shop}),
        ([within("price", less_than=50)], {i for i, p in prices.items() if p is not None and p < 50}),
        ([within("price", at_most=50)], {i for i, p in prices.items() if p is not None and p <= 50}),
        ([within("price", at_least=20, less_than=80)], {i for i, p in prices.items() if p in (20, 35, 50)}),
        ([within("price", more_than=20)], {i for i, p in prices.items() if p is not None and p > 20}),
        ([within("price", at_least=-1e300)], {i for i, p in prices.items() if p is not None}),
        (
            [is_any("currency", "eur"), within("price", at_least=0)],
            {i for i, p in prices.items() if p is not None and seeds[i] % 2},
        ),
        ([is_any("brand", "Acme"), is_any("brand", "Grün")], set()),
    ]
    for conditions, expected in cases:
        found = await found_ids(catalog, TextQuery("anything"), *conditions, top_k=100)
        assert set(found) == expected, conditions
        assert len(found) == len(expected), conditions


def seed_of(shop: list[Item], item: Item) -> int:
    return list(dict.fromkeys(other.image_id for other in shop)).index(item.image_id)


def names_of(item: Item) -> set[str]:
    return {color.name for color in item.colors}


def families_of(item: Item) -> set[str]:
    return {TAXONOMY.family_of(name) for name in names_of(item)}


BAD_SEARCHES: list[tuple[Query, SearchOptions, str]] = [
    (TextQuery(""), SearchOptions(), "text"),
    (TextQuery("   "), SearchOptions(), "text"),
    (TextQuery("x" * 513), SearchOptions(), "text"),
    (TextQuery("x"), SearchOptions(top_k=101), "top_k"),
    (TextQuery("x"), SearchOptions(top_k=-1), "top_k"),
    (TextQuery("x"), SearchOptions(min_score=1.5), "min_score"),
    (TextQuery("x"), SearchOptions(min_score=float("nan")), "min_score"),
    (ImageQuery(photo(1)), SearchOptions(min_detection_score=-0.5), "min_detection_score"),
    (TextQuery("x"), SearchOptions(min_detection_score=0.5), "min_detection_score"),
    (TextQuery("x"), SearchOptions(page_token="bogus"), "page_token"),
    (ImageQuery(bad_photo(1)), SearchOptions(), "image.content"),
    (ImageQuery(photo(1), (Box(0, 0, 9, 9),) * 65), SearchOptions(), "image.boxes"),
    (ItemQuery("no id"), SearchOptions(), "item_id"),
    (EmbeddingQuery(np.zeros(WIDTH, np.float32), SERVED), SearchOptions(), "embedding.values"),
    (EmbeddingQuery(np.ones(WIDTH - 1, np.float32), SERVED), SearchOptions(), "embedding.values"),
    (EmbeddingQuery(np.ones(0, np.float32), SERVED), SearchOptions(), "embedding.values"),
    (EmbeddingQuery(np.full(WIDTH, np.nan, np.float32), SERVED), SearchOptions(), "embedding.values"),
    (EmbeddingQuery(np.full(WIDTH, np.inf, np.float32), SERVED), SearchOptions(), "embedding.values"),
    (
        EmbeddingQuery(np.ones(WIDTH, np.float32), ModelVersion("", "square-1")),
        SearchOptions(),
        "embedding.model_version",
    ),
    (
        TextQuery("x"),
        SearchOptions(filter=Filter((is_any("colour", "red"),))),
        "filter.conditions[0].field",
    ),
]


async def test_a_bad_request_names_its_field(catalog: Catalog) -> None:
    for query, options, field in BAD_SEARCHES:
        with pytest.raises(InvalidInput) as caught:
            await catalog.search(DEFAULT_PRINCIPAL, query, options)
        assert caught.value.violations[0].field == field


async def test_a_vector_of_another_model_is_refused_by_name(catalog: Catalog) -> None:
    query = EmbeddingQuery(np.ones(WIDTH, np.float32), ModelVersion("other-model", "square-1"))
    with pytest.raises(FailedPrecondition, match=r"other-model/square-1.*fake-embedder-1/square-1"):
        await catalog.search(DEFAULT_PRINCIPAL, query)


async def test_a_very_long_vector_keeps_its_direction(catalog: Catalog, shop: list[Item]) -> None:
    assert shop[0].embedding is not None
    huge = shop[0].embedding * np.float32(1e30)
    assert (await found_ids(catalog, EmbeddingQuery(huge, SERVED)))[0] == shop[0].id


async def test_an_unknown_item_is_not_found(catalog: Catalog) -> None:
    with pytest.raises(NotFound):
        await catalog.search(DEFAULT_PRINCIPAL, ItemQuery("01a1fd28-59fa-7859-95d7-d9983decee98"))


async def test_an_empty_catalogue_has_no_hits(catalog: Catalog) -> None:
    assert await found_ids(catalog, TextQuery("dress")) == []


async def test_tenants_do_not_see_each_other(catalog: Catalog, shop: list[Item]) -> None:
    job = await index(catalog, IndexRequest(photo(1)), OTHER)
    theirs = {item.item_id for item in job.items}
    assert set(await found_ids(catalog, TextQuery("dress"), top_k=100, principal=OTHER)) == theirs
    assert not theirs & set(await found_ids(catalog, TextQuery("dress"), top_k=100))
    with pytest.raises(NotFound):
        await catalog.search(OTHER, ItemQuery(shop[0].id))
    with pytest.raises(NotFound):
        await catalog.items.get(OTHER, shop[0].id)
    with pytest.raises(NotFound):
        await catalog.jobs.get(DEFAULT_PRINCIPAL, job.id)
    with pytest.raises(NotFound):
        await catalog.images.delete(OTHER, shop[0].image_id)
    with pytest.raises(NotFound):
        await catalog.products.delete(OTHER, shop[0].product_id)


async def test_a_new_model_gets_a_collection_of_its_own(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    old = await index(catalog, IndexRequest(photo(1)))
    await change_over(catalog, analyzer, ModelVersion("fake-embedder-2", "square-1"))
    new = await index(catalog, IndexRequest(photo(2)))
    result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("dress"))
    assert result.version == analyzer.served
    assert {hit.item.id for hit in result.queries[0].hits} == {item.item_id for item in new.items}
    with pytest.raises(FailedPrecondition, match=r"fake-embedder-1.*fake-embedder-2"):
        await catalog.search(DEFAULT_PRINCIPAL, ItemQuery(old.items[0].item_id))
    await change_over(catalog, analyzer, SERVED)
    ids = await found_ids(catalog, TextQuery("dress"))
    assert set(ids) == {item.item_id for item in old.items}


async def test_terms_sum_to_the_rank_score_and_order_the_hits(catalog: Catalog, shop: list[Item]) -> None:
    for rerank in (True, False):
        result = await catalog.search(
            DEFAULT_PRINCIPAL, ItemQuery(shop[0].id), SearchOptions(top_k=30, rerank=rerank)
        )
        hits = result.queries[0].hits
        assert [hit.rank_score for hit in hits] == sorted((hit.rank_score for hit in hits), reverse=True)
        for hit in hits:
            terms = {term.name: term.value for term in hit.terms}
            assert terms.keys() == {"similarity", "same_category"}
            assert terms["similarity"] == hit.score
            assert hit.rank_score == sum(terms.values())
            same = hit.item.attributes["category"].value == shop[0].attributes["category"].value
            assert (terms["same_category"] > 0) is (rerank and same)


async def test_min_score_leaves_out_what_is_less_like_the_query(catalog: Catalog, shop: list[Item]) -> None:
    query = ItemQuery(shop[0].id)
    result = await catalog.search(DEFAULT_PRINCIPAL, query, SearchOptions(top_k=100))
    scores = sorted((hit.score for hit in result.queries[0].hits), reverse=True)
    result = await catalog.search(DEFAULT_PRINCIPAL, query, SearchOptions(top_k=100, min_score=scores[4]))
    assert sorted((hit.score for hit in result.queries[0].hits), reverse=True) == scores[:5]
    assert result.next_page_token == ""


async def test_a_model_version_is_held_to(catalog: Catalog, shop: list[Item]) -> None:
    served = SearchOptions(model_version=SERVED.model_version)
    assert (await catalog.search(DEFAULT_PRINCIPAL, TextQuery("dress"), served)).queries[0].hits
    other = SearchOptions(model_version="another")
    with pytest.raises(FailedPrecondition, match=r"asks for 'another', but .* 'fake-embedder-1'") as caught:
        await catalog.search(DEFAULT_PRINCIPAL, TextQuery("dress"), other)
    assert caught.value.reason == "MODEL_VERSION_MISMATCH"


@pytest.mark.parametrize(
    "wrong",
    [SearchOptions(model_version="another"), SearchOptions(page_token="bogus"), SearchOptions(top_k=-1)],
)
async def test_what_is_wrong_beside_the_photo_is_refused_before_inference(
    catalog: Catalog, analyzer: FakeAnalyzer, wrong: SearchOptions
) -> None:
    with pytest.raises((InvalidInput, FailedPrecondition)):
        await catalog.search(DEFAULT_PRINCIPAL, ImageQuery(photo(1)), wrong)
    assert analyzer.analyze_calls == 0


async def test_a_token_is_refused_once_another_model_is_served(
    catalog: Catalog, shop: list[Item], analyzer: FakeAnalyzer
) -> None:
    query, options = TextQuery("a dress"), SearchOptions(top_k=3)
    token = (await catalog.search(DEFAULT_PRINCIPAL, query, options)).next_page_token
    await change_over(catalog, analyzer, ModelVersion("fake-embedder-2", "square-1"))
    with pytest.raises(InvalidInput, match="page_token: was issued for another model"):
        await catalog.search(DEFAULT_PRINCIPAL, query, replace(options, page_token=token))


async def test_a_page_may_be_short_and_further_pages_follow(catalog: Catalog) -> None:
    """Items that were deleted while the index still has them leave the first window empty."""
    items: list[Item] = []
    for seed in range(48):
        items += await items_of(catalog, await index(catalog, IndexRequest(photo(seed))))
    assert len(items) > 60
    query, options = EmbeddingQuery(direction("anything"), SERVED), SearchOptions(top_k=10)
    ids = [id for (hits,) in await pages(catalog, query, options) for id in hits]
    gone = update(ItemRow).where(ItemRow.id.in_(ids[:60])).values(delete_us=1)
    await catalog._database.write(lambda session: session.execute(gone) and None)
    first, *others = await pages(catalog, query, options)
    assert first == [[]]
    assert [id for (hits,) in others for id in hits] == ids[60:]


async def test_a_photo_is_analyzed_as_the_search_asks(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    options = SearchOptions(min_detection_score=0.25, bulk=True)
    await catalog.search(DEFAULT_PRINCIPAL, ImageQuery(photo(1)), options)
    await catalog.search(DEFAULT_PRINCIPAL, ImageQuery(photo(1)))
    assert analyzer.asked == [(0.25, True), (None, False)]


async def pages(catalog: Catalog, query: Query, options: SearchOptions) -> list[list[list[str]]]:
    """The ids of the hits of every page, query by query."""
    found: list[list[list[str]]] = []
    token = ""
    while True:
        result = await catalog.search(DEFAULT_PRINCIPAL, query, replace(options, page_token=token))
        found.append([[hit.item.id for hit in each.hits] for each in result.queries])
        token = result.next_page_token
        if not token:
            return found


@pytest.mark.parametrize("top_k", [1, 3, 7, 100])
async def test_pages_hold_every_item_once(catalog: Catalog, shop: list[Item], top_k: int) -> None:
    found = await pages(catalog, TextQuery("a dress"), SearchOptions(top_k=top_k))
    ids = [id for (hits,) in found for id in hits]
    assert sorted(ids) == sorted(item.id for item in shop)
    assert [len(hits) for (hits,) in found[:-1]] == [top_k] * (len(found) - 1)
    assert found[-1][0]


async def test_pages_of_a_photo_go_on_for_each_garment(catalog: Catalog, shop: list[Item]) -> None:
    query = ImageQuery(photo(4), (Box(0, 0, 20, 20), Box(0, 0, 2, 20), Box(20, 0, 40, 40)))
    found = await pages(catalog, query, SearchOptions(top_k=5))
    for place in (0, 2):
        ids = [id for page in found for id in page[place]]
        assert sorted(ids) == sorted(item.id for item in shop)
    assert all(page[1] == [] for page in found)


async def test_items_that_go_meanwhile_are_passed_over(catalog: Catalog, shop: list[Item]) -> None:
    options = SearchOptions(top_k=5)
    first = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("a dress"), options)
    seen = {hit.item.id for hit in first.queries[0].hits}
    gone = [item.id for item in shop if item.id not in seen][:3]
    await catalog._database.write(
        lambda session: session.execute(update(ItemRow).where(ItemRow.id.in_(gone)).values(delete_us=1))
    )
    token, rest = first.next_page_token, list[str]()
    while token:
        result = await catalog.search(
            DEFAULT_PRINCIPAL, TextQuery("a dress"), replace(options, page_token=token)
        )
        rest += [hit.item.id for hit in result.queries[0].hits]
        token = result.next_page_token
    assert sorted(rest) == sorted({item.id for item in shop} - seen - set(gone))


async def test_pages_end_at_the_most_hits_there_may_be(
    options: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    limited = Catalog(replace(options, limits=CatalogLimits(max_hits=4)), analyzer, TAXONOMY)
    await limited.start()
    await limited.wait_until_ready()
    for seed in range(8):
        await index(limited, IndexRequest(photo(seed)))
    found = await pages(limited, TextQuery("a dress"), SearchOptions(top_k=3))
    assert [len(hits) for (hits,) in found] == [3, 1]
    await limited.stop()


async def test_a_page_token_is_for_its_request_alone(catalog: Catalog, shop: list[Item]) -> None:
    query, options = TextQuery("a dress"), SearchOptions(top_k=3)
    token = (await catalog.search(DEFAULT_PRINCIPAL, query, options)).next_page_token
    others: list[tuple[Query, SearchOptions]] = [
        (TextQuery("a hat"), options),
        (ItemQuery(shop[0].id), options),
        (query, replace(options, top_k=4)),
        (query, replace(options, rerank=False)),
        (query, replace(options, min_score=0.0)),
        (query, replace(options, filter=Filter((is_any("label", "hat"),)))),
    ]
    for other, changed in others:
        with pytest.raises(InvalidInput, match="page_token"):
            await catalog.search(DEFAULT_PRINCIPAL, other, replace(changed, page_token=token))
    with pytest.raises(InvalidInput, match="page_token"):
        await catalog.search(OTHER, query, replace(options, page_token=token))
    shown = replace(options, page_token=token, include_crops=True)  # which changes no hit
    assert (await catalog.search(DEFAULT_PRINCIPAL, query, shown)).queries[0].hits


async def test_filters_nest(catalog: Catalog, shop: list[Item]) -> None:
    red_or_blue = Filter(any_of=(Filter((is_any("color", "red"),)), Filter((is_any("color", "blue"),))))
    no_hats = Filter(none_of=(Filter((is_any("label", "hat"),)),))
    cases: list[tuple[Filter, set[str]]] = [
        (red_or_blue, {i.id for i in shop if {"red", "blue"} & families_of(i)}),
        (no_hats, {i.id for i in shop if i.label != "hat"}),
        (
            Filter(all_of=(red_or_blue, no_hats)),
            {i.id for i in shop if {"red", "blue"} & families_of(i) and i.label != "hat"},
        ),
        (
            Filter((is_any("pattern", "striped"),), none_of=(red_or_blue,)),
            {
                i.id
                for i in shop
                if i.attributes["pattern"].value == "striped" and not {"red", "blue"} & families_of(i)
            },
        ),
    ]
    for filter, expected in cases:
        result = await catalog.search(DEFAULT_PRINCIPAL, TextQuery("x"), SearchOptions(100, filter))
        assert {hit.item.id for hit in result.queries[0].hits} == expected, filter
