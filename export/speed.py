"""Two graphs timed side by side."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import numpy.typing as npt

from models.session import Session

ROUNDS = 15
MAX_S = 6.0


def time_both(first: Session, second: Session, inputs: npt.NDArray[Any]) -> tuple[float, float]:
    """Median ms of one run each for `inputs` (1, ...), in turns, so that both meet the same machine."""
    for session in (first, second):
        session.run(inputs)
    times: list[tuple[float, float]] = []
    started = time.monotonic()
    while len(times) < ROUNDS and (len(times) < 3 or time.monotonic() - started < MAX_S):
        times.append((_time_ms(first, inputs), _time_ms(second, inputs)))
    return median(ms for ms, _ in times), median(ms for _, ms in times)


def _time_ms(session: Session, inputs: npt.NDArray[Any]) -> float:
    started = time.perf_counter()
    session.run(inputs)
    return 1000 * (time.perf_counter() - started)
