"""How many calls tenants may make and pixels they may send, counted in memory and in a real Redis."""

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
from services.access.rates import RateLimits, Windows
from services.access.tenant import Defaults, Tenant
from services.access.tenants import Tenants
from services.audit.trail import AuditTrail
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


async def test_a_tenant_has_a_limit_of_its_own_or_none(
    tenants: Tenants, keys_database: Database, trail: AuditTrail
) -> None:
    rates = RateLimits(tenants)
    assert tenants.get(SHOP) == Tenant("shop")
    await tenants.update(DEFAULT_PRINCIPAL, Tenant("shop", 1))
    await rates.take("shop")
    with pytest.raises(Overloaded, match="1 calls a minute"):
        await rates.take("shop")
    await tenants.update(DEFAULT_PRINCIPAL, Tenant("shop", 0))
    for _ in range(10):
        await rates.take("shop")
    changed = await tenants.update(DEFAULT_PRINCIPAL, Tenant("shop", 0, 5, 10**11, 2**40))
    other = Tenants(keys_database, trail)
    await other.refresh()
    assert other.get(SHOP) == changed
    assert other.limits("shop") == Defaults(0, 5, 10**11, 2**40)


async def test_a_tenant_may_send_so_many_pixels(tenants: Tenants, store_url: str) -> None:
    await tenants.update(DEFAULT_PRINCIPAL, Tenant("shop", megapixels_per_minute=2))
    async with counting(tenants, store_url) as rates:
        await rates.take_pixels("shop", 1_500_000)
        with pytest.raises(Overloaded, match="2 million pixels a minute; these are 600000") as refused:
            await rates.take_pixels("shop", 600_000)
        await rates.take_pixels("shop", 500_000)  # what was refused was not counted
        await rates.take_pixels("other", 10**9)
        with pytest.raises(InvalidInput, match="may send in a minute") as never:
            await rates.take_pixels("shop", 2_000_001)
        assert (rates.limits_pixels("shop"), rates.limits_pixels("other")) == (True, False)
    assert refused.value.reason == "PIXEL_RATE_LIMITED"
    assert refused.value.metadata == {"megapixels_per_minute": "2", "pixels": "600000"}
    assert 0 < refused.value.retry_after_s <= 120
    assert never.value.reason == "PIXELS_ABOVE_RATE"


async def test_calls_and_pixels_are_counted_apart(tenants: Tenants, store_url: str) -> None:
    await tenants.update(
        DEFAULT_PRINCIPAL, Tenant("shop", 1, 1)
    )  # the keys of the counters differ by more than their limits
    async with counting(tenants, store_url) as rates:
        await rates.take("shop")
        await rates.take_pixels("shop", 1_000_000)


@pytest.mark.parametrize(
    ("windows", "cost", "wait_s"),
    [
        (Windows(0, 0, 100, 90), 10, 36),  # 30 s to the end of the window, then 6 until 10 of the 100 fade
        (Windows(0, 0, 100, 90), 100, 90),
        (Windows(50, 40, 60, 100), 10, 4),  # 50 * 36 / 60 = 30 are left of those before
        (Windows(0, 0, 0, 0), 10, 0.1),
    ],
)
def test_the_time_to_come_back_is_when_it_fits(windows: Windows, cost: int, wait_s: float) -> None:
    assert windows.wait_s(100, cost) == pytest.approx(wait_s)


async def test_another_tenant_is_for_operators(tenants: Tenants) -> None:
    assert tenants.get(DEFAULT_PRINCIPAL, "shop") == Tenant("shop")
    with pytest.raises(PermissionDenied):
        tenants.get(SHOP, "default")


@pytest.mark.parametrize(
    "tenant",
    [
        *(Tenant(""), Tenant("Shop"), Tenant("s" * 65), Tenant("s", -1), Tenant("s", 10**8)),
        *(Tenant("s", megapixels_per_minute=10**8), Tenant("s", max_items=-1), Tenant("s", max_bytes=2**63)),
    ],
)
async def test_a_bad_tenant_is_refused(tenants: Tenants, tenant: Tenant) -> None:
    with pytest.raises(InvalidInput, match=r"^tenant\."):
        await tenants.update(DEFAULT_PRINCIPAL, tenant)


def test_an_address_of_something_else_is_refused(keys_database: Database, trail: AuditTrail) -> None:
    with pytest.raises(ValueError, match="scheme"):
        RateLimits(Tenants(keys_database, trail), "https://example.com")
