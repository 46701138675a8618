"""Whoever is refused comes back at a rate that the server can bear."""

from __future__ import annotations

import heapq

import pytest

from services.inference.batching import retry_after as pacing
from services.inference.batching.retry_after import Pace


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(pacing.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(pacing, "_JITTER", (1.0, 1.0))
    return Clock(monkeypatch)


def busy(clock: Clock, place_s: float) -> Pace:
    """Of a house of 100 places that was full for long, with one falling free every `place_s`."""
    pace = Pace(100)
    for _ in range(200):
        clock.now += place_s
        pace.left()
        pace.retry_after_s()
    clock.now += 60.0
    pace.eased()
    return pace


def returns_per_s(clock: Clock, pace: Pace, callers: int, place_s: float, seconds: float) -> float:
    """How often they come, all of them refused each time, while places fall free and others take them."""
    due = [clock.now] * callers
    start, freed, returned = clock.now, clock.now, 0
    while due[0] < start + seconds:
        clock.now = max(clock.now, heapq.heappop(due))
        while freed + place_s <= clock.now:
            freed += place_s
            pace.left()
        heapq.heappush(due, clock.now + pace.retry_after_s())
        returned += 1
    return (returned - callers) / seconds


def test_the_refused_come_back_one_after_the_other(clock: Clock) -> None:
    pace = busy(clock, 0.1)
    assert [pace.retry_after_s() for _ in range(4)] == pytest.approx([0.4, 0.8, 1.2, 1.6], rel=0.01)
    assert pace.retry_after_s(3) == pytest.approx(2.8, rel=0.01)


def test_before_anything_is_known_half_a_second_is_spread_over_all_places(clock: Clock) -> None:
    pace = Pace(128)
    assert [pace.retry_after_s() for _ in range(128)][-1] == pytest.approx(2.0)


@pytest.mark.parametrize("callers", [16, 128, 400])
def test_a_crowd_comes_back_as_slowly_as_a_few(clock: Clock, callers: int) -> None:
    """A quarter of what is answered, which the pace finds out by itself: it starts from another guess."""
    found = returns_per_s(clock, Pace(128), callers, place_s=0.005, seconds=40.0)
    assert found == pytest.approx(0.25 / 0.005, rel=0.25)


def test_more_than_ten_seconds_hold_come_back_at_moments_of_their_own(clock: Clock) -> None:
    pace = busy(clock, 0.05)
    told = [pace.retry_after_s() for _ in range(2000)]
    assert max(told) <= 10.0
    late = told[100:]
    assert min(late) >= 5.0
    assert max(late) - min(late) > 4.0


def test_time_that_passes_brings_the_next_moment_nearer(clock: Clock) -> None:
    pace = busy(clock, 0.1)
    for _ in range(10):
        pace.retry_after_s()
    clock.now += 3.0
    pace.left(30)
    assert pace.retry_after_s() == pytest.approx(1.4, rel=0.01)


def test_a_house_that_nobody_leaves_sends_away_for_long(clock: Clock) -> None:
    pace = Pace(1024)
    pace.retry_after_s()
    clock.now += 2.0
    assert pace.retry_after_s() == pytest.approx(8.0, rel=0.01)


def test_quiet_times_say_nothing_of_a_full_house(clock: Clock) -> None:
    pace = busy(clock, 0.01)
    clock.now += 3600.0
    pace.left(5)
    assert pace.retry_after_s() == pytest.approx(0.05)
    assert pace.retry_after_s() == pytest.approx(0.08, rel=0.01)
