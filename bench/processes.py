"""What a server's processes take of the machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil


@dataclass(frozen=True, slots=True)
class ProcessTree:
    """A process and all it has started."""

    pid: int

    def cpu_s(self) -> float:
        """Seconds of CPU that the living processes have used."""
        return float(self._sum(lambda process: sum(process.cpu_times()[:2])))

    def pss_mb(self) -> float:
        """Memory in MB (10^6 bytes), in which what processes share is counted once. Linux only."""
        return float(self._sum(lambda process: process.memory_full_info().pss)) / 1e6

    def _sum(self, figure: Callable[[Any], float]) -> float:
        root, total = psutil.Process(self.pid), 0.0
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += figure(process)
        return total
