"""The gauges of tenants, whose labels are bounded."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from domain.quota import TenantUse
from domain.tenants import is_tenant
from services.host.metrics.prometheus import PrometheusMetrics
from services.host.metrics.tenants import OTHERS, TenantGauges


def shown(registry: CollectorRegistry, name: str) -> dict[str, float]:
    samples = [sample for metric in registry.collect() for sample in metric.samples if sample.name == name]
    return {sample.labels["tenant"]: sample.value for sample in samples}


def test_tenants_beyond_the_labels_are_one_sum_and_labels_stay() -> None:
    registry = CollectorRegistry()
    gauges = TenantGauges(PrometheusMetrics(registry), max_tenants=2)
    gauges.show({"a": TenantUse(1, 10)})
    gauges.show({"c": TenantUse(30, 300), "b": TenantUse(20, 200), "a": TenantUse(1, 10)})
    assert shown(registry, "armoire_tenant_items") == {"a": 1, "c": 30, OTHERS: 20}
    gauges.show({"b": TenantUse(20, 200), "c": TenantUse(3, 30), "d": TenantUse(1, 1)})
    assert shown(registry, "armoire_tenant_items") == {"a": 0, "c": 3, OTHERS: 21}
    assert shown(registry, "armoire_tenant_photo_bytes") == {"a": 0, "c": 30, OTHERS: 201}


def test_no_tenant_is_called_as_the_others_are() -> None:
    assert not is_tenant(OTHERS)
