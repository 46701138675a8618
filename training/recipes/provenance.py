"""What a run was made with, and what it cost."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall time, and the CPU time of this process and of those that it has waited for, in seconds."""

    wall_s: float = 0.0
    cpu_s: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s)

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.wall_s - other.wall_s, self.cpu_s - other.cpu_s)


def spent() -> Cost:
    """The cost up to now, to be subtracted from a later one."""
    return Cost(time.perf_counter(), sum(os.times()[:4]))


def git_commit(folder: Path = ROOT) -> str:
    """The commit of the recipes, with "+changes" where files differ from it; "unknown" outside of git."""
    found = _git(folder, "rev-parse", "HEAD")
    if not found:
        return "unknown"
    return f"{found}+changes" if _git(folder, "status", "--porcelain", "--untracked-files=no") else found


def environment(
    packages: Sequence[str] = ("torch", "timm", "numpy", "opencv-python-headless"),
) -> dict[str, str]:
    """Versions of Python and of packages, and the processors."""
    facts = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    facts |= {name: _version(name) for name in packages}
    facts["cpus"] = str(os.cpu_count())
    if torch.cuda.is_available():
        facts["gpu"] = torch.cuda.get_device_name()
    return facts


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _git(folder: Path, *arguments: str) -> str:
    """What git prints; nothing where it fails or is not there."""
    try:
        done = subprocess.run(
            ("git", "-C", str(folder), *arguments), capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
