"""Keys on SQLite and PostgreSQL, and a clock that a test turns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from services.access.api_keys import ApiKeys
from services.access.key_ring import KeyRing
from services.access.sql.access_database import access_database
from services.access.tenant import Defaults
from services.access.tenants import Tenants
from services.audit.trail import AuditTrail
from services.sql.database import Database


@dataclass
class Clock:
    """Microseconds since 1970."""

    us: int = 1_000_000_000

    def __call__(self) -> int:
        return self.us


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys_database(database_url: str) -> AsyncIterator[Database]:
    database = access_database(database_url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def trail(keys_database: Database, clock: Clock) -> AuditTrail:
    return AuditTrail(keys_database, clock=clock)


@pytest.fixture
def ring(keys_database: Database, clock: Clock) -> KeyRing:
    return KeyRing(keys_database, clock=clock)


@pytest.fixture
async def tenants(keys_database: Database, trail: AuditTrail) -> Tenants:
    return Tenants(keys_database, trail, Defaults(requests_per_minute=3))


@pytest.fixture
def keys(keys_database: Database, trail: AuditTrail, ring: KeyRing, clock: Clock) -> ApiKeys:
    return ApiKeys(keys_database, trail, ring, clock)
