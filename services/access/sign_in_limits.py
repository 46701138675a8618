"""How often somebody may try to sign in."""

from __future__ import annotations

import hashlib
import ipaddress
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from domain.errors import Overloaded, Unavailable
from services.access.rate_store import RateStore
from services.access.user import email_key

MINUTES = 15
PER_EMAIL = RateLimitItemPerMinute(10, MINUTES, namespace="sign-in-email")
PER_ADDRESS = RateLimitItemPerMinute(100, MINUTES, namespace="sign-in-address")
_IPV6_HOST_BITS = 64


class SignInLimits:
    """Counts attempts for each e-mail address, known or not, and for each network address.

    Source: OWASP, Authentication Cheat Sheet, "Account Lockout".
    """

    def __init__(self, store: RateStore) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(store.storage)

    async def take(self, email: str, address: str) -> None:
        """Count an attempt for an account.

        Raises:
            Overloaded: there were too many for this account, or from this address.
            Unavailable: the store does not answer.
        """
        await self.take_address(address)
        await self._take(PER_EMAIL, _hashed(email), "for this account")

    async def take_address(self, address: str) -> None:
        """Count an attempt that names no account. Raises as `take`."""
        await self._take(PER_ADDRESS, _network(address), "from this network address")

    async def clear(self, email: str) -> None:
        """Forget the attempts for an account, whose owner has signed in. Raises Unavailable as `take`."""
        try:
            await self._limiter.clear(PER_EMAIL, _hashed(email))
        except StorageError as error:
            raise _unavailable() from error

    async def _take(self, limit: RateLimitItem, key: str, which: str) -> None:
        try:
            if await self._limiter.hit(limit, key):
                return
            stats = await self._limiter.get_window_stats(limit, key)
        except StorageError as error:
            raise _unavailable() from error
        raise Overloaded(
            f"there were more than {limit.amount} attempts {which} within {MINUTES} minutes",
            reason="SIGN_IN_LIMITED",
            retry_after_s=max(1.0, stats.reset_time - time.time()),
        )


def _unavailable() -> Unavailable:
    return Unavailable("the store of rates does not answer", reason="RATES_UNAVAILABLE")


def _hashed(email: str) -> str:
    """So that no e-mail addresses are in the store."""
    return hashlib.sha256(email_key(email).encode("utf-8", "replace")).hexdigest()


def _network(address: str) -> str:
    """The address; of IPv6 its network, of which one household has all. Source: RFC 6177."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed), 128 - _IPV6_HOST_BITS), strict=False))
