"""What a graph's answers depend on beside the graph: this kind of CPU and this onnxruntime."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import onnxruntime


def machine_facts() -> tuple[str, str]:
    """onnxruntime's version, and the CPU's model with its instructions."""
    return onnxruntime.__version__, _cpu()


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return f"{platform.machine()} {platform.processor()}"
    lines = info.read_text(encoding="utf-8", errors="replace").split(os.linesep * 2)[0].splitlines()
    told = ("model name", "flags", "CPU part", "Features")
    return "\n".join(line for line in lines if line.startswith(told))
