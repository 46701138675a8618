"""Whoever is refused comes back at a rate the server can bear, however many they are."""

from __future__ import annotations

import pytest

from services import pacing
from services.pacing import Pace


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(pacing.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_the_refused_come_back_one_after_the_other(clock: Clock) -> None:
    pace = Pace()
    moments = [pace.retry_after_s(0.1) for _ in range(4)]
    assert moments == pytest.approx([0.4, 0.8, 1.2, 1.6])


def test_a_crowd_comes_back_as_slowly_as_a_few(clock: Clock) -> None:
    """Of a server that takes 5 ms a call, 128 of them ask for a quarter of what it can answer."""
    pace, due = Pace(), [0.0] * 128
    returned = 0
    start = clock.now
    while clock.now < start + 30:
        clock.now += 0.001
        for index, moment in enumerate(due):
            if moment <= clock.now:
                returned += 1
                due[index] = clock.now + pace.retry_after_s(0.005)
    assert returned / 30 == pytest.approx(0.25 / 0.005, rel=0.2)


def test_time_that_passes_brings_the_next_moment_nearer(clock: Clock) -> None:
    pace = Pace()
    for _ in range(10):
        pace.retry_after_s(0.1)
    clock.now += 3.0
    assert pace.retry_after_s(0.1) == pytest.approx(1.4)
    clock.now += 60.0
    assert pace.retry_after_s(0.1) == pytest.approx(0.4)


def test_nobody_is_sent_away_for_long_or_called_back_at_once(clock: Clock) -> None:
    pace = Pace()
    assert pace.retry_after_s(0.0) == pacing._SOONEST_S
    told = [pace.retry_after_s(1.0) for _ in range(100)]
    assert max(told) == told[-1] == pytest.approx(pacing._LATEST_S)
    clock.now += 9.0
    assert pace.retry_after_s(0.01) == pytest.approx(1.04)
