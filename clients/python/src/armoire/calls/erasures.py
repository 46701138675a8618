"""Calls that remove a product, an end user or a tenant for good."""

from __future__ import annotations

from armoire.call import Call, call_of
from armoire.messages.operations import operation_from_proto
from armoire.v1 import catalog_pb2
from armoire.values.operations import Operation


def erase_product(product_id: str) -> Call[Operation]:
    return call_of(
        "armoire.v1.CatalogService/EraseProduct",
        catalog_pb2.EraseProductRequest(product_id=product_id),
        catalog_pb2.EraseProductResponse,
        lambda reply: operation_from_proto(reply.operation),
        repeatable=False,
    )


def erase_end_user(end_user: str) -> Call[Operation]:
    return call_of(
        "armoire.v1.CatalogService/EraseEndUser",
        catalog_pb2.EraseEndUserRequest(end_user=end_user),
        catalog_pb2.EraseEndUserResponse,
        lambda reply: operation_from_proto(reply.operation),
        repeatable=False,
    )


def erase_tenant(tenant: str) -> Call[Operation]:
    return call_of(
        "armoire.v1.CatalogService/EraseTenant",
        catalog_pb2.EraseTenantRequest(tenant=tenant),
        catalog_pb2.EraseTenantResponse,
        lambda reply: operation_from_proto(reply.operation),
        repeatable=False,
    )
