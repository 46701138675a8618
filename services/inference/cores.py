"""The CPU cores of this process, and the priority of its threads."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")

MODEL_NICENESS = 5
"""Niceness of threads that run models; on a busy core they get about a third of the share of niceness 0."""
BULK_NICENESS = 10
"""Niceness of threads for bulk work; on a busy core they get a third of the share of model threads."""


def cpu_count(quota: Path = QUOTA) -> int:
    """The CPU cores that this process may use: those of its affinity, within the limit of its container.

    `quota` holds the limit as cgroup v2 writes it. At least one. Source: kernel documentation, "Control Group
    v2", cpu.max.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, min(cores, int(share) // int(period)))
    except (OSError, ValueError):  # the file does not exist, or is "max"
        return cores


def lower_priority(niceness: int) -> None:
    """Set the niceness of the calling thread, on Linux, where each thread has its own.

    If cores are busy, short work such as a search then waits less for one.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), max(niceness, os.nice(0)))
