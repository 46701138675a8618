from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from export.precision import speed
from export.precision.speed import ROUNDS, in_turns, time_both


class Clock:
    """Stands still but for what sessions add to it."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s

    perf_counter = monotonic


class Timed:
    """A session whose runs take a given time on the clock."""

    provider = "cpu"

    def __init__(self, clock: Clock, *takes_ms: float) -> None:
        self._clock, self._takes_ms = clock, itertools.cycle(takes_ms)
        self.runs = 0

    def run(self, inputs: npt.NDArray[Any], *, exclusive: bool = False) -> tuple[npt.NDArray[Any], ...]:
        self.runs += 1
        self._clock.now_s += next(self._takes_ms) / 1000
        return (inputs,)

    def shrink_arena(self, inputs: npt.NDArray[Any]) -> None:
        self.run(inputs)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(speed, "time", clock)
    return clock


def test_runs_take_turns_without_end_after_two_to_warm() -> None:
    turns: list[str] = []
    rounds = in_turns([lambda: turns.append("a"), lambda: turns.append("b"), lambda: turns.append("c")])
    for _ in range(3):
        assert len(next(rounds)) == 3
    assert turns == ["a", "b", "c"] * 5


def test_the_median_of_each_is_told(clock: Clock) -> None:
    first, second = Timed(clock, 9, 9, 1, 1, 5), Timed(clock, 4)
    assert time_both(first, second, np.zeros(1)) == pytest.approx((5, 4))
    assert first.runs == second.runs == ROUNDS + 2


def test_slow_graphs_are_run_less_often(clock: Clock) -> None:
    first, second = Timed(clock, 2000), Timed(clock, 3000)
    assert time_both(first, second, np.zeros(1)) == pytest.approx((2000, 3000))
    assert first.runs == second.runs == 3 + 2
