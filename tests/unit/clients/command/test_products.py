from __future__ import annotations

from typing import Any

import grpc
import pytest

from armoire.v1 import products_pb2
from tests.unit.clients.command.outcomes import PRODUCT, documents


def test_products_are_listed(armoire: Any, server: Any, product: products_pb2.Product) -> None:
    server.say("ListProducts", products_pb2.ListProductsResponse(products=[product] * 3))
    status, out, _ = armoire("products", "list", "--limit", "2", "--json")
    assert (status, documents(out)) == (0, [PRODUCT, PRODUCT])
    assert server.requests["ListProducts"][0].page_size == 2
    assert (
        armoire("products", "list", "--text", "dress", "--order-by", "price desc", "--where", "price<5")[0]
        == 0
    )
    ordered = server.requests["ListProducts"][1]
    assert (ordered.text, ordered.order_by, ordered.where) == ("dress", "price desc", "price<5")
    status, _, err = armoire("products", "list", "--where", "price<")
    assert (status, len(server.requests["ListProducts"])) == (2, 2)
    assert "expected a value here" in err
    header, row, *_ = armoire("products", "list")[1].splitlines()
    assert header.split()[:3] == ["product", "external", "id"]
    assert row.split()[:2] == ["product-1", "-"]
    assert "19.90 EUR" in row


def test_deleted_products_have_their_time(armoire: Any, server: Any, product: products_pb2.Product) -> None:
    gone = products_pb2.Product(id="gone", delete_time={"seconds": 1_700_000_000})
    server.say("ListProducts", products_pb2.ListProductsResponse(products=[product, gone]))
    header, *rows = armoire("products", "list", "--deleted")[1].splitlines()
    assert header.split()[-1] == "deleted"
    assert [row.split()[-1] for row in rows] == ["-", "2023-11-14T22:13:20+00:00"]
    assert "deleted" not in armoire("products", "list")[1]
    assert armoire("products", "list", "--only-deleted")[1].splitlines()[0] == header
    asked = [(each.show_deleted, each.only_deleted) for each in server.requests["ListProducts"]]
    assert asked == [(True, False), (False, False), (False, True)]


def test_products_by_id(armoire: Any, server: Any, product: products_pb2.Product, fail: Any) -> None:
    def get(request: products_pb2.GetProductRequest) -> Any:
        if "product-1" in (request.product_id, request.external_id):
            return products_pb2.GetProductResponse(product=product)
        return fail(grpc.StatusCode.NOT_FOUND, "no such product")

    server.say("GetProduct", get)
    status, out, err = armoire("products", "get", "product-1", "product-2", "--json")
    assert (status, err) == (1, "armoire: product-2: no such product (request id request-1)\n")
    assert PRODUCT in documents(out)
    assert armoire("products", "get", "--external-id", "product-1", "--json")[0] == 0
    kinds = [request.WhichOneof("key") for request in server.requests["GetProduct"]]
    assert kinds == ["product_id", "product_id", "external_id"]


@pytest.mark.parametrize("arguments", [[], ["product-1", "--external-id", "SKU-1"]])
def test_products_by_one_kind_of_id(armoire: Any, arguments: list[str]) -> None:
    status, _, err = armoire("products", "get", *arguments)
    assert status == 2
    assert err.endswith("armoire products get: error: give IDs or --external-id, one of the two\n")


def test_products_are_deleted(armoire: Any, server: Any, fail: Any) -> None:
    gone = fail(grpc.StatusCode.NOT_FOUND, "no such product")
    reply = products_pb2.DeleteProductResponse()
    server.say("DeleteProduct", lambda request: gone if request.product_id == "b" else reply)
    status, out, err = armoire("products", "delete", "a", "b", "c", "--json")
    assert (status, err) == (1, "armoire: b: no such product (request id request-1)\n")
    first, failed, last = documents(out)
    assert (first, last) == ({"product_id": "a", "deleted": True}, {"product_id": "c", "deleted": True})
    assert failed["error"]["code"] == "NOT_FOUND"
    assert armoire("products", "delete", "a")[1] == "deleted a\n"


def test_a_product_is_created(armoire: Any, server: Any, product: products_pb2.Product) -> None:
    server.say("CreateProduct", products_pb2.CreateProductResponse(product=product))
    options = (
        "--external-id",
        "SKU-1",
        "--price",
        "19.90",
        "--currency",
        "CHF",
        "--availability",
        "preorder",
    )
    status, out, _ = armoire("products", "create", "Red dress", *options, "--json")
    assert (status, documents(out)) == (0, [PRODUCT])
    asked = server.requests["CreateProduct"][0].product
    assert (asked.display_name, asked.external_id, asked.price.currency_code) == ("Red dress", "SKU-1", "CHF")
    assert asked.availability == products_pb2.AVAILABILITY_PREORDER
    assert not asked.HasField("list_price")


def test_the_fields_given_of_a_product_are_changed(
    armoire: Any, server: Any, product: products_pb2.Product
) -> None:
    server.say("UpdateProduct", products_pb2.UpdateProductResponse(product=product))
    options = ("--name", "Dress", "--list-price", "", "--price", "17.90 EUR")
    assert armoire("products", "update", "product-1", *options, "--json")[0] == 0
    asked = server.requests["UpdateProduct"][0]
    assert set(asked.update_mask.paths) == {"display_name", "price", "list_price"}
    assert (asked.product.id, asked.product.display_name, asked.product.price.units) == (
        "product-1",
        "Dress",
        17,
    )
    assert not asked.product.HasField("list_price")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [([], "give a field to change"), (["--price", "cheap"], "--price: 'cheap' is not a price")],
)
def test_a_change_that_is_none_is_a_wrong_command(armoire: Any, options: list[str], complaint: str) -> None:
    status, _, err = armoire("products", "update", "product-1", *options)
    assert status == 2
    assert complaint in err
