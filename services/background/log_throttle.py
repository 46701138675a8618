"""When to say again what has been said."""

from __future__ import annotations

import time


class LogThrottle:
    """Due at once, and then again after a pause: for logs of a state that lasts."""

    def __init__(self, every_s: float = 30.0) -> None:
        self._every_s = every_s
        self._told_s: float | None = None
        self._unsaid = 0

    def due(self) -> bool:
        """Whether to say it now; counts as said where it is."""
        now_s = time.monotonic()
        if self._told_s is not None and now_s - self._told_s < self._every_s:
            self._unsaid += 1
            return False
        self._told_s = now_s
        return True

    def unsaid(self) -> int:
        """How often it was not due since this was asked last."""
        count, self._unsaid = self._unsaid, 0
        return count
