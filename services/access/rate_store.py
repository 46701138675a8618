"""Where calls and sign-ins are counted: this process, or a Redis."""

from __future__ import annotations

from typing import Any

from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from redis.asyncio import ConnectionPool

STORE_TIMEOUT_S = 2.0


class RateStore:
    """The counters of the library `limits`."""

    def __init__(self, url: str = "") -> None:
        """Count in this process, or in the Redis at `url`, where several processes count together.

        Raises:
            ValueError: the URL is none of a Redis.
        """
        self._pool = _pool(url) if url else None
        self.storage = _storage(self._pool)

    async def close(self) -> None:
        """Close the connections to the store."""
        if self._pool is not None:
            await self._pool.aclose()


def _pool(url: str) -> ConnectionPool:
    return ConnectionPool.from_url(
        url, socket_timeout=STORE_TIMEOUT_S, socket_connect_timeout=STORE_TIMEOUT_S
    )


def _storage(pool: ConnectionPool | None) -> Storage:
    if pool is None:
        return MemoryStorage()
    options: dict[str, Any] = {"connection_pool": pool}  # typed for texts and numbers only
    return RedisStorage("async+redis://", implementation="redispy", wrap_exceptions=True, **options)
