"""How busy the machine is while something is measured: its cores, and its GPUs."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from types import TracebackType
from typing import Any, Protocol, Self

import psutil

from services.host.metrics.gpu import loaded_nvml

SAMPLE_S = 0.1
BOUND = 0.9
"""A share of the time from which on what is that busy is called the bound."""


@dataclass(eq=False)
class MachineLoad:
    """Inside its `with` block it watches all programs of the machine, the load generator among them.

    Afterwards `cores` is the mean share of all cores that were busy, and `gpu` that of the time in which the
    busiest GPU ran something; it is NaN where there is no GPU.
    """

    cores: float = nan
    gpu: float = nan
    _samples: list[float] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._begun_s, self._used_s = time.monotonic(), _used_s()
        self._thread = threading.Thread(target=self._watch, args=(loaded_nvml(),), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        seconds = (time.monotonic() - self._begun_s) * (psutil.cpu_count() or 1)
        self.cores = (_used_s() - self._used_s) / seconds
        self.gpu = statistics.fmean(self._samples) if self._samples else nan

    def _watch(self, library: Any) -> None:
        while library is not None and not self._ended.wait(SAMPLE_S):
            self._samples.append(_busiest(library))


class Watched(Protocol):
    """A measurement beside which the machine was watched."""

    @property
    def cores(self) -> float: ...

    @property
    def gpu(self) -> float: ...


HEADERS = ("cores busy", "GPU busy", "bound by")


def shown(runs: Sequence[Watched]) -> list[str]:
    """The cells below HEADERS, of the medians of several runs."""
    cores, gpu = (statistics.median(shares) for shares in zip(*((r.cores, r.gpu) for r in runs), strict=True))
    return [f"{cores:.0%}", "" if isnan(gpu) else f"{gpu:.0%}", bound_by(cores, gpu)]


def bound_by(cores: float, gpu: float) -> str:
    """What bounds a measurement, by the shares that were busy."""
    busy = [name for name, share in (("GPU", gpu), ("cores", cores)) if share >= BOUND]
    return " and ".join(busy) or "waiting"


def _used_s() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


def _busiest(library: Any) -> float:
    count = library.nvmlDeviceGetCount()
    handles = [library.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
    return float(max(library.nvmlDeviceGetUtilizationRates(handle).gpu for handle in handles)) / 100
