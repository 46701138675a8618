from __future__ import annotations

from typing import Any

from armoire import Client, OperationKind
from armoire.v1 import catalog_pb2, operations_pb2

STARTED = operations_pb2.Operation(id="op-1", kind="OPERATION_KIND_ERASE")


def test_erasures_are_started(client: Client, server: Any) -> None:
    server.say("EraseProduct", catalog_pb2.EraseProductResponse(operation=STARTED))
    server.say("EraseTenant", catalog_pb2.EraseTenantResponse(operation=STARTED))
    server.say("EraseEndUser", catalog_pb2.EraseEndUserResponse(operation=STARTED))
    assert client.erase_end_user("customer-4711").id == "op-1"
    assert server.requests["EraseEndUser"][0].end_user == "customer-4711"
    assert client.erase_product("product-1").kind is OperationKind.ERASE
    assert client.erase_tenant("shop").id == "op-1"
    assert server.requests["EraseProduct"][0].product_id == "product-1"
    assert server.requests["EraseTenant"][0].tenant == "shop"
