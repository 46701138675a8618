"""The part that knows who may call, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import Overloaded
from domain.quota import Quota
from domain.types import DEFAULT_PRINCIPAL, Scope
from services.access import administration
from services.access.api_key import KeyText
from services.access.initial_keys import InitialKey
from services.access.sql.access_database import access_database
from services.access.tenant import Defaults, Tenant
from services.access.tenants import Tenants
from services.audit.trail import AuditTrail
from services.edge.prediction_pages import PredictionPages
from services.host import access_part
from services.host.access_part import FIRST_KEY_NAME, AccessOptions, AccessPart
from services.predictions.store import PredictionStore
from tests.turns import until

PROCESSES = 6


async def no_predictions() -> PredictionStore:
    raise AssertionError("nobody asks for predictions here")


PAGES = PredictionPages(no_predictions)


@pytest.fixture
async def closing() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def test_one_of_several_that_start_at_the_same_time_makes_the_first_key(
    database_url: str, tmp_path: Path, closing: AsyncExitStack
) -> None:
    """Each part has connections of its own, as a process has."""
    homes = [tmp_path / str(number) for number in range(PROCESSES)]
    parts = [AccessPart(AccessOptions(True, database_url, home), PAGES) for home in homes]
    await asyncio.gather(*(part.open(closing) for part in parts))
    (home,) = (home for home in homes if (home / FIRST_KEY_NAME).exists())
    text = (home / FIRST_KEY_NAME).read_text().strip()
    for part in parts:
        keys = (await part.administration()).keys
        assert [key.name for key in (await keys.list(DEFAULT_PRINCIPAL))[0]] == ["first administrator"]
        assert part.access.principal(f"Bearer {text}").is_operator


async def test_a_key_of_the_settings_lets_an_administrator_in_and_none_is_written(
    database_url: str, tmp_path: Path, closing: AsyncExitStack
) -> None:
    initial = InitialKey(KeyText.new(), frozenset({Scope.ADMIN}))
    options = AccessOptions(True, database_url, tmp_path, initial_keys=(initial,))
    part = AccessPart(options, PAGES)
    await part.open(closing)
    assert part.access.principal(f"Bearer {initial.text}").is_operator
    assert not (tmp_path / FIRST_KEY_NAME).exists()


async def test_a_tenants_limits_hold_from_the_start_where_nobody_needs_a_key(
    database_url: str, tmp_path: Path, closing: AsyncExitStack
) -> None:
    await changed(database_url, Tenant("default", 1, max_items=7, log_predictions=False))
    part = AccessPart(AccessOptions(False, database_url, tmp_path), PAGES)
    await part.open(closing)
    await part.rates.take("default")
    with pytest.raises(Overloaded):
        await part.rates.take("default")
    assert part.quota("default") == Quota(max_items=7)
    assert [part.logs_predictions(tenant) for tenant in ("default", "shop")] == [False, True]


async def test_limits_that_another_process_has_set_hold_here_too(
    database_url: str, tmp_path: Path, closing: AsyncExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_part, "OPEN_AGAIN_S", 0.0)
    monkeypatch.setattr(administration, "REFRESH_S", 0.0)
    options = replace(AccessOptions(False, database_url, tmp_path), defaults=Defaults(max_bytes=9))
    part = AccessPart(options, PAGES)
    await part.open(closing)
    assert part.quota("default") == Quota(max_bytes=9)
    await changed(database_url, Tenant("default", max_items=7))
    await until(lambda: part.quota("default") == Quota(7, 9))


async def changed(database_url: str, tenant: Tenant) -> None:
    """Change a tenant, as another process does."""
    database = access_database(database_url)
    await database.open()
    await Tenants(database, AuditTrail(database)).update(DEFAULT_PRINCIPAL, tenant)
    await database.close()
