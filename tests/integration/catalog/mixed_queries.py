"""A catalogue of many photos and products, and queries of all kinds to it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from domain.types import DEFAULT_PRINCIPAL, Box, ModelVersion
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.items import Item
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import Availability, ProductDraft
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
from tests.integration.catalog.fake_analyzer import CATEGORIES, COLORS, direction, photo
from tests.integration.catalog.flows import index_all, is_any, items_of, within

SERVED = ModelVersion("fake-embedder-1", "square-1")
PHOTOS, PRODUCTS = 160, 60
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


async def stocked(catalog: Catalog, photos: int = PHOTOS) -> Stocked:
    made = [await catalog.products.create(DEFAULT_PRINCIPAL, draft(number)) for number in range(PRODUCTS)]
    owners = [product.id for product in made] + [""] * 10
    requests = [
        IndexRequest(photo(seed), image_name=str(seed), product_id=owners[seed % len(owners)])
        for seed in range(photos)
    ]
    jobs = await index_all(catalog, requests)
    items = [item for job in jobs for item in await items_of(catalog, job)]
    return Stocked(
        catalog,
        {(item.image_name, item.box): item for item in items},
        {product.external_id: product.id for product in made},
    )


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
