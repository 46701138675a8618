"""Time as tables store it."""

from __future__ import annotations

import time


def now_us() -> int:
    """The current time, in microseconds since 1970, UTC."""
    return time.time_ns() // 1_000
