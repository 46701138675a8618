"""Keys and users on SQLite and PostgreSQL, and a clock that a test turns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

import pytest
from argon2 import PasswordHasher

from services.access.accounts import Accounts
from services.access.api_keys import ApiKeys
from services.access.key_ring import KeyRing
from services.access.passwords import Passwords
from services.access.rate_store import RateStore
from services.access.session import SessionOptions
from services.access.sessions import Sessions
from services.access.sign_in_limits import SignInLimits
from services.access.sql.access_database import access_database
from services.access.tenant import Defaults
from services.access.tenants import Tenants
from services.access.users import Users
from services.audit.trail import AuditTrail
from services.sql.database import Database


@dataclass
class Clock:
    """Microseconds since 1970."""

    us: int = 1_000_000_000

    def __call__(self) -> int:
        return self.us


class CountingHasher(PasswordHasher):
    """Hashes cheaply, and counts."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.hashed = self.verified = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.hashed += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.verified += 1
        return super().verify(hash, password)


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
def sessions(keys_database: Database, clock: Clock) -> Sessions:
    return Sessions(keys_database, SessionOptions(idle_s=3600, lifetime_s=86_400, per_user=3), clock)


@pytest.fixture
def users(keys_database: Database, trail: AuditTrail, sessions: Sessions, clock: Clock) -> Users:
    return Users(keys_database, trail, sessions, clock)


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
async def accounts(
    keys_database: Database, trail: AuditTrail, sessions: Sessions, clock: Clock, hasher: CountingHasher
) -> AsyncIterator[Accounts]:
    passwords = Passwords(hasher)
    yield Accounts(keys_database, trail, sessions, passwords, SignInLimits(RateStore()), clock)
    await passwords.close()


@pytest.fixture
def keys(keys_database: Database, trail: AuditTrail, ring: KeyRing, clock: Clock) -> ApiKeys:
    return ApiKeys(keys_database, trail, ring, clock)
