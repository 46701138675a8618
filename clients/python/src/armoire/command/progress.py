"""A progress bar of one line."""

from __future__ import annotations

import time
from typing import TextIO

_WIDTH = 30


class Progress:
    """Draws on a terminal, and nowhere else; work of one step or less gets no bar.

    Steps that are measured in a `unit`, such as seconds, show it instead of their rate.
    """

    def __init__(self, label: str, total: int, stream: TextIO, unit: str = "") -> None:
        self._label = label
        self._total = total
        self._done = 0
        self._stream = stream
        self._unit = unit
        self._visible = total > 1 and stream.isatty()
        self._started_s = time.monotonic()

    def advance(self) -> None:
        """One more step is done."""
        self.reach(self._done + 1)

    def reach(self, done: int) -> None:
        """So many steps are done by now."""
        self._done = done
        if self._visible:
            self._stream.write(f"\r\x1b[K{self.line()}")
            self._stream.flush()

    def clear(self) -> None:
        """Makes room for other output on the terminal."""
        if self._visible:
            self._stream.write("\r\x1b[K")

    def line(self) -> str:
        filled = _WIDTH * self._done // max(self._total, 1)
        bar = "#" * filled + "-" * (_WIDTH - filled)
        return f"{self._label} [{bar}] {self._done}/{self._total} {self._unit or self._rate()}".rstrip()

    def _rate(self) -> str:
        elapsed_s = time.monotonic() - self._started_s
        return f"{self._done / elapsed_s:.1f}/s" if elapsed_s > 0 else ""
