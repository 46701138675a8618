"""How many CPU cores this process may use, and which of its threads come first on them."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")

MODEL_NICENESS = 5
"""Of threads that run models: on a busy core, a thread of niceness 0 gets about three times their share."""
BULK_NICENESS = 10
"""Of threads that do bulk work: on a busy core they get a third of the share of a thread that runs models."""


def cpu_count(quota: Path = QUOTA) -> int:
    """The CPU cores that this process may use: those of its affinity, within the limit of its container.

    `quota` holds the limit as cgroup v2 writes it. At least one. Source: kernel documentation, "Control Group
    v2", cpu.max.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, min(cores, int(share) // int(period)))
    except (OSError, ValueError):  # there is no such file, or it says "max"
        return cores


def lower_priority(niceness: int) -> None:
    """Give the calling thread this niceness, on Linux, where each thread has its own.

    Where cores are short, work that needs one for a moment, such as a search, then waits less for it.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), max(niceness, os.nice(0)))
