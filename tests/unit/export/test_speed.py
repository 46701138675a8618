from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt

from export.speed import ROUNDS, in_turns, time_both


class Counting:
    """A session that takes a given time and notes when it was called."""

    provider = "cpu"

    def __init__(self, name: str, takes_ms: float, calls: list[str]) -> None:
        self._name, self._takes_ms, self._calls = name, takes_ms, calls

    def run(self, inputs: npt.NDArray[Any], *, alone: bool = False) -> tuple[npt.NDArray[Any], ...]:
        self._calls.append(self._name)
        until = time.perf_counter() + self._takes_ms / 1000
        while time.perf_counter() < until:
            pass
        return (inputs,)

    def shrink_arena(self, inputs: npt.NDArray[Any]) -> None:
        self.run(inputs)


def test_runs_take_turns_without_end_after_two_to_warm() -> None:
    turns: list[str] = []
    rounds = in_turns([lambda: turns.append("a"), lambda: turns.append("b"), lambda: turns.append("c")])
    for _ in range(3):
        assert len(next(rounds)) == 3
    assert turns == ["a", "b", "c"] * 5


def test_both_are_timed_in_turns() -> None:
    calls: list[str] = []
    first_ms, second_ms = time_both(Counting("a", 1, calls), Counting("b", 4, calls), np.zeros(1))
    assert calls == ["a", "b"] * (ROUNDS + 2)
    assert 1 <= first_ms < second_ms
    assert second_ms >= 4
