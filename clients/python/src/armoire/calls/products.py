"""Calls of products."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf import field_mask_pb2

from armoire.call import Call, call_of
from armoire.calls.keys import key_or_fresh
from armoire.messages.products import product_from_proto, product_to_proto
from armoire.v1 import products_pb2
from armoire.values.products import Product, RestoredProduct
from armoire.values.types import Page


def create_product(product: Product, idempotency_key: str | None = None) -> Call[Product]:
    request = products_pb2.CreateProductRequest(
        product=product_to_proto(product), idempotency_key=key_or_fresh(idempotency_key)
    )
    return call_of(
        "armoire.v1.CatalogService/CreateProduct",
        request,
        products_pb2.CreateProductResponse,
        lambda reply: product_from_proto(reply.product),
        repeatable=bool(request.idempotency_key),
    )


def get_product(product_id: str = "", external_id: str = "") -> Call[Product]:
    """
    Raises:
        ValueError: neither id is given, or both.
    """
    if bool(product_id) == bool(external_id):
        raise ValueError("give product_id or external_id, one of the two")
    return call_of(
        "armoire.v1.CatalogService/GetProduct",
        products_pb2.GetProductRequest(product_id=product_id or None, external_id=external_id or None),
        products_pb2.GetProductResponse,
        lambda reply: product_from_proto(reply.product),
    )


def list_products(
    page_size: int = 0,
    page_token: str = "",
    text: str = "",
    where: str = "",
    order_by: str = "",
    show_deleted: bool = False,
    only_deleted: bool = False,
) -> Call[Page[Product]]:
    return call_of(
        "armoire.v1.CatalogService/ListProducts",
        products_pb2.ListProductsRequest(
            page_size=page_size,
            page_token=page_token,
            text=text,
            where=where,
            order_by=order_by,
            show_deleted=show_deleted,
            only_deleted=only_deleted,
        ),
        products_pb2.ListProductsResponse,
        lambda reply: Page(tuple(map(product_from_proto, reply.products)), reply.next_page_token),
    )


def update_product(product: Product, fields: Sequence[str] = ()) -> Call[Product]:
    return call_of(
        "armoire.v1.CatalogService/UpdateProduct",
        products_pb2.UpdateProductRequest(product=product_to_proto(product), update_mask=_mask(fields)),
        products_pb2.UpdateProductResponse,
        lambda reply: product_from_proto(reply.product),
        repeatable=False,
    )


def upsert_product(product: Product, fields: Sequence[str] = ()) -> Call[tuple[Product, bool]]:
    """The product, and whether it is new. An etag would no longer match in a second try."""
    request = products_pb2.UpdateProductRequest(
        product=product_to_proto(product), update_mask=_mask(fields), allow_missing=True
    )
    return call_of(
        "armoire.v1.CatalogService/UpdateProduct",
        request,
        products_pb2.UpdateProductResponse,
        lambda reply: (product_from_proto(reply.product), reply.created),
        repeatable=not product.etag,
    )


def delete_product(product_id: str, etag: str = "") -> Call[None]:
    return call_of(
        "armoire.v1.CatalogService/DeleteProduct",
        products_pb2.DeleteProductRequest(product_id=product_id, etag=etag),
        products_pb2.DeleteProductResponse,
        lambda _: None,
        repeatable=False,
    )


def restore_product(product_id: str) -> Call[RestoredProduct]:
    return call_of(
        "armoire.v1.CatalogService/RestoreProduct",
        products_pb2.RestoreProductRequest(product_id=product_id),
        products_pb2.RestoreProductResponse,
        lambda reply: RestoredProduct(
            product_from_proto(reply.product), reply.images, reply.items, reply.lost_images
        ),
    )


def _mask(fields: Sequence[str]) -> field_mask_pb2.FieldMask | None:
    return field_mask_pb2.FieldMask(paths=fields) if fields else None
