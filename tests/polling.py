"""Waiting for another process, which has no event to tell of. Inside one process wait for the event."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_S = 0.05
LIMIT_S = 180.0


def until(holds: Callable[[], T | None]) -> T:
    """Ask `holds` until what it gives is true, and return that."""
    deadline = time.monotonic() + LIMIT_S
    while not (found := holds()):
        assert time.monotonic() < deadline, f"not so within {LIMIT_S:g} s"
        time.sleep(PAUSE_S)
    return found
