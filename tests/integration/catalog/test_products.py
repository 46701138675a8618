from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.items import Item
from services.catalog.records.jobs import JobFilter, JobState
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import Product, ProductKey
from services.catalog.search.query import ItemQuery, TextQuery
from tests.integration.catalog.fake_analyzer import FakeAnalyzer, photo
from tests.integration.catalog.flows import (
    OTHER,
    end_of,
    found_ids,
    index,
    is_any,
    items_of,
    milvus_rows,
    within,
)

COMPLETE, FAILED = (JobFilter(frozenset([state])) for state in (JobState.COMPLETE, JobState.FAILED))
FULL = ProductDraft("Blue coat", "Warm.\nAnd blue.", "Acme", "coat", Money("EUR", 120, 500_000_000))


async def drained(catalog: Catalog) -> None:
    """Return once what was queued before is in the vector store: a job that came later is searchable."""
    await index(catalog, IndexRequest(photo(999)), OTHER)


async def update(
    catalog: Catalog, product: Product, changes: ProductDraft, mask: list[str], etag: str = ""
) -> Product:
    """A product that exists, changed."""
    key = ProductKey(product.id)
    changed, created = await catalog.products.update(DEFAULT_PRINCIPAL, key, changes, mask, etag)
    assert not created
    return changed


async def test_a_product_comes_back_as_it_went_in(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, FULL)
    assert (product.display_name, product.description) == (FULL.display_name, FULL.description)
    assert (product.brand, product.category, product.price) == ("Acme", "outerwear", FULL.price)
    assert product.create_time == product.update_time
    assert await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product.id)) == product
    with pytest.raises(NotFound):
        await catalog.products.get(OTHER, ProductKey(product.id))


async def test_the_same_key_gets_the_same_product(catalog: Catalog) -> None:
    made = await asyncio.gather(
        *(catalog.products.create(DEFAULT_PRINCIPAL, FULL, "key-1") for _ in range(5))
    )
    assert len({product.id for product in made}) == 1
    with pytest.raises(AlreadyExists):
        await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("other"), "key-1")
    assert (await catalog.products.create(OTHER, FULL, "key-1")).id != made[0].id


async def test_a_deleted_products_key_stays_taken(catalog: Catalog) -> None:
    first = await catalog.products.create(DEFAULT_PRINCIPAL, FULL, "key-1")
    await catalog.products.delete(DEFAULT_PRINCIPAL, first.id)
    with pytest.raises(AlreadyExists) as caught:
        await catalog.products.create(DEFAULT_PRINCIPAL, FULL, "key-1")
    assert caught.value.reason == "IDEMPOTENCY_KEY_OF_DELETED"
    assert (await catalog.products.create(DEFAULT_PRINCIPAL, FULL, "key-2")).id != first.id


async def test_an_unknown_category_word_becomes_the_product_type(catalog: Catalog) -> None:
    for draft, expected in (
        (ProductDraft("x", category="Spaceship"), ("", "Spaceship")),
        (ProductDraft("x", category="Spaceship", product_type="Vehicles"), ("", "Vehicles")),
        (ProductDraft("x", category="gown", product_type="Vehicles"), ("dress", "Vehicles")),
    ):
        product = await catalog.products.create(DEFAULT_PRINCIPAL, draft)
        assert (product.category, product.product_type) == expected
    key = ProductKey(product.id)
    changed, _ = await catalog.products.update(
        DEFAULT_PRINCIPAL, key, ProductDraft(category="Tent"), ["category"]
    )
    assert (changed.category, changed.product_type) == ("", "Vehicles")
    await catalog.products.update(DEFAULT_PRINCIPAL, key, ProductDraft(), ["product_type"])
    changed, _ = await catalog.products.update(
        DEFAULT_PRINCIPAL, key, ProductDraft(category="Tent"), ["category"]
    )
    assert (changed.category, changed.product_type) == ("", "Tent")


async def test_an_upsert_makes_one_product(catalog: Catalog) -> None:
    draft = ProductDraft("Coat", external_id="SKU-1", brand="A")
    key = ProductKey(external_id="SKU-1")
    made = await asyncio.gather(
        *(catalog.products.update(DEFAULT_PRINCIPAL, key, draft, allow_missing=True) for _ in range(5))
    )
    assert sorted(created for _, created in made) == [False] * 4 + [True]
    (product_id,) = {product.id for product, _ in made}
    changed, created = await catalog.products.update(
        DEFAULT_PRINCIPAL, key, replace(draft, brand="B"), allow_missing=True
    )
    assert (changed.id, changed.brand, created) == (product_id, "B", False)
    assert await catalog.products.get(DEFAULT_PRINCIPAL, key) == changed
    with pytest.raises(NotFound):
        await catalog.products.get(OTHER, key)


async def test_an_upsert_is_held_to_its_rules(catalog: Catalog) -> None:
    draft, key = ProductDraft("Coat", external_id="SKU-1"), ProductKey(external_id="SKU-1")
    product = await catalog.products.create(DEFAULT_PRINCIPAL, draft)

    async def upsert(key: ProductKey, draft: ProductDraft, etag: str = "") -> None:
        await catalog.products.update(DEFAULT_PRINCIPAL, key, draft, (), etag, allow_missing=True)

    with pytest.raises(InvalidInput, match="allow_missing: needs a product with an external_id"):
        await upsert(ProductKey(product.id, "SKU-1"), draft)
    with pytest.raises(InvalidInput, match=r"product\.display_name: must not be empty"):
        await upsert(ProductKey(external_id="SKU-2"), ProductDraft(external_id="SKU-2"))
    with pytest.raises(Conflict):
        await upsert(ProductKey(external_id="SKU-2"), replace(draft, external_id="SKU-2"), "seen once")
    await catalog.products.delete(DEFAULT_PRINCIPAL, product.id)
    with pytest.raises(AlreadyExists) as caught:
        await upsert(key, draft)
    assert caught.value.reason == "EXTERNAL_ID_TAKEN"


async def test_a_blank_external_id_is_no_key(catalog: Catalog) -> None:
    key = ProductKey(external_id="  ")
    with pytest.raises(InvalidInput) as caught:
        await catalog.products.update(
            DEFAULT_PRINCIPAL, key, ProductDraft("Coat", external_id="  "), allow_missing=True
        )
    assert caught.value.violations[0].field == "product.external_id"
    with pytest.raises(InvalidInput) as caught:
        await catalog.products.get(DEFAULT_PRINCIPAL, key)
    assert caught.value.violations[0].field == "external_id"
    assert (await catalog.products.list(DEFAULT_PRINCIPAL)).entries == ()


async def test_an_external_id_moves_only_where_it_is_free(catalog: Catalog) -> None:
    first = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("a", external_id="SKU-1"))
    second = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("b", external_id="SKU-2"))
    await catalog.products.create(OTHER, ProductDraft("c", external_id="SKU-1"))
    key, change = ProductKey(second.id), ProductDraft(external_id="SKU-1")
    with pytest.raises(AlreadyExists):
        await catalog.products.update(DEFAULT_PRINCIPAL, key, change, ["external_id"])
    await catalog.products.update(DEFAULT_PRINCIPAL, ProductKey(first.id), ProductDraft(), ["external_id"])
    moved, _ = await catalog.products.update(DEFAULT_PRINCIPAL, key, change, ["external_id"])
    assert (moved.id, moved.external_id) == (second.id, "SKU-1")


async def test_two_prices_are_of_one_currency(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, replace(FULL, list_price=Money("EUR", 150)))
    assert product.list_price == Money("EUR", 150)
    key = ProductKey(product.id)
    for change, mask in (
        (ProductDraft(), ["price"]),
        (ProductDraft(price=Money("USD", 99)), ["price"]),
        (ProductDraft(list_price=Money("USD", 99)), ["list_price"]),
    ):
        with pytest.raises(InvalidInput) as caught:
            await catalog.products.update(DEFAULT_PRINCIPAL, key, change, mask)
        assert caught.value.violations[0].field == "product.list_price"
    assert await catalog.products.get(DEFAULT_PRINCIPAL, key) == product


async def test_a_name_cannot_be_taken_away(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, FULL)
    for mask in (["display_name"], ["*"]):
        with pytest.raises(InvalidInput, match=r"display_name: must not be empty \(1 to 200 characters\)"):
            await update(catalog, product, ProductDraft(brand="B"), mask)
    assert await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product.id)) == product


async def test_pages_hold_every_product_once_newest_first(catalog: Catalog) -> None:
    made = [await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(f"p{i}")) for i in range(7)]
    await catalog.products.create(OTHER, ProductDraft("not yours"))
    sizes: list[int] = []
    names: list[str] = []
    token = ""
    while True:
        page = await catalog.products.list(DEFAULT_PRINCIPAL, 3, token)
        sizes.append(len(page.entries))
        names += [product.display_name for product in page.entries]
        token = page.next_token
        if not token:
            break
        await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft("came later"))
    assert sizes == [3, 3, 1]
    assert names == [product.display_name for product in reversed(made)]


async def test_a_full_last_page_has_no_token(catalog: Catalog) -> None:
    for name in ("a", "b"):
        await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(name))
    assert (await catalog.products.list(DEFAULT_PRINCIPAL, 2)).next_token == ""


async def test_a_foreign_page_token_is_refused(catalog: Catalog) -> None:
    for token in ("x", "e30=", "W10=", "bnVsbA==", "ä", "[" * 9000, "WyJhIiwgImIiXQ=="):
        with pytest.raises(InvalidInput) as caught:
            await catalog.products.list(DEFAULT_PRINCIPAL, 0, token)
        assert caught.value.violations[0].field == "page_token"


async def test_a_token_belongs_to_its_list_and_filter(catalog: Catalog) -> None:
    for seed in range(2):
        await index(catalog, IndexRequest(photo(seed), product=ProductDraft("p")))
    token = (await catalog.products.list(DEFAULT_PRINCIPAL, 1)).next_token
    with pytest.raises(InvalidInput):
        await catalog.jobs.list(DEFAULT_PRINCIPAL, 1, token)
    token = (await catalog.jobs.list(DEFAULT_PRINCIPAL, 1)).next_token
    with pytest.raises(InvalidInput):
        await catalog.jobs.list(DEFAULT_PRINCIPAL, 1, token, COMPLETE)


async def test_a_negative_page_size_is_refused_and_a_large_one_cut(catalog: Catalog) -> None:
    with pytest.raises(InvalidInput, match=r"page_size: must be 0 to 200, got -1"):
        await catalog.items.list(DEFAULT_PRINCIPAL, -1)
    assert (await catalog.items.list(DEFAULT_PRINCIPAL, 10**6)).entries == ()


async def test_jobs_can_be_listed_by_state(catalog: Catalog) -> None:
    job = await index(catalog, IndexRequest(photo(1)))
    complete = await catalog.jobs.list(DEFAULT_PRINCIPAL, wanted=COMPLETE)
    assert complete.entries == (job,)
    assert (await catalog.jobs.list(DEFAULT_PRINCIPAL, wanted=FAILED)).entries == ()


@pytest.mark.parametrize(
    ("changes", "mask", "expected"),
    [
        (ProductDraft(brand="New", display_name="ignored"), ["brand"], ("Blue coat", "New", FULL.price)),
        (ProductDraft(), ["price"], ("Blue coat", "Acme", None)),
        (ProductDraft(display_name="New"), [], ("New", "Acme", FULL.price)),
        (ProductDraft(display_name="New"), ["*"], ("New", "", None)),
    ],
)
async def test_an_update_changes_what_its_mask_names(
    catalog: Catalog, changes: ProductDraft, mask: list[str], expected: tuple[str, str, Money | None]
) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, FULL)
    updated = await update(catalog, product, changes, mask, product.etag)
    assert (updated.display_name, updated.brand, updated.price) == expected
    assert updated.etag != product.etag
    assert await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product.id)) == updated


async def test_an_update_with_a_stale_etag_changes_nothing(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, FULL)
    changed = await update(catalog, product, ProductDraft(brand="B"), ["brand"])
    with pytest.raises(Conflict):
        await update(catalog, product, ProductDraft(brand="C"), ["brand"], product.etag)
    with pytest.raises(Conflict):
        await catalog.products.delete(DEFAULT_PRINCIPAL, product.id, product.etag)
    assert await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product.id)) == changed


async def test_an_update_to_the_same_keeps_the_etag(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, FULL)
    assert await update(catalog, product, FULL, ["*"]) == product


async def test_a_mask_names_known_fields_only(catalog: Catalog) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, FULL)
    with pytest.raises(InvalidInput, match=r"update_mask: 'etag' cannot be changed; known: external_id, "):
        await update(catalog, product, ProductDraft(), ["brand", "etag"])


BAD_DRAFTS = [
    (ProductDraft("x" * 201), "product.display_name"),
    (ProductDraft("x", description="x" * 5001), "product.description"),
    (ProductDraft("x", brand="tab\there"), "product.brand"),
    (ProductDraft("x", category="x" * 201), "product.category"),
    (ProductDraft("x", url="shop.example"), "product.url"),
    (ProductDraft("x", url="ftp://shop.example"), "product.url"),
    (ProductDraft("x", url="https://"), "product.url"),
    (ProductDraft("x", url="https://shop.example/a b"), "product.url"),
    (ProductDraft("x", url="https://shop.example/" + "x" * 2000), "product.url"),
    (ProductDraft("x", external_id="x" * 201), "product.external_id"),
    (ProductDraft("x", attributes={str(n): "" for n in range(65)}), "product.attributes"),
    (ProductDraft("x", attributes={" ": "x"}), "product.attributes"),
    (ProductDraft("x", attributes={"care": "x" * 501}), "product.attributes['care']"),
    (ProductDraft("x", list_price=Money("EUR", 1)), "product.list_price"),
    (ProductDraft("x", price=Money("EUR", 10**13)), "product.price.units"),
    (ProductDraft("x", price=Money("EUR", 0, 10**9)), "product.price.nanos"),
    (ProductDraft(), "product.display_name"),
    (ProductDraft("  "), "product.display_name"),
]


async def test_a_bad_product_names_its_field(catalog: Catalog) -> None:
    for draft, field in BAD_DRAFTS:
        with pytest.raises(InvalidInput) as caught:
            await catalog.products.create(DEFAULT_PRINCIPAL, draft)
        assert caught.value.violations[0].field == field
    assert (await catalog.products.list(DEFAULT_PRINCIPAL)).entries == ()


@pytest.fixture
async def coat(catalog: Catalog) -> list[Item]:
    """The items of two photos of one product; another photo of no product is there too."""
    await index(catalog, IndexRequest(photo(50)))
    first = await index(catalog, IndexRequest(photo(1), product=FULL))
    second = await index(catalog, IndexRequest(photo(2), product_id=first.product_id))
    return await items_of(catalog, first) + await items_of(catalog, second)


async def test_search_follows_a_changed_product(catalog: Catalog, coat: list[Item]) -> None:
    ids = {item.id for item in coat}
    cheap, acme = within("price", less_than=100), is_any("brand", "acme")
    assert set(await found_ids(catalog, TextQuery("x"), acme)) == ids
    assert await found_ids(catalog, TextQuery("x"), cheap) == []
    changes = ProductDraft(brand="Other", price=Money("EUR", 99))
    await catalog.products.update(DEFAULT_PRINCIPAL, ProductKey(coat[0].product_id), changes)
    await drained(catalog)
    assert set(await found_ids(catalog, TextQuery("x"), cheap, is_any("brand", "other"))) == ids
    assert await found_ids(catalog, TextQuery("x"), acme) == []


async def test_a_deleted_product_is_gone_everywhere(
    catalog: Catalog, coat: list[Item], analyzer: FakeAnalyzer, options: CatalogOptions
) -> None:
    product_id = coat[0].product_id
    await catalog.products.delete(DEFAULT_PRINCIPAL, product_id)
    ids = {item.id for item in coat}
    assert not ids & set(await found_ids(catalog, TextQuery("x"), top_k=100))
    assert not ids & {item.id for item in (await catalog.items.list(DEFAULT_PRINCIPAL)).entries}
    assert (await catalog.products.list(DEFAULT_PRINCIPAL)).entries == ()
    for attempt in (
        catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product_id)),
        catalog.products.delete(DEFAULT_PRINCIPAL, product_id),
        catalog.products.update(DEFAULT_PRINCIPAL, ProductKey(product_id), FULL),
        catalog.items.get(DEFAULT_PRINCIPAL, coat[0].id),
        catalog.search(DEFAULT_PRINCIPAL, ItemQuery(coat[0].id)),
        catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(3), product_id=product_id)),
    ):
        with pytest.raises(NotFound):
            await attempt
    await drained(catalog)
    await catalog.stop()
    stored = {item_id for _, item_id in milvus_rows(options, analyzer.served)}
    assert not ids & stored
    assert stored


async def test_a_deleted_image_leaves_the_rest_of_its_product(catalog: Catalog, coat: list[Item]) -> None:
    gone = coat[0].image_id
    await catalog.images.delete(DEFAULT_PRINCIPAL, gone)
    left = {item.id for item in coat if item.image_id != gone}
    found = await found_ids(catalog, TextQuery("x"), is_any("product_id", coat[0].product_id))
    assert set(found) == left
    assert left
    assert (await catalog.items.list(DEFAULT_PRINCIPAL, image_id=gone)).entries == ()
    with pytest.raises(NotFound):
        await catalog.images.delete(DEFAULT_PRINCIPAL, gone)


async def test_items_are_listed_by_page_and_owner(catalog: Catalog, coat: list[Item]) -> None:
    ids: list[str] = []
    token = ""
    while True:
        page = await catalog.items.list(DEFAULT_PRINCIPAL, 1, token, product_id=coat[0].product_id)
        ids += [item.id for item in page.entries]
        token = page.next_token
        if not token:
            break
    assert ids == sorted((item.id for item in coat), reverse=True)
    of_image = await catalog.items.list(DEFAULT_PRINCIPAL, image_id=coat[0].image_id)
    assert {item.image_id for item in of_image.entries} == {coat[0].image_id}


async def test_deleting_a_product_stops_its_jobs(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, FULL)
    analyzer.gate = asyncio.Event()
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(1), product_id=product.id))
    await catalog.products.delete(DEFAULT_PRINCIPAL, product.id)
    analyzer.gate.set()
    ended = await end_of(catalog, job.id)
    assert ended.state is JobState.FAILED
    assert ended.error is not None
    assert ended.error.reason == "IMAGE_DELETED"


async def names(catalog: Catalog, size: int = 0, **options: Any) -> list[str]:
    """The names of the products of a list, page by page."""
    found: list[str] = []
    page = await catalog.products.list(DEFAULT_PRINCIPAL, size, **options)
    while page.next_token:
        found += [product.display_name for product in page.entries]
        page = await catalog.products.list(DEFAULT_PRINCIPAL, size, page.next_token, **options)
    return found + [product.display_name for product in page.entries]


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ("", ["coat", "Bag", "apron", "dress"]),
        ("create_time", ["dress", "apron", "Bag", "coat"]),
        ("display_name", ["apron", "Bag", "coat", "dress"]),
        ("display_name desc", ["dress", "coat", "Bag", "apron"]),
        ("price", ["apron", "coat", "dress", "Bag"]),
        ("price desc", ["dress", "coat", "apron", "Bag"]),
        ("update_time desc", ["dress", "coat", "Bag", "apron"]),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
async def test_products_are_listed_in_the_order_asked_for(
    catalog: Catalog, order_by: str, expected: list[str], size: int
) -> None:
    prices = {"dress": Money("EUR", 20, 500_000_000), "apron": Money("EUR", 9), "Bag": None}
    for name in ("dress", "apron", "Bag", "coat"):
        draft = ProductDraft(name, price=prices.get(name, Money("EUR", 20)))
        await catalog.products.create(DEFAULT_PRINCIPAL, draft)
    await catalog.products.create(OTHER, ProductDraft("another tenant's"))
    (dress,) = (await catalog.products.list(DEFAULT_PRINCIPAL, text="dress")).entries
    await update(catalog, dress, ProductDraft("", brand="New"), ["brand"])
    assert await names(catalog, size, order_by=order_by) == expected


async def test_products_are_found_by_what_names_them(catalog: Catalog) -> None:
    drafts = [
        ProductDraft("Red dress", brand="Acme", category="dress"),
        ProductDraft("Coat", external_id="SKU-100%"),
        ProductDraft("Hat", product_type="Mode > ACME"),
    ]
    for draft in drafts:
        await catalog.products.create(DEFAULT_PRINCIPAL, draft)
    assert await names(catalog, text="acme") == ["Hat", "Red dress"]
    assert await names(catalog, text="100%") == ["Coat"]
    assert await names(catalog, text="dress", size=1) == ["Red dress"]
    assert await names(catalog, text="nothing") == []


async def test_an_order_that_there_is_not_is_refused(catalog: Catalog) -> None:
    for order_by in ("colour", "price down", "price  desc"):
        with pytest.raises(InvalidInput, match="must be one of create_time, update_time, display_name"):
            await catalog.products.list(DEFAULT_PRINCIPAL, order_by=order_by)
    for name in ("one", "two"):
        await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(name))
    first = await catalog.products.list(DEFAULT_PRINCIPAL, 1, order_by="price")
    with pytest.raises(InvalidInput, match="not a next_page_token of this list"):
        await catalog.products.list(DEFAULT_PRINCIPAL, 1, first.next_token)


async def test_photos_are_listed_by_name_and_size(catalog: Catalog) -> None:
    for number, name in enumerate(("b.png", "A.png", "c.jpg")):
        await index(catalog, IndexRequest(photo(number), image_name=name))
    listed = {
        order: [
            image.name for image in (await catalog.images.list(DEFAULT_PRINCIPAL, order_by=order)).entries
        ]
        for order in ("name", "name desc", "create_time")
    }
    assert listed == {
        "name": ["A.png", "b.png", "c.jpg"],
        "name desc": ["c.jpg", "b.png", "A.png"],
        "create_time": ["b.png", "A.png", "c.jpg"],
    }
    by_size = (await catalog.images.list(DEFAULT_PRINCIPAL, order_by="size_bytes desc")).entries
    assert [image.size_bytes for image in by_size] == sorted(
        (each.size_bytes for each in by_size), reverse=True
    )
    pngs = (await catalog.images.list(DEFAULT_PRINCIPAL, text=".PNG")).entries
    assert [image.name for image in pngs] == ["A.png", "b.png"]
