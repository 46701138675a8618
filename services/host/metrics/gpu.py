"""The utilisation, memory and power of NVIDIA's GPUs, where there are any."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from services.host.metrics import definitions as defined
from services.host.metrics.prometheus import Metrics

LOG = logging.getLogger("armoire.gpu")
MILLIWATTS = 1000


class GpuSampler:
    """Sets the gauges of each GPU; what a GPU does not tell is left out."""

    def __init__(self, metrics: Metrics, library: Any = None) -> None:
        """`library` is NVIDIA's management library, `pynvml`; None if this machine has no GPU."""
        self._metrics = metrics
        self._library = library
        self._handles: Sequence[Any] = ()
        if library is not None:
            count = library.nvmlDeviceGetCount()
            self._handles = [library.nvmlDeviceGetHandleByIndex(index) for index in range(count)]

    def sample(self) -> None:
        for index, handle in enumerate(self._handles):
            for read in (self._read_memory, self._read_utilization, self._read_power):
                try:
                    read(str(index), handle)
                except self._library.NVMLError as error:
                    LOG.debug("GPU %d: %s", index, error)

    def _read_memory(self, gpu: str, handle: Any) -> None:
        memory = self._library.nvmlDeviceGetMemoryInfo(handle)
        self._metrics.set(defined.GPU_USED_BYTES, memory.used, gpu)
        self._metrics.set(defined.GPU_TOTAL_BYTES, memory.total, gpu)

    def _read_utilization(self, gpu: str, handle: Any) -> None:
        percent = self._library.nvmlDeviceGetUtilizationRates(handle).gpu
        self._metrics.set(defined.GPU_UTILIZATION, percent / 100, gpu)

    def _read_power(self, gpu: str, handle: Any) -> None:
        milliwatts = self._library.nvmlDeviceGetPowerUsage(handle)
        self._metrics.set(defined.GPU_WATTS, milliwatts / MILLIWATTS, gpu)


def loaded_nvml() -> Any:
    """The library `pynvml`, initialised; None if it is not installed, or finds no driver."""
    try:
        import pynvml

        pynvml.nvmlInit()
    except ImportError:
        return None
    except pynvml.NVMLError:
        return None
    return pynvml
