"""Administrators invite, list, change and delete users."""

from __future__ import annotations

from itertools import pairwise

import pytest

from domain.errors import AlreadyExists, InvalidInput, NotFound, PermissionDenied
from domain.types import DEFAULT_PRINCIPAL, Principal, Scope
from services.access.user import ROLE_SCOPES, Role
from services.access.users import UserChange, Users
from services.audit.audit_filter import AuditFilter
from services.audit.trail import AuditTrail
from tests.unit.services.access.conftest import Clock

OPERATOR = DEFAULT_PRINCIPAL
SHOP = Principal("shop", "key:1", frozenset({Scope.ADMIN}))
OTHER = Principal("other", "key:2", frozenset({Scope.ADMIN}))


def test_each_role_has_the_scopes_of_the_one_before() -> None:
    scopes = [ROLE_SCOPES[role] for role in Role]
    assert [len(each) for each in scopes] == [2, 3, 4, 5]
    assert all(less < more for less, more in pairwise(scopes))
    assert scopes[-1] == frozenset(Scope)


async def test_an_invited_user_has_no_password_yet(users: Users, clock: Clock) -> None:
    user, token = await users.invite(SHOP, "ann@shop.example", Role.REVIEWER, "Ann")
    assert (user.tenant_id, user.display_name, user.password_hash) == ("shop", "Ann", "")
    assert user.principal == Principal("shop", f"user:{user.id}", ROLE_SCOPES[Role.REVIEWER])
    assert token.token.expire_us == clock.us + 7 * 86_400 * 1_000_000
    assert token.text not in repr(token)
    assert (await users.list(SHOP))[0] == [user]
    assert await users.get(user.id) == user


@pytest.mark.parametrize("email", ["", "ann", "@shop.example", "a b@shop.example", "a@b@c", "a@" + "b" * 253])
async def test_what_is_no_address_is_refused(users: Users, email: str) -> None:
    with pytest.raises(InvalidInput, match="email: must be an e-mail address"):
        await users.invite(SHOP, email, Role.VIEWER)


async def test_an_address_is_one_user_s_on_the_whole_server(users: Users) -> None:
    await users.invite(SHOP, "ann@shop.example", Role.VIEWER)
    for principal in (SHOP, OTHER):
        with pytest.raises(AlreadyExists) as refused:
            await users.invite(principal, "Ann@Shop.EXAMPLE", Role.VIEWER)
        assert refused.value.reason == "EMAIL_TAKEN"
    assert (await users.list(OTHER))[0] == []


async def test_users_come_in_pages(users: Users, clock: Clock) -> None:
    for number in range(5):
        clock.us += number % 2  # two of them at the same time
        await users.invite(SHOP, f"{number}@shop.example", Role.VIEWER)
    seen, token = [], ""
    while True:
        page, token = await users.list(SHOP, page_size=2, page_token=token)
        seen += page
        if not token:
            break
    assert len({user.id for user in seen}) == 5
    assert [user.create_us for user in seen] == sorted((user.create_us for user in seen), reverse=True)


async def test_a_user_is_changed_field_by_field(users: Users, clock: Clock) -> None:
    user, _ = await users.invite(SHOP, "ann@shop.example", Role.VIEWER)
    changed = await users.update(SHOP, user.id, UserChange(role=Role.EDITOR))
    assert (changed.role, changed.display_name, changed.disabled) == (Role.EDITOR, user.email, False)
    clock.us += 1
    changed = await users.update(SHOP, user.id, UserChange("Ann", disabled=True))
    assert (changed.display_name, changed.role, changed.disable_us) == ("Ann", Role.EDITOR, clock.us)
    clock.us += 1
    assert (await users.update(SHOP, user.id, UserChange(disabled=True))).disable_us == clock.us - 1
    assert not (await users.update(SHOP, user.id, UserChange(disabled=False))).disabled
    with pytest.raises(InvalidInput, match=r"user\.display_name"):
        await users.update(SHOP, user.id, UserChange(" "))


async def test_users_of_other_tenants_are_not_there(users: Users) -> None:
    user, _ = await users.invite(SHOP, "ann@shop.example", Role.VIEWER)
    with pytest.raises(PermissionDenied):
        await users.invite(OTHER, "bob@shop.example", Role.VIEWER, tenant="shop")
    with pytest.raises(PermissionDenied):
        await users.list(OTHER, tenant="shop")
    for call in (
        users.update(OTHER, user.id, UserChange(role=Role.ADMINISTRATOR)),
        users.create_reset(OTHER, user.id),
        users.delete(OTHER, user.id),
    ):
        with pytest.raises(NotFound):
            await call
    assert (await users.list(OPERATOR))[0] == [user]
    await users.delete(OPERATOR, user.id)
    assert (await users.list(OPERATOR))[0] == []


async def test_a_deleted_user_s_address_may_be_invited_again(users: Users) -> None:
    user, _ = await users.invite(SHOP, "ann@shop.example", Role.VIEWER)
    await users.create_reset(SHOP, user.id)
    await users.delete(SHOP, user.id)
    again, _ = await users.invite(SHOP, "ann@shop.example", Role.VIEWER)
    assert again.id != user.id


async def test_changes_of_users_are_recorded_without_names_and_addresses(
    users: Users, trail: AuditTrail
) -> None:
    user, _ = await users.invite(SHOP, "ann@shop.example", Role.VIEWER, "Ann")
    await users.update(SHOP, user.id, UserChange("Anna"))
    await users.update(SHOP, user.id, UserChange(role=Role.EDITOR, disabled=True))
    await users.update(SHOP, user.id, UserChange(role=Role.EDITOR))
    await users.create_reset(SHOP, user.id)
    await users.delete(OPERATOR, user.id)
    records = await trail.list(AuditFilter(), 10)
    changes = {(record.actor, str(record.before), str(record.after)) for record in records}
    assert {(record.resource, record.tenant_id) for record in records} == {(f"users/{user.id}", "shop")}
    assert changes == {
        ("key:1", "{}", "{'disabled': False, 'invited': True, 'role': 'viewer'}"),
        ("key:1", "{}", "{'renamed': True}"),
        ("key:1", "{'disabled': False, 'role': 'viewer'}", "{'disabled': True, 'role': 'editor'}"),
        ("key:1", "{}", "{'password_reset': True}"),
        ("anonymous", "{'role': 'editor', 'disabled': True}", "{}"),
    }
