"""What a tenant may keep, and what it keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """What a tenant may keep: items, and bytes of photos as they were sent; 0 is no limit."""

    max_items: int = 0
    max_bytes: int = 0


@dataclass(frozen=True, slots=True)
class TenantUse:
    """What a tenant keeps: the items of its photos, and the bytes of the photos as they were sent."""

    items: int = 0
    bytes: int = 0


NO_QUOTA = Quota()


def no_quota(_tenant_id: str) -> Quota:
    """The quota of every tenant where none has one."""
    return NO_QUOTA
