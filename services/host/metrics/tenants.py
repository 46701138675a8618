"""The gauges of what tenants keep, with a bounded number of labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.quota import TenantUse
from services.host.metrics import definitions as defined
from services.host.metrics.prometheus import Metrics

MAX_TENANTS = 50
OTHERS = "_others"
"""No tenant may have this name."""


@dataclass(eq=False)
class TenantGauges:
    """Gives the tenants with most items a label, as long as there are any left; the others are one sum.

    A label stays its tenant's until the process ends, or the tenant is erased.
    """

    metrics: Metrics
    max_tenants: int = MAX_TENANTS
    _labelled: set[str] = field(default_factory=set, init=False)

    def show(self, uses: Mapping[str, TenantUse]) -> None:
        """Set the gauges; `uses` has the tenants with most items first."""
        free = self.max_tenants - len(self._labelled)
        self._labelled.update([tenant for tenant in uses if tenant not in self._labelled][:free])
        for tenant in self._labelled:
            self._set(tenant, uses.get(tenant, TenantUse()))
        others = [use for tenant, use in uses.items() if tenant not in self._labelled]
        self._set(OTHERS, TenantUse(sum(use.items for use in others), sum(use.bytes for use in others)))

    def forget(self, tenant: str) -> int:
        """Remove a tenant's label; returns how many. Files that processes share keep it until these end."""
        if tenant not in self._labelled:
            return 0
        self._labelled.discard(tenant)
        self._set(tenant, TenantUse())
        for gauge in (defined.TENANT_ITEMS, defined.TENANT_BYTES):
            self.metrics.remove(gauge, tenant)
        return 1

    def _set(self, label: str, use: TenantUse) -> None:
        self.metrics.set(defined.TENANT_ITEMS, use.items, label)
        self.metrics.set(defined.TENANT_BYTES, use.bytes, label)
