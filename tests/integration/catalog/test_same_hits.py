"""The same photos in files and on servers: the same queries find the same, ties aside."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from domain.types import DEFAULT_PRINCIPAL, Box, ModelVersion
from services.catalog.catalog import Catalog, CatalogOptions
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.items import Item
from services.catalog.records.money import Money
from services.catalog.records.products import Availability, ProductDraft
from services.catalog.search.filter import Condition, Filter
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
from services.catalog.search.rank_terms import RankWeights
from services.catalog.search.result import SearchResult
from tests.integration.catalog.fake_analyzer import (
    CATEGORIES,
    COLORS,
    TAXONOMY,
    FakeAnalyzer,
    direction,
    photo,
)
from tests.integration.catalog.flows import index_all, is_any, items_of, within

SERVED = ModelVersion("fake-embedder-1", "square-1")
PHOTOS, PRODUCTS, QUERIES = 160, 60, 100
TIE = 1e-4
"""Two scores that differ by less may be in either order; the stores round them differently."""
FACETS = ("category", "color", "brand", "product.Material", "availability", "primary_in_product")
BRANDS = ("Acme", "Grün", 'O"Neil\\', "")

Name: TypeAlias = tuple[str, Box]
"""Of an item, the same in both catalogues: its photo's name and its box."""


class Stocked(NamedTuple):
    """A catalogue, and its items and products by what they are called in all catalogues."""

    catalog: Catalog
    items: dict[Name, Item]
    products: dict[str, str]


def draft(number: int) -> ProductDraft:
    return ProductDraft(
        f"product {number}",
        external_id=f"SKU-{number}",
        brand=BRANDS[number % 4],
        category=CATEGORIES[number % len(CATEGORIES)],
        price=Money("EUR", 10 * number) if number % 5 else None,
        availability=(Availability.IN_STOCK, Availability.OUT_OF_STOCK, Availability.UNSPECIFIED)[number % 3],
        attributes={"Material": ("Linen", "Wool", "Silk")[number % 3]} if number % 2 else {},
    )


async def stocked(catalog: Catalog) -> Stocked:
    made = [await catalog.products.create(DEFAULT_PRINCIPAL, draft(number)) for number in range(PRODUCTS)]
    owners = [product.id for product in made] + [""] * 10
    requests = [
        IndexRequest(photo(seed), image_name=str(seed), product_id=owners[seed % len(owners)])
        for seed in range(PHOTOS)
    ]
    jobs = await index_all(catalog, requests)
    items = [item for job in jobs for item in await items_of(catalog, job)]
    return Stocked(
        catalog,
        {(item.image_name, item.box): item for item in items},
        {product.external_id: product.id for product in made},
    )


@pytest.fixture
async def pair(options: CatalogOptions, tmp_path: Path) -> AsyncIterator[tuple[Stocked, Stocked]]:
    """Equal catalogues: in files, and on servers."""
    files = replace(
        options,
        database_url=f"sqlite:///{tmp_path / 'catalog.db'}",
        blob_url=str(tmp_path / "blobs"),
        milvus_uri=str(tmp_path / "milvus.db"),
    )
    async with AsyncExitStack() as running:
        catalogs = [Catalog(each, FakeAnalyzer(), TAXONOMY) for each in (files, options)]
        for catalog in catalogs:
            await catalog.start()
            running.push_async_callback(catalog.stop)
            await catalog.wait_until_ready()
        first, second = await asyncio.gather(*map(stocked, catalogs))
        yield first, second


class QuerySource:
    """Mixed queries by a seed; `ask` gives the same one for each catalogue."""

    def __init__(self, seed: int, names: Sequence[Name]) -> None:
        self._names = names
        self._seed = seed

    def ask(self, stock: Stocked) -> tuple[Query, SearchOptions]:
        dice = random.Random(self._seed)
        return self._query(dice, stock), self._options(dice)

    def _query(self, dice: random.Random, stock: Stocked) -> Query:
        item, other = (stock.items[name] for name in dice.sample(self._names, 2))
        product = stock.products[f"SKU-{dice.randrange(PRODUCTS)}"]
        liked = (Example(ItemQuery(item.id), 2.0), Example(ProductQuery(product)))
        return dice.choice(
            (
                TextQuery(f"a {dice.choice(COLORS)} {dice.choice(CATEGORIES)}"),
                ImageQuery(photo(dice.randrange(2 * PHOTOS))),
                ImageQuery(photo(dice.randrange(PHOTOS)), (Box(0, 0, 20, 20), Box(5, 0, 40, 40))),
                ItemQuery(item.id),
                ProductQuery(product),
                EmbeddingQuery(direction(str(dice.random())), SERVED),
                ExamplesQuery(liked, (Example(ItemQuery(other.id)),)),
                ExamplesQuery((*liked[:1], Example(TextQuery(f"this, but in {dice.choice(COLORS)}")))),
            )
        )

    def _options(self, dice: random.Random) -> SearchOptions:
        weights = RankWeights(category=0.2, attributes=0.3, color=0.4, shape=0.1, brand=0.2, price=0.3)
        return SearchOptions(
            top_k=dice.choice((3, 10, 100)),
            filter=self._filter(dice),
            min_score=dice.choice((None, None, 0.1)),
            group_by_product=dice.random() < 0.3,
            facets=FACETS if dice.random() < 0.3 else (),
            rank_weights=dice.choice((None, None, weights)),
        )

    def _filter(self, dice: random.Random) -> Filter:
        conditions: list[Condition] = [
            is_any("category", *dice.sample(CATEGORIES, 4)),
            is_any("color", *dice.sample(COLORS, 3)),
            is_any("brand", *dice.sample(BRANDS[:3], 2)),
            is_any("product.Material", "silk", "wool"),
            is_any("availability", "in_stock"),
            is_any("primary_in_image", "true"),
            within("price", at_least=dice.randrange(300), less_than=300 + dice.randrange(300)),
        ]
        first, second, third = dice.sample(conditions, 3)
        either = Filter(any_of=(Filter((first,)), Filter((second,), none_of=(Filter((third,)),))))
        return dice.choice((Filter(), Filter(), Filter((first,)), Filter((first, second)), either))


class Ranked(NamedTuple):
    """A hit, by what it is called in all catalogues."""

    name: Name
    score: float
    terms: dict[str, float]


async def pages(
    stock: Stocked, query: Query, options: SearchOptions
) -> tuple[SearchResult, list[list[Ranked]]]:
    """The first page, and the hits of each query on the first two."""
    first = await stock.catalog.search(DEFAULT_PRINCIPAL, query, options)
    results = [first]
    if first.next_page_token:
        following = replace(options, page_token=first.next_page_token)
        results.append(await stock.catalog.search(DEFAULT_PRINCIPAL, query, following))
    hits = [
        [hit for result in results for hit in result.queries[at].hits] for at in range(len(first.queries))
    ]
    return first, [
        [
            Ranked(
                (hit.item.image_name, hit.item.box),
                hit.rank_score,
                {term.name: term.value for term in hit.terms},
            )
            for hit in of_query
        ]
        for of_query in hits
    ]


def check_equal(one: Sequence[Ranked], other: Sequence[Ranked]) -> None:
    """The same hits with the same terms in the same order; those whose scores are a tie in any."""
    assert len(one) == len(other)
    by_name = {hit.name: hit for hit in other}
    for mine, theirs in zip(one, other, strict=True):
        assert mine.score == pytest.approx(theirs.score, abs=TIE)
        twin = by_name.get(mine.name)
        assert mine.name == theirs.name or abs(mine.score - theirs.score) < TIE
        if twin is not None:
            assert mine.terms == pytest.approx(twin.terms, abs=TIE)
        else:  # another one with the score of the last took its place
            assert mine.score == pytest.approx(other[-1].score, abs=TIE)


async def test_100_queries_find_the_same_in_files_and_on_servers(pair: tuple[Stocked, Stocked]) -> None:
    files, servers = pair
    assert files.items.keys() == servers.items.keys()
    found = 0
    for seed in range(QUERIES):
        source = QuerySource(seed, sorted(files.items, key=str))
        (first, one), (second, other) = [await pages(stock, *source.ask(stock)) for stock in pair]
        assert [facet.field for facet in first.facets] == [facet.field for facet in second.facets]
        assert first.facets == second.facets
        assert bool(first.next_page_token) == bool(second.next_page_token)
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            check_equal(mine, theirs)
            found += len(mine)
    assert found > QUERIES
