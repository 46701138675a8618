"""How many calls each tenant may make."""

from __future__ import annotations

import time
from typing import Any

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool

from domain.errors import Overloaded, Unavailable
from services.access.tenants import Tenants

STORE_TIMEOUT_S = 2.0


class RateLimits:
    """Limits calls in any minute, by two counters for each tenant.

    Source: the sliding window counter of the library `limits`.
    """

    def __init__(self, tenants: Tenants, store_url: str = "") -> None:
        """Count in this process, or in the Redis at `store_url`, where several processes count together.

        Raises:
            ValueError: the URL is none of a Redis.
        """
        self._tenants = tenants
        self._pool = _pool(store_url) if store_url else None
        self._limiter = SlidingWindowCounterRateLimiter(_storage(self._pool))

    async def close(self) -> None:
        """Close the connections to the store."""
        if self._pool is not None:
            await self._pool.aclose()

    async def take(self, tenant_id: str) -> None:
        """See `Rates`. Raises Unavailable, too, if the store does not answer."""
        per_minute = self._tenants.requests_per_minute(tenant_id)
        if not per_minute:
            return
        limit = RateLimitItemPerMinute(per_minute)
        try:
            if await self._limiter.hit(limit, tenant_id):
                return
            stats = await self._limiter.get_window_stats(limit, tenant_id)
        except StorageError as error:
            raise Unavailable("the store of rates does not answer", reason="RATES_UNAVAILABLE") from error
        raise Overloaded(
            f"the tenant {tenant_id} may make {per_minute} calls a minute",
            reason="RATE_LIMITED",
            retry_after_s=max(0.1, stats.reset_time - time.time()),
            metadata={"requests_per_minute": str(per_minute)},
        )


def _pool(store_url: str) -> ConnectionPool:
    return ConnectionPool.from_url(
        store_url, socket_timeout=STORE_TIMEOUT_S, socket_connect_timeout=STORE_TIMEOUT_S
    )


def _storage(pool: ConnectionPool | None) -> Storage:
    if pool is None:
        return MemoryStorage()
    options: dict[str, Any] = {"connection_pool": pool}  # typed for texts and numbers only
    return RedisStorage("async+redis://", implementation="redispy", wrap_exceptions=True, **options)
