"""Progress on stderr, for what takes minutes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")

TERMINAL_INTERVAL_S = 0.5
LOG_INTERVAL_S = 15.0


def tracked(items: Sequence[T], task: str, unit: str = "photo") -> Iterator[T]:
    """The items one by one; meanwhile stderr shows how many are done, the rate, and an estimate of the rest.

    On a terminal that is a bar, elsewhere a line every 15 seconds.
    """
    interval_s = TERMINAL_INTERVAL_S if sys.stderr.isatty() else LOG_INTERVAL_S
    yield from tqdm(
        items, desc=task, unit=unit, file=sys.stderr, mininterval=interval_s, maxinterval=interval_s
    )
