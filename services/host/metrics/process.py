"""The memory, CPU time, files and threads of this process."""

from __future__ import annotations

import psutil

from services.host.metrics import definitions as defined
from services.host.metrics.prometheus import Metrics


class ProcessSampler:
    """Sets the gauges of this process and adds the CPU time since the last sample."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._process = psutil.Process()
        self._cpu_s = 0.0

    def sample(self) -> None:
        process, metrics = self._process, self._metrics
        with process.oneshot():
            cpu = process.cpu_times()
            metrics.set(defined.RESIDENT_BYTES, process.memory_info().rss)
            metrics.set(defined.OPEN_FILES, process.num_fds())
            metrics.set(defined.THREADS, process.num_threads())
        metrics.add(defined.CPU_SECONDS, cpu.user + cpu.system - self._cpu_s)
        self._cpu_s = cpu.user + cpu.system
