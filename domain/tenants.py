"""Names of tenants."""

from __future__ import annotations

import re

TENANT_RULE = '1 to 64 of a-z, 0-9, "-" and "_", the first a letter or a digit'
_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)


def is_tenant(name: str) -> bool:
    """Whether a tenant may have this name."""
    return _TENANT.fullmatch(name) is not None
