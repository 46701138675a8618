"""Time as tables and files store it: whole microseconds since 1970, UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

MICROSECONDS = 1_000_000

_EPOCH = datetime.fromtimestamp(0, UTC)


def now_us() -> int:
    """The current time."""
    return time.time_ns() // 1_000


def datetime_from_us(moment_us: int) -> datetime:
    """The same moment as an aware datetime."""
    return _EPOCH + timedelta(0, 0, moment_us)
