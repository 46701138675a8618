"""Which entries of the log are asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Window:
    """The entries of a tenant from `since_us` until before `until_us`, of ids above `after`."""

    tenant_id: str
    since_us: int = 0
    until_us: int | None = None
    after: str = ""

    def beginning_after(self, id: str) -> Window:
        """What follows an entry."""
        return replace(self, after=id)
