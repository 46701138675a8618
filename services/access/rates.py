"""How many calls each tenant may make, and how many pixels it may send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage.base import SlidingWindowCounterSupport
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from domain.errors import InvalidInput, Overloaded, Unavailable
from services.access.rate_store import RateStore
from services.access.tenants import Tenants

MINUTE_S = 60
MEGA = 1_000_000
SHORTEST_WAIT_S = 0.1


@dataclass(frozen=True, slots=True)
class Windows:
    """The two windows of a sliding window counter: what each has counted, and when it stops to count.

    The window before counts with the share of it that is less than a minute ago.
    """

    before: int
    before_ends_s: float
    current: int
    current_ends_s: float

    def wait_s(self, limit: int, cost: int) -> float:
        """The time until `cost` more are within `limit`, which is not below `cost`, if nothing else comes."""
        room = limit - cost
        if self.current <= room:
            count, ends_s, free = max(1, self.before), self.before_ends_s, room - self.current
        else:  # it fits once the current window is the one before, and has faded
            count, ends_s, free = self.current, self.current_ends_s, room
        return max(SHORTEST_WAIT_S, ends_s - MINUTE_S * free / count)


class RateLimits:
    """Limits calls and pixels in any minute, by two counters of each for each tenant.

    Source: the sliding window counter of the library `limits`.
    """

    def __init__(self, tenants: Tenants, store_url: str = "") -> None:
        """Count where `RateStore` does; raises as that."""
        self._tenants = tenants
        self._store = RateStore(store_url)
        self._limiter = SlidingWindowCounterRateLimiter(self._store.storage)

    async def close(self) -> None:
        """Close the connections to the store."""
        await self._store.close()

    async def take(self, tenant_id: str) -> None:
        """See `Rates`. Raises Unavailable, too, if the store does not answer."""
        per_minute = self._tenants.limits(tenant_id).requests_per_minute
        if not per_minute:
            return
        wait_s = await self._take(RateLimitItemPerMinute(per_minute), tenant_id, 1)
        if wait_s:
            raise Overloaded(
                f"the tenant {tenant_id} may make {per_minute} calls a minute",
                reason="RATE_LIMITED",
                retry_after_s=wait_s,
                metadata={"requests_per_minute": str(per_minute)},
            )

    def limits_pixels(self, tenant_id: str) -> bool:
        """See `PixelRates`."""
        return self._tenants.limits(tenant_id).megapixels_per_minute > 0

    async def take_pixels(self, tenant_id: str, pixels: int) -> None:
        """See `PixelRates`."""
        mega = self._tenants.limits(tenant_id).megapixels_per_minute
        if not mega or not pixels:
            return
        metadata = {"megapixels_per_minute": str(mega), "pixels": str(pixels)}
        if pixels > mega * MEGA:
            raise InvalidInput(
                "",
                f"{pixels} pixels, boxes included, are more than the {mega} million that the tenant "
                f"{tenant_id} may send in a minute",
                reason="PIXELS_ABOVE_RATE",
                metadata=metadata,
            )
        limit = RateLimitItemPerMinute(mega * MEGA, namespace="PIXELS")
        wait_s = await self._take(limit, tenant_id, pixels)
        if wait_s:
            raise Overloaded(
                f"the tenant {tenant_id} may send {mega} million pixels a minute; these are {pixels}",
                reason="PIXEL_RATE_LIMITED",
                retry_after_s=wait_s,
                metadata=metadata,
            )

    async def _take(self, limit: RateLimitItem, tenant_id: str, cost: int) -> float:
        """Count; returns 0, or the seconds to wait where there is no room, and then nothing is counted.

        Raises:
            Unavailable: the store does not answer.
        """
        try:
            if await self._limiter.hit(limit, tenant_id, cost=cost):
                return 0.0
            store = cast(SlidingWindowCounterSupport, self._store.storage)
            windows = await store.get_sliding_window(limit.key_for(tenant_id), MINUTE_S)
        except StorageError as error:
            raise Unavailable("the store of rates does not answer", reason="RATES_UNAVAILABLE") from error
        return Windows(*windows).wait_s(limit.amount, cost)
