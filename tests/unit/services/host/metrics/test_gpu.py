"""The metrics of GPUs, from a library that answers as NVIDIA's does."""

from __future__ import annotations

from types import SimpleNamespace

from prometheus_client import CollectorRegistry

from services.host.metrics.gpu import GpuSampler
from services.host.metrics.prometheus import PrometheusMetrics


class TwoGpus:
    """Two GPUs, of which the second does not tell its power, as virtual ones do not."""

    class NVMLError(Exception):
        pass

    def nvmlDeviceGetCount(self) -> int:
        return 2

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:
        return SimpleNamespace(used=10 + handle, total=100)

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> SimpleNamespace:
        return SimpleNamespace(gpu=25)

    def nvmlDeviceGetPowerUsage(self, handle: int) -> int:
        if handle:
            raise self.NVMLError
        return 70_500


def test_each_gpu_is_measured_as_far_as_it_tells() -> None:
    registry = CollectorRegistry()
    GpuSampler(PrometheusMetrics(registry), TwoGpus()).sample()

    def values(name: str) -> list[float | None]:
        return [registry.get_sample_value(f"armoire_gpu_{name}", {"gpu": gpu}) for gpu in "01"]

    assert values("memory_used_bytes") == [10, 11]
    assert values("memory_total_bytes") == [100, 100]
    assert values("utilization_ratio") == [0.25, 0.25]
    assert values("power_watts") == [70.5, None]


def test_a_machine_without_a_gpu_has_no_such_metrics() -> None:
    registry = CollectorRegistry()
    GpuSampler(PrometheusMetrics(registry), None).sample()
    assert registry.get_sample_value("armoire_gpu_memory_used_bytes", {"gpu": "0"}) is None
