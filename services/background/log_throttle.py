"""Throttles log lines about a lasting state."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from domain.addresses import redact
from domain.errors import ArmoireError


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

    def warn(
        self, log: logging.Logger, message: str, *args: object, error: BaseException | None = None
    ) -> None:
        """Log a warning, unless one of this message is suppressed; the message without `args` is its key.

        An error with a meaning is told in the line; any other is logged with its stack.
        """
        if (suppressed := self.admit(message)) is None:
            return
        text = message % args
        if isinstance(error, ArmoireError):
            text, error = f"{text}: {redact(error.message)} ({error.reason})", None
        if suppressed:
            text += f"; {suppressed} more such lines since the last one"
        log.warning("%s", text, exc_info=error)
