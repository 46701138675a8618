"""Products, through both clients."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from armoire import Availability, Money, Product
from armoire.v1 import products_pb2

FULL = Product(
    "Red dress",
    external_id="SKU-1",
    description="Long",
    brand="Smith, Sons",
    category="dress",
    product_type="Abendmode > Kleider",
    price=Money("19.90", "EUR"),
    list_price=Money("25", "EUR"),
    url="https://shop.example/1",
    availability=Availability.PREORDER,
    attributes={"material": "linen"},
)


def test_products(client: Any, server: Any, product: products_pb2.Product) -> None:
    server.say("CreateProduct", products_pb2.CreateProductResponse(product=product))
    server.say("GetProduct", products_pb2.GetProductResponse(product=product))
    server.say("ListProducts", products_pb2.ListProductsResponse(products=[product], next_page_token="more"))
    server.say("UpdateProduct", products_pb2.UpdateProductResponse(product=product))
    server.say("DeleteProduct", products_pb2.DeleteProductResponse())

    made = client.create_product(Product("Red dress", price=Money("19.90", "EUR")), idempotency_key="k")
    assert (made.id, made.price, str(made.price)) == ("product-1", Money("19.90", "EUR"), "19.90 EUR")
    assert made.create_time == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert made.update_time is None
    (request,) = server.requests["CreateProduct"]
    assert request.idempotency_key == "k"
    assert (request.product.price.units, request.product.price.nanos) == (19, 900_000_000)

    assert client.get_product("product-1") == made
    page = client.list_products(
        text="red", where="price<5", order_by="price desc", page_size=5, page_token="here"
    )
    assert (page.items, page.next_page_token) == ((made,), "more")
    (listed,) = server.requests["ListProducts"]
    assert (listed.text, listed.order_by, listed.page_size) == ("red", "price desc", 5)
    assert (listed.where, listed.page_token) == ("price<5", "here")
    client.update_product(replace(made, brand="New"), ["brand"])
    (update,) = server.requests["UpdateProduct"]
    assert (update.product.brand, update.product.etag, update.update_mask) == (
        "New",
        "e1",
        FieldMask(paths=["brand"]),
    )
    assert client.delete_product("product-1", etag="e1") is None
    assert server.requests["DeleteProduct"][0].etag == "e1"


def test_every_field_of_a_product_goes_and_comes(client: Any, server: Any) -> None:
    server.say("CreateProduct", lambda request: products_pb2.CreateProductResponse(product=request.product))
    assert client.create_product(FULL) == FULL
    assert client.create_product(Product("a")) == Product("a")
    sent = server.requests["CreateProduct"][0].product
    assert {field.name for field, _ in sent.ListFields()} == {
        *("external_id", "display_name", "description", "brand", "category", "product_type", "price"),
        *("list_price", "url", "availability", "attributes"),
    }


def test_what_only_the_server_sets(client: Any, server: Any, product: products_pb2.Product) -> None:
    product.primary_item_id = "item-1"
    product.delete_time.FromSeconds(1_700_000_001)
    product.availability = 99
    server.say("GetProduct", products_pb2.GetProductResponse(product=product))
    found = client.get_product(external_id="SKU-1")
    assert server.requests["GetProduct"][0].WhichOneof("key") == "external_id"
    assert (found.primary_item_id, found.availability) == ("item-1", Availability.UNKNOWN)
    assert found.delete_time == datetime(2023, 11, 14, 22, 13, 21, tzinfo=UTC)


@pytest.mark.parametrize("ids", [{}, {"product_id": "a", "external_id": "b"}])
def test_a_product_is_asked_for_by_one_id(client: Any, ids: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="one of the two"):
        client.get_product(**ids)


def test_an_upsert(client: Any, server: Any, product: products_pb2.Product) -> None:
    server.say("UpdateProduct", products_pb2.UpdateProductResponse(product=product, created=True))
    found, created = client.upsert_product(FULL, ["price"])
    assert (found.id, created) == ("product-1", True)
    client.update_product(replace(FULL, id="product-1"))
    upsert, update = server.requests["UpdateProduct"]
    assert (upsert.allow_missing, upsert.product.external_id) == (True, "SKU-1")
    assert list(upsert.update_mask.paths) == ["price"]
    assert (update.allow_missing, update.HasField("update_mask")) == (False, False)


def test_all_products_are_fetched_page_by_page(
    client: Any, server: Any, product: products_pb2.Product
) -> None:
    pages = {"": "second", "second": "third", "third": ""}

    def answer(request: products_pb2.ListProductsRequest) -> products_pb2.ListProductsResponse:
        token = pages[request.page_token]
        products = [] if request.page_token == "second" else [product]
        return products_pb2.ListProductsResponse(products=products, next_page_token=token)

    server.say("ListProducts", answer)
    assert [each.id for each in client.iter_products(page_size=1, where="brand=x")] == [
        "product-1",
        "product-1",
    ]
    requests = server.requests["ListProducts"]
    assert {each.where for each in requests} == {"brand=x"}
    assert [(each.page_size, each.page_token) for each in requests] == [(1, ""), (1, "second"), (1, "third")]
