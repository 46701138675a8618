"""AdminService: what administrators do leaves one record for each call, which they can read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp

from armoire.v1 import access_pb2, admin_pb2, users_pb2
from domain.errors import Conflict, InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Scope
from services.access.administration import Administration
from services.access.audit_records import AuditRecords
from services.access.sql.access_database import access_database
from services.access.user import Role
from services.edge.admin_servicer import ADMIN, AdminServicer
from services.edge.prediction_pages import PredictionPages
from services.predictions.store import PredictionStore
from tests.audited import ACTOR, HEADERS, OPERATOR, call, recorded

TAXONOMY = Taxonomy.load(Path(__file__).parents[4] / "domain/taxonomy.toml")


@dataclass(frozen=True)
class Office:
    """Keys and tenants, and the service before them."""

    administration: Administration
    servicer: AdminServicer

    async def key(self) -> str:
        key, _ = await self.administration.keys.create(ACTOR, "till", [Scope.READ])
        return key.id

    async def user(self) -> str:
        user, _ = await self.administration.users.invite(ACTOR, "anna@shop.example", Role.VIEWER)
        return user.id

    async def records(self, **wanted: object) -> list[admin_pb2.AuditRecord]:
        """Newest first."""
        request = admin_pb2.ListAuditRecordsRequest(**wanted)  # type: ignore[arg-type]
        return list((await call(OPERATOR, self.servicer, "ListAuditRecords", request)).audit_records)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    database = access_database(database_url)
    await database.open()
    administration = Administration(database, taxonomy=TAXONOMY)

    async def opened() -> Administration:
        return administration

    async def audit() -> AuditRecords:
        return AuditRecords([administration.trail])

    async def no_predictions() -> PredictionStore:
        raise AssertionError("nobody asks for predictions here")

    yield Office(administration, AdminServicer(opened, audit, PredictionPages(no_predictions)))
    await database.close()


async def create_key(office: Office) -> object:
    return admin_pb2.CreateApiKeyRequest(name="till", scopes=[access_pb2.SCOPE_READ], tenant="shop")


async def rotate_key(office: Office) -> object:
    return admin_pb2.RotateApiKeyRequest(key_id=await office.key())


async def revoke_key(office: Office) -> object:
    return admin_pb2.RevokeApiKeyRequest(key_id=await office.key())


async def update_tenant(office: Office) -> object:
    return admin_pb2.UpdateTenantRequest(tenant=admin_pb2.Tenant(id="shop", requests_per_minute=5))


async def update_tenant_settings(office: Office) -> object:
    pattern = admin_pb2.TaxonomyAttribute(name="pattern", values=["uni", "gestreift"])
    taxonomy = admin_pb2.Taxonomy(attributes=[pattern])
    return admin_pb2.UpdateTenantSettingsRequest(
        settings=admin_pb2.TenantSettings(tenant="shop", taxonomy=taxonomy)
    )


async def invite_user(office: Office) -> object:
    return admin_pb2.InviteUserRequest(email="anna@shop.example", role=users_pb2.ROLE_VIEWER, tenant="shop")


async def update_user(office: Office) -> object:
    user = users_pb2.User(id=await office.user(), role=users_pb2.ROLE_ADMINISTRATOR)
    return admin_pb2.UpdateUserRequest(user=user)


async def create_reset(office: Office) -> object:
    return admin_pb2.CreatePasswordResetRequest(user_id=await office.user())


async def delete_user(office: Office) -> object:
    return admin_pb2.DeleteUserRequest(user_id=await office.user())


SCENARIOS: Mapping[str, Callable[[Office], Awaitable[object]]] = {
    "CreateApiKey": create_key,
    "RotateApiKey": rotate_key,
    "RevokeApiKey": revoke_key,
    "InviteUser": invite_user,
    "UpdateUser": update_user,
    "CreatePasswordReset": create_reset,
    "DeleteUser": delete_user,
    "UpdateTenant": update_tenant,
    "UpdateTenantSettings": update_tenant_settings,
}


@pytest.mark.parametrize("method", recorded(ADMIN))
async def test_each_change_leaves_one_record_without_secrets(office: Office, method: str) -> None:
    request = await SCENARIOS[method](office)
    before = await office.records()
    response = await call(OPERATOR, office.servicer, method, request)
    record, *others = (await office.records())[: -len(before) or None]
    assert others == []
    assert (record.action, record.actor, record.tenant) == (method, OPERATOR.subject, "shop")
    assert (record.end_user, record.request_id) == (HEADERS["armoire-end-user"], HEADERS["x-request-id"])
    assert record.before.fields or record.after.fields
    for name in ("key", "token"):
        text = getattr(response, name, "")
        assert not text or text[-43:] not in str(record)


async def test_a_tenant_that_was_changed_meanwhile_is_not_overwritten(office: Office) -> None:
    async def update(**fields: object) -> admin_pb2.Tenant:
        request = admin_pb2.UpdateTenantRequest(tenant=admin_pb2.Tenant(id="shop", **fields))  # type: ignore[arg-type]
        response: admin_pb2.UpdateTenantResponse = await call(
            OPERATOR, office.servicer, "UpdateTenant", request
        )
        return response.tenant

    async def read() -> admin_pb2.Tenant:
        request = admin_pb2.GetTenantRequest(tenant="shop")
        response: admin_pb2.GetTenantResponse = await call(OPERATOR, office.servicer, "GetTenant", request)
        return response.tenant

    unchanged = await read()
    first = await update(max_items=3, etag=unchanged.etag)
    assert first == await read()
    with pytest.raises(Conflict):
        await update(max_items=4, etag=unchanged.etag)
    assert first == await read()
    second = await update(max_items=3, log_predictions=False, etag=first.etag)
    assert second == await read()
    assert len({each.etag for each in (unchanged, first, second)}) == 3
    assert not (await update()).HasField("log_predictions")


async def test_records_are_read_by_their_fields(office: Office) -> None:
    key_id = await office.key()
    await call(OPERATOR, office.servicer, "UpdateTenant", await update_tenant(office))
    changed, made = await office.records()
    assert MessageToDict(changed.after) == {"requests_per_minute": 5}
    assert MessageToDict(made.after) == {"name": "till", "scopes": ["read"]}
    assert (made.resource, made.actor) == (f"keys/{key_id}", ACTOR.subject)
    for wanted, found in (
        ({"actor": ACTOR.subject}, made),
        ({"action": "UpdateTenant"}, changed),
        ({"resource_prefix": "tenants/"}, changed),
        ({"created_before": changed.create_time}, made),
        ({"created_from": changed.create_time}, changed),
    ):
        assert await office.records(**wanted) == [found]
    assert await office.records(tenant="other") == []


@pytest.mark.parametrize("field", ["created_from", "created_before"])
async def test_a_time_that_is_none_is_refused(office: Office, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await office.records(**{field: Timestamp(seconds=2**60)})
    assert refused.value.violations[0].field == field
