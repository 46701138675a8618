"""Windows of the nearest rows, within which hits are re-ranked."""

from __future__ import annotations

import math
from dataclasses import dataclass

_OVERFETCH = 3
_MIN_ROWS = 60


@dataclass(frozen=True, slots=True)
class Windows:
    """Rows are sorted by similarity and divided into windows of `size`; at most `max_rows` rows are used.

    Re-ranking happens inside a window only. So the order does not depend on which pages were read, and pages
    neither repeat a hit nor leave one out.
    """

    size: int
    max_rows: int

    def rows_needed(self, offset: int, top_k: int) -> int:
        """The number of nearest rows to rank for a page of `top_k` hits at `offset`, in whole windows."""
        windows = math.ceil((offset + top_k) / self.size)
        return min(windows * self.size, self.max_rows)


def windows_of(top_k: int, max_hits: int) -> Windows:
    """Windows of three times `top_k` rows, so that a hit can rise from below the top k; at least 60 rows."""
    return Windows(max(_OVERFETCH * top_k, _MIN_ROWS), max_hits)
