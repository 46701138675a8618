"""Pages of a ranking that stays the same from page to page."""

from __future__ import annotations

from dataclasses import dataclass

_OVERFETCH = 3
_MIN_ROWS = 30


@dataclass(frozen=True, slots=True)
class Windows:
    """Rows by similarity, cut into windows of `size`; each is ranked by itself, and they follow one another.

    A hit rises within its window only. So what a page holds depends on its place alone, and pages neither
    repeat a hit nor leave one out, however many of them are read.
    """

    size: int
    max_rows: int

    def rows_until(self, offset: int, top_k: int) -> int:
        """How many of the nearest rows have to be known to rank those at `offset` and the `top_k` after."""
        windows = -(-(offset + top_k) // self.size)
        return min(windows * self.size, self.max_rows)


def windows_of(top_k: int, max_hits: int) -> Windows:
    """Three times as many rows as are wanted compete for a page."""
    return Windows(max(_OVERFETCH * top_k, _MIN_ROWS), max_hits)
