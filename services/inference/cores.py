"""The CPU cores of this process, and the priority of its threads."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from services.inference.container_limits import cpu_limit

MODEL_NICENESS = 5
"""Niceness of threads that run models; on a busy core they get about a third of the share of niceness 0."""
BULK_NICENESS = 10
"""Niceness of threads for bulk work; on a busy core they get a third of the share of model threads."""


def cpu_count(limit: Callable[[], float | None] = cpu_limit) -> int:
    """The CPU cores that this process may use: those of its affinity, within the limit of its container.

    Of a limit, whole cores count; there is at least one.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limited = limit()
    return cores if limited is None else max(1, min(cores, int(limited)))


def lower_priority(niceness: int) -> None:
    """Set the niceness of the calling thread, on Linux, where each thread has its own.

    If cores are busy, short work such as a search then waits less for one.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), max(niceness, os.nice(0)))
