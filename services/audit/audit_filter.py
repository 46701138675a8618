"""Which audit records are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which records are wanted; "" and None mean all.

    Attributes:
        tenants: of these tenants.
        from_us: made then or later.
        before_us: made earlier.
        resource_prefix: what the resource begins with.
    """

    tenants: Sequence[str] | None = None
    from_us: int | None = None
    before_us: int | None = None
    actor: str = ""
    action: str = ""
    resource_prefix: str = ""
