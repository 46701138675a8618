"""`armoire audit`."""

from __future__ import annotations

from typing import Any

from armoire.v1 import catalog_pb2, operations_pb2
from tests.unit.clients.command.outcomes import documents

STARTED = operations_pb2.Operation(id="op-1", kind="OPERATION_KIND_AUDIT", state="OPERATION_STATE_QUEUED")


def say(server: Any, **report: Any) -> None:
    """Let an audit end with this report."""
    done = operations_pb2.Operation(id="op-1", kind=STARTED.kind, state="OPERATION_STATE_SUCCEEDED")
    done.response.Pack(operations_pb2.AuditReport(**report))
    server.say("AuditCatalog", catalog_pb2.AuditCatalogResponse(operation=STARTED))
    server.say("WatchOperation", [operations_pb2.WatchOperationResponse(operation=done)])


def test_stores_that_agree(armoire: Any, server: Any) -> None:
    say(server, items=3, vectors=3, blobs=5)
    status, out, _ = armoire("audit")
    assert (status, out.splitlines()) == (
        0,
        ["3 items, 3 vectors, 5 pictures", "0 lost, 0 doubled, 0 stale, 0 orphaned"],
    )
    request = server.requests["AuditCatalog"][0]
    assert (request.repair, request.all_tenants, bool(request.idempotency_key)) == (False, False, True)


def test_differences_fail(armoire: Any, server: Any) -> None:
    finding = {"problem": "lost", "store": "vectors", "tenant": "default", "id": "i"}
    say(server, items=3, vectors=2, lost=1, findings=[finding])
    status, out, err = armoire("audit", "--all-tenants")
    assert status == 1
    assert "  lost in vectors: i (default)" in out.splitlines()
    assert "1 differences are left; --repair mends what can be" in err
    assert server.requests["AuditCatalog"][0].all_tenants


def test_what_was_mended_does_not_fail(armoire: Any, server: Any) -> None:
    say(server, items=3, vectors=2, lost=1, repaired=1)
    status, out, _ = armoire("audit", "--repair", "--json")
    (document,) = documents(out)
    assert (status, document["lost"], document["repaired"]) == (0, 1, 1)
    assert server.requests["AuditCatalog"][0].repair


def test_an_audit_that_was_cancelled_fails(armoire: Any, server: Any) -> None:
    cancelled = operations_pb2.Operation(id="op-1", kind=STARTED.kind, state="OPERATION_STATE_CANCELLED")
    server.say("AuditCatalog", catalog_pb2.AuditCatalogResponse(operation=STARTED))
    server.say("WatchOperation", [operations_pb2.WatchOperationResponse(operation=cancelled)])
    status, _, err = armoire("audit")
    assert status == 1
    assert "the audit op-1 is CANCELLED" in err
