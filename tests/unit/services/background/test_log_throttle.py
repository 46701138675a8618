from __future__ import annotations

import pytest

from services.background import log_throttle
from services.background.log_throttle import LogThrottle


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The one reading of the clock, for the test to change."""
    reading = [100.0]
    monkeypatch.setattr(log_throttle.time, "monotonic", lambda: reading[0])
    return reading


def test_a_line_is_admitted_at_once_and_after_each_pause(clock: list[float]) -> None:
    throttle = LogThrottle(pause_s=30)
    admitted: list[int | None] = []
    for now_s in (100, 101, 129, 130, 131, 200):
        clock[0] = now_s
        admitted.append(throttle.admit())
    assert admitted == [0, None, None, 2, None, 1]


def test_each_key_is_counted_apart(clock: list[float]) -> None:
    throttle = LogThrottle(pause_s=30)
    assert [throttle.admit(key) for key in ("a", "b", "a", "a", "b")] == [0, 0, None, None, None]
    clock[0] += 30
    assert [throttle.admit("a"), throttle.admit("b"), throttle.admit("c")] == [2, 1, 0]
