"""The permission matrix: every call of every transport, by every kind of caller, against a real server."""

from __future__ import annotations

import json
import stat
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor

from armoire import (
    Box,
    Client,
    ImportEntry,
    IndexingJobFilter,
    IndexingJobState,
    InvalidInput,
    NewWardrobeItem,
    NotFound,
    PermissionDenied,
    PhotoToIndex,
    Product,
    ReviewedItem,
    Tenant,
    TenantSettings,
)
from armoire.v1 import catalog_pb2_grpc, corrections_pb2, reviews_pb2, types_pb2
from demo.server import ROOT, ServerProcess
from domain.types import Principal, Scope
from services.access.access import Requirement
from services.edge.requirements import SERVICES, requirement_of

METHODS: list[MethodDescriptor] = [method for service in SERVICES for method in service.methods]
PROBES = {"ServerLive", "ServerReady", "ModelReady"}
"""Over gRPC they answer everyone, as health does."""
REST = {
    ("POST", "/v1/analyze"): "armoire.v1.InferenceService/Analyze",
    ("POST", "/v1/search"): "armoire.v1.CatalogService/Search",
    ("POST", "/v1/index"): "armoire.v1.CatalogService/IndexImage",
    ("GET", "/v2"): "inference.GRPCInferenceService/ServerMetadata",
    ("GET", "/v2/models/detect"): "inference.GRPCInferenceService/ModelMetadata",
    ("GET", "/v2/models/detect/config"): "inference.GRPCInferenceService/ModelConfig",
    ("GET", "/v2/models/stats"): "inference.GRPCInferenceService/ModelStatistics",
    ("POST", "/v2/models/detect/infer"): "inference.GRPCInferenceService/ModelInfer",
    ("POST", "/v2/repository/index"): "inference.GRPCInferenceService/RepositoryIndex",
    ("POST", "/v2/repository/models/none/load"): "inference.GRPCInferenceService/RepositoryModelLoad",
    ("POST", "/v2/repository/models/none/unload"): "inference.GRPCInferenceService/RepositoryModelUnload",
    ("GET", "/v2/systemsharedmemory/status"): "inference.GRPCInferenceService/SystemSharedMemoryStatus",
}
UNKNOWN = {"no key", "wrong key", "expired", "revoked"}
KNOWN = [f"{tenant}, {scope}" for tenant in ("default", "shop") for scope in Scope]
CALLERS = [*sorted(UNKNOWN), *KNOWN]


@dataclass(frozen=True)
class Guarded:
    """A server that wants keys."""

    server: ServerProcess
    admin: str
    keys: Mapping[str, str | None]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    home = tmp_path_factory.mktemp("guarded")
    with ServerProcess(home, "services.app:Armoire", {"ARMOIRE_AUTH__MODE": "required"}) as server:
        admin = (home / "first-admin-key").read_text().strip()
        with Client(server.address, token=admin) as client:
            yield Guarded(server, admin, make_keys(client))


def make_keys(client: Client) -> dict[str, str | None]:
    keys: dict[str, str | None] = {"no key": None, "wrong key": f"armoire_{'0' * 16}_{'a' * 43}"}
    keys["expired"] = client.create_api_key("expired", list(Scope), lifetime_s=1e-6).key
    revoked = client.create_api_key("revoked", [scope.value for scope in Scope])
    client.revoke_api_key(revoked.api_key.id)
    keys["revoked"] = revoked.key
    for tenant in ("default", "shop"):
        for scope in Scope:
            keys[f"{tenant}, {scope}"] = client.create_api_key(scope, [scope], tenant=tenant).key
    return keys


def expected(caller: str, wanted: Requirement) -> str:
    """UNAUTHENTICATED, PERMISSION_DENIED, or "" for any other answer."""
    if wanted.anyone:
        return ""
    if caller in UNKNOWN:
        return "UNAUTHENTICATED"
    tenant, scope = caller.split(", ")
    may = Scope(scope) in wanted.scopes and (Principal(tenant).is_operator or not wanted.operator_only)
    return "" if may else "PERMISSION_DENIED"


def over_grpc(channel: grpc.Channel, method: MethodDescriptor, key: str | None, watched_s: float) -> str:
    """The status of a call with an empty request, if it is about the caller.

    Responses of a call that watches are read for `watched_s`.
    """
    path = f"/{method.containing_service.full_name}/{method.name}"
    metadata = [("authorization", f"Bearer {key}")] if key else []
    try:
        if method.client_streaming and method.server_streaming:
            list(channel.stream_stream(path)(iter([b""]), metadata=metadata, timeout=60))
        elif method.client_streaming:
            channel.stream_unary(path)(iter([b""]), metadata=metadata, timeout=60)
        elif method.server_streaming:
            list(channel.unary_stream(path)(b"", metadata=metadata, timeout=watched_s))
        else:
            channel.unary_unary(path)(b"", metadata=metadata, timeout=60)
    except grpc.RpcError as error:
        code = error.code().name
        return code if code in ("UNAUTHENTICATED", "PERMISSION_DENIED") else ""
    return ""


def over_http(url: str, key: str | None, verb: str = "POST", content_type: str = "application/json") -> str:
    headers = {"content-type": content_type} | ({"authorization": f"Bearer {key}"} if key else {})
    body = b"{}" if verb == "POST" else None
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, body, headers, method=verb), timeout=60
        ) as reply:
            assert b"unauthenticated" not in reply.read()
    except urllib.error.HTTPError as error:
        with error:
            challenge = str(error.headers["www-authenticate"]).partition(" ")[0]
            return {(401, "Bearer"): "UNAUTHENTICATED", (403, "None"): "PERMISSION_DENIED"}.get(
                (error.code, challenge), ""
            )
    return ""


@pytest.mark.parametrize("caller", CALLERS)
def test_the_matrix(guarded: Guarded, caller: str) -> None:
    key, wrong = guarded.keys[caller], []
    by_path = {f"{method.containing_service.full_name}/{method.name}": method for method in METHODS}
    with grpc.insecure_channel(guarded.server.address) as channel:
        for path, method in by_path.items():
            wanted = expected(caller, requirement_of(method))
            by_grpc = "" if method.name in PROBES else wanted
            if (found := over_grpc(channel, method, key, 60.0 if by_grpc else 5.0)) != by_grpc:
                wrong.append(("gRPC", path, found, by_grpc))
            if method.client_streaming or method.server_streaming:
                continue
            if (found := over_http(f"{guarded.server.http_url}/{path}", key)) != wanted:
                wrong.append(("Connect", path, found, wanted))
    for (verb, route), path in REST.items():
        wanted = expected(caller, requirement_of(by_path[path]))
        if (found := over_http(f"{guarded.server.http_url}{route}", key, verb)) != wanted:
            wrong.append(("REST", route, found, wanted))
    assert not wrong


def test_a_stream_over_http_is_refused(guarded: Guarded) -> None:
    url = f"{guarded.server.http_url}/armoire.v1.CatalogService/WatchIndexingJob"
    request = urllib.request.Request(
        url, b"\0\0\0\0\2{}", {"content-type": "application/connect+json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        end = json.loads(reply.read()[5:])
    assert end["error"]["code"] == "unauthenticated"


def test_probes_and_health_answer_everyone(guarded: Guarded) -> None:
    with Client(guarded.server.address, token="") as client:
        assert client.health().serving
    for route in ("/livez", "/readyz", "/v2/health/live", "/v2/health/ready"):
        with urllib.request.urlopen(f"{guarded.server.http_url}{route}", timeout=60) as reply:
            assert reply.status == 200


OF_TENANTS = {"CatalogService", "OutfitService", "OperationService", "AdminService"}
NAMES_NOTHING = {
    "CreateProduct",
    "CreateUpload",
    "GetCatalogLimits",
    "StartImport",
    "EraseEndUser",
    "StartCatalogExport",
    "ReadProductPage",
    "CreateWebhook",
    "GetTaxonomy",
}
"""Calls that name nothing of another tenant."""
LISTED = {
    "ListProducts",
    "ListImages",
    "ListItems",
    "ListIndexingJobs",
    "ListOperations",
    "IndexImages",
    "ExportDataset",
    *("CountIndexingJobs", "RetryIndexingJobs", "DeleteIndexingJobs"),
    *("ListWebhooks", "ListWebhookDeliveries"),
    *("ReleaseReviewItems", "GetReviewStatistics"),
    *("ListWardrobeItems", "RemoveWardrobeItems", "GetPreferences", "ResetPreferences", "ExportEndUserData"),
    "ListNearDuplicates",
}
"""Calls that answer by leaving out, or by an error in a stream: what they answer is looked at."""


@dataclass(frozen=True)
class Foreign:
    """What another tenant has."""

    product: Product
    job_id: str
    image_id: str
    item_id: str
    operation_id: str
    key_id: str
    import_id: str
    webhook_id: str
    delivery_id: str


def calls_across(
    client: Client, photo: Path, foreign: Foreign, user_id: str
) -> dict[str, Callable[[], object]]:
    """Each call that can name something of another tenant, by its name, to be refused."""
    of_a, product, operation_id = "tenant-a", foreign.product, foreign.operation_id
    return {
        "GetProduct": lambda: client.get_product(product.id),
        "UpdateProduct": lambda: client.update_product(product, ["display_name"]),
        "DeleteProduct": lambda: client.delete_product(product.id),
        "RestoreProduct": lambda: client.restore_product(product.id),
        "IndexImage": lambda: client.index(photo, product_id=product.id),
        "GetIndexingJob": lambda: client.get_indexing_job(foreign.job_id),
        "WatchIndexingJob": lambda: list(client.watch_indexing_job(foreign.job_id)),
        "DeleteWebhook": lambda: client.delete_webhook(foreign.webhook_id),
        "TestWebhook": lambda: client.test_webhook(foreign.webhook_id),
        "RedeliverWebhook": lambda: client.redeliver_webhook(foreign.delivery_id),
        "WatchIndexingJobs": lambda: list(
            client.watch_indexing_jobs(IndexingJobFilter(job_ids=[foreign.job_id]))
        ),
        "CancelIndexingJob": lambda: client.cancel_indexing_job(foreign.job_id),
        "RetryIndexingJob": lambda: client.retry_indexing_job(foreign.job_id),
        "GetImage": lambda: client.get_image(foreign.image_id),
        "GetImageContent": lambda: client.get_image_content(foreign.image_id),
        "UpdateImage": lambda: client.update_image(foreign.image_id, name="theirs"),
        "DeleteImage": lambda: client.delete_image(foreign.image_id),
        "RestoreImage": lambda: client.restore_image(foreign.image_id),
        "FindNearDuplicates": lambda: client.find_near_duplicates(foreign.image_id),
        "GetItem": lambda: client.get_item(foreign.item_id),
        "GetCatalogExportPart": lambda: client.get_catalog_export_part(operation_id, "images-00000.jsonl"),
        "ImportReview": lambda: client.import_review(foreign.image_id, [ReviewedItem(Box(1, 1, 90, 90))]),
        "Search": lambda: client.search(item_id=foreign.item_id),
        "SuggestOutfits": lambda: client.outfits.suggest(base=[foreign.item_id]),
        "CompleteOutfit": lambda: client.outfits.complete([foreign.item_id], "shoes"),
        "ScoreOutfit": lambda: client.outfits.score([foreign.item_id]),
        "AddWardrobeItems": lambda: client.wardrobes.add("ann", [NewWardrobeItem(foreign.item_id)]),
        "RecordFeedback": lambda: client.wardrobes.record_feedback("ann", "like", [foreign.item_id]),
        "AuditCatalog": lambda: client.start_audit(all_tenants=True),
        "ImportEntries": lambda: list(client.send_entries(foreign.import_id, [ImportEntry(1, photo=photo)])),
        "FinishImport": lambda: client.finish_import(foreign.import_id),
        "ListImportFailures": lambda: client.list_import_failures(foreign.import_id),
        "ListItemVersions": lambda: client.list_item_versions(all_tenants=True),
        "StartReindex": lambda: client.start_reindex(all_tenants=True),
        "EraseProduct": lambda: client.erase_product(product.id),
        "EraseTenant": lambda: client.erase_tenant(of_a),
        # Collections hold the vectors of all tenants.
        "ListCollections": client.list_collections,
        "StartBackfill": client.start_backfill,
        "SwapCollection": lambda: client.swap_collection("items"),
        "DropCollection": lambda: client.drop_collection("items"),
        "GetOperation": lambda: client.get_operation(operation_id),
        "WatchOperation": lambda: list(client.watch_operation(operation_id)),
        "CancelOperation": lambda: client.cancel_operation(operation_id),
        "RetryOperation": lambda: client.retry_operation(operation_id),
        "CreateApiKey": lambda: client.create_api_key("k", ["read"], tenant=of_a),
        "ListApiKeys": lambda: client.list_api_keys(tenant=of_a),
        "RotateApiKey": lambda: client.rotate_api_key(foreign.key_id),
        "RevokeApiKey": lambda: client.revoke_api_key(foreign.key_id),
        "InviteUser": lambda: client.invite_user("bob@shop.example", "viewer", tenant=of_a),
        "ListUsers": lambda: client.list_users(tenant=of_a),
        "UpdateUser": lambda: client.update_user(user_id, disabled=True),
        "CreatePasswordReset": lambda: client.create_password_reset(user_id),
        "DeleteUser": lambda: client.delete_user(user_id),
        "GetTenant": lambda: client.get_tenant(tenant=of_a),
        "UpdateTenantSettings": lambda: client.update_tenant_settings(TenantSettings("tenant-a")),
        "GetTenantSettings": lambda: client.get_tenant_settings("tenant-a"),
        "UpdateTenant": lambda: client.update_tenant(Tenant("tenant-a")),
        "ListPredictions": lambda: client.list_predictions(tenant=of_a),
        "Profile": lambda: client.profile(1),
        "ListAuditRecords": lambda: client.list_audit_records(tenant=of_a),
    }


def corrections_across(address: str, ours: str, theirs: str, foreign: Foreign) -> set[str]:
    """Try each call on corrections with the key `theirs`, to be refused; returns the calls' names."""
    box = types_pb2.Box(x1=1, y1=1, x2=90, y2=90)
    item_id, image_id = foreign.item_id, foreign.image_id
    requests = {
        "CorrectItem": corrections_pb2.CorrectItemRequest(item_id=item_id, label="dress"),
        "AddItem": corrections_pb2.AddItemRequest(image_id=image_id, box=box, label="dress"),
        "RejectItem": corrections_pb2.RejectItemRequest(item_id=item_id, reason=1),  # type: ignore[arg-type]
        "RestoreItem": corrections_pb2.RestoreItemRequest(item_id=item_id),
        "SetPrimaryItem": corrections_pb2.SetPrimaryItemRequest(item_id=item_id, target=1),  # type: ignore[arg-type]
        "VerifyItem": corrections_pb2.VerifyItemRequest(item_id=item_id),
        "VerifyItems": reviews_pb2.VerifyItemsRequest(items=[reviews_pb2.ItemToVerify(item_id=item_id)]),
        "LeaseReviewItems": reviews_pb2.LeaseReviewItemsRequest(item_id=item_id),
    }
    with grpc.insecure_channel(address) as channel:
        stub = catalog_pb2_grpc.CatalogServiceStub(channel)
        owner, other = ((("authorization", f"Bearer {key}"),) for key in (ours, theirs))
        verified = stub.VerifyItem(requests["VerifyItem"], metadata=owner, timeout=60).correction
        undo = corrections_pb2.UndoCorrectionRequest(correction_id=verified.id)
        for method, request in {**requests, "UndoCorrection": undo}.items():
            with pytest.raises(grpc.RpcError) as refused:
                getattr(stub, method)(request, metadata=other, timeout=60)
            assert refused.value.code() is grpc.StatusCode.NOT_FOUND, method
        assert not stub.ListCorrections(
            corrections_pb2.ListCorrectionsRequest(), metadata=other, timeout=60
        ).corrections
    return {*requests, "UndoCorrection", "ListCorrections"}


def webhook_of(client: Client) -> tuple[str, str]:
    """The ids of a webhook that nobody listens to, and of a delivery to it."""
    made = client.create_webhook("https://127.0.0.1:9/", ["operation.failed"])
    return made.webhook.id, client.test_webhook(made.webhook.id).id


def test_tenants_do_not_see_each_other(guarded: Guarded) -> None:
    photo = sorted((ROOT / "samples").glob("*.jpg"))[0]
    address = guarded.server.address
    with Client(address, token=guarded.admin) as admin:
        ours, theirs = (admin.create_api_key(t, list(Scope), tenant=t).key for t in ("tenant-a", "tenant-b"))
    with Client(address, token=ours) as a, Client(address, token=theirs) as b:
        (first, _), (second, _) = (
            client.upsert_product(Product(external_id="SKU-1", display_name=name))
            for client, name in ((a, "ours"), (b, "theirs"))
        )
        assert first.id != second.id
        assert a.get_product(external_id="SKU-1").display_name == "ours"
        jobs = [
            client.wait_for_indexing_job(
                client.index(photo, product_id=product.id, idempotency_key="same").id
            )
            for client, product in ((a, first), (b, second))
        ]
        item_id = next(a.iter_items()).id
        assert {hit.item.image_id for query in b.search(photo).queries for hit in query.hits} == {
            jobs[1].image_id
        }
        theirs_of_a = Foreign(
            first,
            jobs[0].id,
            jobs[0].image_id,
            item_id,
            a.start_audit().id,
            a.list_api_keys().items[0].id,
            a.start_import().operation.id,
            *webhook_of(a),
        )
        across = calls_across(b, photo, theirs_of_a, a.invite_user("ann@shop.example", "viewer").user.id)
        for method, call in across.items():
            with pytest.raises((NotFound, PermissionDenied)):
                pytest.fail(f"{method}: {call()!r}")
        assert {method.name for method in METHODS if method.containing_service.name in OF_TENANTS} == {
            *across,
            *corrections_across(address, ours, theirs, theirs_of_a),
            *LISTED,
            *NAMES_NOTHING,
        }
        (refused,) = b.index_many([PhotoToIndex(photo, product_id=first.id)])
        assert isinstance(refused[1], NotFound)
        assert not list(b.iter_operations())
        assert not list(b.iter_near_duplicates())
        a.verify_item(item_id)
        assert [photo.image_id for photo in a.export_dataset(include_partly_reviewed=True)]
        assert not list(b.export_dataset(include_partly_reviewed=True))
        a.lease_review_items(item_id=item_id)
        assert b.release_review_items([item_id]) == 0
        assert (a.get_review_statistics().verified, b.get_review_statistics().verified) == (1, 0)
        a.wardrobes.add("ann", [NewWardrobeItem(item_id)])
        a.wardrobes.record_feedback("ann", "like", [item_id])
        assert (b.wardrobes.list("ann").items, b.wardrobes.preferences("ann").values) == ((), ())
        assert (b.wardrobes.remove("ann", [item_id]), b.wardrobes.export("ann").feedback) == (0, ())
        b.wardrobes.reset_preferences("ann")
        assert (len(a.wardrobes.list("ann").items), a.wardrobes.preferences("ann").signals) == (1, 1)
        assert not b.list_webhooks()
        assert not list(b.iter_webhook_deliveries())
        states = [IndexingJobState.FAILED, IndexingJobState.CANCELLED]
        of_a = IndexingJobFilter(job_ids=[theirs_of_a.job_id], states=states)
        assert (b.retry_indexing_jobs(of_a), b.delete_indexing_jobs(of_a)) == (0, 0)
        assert sum(counted.count for counted in b.count_indexing_jobs()) == 1
        a.create_product(Product("another"))
        with pytest.raises(InvalidInput, match="page_token"):
            b.list_products(page_size=1, page_token=a.list_products(page_size=1).next_page_token)
        assert [product.id for product in b.iter_products()] == [second.id]
        assert {image.id for image in b.iter_images()} == {jobs[1].image_id}
        assert {job.id for job in b.iter_indexing_jobs()} == {jobs[1].id}
        assert item_id not in {item.id for item in b.iter_items()}
        assert a.get_product(first.id).display_name == "ours"


def test_changes_are_recorded_on_every_transport(guarded: Guarded) -> None:
    with Client(guarded.server.address, token=guarded.admin) as operator:
        made = operator.create_api_key("recorded", list(Scope), tenant="recorded")
        stranger = operator.create_api_key("stranger", [Scope.ADMIN], tenant="stranger").key
        (first,) = operator.list_audit_records(actor="server").items
        assert (first.action, first.tenant, first.after["name"]) == ("", "default", "first administrator")
    headers = {"content-type": "application/json", "authorization": f"Bearer {made.key}"}
    url = f"{guarded.server.http_url}/armoire.v1.CatalogService/CreateProduct"
    body = json.dumps({"product": {"displayName": "Coat"}}).encode()
    for end_user, refused in (("shopper 1", False), ("a" * 129, True)):
        asked = urllib.request.Request(url, body, {**headers, "armoire-end-user": end_user}, method="POST")
        if not refused:
            urllib.request.urlopen(asked, timeout=60).close()
            continue
        with pytest.raises(urllib.error.HTTPError, match="400") as error:
            urllib.request.urlopen(asked, timeout=60)
        assert b"armoire-end-user" in error.value.read()
        error.value.close()
    with Client(guarded.server.address, token=made.key, end_user="shopper 2") as client:
        (product,) = client.iter_products()
        client.delete_product(product.id)
        records = list(client.iter_audit_records(page_size=2))
    assert [(record.action, record.end_user) for record in records] == [
        ("DeleteProduct", "shopper 2"),
        ("CreateProduct", "shopper 1"),
        ("CreateApiKey", ""),
    ]
    assert {record.tenant for record in records} == {"recorded"}
    assert {record.actor for record in records[:2]} == {f"key:{made.api_key.id}"}
    assert records[0].before["display_name"] == records[1].after["display_name"] == "Coat"
    with Client(guarded.server.address, token=stranger) as client:
        assert [record.action for record in client.iter_audit_records()] == ["CreateApiKey"]
        with pytest.raises(PermissionDenied):
            client.list_audit_records(tenant="recorded")


def test_whoever_has_no_key_is_told_where_it_goes(guarded: Guarded) -> None:
    with Client(guarded.server.address) as client, pytest.raises(PermissionDenied, match="ARMOIRE_API_KEY"):
        client.models()


def test_the_first_key_is_its_owner_s_only(guarded: Guarded) -> None:
    path = guarded.server.home / "first-admin-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Client(guarded.server.address, token=guarded.admin) as client:
        assert "first administrator" in [key.name for key in client.iter_api_keys()]
