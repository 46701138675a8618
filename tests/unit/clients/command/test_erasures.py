"""`armoire products erase`, `armoire admin tenant erase` and `armoire admin end-user erase`."""

from __future__ import annotations

from typing import Any

from armoire.v1 import catalog_pb2, operations_pb2
from tests.unit.clients.command.outcomes import documents

STARTED = operations_pb2.Operation(id="op-1", kind="OPERATION_KIND_ERASE", state="OPERATION_STATE_QUEUED")


def end_with(server: Any, state: str = "SUCCEEDED", remaining: int = 0, **subject: str) -> None:
    """Let an erasure end in this state."""
    done = operations_pb2.Operation(id="op-1", kind=STARTED.kind, state=f"OPERATION_STATE_{state}")  # type: ignore[arg-type]
    store = operations_pb2.ErasedStore(store="rows", removed=7, remaining=remaining)
    done.response.Pack(operations_pb2.ErasureReport(stores=[store], **subject))
    server.say("EraseProduct", catalog_pb2.EraseProductResponse(operation=STARTED))
    server.say("EraseEndUser", catalog_pb2.EraseEndUserResponse(operation=STARTED))
    server.say("EraseTenant", catalog_pb2.EraseTenantResponse(operation=STARTED))
    server.say("WatchOperation", [operations_pb2.WatchOperationResponse(operation=done)])


def test_a_tenant_is_erased_and_the_report_shown(armoire: Any, server: Any) -> None:
    end_with(server, tenant="shop")
    status, out, _ = armoire("admin", "tenant", "erase", "shop", "--yes")
    assert (status, out.splitlines()) == (0, ["erased shop", "  rows: 7 removed, 0 left"])
    assert server.requests["EraseTenant"][0].tenant == "shop"


def test_a_product_is_erased(armoire: Any, server: Any) -> None:
    end_with(server, product_id="product-1")
    status, out, _ = armoire("products", "erase", "product-1", "--yes", "--json")
    (document,) = documents(out)
    assert status == 0
    assert document == {
        "tenant": "",
        "product_id": "product-1",
        "stores": [{"store": "rows", "removed": 7, "remaining": 0}],
    }


def test_an_end_user_is_erased_and_not_named(armoire: Any, server: Any) -> None:
    end_with(server)
    status, out, _ = armoire("admin", "end-user", "erase", "customer-4711", "--yes")
    assert (status, out.splitlines()) == (0, ["erased the end user", "  rows: 7 removed, 0 left"])
    assert server.requests["EraseEndUser"][0].end_user == "customer-4711"


def test_nothing_is_erased_without_yes(armoire: Any, server: Any) -> None:
    commands = (
        ["admin", "tenant", "erase", "shop"],
        ["admin", "end-user", "erase", "customer-4711"],
        ["products", "erase", "product-1"],
    )
    for words in commands:
        status, _, error = armoire(*words)
        assert status == 2
        assert "cannot be undone: add --yes" in error
    assert not server.requests


def test_an_erasure_that_did_not_end_well_fails_the_command(armoire: Any, server: Any) -> None:
    end_with(server, "CANCELLED", tenant="shop")
    status, _, error = armoire("admin", "tenant", "erase", "shop", "--yes")
    assert status == 1
    assert "armoire operations retry op-1" in error
    end_with(server, remaining=1, tenant="shop")
    assert armoire("admin", "tenant", "erase", "shop", "--yes")[0] == 1
