"""The machine that was measured."""

from __future__ import annotations

import math
import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from services.inference import cpu_count

PACKAGES = ("onnxruntime", "onnxruntime-gpu", "numpy", "opencv-python-headless", "bentoml")
QUOTA = Path("/sys/fs/cgroup/cpu.max")
GPU_QUERY = ("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader")
LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Machine:
    """`busy_cores` is what others used of it just before; `versions` are of the packages that matter."""

    cpu: str
    cores: int
    memory_gib: float
    gpus: tuple[str, ...]
    system: str
    busy_cores: float
    versions: dict[str, str]

    @classmethod
    def look(cls) -> Machine:
        """Takes half a second."""
        return cls(
            cpu_model(),
            usable_cores(),
            round(psutil.virtual_memory().total / 2**30, 1),
            gpus(),
            f"{platform.platform()}, Python {platform.python_version()}",
            round(psutil.cpu_percent(LOOK_S) / 100 * (psutil.cpu_count() or 1), 1),
            {name: found for name in PACKAGES if (found := _version(name))},
        )


def usable_cores(quota: Path = QUOTA) -> int:
    """The cores this process may use: those it may run on, within the share its container is given."""
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, min(cpu_count(), math.ceil(int(share) / int(period))))
    except (OSError, ValueError):  # no such file, or no limit: "max"
        return cpu_count()


def cpu_model(info: Path = Path("/proc/cpuinfo")) -> str:
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or "unknown CPU")


def gpus() -> tuple[str, ...]:
    """Name, driver and memory of each; empty where there is none."""
    try:
        told = subprocess.run(GPU_QUERY, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(told.stdout.strip().splitlines())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
