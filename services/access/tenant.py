"""A tenant: its name, and what it may use."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, replace

from domain.quota import Quota


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a tenant may use that nobody has changed; 0 is no limit.

    Attributes:
        requests_per_minute: calls, each request of a stream counting as one.
        megapixels_per_minute: millions of pixels of its pictures and their boxes, together.
        max_items: items that it may keep.
        max_bytes: bytes of photos, as they were sent, that it may keep.
        log_predictions: whether its photos and texts may be in the prediction log.
    """

    requests_per_minute: int = 0
    megapixels_per_minute: int = 0
    max_items: int = 0
    max_bytes: int = 0
    log_predictions: bool = True

    @property
    def quota(self) -> Quota:
        return Quota(self.max_items, self.max_bytes)

    @property
    def limit_rates(self) -> bool:
        """Whether calls or pixels are to be counted."""
        return bool(self.requests_per_minute or self.megapixels_per_minute)


LIMITS = ("requests_per_minute", "megapixels_per_minute", "max_items", "max_bytes")
MOST = dict(zip(LIMITS, (10_000_000, 10_000_000, 10**12, 2**62), strict=True))
"""The highest value of each limit."""
CHOICES = (*LIMITS, "log_predictions")
"""What a tenant has of its own, or from the server's settings."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """What a tenant may use; see `Defaults`. None is the server's default, 0 no limit."""

    id: str
    requests_per_minute: int | None = None
    megapixels_per_minute: int | None = None
    max_items: int | None = None
    max_bytes: int | None = None
    log_predictions: bool | None = None

    @property
    def etag(self) -> str:
        """A text that changes with what it may use."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]

    def limits(self, defaults: Defaults) -> Defaults:
        """What it may use, on a server with these defaults."""
        own = {name: value for name in CHOICES if (value := getattr(self, name)) is not None}
        return replace(defaults, **own)
