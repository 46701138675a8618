"""`armoire admin`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest

from armoire.command.durations import duration_s, moment
from armoire.v1 import access_pb2, admin_pb2
from tests.unit.clients.command.outcomes import documents

KEY = admin_pb2.ApiKey(
    id="0123456789abcdef",
    name="till",
    tenant="shop",
    scopes=[access_pb2.SCOPE_READ, access_pb2.SCOPE_INFER],
    create_time={"seconds": 1},
)
TEXT = "armoire_0123456789abcdef_secret"


def test_a_key_is_made_and_shown_once(armoire: Any, server: Any) -> None:
    server.say("CreateApiKey", admin_pb2.CreateApiKeyResponse(api_key=KEY, key=TEXT))
    arguments = (
        "--name",
        "till",
        "--scope",
        "read",
        "--scope",
        "infer",
        "--tenant",
        "shop",
        "--lifetime",
        "90d",
    )
    status, out, err = armoire("admin", "key", "create", *arguments)
    assert (status, out) == (0, f"{TEXT}\n")
    assert "not shown again" in err
    assert documents(armoire("admin", "key", "create", *arguments, "--json")[1]) == [
        {"key_id": KEY.id, "key": TEXT, "tenant": "shop", "scopes": ["read", "infer"]}
    ]
    request = server.requests["CreateApiKey"][0]
    assert (request.name, request.tenant, request.lifetime.seconds) == ("till", "shop", 90 * 86400)
    assert list(request.scopes) == [access_pb2.SCOPE_READ, access_pb2.SCOPE_INFER]


def test_keys_are_listed_without_their_text(armoire: Any, server: Any) -> None:
    server.say("ListApiKeys", admin_pb2.ListApiKeysResponse(api_keys=[KEY]))
    (document,) = documents(armoire("admin", "key", "list", "--json")[1])
    assert (document["id"], document["scopes"], document["revoke_time"]) == (KEY.id, ["read", "infer"], None)
    row = armoire("admin", "key", "list", "--tenant", "shop")[1].splitlines()[1]
    assert row.split()[:4] == [KEY.id, "till", "shop", "read,infer"]
    assert [request.tenant for request in server.requests["ListApiKeys"]] == ["", "shop"]


def test_a_key_is_rotated(armoire: Any, server: Any) -> None:
    server.say("RotateApiKey", admin_pb2.RotateApiKeyResponse(api_key=KEY, key=TEXT))
    assert armoire("admin", "key", "rotate", KEY.id, "--overlap", "12h")[1] == f"{TEXT}\n"
    (request,) = server.requests["RotateApiKey"]
    assert (request.key_id, request.overlap.seconds) == (KEY.id, 12 * 3600)


def test_a_key_that_is_not_there_does_not_keep_the_next_from_being_revoked(
    armoire: Any, server: Any, fail: Any
) -> None:
    gone = fail(grpc.StatusCode.NOT_FOUND, "key 'a' does not exist", reason="NOT_FOUND")
    server.say("RevokeApiKey", gone, admin_pb2.RevokeApiKeyResponse(api_key=KEY))
    status, out, err = armoire("admin", "key", "revoke", "a", KEY.id)
    assert (status, out) == (1, f"revoked {KEY.id} (till)\n")
    assert "'a' does not exist" in err


def test_the_key_comes_from_the_environment(
    armoire: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARMOIRE_API_KEY", f"{TEXT}\n")
    server.say("ListApiKeys", admin_pb2.ListApiKeysResponse())
    armoire("admin", "key", "list")
    assert server.metadata["ListApiKeys"][0]["authorization"] == f"Bearer {TEXT}"


@pytest.mark.parametrize("key", ["schlüssel", "a\nb"])
def test_a_key_that_no_header_holds_is_refused_and_not_shown(
    armoire: Any, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("ARMOIRE_API_KEY", key)
    status, _, err = armoire("admin", "key", "list")
    assert status == 2
    assert "ARMOIRE_API_KEY" in err
    assert key not in err


def test_a_tenant_is_limited_and_shown(armoire: Any, server: Any) -> None:
    server.say("UpdateTenant", lambda request: admin_pb2.UpdateTenantResponse(tenant=request.tenant))
    before = {"id": "shop", "requests_per_minute": 600, "max_bytes": 9, "etag": "e1"}
    kept = admin_pb2.TenantUse(items=3, bytes=7)
    server.say("GetTenant", admin_pb2.GetTenantResponse(tenant=before, use=kept))
    for given, shown in {"60": "at most 60", "none": "no limit", "default": "the server's setting"}.items():
        out = armoire("admin", "tenant", "limit", "shop", "--max-items", given)[1]
        assert out.splitlines() == [
            "shop",
            "  calls in any minute: at most 600",
            "  millions of pixels of pictures and their boxes in any minute: the server's setting",
            f"  items to keep: {shown}",
            "  bytes of photos to keep: at most 9",
            "  in the prediction log: the server's setting",
            "  kept: 3 items, 7 bytes of photos",
        ]
    (document,) = documents(armoire("admin", "tenant", "show", "--json")[1])
    unset = {"megapixels_per_minute": None, "max_items": None, "log_predictions": None}
    assert document == {**before, **unset, "use": {"items": 3, "bytes": 7}}


def test_a_tenant_is_switched_into_the_prediction_log_and_out_of_it(armoire: Any, server: Any) -> None:
    server.say("UpdateTenant", lambda request: admin_pb2.UpdateTenantResponse(tenant=request.tenant))
    before = admin_pb2.Tenant(id="shop", log_predictions=True, etag="e1")
    server.say("GetTenant", admin_pb2.GetTenantResponse(tenant=before))
    for given, shown in {"on": "yes", "off": "no", "default": "the server's setting"}.items():
        out = armoire("admin", "tenant", "limit", "shop", "--log-predictions", given)[1]
        assert out.splitlines()[-1] == f"  in the prediction log: {shown}"
        assert server.requests["UpdateTenant"][-1].tenant.etag == "e1"


@pytest.mark.parametrize("limits", [(), ("--max-items", "-1"), ("--max-items", "0")])
def test_a_limit_is_named_and_a_number(armoire: Any, limits: tuple[str, ...]) -> None:
    assert armoire("admin", "tenant", "limit", "shop", *limits)[0] == 2


@pytest.mark.parametrize(("text", "seconds"), [("45s", 45), ("30m", 1800), ("12h", 43200), ("90d", 7776000)])
def test_times(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "0d", "-1d", "1", "1w", "d", "1.5h", "9999999999s"])
def test_a_bad_time_is_refused(armoire: Any, text: str) -> None:
    assert armoire("admin", "key", "create", "--name", "x", "--scope", "read", f"--lifetime={text}")[0] == 2


RECORD = admin_pb2.AuditRecord(
    id="00000000000000ff",
    create_time={"seconds": 1_764_000_000},
    tenant="shop",
    actor="key:1",
    end_user="shopper 1",
    action="UpdateProduct",
    resource="products/1",
    before={"price": "19.90 EUR"},
    after={"price": "9.90 EUR", "stock": 3},
    request_id="r-1",
)


def test_what_was_changed_is_shown(armoire: Any, server: Any) -> None:
    server.say("ListAuditRecords", admin_pb2.ListAuditRecordsResponse(audit_records=[RECORD]))
    (document,) = documents(armoire("admin", "audit", "--json")[1])
    assert document == {
        "id": RECORD.id,
        "create_time": "2025-11-24T16:00:00+00:00",
        "tenant": "shop",
        "actor": "key:1",
        "end_user": "shopper 1",
        "action": "UpdateProduct",
        "resource": "products/1",
        "before": {"price": "19.90 EUR"},
        "after": {"price": "9.90 EUR", "stock": 3},
        "request_id": "r-1",
    }
    row = armoire("admin", "audit")[1].splitlines()[1]
    assert row.startswith("2025-11-24 16:00:00+00:00")
    assert '{"price": "9.90 EUR", "stock": 3}' in row


def test_changes_are_filtered(armoire: Any, server: Any) -> None:
    server.say("ListAuditRecords", admin_pb2.ListAuditRecordsResponse())
    times = ("--since", "2026-11-01", "--until", "2026-11-02T12:00:00+02:00")
    others = ("--actor", "key:1", "--action", "A", "--resource", "products/", "--tenant", "shop")
    assert armoire("admin", "audit", *times, *others, "--limit", "5")[0] == 0
    (request,) = server.requests["ListAuditRecords"]
    assert request.created_from.ToJsonString() == "2026-11-01T00:00:00Z"
    assert request.created_before.ToJsonString() == "2026-11-02T10:00:00Z"
    asked = (request.actor, request.action, request.resource_prefix, request.tenant, request.page_size)
    assert asked == ("key:1", "A", "products/", "shop", 5)


def test_a_time_may_be_so_long_ago() -> None:
    before = datetime.now(UTC)
    assert before - timedelta(days=7) <= moment("7d") <= datetime.now(UTC) - timedelta(days=7)


@pytest.mark.parametrize("text", ["", "yesterday", "7 d", "999999999d"])
def test_a_time_that_is_none_is_refused(armoire: Any, text: str) -> None:
    status, _, err = armoire("admin", "audit", "--since", text)
    assert status == 2
    assert "expected a time such as" in err or "before the year 1" in err
