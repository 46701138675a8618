"""How many calls tenants may make, counted in memory and in a real Redis."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import redis

from domain.errors import InvalidInput, Overloaded, PermissionDenied, Unavailable
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.access.rates import RateLimits
from services.access.tenant import Tenant
from services.access.tenants import Tenants
from services.sql.database import Database

SHOP = Principal("shop")


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of one's own, on a Unix socket."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs Debian's redis-server")
    path = tmp_path_factory.mktemp("redis") / "socket"
    process = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(path), "--save", ""], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "eady to accept" in line:
            break
    try:
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """Of an empty Redis."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(params=["memory", "redis"])
def store_url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "memory" else str(request.getfixturevalue("redis_url"))


@asynccontextmanager
async def counting(tenants: Tenants, store_url: str = "") -> AsyncIterator[RateLimits]:
    rates = RateLimits(tenants, store_url)
    try:
        yield rates
    finally:
        await rates.close()


async def test_a_tenant_may_make_so_many_calls(tenants: Tenants, store_url: str) -> None:
    async with counting(tenants, store_url) as rates:
        for _ in range(3):
            await rates.take("shop")
        with pytest.raises(Overloaded, match="3 calls a minute") as refused:
            await rates.take("shop")
        await rates.take("other")  # each tenant has its own
    assert refused.value.reason == "RATE_LIMITED"
    assert 0 < refused.value.retry_after_s <= 120


async def test_processes_count_together_in_redis(tenants: Tenants, redis_url: str) -> None:
    async with counting(tenants, redis_url) as first, counting(tenants, redis_url) as second:
        for rates in (first, second, first):
            await rates.take("together")
        with pytest.raises(Overloaded):
            await second.take("together")


async def test_a_store_that_is_away_is_unavailable(tenants: Tenants) -> None:
    with socket.socket() as silent:  # the port is taken, and refuses connections
        silent.bind(("127.0.0.1", 0))
        async with counting(tenants, f"redis://127.0.0.1:{silent.getsockname()[1]}") as rates:
            with pytest.raises(Unavailable) as refused:
                await rates.take("shop")
    assert refused.value.reason == "RATES_UNAVAILABLE"


async def test_a_tenant_has_a_limit_of_its_own_or_none(tenants: Tenants, keys_database: Database) -> None:
    rates = RateLimits(tenants)
    assert tenants.get(SHOP) == Tenant("shop")
    await tenants.update(Tenant("shop", 1))
    await rates.take("shop")
    with pytest.raises(Overloaded, match="1 calls a minute"):
        await rates.take("shop")
    await tenants.update(Tenant("shop", 0))
    for _ in range(10):
        await rates.take("shop")
    other = Tenants(keys_database)
    await other.refresh()
    assert other.get(SHOP) == Tenant("shop", 0)


async def test_another_tenant_is_for_operators(tenants: Tenants) -> None:
    assert tenants.get(DEFAULT_PRINCIPAL, "shop") == Tenant("shop")
    with pytest.raises(PermissionDenied):
        tenants.get(SHOP, "default")


@pytest.mark.parametrize(
    "tenant", [Tenant(""), Tenant("Shop"), Tenant("s" * 65), Tenant("s", -1), Tenant("s", 10**8)]
)
async def test_a_bad_tenant_is_refused(tenants: Tenants, tenant: Tenant) -> None:
    with pytest.raises(InvalidInput, match=r"^tenant\."):
        await tenants.update(tenant)


def test_an_address_of_something_else_is_refused(keys_database: Database) -> None:
    with pytest.raises(ValueError, match="scheme"):
        RateLimits(Tenants(keys_database), "https://example.com")
