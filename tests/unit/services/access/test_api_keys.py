"""Administrators make, list, rotate and revoke keys; callers come with them."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput, NotFound, PermissionDenied, Unauthenticated
from domain.types import DEFAULT_PRINCIPAL, Principal, Scope
from services.access.api_key import KeyText
from services.access.api_keys import ApiKeys
from services.access.initial_keys import InitialKey
from services.access.key_access import KeyAccess
from services.access.key_ring import KeyRing
from services.access.sessions import Sessions
from services.access.sql.access_database import VERSION_TABLE
from services.access.sql.tables import AccessTable
from services.access.tenants import Tenants
from services.catalog.sql.catalog_database import catalog_database
from services.sql.database import Database
from tests.unit.services.access.conftest import Clock
from tests.unit.services.schema import differences

OPERATOR = DEFAULT_PRINCIPAL
SHOP = Principal("shop", "key:1", frozenset({Scope.ADMIN}))


async def test_migrations_make_the_tables_that_the_code_describes(keys_database: Database) -> None:
    found = await keys_database.read(
        lambda session: differences(session, AccessTable.metadata, VERSION_TABLE)
    )
    assert found == []


async def test_keys_may_share_the_database_of_the_catalogue(
    keys: ApiKeys, database_url: str, ring: KeyRing
) -> None:
    database = catalog_database(database_url)
    await database.open()
    await database.close()
    _, text = await keys.create(OPERATOR, "after", [Scope.READ])
    await ring.refresh()
    assert ring.principal(str(text)).scopes == {Scope.READ}


async def test_a_key_tells_who_calls(keys: ApiKeys, ring: KeyRing) -> None:
    key, text = await keys.create(SHOP, "till", [Scope.READ, Scope.INFER])
    expected = Principal("shop", f"key:{key.id}", frozenset({Scope.READ, Scope.INFER}))
    assert ring.principal(str(text)) == expected
    await ring.refresh()
    assert ring.principal(str(text)) == expected


@pytest.mark.parametrize("text", ["", "armoire", f"armoire_{'0' * 16}_{'a' * 43}", "x" * 100_000])
async def test_a_text_that_is_no_key_opens_nothing(ring: KeyRing, text: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        ring.principal(text)
    assert refused.value.reason == "KEY_INVALID"
    assert len(refused.value.message) < 200


async def test_the_id_alone_opens_nothing(keys: ApiKeys, ring: KeyRing) -> None:
    key, _ = await keys.create(SHOP, "till", [Scope.READ])
    with pytest.raises(Unauthenticated, match="none of this server's"):
        ring.principal(f"armoire_{key.id}_{'a' * 43}")


async def test_a_revoked_key_opens_nothing(keys: ApiKeys, ring: KeyRing, clock: Clock) -> None:
    key, text = await keys.create(SHOP, "till", [Scope.READ])
    ring.principal(str(text))
    clock.us += 5
    assert (await keys.revoke(SHOP, key.id)).revoke_us == clock.us
    with pytest.raises(Unauthenticated) as refused:
        ring.principal(str(text))
    assert refused.value.reason == "KEY_REVOKED"
    first = clock.us
    clock.us += 5
    assert (await keys.revoke(SHOP, key.id)).revoke_us == first


async def test_a_key_expires(keys: ApiKeys, ring: KeyRing, clock: Clock) -> None:
    _, text = await keys.create(SHOP, "till", [Scope.READ], lifetime_s=2.0)
    clock.us += 1_999_999
    ring.principal(str(text))
    clock.us += 1
    with pytest.raises(Unauthenticated) as refused:
        ring.principal(str(text))
    assert refused.value.reason == "KEY_EXPIRED"


async def test_a_key_is_rotated(keys: ApiKeys, ring: KeyRing, clock: Clock) -> None:
    key, first = await keys.create(SHOP, "till", [Scope.READ])
    ring.principal(str(first))
    _, second = await keys.rotate(SHOP, key.id, overlap_s=1.0)
    assert ring.principal(str(first)) == ring.principal(str(second))
    clock.us += 1_000_000
    with pytest.raises(Unauthenticated):
        ring.principal(str(first))
    await keys.rotate(SHOP, key.id)
    with pytest.raises(Unauthenticated):
        ring.principal(str(second))


async def test_changes_of_another_process_arrive(
    keys: ApiKeys, ring: KeyRing, keys_database: Database, clock: Clock
) -> None:
    other = KeyRing(keys_database, clock=clock)
    key, text = await keys.create(SHOP, "till", [Scope.READ])
    await other.refresh()
    other.principal(str(text))
    await keys.revoke(SHOP, key.id)
    await other.refresh()
    with pytest.raises(Unauthenticated):
        other.principal(str(text))


async def test_the_last_use_is_kept_to_the_minute(keys: ApiKeys, ring: KeyRing, clock: Clock) -> None:
    _, text = await keys.create(SHOP, "till", [Scope.READ])
    used_us = clock.us
    ring.principal(str(text))
    clock.us += 59_000_000
    ring.principal(str(text))
    await ring.refresh()
    assert (await keys.list(SHOP))[0][0].last_use_us == used_us
    clock.us += 1_000_000
    ring.principal(str(text))
    await ring.refresh()
    assert (await keys.list(SHOP))[0][0].last_use_us == used_us + 60_000_000


async def test_an_administrator_of_a_tenant_sees_no_other(keys: ApiKeys) -> None:
    ours, _ = await keys.create(OPERATOR, "ours", [Scope.READ])
    theirs, _ = await keys.create(OPERATOR, "theirs", [Scope.READ], tenant="shop")
    assert [key.id for key in (await keys.list(SHOP))[0]] == [theirs.id]
    assert {key.id for key in (await keys.list(OPERATOR))[0]} == {ours.id, theirs.id}
    assert [key.id for key in (await keys.list(OPERATOR, "shop"))[0]] == [theirs.id]
    for refused in (keys.revoke(SHOP, ours.id), keys.rotate(SHOP, ours.id)):
        with pytest.raises(NotFound):
            await refused
    for denied in (keys.list(SHOP, "default"), keys.create(SHOP, "k", [Scope.READ], tenant="default")):
        with pytest.raises(PermissionDenied) as error:
            await denied
        assert error.value.reason == "OPERATOR_ONLY"


async def test_pages_lead_through_all_keys(keys: ApiKeys, clock: Clock) -> None:
    made = []
    for number in range(5):
        clock.us += number % 2  # some at the same time
        made.append((await keys.create(SHOP, f"key {number}", [Scope.READ]))[0])
    found, token = list((await keys.list(SHOP, page_size=2))[0]), (await keys.list(SHOP, page_size=2))[1]
    while token:
        page, token = await keys.list(SHOP, page_size=2, page_token=token)
        found += page
    assert found == sorted(made, key=lambda key: (key.create_us, key.id), reverse=True)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"tenant": "Shop"}, "tenant"),
        ({"tenant": "t" * 65}, "tenant"),
        ({"lifetime_s": 0.0}, "lifetime"),
        ({"lifetime_s": 1e12}, "lifetime"),
    ],
)
async def test_a_bad_key_is_refused_with_its_field(
    keys: ApiKeys, wrong: dict[str, object], field: str
) -> None:
    fields: dict[str, object] = {"name": "till", "scopes": [Scope.READ]}
    with pytest.raises(InvalidInput) as refused:
        await keys.create(OPERATOR, **fields | wrong)  # type: ignore[arg-type]
    assert refused.value.violations[0].field == field
    assert (await keys.list(OPERATOR))[0] == []


@pytest.mark.parametrize(("size", "token"), [(-1, ""), (1001, ""), (0, "x"), (0, "1-2")])
async def test_a_bad_page_is_refused(keys: ApiKeys, size: int, token: str) -> None:
    with pytest.raises(InvalidInput):
        await keys.list(OPERATOR, page_size=size, page_token=token)


@pytest.mark.parametrize("header", [None, "", "Basic dXNlcjpwYXNz", "Bearer", "Bearer wrong"])
async def test_a_header_without_a_key_is_refused(
    ring: KeyRing, sessions: Sessions, tenants: Tenants, header: str | None
) -> None:
    with pytest.raises(Unauthenticated):
        KeyAccess(ring, sessions, tenants).principal(header)


async def test_a_header_with_a_key_tells_who_calls(
    keys: ApiKeys, ring: KeyRing, sessions: Sessions, tenants: Tenants
) -> None:
    _, text = await keys.create(SHOP, "till", [Scope.READ])
    for header in (f"Bearer {text}", f"bearer {text}"):
        assert KeyAccess(ring, sessions, tenants).principal(header).tenant_id == "shop"


async def test_keys_of_the_settings_are_made_once(keys: ApiKeys, ring: KeyRing) -> None:
    initial = InitialKey(KeyText.new(), frozenset({Scope.INFER}), "shop")
    assert await keys.create_initial([initial]) == 1
    expected = Principal("shop", f"key:{initial.text.id}", initial.scopes)
    assert ring.principal(str(initial.text)) == expected
    await keys.revoke(OPERATOR, initial.text.id)
    assert await keys.create_initial([initial]) == 0
    with pytest.raises(Unauthenticated):
        ring.principal(str(initial.text))
