"""Throttles log lines about a lasting state."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Line:
    """The time of the last line of a key, and the number of lines that were suppressed since."""

    logged_s: float
    suppressed: int = 0


@dataclass(eq=False)
class LogThrottle:
    """Admits one line for each key, then suppresses and counts further ones within `pause_s`.

    It is thread-safe.
    """

    pause_s: float = 30.0
    _lines: dict[str, _Line] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def admit(self, key: str = "") -> int | None:
        """The number of lines of this key that were suppressed; None if this one is suppressed, too."""
        now_s = time.monotonic()
        with self._lock:
            last = self._lines.get(key)
            if last is not None and now_s - last.logged_s < self.pause_s:
                last.suppressed += 1
                return None
            self._lines[key] = _Line(now_s)
            return last.suppressed if last else 0
