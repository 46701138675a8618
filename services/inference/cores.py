"""How many cores there are to use, and who goes first on them."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")

MODEL_NICENESS = 5
"""Of threads that run models: the others get about three times their share of a busy core."""
BULK_NICENESS = 10
"""Of threads that do what nobody waits for: on a busy core they get a third of what a model's thread gets."""


def cpu_count(quota: Path = QUOTA) -> int:
    """CPU cores this process may use: those it may run on, within its container's CPU limit, at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, min(cores, int(share) // int(period)))
    except (OSError, ValueError):  # no such file, or no limit: "max"
        return cores


def lower_priority(niceness: int) -> None:
    """Let the calling thread come after others where cores are short: on Linux, where threads have niceness.

    Its work takes as long as before; what needs a core for a moment, such as a search, waits less for it.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), max(niceness, os.nice(0)))
