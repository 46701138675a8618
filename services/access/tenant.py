"""A tenant: its name, and what it may use."""

from __future__ import annotations

import re
from dataclasses import dataclass

TENANT_RULE = '1 to 64 of a-z, 0-9, "-" and "_", the first a letter or a digit'
_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)


def is_tenant(name: str) -> bool:
    """Whether a tenant may have this name."""
    return _TENANT.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Tenant:
    """What a tenant may use; `requests_per_minute` None is the server's default, 0 no limit."""

    id: str
    requests_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a tenant may use that nobody has changed; `requests_per_minute` 0 is no limit."""

    requests_per_minute: int = 0
