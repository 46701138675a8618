"""Graphs timed side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from statistics import median
from typing import Any

import numpy.typing as npt

from models.session import Session

ROUNDS = 15
MAX_S = 6.0


def time_both(first: Session, second: Session, inputs: npt.NDArray[Any]) -> tuple[float, float]:
    """Median ms of one run of each for `inputs` (1, ...), in turns, so that other load slows both."""
    times: list[list[float]] = []
    started = time.monotonic()
    for row in islice(in_turns([partial(first.run, inputs), partial(second.run, inputs)]), ROUNDS):
        times.append(row)
        if len(times) >= 3 and time.monotonic() - started > MAX_S:
            break
    return median(row[0] for row in times), median(row[1] for row in times)


def in_turns(runs: Sequence[Callable[[], object]]) -> Iterator[list[float]]:
    """Milliseconds of each run, round after round without end, after two runs of each to warm up."""
    for run in [*runs, *runs]:
        run()
    while True:
        yield [_time_ms(run) for run in runs]


def _time_ms(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - started)
