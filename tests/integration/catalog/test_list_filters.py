"""Lists with filters, on real stores: they have what searches with the same filter find."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records import paging
from services.catalog.records.answers import Answer
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.search.filter import Between, Condition, Filter, OneOf, Period
from services.catalog.search.query import SearchOptions, TextQuery
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, drained, index

KINDS = ("dress", "skirt", "hat", "bag", "shirt", "shoes")
ANYTHING = TextQuery("anything")
FAMILY = next(name for name, shades in TAXONOMY.color_families.items() if len(shades) > 1)


def is_one(field: str, *values: str) -> Condition:
    return Condition(field, OneOf(values))


FILTERS = [
    Filter((is_one("category", "dress", "hat"),)),
    Filter((is_one("color", FAMILY),)),
    Filter((is_one("brand", "ÅSA"),)),
    Filter((is_one("brand", "acme"), is_one("category", "skirt"))),
    Filter((is_one("availability", "in_stock"), Condition("price", Between(at_least=20, less_than=24)))),
    Filter((is_one("product_type", "Leinen"),)),
    Filter((is_one("product.material", "wool"),)),
    Filter(none_of=(Filter((is_one("category", "dress"),)),)),
    Filter(any_of=(Filter((is_one("label", "bag"),)), Filter((Condition("price", Between(more_than=24)),)))),
    Filter((Condition("create_time", Period(Between(more_than=4e9))),)),
    Filter((is_one("primary_in_product", "true"), Condition("garment_score", Between(at_least=0.0)))),
]


async def stock(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    """Products with a photo each, two photos without a product, and a product without a photo."""
    for number in range(12):
        draft = ProductDraft(
            f"Product {number}",
            brand="Åsa" if number % 3 == 0 else "Acme",
            category=KINDS[number % len(KINDS)],
            price=Money("EUR", 20 + number // 2),
            availability=Availability.IN_STOCK if number % 2 else Availability.OUT_OF_STOCK,
            product_type="leinen" if number % 4 == 0 else "",
            attributes={"material": "Wool"} if number % 5 == 0 else {},
        )
        product = await catalog.products.create(DEFAULT_PRINCIPAL, draft)
        analyzer.categories = [KINDS[number % len(KINDS)]]
        await index(catalog, IndexRequest(photo(number), product_id=product.id))
    for number in range(2):
        await index(catalog, IndexRequest(photo(100 + number)))
    await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("Bare", brand="åsa", category="dress"))
    await drained(catalog)


async def listed_items(catalog: Catalog, filter: Filter, size: int = 200) -> list[str]:
    found, token = [], ""
    while True:
        page = await catalog.items.list(DEFAULT_PRINCIPAL, size, token, filter=filter)
        found += [item.id for item in page.entries]
        token = page.next_token
        if not token:
            return found


async def listed_products(catalog: Catalog, filter: Filter, size: int = 200, order_by: str = "") -> list[str]:
    found, token = [], ""
    while True:
        page = await catalog.products.list(DEFAULT_PRINCIPAL, size, token, filter=filter, order_by=order_by)
        found += [product.display_name for product in page.entries]
        token = page.next_token
        if not token:
            return found


async def test_lists_have_what_searches_find(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    await stock(catalog, analyzer)
    item = (await catalog.items.list(DEFAULT_PRINCIPAL)).entries[5]
    said = {"pattern": Answer(values=("striped",))}
    await catalog.corrections.correct(DEFAULT_PRINCIPAL, item.id, attributes=said)
    await drained(catalog)
    striped = Filter((is_one("pattern", "striped"),))
    assert item.id in await listed_items(catalog, striped)
    kept = 0
    for filter in (*FILTERS, striped):
        hits = (await catalog.search(DEFAULT_PRINCIPAL, ANYTHING, SearchOptions(100, filter))).queries[0].hits
        assert sorted(await listed_items(catalog, filter)) == sorted(hit.item.id for hit in hits), filter
        named = {hit.product.display_name for hit in hits if hit.product}
        assert set(await listed_products(catalog, filter)) - {"Bare"} == named, filter
        kept += len(hits)
    assert kept > 20


async def test_a_product_without_items_passes_by_its_own_fields(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    await stock(catalog, analyzer)
    found = {
        "brand": await listed_products(catalog, Filter((is_one("brand", "Åsa"),))),
        "product_category": await listed_products(catalog, Filter((is_one("product_category", "dress"),))),
        "category": await listed_products(catalog, Filter((is_one("category", "dress"),))),
        "price": await listed_products(catalog, Filter((Condition("price", Between(at_most=1000)),))),
    }
    assert {field for field, names in found.items() if "Bare" in names} == {"brand", "product_category"}


@pytest.mark.parametrize("most", [5000, 4])
async def test_pages_of_a_filtered_list_have_each_entry_once(
    catalog: Catalog, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    await stock(catalog, analyzer)
    acme = Filter((is_one("brand", "Acme"),))
    whole = await listed_products(catalog, acme, order_by="price desc")
    items = await listed_items(catalog, acme)
    assert len(whole) == len(items) == 8
    monkeypatch.setattr(paging, "_PART", 2)
    monkeypatch.setattr(paging, "_MOST_LOOKED_AT", most)
    assert await listed_products(catalog, acme, 3, "price desc") == whole
    assert await listed_items(catalog, acme, 3) == items


async def test_a_token_belongs_to_its_filter(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    await stock(catalog, analyzer)
    acme, asa = (Filter((is_one("brand", name),)) for name in ("Acme", "Åsa"))
    token = (await catalog.products.list(DEFAULT_PRINCIPAL, 2, filter=acme)).next_token
    for filter in (asa, Filter()):
        with pytest.raises(InvalidInput, match="page_token"):
            await catalog.products.list(DEFAULT_PRINCIPAL, 2, token, filter=filter)


async def test_lists_of_others_and_of_bad_filters(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    await stock(catalog, analyzer)
    empty = await list_as(catalog, OTHER, Filter((is_one("brand", "Acme"),)))
    assert empty == ([], [])
    with pytest.raises(InvalidInput, match="where: 'colour' is unknown"):
        await catalog.products.list(DEFAULT_PRINCIPAL, filter=Filter((is_one("colour", "red"),)))


async def list_as(catalog: Catalog, principal: Principal, filter: Filter) -> tuple[list[str], list[str]]:
    products = await catalog.products.list(principal, filter=filter)
    items = await catalog.items.list(principal, filter=filter)
    return [each.id for each in products.entries], [each.id for each in items.entries]
