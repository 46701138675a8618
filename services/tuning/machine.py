"""The machine that was measured."""

from __future__ import annotations

import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from services.inference.cores import cpu_count

PACKAGES = ("onnxruntime", "onnxruntime-gpu", "numpy", "opencv-python-headless", "bentoml")
GPU_QUERY = ("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader")
SAMPLE_S = 0.5


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine; `busy_cores` is the load by other programs just before, `versions` are of packages."""

    cpu: str
    cores: int
    memory_gib: float
    gpus: tuple[str, ...]
    system: str
    busy_cores: float
    versions: dict[str, str]

    @classmethod
    def inspect(cls) -> Machine:
        """Inspect this machine, which takes half a second."""
        return cls(
            cpu_model(),
            cpu_count(),
            round(psutil.virtual_memory().total / 2**30, 1),
            gpus(),
            f"{platform.platform()}, Python {platform.python_version()}",
            round(psutil.cpu_percent(SAMPLE_S) / 100 * (psutil.cpu_count() or 1), 1),
            {name: found for name in PACKAGES if (found := _version(name))},
        )


def cpu_model(info: Path = Path("/proc/cpuinfo")) -> str:
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or "unknown CPU")


def gpus() -> tuple[str, ...]:
    """Name, driver and memory of each GPU; empty if there is none."""
    try:
        output = subprocess.run(GPU_QUERY, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(output.stdout.strip().splitlines())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
